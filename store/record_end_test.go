package store

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"duban"
)

// mustFind checks that an audit finds a fault of each kind at its place.
func mustFind(t *testing.T, s *Store, want ...Break) {
	t.Helper()
	mustRead(t, s, func(tx *Tx) error {
		found, err := tx.Audit()
		if !errors.Is(err, ErrBroken) {
			t.Fatalf("nothing found: %v", err)
		}
		for _, w := range want {
			if !slices.ContainsFunc(found.Breaks, func(b Break) bool {
				return b.Seq == w.Seq && b.Fault == w.Fault && (b.From == w.From || w.From == 0) && b.N == w.N
			}) {
				t.Errorf("found %+v, want %+v", found.Breaks, w)
			}
		}
		return nil
	})
}

// mustTamper runs statements on the file of a store without what protects the record.
func mustTamper(t *testing.T, s *Store, statements ...string) {
	t.Helper()
	db := tampered(t, s.path)
	for _, statement := range statements {
		_, err := db.Exec(statement)
		must(t, err)
	}
}

func TestAnEndThatWasCutOffIsStillFoundWhenTheProgramHasGoneOn(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 10)
	mustTamper(t, s, `DELETE FROM record_note WHERE seq > 7`, `DELETE FROM record WHERE seq > 7`)
	mustFind(t, s, Break{Seq: 8, Fault: EndMissing, From: 8, N: 10})
	mustRecord(t, s, 3)
	mustFind(t, s, Break{Seq: 11, Fault: EntriesMissing, From: 8})
}

func TestAnEndThatWasCutOffWithEverythingThatTellsOfItIsFound(t *testing.T) {
	cut := []string{`DELETE FROM record_note WHERE seq > 7`, `DELETE FROM record WHERE seq > 7`, `DELETE FROM record_head WHERE seq > 7`}
	for name, tell := range map[string]string{
		"the count changed":        `UPDATE meta SET v = REPLACE(v, '10', '7') WHERE k LIKE 'record_%'`,
		"the count removed":        `DELETE FROM meta WHERE k LIKE 'record_%'`,
		"the count made senseless": `UPDATE meta SET v = '9223372036854775807' WHERE k LIKE 'record_%'`,
		"the count emptied":        `UPDATE meta SET v = '' WHERE k LIKE 'record_%'`,
	} {
		t.Run(name, func(t *testing.T) {
			s := mustOpen(t)
			mustRecord(t, s, 10)
			mustWrite(t, s, func(tx *Tx) error {
				_, err := tx.PublishHead()
				return err
			})
			mustTamper(t, s, append(cut, tell)...)
			mustFind(t, s, Break{Seq: 8, Fault: EndUnsealed, From: 8})
			mustRecord(t, s, 3)
			mustFind(t, s, Break{Seq: 9, Fault: EntriesMissing, From: 8})
		})
	}
}

func TestARecordThatIsGoneAsAWholeIsFound(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 3)
	mustTamper(t, s, `DELETE FROM record_note`, `DELETE FROM record`, `DELETE FROM meta WHERE k LIKE 'record_%'`)
	mustFind(t, s, Break{Seq: 1, Fault: EndUnsealed, From: 1})
}

func TestARecordWithoutEntriesIsWhole(t *testing.T) {
	mustRead(t, mustOpen(t), func(tx *Tx) error {
		_, err := tx.Audit()
		return err
	})
}

func TestTheEndOfAnotherChainIsFound(t *testing.T) {
	s, other := mustOpen(t), mustOpen(t)
	mustRecord(t, s, 5)
	mustRecord(t, other, 5)
	mustTamper(t, s, `DELETE FROM record_note WHERE seq > 2`, `DELETE FROM record WHERE seq > 2`, `ATTACH '`+other.path+`' AS other`,
		`INSERT INTO record SELECT * FROM other.record WHERE seq > 2`, `INSERT INTO record_note SELECT * FROM other.record_note WHERE seq > 2`)
	mustFind(t, s, Break{Seq: 3, Fault: NotLinked, From: 3}, Break{Seq: 6, Fault: EndUnsealed, From: 6})
}

func TestADatabaseOfAnOlderVersionIsSealedAsItStands(t *testing.T) {
	for name, test := range map[string]struct {
		entries, counted int64
		broken           bool
	}{
		"whole":            {3, 3, false},
		"cut off":          {2, 3, true},
		"never written to": {0, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			o := options(t)
			mustWriteOld(t, o, test.entries, test.counted)
			must(t, Migrate(ctx, o))
			s := mustOpenAt(t, o)
			for range 2 {
				mustRead(t, s, func(tx *Tx) error {
					if found, err := tx.Audit(); errors.Is(err, ErrBroken) != test.broken {
						t.Errorf("found %+v, %v", found.Breaks, err)
					}
					return nil
				})
				mustRecord(t, s, 1)
			}
		})
	}
}

// mustWriteOld makes a database of the version before the end of the record was sealed, with so many entries, and says that it has a number of them.
func mustWriteOld(t *testing.T, o Options, entries, counted int64) {
	t.Helper()
	must(t, os.WriteFile(o.Path, nil, 0o600))
	db, err := openHandle(o.Path, "rw", true, 1)
	must(t, err)
	defer db.Close()
	p, err := provider(db)
	must(t, err)
	if _, err := p.UpTo(ctx, endSealedSince-1); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{fmt.Sprintf("PRAGMA application_id = %d", applicationID), `INSERT INTO meta (k, v) VALUES ('sentinel', 'duban')`} {
		_, err := db.Exec(s)
		must(t, err)
	}
	r := row{facts: "null"}
	for r.Seq = 1; r.Seq <= entries; r.Seq++ {
		r.At, r.Event = fromMS(r.Seq), duban.EventProgress
		hash := r.mac(o.Key)
		_, err := db.Exec(`INSERT INTO record (seq, at, event, actor_id, via, unit_id, person_id, task_id, assignment_id, announcement_id, facts, prev, hash)
			VALUES ($1, $1, $2, 0, '', 0, 0, 0, 0, 0, 'null', $3, $4)`, r.Seq, r.Event, append([]byte{}, r.Prev...), hash)
		must(t, err)
		r.Prev = hash
	}
	if counted > 0 {
		_, err := db.Exec(`INSERT INTO meta (k, v) VALUES ('record_count', $1)`, fmt.Sprint(counted))
		must(t, err)
	}
}

func TestANoteThatGoesBesideAnErasureIsNamed(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 3) // about person 2
	mustWrite(t, s, func(tx *Tx) error {
		return tx.Record(duban.Console, duban.Entry{Event: duban.EventAnswered, PersonID: 7, Note: "另一人"})
	})
	mustTamper(t, s, `DELETE FROM record_note`)
	mustWrite(t, s, func(tx *Tx) error {
		return tx.Record(duban.Console, duban.Entry{Event: duban.EventErased, PersonID: 2, Facts: duban.Facts{"notes": 3}})
	})
	mustFind(t, s, Break{Seq: 4, Fault: NotesGone, N: 1})
}

func TestAnEntryPutInBeforeTheFirstIsNamedAndNoOther(t *testing.T) {
	s := mustOpen(t)
	mustRecord(t, s, 3)
	mustTamper(t, s, `INSERT INTO record SELECT -5, at, event, actor_id, via, unit_id, person_id, task_id, assignment_id, announcement_id, facts, NULL, prev, hash FROM record WHERE seq = 1`)
	mustFind(t, s, Break{Seq: -5, Fault: NotLinked})
	mustRead(t, s, func(tx *Tx) error {
		if found, _ := tx.Audit(); len(found.Breaks) != 1 {
			t.Errorf("found %+v", found.Breaks)
		}
		return nil
	})
}
