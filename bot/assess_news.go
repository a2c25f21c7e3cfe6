package bot

import (
	"encoding/json"
	"slices"
	"time"

	"duban"
	"duban/text"
	"duban/work"
)

// renderAssess tells of an assessment: a unit of its own, administrators and leaders of what waits for them.
func (p *page) renderAssess(l duban.Letter) (Outgoing, error) {
	var news work.AssessNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	switch {
	case news.What == work.AssessForm:
		return p.formFile(news.Round)
	case news.Assessment == 0:
		return p.roundNews(news)
	}
	a, err := p.tx.Assessment(news.Assessment)
	if err != nil {
		return Outgoing{}, err
	}
	right := duban.ActOwnAssess
	if news.What == work.AssessPackage {
		right = duban.ActExport
	}
	if ok, err := work.May(p.tx, p.actor(), right, a.UnitID); err != nil {
		return Outgoing{}, err
	} else if !ok {
		return Outgoing{}, untrue("no longer allowed")
	}
	switch news.What {
	case work.AssessPackage:
		return p.packageFile(a, news)
	case work.AssessOpened:
		return p.openedNews(a)
	case work.AssessEnding, work.AssessUnseen:
		return p.endingNews(a, news.What)
	case work.AssessFinal:
		return p.finalNews(a)
	}
	return p.lineNews(news)
}

// roundNews tells administrators and leaders of a whole round.
func (p *page) roundNews(news work.AssessNews) (Outgoing, error) {
	r, err := p.tx.Round(news.Round)
	if err != nil {
		return Outgoing{}, err
	}
	if r.Open() != (news.What == work.AssessReturned || news.What == work.AssessOver) {
		return Outgoing{}, untrue("decided meanwhile")
	}
	board, err := p.roundBoard(r)
	board.Text = text.Join(p.text("assess.news."+string(news.What), "year", r.Year, "note", news.Note), board.Text)
	return board, err
}

// openedNews brings a unit its own sheet, and says until when it may object.
func (p *page) openedNews(a duban.Assessment) (Outgoing, error) {
	r, err := p.tx.Round(a.RoundID)
	if err != nil {
		return Outgoing{}, err
	}
	if !r.Open() {
		return Outgoing{}, untrue("closed meanwhile")
	}
	left, err := p.tx.ToCompute(a.RoundID)
	if err != nil {
		return Outgoing{}, err
	}
	if left > 0 {
		return Outgoing{}, &Held{For: time.Minute, Reason: "other units are still to be computed"}
	}
	s, err := p.exports().Assessed(a)
	if err != nil {
		return Outgoing{}, err
	}
	out, err := p.sheetFileOf(s)
	out.Text = text.Join(p.text("assess.news.opened", "unit", s.Unit.Name, "year", r.Year, "daily", s.Score.Daily.String(), "until", p.dateWord(r.Until)), p.medianLine(s))
	out.Keyboard = Keyboard{{button(p.word("button.assess.check"), "assess", a.ID, "unit")}}
	return out, err
}

// endingNews reminds a unit that the time to object is nearly over, and that it has not looked or not objected so far.
func (p *page) endingNews(a duban.Assessment, what work.AssessWhat) (Outgoing, error) {
	s, err := p.exports().Assessed(a)
	if err != nil {
		return Outgoing{}, err
	}
	if over := p.Desk.Calendar.Today(p.now).After(s.Until); over || len(s.Objections) > 0 || what == work.AssessUnseen && !a.LookedAt.IsZero() {
		return Outgoing{}, untrue("over, or seen to meanwhile")
	}
	return Outgoing{
		Text:     p.text("assess.news."+string(what), "unit", s.Unit.Name, "year", s.Year, "daily", s.Score.Daily.String(), "until", p.dateWord(s.Until)),
		Keyboard: Keyboard{{button(p.word("button.assess.check"), "assess", a.ID, "unit")}},
	}, nil
}

// finalNews tells a unit what was decided, once every unit is: only then is there a median of the totals.
func (p *page) finalNews(a duban.Assessment) (Outgoing, error) {
	all, err := p.tx.AssessmentsOf(a.RoundID)
	if err != nil {
		return Outgoing{}, err
	}
	if slices.ContainsFunc(all, func(a duban.Assessment) bool { return !a.Final() }) {
		return Outgoing{}, &Held{For: time.Minute, Reason: "other units are still to be decided"}
	}
	s, err := p.exports().Assessed(a)
	if err != nil {
		return Outgoing{}, err
	}
	return Outgoing{
		Text:     text.Join(p.text("assess.news.final", "unit", s.Unit.Name, "year", s.Year, "total", a.Total.String(), "grade", s.Rules.Grade(a.Total)), p.medianLine(s)),
		Keyboard: Keyboard{{button(p.word("button.assess.unit"), "assess", a.ID, "unit")}},
	}, nil
}

// lineNews tells of one line: that it was changed, that somebody objects to it, or that an objection was answered.
func (p *page) lineNews(news work.AssessNews) (Outgoing, error) {
	l, err := p.lineOf(news.Line)
	if err != nil {
		return Outgoing{}, err
	}
	if _, waits := l.waiting(); news.What == work.AssessObjected && !waits {
		return Outgoing{}, untrue("answered meanwhile")
	}
	unit, err := p.tx.Unit(l.assessment.UnitID)
	if err != nil {
		return Outgoing{}, err
	}
	card, err := p.lineCard(l)
	card.Text = text.Join(p.text("assess.news."+string(news.What), "unit", unit.Name), card.Text)
	return card, err
}
