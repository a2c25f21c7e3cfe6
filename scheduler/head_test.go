package scheduler

import (
	"testing"
	"testing/synctest"

	"duban"
	"duban/internal/cast"
	"duban/store"
)

func TestTheHeadOfTheRecordIsToldOnceAWorkingDayInOneMessageAMonth(t *testing.T) {
	play(t, "2026-10-29 08:00", []string{"LM", "WF"}, func(t *testing.T, st *stage) {
		st.start()
		at(t, "2026-10-30 12:00")
		synctest.Wait()
		told := st.outbox(duban.NewsRecordHead) // for each of the two administrators
		if len(told) != 2 || told[0].PersonID != st.actors["LM"].PersonID {
			t.Fatalf("told: %+v", told)
		}
		at(t, "2026-11-01 12:00") // a Sunday
		synctest.Wait()
		cast.Read(t, st.desk, func(tx *store.Tx) error {
			heads, err := tx.HeadsPublished(moment(t, "2026-10-01 00:00"), moment(t, "2026-12-01 00:00"))
			if len(heads) == 0 || len(heads) > 2 {
				t.Errorf("%d heads of two working days", len(heads))
			}
			if _, err := tx.Audit(duban.Head{Seq: heads[0].Seq, Check: duban.CheckCode(heads[0].Hash)}); err != nil {
				t.Errorf("a head that was kept: %v", err)
			}
			if found, err := tx.Audit(duban.Head{Seq: heads[0].Seq, Check: "0000-0000"}); err == nil || found.Breaks[0].Fault != store.KeptDiffers {
				t.Errorf("another head: %v, %v", found.Breaks, err)
			}
			return err
		})
		if err := st.desk.Feedback(t.Context(), st.actors["WF"], "有新的记载"); err != nil {
			t.Fatal(err)
		}
		at(t, "2026-11-02 12:00")
		synctest.Wait()
		if told := st.outbox(duban.NewsRecordHead); len(told) != 4 {
			t.Errorf("a new month: %+v", told)
		}
	})
}
