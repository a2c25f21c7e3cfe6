package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// scoring is what a dialog about an assessment waits for: words about a line, an objection, a part of a unit's assessment, or a round.
type scoring struct {
	ID   int64  `json:"id"`
	Part string `json:"part,omitempty"`
	Line int64  `json:"line,omitempty"` // to be shown afterwards
}

// The steps of a dialog about an assessment.
const (
	stepChange   = "change"
	stepPart     = "part"
	stepObject   = "object"
	stepUphold   = "uphold"
	stepKeep     = "keep"
	stepSendBack = "sendback"
)

func (v *visit) acceptLine(line int64) error {
	if _, err := v.Desk.AcceptLine(v.ctx, v.who, line); err != nil {
		return err
	}
	v.answer("assess.done.accept")
	return v.showLine(line)
}

func (v *visit) acceptLines(assessment int64) error {
	n, err := v.Desk.AcceptLines(v.ctx, v.who, assessment)
	if err != nil {
		return err
	}
	v.answer("assess.done.acceptall", "n", n)
	return v.showUnitSheet(assessment)
}

// askWords begins a dialog and asks for its words.
func (v *visit) askWords(step string, d scoring, key string, args ...any) error {
	if err := v.begin("assess", step, d); err != nil {
		return err
	}
	v.say(key, args...)
	return nil
}

func (v *visit) askChange(line int64) error {
	return v.onLine(line, func(p *page, l lineSeen) error {
		return v.askWords(stepChange, scoring{ID: line, Line: line}, "assess.ask.change", "points", l.Counts().String(), "found", p.word("element."+string(l.Element)))
	})
}

func (v *visit) askObject(line int64) error {
	return v.onLine(line, func(p *page, l lineSeen) error {
		return v.askWords(stepObject, scoring{ID: line, Line: line}, "assess.ask.object", "points", l.Counts().String(), "until", p.dateWord(p.Desk.ObjectUntil(l.round, l.ScoreLine)))
	})
}

func (v *visit) askUphold(objection int64) error { return v.askVerdict(objection, stepUphold) }

func (v *visit) askKeep(objection int64) error { return v.askVerdict(objection, stepKeep) }

func (v *visit) askVerdict(objection int64, step string) error {
	o, err := v.objection(objection)
	if err != nil {
		return err
	}
	return v.onLine(o.LineID, func(_ *page, l lineSeen) error {
		return v.askWords(step, scoring{ID: objection, Line: l.ID}, "assess.ask."+step, "points", l.Counts().String())
	})
}

func (v *visit) objection(id int64) (o duban.ScoreObjection, err error) {
	err = v.read(func(p *page) error {
		o, err = p.tx.ScoreObjection(id)
		return err
	})
	return o, err
}

func (v *visit) askPart(assessment int64, part string) error {
	return v.onAssessment(assessment, func(p *page, a duban.Assessment) error {
		s, err := p.exports().Assessed(a)
		if err != nil {
			return err
		}
		most, known := s.Rules.Most(part)
		if !known {
			v.answer("press.stale")
			return nil
		}
		return v.askWords(stepPart, scoring{ID: assessment, Part: part}, "assess.ask.part", "part", p.word("part."+part), "unit", s.Unit.Name, "max", most.String())
	})
}

func (v *visit) askSendBack(round int64) error {
	return v.askWords(stepSendBack, scoring{ID: round}, "assess.ask.sendback")
}

// nextObjection shows the line of the objection that has waited longest.
func (v *visit) nextObjection(round int64) error {
	line := int64(0)
	err := v.read(func(p *page) error {
		all, err := p.tx.ObjectionsIn(round)
		if len(all) > 0 {
			line = all[0].LineID
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case line == 0:
		v.answer("assess.no_objections")
		return nil
	}
	return v.showLine(line)
}

// assessStep takes the words that a dialog about an assessment waits for: a reason, or points with a reason behind them.
func (v *visit) assessStep(typed string, files []duban.File) (bool, error) {
	var d scoring
	if err := v.data(&d); err != nil {
		return true, err
	}
	if typed == "" || len(files) > 0 || v.about.AssignmentID != 0 {
		return false, nil
	}
	switch v.dialog.Step {
	case stepObject:
		_, err := v.Desk.ObjectToLine(v.ctx, v.who, d.ID, typed)
		return true, v.thenLine(d.Line, "assess.done.object", err)
	case stepKeep:
		_, err := v.Desk.AnswerObjection(v.ctx, v.who, d.ID, work.Verdict{Answer: typed})
		return true, v.thenLine(d.Line, "assess.done.keep", err)
	case stepSendBack:
		_, err := v.Desk.ReturnAssessment(v.ctx, v.who, d.ID, typed)
		if err == nil {
			v.say("assess.done.sendback")
		}
		return true, v.thenEnd(err)
	}
	figure, reason := text.PointsAndReason(typed)
	points, ok := duban.ParsePoints(figure)
	if !ok || reason == "" {
		v.say("assess.points_first")
		return true, nil
	}
	return true, v.pointsSaid(d, points, reason)
}

func (v *visit) pointsSaid(d scoring, points duban.Points, reason string) error {
	switch v.dialog.Step {
	case stepChange:
		_, err := v.Desk.ChangeLine(v.ctx, v.who, d.ID, points, reason)
		return v.thenLine(d.Line, "assess.done.change", err)
	case stepUphold:
		_, err := v.Desk.AnswerObjection(v.ctx, v.who, d.ID, work.Verdict{Upheld: true, Points: points, Answer: reason})
		return v.thenLine(d.Line, "assess.done.uphold", err)
	}
	if err := v.Desk.EnterPart(v.ctx, v.who, d.ID, d.Part, points, reason); err != nil {
		return err
	}
	v.say("assess.done.part", "part", v.word("part."+d.Part), "points", points.String())
	return v.thenEnd(v.showUnitSheet(d.ID))
}

// thenLine says what was done and shows the line as it stands now.
func (v *visit) thenLine(line int64, key string, err error) error {
	if err != nil {
		return err
	}
	v.say(key)
	return v.thenEnd(v.showLine(line))
}
