package store

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
)

func mustRecord(tb testing.TB, s *Store, n int) {
	tb.Helper()
	for i := range n {
		mustWrite(tb, s, func(tx *Tx) error {
			return tx.Record(duban.Console, duban.Entry{
				Event: duban.EventProgress, UnitID: 1, PersonID: 2, TaskID: 3, AssignmentID: 4, Facts: duban.Facts{"percent": i}, Note: fmt.Sprintf("第%d次", i),
			})
		})
	}
}

func TestTheRecordKeepsWhatWasAppended(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 3)
	mustRead(t, s, func(tx *Tx) error {
		entries, err := tx.RecordOf(4)
		if err != nil || len(entries) != 3 {
			t.Fatalf("%d entries, %v", len(entries), err)
		}
		e := entries[2]
		if e.Seq != 3 || e.Facts["percent"] != 2.0 || e.Note != "第2次" || e.Via != duban.ViaConsole || e.Event != duban.EventProgress {
			t.Errorf("entry: %+v", e)
		}
		if string(e.Prev) != string(entries[1].Hash) || len(e.Hash) != 32 {
			t.Error("the chain is not linked")
		}
		count, breaks, err := tx.Verify()
		if count != 3 || len(breaks) != 0 || err != nil {
			t.Errorf("verify: %d, %v, %v", count, breaks, err)
		}
		return nil
	})
}

func TestTheRecordIsAppendOnly(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 2)
	for _, statement := range []string{
		`UPDATE record SET facts = '{}' WHERE seq = 1`, `DELETE FROM record WHERE seq = 2`, `UPDATE record_note SET note = 'x' WHERE seq = 1`,
	} {
		err := s.Write(ctx, func(tx *Tx) error {
			_, err := tx.exec(statement)
			return err
		})
		if err == nil || !strings.Contains(err.Error(), "record") {
			t.Errorf("%s: %v", statement, err)
		}
	}
	mustRead(t, s, func(tx *Tx) error {
		_, _, err := tx.Verify()
		return err
	})
}

func TestVerifyFindsEveryKindOfTampering(t *testing.T) {
	triggersOff := []string{`DROP TRIGGER record_no_update`, `DROP TRIGGER record_no_delete`, `DROP TRIGGER record_note_no_update`, `PRAGMA foreign_keys = 0`}
	for _, test := range []struct {
		name   string
		tamper string
		seq    int64
		why    Fault
	}{
		{"a changed fact", `UPDATE record SET facts = '{"percent":99}' WHERE seq = 5`, 5, EntryChanged},
		{"a changed time", `UPDATE record SET at = at + 1 WHERE seq = 5`, 5, EntryChanged},
		{"a changed person", `UPDATE record SET person_id = 9 WHERE seq = 5`, 5, EntryChanged},
		{"a changed note", `UPDATE record_note SET note = 'x' WHERE seq = 5`, 5, NoteChanged},
		{"a removed entry", `DELETE FROM record WHERE seq = 5`, 6, EntriesMissing},
		{"the end cut off", `DELETE FROM record WHERE seq > 8`, 9, EndMissing},
		{"everything cut off", `DELETE FROM record`, 1, EndMissing},
		{"an entry put in at the end", `INSERT INTO record SELECT 11, at, event, actor_id, via, unit_id, person_id, task_id, assignment_id, announcement_id,
			facts, NULL, hash, hash FROM record WHERE seq = 10`, 11, EntryChanged},
		{"two entries exchanged", `UPDATE record SET seq = CASE seq WHEN 5 THEN -6 ELSE -5 END WHERE seq IN (5, 6); UPDATE record SET seq = -seq WHERE seq < 0`, 5, NotLinked},
		{"a copied hash", `UPDATE record SET hash = (SELECT hash FROM record WHERE seq = 4) WHERE seq = 5`, 5, EntryChanged},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mustOpen(t)
			mustRecord(t, s, 10)
			mustExec(t, s.path, append(triggersOff, test.tamper)...)
			mustRead(t, s, func(tx *Tx) error {
				_, breaks, err := tx.Verify()
				if !errors.Is(err, ErrBroken) || len(breaks) == 0 {
					t.Fatalf("nothing found: %v, %v", breaks, err)
				}
				for _, b := range breaks {
					if b.Seq == test.seq && b.Fault == test.why {
						return nil
					}
				}
				t.Errorf("found %v, want %d: %s", breaks, test.seq, test.why)
				return nil
			})
		})
	}
}

func TestAForgerWithoutTheKeyIsFound(t *testing.T) {
	o := mustInit(t)
	forger := o
	forger.Key = []byte("another key of thirty-two bytes.")
	s, err := Open(ctx, forger)
	must(t, err)
	mustRecord(t, s, 2)
	must(t, s.Close())
	mustRead(t, mustOpenAt(t, o), func(tx *Tx) error {
		_, breaks, err := tx.Verify()
		forged := slices.DeleteFunc(breaks, func(b Break) bool { return b.Fault != EntryChanged })
		if !errors.Is(err, ErrBroken) || len(forged) != 2 {
			t.Errorf("found %v, %v", forged, err)
		}
		return nil
	})
}

func TestErasingANoteLeavesTheChainWhole(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 5)
	mustWrite(t, s, func(tx *Tx) error {
		if _, err := tx.exec(`DELETE FROM record_note WHERE seq = 3`); err != nil {
			return err
		}
		return tx.Record(duban.Console, duban.Entry{Event: duban.EventErased, Facts: duban.Facts{"notes": 1}})
	})
	mustRead(t, s, func(tx *Tx) error {
		if count, breaks, err := tx.Verify(); count != 6 || err != nil {
			t.Errorf("verify: %v, %v", breaks, err)
		}
		entries, err := tx.RecordOf(4)
		if err != nil || entries[2].Note != "" || entries[3].Note != "第3次" {
			t.Errorf("entries: %+v, %v", entries, err)
		}
		return nil
	})
}

func TestEntriesOfAStretchOfTimeIncludeItsBeginningAndNotItsEnd(t *testing.T) {
	s := mustOpen(t)
	day := func(n int) time.Time { return time.Date(2026, 10, n, 0, 0, 0, 0, time.UTC) }
	for n := 1; n <= 5; n++ {
		must(t, s.WriteAt(ctx, day(n), func(tx *Tx) error {
			return tx.Record(duban.System, duban.Entry{Event: duban.EventOutage})
		}))
	}
	count := func(from, to time.Time) int {
		n := 0
		mustRead(t, s, func(tx *Tx) error {
			n = 0
			return tx.EveryEntry(from, to, func(duban.Entry) error { n++; return nil })
		})
		return n
	}
	for _, test := range []struct {
		from, to time.Time
		want     int
	}{{time.Time{}, time.Time{}, 5}, {day(2), day(4), 2}, {day(4), time.Time{}, 2}, {time.Time{}, day(2), 1}} {
		if got := count(test.from, test.to); got != test.want {
			t.Errorf("from %s to %s: %d, want %d", test.from, test.to, got, test.want)
		}
	}
}
