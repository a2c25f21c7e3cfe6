package bot

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"duban"
	"duban/assess"
	"duban/text"
	"duban/work"
)

// showAssess is /assess: to administrators and leaders the newest round, or the one of the year that follows; to everybody else how the own unit is
// assessed.
func (v *visit) showAssess(rest string) error {
	if v.has(duban.ActPropose) || v.has(duban.ActAssess) {
		return v.showRound(atoi(strings.TrimFunc(rest, func(r rune) bool { return !unicode.IsDigit(r) })))
	}
	return v.showOwnAssessment()
}

func (v *visit) showRound(year int) error {
	return v.read(func(p *page) error {
		rounds, err := p.tx.Rounds()
		if err != nil {
			return err
		}
		at := slices.IndexFunc(rounds, func(r duban.AssessmentRound) bool { return year == 0 || r.Year == year })
		if at < 0 {
			return v.offerYears(p)
		}
		out, err := p.roundBoard(rounds[at])
		v.replace(out)
		return err
	})
}

func (v *visit) showBoard(round int64) error {
	return v.read(func(p *page) error {
		r, err := p.tx.Round(round)
		if err != nil {
			return err
		}
		out, err := p.roundBoard(r)
		v.replace(out)
		return err
	})
}

// roundBoard is how far a round has come, with what the reader can do about it.
func (p *page) roundBoard(r duban.AssessmentRound) (Outgoing, error) {
	all, err := work.Standings(p.tx, r)
	if err != nil {
		return Outgoing{}, err
	}
	if all, err = p.visible(all); err != nil {
		return Outgoing{}, err
	}
	open, objections, missing, unseen, final, toCompute := 0, 0, 0, 0, 0, 0
	for _, s := range all {
		open, objections, missing = open+s.Open, objections+s.Objections, missing+len(s.Score.Missing)
		if s.Assessment.Final() {
			final++
		}
		if s.Assessment.ToCompute {
			toCompute++
		}
		if s.Unseen() {
			unseen++
		}
	}
	state := p.text("assess.board.open", "until", p.dateWord(r.Until))
	switch {
	case final == len(all):
		state = p.text("assess.board.final")
	case !r.Open():
		state = p.text("assess.board.closed", "at", p.moment(r.ClosedAt))
	}
	left := text.HTML("")
	switch {
	case toCompute > 0:
		left = p.text("assess.board.cut_short", "left", toCompute, "n", len(all))
	case r.Open():
		left = p.text("assess.board.left", "open", open, "objections", objections, "missing", missing, "unseen", unseen)
	}
	keyboard, err := p.boardButtons(r, all, boardFigures{objections, toCompute, final})
	return Outgoing{
		Text:     text.Join(p.text("assess.board", "year", r.Year, "rules", r.Rules, "n", len(all)), state, left, p.text("assess.board.package", "year", r.Year)),
		Keyboard: keyboard,
	}, err
}

// visible leaves the units of a round whose assessment the reader may see.
func (p *page) visible(all []work.Standing) ([]work.Standing, error) {
	var seen []work.Standing
	for _, s := range all {
		ok, err := work.May(p.tx, p.actor(), duban.ActOwnAssess, s.Unit.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			seen = append(seen, s)
		}
	}
	return seen, nil
}

// boardFigures are the figures of a round on which it depends what can be done.
type boardFigures struct{ objections, toCompute, final int }

func (p *page) boardButtons(r duban.AssessmentRound, all []work.Standing, n boardFigures) (Keyboard, error) {
	if len(all) == 0 {
		return nil, nil
	}
	proposes, err := work.May(p.tx, p.actor(), duban.ActPropose, all[0].Unit.ID)
	if err != nil {
		return nil, err
	}
	decides, err := work.May(p.tx, p.actor(), duban.ActAssess, all[0].Unit.ID)
	if err != nil {
		return nil, err
	}
	do := func(act string, args ...any) Button {
		return button(p.word("button.assess."+act, args...), "assess", r.ID, act)
	}
	first := []Button{button(p.word("button.assess.units"), "assess", r.ID, "units-0")}
	if proposes && r.Open() {
		first = append(first, do("form"))
	}
	if n.objections > 0 && proposes && r.Open() {
		first = append(first, do("objections", "n", n.objections))
	}
	k := Keyboard{first}
	switch {
	case r.Open() && proposes && n.toCompute > 0:
		k = append(k, []Button{button(p.word("button.assess.go_on"), "assess", r.ID, "again")})
	case r.Open() && proposes:
		second := []Button{do("again")}
		if p.Desk.Calendar.Today(p.now).After(r.Until) {
			second = append(second, do("close"))
		}
		k = append(k, second)
	case !r.Open() && decides && n.final == 0:
		k = append(k, []Button{do("decide"), do("sendback")})
	case !r.Open() && decides && n.final < len(all):
		k = append(k, []Button{do("decide")})
	}
	if proposes {
		k = append(k, []Button{button(p.word("button.assess.years"), "assess", 0, "years")})
	}
	return k, nil
}

// unitsOnPage is how many units one message lists.
const unitsOnPage = 10

// showUnits lists the units of a round in the order of the roster, never by score, with what is left to do for each.
func (v *visit) showUnits(round int64, pageNumber int) error {
	return v.read(func(p *page) error {
		r, err := p.tx.Round(round)
		if err != nil {
			return err
		}
		all, err := work.Standings(p.tx, r)
		if err != nil {
			return err
		}
		if all, err = p.visible(all); err != nil {
			return err
		}
		first := min(max(pageNumber, 0)*unitsOnPage, len(all))
		last := min(first+unitsOnPage, len(all))
		lines := []text.HTML{p.text("assess.units", "year", r.Year, "n", len(all))}
		var numbers, turn []Button
		for i, s := range all[first:last] {
			lines = append(lines, p.unitLine(first+i+1, s))
			if !s.Assessment.Computed.IsZero() {
				numbers = append(numbers, button(itoa(first+i+1), "assess", s.Assessment.ID, "unit"))
			}
		}
		if first > 0 {
			turn = append(turn, button(p.word("button.assess.before"), "assess", round, fmt.Sprintf("units-%d", pageNumber-1)))
		}
		if last < len(all) {
			turn = append(turn, button(p.word("button.assess.after"), "assess", round, fmt.Sprintf("units-%d", pageNumber+1)))
		}
		k := append(rows(5, numbers...), turn, []Button{button(p.word("button.assess.board"), "assess", round, "board")})
		v.replace(Outgoing{Text: text.Join(lines...), Keyboard: slices.DeleteFunc(k, func(row []Button) bool { return len(row) == 0 })})
		return nil
	})
}

func (p *page) unitLine(n int, s work.Standing) text.HTML {
	switch {
	case s.Assessment.Computed.IsZero():
		return p.text("assess.unit_to_compute", "n", n, "unit", s.Unit.Name)
	case s.Settled():
		return p.text("assess.unit_settled", "n", n, "unit", s.Unit.Name, "daily", s.Score.Daily.String(), "total", s.Score.Total.String())
	}
	key := "assess.unit_open"
	if s.Unseen() {
		key = "assess.unit_unseen"
	}
	return p.text(key, "n", n, "unit", s.Unit.Name, "daily", s.Score.Daily.String(), "open", s.Open, "objections", s.Objections, "missing", len(s.Score.Missing))
}

// assessActs are what the buttons of an assessment do, by the argument that they carry.
var assessActs = map[string]func(*visit, int64) error{
	"years": func(v *visit, _ int64) error { return v.read(v.offerYears) },
	"year":  func(v *visit, year int64) error { return v.offerRound(year, v.Desk.SelfCheck()) },
	"board": (*visit).showBoard, "unit": (*visit).showUnitSheet, "line": (*visit).showLine,
	"accept": (*visit).acceptLine, "acceptall": (*visit).acceptLines, "change": (*visit).askChange, "object": (*visit).askObject, "uphold": (*visit).askUphold,
	"keep": (*visit).askKeep, "objections": (*visit).nextObjection, "again": (*visit).computeAgain, "close": (*visit).closeRound, "decide": (*visit).askDecide,
	"decided": (*visit).decideRound, "sendback": (*visit).askSendBack, "sheet": (*visit).sendSheet, "package": (*visit).sendPackage, "form": (*visit).sendForm,
}

// pressAssess is a button of an assessment: its id is that of a round, a unit's assessment, a line or an objection, as its argument says.
func (v *visit) pressAssess(c call) error {
	act, rest, _ := strings.Cut(c.arg, "-")
	switch act {
	case "window":
		return v.offerRound(c.id, atoi(rest))
	case "start":
		return v.openRound(c.id, atoi(rest))
	case "units":
		return v.showUnits(c.id, atoi(rest))
	case "page":
		return v.showSheetPage(c.id, atoi(rest))
	case "part":
		return v.askPart(c.id, rest)
	}
	do, known := assessActs[act]
	if !known {
		v.answer("press.stale")
		return nil
	}
	return do(v, c.id)
}

func (v *visit) computeAgain(round int64) error {
	if _, err := v.Desk.Reassess(v.ctx, v.who, round, v.tellComputed()); err != nil {
		return err
	}
	v.answer("assess.done.again")
	return v.showBoard(round)
}

func (v *visit) closeRound(round int64) error {
	if _, err := v.Desk.CloseAssessment(v.ctx, v.who, round); err != nil {
		return err
	}
	v.answer("assess.done.close")
	return v.showBoard(round)
}

// askDecide asks once more before every unit's assessment becomes final.
func (v *visit) askDecide(round int64) error {
	return v.read(func(p *page) error {
		r, err := p.tx.Round(round)
		if err != nil {
			return err
		}
		all, err := p.tx.AssessmentsOf(round)
		v.replace(Outgoing{
			Text:     p.text("assess.ask.decide", "year", r.Year, "n", len(all)),
			Keyboard: Keyboard{{button(p.word("button.assess.decided"), "assess", round, "decided"), button(p.word("button.assess.board"), "assess", round, "board")}},
		})
		return err
	})
}

func (v *visit) decideRound(round int64) error {
	n, err := v.Desk.DecideAssessment(v.ctx, v.who, round, "")
	if err != nil {
		return err
	}
	v.answer("assess.done.decided", "n", n)
	return v.showBoard(round)
}

// partsOf are the parts that a person enters for a unit, in the order in which they are shown.
func partsOf(rules assess.Rules) []string {
	parts := rules.Entered()
	for _, part := range []string{assess.Bonus, assess.Negative} {
		if most, there := rules.Most(part); there && most > 0 {
			parts = append(parts, part)
		}
	}
	return parts
}
