package store

import (
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"

	"duban"
)

// tampered opens the file of a store without the triggers that protect the record.
func tampered(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	must(t, err)
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	for _, s := range []string{`PRAGMA foreign_keys = 0`, `DROP TRIGGER record_no_update`, `DROP TRIGGER record_no_delete`,
		`DROP TRIGGER record_note_no_update`, `DROP TRIGGER record_head_no_update`, `DROP TRIGGER record_head_no_delete`} {
		_, err := db.Exec(s)
		must(t, err)
	}
	return db
}

var recordFields = []struct{ table, column string }{
	{"record", "seq"}, {"record", "at"}, {"record", "event"}, {"record", "actor_id"}, {"record", "via"}, {"record", "unit_id"},
	{"record", "person_id"}, {"record", "task_id"}, {"record", "assignment_id"}, {"record", "announcement_id"}, {"record", "facts"},
	{"record", "note_digest"}, {"record", "prev"}, {"record", "hash"}, {"record_note", "seq"}, {"record_note", "salt"}, {"record_note", "note"},
}

// flipped returns a value with one bit turned over.
func flipped(value any, r *rand.Rand) any {
	turn := func(b []byte) []byte {
		if len(b) == 0 {
			return []byte{1} // the first entry follows nothing
		}
		turned := append([]byte{}, b...)
		turned[r.IntN(len(b))] ^= 1 << r.IntN(8)
		return turned
	}
	switch v := value.(type) {
	case int64:
		return v ^ 1<<r.IntN(48)
	case string:
		return string(turn([]byte(v)))
	case []byte:
		return turn(v)
	}
	return nil
}

func TestEveryBitThatIsFlippedInTheRecordIsFoundAndNamed(t *testing.T) {
	const flips, entries = 200, 30
	s := mustOpen(t)
	mustRecord(t, s, entries)
	db, r := tampered(t, s.path), rand.New(rand.NewPCG(1, 2))
	for i := range flips {
		f, seq := recordFields[i%len(recordFields)], 1+r.Int64N(entries)
		var before any
		must(t, db.QueryRow(fmt.Sprintf(`SELECT %s FROM %s WHERE seq = ?`, f.column, f.table), seq).Scan(&before))
		if b, ok := before.([]byte); ok && b == nil {
			before = []byte{}
		}
		after, at := flipped(before, r), seq
		if f.column == "seq" {
			at = after.(int64)
			if at >= 1 && at <= entries {
				after, at = entries+at, entries+at // another entry is there already
			}
		}
		set := func(to any, where int64) {
			_, err := db.Exec(fmt.Sprintf(`UPDATE %s SET %s = CASE typeof(%[2]s) WHEN 'text' THEN CAST(?1 AS TEXT) ELSE ?1 END WHERE seq = ?2`, f.table, f.column), to, where)
			must(t, err)
		}
		set(after, seq)
		mustRead(t, s, func(tx *Tx) error {
			found, err := tx.Audit()
			near := false
			for _, b := range found.Breaks {
				near = near || b.Seq == seq || b.Seq == at || b.Seq == seq+1
			}
			if !errors.Is(err, ErrBroken) || !near && f.table == "record" {
				t.Errorf("flip %d in %s.%s of entry %d: %v, %v", i, f.table, f.column, seq, found.Breaks, err)
			}
			return nil
		})
		set(before, at)
	}
	mustRead(t, s, func(tx *Tx) error {
		found, err := tx.Audit()
		if err != nil {
			t.Errorf("the record was not put back: %v", found.Breaks)
		}
		return nil
	})
}

func TestAPublishedHeadThatIsNoLongerInTheChainIsFound(t *testing.T) {
	for _, test := range []struct {
		name   string
		tamper []string
		seq    int64
	}{
		{"another hash was put there", []string{`UPDATE record SET hash = zeroblob(32) WHERE seq = 5`}, 5},
		{"the record was cut off before it", []string{`DELETE FROM record_note WHERE seq > 3`, `DELETE FROM record WHERE seq > 3`, `DELETE FROM meta WHERE k = 'record_end'`}, 5},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := mustOpen(t)
			mustRecord(t, s, 5)
			mustWrite(t, s, func(tx *Tx) error {
				head, err := tx.PublishHead()
				if head.Seq != 5 {
					t.Errorf("published entry %d", head.Seq)
				}
				return err
			})
			db := tampered(t, s.path)
			for _, statement := range test.tamper {
				_, err := db.Exec(statement)
				must(t, err)
			}
			mustRead(t, s, func(tx *Tx) error {
				found, err := tx.Audit()
				if !errors.Is(err, ErrBroken) {
					t.Fatalf("nothing found: %v", err)
				}
				for _, b := range found.Breaks {
					if b.Seq == test.seq && b.Fault == HeadGone {
						return nil
					}
				}
				t.Errorf("found %v", found.Breaks)
				return nil
			})
		})
	}
}

func TestANoteThatGoesWithoutAnErasureIsFound(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 3)
	mustWrite(t, s, func(tx *Tx) error {
		_, err := tx.exec(`DELETE FROM record_note WHERE seq = 2`)
		return err
	})
	mustRead(t, s, func(tx *Tx) error {
		found, err := tx.Audit()
		if !errors.Is(err, ErrBroken) || len(found.Breaks) != 1 || found.Breaks[0].Fault != NotesGone || found.Breaks[0].N != 1 || found.Breaks[0].Seq != 2 {
			t.Errorf("found %v, %v", found.Breaks, err)
		}
		return nil
	})
}

func TestTheRecordIsSeenAsFarAsTheScopeReaches(t *testing.T) {
	s := mustOpen(t)
	mustWrite(t, s, func(tx *Tx) error {
		for i, unit := range []int64{1, 2, 0, 2} {
			if err := tx.Record(duban.Actor{PersonID: 7, Via: duban.ViaChat}, duban.Entry{Event: duban.EventProgress, UnitID: unit, TaskID: int64(i % 2)}); err != nil {
				return err
			}
		}
		return nil
	})
	for _, test := range []struct {
		name string
		f    RecordFilter
		want []int64
	}{
		{"nothing", RecordFilter{}, nil},
		{"everything, newest first", RecordFilter{Scope: RecordScope{All: true}}, []int64{4, 3, 2, 1}},
		{"one unit", RecordFilter{Scope: RecordScope{Units: []int64{2}}}, []int64{4, 2}},
		{"one unit and a task", RecordFilter{Scope: RecordScope{Units: []int64{1, 2}}, Task: 1}, []int64{4, 2}},
		{"who did it", RecordFilter{Scope: RecordScope{Units: []int64{1}}, Person: 7}, []int64{1}},
		{"another kind", RecordFilter{Scope: RecordScope{All: true}, Events: []duban.Event{duban.EventClosed}}, nil},
	} {
		mustRead(t, s, func(tx *Tx) error {
			page, err := tx.RecordPage(test.f, 10, 0)
			must(t, err)
			count, err := tx.RecordCount(test.f)
			must(t, err)
			var got []int64
			for _, e := range page {
				got = append(got, e.Seq)
			}
			if fmt.Sprint(got) != fmt.Sprint(test.want) || count != len(test.want) {
				t.Errorf("%s: %v of %d, want %v", test.name, got, count, test.want)
			}
			return nil
		})
	}
}
