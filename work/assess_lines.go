package work

import (
	"context"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/store"
)

// scoring is a line with what it belongs to, before somebody who may decide on it.
type scoring struct {
	line       duban.ScoreLine
	assessment duban.Assessment
	round      duban.AssessmentRound
	rules      assess.Rules
}

// scoringOf reads a line of a round that is open.
func scoringOf(tx *store.Tx, line int64) (s scoring, err error) {
	if s.line, err = tx.ScoreLine(line); err != nil {
		return s, err
	}
	if s.assessment, s.round, err = assessmentOf(tx, s.line.AssessmentID); err != nil {
		return s, err
	}
	s.rules, err = RulesOf(tx, s.round)
	return s, err
}

// assessmentOf reads an assessment of a round that is open.
func assessmentOf(tx *store.Tx, id int64) (duban.Assessment, duban.AssessmentRound, error) {
	a, r, err := roundOf(tx, id)
	if err == nil && !r.Open() {
		err = duban.Refuse(duban.AlreadyDone, "at", r.ClosedAt)
	}
	return a, r, err
}

// roundOf reads an assessment with its round.
func roundOf(tx *store.Tx, id int64) (duban.Assessment, duban.AssessmentRound, error) {
	a, err := tx.Assessment(id)
	if err != nil {
		return a, duban.AssessmentRound{}, err
	}
	r, err := tx.Round(a.RoundID)
	return a, r, err
}

// AcceptLine accepts what is proposed for a line. An administrator of the unit may; while an objection waits, that is answered instead.
func (d *Desk) AcceptLine(ctx context.Context, who duban.Actor, line int64) (duban.ScoreLine, error) {
	var after duban.ScoreLine
	err := d.write(ctx, who, func(tx *store.Tx) error {
		s, err := mayScore(tx, who, line)
		if err != nil {
			return err
		}
		if s.line.Decision != duban.LineOpen {
			return duban.Refuse(duban.AlreadyDone, "at", s.line.DecidedAt)
		}
		after, err = d.settleLine(tx, who, s, duban.LineAccepted, s.line.Points, "")
		return err
	})
	return after, err
}

// AcceptLines accepts every line of an assessment about which nothing is decided and no objection waits, and returns how many.
func (d *Desk) AcceptLines(ctx context.Context, who duban.Actor, assessment int64) (int, error) {
	accepted := 0
	err := d.write(ctx, who, func(tx *store.Tx) error {
		accepted = 0
		a, r, err := assessmentOf(tx, assessment)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActPropose, a.UnitID); err != nil {
			return err
		}
		lines, err := tx.ScoreLines(assessment)
		if err != nil {
			return err
		}
		waits, err := waitingObjections(tx, assessment)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if l.Decision != duban.LineOpen || waits[l.ID] {
				continue
			}
			if _, err := d.settleLine(tx, who, scoring{line: l, assessment: a, round: r}, duban.LineAccepted, l.Points, ""); err != nil {
				return err
			}
			accepted++
		}
		if accepted == 0 {
			return duban.Refuse(duban.NothingToDo)
		}
		return nil
	})
	return accepted, err
}

// ChangeLine decides that a line costs other points than proposed, with a reason; none, or more than before. The unit is told and may object anew. An
// administrator of the unit may.
func (d *Desk) ChangeLine(ctx context.Context, who duban.Actor, line int64, points duban.Points, reason string) (duban.ScoreLine, error) {
	var after duban.ScoreLine
	err := d.write(ctx, who, func(tx *store.Tx) error {
		s, err := mayScore(tx, who, line)
		if err != nil {
			return err
		}
		why, err := given(reason)
		if err != nil {
			return err
		}
		if points > s.rules.Scale(s.line.Element).Max {
			return duban.Refuse(duban.BadPoints)
		}
		if after, err = d.settleLine(tx, who, s, duban.LineChanged, points, why); err != nil {
			return err
		}
		return d.tellUnitOf(tx, s.assessment, AssessNews{What: AssessChanged, Assessment: s.assessment.ID, Line: line})
	})
	return after, err
}

// mayScore reads a line for whoever may decide on it, without an objection that waits.
func mayScore(tx *store.Tx, who duban.Actor, line int64) (scoring, error) {
	s, err := scoringOf(tx, line)
	if err != nil {
		return s, err
	}
	if err := mustMay(tx, who, duban.ActPropose, s.assessment.UnitID); err != nil {
		return s, err
	}
	waits, err := waitingObjections(tx, s.assessment.ID)
	if err == nil && waits[line] {
		return s, duban.Refuse(duban.PendingRequest)
	}
	return s, err
}

// settleLine saves and records a decision on a line.
func (d *Desk) settleLine(tx *store.Tx, who duban.Actor, s scoring, decision duban.LineDecision, points duban.Points, why string) (duban.ScoreLine, error) {
	l := s.line
	facts := duban.Facts{
		"assessment": l.AssessmentID, "line": l.ID, "element": string(l.Element), "finding": string(l.Finding), "points": points.String(), "proposed": l.Points.String(),
	}
	l.Decision, l.Decided, l.Reason, l.DecidedBy, l.DecidedAt = decision, points, why, who.PersonID, tx.Now
	if _, err := tx.PutScoreLine(l); err != nil {
		return l, err
	}
	return l, recordScore(tx, who, s.assessment, duban.EventScored, l.AssignmentID, facts, why)
}

// recordScore appends an entry about the assessment of a unit, and about one of its items where it is about one.
func recordScore(tx *store.Tx, who duban.Actor, a duban.Assessment, event duban.Event, assignment int64, facts duban.Facts, note string) error {
	e := duban.Entry{Event: event, UnitID: a.UnitID, AssignmentID: assignment, Facts: facts, Note: note}
	if assignment != 0 {
		item, err := tx.Assignment(assignment)
		if err != nil {
			return err
		}
		e.TaskID = item.TaskID
	}
	return tx.Record(who, e)
}

// EnterPart enters a part of the total that is not computed (年终考核, 述职评议, 项目拉练, 加分, 扣分), with the reason: where the points come from. An
// administrator of the unit may, and again as long as the round is open.
func (d *Desk) EnterPart(ctx context.Context, who duban.Actor, assessment int64, part string, points duban.Points, reason string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		a, r, err := assessmentOf(tx, assessment)
		if err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActPropose, a.UnitID); err != nil {
			return err
		}
		rules, err := RulesOf(tx, r)
		if err != nil {
			return err
		}
		why, err := given(reason)
		if err != nil {
			return err
		}
		if most, known := rules.Most(part); !known || points > most {
			return duban.Refuse(duban.BadPoints)
		}
		return d.savePart(tx, who, a, duban.ScorePart{Part: part, Points: points, Reason: why, EnteredBy: who.PersonID})
	})
}

// ObjectUntil returns the last day on which a unit may object to a line: the end of the window, or five working days after the line was changed.
func (d *Desk) ObjectUntil(r duban.AssessmentRound, l duban.ScoreLine) calendar.Date {
	if l.Decision != duban.LineChanged {
		return r.Until
	}
	return laterDate(r.Until, d.WindowEnd(l.DecidedAt, duban.ObjectWithin))
}

// ObjectToLine objects to a line (考评异议), with a reason. The secretary of the unit may, within the time; it goes to the administrators.
func (d *Desk) ObjectToLine(ctx context.Context, who duban.Actor, line int64, reason string) (duban.ScoreObjection, error) {
	var o duban.ScoreObjection
	err := d.write(ctx, who, func(tx *store.Tx) error {
		s, err := scoringOf(tx, line)
		if err != nil {
			return err
		}
		if who.PersonID == 0 {
			return duban.Refuse(duban.NotAllowed)
		}
		if err := mustMay(tx, who, duban.ActObject, s.assessment.UnitID); err != nil {
			return err
		}
		if d.Calendar.Today(tx.Now).After(d.ObjectUntil(s.round, s.line)) {
			return duban.Refuse(duban.TooLate)
		}
		waits, err := waitingObjections(tx, s.assessment.ID)
		if err != nil {
			return err
		}
		if waits[line] {
			return duban.Refuse(duban.PendingRequest)
		}
		why, err := given(reason)
		if err != nil {
			return err
		}
		o = duban.ScoreObjection{LineID: line, By: who.PersonID, At: tx.Now, Reason: why}
		if o.ID, err = tx.AddScoreObjection(o); err != nil {
			return err
		}
		facts := duban.Facts{"assessment": s.assessment.ID, "line": line, "objection": o.ID, "element": string(s.line.Element), "points": s.line.Counts().String()}
		if err := recordScore(tx, who, s.assessment, duban.EventScoreObjected, s.line.AssignmentID, facts, why); err != nil {
			return err
		}
		admins, err := Administrators(tx, s.assessment.UnitID)
		if err != nil {
			return err
		}
		return d.tellAssess(tx, AssessNews{What: AssessObjected, Assessment: s.assessment.ID, Line: line, Objection: o.ID}, admins)
	})
	return o, err
}

func waitingObjections(tx *store.Tx, assessment int64) (map[int64]bool, error) {
	all, err := tx.ObjectionsTo(assessment)
	lines := map[int64]bool{}
	for _, o := range all {
		if o.AnsweredAt.IsZero() {
			lines[o.LineID] = true
		}
	}
	return lines, err
}

// Verdict is the answer to an objection. Where it is upheld, the line costs Points from then on.
type Verdict struct {
	Upheld bool
	Points duban.Points
	Answer string
}

// AnswerObjection answers an objection, with a reason, on record: upheld, with other points for the line, or not. An administrator of the unit may.
func (d *Desk) AnswerObjection(ctx context.Context, who duban.Actor, objection int64, v Verdict) (duban.ScoreLine, error) {
	var after duban.ScoreLine
	err := d.write(ctx, who, func(tx *store.Tx) error {
		o, err := tx.ScoreObjection(objection)
		if err != nil {
			return err
		}
		if !o.AnsweredAt.IsZero() {
			return duban.Refuse(duban.AlreadyDone, "at", o.AnsweredAt)
		}
		s, err := scoringOf(tx, o.LineID)
		if err != nil {
			return err
		}
		if who.PersonID != 0 && who.PersonID == o.By {
			return duban.Refuse(duban.OwnRequest)
		}
		if err := mustMay(tx, who, duban.ActPropose, s.assessment.UnitID); err != nil {
			return err
		}
		answer, err := given(v.Answer)
		if err != nil {
			return err
		}
		after, err = d.answer(tx, who, s, o, Verdict{v.Upheld, v.Points, answer})
		return err
	})
	return after, err
}

func (d *Desk) answer(tx *store.Tx, who duban.Actor, s scoring, o duban.ScoreObjection, v Verdict) (duban.ScoreLine, error) {
	points, decision := s.line.Counts(), duban.LineAccepted
	if s.line.Decision == duban.LineChanged || v.Upheld {
		decision = duban.LineChanged
	}
	if v.Upheld {
		points = v.Points
	}
	if before := s.line.Counts(); v.Upheld && (points > before || points == before && before > 0) {
		return s.line, duban.Refuse(duban.BadPoints)
	}
	o.AnsweredBy, o.AnsweredAt, o.Answer, o.Upheld = who.PersonID, tx.Now, v.Answer, v.Upheld
	if err := tx.AnswerScoreObjection(o); err != nil {
		return s.line, err
	}
	facts := duban.Facts{"assessment": s.assessment.ID, "line": s.line.ID, "objection": o.ID, "upheld": v.Upheld, "points": points.String()}
	if err := recordScore(tx, who, s.assessment, duban.EventScoreAnswered, s.line.AssignmentID, facts, v.Answer); err != nil {
		return s.line, err
	}
	l := s.line
	l.Decision, l.Decided, l.Reason, l.DecidedBy, l.DecidedAt = decision, points, v.Answer, who.PersonID, tx.Now
	if _, err := tx.PutScoreLine(l); err != nil {
		return l, err
	}
	return l, d.tellUnitOf(tx, s.assessment, AssessNews{What: AssessAnswered, Assessment: s.assessment.ID, Line: l.ID, Objection: o.ID})
}
