package bot

import (
	"strconv"

	"duban"
	"duban/chart"
)

// legend are the shades of the bars, in the order of Bar.Counts.
func (r bulletin) legend() []chart.Shade {
	return []chart.Shade{
		{Word: r.word("report.on_time"), Colour: chart.Green}, {Word: r.word("report.late"), Colour: chart.Amber},
		{Word: r.word("report.going"), Colour: chart.Blue}, {Word: r.word("report.missed"), Colour: chart.Red},
	}
}

func (r bulletin) barsOf() chart.Bars {
	b := chart.Bars{Title: r.word("report.bars", "kind", r.kindWord()), Note: r.note(), Legend: r.legend()}
	for _, u := range r.Figures.Units {
		b.Rows = append(b.Rows, chart.Bar{
			Label: r.unitName(u.UnitID), Counts: []int{u.OnTime, u.Late, u.Going, u.Missed},
			Words: r.word("report.bar", "reported", u.OnTime+u.Late, "due", u.Due(), "missed", u.Missed),
		})
	}
	return b
}

// note says below the title of a picture what it counts.
func (r bulletin) note() string {
	return r.word("report.note", "days", r.days(), "at", r.dayAndClock(r.MadeAt))
}

// barsPage is one page of the bars, all pages to the same scale.
func (r bulletin) barsPage() (Outgoing, error) {
	all := r.barsOf()
	pages := all.Pages()
	if r.news.Page >= len(pages) {
		return Outgoing{}, untrue("no such page")
	}
	picture, err := pages[r.news.Page].PNG(all.Longest())
	return Outgoing{
		Text:     r.text("report.bars_caption", "kind", r.kindWord(), "page", r.news.Page+1, "pages", len(pages)),
		Document: &Document{Name: string(r.Kind) + strconv.Itoa(r.news.Page+1) + ".png", Data: picture, Photo: true},
	}, err
}

// curve shows how what was due and what was reported grew together, of all units; of a month the unit's own.
func (r bulletin) curve() (Outgoing, error) {
	points := r.Figures.Curve
	if r.news.Unit != 0 && r.Kind == duban.MonthlyReport {
		due, err := r.exports().DueIn(r.news.Unit, r.From, r.To)
		if err != nil {
			return Outgoing{}, err
		}
		items := make([]duban.Assignment, len(due))
		for i, d := range due {
			items[i] = d.Item
		}
		if points = (duban.Counting{From: r.From, To: r.To, Calendar: r.Desk.Calendar, Now: r.MadeAt}).Curve(items); len(items) == 0 {
			return Outgoing{}, untrue("nothing was due")
		}
	}
	c := chart.Curves{
		Title: r.word("report.curve", "kind", r.kindWord()), Note: r.note(),
		Legend: []chart.Shade{{Word: r.word("report.curve_due"), Colour: chart.Amber}, {Word: r.word("report.curve_done"), Colour: chart.Green}},
		Lines:  [][]int{nil, nil},
	}
	for _, p := range points {
		c.Days = append(c.Days, r.word("report.day", "month", int(p.Day.Month), "day", p.Day.Day))
		c.Lines[0], c.Lines[1] = append(c.Lines[0], p.Due), append(c.Lines[1], p.Done)
	}
	picture, err := c.PNG()
	return Outgoing{
		Text:     r.text("report.curve_caption", "kind", r.kindWord(), "days", r.days()),
		Document: &Document{Name: string(r.Kind) + "_curve.png", Data: picture, Photo: true},
	}, err
}
