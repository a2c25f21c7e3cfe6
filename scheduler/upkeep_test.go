package scheduler

import (
	"context"
	"database/sql"
	"testing"

	"duban"
	"duban/calendar"
)

func TestABackupThatLacksMoreThanTheOneBeforeIsTold(t *testing.T) {
	play(t, "2026-10-12 02:00", []string{"LM"}, func(t *testing.T, st *stage) {
		b := &backups{}
		st.sched.Backup = &Backup{At: calendar.Clock{Hour: 2, Minute: 30}, Make: b.make}
		st.everyMinute(b, "2026-10-13 02:00")
		b.lacks = 7
		st.everyMinute(b, "2026-10-15 02:00")
		b.lacks = 1
		st.everyMinute(b, "2026-10-16 02:00")
		b.lacks = 2
		st.everyMinute(b, "2026-10-17 02:00")
		st.same("told", st.letters(duban.NewsTrouble), "10-13 02:30 trouble → LM", "10-13 02:30 trouble → HJ", "10-16 02:30 trouble → LM", "10-16 02:30 trouble → HJ")
	})
}

func TestAtNightARecordThatIsNotAsItWasWrittenIsToldOnce(t *testing.T) {
	play(t, "2026-10-12 03:40", []string{"LM"}, func(t *testing.T, st *stage) {
		night := func(when string) {
			t.Helper()
			at(t, when)
			if err := st.sched.upkeep(context.Background()); err != nil {
				t.Fatal(err)
			}
		}
		night("2026-10-13 03:40")
		st.same("told", st.letters(duban.NewsTrouble))
		db, err := sql.Open("sqlite", st.desk.Store.Path())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		spoil := func(statement string) {
			t.Helper()
			if _, err := db.Exec(statement); err != nil {
				t.Fatal(err)
			}
		}
		spoil(`DROP TRIGGER record_no_update`)
		spoil(`UPDATE record SET at = at + 1 WHERE seq = 2`)
		night("2026-10-14 03:40")
		night("2026-10-15 03:40")
		st.same("told", st.letters(duban.NewsTrouble), "10-14 03:40 trouble → LM", "10-14 03:40 trouble → HJ")
		spoil(`UPDATE record SET at = at + 1 WHERE seq = 3`)
		night("2026-10-16 03:40")
		st.same("told", st.letters(duban.NewsTrouble)[2:], "10-16 03:40 trouble → LM", "10-16 03:40 trouble → HJ")
	})
}
