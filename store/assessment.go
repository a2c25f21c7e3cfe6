package store

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"duban"
	"duban/calendar"
)

// KeepRules keeps the text of rules of assessment under their version, and reports whether it is what was kept before under it.
func (tx *Tx) KeepRules(version, body string) (same bool, err error) {
	_, err = tx.exec(`
		INSERT INTO assessment_rules (version, body, added_at)
		VALUES ($1, $2, $3)
		ON CONFLICT (version) DO NOTHING`, version, body, ms(tx.Now))
	if err != nil {
		return false, err
	}
	kept, err := tx.RulesBody(version)
	return kept == body, err
}

// RulesBody returns the text of rules that were used once.
func (tx *Tx) RulesBody(version string) (string, error) {
	return one(tx, scalar[string], `SELECT body FROM assessment_rules WHERE version = $1`, version)
}

const roundColumns = `r.id, r.year, r.rules, r.opened_by, r.opened_at, r.until_date, r.closed_by, r.closed_at`

func scanRound(s scanner) (duban.AssessmentRound, error) {
	var r duban.AssessmentRound
	var opener, closer, closed sql.NullInt64
	var opened int64
	var until string
	if err := s.Scan(&r.ID, &r.Year, &r.Rules, &opener, &opened, &until, &closer, &closed); err != nil {
		return r, err
	}
	r.OpenedBy, r.OpenedAt, r.ClosedBy, r.ClosedAt = opener.Int64, fromMS(opened), closer.Int64, fromNull(closed)
	var err error
	r.Until, err = calendar.ParseDate(until)
	return r, err
}

// Round returns a round of assessment by id.
func (tx *Tx) Round(id int64) (duban.AssessmentRound, error) {
	return one(tx, scanRound, `SELECT `+roundColumns+` FROM assessment_round r WHERE r.id = $1`, id)
}

// RoundOf returns the round of a year.
func (tx *Tx) RoundOf(year int) (duban.AssessmentRound, error) {
	return one(tx, scanRound, `SELECT `+roundColumns+` FROM assessment_round r WHERE r.year = $1`, year)
}

// Rounds returns every round, newest year first.
func (tx *Tx) Rounds() ([]duban.AssessmentRound, error) {
	return many(tx, scanRound, `SELECT `+roundColumns+` FROM assessment_round r ORDER BY r.year DESC`)
}

// AddRound opens the round of a year and returns its id.
func (tx *Tx) AddRound(r duban.AssessmentRound) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO assessment_round (year, rules, opened_by, opened_at, until_date)
		VALUES ($1, $2, $3, $4, $5)
		RETURNING id`, r.Year, r.Rules, ref(r.OpenedBy), ms(tx.Now), r.Until.String())
}

// SaveRound saves until when a round is open, and whether it is closed.
func (tx *Tx) SaveRound(r duban.AssessmentRound) error {
	_, err := tx.exec(`UPDATE assessment_round SET until_date = $1, closed_by = $2, closed_at = $3 WHERE id = $4`,
		r.Until.String(), ref(r.ClosedBy), ms(r.ClosedAt), r.ID)
	return err
}

const assessmentColumns = `a.id, a.round_id, a.unit_id, a.counted, a.not_yet, a.computed_at, a.to_compute, a.looked_at, a.decided_by, a.decided_at, a.note, a.total`

func scanAssessment(s scanner) (duban.Assessment, error) {
	var a duban.Assessment
	var counted string
	var computed int64
	var looked, by, at sql.NullInt64
	if err := s.Scan(&a.ID, &a.RoundID, &a.UnitID, &counted, &a.NotYet, &computed, &a.ToCompute, &looked, &by, &at, &a.Note, &a.Total); err != nil {
		return a, err
	}
	a.Computed, a.LookedAt, a.DecidedBy, a.DecidedAt = fromMS(computed), fromNull(looked), by.Int64, fromNull(at)
	if err := json.Unmarshal([]byte(counted), &a.Counted); err != nil {
		return a, fmt.Errorf("read what an assessment counted: %w", err)
	}
	return a, nil
}

// Assessment returns one unit's assessment by id.
func (tx *Tx) Assessment(id int64) (duban.Assessment, error) {
	return one(tx, scanAssessment, `SELECT `+assessmentColumns+` FROM assessment a WHERE a.id = $1`, id)
}

// AssessmentsOf returns the assessments of a round, in the order of the units.
func (tx *Tx) AssessmentsOf(round int64) ([]duban.Assessment, error) {
	return many(tx, scanAssessment, `SELECT `+assessmentColumns+` FROM assessment a WHERE a.round_id = $1 ORDER BY a.unit_id`, round)
}

// UnitsIn returns the units of a round, those that are closed meanwhile too.
func (tx *Tx) UnitsIn(round int64) ([]duban.Unit, error) {
	return many(tx, scanUnit, `SELECT `+unitColumns+` FROM assessment a JOIN unit u ON u.id = a.unit_id WHERE a.round_id = $1`, round)
}

// AssessmentIn returns the assessment of a unit in a round.
func (tx *Tx) AssessmentIn(round, unit int64) (duban.Assessment, error) {
	return one(tx, scanAssessment, `SELECT `+assessmentColumns+` FROM assessment a WHERE a.round_id = $1 AND a.unit_id = $2`, round, unit)
}

// AddAssessment adds a unit to a round, to be computed.
func (tx *Tx) AddAssessment(round, unit int64) error {
	_, err := tx.exec(`
		INSERT INTO assessment (round_id, unit_id, counted, not_yet, computed_at, to_compute)
		VALUES ($1, $2, '{}', 0, 0, TRUE)`, round, unit)
	return err
}

// ComputeAnew marks every unit of a round to be computed.
func (tx *Tx) ComputeAnew(round int64) error {
	_, err := tx.exec(`UPDATE assessment SET to_compute = TRUE WHERE round_id = $1`, round)
	return err
}

// ToCompute returns how many units of a round are still to be computed.
func (tx *Tx) ToCompute(round int64) (int, error) {
	return one(tx, scalar[int], `SELECT COUNT(*) FROM assessment WHERE round_id = $1 AND to_compute`, round)
}

// SaveComputed saves that the assessment of a unit was computed now, and what was counted. Nobody of the unit has looked at that yet.
func (tx *Tx) SaveComputed(a duban.Assessment) error {
	counted, err := json.Marshal(a.Counted)
	if err != nil {
		return err
	}
	_, err = tx.exec(`UPDATE assessment SET counted = $1, not_yet = $2, computed_at = $3, to_compute = FALSE, looked_at = NULL WHERE id = $4`,
		string(counted), a.NotYet, ms(tx.Now), a.ID)
	return err
}

// SaveLooked saves that somebody of a unit looks now at what is proposed of it.
func (tx *Tx) SaveLooked(assessment int64) error {
	_, err := tx.exec(`UPDATE assessment SET looked_at = $1 WHERE id = $2 AND looked_at IS NULL`, ms(tx.Now), assessment)
	return err
}

// DecideAssessment makes an assessment final.
func (tx *Tx) DecideAssessment(a duban.Assessment) error {
	_, err := tx.exec(`UPDATE assessment SET decided_by = $1, decided_at = $2, note = $3, total = $4 WHERE id = $5`,
		ref(a.DecidedBy), ms(a.DecidedAt), a.Note, int(a.Total), a.ID)
	return err
}

const lineColumns = `l.id, l.assessment_id, l.element, l.finding, l.exempt, l.assignment_id, l.days, l.notice, l.raw, l.points, l.seqs, l.decision,
	l.decided, l.reason, l.decided_by, l.decided_at`

func scanLine(s scanner) (duban.ScoreLine, error) {
	var l duban.ScoreLine
	var seqs string
	var by, at sql.NullInt64
	err := s.Scan(&l.ID, &l.AssessmentID, &l.Element, &l.Finding, &l.Exempt, &l.AssignmentID, &l.Days, &l.Notice, &l.Raw, &l.Points, &seqs,
		&l.Decision, &l.Decided, &l.Reason, &by, &at)
	if err != nil {
		return l, err
	}
	l.DecidedBy, l.DecidedAt = by.Int64, fromNull(at)
	l.Seqs, err = readList(seqs)
	return l, err
}

// ScoreLine returns a line by id.
func (tx *Tx) ScoreLine(id int64) (duban.ScoreLine, error) {
	return one(tx, scanLine, `SELECT `+lineColumns+` FROM assessment_line l WHERE l.id = $1`, id)
}

// ScoreLines returns the lines of an assessment, in the order in which they were found.
func (tx *Tx) ScoreLines(assessment int64) ([]duban.ScoreLine, error) {
	return many(tx, scanLine, `SELECT `+lineColumns+` FROM assessment_line l WHERE l.assessment_id = $1 ORDER BY l.id`, assessment)
}

// ScoreLinesIn returns the lines of every assessment of a round, of each in the order in which they were found.
func (tx *Tx) ScoreLinesIn(round int64) ([]duban.ScoreLine, error) {
	return many(tx, scanLine, `
		SELECT `+lineColumns+`
		FROM assessment a
		JOIN assessment_line l ON l.assessment_id = a.id
		WHERE a.round_id = $1
		ORDER BY l.id`, round)
}

// Lost is how many points the lines of an assessment cost together in one element, as things stand.
type Lost struct {
	Assessment int64
	Element    duban.Element
	Points     duban.Points
}

// LostIn returns what the assessments of a round lose; an element of which nothing is lost may be missing.
func (tx *Tx) LostIn(round int64) ([]Lost, error) {
	return many(tx, func(s scanner) (l Lost, err error) {
		return l, s.Scan(&l.Assessment, &l.Element, &l.Points)
	}, `
		SELECT l.assessment_id, l.element, SUM(CASE l.decision WHEN '' THEN l.points ELSE l.decided END)
		FROM assessment a
		JOIN assessment_line l ON l.assessment_id = a.id
		WHERE a.round_id = $1
		GROUP BY l.assessment_id, l.element`, round)
}

// PutScoreLine adds a line, or saves what was computed anew and decided about the one of the same element and item. It returns the id.
func (tx *Tx) PutScoreLine(l duban.ScoreLine) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO assessment_line (assessment_id, element, finding, exempt, assignment_id, days, notice, raw, points, seqs, decision, decided, reason,
			decided_by, decided_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
		ON CONFLICT (assessment_id, element, assignment_id) DO UPDATE SET finding = excluded.finding, exempt = excluded.exempt, days = excluded.days,
			notice = excluded.notice, raw = excluded.raw, points = excluded.points, seqs = excluded.seqs, decision = excluded.decision,
			decided = excluded.decided, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at
		RETURNING id`,
		l.AssessmentID, l.Element, l.Finding, l.Exempt, l.AssignmentID, l.Days, l.Notice, int(l.Raw), int(l.Points), list(l.Seqs), l.Decision,
		int(l.Decided), l.Reason, ref(l.DecidedBy), ms(l.DecidedAt))
}

// DropScoreLine takes out a line to which nobody has objected, because it no longer holds.
func (tx *Tx) DropScoreLine(id int64) error {
	_, err := tx.exec(`DELETE FROM assessment_line WHERE id = $1`, id)
	return err
}

const partColumns = `p.assessment_id, p.part, p.points, p.reason, p.entered_by, p.entered_at`

func scanPart(s scanner) (duban.ScorePart, error) {
	var p duban.ScorePart
	var by sql.NullInt64
	var at int64
	err := s.Scan(&p.AssessmentID, &p.Part, &p.Points, &p.Reason, &by, &at)
	p.EnteredBy, p.EnteredAt = by.Int64, fromMS(at)
	return p, err
}

// ScoreParts returns the parts that were entered for an assessment.
func (tx *Tx) ScoreParts(assessment int64) ([]duban.ScorePart, error) {
	return many(tx, scanPart, `SELECT `+partColumns+` FROM assessment_part p WHERE p.assessment_id = $1 ORDER BY p.part`, assessment)
}

// ScorePartsIn returns the parts that were entered for every assessment of a round.
func (tx *Tx) ScorePartsIn(round int64) ([]duban.ScorePart, error) {
	return many(tx, scanPart, `
		SELECT `+partColumns+`
		FROM assessment a
		JOIN assessment_part p ON p.assessment_id = a.id
		WHERE a.round_id = $1
		ORDER BY p.assessment_id, p.part`, round)
}

// PutScorePart enters a part of an assessment, in the place of what was entered before.
func (tx *Tx) PutScorePart(assessment int64, p duban.ScorePart) error {
	_, err := tx.exec(`
		INSERT INTO assessment_part (assessment_id, part, points, reason, entered_by, entered_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (assessment_id, part) DO UPDATE SET points = excluded.points, reason = excluded.reason, entered_by = excluded.entered_by,
			entered_at = excluded.entered_at`, assessment, p.Part, int(p.Points), p.Reason, ref(p.EnteredBy), ms(tx.Now))
	return err
}

const objectionColumns = `o.id, o.line_id, o.person_id, o.at, o.reason, o.answered_by, o.answered_at, o.answer, o.upheld`

func scanObjection(s scanner) (duban.ScoreObjection, error) {
	var o duban.ScoreObjection
	var at int64
	var by, answered sql.NullInt64
	err := s.Scan(&o.ID, &o.LineID, &o.By, &at, &o.Reason, &by, &answered, &o.Answer, &o.Upheld)
	o.At, o.AnsweredBy, o.AnsweredAt = fromMS(at), by.Int64, fromNull(answered)
	return o, err
}

// ScoreObjection returns an objection to a line by id.
func (tx *Tx) ScoreObjection(id int64) (duban.ScoreObjection, error) {
	return one(tx, scanObjection, `SELECT `+objectionColumns+` FROM assessment_objection o WHERE o.id = $1`, id)
}

// ObjectionsTo returns the objections to the lines of an assessment, oldest first.
func (tx *Tx) ObjectionsTo(assessment int64) ([]duban.ScoreObjection, error) {
	return many(tx, scanObjection, `
		SELECT `+objectionColumns+`
		FROM assessment_line l
		JOIN assessment_objection o ON o.line_id = l.id
		WHERE l.assessment_id = $1
		ORDER BY o.id`, assessment)
}

// ObjectionsIn returns the objections of a round that wait for an answer, oldest first.
func (tx *Tx) ObjectionsIn(round int64) ([]duban.ScoreObjection, error) {
	return many(tx, scanObjection, `
		SELECT `+objectionColumns+`
		FROM assessment a
		JOIN assessment_line l ON l.assessment_id = a.id
		JOIN assessment_objection o ON o.line_id = l.id
		WHERE a.round_id = $1 AND o.answered_at IS NULL
		ORDER BY o.id`, round)
}

// AddScoreObjection adds an objection and returns its id.
func (tx *Tx) AddScoreObjection(o duban.ScoreObjection) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO assessment_objection (line_id, person_id, at, reason)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, o.LineID, o.By, ms(tx.Now), o.Reason)
}

// AnswerScoreObjection saves the answer to an objection.
func (tx *Tx) AnswerScoreObjection(o duban.ScoreObjection) error {
	_, err := tx.exec(`UPDATE assessment_objection SET answered_by = $1, answered_at = $2, answer = $3, upheld = $4 WHERE id = $5`,
		ref(o.AnsweredBy), ms(o.AnsweredAt), o.Answer, o.Upheld, o.ID)
	return err
}

// EntriesAbout calls fn for the entries of some events, oldest first, until fn returns an error.
func (tx *Tx) EntriesAbout(events []duban.Event, fn func(duban.Entry) error) error {
	args := make([]any, len(events))
	for i, e := range events {
		args[i] = e
	}
	all, err := many(tx, scanEntry, `
		SELECT `+recordColumns+`
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		WHERE r.event IN (`+placeholders(len(events))+`)
		ORDER BY r.seq`, args...)
	for _, e := range all {
		if err := fn(e); err != nil {
			return err
		}
	}
	return err
}

// EveryEntryIn calls fn for the entries from an instant on that are about a unit, what is below it or one of their items as they are now, and for those
// about times in which the program was down; oldest first, until fn returns an error.
func (tx *Tx) EveryEntryIn(unit int64, from time.Time, fn func(duban.Entry) error) error {
	return each(tx, scanEntry, fn, `
		SELECT `+recordColumns+`
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		WHERE r.at >= $1 AND (r.event = $2
			OR r.unit_id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = $3)
			OR r.assignment_id IN (SELECT a.id FROM assignment a JOIN unit_closure c ON c.descendant_id = a.unit_id AND c.ancestor_id = $3))
		ORDER BY r.seq`, max(from.UnixMilli(), 0), duban.EventOutage, unit)
}

// EntriesBySeq returns entries of the record by their numbers, oldest first.
func (tx *Tx) EntriesBySeq(seqs []int64) ([]duban.Entry, error) {
	list, args := listed(seqs)
	return many(tx, scanEntry, `
		SELECT `+recordColumns+`
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		WHERE r.seq IN (`+list+`)
		ORDER BY r.seq`, args...)
}

// Kept is a file that was handed in, with the item and the submission on which it hangs.
type Kept struct {
	duban.File
	AssignmentID int64
	Submission   duban.SubmissionState
}

// FilesFor returns every file that was handed in for an assignment, whatever has become of the submission, in the order in which they were sent. What is
// still being collected is left out.
func (tx *Tx) FilesFor(assignment int64) ([]Kept, error) {
	return many(tx, func(s scanner) (Kept, error) {
		var k Kept
		var at int64
		err := s.Scan(&k.ID, &k.SubmissionID, &k.Kind, &k.FileID, &k.UniqueID, &k.Name, &k.Size, &k.SHA256, &k.Path, &k.State, &k.MediaGroup,
			&k.ChatID, &k.MessageID, &at, &k.Forwarded, &k.AssignmentID, &k.Submission)
		k.At = fromMS(at)
		return k, err
	}, `
		SELECT `+fileColumns+`, s.assignment_id, s.state
		FROM submission s
		JOIN file f ON f.submission_id = s.id
		WHERE s.assignment_id = $1 AND s.state <> 'collecting'
		ORDER BY s.id, f.message_id, f.id`, assignment)
}
