package bot

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"

	"duban"
	"duban/export"
	"duban/text"
	"duban/work"
)

// bulletin is a part of a report before its reader.
type bulletin struct {
	*page
	duban.Report
	news work.ReportNews
}

// reportParts says for each part of a report how it reads.
var reportParts = map[work.ReportPart]func(bulletin) (Outgoing, error){
	work.ReportCard: bulletin.card, work.ReportWords: bulletin.words, work.ReportBars: bulletin.barsPage, work.ReportCurve: bulletin.curve,
	work.ReportBook: bulletin.book,
}

// renderReport is a part of a report, for whoever may still have it: all of it for those who steer the office, the own unit's for a secretary.
func (p *page) renderReport(l duban.Letter) (Outgoing, error) {
	var news work.ReportNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	write, known := reportParts[news.Part]
	if !known {
		return Outgoing{}, untrue("no such part")
	}
	made, err := p.tx.Report(news.Report)
	if err != nil {
		return Outgoing{}, err
	}
	right, unit := duban.ActNotice3, made.UnitID
	if news.Unit != 0 {
		right, unit = duban.ActSee, news.Unit
	}
	if ok, err := work.May(p.tx, p.actor(), right, unit); err != nil {
		return Outgoing{}, err
	} else if !ok {
		return Outgoing{}, untrue("no longer allowed")
	}
	return write(bulletin{p, made, news})
}

// words is the text of a report: for the office what the figures say, with the first page of the bars where anything was due; for a unit its own month,
// or what was issued.
func (r bulletin) words() (Outgoing, error) {
	switch {
	case r.news.Unit == 0 && r.Figures.Total().Due() == 0:
		return Outgoing{Text: r.summary()}, nil
	case r.news.Unit == 0:
		out, err := r.barsPage()
		out.Text = r.summary()
		return out, err
	case r.Kind == duban.MonthlyReport:
		return r.ownMonth()
	case r.State != duban.ReportIssued:
		return Outgoing{}, untrue("not issued")
	}
	return Outgoing{Text: text.Join(r.text("report.issued_heading", "kind", r.kindWord(), "days", r.days()), r.text("report.quoted", "body", r.Body))}, nil
}

// summary is the figures of all units together.
func (r bulletin) summary() text.HTML {
	total := r.Figures.Total()
	lines := []text.HTML{
		r.text("report.heading", "kind", r.kindWord(), "days", r.days(), "unit", r.unitName(r.UnitID)), r.lightsLine(total),
		r.counted(count{"report.new_red", r.newRed(total)}, count{"report.waiting", total.Waiting}, count{"report.requests", total.Requests}),
		r.dueLine(total), r.doneLine(total),
	}
	if total.Lights[duban.Red] > 0 {
		lines = append(lines, r.text("report.next_overdue"))
	}
	if total.Waiting+total.Requests > 0 {
		lines = append(lines, r.text("report.next_review"))
	}
	return withoutEmpty(lines)
}

// newRed is how many items became overdue since the last report; of a book of evidence, which is no follow-up, none.
func (r bulletin) newRed(total duban.UnitFigures) int {
	if r.Kind.Evidence() {
		return 0
	}
	return total.NewRed
}

// count is a number with the phrase that it stands in.
type count struct {
	key string
	n   int
}

// counted is a line of those numbers that are not 0; nothing when all are.
func (r bulletin) counted(all ...count) text.HTML {
	var words []text.HTML
	for _, c := range all {
		if c.n > 0 {
			words = append(words, r.text(c.key, "n", c.n))
		}
	}
	return between(words, "　")
}

// withoutEmpty puts lines below each other, without those that say nothing.
func withoutEmpty(lines []text.HTML) text.HTML {
	return text.Join(slices.DeleteFunc(lines, func(line text.HTML) bool { return line == "" })...)
}

func (r bulletin) kindWord() string { return r.word("report.kind." + string(r.Kind)) }

// days is the period as people say it.
func (r bulletin) days() string {
	key := "report.days." + string(r.Kind)
	if r.Kind == duban.TaskReport && r.From != r.To {
		key = "report.days.several"
	}
	return r.word(key, "year", r.From.Year, "month", int(r.From.Month), "quarter", int(r.From.Month-1)/3+1, "from", r.dateWord(r.From), "to", r.dateWord(r.To))
}

func (r bulletin) lightsLine(u duban.UnitFigures) text.HTML {
	var words []text.HTML
	for _, light := range duban.LightOrder {
		if n := u.Lights[light]; n > 0 {
			words = append(words, r.text("report.light", "light", r.word("light."+string(light)), "n", n))
		}
	}
	if len(words) == 0 {
		return r.text("report.nothing_open")
	}
	return r.text("report.lights") + between(words, "　")
}

func (r bulletin) dueLine(u duban.UnitFigures) text.HTML {
	if u.Due() == 0 {
		return r.text("report.nothing_due")
	}
	return r.text("report.due", "due", u.Due(), "on_time", u.OnTime, "late", u.Late, "missed", u.Missed, "going", u.Going)
}

func (r bulletin) doneLine(u duban.UnitFigures) text.HTML {
	words := []text.HTML{r.counted(count{"report.issued", u.Issued}, count{"report.returned", u.Returns}, count{"report.extended", u.Extensions})}
	if u.Signed > 0 {
		words = append(words, r.text("report.signing", "hours", oneDigit(u.SigningHours())))
	}
	return between(slices.DeleteFunc(words, func(word text.HTML) bool { return word == "" }), "　")
}

func (r bulletin) unitName(id int64) string {
	u, err := r.tx.Unit(id)
	if err != nil {
		return ""
	}
	return u.Name
}

// ownMonth is the month of a unit for its secretary: its figures and what was due.
func (r bulletin) ownMonth() (Outgoing, error) {
	u := r.Figures.Of(r.news.Unit)
	about := withoutEmpty([]text.HTML{
		r.text("report.heading", "kind", r.kindWord(), "days", r.days(), "unit", r.unitName(u.UnitID)), r.dueLine(u), r.doneLine(u), r.lightsLine(u),
	})
	lines := []text.HTML{about}
	if u.Lights[duban.Red] > 0 {
		lines = append(lines, r.text("report.next_own"))
	}
	due, err := r.exports().DueIn(u.UnitID, r.From, r.To)
	if err != nil {
		return Outgoing{}, err
	}
	if len(due) > 0 {
		lines = append(lines, "", r.text("report.was_due"))
	}
	for _, d := range due[:min(len(due), listLimit)] {
		lines = append(lines, r.text("report.item", "outcome", r.word("report.outcome."+string(d.Outcome)), "title", d.Title, "due", r.due(d.Item)))
	}
	if left := len(due) - listLimit; left > 0 {
		lines = append(lines, r.text("list.more", "n", left))
	}
	return Outgoing{Text: text.Join(lines...)}, nil
}

// book is the workbook with the figures and the ledger.
func (r bulletin) book() (Outgoing, error) {
	e := r.exports()
	e.Filter.Unit = r.UnitID
	if r.news.Unit != 0 {
		e.Filter.Unit = r.news.Unit
	}
	if r.Kind.Evidence() {
		filter, err := r.recordFilter(&work.RecordWish{Unit: e.Filter.Unit, From: r.From, To: r.To})
		if err != nil {
			return Outgoing{}, err
		}
		e.Filter.Record = filter
	}
	file := limited{most: maxUpload}
	err := e.Report(&file, r.Report)
	switch {
	case errors.Is(err, errTooLarge):
		return Outgoing{Text: r.text("export.too_large", "table", r.kindWord())}, nil
	case err != nil:
		return Outgoing{}, err
	}
	name := export.FileName(strings.Join([]string{r.kindWord(), r.unitName(e.Filter.Unit), r.Period}, "_")) + ".xlsx"
	key := "report.book"
	if r.Kind.Evidence() {
		key = "report.book_evidence"
	}
	return Outgoing{Text: r.text(key, "kind", r.kindWord(), "days", r.days()), Document: &Document{Name: name, Data: file.content.Bytes()}}, nil
}
