package duban

import (
	"time"

	"duban/calendar"
)

// Flag says why a submission is looked at by itself and is never accepted together with others.
type Flag string

// The flags. Package text has a word for each under "flag.<name>".
const (
	FlagLate      Flag = "late"      // submitted after the deadline
	FlagReturned  Flag = "returned"  // returned before
	FlagMissing   Flag = "missing"   // less than the evidence rule asks for, such as a 零报告
	FlagUnkept    Flag = "unkept"    // the bytes of a file are not here, so that it cannot be compared
	FlagReused    Flag = "reused"    // a file was handed in for another item too
	FlagAgain     Flag = "again"     // the same file twice
	FlagForwarded Flag = "forwarded" // a file was forwarded from elsewhere
	FlagSampled   Flag = "sampled"   // 抽查: chosen at random, its evidence has to be looked at
	FlagInternal  Flag = "internal"  // its content is not shown in the chat
)

// Flags lists every flag, in the order in which they are shown.
var Flags = []Flag{FlagLate, FlagReturned, FlagMissing, FlagUnkept, FlagReused, FlagAgain, FlagForwarded, FlagSampled, FlagInternal}

// Handed is what was handed in for an assignment, as its reviewers have it before them.
type Handed struct {
	Task       Task
	Assignment Assignment
	Submission Submission
	Files      []File
	Reused     bool // a file was handed in for another assignment too
}

// Flags returns why a submission is not accepted together with others; nothing when it may be.
func (h Handed) Flags(cal *calendar.Calendar) []Flag {
	count, unkept, forwarded := CountFiles(h.Files), false, false
	for _, f := range h.Files {
		unkept = unkept || f.State != FileStored
		forwarded = forwarded || f.Forwarded
	}
	raised := map[Flag]bool{
		FlagLate:      cal.Overdue(h.Assignment.Due, h.Submission.At),
		FlagReturned:  h.Assignment.Returns > 0,
		FlagMissing:   h.Task.Evidence.Lacks(h.Submission.Text, count.Others, count.Photos) != NothingMissing,
		FlagUnkept:    unkept,
		FlagReused:    h.Reused,
		FlagAgain:     count.Again > 0,
		FlagForwarded: forwarded,
		FlagSampled:   h.Submission.Sampled,
		FlagInternal:  h.Task.Internal,
	}
	var flags []Flag
	for _, f := range Flags {
		if raised[f] {
			flags = append(flags, f)
		}
	}
	return flags
}

// SampleOneIn is how many submissions with files there are to one whose evidence the reviewer is asked to open (抽查). Whether it was opened before
// the decision stands in the record; accepting stays one tap.
const SampleOneIn = 10

// Sampled reports whether a submission with files belongs to the sample, by a number drawn for it. Only a task that was given to ten units or more
// is sampled: a handful is looked at one by one, while many of the same kind invite to be waved through.
func Sampled(draw uint64, units int) bool { return units >= SampleOneIn && draw%SampleOneIn == 0 }

// ReviewSince returns since when a submitted assignment waits for its reviewers: since it was submitted, or came back to them.
func (a Assignment) ReviewSince() time.Time { return latest(a.SubmittedAt, a.RestartedAt) }

// ReviewDays returns for how many working days a submitted assignment has waited for its reviewers by an instant, and by how many of them they are
// late. That is theirs and never the unit's.
func (p Policy) ReviewDays(a Assignment, cal *calendar.Calendar, now time.Time) (waited, late int) {
	waited = cal.WorkingDaysBetween(cal.Today(a.ReviewSince()), cal.Today(now))
	if p.ReviewWithin == 0 {
		return waited, 0
	}
	return waited, max(0, waited-p.ReviewWithin)
}

// ReturnDue returns the deadline of what is returned now: the one it has. Where that has passed while reviewers were late, and the unit had submitted
// in time, it has until the end of the next working day, so that it has the time to do what is asked.
func (p Policy) ReturnDue(a Assignment, cal *calendar.Calendar, now time.Time) calendar.Due {
	_, late := p.ReviewDays(a, cal, now)
	if late == 0 || !cal.Overdue(a.Due, now) || cal.Overdue(a.Due, a.SubmittedAt) {
		return a.Due
	}
	return calendar.Due{Date: cal.AddWorkingDays(cal.Today(now), 1)}
}
