package bot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"duban"
	"duban/export"
	"duban/text"
	"duban/work"
)

// showOwnAssessment shows how the unit is assessed whose assessment the visitor may see, in the newest round.
func (v *visit) showOwnAssessment() error {
	own := int64(0)
	err := v.read(func(p *page) (err error) {
		own, err = p.ownAssessment()
		return err
	})
	switch {
	case err != nil:
		return err
	case own == 0:
		v.say("assess.none_own")
		return nil
	}
	return v.lookAt(own, func(p *page, a duban.Assessment) error {
		out, err := p.unitSheet(a, 0)
		v.send(out)
		return err
	})
}

// ownAssessment finds the first assessment that the reader may see, in the newest round; 0 for none.
func (p *page) ownAssessment() (int64, error) {
	rounds, err := p.tx.Rounds()
	if err != nil {
		return 0, err
	}
	for _, r := range rounds {
		all, err := p.tx.AssessmentsOf(r.ID)
		if err != nil {
			return 0, err
		}
		for _, a := range all {
			if ok, err := work.May(p.tx, p.actor(), duban.ActOwnAssess, a.UnitID); err != nil || ok {
				return a.ID, err
			}
		}
	}
	return 0, nil
}

func (v *visit) showUnitSheet(assessment int64) error { return v.showSheetPage(assessment, 0) }

func (v *visit) showSheetPage(assessment int64, number int) error {
	return v.lookAt(assessment, func(p *page, a duban.Assessment) error {
		out, err := p.unitSheet(a, number)
		v.replace(out)
		return err
	})
}

// lookAt runs a closure on an assessment that the visitor may see, and notes that the unit has looked.
func (v *visit) lookAt(id int64, fn func(*page, duban.Assessment) error) error {
	if err := v.onAssessment(id, fn); err != nil {
		return err
	}
	return v.Desk.LookAtAssessment(v.ctx, v.who, id)
}

// onAssessment runs a closure on an assessment that the visitor may see.
func (v *visit) onAssessment(id int64, fn func(*page, duban.Assessment) error) error {
	return v.read(func(p *page) error {
		a, err := p.tx.Assessment(id)
		if err != nil {
			return err
		}
		if ok, err := work.May(p.tx, v.who, duban.ActOwnAssess, a.UnitID); err != nil || !ok {
			return orNotAllowed(err)
		}
		return fn(p, a)
	})
}

func (p *page) exports() export.Export {
	return export.Export{
		Tx: p.tx, Calendar: p.Desk.Calendar, Lights: p.Desk.Policy.Lights, Lang: p.lang, Organisation: p.Desk.Policy.Organisation, Discreet: true,
	}
}

// scoreLinesOnPage is how many lines of an assessment one message lists.
const scoreLinesOnPage = 8

// unitSheet is how a unit is assessed: the score, what it is made of, and the lines, which numbers open.
func (p *page) unitSheet(a duban.Assessment, number int) (Outgoing, error) {
	s, err := p.exports().Assessed(a)
	if err != nil || a.Computed.IsZero() {
		return p.notComputed(s), err
	}
	lines := []text.HTML{p.text("assess.sheet", "unit", s.Unit.Name, "year", s.Year), p.scoreLine(s), p.elementsLine(s), p.partsLine(s), p.medianLine(s)}
	costs, exempt := 0, 0
	for _, l := range s.Lines {
		if l.Exempt == duban.NotExempt {
			costs++
		} else {
			exempt++
		}
	}
	if a.ToCompute {
		lines = append(lines, p.text("assess.sheet.again"))
	}
	lines = append(lines, p.text("assess.sheet.counts", "lines", costs, "exempt", exempt, "notyet", a.NotYet))
	first := min(max(number, 0)*scoreLinesOnPage, len(s.Lines))
	last := min(first+scoreLinesOnPage, len(s.Lines))
	var numbers []Button
	for i, l := range s.Lines[first:last] {
		line, err := p.lineLine(first+i+1, l)
		if err != nil {
			return Outgoing{}, err
		}
		lines = append(lines, line)
		numbers = append(numbers, button(itoa(first+i+1), "assess", l.ID, "line"))
	}
	round, err := p.tx.Round(a.RoundID)
	if err != nil {
		return Outgoing{}, err
	}
	if round.Open() {
		lines = append(lines, p.text("assess.sheet.until", "until", p.dateWord(round.Until)))
	}
	k, err := p.sheetButtons(s, round, number, last < len(s.Lines))
	return Outgoing{Text: text.Join(lines...), Keyboard: append(rows(4, numbers...), k...)}, err
}

// notComputed says of a unit that its turn to be computed is still to come.
func (p *page) notComputed(s export.Assessed) Outgoing {
	return Outgoing{Text: text.Join(p.text("assess.sheet", "unit", s.Unit.Name, "year", s.Year), p.text("assess.not_computed"))}
}

func (p *page) scoreLine(s export.Assessed) text.HTML {
	switch {
	case s.Assessment.Final():
		return p.text("assess.sheet.final", "total", s.Assessment.Total.String(), "grade", s.Rules.Grade(s.Assessment.Total))
	case len(s.Score.Missing) == 0:
		return p.text("assess.sheet.total", "total", s.Score.Total.String(), "daily", s.Score.Daily.String())
	}
	return p.text("assess.sheet.daily", "daily", s.Score.Daily.String())
}

func (p *page) elementsLine(s export.Assessed) text.HTML {
	var parts []string
	for _, e := range duban.Elements {
		parts = append(parts, p.word("assess.sheet.element", "element", p.word("element."+string(e)), "points", s.Score.Elements[e].String(), "max", s.Rules.Scale(e).Max.String()))
	}
	return text.Escape(strings.Join(parts, " · "))
}

func (p *page) partsLine(s export.Assessed) text.HTML {
	var parts []string
	for _, part := range partsOf(s.Rules) {
		at := slices.IndexFunc(s.Parts, func(e duban.ScorePart) bool { return e.Part == part })
		switch {
		case at >= 0:
			parts = append(parts, p.word("assess.sheet.part", "part", p.word("part."+part), "points", s.Parts[at].Points.String()))
		case slices.Contains(s.Score.Missing, part):
			parts = append(parts, p.word("assess.sheet.part_missing", "part", p.word("part."+part)))
		}
	}
	return text.Escape(strings.Join(parts, " · "))
}

// medianLine tells the median of all units and nothing more of the others.
func (p *page) medianLine(s export.Assessed) text.HTML {
	switch {
	case s.Median == nil:
		return ""
	case s.Assessment.Final():
		return p.text("assess.sheet.median_total", "points", s.Median.String())
	}
	return p.text("assess.sheet.median_daily", "points", s.Median.String())
}

// lineLine is one line of an assessment in a list.
func (p *page) lineLine(n int, l duban.ScoreLine) (text.HTML, error) {
	it, err := p.item(l.AssignmentID)
	if err != nil {
		return "", err
	}
	state := p.word("assess.decision." + cmp.Or(string(l.Decision), "open"))
	if l.Decision == duban.LineOpen && l.Exempt != duban.NotExempt {
		state = p.word("exemption." + string(l.Exempt))
	}
	return p.text("assess.line", "n", n, "element", p.word("element."+string(l.Element)), "points", l.Counts().String(), "found", export.Found(p.lang, l),
		"code", it.Task.Code, "title", p.title(it), "state", state), nil
}

func (p *page) sheetButtons(s export.Assessed, round duban.AssessmentRound, number int, more bool) (Keyboard, error) {
	id := s.Assessment.ID
	var k Keyboard
	var turn []Button
	if number > 0 {
		turn = append(turn, button(p.word("button.assess.before"), "assess", id, fmt.Sprintf("page-%d", number-1)))
	}
	if more {
		turn = append(turn, button(p.word("button.assess.after"), "assess", id, fmt.Sprintf("page-%d", number+1)))
	}
	if len(turn) > 0 {
		k = append(k, turn)
	}
	proposes, err := work.May(p.tx, p.actor(), duban.ActPropose, s.Unit.ID)
	if err != nil {
		return nil, err
	}
	if proposes && round.Open() {
		if slices.ContainsFunc(s.Lines, func(l duban.ScoreLine) bool { return l.Decision == duban.LineOpen }) {
			k = append(k, []Button{button(p.word("button.assess.acceptall"), "assess", id, "acceptall")})
		}
		var parts []Button
		for _, part := range partsOf(s.Rules) {
			parts = append(parts, button(p.word("button.assess.part", "part", p.word("part."+part)), "assess", id, "part-"+part))
		}
		k = append(k, rows(3, parts...)...)
	}
	last := []Button{button(p.word("button.assess.sheet"), "assess", id, "sheet")}
	exports, err := work.May(p.tx, p.actor(), duban.ActExport, s.Unit.ID)
	if exports {
		last = append(last, button(p.word("button.assess.package"), "assess", id, "package"), button(p.word("button.assess.units"), "assess", round.ID, "units-0"))
	}
	return append(k, last), err
}

// lineSeen is a line with what it belongs to.
type lineSeen struct {
	duban.ScoreLine
	assessment duban.Assessment
	round      duban.AssessmentRound
	objections []duban.ScoreObjection
}

// waiting returns the objection that waits for an answer.
func (l lineSeen) waiting() (duban.ScoreObjection, bool) {
	at := slices.IndexFunc(l.objections, func(o duban.ScoreObjection) bool { return o.AnsweredAt.IsZero() })
	if at < 0 {
		return duban.ScoreObjection{}, false
	}
	return l.objections[at], true
}

func (p *page) lineOf(id int64) (l lineSeen, err error) {
	if l.ScoreLine, err = p.tx.ScoreLine(id); err != nil {
		return l, err
	}
	if l.assessment, err = p.tx.Assessment(l.AssessmentID); err != nil {
		return l, err
	}
	if l.round, err = p.tx.Round(l.assessment.RoundID); err != nil {
		return l, err
	}
	all, err := p.tx.ObjectionsTo(l.AssessmentID)
	l.objections = slices.DeleteFunc(all, func(o duban.ScoreObjection) bool { return o.LineID != id })
	return l, err
}

// onLine runs a closure on a line that the visitor may see.
func (v *visit) onLine(id int64, fn func(*page, lineSeen) error) error {
	return v.read(func(p *page) error {
		l, err := p.lineOf(id)
		if err != nil {
			return err
		}
		if ok, err := work.May(p.tx, v.who, duban.ActOwnAssess, l.assessment.UnitID); err != nil || !ok {
			return orNotAllowed(err)
		}
		return fn(p, l)
	})
}

func (v *visit) showLine(id int64) error {
	return v.onLine(id, func(p *page, l lineSeen) error {
		out, err := p.lineCard(l)
		v.replace(out)
		return err
	})
}

// entriesShown is how many entries of the record one line shows in the chat; the sheet has all.
const entriesShown = 8

// lineCard is a line with all that it rests on and what was decided about it.
func (p *page) lineCard(l lineSeen) (Outgoing, error) {
	it, err := p.item(l.AssignmentID)
	if err != nil {
		return Outgoing{}, err
	}
	cost, err := p.costLine(l)
	if err != nil {
		return Outgoing{}, err
	}
	lines := []text.HTML{
		p.text("assess.card", "element", p.word("element."+string(l.Element)), "found", export.Found(p.lang, l.ScoreLine)),
		p.text("assess.card.item", "code", it.Task.Code, "title", p.title(it), "unit", it.Unit.Name, "owner", it.Owner.Name),
		cost, p.settledLine(l), p.text("assess.card.entries"),
	}
	entries, err := p.tx.EntriesBySeq(l.Seqs[:min(len(l.Seqs), entriesShown)])
	if err != nil {
		return Outgoing{}, err
	}
	for _, e := range entries {
		lines = append(lines, p.text("assess.card.entry", "n", int(e.Seq), "at", p.dayAndClock(e.At), "event", p.word("event."+string(e.Event))))
	}
	for _, o := range l.objections {
		lines = append(lines, p.objectionLines(o)...)
	}
	k, err := p.lineButtons(l)
	return Outgoing{Text: text.Join(lines...), Keyboard: k}, err
}

// costLine says what a line costs and how that was computed: by the rule for so many items, and of the items that the unit had.
func (p *page) costLine(l lineSeen) (text.HTML, error) {
	if l.Exempt != duban.NotExempt {
		return p.text("assess.card.exempt", "raw", l.Raw.String(), "why", p.word("exemption."+string(l.Exempt)), "notice", l.Notice), nil
	}
	rules, err := work.RulesOf(p.tx, l.round)
	if err != nil {
		return "", err
	}
	key, scale, counted := "assess.card.cost", rules.Scale(l.Element), l.assessment.Counted[l.Element]
	if counted < scale.Least {
		key = "assess.card.cost_few"
	}
	return p.text(key, "raw", l.Raw.String(), "per", scale.Per, "n", counted, "least", scale.Least, "points", l.Points.String(), "notice", l.Notice), nil
}

func (p *page) settledLine(l lineSeen) text.HTML {
	switch l.Decision {
	case duban.LineAccepted:
		return p.text("assess.card.accepted", "points", l.Decided.String(), "at", p.moment(l.DecidedAt), "reason", l.Reason)
	case duban.LineChanged:
		return p.text("assess.card.changed", "points", l.Decided.String(), "at", p.moment(l.DecidedAt), "reason", l.Reason)
	}
	return p.text("assess.card.open")
}

func (p *page) objectionLines(o duban.ScoreObjection) []text.HTML {
	lines := []text.HTML{p.text("assess.card.objection", "name", p.nameOf(o.By), "at", p.moment(o.At), "reason", o.Reason)}
	if !o.AnsweredAt.IsZero() {
		lines = append(lines, p.text("assess.card.answer", "name", p.nameOf(o.AnsweredBy), "at", p.moment(o.AnsweredAt), "answer", o.Answer))
	}
	return lines
}

func (p *page) lineButtons(l lineSeen) (Keyboard, error) {
	back := []Button{button(p.word("button.assess.unit"), "assess", l.AssessmentID, "unit")}
	if !l.round.Open() {
		return Keyboard{back}, nil
	}
	proposes, err := work.May(p.tx, p.actor(), duban.ActPropose, l.assessment.UnitID)
	if err != nil {
		return nil, err
	}
	objects, err := work.May(p.tx, p.actor(), duban.ActObject, l.assessment.UnitID)
	if err != nil {
		return nil, err
	}
	do := func(act string, id int64) Button { return button(p.word("button.assess."+act), "assess", id, act) }
	o, waits := l.waiting()
	var acts []Button
	switch {
	case proposes && waits:
		acts = []Button{do("uphold", o.ID), do("keep", o.ID)}
	case proposes && l.Decision == duban.LineOpen:
		acts = []Button{do("accept", l.ID), do("change", l.ID)}
	case proposes:
		acts = []Button{do("change", l.ID)}
	case objects && !waits && !p.Desk.Calendar.Today(p.now).After(p.Desk.ObjectUntil(l.round, l.ScoreLine)):
		acts = []Button{do("object", l.ID)}
	}
	if len(acts) == 0 {
		return Keyboard{back}, nil
	}
	return Keyboard{acts, back}, nil
}
