package duban

import (
	"time"

	"duban/calendar"
)

// SoonWithin is how many working days ahead the digest looks.
const SoonWithin = 3

// Digest is what belongs into somebody's morning digest, each item once, in the first list that fits it.
type Digest struct {
	Overdue  []Assignment
	Today    []Assignment
	Soon     []Assignment // due within SoonWithin working days
	Unsigned []Assignment // not signed for, and due later
	Waiting  []Assignment // submitted, for the reader to decide
}

// Empty reports whether there is nothing to tell; then no digest is sent.
func (d Digest) Empty() bool {
	return len(d.Overdue)+len(d.Today)+len(d.Soon)+len(d.Unsigned)+len(d.Waiting) == 0
}

// DigestOf sorts items into the digest of a reader and leaves out what it does not tell. Submitted items are listed as waiting for the
// reader's decision, so the reader's own submitted ones must not be among them.
func DigestOf(items []Assignment, cal *calendar.Calendar, now time.Time) Digest {
	var d Digest
	for _, a := range items {
		if list := d.listFor(a, cal, now); list != nil {
			*list = append(*list, a)
		}
	}
	return d
}

func (d *Digest) listFor(a Assignment, cal *calendar.Calendar, now time.Time) *[]Assignment {
	switch {
	case a.State == Submitted:
		return &d.Waiting
	case !a.State.OnUnit(), a.PartDone():
		return nil
	case cal.Overdue(a.Due, now):
		return &d.Overdue
	case a.Due.Date == cal.Today(now):
		return &d.Today
	case cal.WorkingDaysLeft(a.Due, now) <= SoonWithin:
		return &d.Soon
	case a.State == Issued:
		return &d.Unsigned
	}
	return nil
}

// DigestNews is the data of a NewsDigest: the ids of assignments. What is no longer as it was is left out when the digest is rendered, by
// DigestOf once more.
type DigestNews struct {
	Items   []int64 `json:"items,omitempty"`   // of the unit's work: those of them that are still to be done
	Reviews []int64 `json:"reviews,omitempty"` // those of them that still wait for a decision
	More    int     `json:"more,omitempty"`    // how many were left out because the list was too long
	Drafts  int     `json:"drafts,omitempty"`  // how many drafts of notices waited for the reader
	Reports int     `json:"reports,omitempty"` // how many drafts of reports waited for the reader
	Asks    int     `json:"asks,omitempty"`    // how many announcements waited for the reader to agree
	Decide  int     `json:"decide,omitempty"`  // how many requests about items waited for the reader to act
	Issues  int     `json:"issues,omitempty"`  // how many tasks waited for the reader's approval
	Overdue bool    `json:"overdue,omitempty"` // something is overdue in the units that the reader is in charge of
}

// RungNews is the data of a notice about a rung.
type RungNews struct {
	AssignmentID int64     `json:"assignment"`
	Rung         RungKind  `json:"rung"`
	Step         string    `json:"step,omitempty"` // such as 3wd
	Moment       time.Time `json:"moment"`
}

// LateNews is the data of a NewsLate: what would have been told one by one, had the program been running.
type LateNews struct {
	Items []RungNews `json:"items"`
}

// Holds reports whether a rung is still to be told of an assignment in a state. When it no longer is, its letter is cancelled.
func (k RungKind) Holds(s State) bool {
	switch k {
	case RungUnsigned:
		return s == Issued
	case RungReview, RungOversight:
		return s == Submitted
	case RungDeclined:
		return s == Declined
	}
	return s.OnUnit()
}
