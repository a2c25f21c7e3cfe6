package store

import (
	"database/sql"
	"time"

	"duban"
)

const submissionColumns = `s.id, s.assignment_id, s.person_id, s.at, s.body, s.state, s.decided_at, s.decided_by, s.reason, s.fault,
	s.sampled, s.looked_at`

func scanSubmission(s scanner) (duban.Submission, error) {
	var r duban.Submission
	var at int64
	var decided, by, looked sql.NullInt64
	err := s.Scan(&r.ID, &r.AssignmentID, &r.PersonID, &at, &r.Text, &r.State, &decided, &by, &r.Reason, &r.Fault, &r.Sampled, &looked)
	r.At, r.DecidedAt, r.DecidedBy, r.LookedAt = fromMS(at), fromNull(decided), by.Int64, fromNull(looked)
	return r, err
}

// Submission returns a submission by id.
func (tx *Tx) Submission(id int64) (duban.Submission, error) {
	return one(tx, scanSubmission, `SELECT `+submissionColumns+` FROM submission s WHERE s.id = $1`, id)
}

// OpenSubmission returns the submission of an assignment that is being collected or waits for a decision.
func (tx *Tx) OpenSubmission(assignment int64) (duban.Submission, error) {
	return one(tx, scanSubmission, `
		SELECT `+submissionColumns+`
		FROM submission s
		WHERE s.assignment_id = $1 AND s.state IN ('collecting', 'waiting')`, assignment)
}

// LastSubmission returns the newest submission of an assignment; one that was taken back only where there is no other, since after an objection that was
// upheld an older one waits again.
func (tx *Tx) LastSubmission(assignment int64) (duban.Submission, error) {
	return one(tx, scanSubmission, `
		SELECT `+submissionColumns+`
		FROM submission s
		WHERE s.assignment_id = $1
		ORDER BY s.state = 'withdrawn', s.id DESC
		LIMIT 1`, assignment)
}

// LastReturned returns the newest submission of an assignment that was given back.
func (tx *Tx) LastReturned(assignment int64) (duban.Submission, error) {
	return one(tx, scanSubmission, `
		SELECT `+submissionColumns+`
		FROM submission s
		WHERE s.assignment_id = $1 AND s.state = 'returned'
		ORDER BY s.id DESC
		LIMIT 1`, assignment)
}

// Faults returns what was wrong with what was given back, by assignment and in the order of the returns. Returns that were overturned are not among them.
func (tx *Tx) Faults() (map[int64][]duban.Fault, error) {
	faults := map[int64][]duban.Fault{}
	type back struct {
		assignment int64
		fault      duban.Fault
	}
	return faults, each(tx, func(s scanner) (b back, err error) {
		return b, s.Scan(&b.assignment, &b.fault)
	}, func(b back) error {
		faults[b.assignment] = append(faults[b.assignment], b.fault)
		return nil
	}, `SELECT s.assignment_id, s.fault FROM submission s WHERE s.state = 'returned' ORDER BY s.id`)
}

// SubmissionBefore returns the newest submission of the same assignment that was made before another and not taken back.
func (tx *Tx) SubmissionBefore(r duban.Submission) (duban.Submission, error) {
	return one(tx, scanSubmission, `
		SELECT `+submissionColumns+`
		FROM submission s
		WHERE s.assignment_id = $1 AND s.id < $2 AND s.state NOT IN ('withdrawn', 'collecting')
		ORDER BY s.id DESC
		LIMIT 1`, r.AssignmentID, r.ID)
}

// AddSubmission adds a submission made now and returns its id.
func (tx *Tx) AddSubmission(r duban.Submission) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO submission (assignment_id, person_id, at, body, state)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, r.AssignmentID, r.PersonID, ms(tx.Now), r.Text, r.State)
}

// SaveSubmission saves a submission that was read in this transaction.
func (tx *Tx) SaveSubmission(r duban.Submission) error {
	_, err := tx.exec(`
		UPDATE submission
		SET at = $1, body = $2, state = $3, decided_at = $4, decided_by = $5, reason = $6, fault = $7, sampled = $8, looked_at = $9
		WHERE id = $10`, ms(r.At), r.Text, r.State, ms(r.DecidedAt), ref(r.DecidedBy), r.Reason, r.Fault, r.Sampled, ms(r.LookedAt), r.ID)
	return err
}

const fileColumns = `f.id, f.submission_id, f.kind, f.file_id, f.unique_id, f.name, f.size, f.sha256, f.path, f.state, f.media_group, f.chat_id,
	f.message_id, f.at, f.forwarded`

func scanFile(s scanner) (duban.File, error) {
	var f duban.File
	var at int64
	err := s.Scan(&f.ID, &f.SubmissionID, &f.Kind, &f.FileID, &f.UniqueID, &f.Name, &f.Size, &f.SHA256, &f.Path, &f.State, &f.MediaGroup,
		&f.ChatID, &f.MessageID, &at, &f.Forwarded)
	f.At = fromMS(at)
	return f, err
}

// Files returns the files of a submission in the order they were sent.
func (tx *Tx) Files(submission int64) ([]duban.File, error) {
	return many(tx, scanFile, `SELECT `+fileColumns+` FROM file f WHERE f.submission_id = $1 ORDER BY f.message_id, f.id`, submission)
}

// AddFile adds a file to a submission, once for each message, and reports whether it was new.
func (tx *Tx) AddFile(f duban.File) (bool, error) {
	n, err := tx.exec(`
		INSERT INTO file (submission_id, kind, file_id, unique_id, name, size, state, next_try, media_group, chat_id, message_id, at,
			forwarded)
		VALUES ($1, $2, $3, $4, $5, $6, 'wanted', $7, $8, $9, $10, $7, $11)
		ON CONFLICT (submission_id, chat_id, message_id) DO NOTHING`,
		f.SubmissionID, f.Kind, f.FileID, f.UniqueID, f.Name, f.Size, ms(tx.Now), f.MediaGroup, f.ChatID, f.MessageID, f.Forwarded)
	if n > 0 {
		tx.posted = true
	}
	return n > 0, err
}

// WantedFiles returns files whose bytes are still to be fetched, oldest first, at most limit.
func (tx *Tx) WantedFiles(limit int) ([]duban.File, error) {
	return many(tx, scanFile, `
		SELECT `+fileColumns+`
		FROM file f
		WHERE f.state = 'wanted' AND f.next_try <= $1
		ORDER BY f.next_try, f.id`+limited(limit), ms(tx.Now))
}

// StoreFile notes where the bytes of a file are kept and their SHA-256.
func (tx *Tx) StoreFile(id int64, path string, sum []byte, size int64) error {
	_, err := tx.exec(`UPDATE file SET state = 'stored', path = $1, sha256 = $2, size = $3 WHERE id = $4`, path, sum, size, id)
	return err
}

// RetryFile sets when the fetching of a file is tried again; attempts grows by one. It returns the attempts made.
func (tx *Tx) RetryFile(id int64, at time.Time) (int, error) {
	return one(tx, scalar[int], `UPDATE file SET attempts = attempts + 1, next_try = $1 WHERE id = $2 RETURNING attempts`, ms(at), id)
}

// LoseFile notes that the bytes of a file cannot be had.
func (tx *Tx) LoseFile(id int64) error {
	_, err := tx.exec(`UPDATE file SET state = 'lost' WHERE id = $1`, id)
	return err
}

// usesLimit is how many other assignments with the same file are looked for.
const usesLimit = 5

// UsesElsewhere returns the other assignments for which the same file, by Telegram's id or by its bytes, was reported and not taken back, a few at most.
func (tx *Tx) UsesElsewhere(f duban.File) ([]int64, error) {
	return many(tx, scalar[int64], `
		SELECT DISTINCT s.assignment_id
		FROM file o
		JOIN submission s ON s.id = o.submission_id AND s.state IN ('waiting', 'passed', 'returned')
		WHERE (o.unique_id = $1 OR (o.sha256 IS NOT NULL AND o.sha256 = $2))
			AND s.assignment_id <> (SELECT assignment_id FROM submission WHERE id = $3)
		ORDER BY s.assignment_id`+limited(usesLimit), f.UniqueID, f.SHA256, f.SubmissionID)
}

// AddProgress adds a report of progress made now.
func (tx *Tx) AddProgress(assignment, person int64, percent int, body string) error {
	_, err := tx.exec(`INSERT INTO progress (assignment_id, person_id, at, percent, body) VALUES ($1, $2, $3, $4, $5)`,
		assignment, person, ms(tx.Now), percent, body)
	return err
}

// AlbumAssignment returns the assignment to which an earlier message of an album was handed in; 0 when there is none.
func (tx *Tx) AlbumAssignment(chat int64, mediaGroup string) (int64, error) {
	id, err := one(tx, scalar[int64], `
		SELECT s.assignment_id
		FROM file f
		JOIN submission s ON s.id = f.submission_id
		WHERE f.chat_id = $1 AND f.media_group = $2 AND f.media_group <> ''
		ORDER BY f.id DESC
		LIMIT 1`, chat, mediaGroup)
	if duban.CodeOf(err) == duban.NotFound {
		return 0, nil
	}
	return id, err
}
