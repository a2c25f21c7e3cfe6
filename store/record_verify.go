package store

import (
	"bytes"
	"crypto/hmac"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"duban"
)

// Fault says what is wrong with a place of the record. Package text has a sentence for each under "cli.verify.fault.<fault>".
type Fault string

// The faults that checking the record finds.
const (
	EntriesMissing Fault = "missing"      // the entries from From to Seq-1 are not there
	NotLinked      Fault = "not_linked"   // the entry does not follow the one before it: moved, put in, or the one before was changed
	EntryChanged   Fault = "changed"      // the entry is not what was written
	NoteChanged    Fault = "note_changed" // the note of the entry is not what was written
	NoteStray      Fault = "note_stray"   // a note lies where no entry is
	NotesGone      Fault = "notes_gone"   // N notes are gone for which no erasure accounts: that of the entry, or where it cannot be told which, up to it
	EndMissing     Fault = "end_missing"  // the record ends before this entry, and N entries were written
	EndUnsealed    Fault = "end_unsealed" // the record ends before this entry, which is not the end that was sealed
	HeadGone       Fault = "head_gone"    // this entry was published with another hash, or is no longer there
	KeptDiffers    Fault = "kept"         // this entry is not the one whose check code somebody has kept, or is not there
)

// Faults lists every fault.
var Faults = []Fault{EntriesMissing, NotLinked, EntryChanged, NoteChanged, NoteStray, NotesGone, EndMissing, EndUnsealed, HeadGone, KeptDiffers}

// Break is a place where the record has been tampered with. Event and At are as the row has them now, and empty where there is none.
type Break struct {
	Seq   int64
	Event duban.Event
	At    time.Time
	Fault Fault
	From  int64 // of EntriesMissing: the first one
	N     int64 // of EndMissing: how many were written; of NotesGone: how many are gone
}

// Audit is what checking the record has found.
type Audit struct {
	Entries int64
	Heads   int   // how many published heads were compared
	Erased  int64 // how many notes were erased on request
	Breaks  []Break
}

// ErrBroken is returned when the record is not what was written.
var ErrBroken = errors.New("the record has been changed")

// auditor walks the record and notes where it does not hold together.
type auditor struct {
	Audit
	key       []byte
	prev      []byte
	next      int64
	gone      []row          // whose note is not there, without what they hold
	accounted int64          // notes that entries about erasures account for
	erased    map[int64]bool // whose data was erased
	heads     map[int64][]byte
	kept      map[int64]string // check codes
}

// Verify returns how many entries Audit has read, and what it has found wrong.
func (tx *Tx) Verify() (count int64, breaks []Break, err error) {
	found, err := tx.Audit()
	return found.Entries, found.Breaks, err
}

// Audit checks the record from its first entry: the chain, the notes, the end, and the heads that were published. It returns ErrBroken with the
// places when a row was changed, removed, moved or put in, or is not what a head says that was kept elsewhere. It keeps little in memory however long the
// record is.
func (tx *Tx) Audit(kept ...duban.Head) (Audit, error) {
	a := &auditor{key: tx.store.key, prev: []byte{}, next: 1, erased: map[int64]bool{}, kept: make(map[int64]string, len(kept))}
	for _, h := range kept {
		a.kept[h.Seq] = h.Check
	}
	var err error
	if a.heads, err = tx.publishedHeads(); err != nil {
		return a.Audit, err
	}
	a.Heads = len(a.heads)
	if err := tx.everyRaw(a.look); err != nil {
		return a.Audit, fmt.Errorf("read the record: %w", err)
	}
	if err := a.finish(tx); err != nil {
		return a.Audit, err
	}
	if len(a.Breaks) > 0 {
		return a.Audit, ErrBroken
	}
	return a.Audit, nil
}

func (a *auditor) note(r row, fault Fault) {
	a.Breaks = append(a.Breaks, Break{Seq: r.Seq, Event: r.Event, At: r.At, Fault: fault, From: a.next})
}

func (a *auditor) look(r row) error {
	a.Entries++
	if r.Seq < 1 {
		a.note(r, NotLinked) // numbers begin with 1, so it was put in
		return nil
	}
	if r.Seq != a.next {
		a.note(r, EntriesMissing)
	} else if !hmac.Equal(r.Prev, a.prev) {
		a.note(r, NotLinked)
	}
	if !hmac.Equal(r.mac(a.key), r.Hash) {
		a.note(r, EntryChanged)
	}
	a.lookAtNote(r)
	if published, ok := a.heads[r.Seq]; ok {
		if !bytes.Equal(published, r.Hash) {
			a.note(r, HeadGone)
		}
		delete(a.heads, r.Seq)
	}
	if check, ok := a.kept[r.Seq]; ok {
		if check != duban.CheckCode(r.Hash) {
			a.note(r, KeptDiffers)
		}
		delete(a.kept, r.Seq)
	}
	a.prev, a.next = r.Hash, r.Seq+1
	return nil
}

func (a *auditor) lookAtNote(r row) {
	switch {
	case r.note.Valid && !hmac.Equal(noteDigest(r.salt, r.note.String), r.digest):
		a.note(r, NoteChanged)
	case !r.note.Valid && len(r.digest) > 0:
		a.gone = append(a.gone, row{Entry: duban.Entry{Seq: r.Seq, At: r.At, Event: r.Event, Actor: r.Actor, PersonID: r.PersonID}})
	}
	if r.Event == duban.EventErased {
		a.accounted += erasedNotes(r.facts)
		a.erased[r.PersonID] = true
	}
}

// lookForNotes compares the notes that are gone with those for which erasures account. An erasure takes the notes of the person, and those that name the
// person: where only the former are gone besides, it is known which the others are.
func (a *auditor) lookForNotes() {
	gone := int64(len(a.gone))
	a.Erased = min(gone, a.accounted)
	if gone <= a.accounted {
		return
	}
	others := slices.DeleteFunc(a.gone, func(r row) bool { return a.erased[r.Actor] || a.erased[r.PersonID] })
	if int64(len(others)) != gone-a.accounted {
		a.Breaks = append(a.Breaks, Break{Seq: a.next - 1, Fault: NotesGone, N: gone - a.accounted})
		return
	}
	for _, r := range others {
		a.Breaks = append(a.Breaks, Break{Seq: r.Seq, Event: r.Event, At: r.At, Fault: NotesGone, N: 1})
	}
}

// finish compares what only shows after the last row.
func (a *auditor) finish(tx *Tx) error {
	for seq := range a.heads {
		a.Breaks = append(a.Breaks, Break{Seq: seq, Fault: HeadGone})
	}
	for seq := range a.kept {
		a.Breaks = append(a.Breaks, Break{Seq: seq, Fault: KeptDiffers})
	}
	a.lookForNotes()
	stray, err := many(tx, scalar[int64], `SELECT n.seq FROM record_note n WHERE NOT EXISTS (SELECT 1 FROM record r WHERE r.seq = n.seq) ORDER BY n.seq`)
	if err != nil {
		return err
	}
	for _, seq := range stray {
		a.Breaks = append(a.Breaks, Break{Seq: seq, Fault: NoteStray})
	}
	end, err := tx.end()
	if err != nil || end.is(duban.Entry{Seq: a.next - 1, Hash: a.prev}) {
		return err
	}
	last := Break{Seq: a.next, Fault: EndUnsealed, From: a.next}
	if end.seq >= a.next {
		last.Fault, last.N = EndMissing, end.seq
	}
	a.Breaks = append(a.Breaks, last)
	return nil
}

// everyRaw calls fn with each row as it lies in the database, whatever it holds, in order.
func (tx *Tx) everyRaw(fn func(row) error) error {
	return each(tx, scanRaw, fn, `
		SELECT `+recordColumns+`
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		ORDER BY r.seq`)
}

// scanRaw reads a row without understanding its facts, which may have been made unreadable.
func scanRaw(s scanner) (row, error) {
	var r row
	var at int64
	var note sql.NullString
	err := s.Scan(&r.Seq, &at, &r.Event, &r.Actor, &r.Via, &r.UnitID, &r.PersonID, &r.TaskID, &r.AssignmentID, &r.AnnouncementID, &r.facts,
		&r.digest, &r.Prev, &r.Hash, &r.salt, &note)
	r.At, r.note, r.Note = fromMS(at), note, note.String
	return r, err
}
