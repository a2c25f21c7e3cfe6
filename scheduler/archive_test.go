package scheduler

import (
	"testing"

	"duban"
	"duban/store"
	"duban/work"
)

func TestWhatIsClosedIsArchivedInTheThirtyFirstNight(t *testing.T) {
	play(t, "2026-10-12 10:00", []string{"WF"}, func(t *testing.T, st *stage) {
		a := st.issue("T-1", school, moment(t, "2026-10-19 15:00"), func(row *work.TaskRow) { row.Review = false })
		if _, err := st.desk.Submit(t.Context(), st.actors["WF"], a.ID, work.Report{}); err != nil {
			t.Fatal(err)
		}
		for _, night := range []struct {
			at   string
			want duban.State
		}{{"2026-11-11 02:20", duban.Closed}, {"2026-11-12 02:20", duban.Archived}} {
			at(t, night.at)
			st.sched.perform(t.Context(), dutyNamed(t, "archive"))
			err := st.desk.Store.Read(t.Context(), func(tx *store.Tx) error {
				after, err := tx.Assignment(a.ID)
				if after.State != night.want {
					t.Errorf("at %s it is %s, want %s", night.at, after.State, night.want)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func dutyNamed(t *testing.T, name string) duty {
	t.Helper()
	for _, d := range duties {
		if d.name == name {
			return d
		}
	}
	t.Fatalf("there is no duty %s", name)
	return duty{}
}
