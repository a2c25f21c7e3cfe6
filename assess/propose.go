package assess

import (
	"time"

	"duban"
	"duban/calendar"
)

// Period is the days on which the deadlines lie that are judged; both belong to it.
type Period struct {
	From, To calendar.Date
}

// Year is the period of a year.
func Year(year int) Period {
	return Period{calendar.Date{Year: year, Month: time.January, Day: 1}, calendar.Date{Year: year, Month: time.December, Day: 31}}
}

// Facts is what has to be known beside the items.
type Facts struct {
	Vacations map[int64]calendar.Vacations // by unit

	unreachable map[int64][]span // by person
	outages     []span
}

// Events are the events from which Learn takes facts.
var Events = []duban.Event{duban.EventUnreachable, duban.EventReachable, duban.EventJoined, duban.EventOutage}

// Learn takes from an entry of the record who could not be reached and when the program was down. Entries come oldest first.
func (f *Facts) Learn(e duban.Entry) {
	switch e.Event {
	case duban.EventUnreachable:
		if f.unreachable == nil {
			f.unreachable = map[int64][]span{}
		}
		f.unreachable[e.PersonID] = append(f.unreachable[e.PersonID], span{from: at(e)})
	case duban.EventReachable, duban.EventJoined:
		spans := f.unreachable[e.PersonID]
		if n := len(spans); n > 0 && !spans[n-1].to.known() {
			spans[n-1].to = at(e)
		}
	case duban.EventOutage:
		from, ok1 := e.Facts["from"].(float64)
		to, ok2 := e.Facts["to"].(float64)
		if ok1 && ok2 {
			f.outages = append(f.outages, span{mark{time.UnixMilli(int64(from)), e.Seq}, mark{time.UnixMilli(int64(to)), e.Seq}})
		}
	}
}

// Proposal is what is proposed for a unit.
type Proposal struct {
	Lines   []duban.ScoreLine
	Counted map[duban.Element]int // items by which the rates of an element are computed
	NotYet  int                   // items of the period whose deadline is still to come
}

// Propose computes the lines of a unit from its items, as they stand at an instant. Items whose deadline is still to come, that were called off or
// that a unit only supports are not judged, nor are those about which the office has still to decide whether they are the unit's.
func Propose(rules Rules, cal *calendar.Calendar, period Period, items []Item, facts Facts, now time.Time) Proposal {
	p := Proposal{Counted: map[duban.Element]int{}}
	for _, it := range items {
		j := judging{read(it, rules, cal, now), it, rules, cal, facts, now}
		switch day := j.due.Date; {
		case !judged(it.Assignment), !j.issued.known(), day.Before(period.From), day.After(period.To):
		case !cal.Overdue(j.due, now):
			p.NotYet++
		default:
			p.judge(&j)
		}
	}
	p.spread(rules)
	return p
}

func judged(a duban.Assignment) bool {
	return a.State.Visible() && a.State != duban.CalledOff && a.State != duban.Declined && !a.Support
}

func (p *Proposal) judge(j *judging) {
	if j.heard.known() {
		p.take(duban.Signing, j.signing())
	}
	p.take(j.element(), j.done())
	if len(j.reports) > 0 {
		p.take(duban.Quality, j.quality())
	}
}

// take counts an item for an element, unless it is exempt from it, and keeps the line.
func (p *Proposal) take(e duban.Element, line *duban.ScoreLine) {
	if line == nil {
		p.Counted[e]++
		return
	}
	if line.Exempt == "" || line.Exempt == duban.ExemptExtended || line.Exempt == duban.ExemptOverturned {
		p.Counted[e]++
	}
	p.Lines = append(p.Lines, *line)
}

// spread turns the points of the lines, which are meant for a unit with `per` items, into those for as many as were counted. Each line gets what the sum
// up to it, rounded to the nearest hundredth, is more than the sum before it, so that many small lines make no error together.
func (p *Proposal) spread(rules Rules) {
	raw, given := map[duban.Element]duban.Points{}, map[duban.Element]duban.Points{}
	for i, l := range p.Lines {
		if l.Exempt != duban.NotExempt {
			continue
		}
		scale := rules.Scale(l.Element)
		raw[l.Element] += l.Raw
		sum := rate(raw[l.Element], scale.Per, max(p.Counted[l.Element], scale.Least))
		p.Lines[i].Points = sum - given[l.Element]
		given[l.Element] = sum
	}
}

// rate turns points for so many items into those for as many as were counted, rounded to the nearest hundredth.
func rate(raw duban.Points, per, counted int) duban.Points {
	return (raw*duban.Points(2*per) + duban.Points(counted)) / duban.Points(2*counted)
}
