package store

// Erased is how much an erasure has removed.
type Erased struct {
	Notes   int64 // of the record
	Answers int64 // to announcements
	Reports int64 // words of reports and of progress
}

// ErasePerson removes what is personal about somebody: the name gives way to another, the telephone number, the invitations and the bound accounts go, and so
// do the words they wrote: notes of the record, reports, progress, answers to announcements, and the messages kept from their chat. The posts end. What happened stays in the
// record, under the other name, and the chain stays whole.
func (tx *Tx) ErasePerson(person int64, code, name string) (done Erased, err error) {
	for _, step := range []struct {
		count *int64
		query string
		args  []any
	}{
		{&done.Notes, `DELETE FROM record_note WHERE seq IN (SELECT seq FROM record WHERE actor_id = $1 OR actor_id = 0 AND person_id = $1)`, []any{person}},
		{&done.Answers, `UPDATE receipt SET answer = '' WHERE person_id = $1 AND answer <> ''`, []any{person}},
		{&done.Reports, `UPDATE submission SET body = '' WHERE person_id = $1 AND body <> ''`, []any{person}},
		{&done.Reports, `UPDATE progress SET body = '' WHERE person_id = $1 AND body <> ''`, []any{person}},
		{nil, `DELETE FROM dialog WHERE telegram_id IN (SELECT telegram_id FROM account WHERE person_id = $1)`, []any{person}},
		{nil, `DELETE FROM message WHERE person_id = $1`, []any{person}},
		{nil, `UPDATE import_step SET before = '', after = '' WHERE thing = 'person' AND thing_id = $1`, []any{person}},
		{nil, `DELETE FROM invitation WHERE person_id = $1`, []any{person}},
		{nil, `UPDATE account SET telegram_id = -id, revoked_at = COALESCE(revoked_at, $2), unreachable = '' WHERE person_id = $1`, []any{person, ms(tx.Now)}},
		{nil, `UPDATE post SET active = FALSE WHERE person_id = $1`, []any{person}},
		{nil, `UPDATE person SET code = $2, name = $3, phone_hash = NULL, phone_tail = '', active = FALSE WHERE id = $1`, []any{person, code, name}},
	} {
		n, err := tx.exec(step.query, step.args...)
		if err != nil {
			return done, err
		}
		if step.count != nil {
			*step.count += n
		}
	}
	return done, nil
}
