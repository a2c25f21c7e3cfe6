package assess

import (
	"time"

	"duban"
	"duban/calendar"
)

// excuse returns why a lateness is not the unit's, with the entries that say so.
func (j *judging) excuse(l lateness) (duban.Exemption, []int64) {
	moment := j.cal.End(l.due)
	if j.rules.Exempt.Suspension {
		for _, h := range j.halts {
			if h.holds(moment.Add(-time.Millisecond)) {
				return duban.ExemptSuspended, []int64{h.from.seq, h.to.seq}
			}
		}
	}
	if j.rules.Exempt.Undelivered && (!j.heard.known() || !j.heard.at.Before(moment)) {
		return duban.ExemptUndelivered, []int64{j.failed.seq}
	}
	if j.inVacation(l.due.Date) {
		return duban.ExemptVacation, nil
	}
	if n := j.rules.Exempt.ShortNotice; n > 0 && j.notice() < n {
		return duban.ExemptShort, nil
	}
	if l.review {
		return duban.ExemptReviewer, nil
	}
	if exempt, seqs := j.absent(moment); exempt != "" {
		return exempt, seqs
	}
	return j.outage(l, moment)
}

// notice is how many working days the unit had: from when it heard of the item, or of an earlier deadline, to the deadline.
func (j *judging) notice() int {
	known := j.heard.at
	if !j.heard.known() || known.Before(j.setAt) {
		known = j.setAt
	}
	return j.cal.WorkingDaysBetween(j.cal.Today(known), j.due.Date)
}

func (j *judging) inVacation(day calendar.Date) bool {
	if !j.rules.Exempt.Vacation {
		return false
	}
	_, off := j.facts.Vacations[j.item.Assignment.UnitID].On(day)
	return off
}

// absent looks whether whoever owned the item could not be reached at a moment.
func (j *judging) absent(moment time.Time) (duban.Exemption, []int64) {
	if !j.rules.Exempt.Unreachable {
		return "", nil
	}
	for _, s := range j.facts.unreachable[j.ownerAt(moment)] {
		if s.holds(moment) {
			return duban.ExemptUnreachable, []int64{s.from.seq, s.to.seq}
		}
	}
	return "", nil
}

// outageGrace is within how many working days after an outage is to be made up what was due in it.
const outageGrace = 1

// outage excuses what was due while the program was down and was reported right after it.
func (j *judging) outage(l lateness, moment time.Time) (duban.Exemption, []int64) {
	if !j.rules.Exempt.Outage || l.finding == duban.FoundNever {
		return "", nil
	}
	office := j.cal.Moment(l.due)
	for _, s := range j.facts.outages {
		last := j.cal.AddWorkingDays(j.cal.Today(s.to.at), outageGrace)
		if (s.holds(moment) || s.holds(office)) && !j.cal.Today(l.report.at).After(last) {
			return duban.ExemptOutage, []int64{s.from.seq}
		}
	}
	return "", nil
}
