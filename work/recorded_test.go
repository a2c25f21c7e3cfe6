package work_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// entriesOf lists the entries of the record that are about an event.
func entriesOf(t *testing.T, d *work.Desk, event duban.Event) (all []duban.Entry) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			if e.Event == event {
				all = append(all, e)
			}
			return nil
		})
	})
	return all
}

func TestEveryPersonOfARosterIsRecorded(t *testing.T) {
	d := cast.Open(t)
	added := slices.DeleteFunc(entriesOf(t, d, duban.EventRosterChanged), func(e duban.Entry) bool { return e.Facts["person"] != "added" })
	if len(added) != len(cast.Roster) {
		t.Errorf("%d people are recorded as added, want %d", len(added), len(cast.Roster))
	}
}

func TestAListThatIsOnlyKeptIsRecordedItemByItem(t *testing.T) {
	d := cast.Open(t)
	row := work.TaskRow{
		Line: 2, Code: "T-1", Title: "报送年度总结", Duty: "按要求报送", Units: "市第五中学党委", Due: "2099-12-04", Priority: duban.Normal,
		Evidence: duban.Evidence{Kind: duban.NoEvidence},
	}
	for _, title := range []string{"报送年度总结", "报送全年总结"} {
		row.Title = title
		if r, err := d.ImportTasks(context.Background(), duban.Console, []work.TaskRow{row}, work.ImportOptions{Draft: true}); err != nil || len(r.Problems) > 0 {
			t.Fatal(err, r.Problems)
		}
	}
	drafted, changed := entriesOf(t, d, duban.EventDrafted), entriesOf(t, d, duban.EventChanged)
	if len(drafted) != 1 || drafted[0].TaskID == 0 || len(changed) != 1 || changed[0].Note != "报送年度总结" {
		t.Errorf("drawn up: %+v\nchanged: %+v", drafted, changed)
	}
}
