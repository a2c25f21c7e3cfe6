package cast

import (
	"context"
	"fmt"

	"duban"
	"duban/store"
	"duban/work"
)

// School is the name of a school of a crowd, counted from 0.
func School(i int) string { return fmt.Sprintf("第%d中学党委", i+1) }

// Crowd puts an office and for each Telegram account a school with one officer on the roster, and binds the officers to their accounts. It is for where
// numbers matter and not who is who.
func Crowd(ctx context.Context, d *work.Desk, accounts ...int64) error {
	office := Roster[0]
	rows := []work.RosterRow{{Line: 2, Unit: office.Unit, Kind: office.Kind, Name: office.Name, Role: office.Role, Code: office.Code}}
	for i := range accounts {
		rows = append(rows, work.RosterRow{
			Line: 3 + i, Unit: School(i), Parent: office.Unit, Kind: duban.SchoolCommittee, Name: fmt.Sprint("专干", i+1), Role: duban.Officer,
			Phone: fmt.Sprintf("+86199%08d", i), Code: fmt.Sprint("P", i),
		})
	}
	result, err := d.ImportRoster(ctx, duban.Console, rows, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		return fmt.Errorf("import the roster: %v %w", result.Problems, err)
	}
	return d.Store.Write(ctx, func(tx *store.Tx) error {
		for i, account := range accounts {
			person, err := tx.PersonByCode(fmt.Sprint("P", i))
			if err != nil {
				return err
			}
			if _, err := tx.Bind(person.ID, account, "zh-CN"); err != nil {
				return err
			}
		}
		return nil
	})
}
