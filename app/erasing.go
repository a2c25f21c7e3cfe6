package app

import (
	"context"

	"duban"
	"duban/store"
	"duban/work"
)

// Person finds somebody of the roster by code.
func (o *Office) Person(ctx context.Context, code string) (p duban.Person, err error) {
	err = o.Store.Read(ctx, func(tx *store.Tx) error {
		p, err = tx.PersonByCode(code)
		return err
	})
	return p, err
}

// Erase removes the personal data of somebody, as the operator at the console; name is what stands in the place of his name.
func (o *Office) Erase(ctx context.Context, code, name string) (work.Erased, error) {
	return o.Desk.Erase(ctx, duban.Console, code, name)
}
