package assess

import (
	"slices"
	"strings"
	"time"

	"duban"
	"duban/calendar"
)

// judging is one item before its judge.
type judging struct {
	story
	item  Item
	rules Rules
	cal   *calendar.Calendar
	facts Facts
	now   time.Time
}

// lateness is how late an item was, before anything is excused.
type lateness struct {
	finding duban.Finding // "": it was in time
	days    int
	due     calendar.Due // by which
	report  mark         // the submission that counts; unknown when there is none
	more    []int64      // other entries on which it rests
	review  bool         // it came again late only because its reviewer was late
}

// lateness judges by the submissions, never by when they were decided. What was returned keeps the credit of its first submission, unless it was
// returned as incomplete; then what was handed in again counts too, and the worse of the two holds.
func (j *judging) lateness(due calendar.Due) lateness {
	if len(j.reports) == 0 || j.reports[len(j.reports)-1].back != nil {
		return j.undone(due)
	}
	worst := j.compare(lateness{due: due, report: j.reports[0].mark})
	for i, r := range j.reports[:len(j.reports)-1] {
		if r.back == nil || !r.back.incomplete {
			continue
		}
		again := lateness{due: due, report: j.reports[i+1].mark, more: []int64{r.seq, r.back.seq}, review: r.back.late && r.back.due.IsZero()}
		if !r.back.due.IsZero() {
			again.due = r.back.due
		}
		again = j.compare(again)
		if again.finding != "" && (worst.finding == "" || again.days > worst.days) {
			again.finding = duban.FoundIncomplete
			worst = again
		}
	}
	return worst
}

// undone is the lateness of what has not been reported, or was returned and not reported again.
func (j *judging) undone(due calendar.Due) lateness {
	l := lateness{due: due}
	if n := len(j.reports); n > 0 {
		back := j.reports[n-1].back
		l.report, l.more = j.reports[n-1].mark, []int64{back.seq}
		if !back.due.IsZero() {
			l.due = back.due
		}
	}
	if j.cal.Overdue(l.due, j.now) {
		l.finding, l.days = duban.FoundNever, j.daysLate(l.due, j.now)
	}
	return l
}

func (j *judging) compare(l lateness) lateness {
	if !j.cal.Overdue(l.due, l.report.at) {
		return l
	}
	l.finding, l.days = duban.FoundLate, j.daysLate(l.due, l.report.at)
	if bands := j.rules.OnTime.Late; l.days > bands[len(bands)-1].UpTo {
		l.finding = duban.FoundMadeUp
	}
	return l
}

func (j *judging) daysLate(due calendar.Due, t time.Time) int {
	return max(0, j.cal.WorkingDaysBetween(due.Date, j.cal.Today(t)))
}

// waited returns for how many of the working days of a lateness the unit waited for an answer of the office, and the entries that say so.
func (j *judging) waited(l lateness) (int, []int64) {
	from, to := l.due.Date, j.cal.Today(j.now)
	if l.finding != duban.FoundNever {
		to = j.cal.Today(l.report.at)
	}
	days, seqs := 0, []int64(nil)
	for _, w := range j.waits {
		begin, end := later(from, j.cal.Today(w.from.at)), to
		if w.to.known() {
			end = earlier(to, j.cal.Today(w.to.at))
		}
		if n := j.cal.WorkingDaysBetween(begin, end); begin.Before(end) && n > 0 {
			days, seqs = days+n, append(seqs, w.from.seq, w.to.seq)
		}
	}
	return days, seqs
}

func later(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

func earlier(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return a
	}
	return b
}

// done judges whether the item was done in time: nil when there is nothing to say.
func (j *judging) done() *duban.ScoreLine {
	late := j.lateness(j.due)
	if late.finding == "" {
		return j.extension()
	}
	line := j.line(j.element(), late.finding, append(late.more, late.report.seq))
	line.Days, line.Raw = late.days, j.cost(late)
	if exempt, seqs := j.excuse(late); exempt != "" {
		line.Exempt, line.Seqs = exempt, join(line.Seqs, seqs)
		return &line
	}
	days, seqs := j.waited(late)
	if days == 0 {
		return &line
	}
	line.Seqs = join(line.Seqs, seqs)
	if late.days -= days; late.days <= 0 {
		line.Exempt = duban.ExemptAsked
		return &line
	}
	line.Days = late.days
	if late.finding == duban.FoundMadeUp || late.finding == duban.FoundLate {
		line.Finding = j.compareDays(late.days)
	}
	line.Raw = j.cost(late)
	return &line
}

func (j *judging) compareDays(days int) duban.Finding {
	if bands := j.rules.OnTime.Late; days > bands[len(bands)-1].UpTo {
		return duban.FoundMadeUp
	}
	return duban.FoundLate
}

// extension says of what was done in time only since more time was granted that this costs nothing.
func (j *judging) extension() *duban.ScoreLine {
	if !j.extended.known() || j.before.IsZero() {
		return nil
	}
	late := j.lateness(j.before)
	if late.finding == "" {
		return nil
	}
	line := j.line(j.element(), late.finding, append(late.more, late.report.seq, j.extended.seq))
	line.Days, line.Raw, line.Exempt = late.days, j.cost(late), duban.ExemptExtended
	return &line
}

// element says by which element it is judged whether an item was done.
func (j *judging) element() duban.Element {
	switch {
	case j.named(j.rules.Rectification.Words):
		return duban.Rectification
	case j.named(j.rules.Periodic.Words):
		return duban.Periodic
	}
	return duban.OnTime
}

func (j *judging) named(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool {
		return strings.Contains(j.item.Task.Category, w) || strings.Contains(j.item.Task.Title, w)
	})
}

// cost is what a lateness costs by the rules, before it is turned into a rate.
func (j *judging) cost(l lateness) duban.Points {
	never := l.finding == duban.FoundNever
	switch j.element() {
	case duban.Rectification:
		return j.rules.Rectification.Late
	case duban.Periodic:
		if never {
			return j.rules.Periodic.Missing
		}
		return j.rules.Periodic.MadeUp
	}
	points := j.rules.OnTime.Beyond
	if never {
		points = j.rules.OnTime.Never
	} else if n := slices.IndexFunc(j.rules.OnTime.Late, func(b Band) bool { return l.days <= b.UpTo }); n >= 0 {
		points = j.rules.OnTime.Late[n].Points
	}
	if j.critical {
		points *= duban.Points(j.rules.OnTime.CriticalTimes)
	}
	return points
}

// signing judges how soon the item was signed for, from when the unit heard of it.
func (j *judging) signing() *duban.ScoreLine {
	if !j.heard.known() {
		return nil
	}
	until, finding := j.now, duban.FoundUnsigned
	if j.signed.known() {
		until, finding = j.signed.at, duban.FoundSignedLate
	}
	days := j.cal.WorkingDaysBetween(j.cal.Today(j.heard.at), j.cal.Today(until))
	if days <= j.rules.Signing.Within {
		return nil
	}
	line := j.line(duban.Signing, finding, []int64{j.signed.seq})
	line.Days, line.Raw = days, j.rules.Signing.Late
	last := j.cal.AddWorkingDays(j.cal.Today(j.heard.at), j.rules.Signing.Within)
	moment := j.cal.End(calendar.Due{Date: last})
	if exempt, seqs := j.absent(moment); exempt != "" {
		line.Exempt, line.Seqs = exempt, join(line.Seqs, seqs)
	} else if j.inVacation(last) {
		line.Exempt = duban.ExemptVacation
	}
	return &line
}

// quality judges how often what was reported had to be returned. A return to which was objected with success does not count.
func (j *judging) quality() *duban.ScoreLine {
	var stand, all []int64
	for _, m := range j.returns() {
		stand, all = append(stand, m.seq), append(all, m.seq)
	}
	for _, r := range j.reports {
		if r.overturned {
			all = append(all, r.backSeq)
		}
	}
	cost := func(n int) duban.Points {
		return max(0, duban.Points(n-j.rules.Quality.FreeReturns)) * j.rules.Quality.Each
	}
	switch {
	case cost(len(stand)) > 0:
		line := j.line(duban.Quality, duban.FoundReturned, stand)
		line.Days, line.Raw = len(stand), cost(len(stand))
		return &line
	case cost(len(all)) > 0:
		line := j.line(duban.Quality, duban.FoundReturned, all)
		line.Days, line.Raw, line.Exempt = len(all), cost(len(all)), duban.ExemptOverturned
		return &line
	}
	return nil
}

func (j *judging) line(e duban.Element, f duban.Finding, seqs []int64) duban.ScoreLine {
	return duban.ScoreLine{
		Element: e, Finding: f, AssignmentID: j.item.Assignment.ID, Notice: j.notice(), Seqs: join([]int64{j.issued.seq, j.setSeq, j.heard.seq, j.closed.seq}, seqs),
	}
}

// join puts numbers of entries together: each once, in order, without those that are not known.
func join(a, b []int64) []int64 {
	all := slices.Concat(a, b)
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(n int64) bool { return n == 0 })
}
