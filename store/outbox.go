package store

import (
	"cmp"
	"database/sql"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban"
)

const letterColumns = `id, notice_key, kind, lane, person_id, chat_id, assignment_id, announcement_id, submission_id, data,
	due_at, push_day, state, attempts, refusals, next_try, reason, created_at, done_at, message_id`

func scanLetter(s scanner) (duban.Letter, error) {
	var l duban.Letter
	var person, chat, assignment, announcement, submission, done, message sql.NullInt64
	var due, next, created int64
	err := s.Scan(&l.ID, &l.Key, &l.Kind, &l.Lane, &person, &chat, &assignment, &announcement, &submission, &l.Data, &due, &l.PushDay,
		&l.State, &l.Attempts, &l.Refusals, &next, &l.Reason, &created, &done, &message)
	l.PersonID, l.ChatID, l.AssignmentID = person.Int64, chat.Int64, assignment.Int64
	l.AnnouncementID, l.SubmissionID, l.MessageID = announcement.Int64, submission.Int64, message.Int64
	l.Due, l.NextTry, l.CreatedAt, l.DoneAt = fromMS(due), fromMS(next), fromMS(created), fromNull(done)
	l.NotBefore = l.NextTry
	return l, err
}

// Post puts a notice into the outbox. The same key is posted once; a live notice that went out already is queued again.
func (tx *Tx) Post(n duban.Notice) error {
	tx.posted = true
	next := n.NotBefore
	if next.Before(tx.Now) {
		next = tx.Now
	}
	due := n.Due
	if due.IsZero() {
		due = next
	}
	conflict := `DO NOTHING`
	if Live(n.Kind) {
		conflict = `DO UPDATE SET
			lane = excluded.lane,
			again = outbox.again OR outbox.state = 'sending',
			next_try = CASE
				WHEN outbox.state IN ('queued', 'unknown') AND outbox.next_try < excluded.next_try THEN outbox.next_try
				ELSE excluded.next_try END,
			attempts = CASE WHEN outbox.state IN ('queued', 'unknown', 'sending') THEN outbox.attempts ELSE 0 END,
			done_at = CASE WHEN outbox.state IN ('queued', 'unknown', 'sending') THEN outbox.done_at END,
			state = CASE WHEN outbox.state IN ('queued', 'unknown', 'sending') THEN outbox.state ELSE 'queued' END`
	}
	_, err := tx.exec(`
		INSERT INTO outbox (notice_key, kind, lane, person_id, chat_id, assignment_id, announcement_id, submission_id, data, due_at, push_day,
			next_try, created_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (notice_key) `+conflict,
		n.Key, n.Kind, n.Lane, ref(n.PersonID), ref(n.ChatID), ref(n.AssignmentID), ref(n.AnnouncementID), ref(n.SubmissionID), n.Data,
		ms(due), n.PushDay, ms(next), ms(tx.Now))
	return err
}

// Live reports whether a kind of news is one message that is sent once and edited afterwards.
func Live(kind duban.NewsKind) bool {
	return kind == duban.NewsCard || kind == duban.NewsReview || kind == duban.NewsRequest || kind == duban.NewsProgress || kind == duban.NewsDraft ||
		kind == duban.NewsApproval || kind == duban.NewsAnnounceAsk || kind == duban.NewsCollecting || kind == duban.NewsBoard ||
		kind == duban.NewsGroupCount || kind == duban.NewsGroupDay || kind == duban.NewsReportDraft ||
		kind == duban.NewsErasure
}

// Letter returns a letter by id.
func (tx *Tx) Letter(id int64) (duban.Letter, error) {
	return one(tx, scanLetter, `SELECT `+letterColumns+` FROM outbox l WHERE l.id = $1`, id)
}

// LetterByKey returns a letter by the key of its notice.
func (tx *Tx) LetterByKey(key string) (duban.Letter, error) {
	return one(tx, scanLetter, `SELECT `+letterColumns+` FROM outbox l WHERE l.notice_key = $1`, key)
}

// Waiting is where a letter stands in line, and for whom.
type Waiting struct {
	ID               int64
	Lane             duban.Lane
	PersonID, ChatID int64 // at least one is not 0
	NextTry          time.Time
}

func scanWaiting(s scanner) (w Waiting, err error) {
	var person, chat sql.NullInt64
	var next int64
	err = s.Scan(&w.ID, &w.Lane, &person, &chat, &next)
	w.PersonID, w.ChatID, w.NextTry = person.Int64, chat.Int64, fromMS(next)
	return w, err
}

// WaitingLetters returns where the letters of a lane stand that may go out now, after (next, id), in order, at most limit.
func (tx *Tx) WaitingLetters(lane duban.Lane, afterNext time.Time, afterID int64, limit int) ([]Waiting, error) {
	return many(tx, scanWaiting, `
		SELECT l.id, l.lane, l.person_id, l.chat_id, l.next_try`+readyLetters(lane, limit), ms(tx.Now), afterNext.UnixMilli(), afterID)
}

// ReadyLetters is WaitingLetters with all of each letter.
func (tx *Tx) ReadyLetters(lane duban.Lane, afterNext time.Time, afterID int64, limit int) ([]duban.Letter, error) {
	return many(tx, scanLetter, `
		SELECT `+letterColumns+readyLetters(lane, limit), ms(tx.Now), afterNext.UnixMilli(), afterID)
}

// readyLetters is the rest of a query for the letters of a lane. The few lanes stand in it as numbers: with a parameter SQLite plans it anew
// each time.
func readyLetters(lane duban.Lane, limit int) string {
	return `
		FROM outbox l
		WHERE l.lane = ` + strconv.Itoa(int(lane)) + ` AND l.done_at IS NULL AND l.state IN ('queued', 'unknown') AND l.next_try <= $1 AND (l.next_try, l.id) > ($2, $3)
		ORDER BY l.next_try, l.id` + limited(limit)
}

// NextLetter returns when the next letter becomes ready that is not ready now; zero when there is none.
func (tx *Tx) NextLetter() (time.Time, error) {
	var first time.Time
	for _, lane := range duban.Lanes {
		next, err := one(tx, scalar[sql.NullInt64], `
			SELECT MIN(next_try)
			FROM outbox
			WHERE lane = `+strconv.Itoa(int(lane.Lane))+` AND done_at IS NULL AND state IN ('queued', 'unknown') AND next_try > $1`, ms(tx.Now))
		if err != nil {
			return first, err
		}
		if at := fromNull(next); !at.IsZero() && (first.IsZero() || at.Before(first)) {
			first = at
		}
	}
	return first, nil
}

// MarkSending notes that a letter is about to go out, and returns it as it stands now. It returns duban.NotFound when the letter no longer
// waits. What changes afterwards queues a live letter again. After a crash the outcome is unknown.
func (tx *Tx) MarkSending(id int64) (duban.Letter, error) {
	all, err := tx.MarkAllSending([]int64{id})
	if err != nil || len(all) == 0 {
		return duban.Letter{}, cmp.Or(err, notFound(sql.ErrNoRows))
	}
	return all[0], nil
}

// MarkAllSending is MarkSending for several letters. Those that no longer wait are left out.
func (tx *Tx) MarkAllSending(ids []int64) ([]duban.Letter, error) {
	var all []duban.Letter
	for some := range slices.Chunk(ids, idsAtMost) {
		list, args := listed(some)
		args = append(args, ms(tx.Now))
		marked, err := many(tx, scanLetter, `
			UPDATE outbox
			SET state = 'sending', attempts = attempts + 1
			WHERE id IN (`+list+`) AND state IN ('queued', 'unknown') AND next_try <= $`+strconv.Itoa(len(args))+`
			RETURNING `+letterColumns, args...)
		if err != nil {
			return nil, err
		}
		all = append(all, marked...)
	}
	return all, nil
}

// Sent is a letter that Telegram has accepted, with the message that stands for it.
type Sent struct{ ID, Message int64 }

// MarkSent notes that Telegram accepted a letter. A live letter whose subject changed meanwhile is queued again. The words of an answer are
// forgotten: nobody needs them any more, and they may hold an invitation.
func (tx *Tx) MarkSent(id, message int64) error { return tx.MarkAllSent([]Sent{{id, message}}) }

// MarkAllSent is MarkSent for several letters.
func (tx *Tx) MarkAllSent(all []Sent) error {
	for some := range slices.Chunk(all, idsAtMost) {
		if err := tx.markSent(some); err != nil {
			return err
		}
	}
	return nil
}

func (tx *Tx) markSent(all []Sent) error {
	rows, args := sentRows(all)
	args = append(args, ms(tx.Now))
	now := "$" + strconv.Itoa(len(args))
	n, err := tx.exec(`
		UPDATE outbox
		SET state = 'sent', done_at = `+now+`, data = CASE WHEN kind = 'answer' THEN '' ELSE data END, message_id = sent.column2, reason = ''
		FROM (VALUES `+rows+`) sent
		WHERE id = sent.column1 AND NOT again`, args...)
	if err != nil || int(n) == len(all) {
		return err
	}
	tx.posted = true
	_, err = tx.exec(`
		UPDATE outbox
		SET state = 'queued', attempts = 0, next_try = CASE WHEN next_try > `+now+` THEN next_try ELSE `+now+` END, done_at = NULL, again = FALSE,
			message_id = sent.column2, reason = ''
		FROM (VALUES `+rows+`) sent
		WHERE id = sent.column1 AND again`, args...)
	return err
}

// sentRows writes letters as rows of parameters, filled up as listed does.
func sentRows(all []Sent) (rows string, args []any) {
	n := 1
	for n < len(all) {
		n *= 2
	}
	marks := make([]string, n)
	args = make([]any, 2*n)
	for i := range n {
		marks[i] = "($" + strconv.Itoa(2*i+1) + ", $" + strconv.Itoa(2*i+2) + ")"
		args[2*i] = int64(0)
		if i < len(all) {
			args[2*i], args[2*i+1] = all[i].ID, ref(all[i].Message)
		}
	}
	return strings.Join(marks, ", "), args
}

// MarkRefused notes that a letter certainly did not arrive and when it is tried again. It does not count as an attempt.
func (tx *Tx) MarkRefused(id int64, next time.Time, why string) error {
	_, err := tx.exec(`
		UPDATE outbox
		SET state = 'queued', attempts = attempts - 1, refusals = refusals + 1, next_try = $1, reason = $2, again = FALSE
		WHERE id = $3`, ms(next), why, id)
	return err
}

// MarkUnknown notes that a letter may have arrived, and when its second and last copy may go out.
func (tx *Tx) MarkUnknown(id int64, next time.Time, why string) error {
	_, err := tx.exec(`UPDATE outbox SET state = 'unknown', next_try = $1, reason = $2, again = FALSE WHERE id = $3`, ms(next), why, id)
	return err
}

// Finish ends a letter as failed, missed or cancelled, with the reason. A live letter whose subject changed meanwhile is queued again.
func (tx *Tx) Finish(id int64, state duban.LetterState, why string) error {
	tx.posted = true
	_, err := tx.exec(`
		UPDATE outbox
		SET state = CASE WHEN again THEN 'queued' ELSE $1 END,
			attempts = CASE WHEN again THEN 0 ELSE attempts END,
			next_try = CASE WHEN again THEN $2 ELSE next_try END,
			done_at = CASE WHEN again THEN NULL ELSE $2 END,
			again = FALSE, reason = $3
		WHERE id = $4`, state, ms(tx.Now), why, id)
	return err
}

// Interrupted returns the letters that were going out when the program ended.
func (tx *Tx) Interrupted() ([]duban.Letter, error) {
	lanes := make([]string, len(duban.Lanes))
	for i, lane := range duban.Lanes {
		lanes[i] = strconv.Itoa(int(lane.Lane))
	}
	return many(tx, scanLetter, `
		SELECT `+letterColumns+`
		FROM outbox l
		WHERE l.lane IN (`+strings.Join(lanes, ", ")+`) AND l.done_at IS NULL AND l.state = 'sending'
		ORDER BY l.id`)
}

// CancelPushes ends the letters of an assignment that wait and are reminders, since what they say is no longer true.
func (tx *Tx) CancelPushes(assignment int64, why string) error {
	_, err := tx.exec(`
		UPDATE outbox
		SET state = 'missed', done_at = $1, reason = $2
		WHERE assignment_id = $3 AND done_at IS NULL AND state IN ('queued', 'unknown') AND kind IN ('reminder', 'unsigned', 'halfway',
			'promise', 'due', 'urge', 'pending')`,
		ms(tx.Now), why, assignment)
	return err
}

// Pushes counts what the scheduler has pushed to a person on a local date.
func (tx *Tx) Pushes(person int64, day string) (int, error) {
	return one(tx, scalar[int], `
		SELECT COUNT(*)
		FROM outbox
		WHERE person_id = $1 AND push_day = $2 AND push_day <> '' AND state NOT IN ('missed', 'cancelled')`, person, day)
}

// Merge replaces the data of a letter that has not gone out yet, and reports whether it still could.
func (tx *Tx) Merge(key, data string) (bool, error) {
	n, err := tx.exec(`UPDATE outbox SET data = $1 WHERE notice_key = $2 AND state = 'queued' AND attempts = 0`, data, key)
	return n > 0, err
}

// ForgetLetters deletes letters that ended before an instant, at most limit, and returns how many. What became of them stands in the record
// and in the receipts. The live letters stay, since they are edited.
func (tx *Tx) ForgetLetters(before time.Time, limit int) (int64, error) {
	return tx.exec(`
		DELETE FROM outbox
		WHERE id IN (
			SELECT id FROM outbox WHERE done_at < $1 AND kind NOT IN ('card', 'review', 'progress', 'draft', 'board') ORDER BY done_at`+limited(limit)+`)`, ms(before))
}

// LaneState tells how much waits in a lane and since when.
type LaneState struct {
	Lane    duban.Lane
	Waiting int
	Oldest  time.Time // the moment for which the oldest was meant
}

// OutboxState returns how much waits in each lane that has something ready.
func (tx *Tx) OutboxState() ([]LaneState, error) {
	return many(tx, func(s scanner) (LaneState, error) {
		var st LaneState
		var oldest int64
		err := s.Scan(&st.Lane, &st.Waiting, &oldest)
		st.Oldest = fromMS(oldest)
		return st, err
	}, `
		SELECT lane, COUNT(*), MIN(next_try)
		FROM outbox
		WHERE done_at IS NULL AND state IN ('queued', 'unknown') AND next_try <= $1
		GROUP BY lane
		ORDER BY lane`, ms(tx.Now))
}
