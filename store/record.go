package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"time"

	"duban"
)

const recordColumns = `r.seq, r.at, r.event, r.actor_id, r.via, r.unit_id, r.person_id, r.task_id, r.assignment_id, r.announcement_id, r.facts,
	r.note_digest, r.prev, r.hash, n.salt, n.note`

// row is an entry as it lies in the database.
type row struct {
	duban.Entry
	facts  string
	digest []byte
	salt   []byte
	note   sql.NullString
}

func scanRow(s scanner) (row, error) {
	var r row
	var at int64
	err := s.Scan(&r.Seq, &at, &r.Event, &r.Actor, &r.Via, &r.UnitID, &r.PersonID, &r.TaskID, &r.AssignmentID, &r.AnnouncementID, &r.facts,
		&r.digest, &r.Prev, &r.Hash, &r.salt, &r.note)
	r.At, r.Note = fromMS(at), r.note.String
	if err == nil && r.facts != "" {
		err = json.Unmarshal([]byte(r.facts), &r.Facts)
	}
	return r, err
}

func scanEntry(s scanner) (duban.Entry, error) {
	r, err := scanRow(s)
	return r.Entry, err
}

// Record appends an entry to the record. Its sequence number, instant and hashes are set here.
func (tx *Tx) Record(who duban.Actor, e duban.Entry) error {
	newest, err := tx.RecordHead()
	if err != nil {
		return err
	}
	number, err := tx.numberAfter(newest)
	if err != nil {
		return err
	}
	facts, err := json.Marshal(e.Facts)
	if err != nil {
		return err
	}
	r := row{Entry: e, facts: string(facts)}
	r.Seq, r.Prev, r.At, r.Actor, r.Via = number, newest.Hash, tx.Now, who.PersonID, who.Via
	if e.Note != "" {
		r.salt = make([]byte, 16)
		rand.Read(r.salt)
		r.digest = noteDigest(r.salt, e.Note)
	}
	r.Hash = r.mac(tx.store.key)
	_, err = tx.exec(`
		INSERT INTO record (seq, at, event, actor_id, via, unit_id, person_id, task_id, assignment_id, announcement_id, facts, note_digest, prev, hash)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		r.Seq, ms(r.At), r.Event, r.Actor, r.Via, r.UnitID, r.PersonID, r.TaskID, r.AssignmentID, r.AnnouncementID, r.facts, r.digest, r.Prev, r.Hash)
	if err != nil {
		return err
	}
	if err := tx.SetMeta(metaRecordEnd, sealEnd(tx.store.key, r.Seq, r.Hash)); err != nil || e.Note == "" {
		return err
	}
	_, err = tx.exec(`INSERT INTO record_note (seq, salt, note) VALUES ($1, $2, $3)`, r.Seq, r.salt, e.Note)
	return err
}

func noteDigest(salt []byte, note string) []byte {
	sum := sha256.Sum256(append(append([]byte{}, salt...), note...))
	return sum[:]
}

// mac returns HMAC-SHA256 over the hash of the entry before and the canonical form of this one.
func (r row) mac(key []byte) []byte {
	canonical, _ := json.Marshal([]any{r.Seq, r.At.UnixMilli(), r.Event, r.Actor, r.Via, r.UnitID, r.PersonID, r.TaskID, r.AssignmentID,
		r.AnnouncementID, r.facts, hex.EncodeToString(r.digest)})
	mac := hmac.New(sha256.New, key)
	mac.Write(r.Prev)
	mac.Write(canonical)
	return mac.Sum(nil)
}

// RecordHead returns sequence number and hash of the newest entry. The first entry follows sequence 0 and an empty hash.
func (tx *Tx) RecordHead() (duban.Entry, error) {
	head, err := one(tx, func(s scanner) (duban.Entry, error) {
		var e duban.Entry
		var at int64
		err := s.Scan(&e.Seq, &at, &e.Hash)
		e.At = fromMS(at)
		return e, err
	}, `SELECT seq, at, hash FROM record ORDER BY seq DESC LIMIT 1`)
	if duban.CodeOf(err) == duban.NotFound {
		return duban.Entry{Hash: []byte{}}, nil
	}
	return head, err
}

// RecordOf returns the entries about an assignment, oldest first.
func (tx *Tx) RecordOf(assignment int64) ([]duban.Entry, error) {
	return many(tx, scanEntry, `
		SELECT `+recordColumns+`
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		WHERE r.assignment_id = $1 AND r.assignment_id <> 0
		ORDER BY r.seq`, assignment)
}

// EveryEntry calls fn for each entry of [from, to), in order, until fn returns an error. Zero bounds are open.
func (tx *Tx) EveryEntry(from, to time.Time, fn func(duban.Entry) error) error {
	return tx.everyRow(from, to, func(r row) error { return fn(r.Entry) })
}

func (tx *Tx) everyRow(from, to time.Time, fn func(row) error) error {
	since, until := bounds(from, to)
	return each(tx, scanRow, fn, `
		SELECT `+recordColumns+`
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		WHERE r.at >= $1 AND r.at < $2
		ORDER BY r.seq`, since, until)
}
