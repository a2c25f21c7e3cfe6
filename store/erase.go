package store

import "fmt"

// Erased is how much an erasure removes, or would remove.
type Erased struct {
	Notes   int64 // of the record
	Answers int64 // to announcements
	Reports int64 // words of reports and of progress
	Words   int64 // reasons, answers, objections and remarks
	Files   int64 // names of files
}

// erasure is one place where something personal stands. Set is what takes its place; nothing: the row goes. $1 is the person everywhere.
type erasure struct {
	count             func(*Erased) *int64 // nil: it is not worth a number
	table, where, set string
}

// theirChats are the Telegram accounts of the person, unbound ones too. The chat with somebody has the number of the account.
const theirChats = `(SELECT telegram_id FROM account WHERE person_id = $1)`

// theirName is the name of the person, and nothing where somebody else is called so, even as a part of the name.
const theirName = `(SELECT p.name FROM person p
	WHERE p.id = $1 AND NOT EXISTS (SELECT 1 FROM person q WHERE q.id <> p.id AND REPLACE(q.name, p.name, '') <> q.name))`

// named holds where a column has the name of the person in it. A name may have signs in it that LIKE does not take as they are.
func named(column string) string {
	return `REPLACE(` + column + `, ` + theirName + `, '') <> ` + column
}

// unnamed is a row of a list, as JSON in a column, that no longer names the person as who is to do or to review something, by code or by name: whoever holds
// the post does from then on. What an import has kept holds such a row as text within JSON.
func unnamed(column string) string {
	const theirCode = `(SELECT code FROM person WHERE id = $1)`
	for _, who := range []string{theirCode, `COALESCE(` + theirName + `, ` + theirCode + `)`} {
		for _, key := range []string{"Owner", "Reviewer"} {
			for _, quote := range []string{`"`, `\"`} {
				named := quote + key + quote + ":" + quote
				column = fmt.Sprintf(`REPLACE(%s, '%s' || %s || '%s', '%s')`, column, named, who, quote, named+quote)
			}
		}
	}
	return column
}

// theirNumbers are the Telegram accounts of the person as the record notes them of somebody who has not joined.
const theirNumbers = `(SELECT CAST(telegram_id AS TEXT) FROM account WHERE person_id = $1)`

// mentions lists where others may have written the name of somebody. What was issued or sent to many stays as it was.
var mentions = []struct{ table, column string }{
	{"remark", "body"}, {"submission", "body"}, {"submission", "reason"}, {"progress", "body"}, {"request", "reason"}, {"request", "answer"},
	{"receipt", "answer"}, {"escalation", "response"}, {"assessment_objection", "reason"}, {"assessment_objection", "answer"},
	{"assessment_line", "reason"}, {"assessment_part", "reason"}, {"assessment", "note"}, {"report", "reason"}, {"file", "name"}, {"import", "file"},
	{"outbox", "data"}, {"message", "data"}, {"draft", "body"}, {"dialog", "data"}, {"import_step", "before"}, {"import_step", "after"},
	{"plan", "row"}, {"plan", "units"}, {"task", "audience"}, {"audience", "body"},
}

func notesErased(e *Erased) *int64   { return &e.Notes }
func answersErased(e *Erased) *int64 { return &e.Answers }
func reportsErased(e *Erased) *int64 { return &e.Reports }
func wordsErased(e *Erased) *int64   { return &e.Words }
func filesErased(e *Erased) *int64   { return &e.Files }

// erasures lists where something personal stands, in an order in which each is still found. A text that may not be empty becomes a dash.
var erasures = []erasure{
	{notesErased, "record_note", `seq IN (SELECT r.seq FROM record r WHERE r.actor_id = $1 OR r.person_id = $1) OR note IN ` + theirNumbers + ` OR ` + named("note"), ""},
	{answersErased, "receipt", `person_id = $1 AND answer <> ''`, `answer = ''`},
	{reportsErased, "submission", `person_id = $1 AND body <> ''`, `body = ''`},
	{reportsErased, "progress", `person_id = $1 AND body <> ''`, `body = ''`},
	{wordsErased, "submission", `decided_by = $1 AND reason <> ''`, `reason = ''`},
	{wordsErased, "request", `asker_id = $1 AND reason <> ''`, `reason = ''`},
	{wordsErased, "request", `decided_by = $1 AND answer <> ''`, `answer = ''`},
	{wordsErased, "remark", `person_id = $1 AND body <> '—'`, `body = '—'`},
	{wordsErased, "escalation", `responded_by = $1 AND response <> ''`, `response = ''`},
	{wordsErased, "assessment_objection", `person_id = $1 AND reason <> '—'`, `reason = '—'`},
	{wordsErased, "assessment_objection", `answered_by = $1 AND answer <> '—'`, `answer = '—'`},
	{wordsErased, "assessment_line", `decided_by = $1 AND reason NOT IN ('', '—')`, `reason = '—'`},
	{wordsErased, "assessment_part", `entered_by = $1 AND reason <> '—'`, `reason = '—'`},
	{wordsErased, "assessment", `decided_by = $1 AND note <> ''`, `note = ''`},
	{wordsErased, "report", `decided_by = $1 AND reason <> ''`, `reason = ''`},
	{filesErased, "file", `name <> '' AND submission_id IN (SELECT s.id FROM submission s WHERE s.person_id = $1)`, `name = ''`},
	{nil, "file", `chat_id IN ` + theirChats, `chat_id = 0`},
	{filesErased, "import", `person_id = $1 AND file <> ''`, `file = ''`},
	{nil, "import_step", `thing = 'person' AND thing_id = $1`, `before = '', after = ''`},
	{nil, "import_step", `thing = 'plan'`, `before = ` + unnamed("before") + `, after = ` + unnamed("after")},
	{nil, "plan", unnamed("row") + ` <> row`, `row = ` + unnamed("row")},
	{nil, "announcement", `sender_id = $1 AND state NOT IN ('pending', 'sending', 'paused')`, `from_chat = 0`},
	{nil, "outbox", `(person_id = $1 OR ` + toldOfThem + `) AND state IN ('queued', 'unknown')`, `state = 'cancelled', reason = 'erased', done_at = next_try`},
	{nil, "outbox", `state NOT IN ('queued', 'sending', 'unknown') AND (person_id = $1 OR chat_id IN ` + theirChats + ` OR ` + toldOfThem + `)`, `data = ''`},
	{nil, "message", `person_id = $1 OR chat_id IN ` + theirChats + ` OR ` + toldOfThem, ""},
	{nil, "outbox", saidToOthers, `data = ` + withoutWords},
	{nil, "message", saidToOthers, `data = ` + withoutWords},
	{nil, "inbox", `state <> 'new' AND lane IN ` + theirChats, ""},
	{nil, "dialog", `telegram_id IN ` + theirChats, ""},
	{nil, "stranger", `telegram_id IN ` + theirChats, ""},
	{nil, "denial", `telegram_id IN ` + theirChats, ""},
	{nil, "draft", `person_id = $1`, ""},
	{nil, "audience", `owner_id = $1`, ""},
	{nil, "card", `person_id = $1`, ""},
	{nil, "board", `person_id = $1`, ""},
	{nil, "invitation", `person_id = $1`, ""},
	{nil, "post", `person_id = $1`, `active = FALSE`},
}

// toldOfThem holds for news that are nothing but what the person wrote to somebody.
const toldOfThem = `kind IN ('feedback', 'question', 'reply') AND data LIKE '{"person":' || CAST($1 AS TEXT) || ',%'`

// Personal returns how much ErasePerson would remove.
func (tx *Tx) Personal(person int64) (found Erased, err error) {
	for _, e := range erasures {
		if e.count == nil {
			continue
		}
		n, err := one(tx, scalar[int64], fmt.Sprintf(`SELECT COUNT(*) FROM %s WHERE %s`, e.table, e.where), person)
		if err != nil {
			return found, fmt.Errorf("look at %s: %w", e.table, err)
		}
		*e.count(&found) += n
	}
	return found, nil
}

// ErasePerson removes what is personal about somebody: the name gives way to another, the telephone number, the invitations and the bound accounts go, and
// so do the words they wrote, the notes of the record that are about them or name them, their name in what others wrote, the names of their files, and what is kept of their chat. The posts
// end. What happened stays in the record, under the other name, and the chain stays whole.
func (tx *Tx) ErasePerson(person int64, code, name string) (done Erased, err error) {
	for _, e := range erasures {
		do := `DELETE FROM ` + e.table
		if e.set != "" {
			do = `UPDATE ` + e.table + ` SET ` + e.set
		}
		n, err := tx.exec(do+` WHERE `+e.where, person)
		if err != nil {
			return done, fmt.Errorf("erase from %s: %w", e.table, err)
		}
		if e.count != nil {
			*e.count(&done) += n
		}
	}
	for _, m := range mentions {
		_, err := tx.exec(`UPDATE `+m.table+` SET `+m.column+` = REPLACE(`+m.column+`, `+theirName+`, $2)
			WHERE `+named(m.column), person, name)
		if err != nil {
			return done, fmt.Errorf("take the name out of %s: %w", m.table, err)
		}
	}
	_, err = tx.exec(`
		UPDATE account SET telegram_id = -id, revoked_at = COALESCE(revoked_at, $2), unreachable = ''
		WHERE person_id = $1`, person, ms(tx.Now))
	if err != nil {
		return done, err
	}
	_, err = tx.exec(`
		UPDATE person SET code = $2, name = $3, phone_hash = NULL, phone_tail = '', active = FALSE
		WHERE id = $1`, person, code, name)
	return done, err
}
