package app

import (
	"errors"
	"strings"

	"duban"
	"duban/imports"
	"duban/store"
	"duban/text"
)

// Explain says in a language what an error means for the operator. What only developers can put right stays as it is.
func Explain(err error, lang text.Lang) string {
	if t, ok := errors.AsType[*Trouble](err); ok {
		return t.In(lang)
	}
	if said, ok := imports.Refusal(lang, err); ok {
		return said
	}
	if refused, ok := errors.AsType[*duban.Error](err); ok {
		return text.Word(lang, "refused."+string(refused.Code), refused.Args...)
	}
	for _, known := range refusals {
		if errors.Is(err, known.err) {
			return strings.Replace(err.Error(), known.err.Error(), text.Word(lang, known.key), 1)
		}
	}
	return err.Error()
}

// refusals are what the store refuses with something for the operator to do.
var refusals = []struct {
	err error
	key string
}{
	{store.ErrMissing, "cli.store.missing"}, {store.ErrEmpty, "cli.store.empty"}, {store.ErrForeign, "cli.store.foreign"},
	{store.ErrDamaged, "cli.store.damaged"}, {store.ErrNewer, "cli.store.newer"}, {store.ErrOlder, "cli.store.older"},
	{store.ErrLocked, "cli.store.locked"}, {store.ErrUnwritable, "cli.store.unwritable"},
}
