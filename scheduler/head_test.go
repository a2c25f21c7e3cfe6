package scheduler

import (
	"encoding/json"
	"testing"
	"testing/synctest"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func TestTheHeadOfTheRecordIsToldOnceAWorkingDay(t *testing.T) {
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
		var head work.HeadNews
		if err := json.Unmarshal([]byte(told[0].Data), &head); err != nil {
			t.Fatal(err)
		}
		cast.Read(t, st.desk, func(tx *store.Tx) error {
			if _, err := tx.Audit(duban.Head{Seq: head.Seq, Check: head.Check}); err != nil {
				t.Errorf("a head that was kept: %v", err)
			}
			if found, err := tx.Audit(duban.Head{Seq: head.Seq, Check: "0000-0000"}); err == nil || found.Breaks[0].Fault != store.KeptDiffers {
				t.Errorf("another head: %v, %v", found.Breaks, err)
			}
			return nil
		})
		if err := st.desk.Feedback(t.Context(), st.actors["WF"], "有新的记载"); err != nil {
			t.Fatal(err)
		}
		at(t, "2026-11-02 12:00")
		synctest.Wait()
		if told := st.outbox(duban.NewsRecordHead); len(told) != 4 {
			t.Errorf("on Monday: %+v", told)
		}
	})
}
