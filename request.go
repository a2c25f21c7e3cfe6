package duban

import (
	"time"

	"duban/calendar"
)

// Request (请示) is what somebody asks for and somebody else decides: more time, that an item is not theirs, that a decision was wrong, that
// what they drew up be issued. Where the asker's secretary has to agree first, it is asked, then agreed, then decided.
type Request struct {
	ID             int64
	Kind           RequestKind
	AssignmentID   int64 // of an item; else 0
	TaskID         int64 // of what is to be issued; else 0
	AnnouncementID int64
	AskerID        int64
	AskedAt        time.Time
	Reason         string
	Due            calendar.Due // the deadline asked for; zero where none is
	DueBefore      calendar.Due // the deadline as it was when it was asked
	State          RequestState
	// Needs says who has to decide once it is agreed; see Seat.
	Needs     Seat
	AgreedBy  int64
	AgreedAt  time.Time
	DecidedBy int64
	DecidedAt time.Time
	Answer    string // the reason given with the decision
}

// RequestKind says what is asked for.
type RequestKind string

// The kinds of request.
const (
	AskExtension RequestKind = "extension" // 申请延期
	AskDecline   RequestKind = "decline"   // 不属我单位
	AskObjection RequestKind = "objection" // 异议: against a return
	AskIssue     RequestKind = "issue"     // 送审: issue what was drawn up
	AskAnnounce  RequestKind = "announce"  // an announcement to many people
)

// RequestKinds lists every kind.
var RequestKinds = []RequestKind{AskExtension, AskDecline, AskObjection, AskIssue, AskAnnounce}

// RequestState says how far a request has come.
type RequestState string

// The states of a request.
const (
	Asked     RequestState = "asked"     // the secretary has to agree
	Agreed    RequestState = "agreed"    // whoever Needs names has to decide
	Granted   RequestState = "granted"   // 同意
	Refused   RequestState = "refused"   // 不同意, by the secretary or by whoever decides
	Retracted RequestState = "retracted" // taken back, or overtaken by what happened meanwhile
)

// Waits reports whether somebody still has to act on a request.
func (s RequestState) Waits() bool { return s == Asked || s == Agreed }

// Seat says who decides on a request: the holders of which post.
type Seat string

// The seats. Where nobody holds the seat at or above the unit, the administrators decide.
const (
	SeatSecretary   Seat = "secretary"    // of the school
	SeatAdmin       Seat = "admin"        // any administrator in charge
	SeatSecondAdmin Seat = "second_admin" // an administrator other than the asker
	SeatLeader      Seat = "leader"
)

// FarExtension is how many working days a first extension may be long before it is the leader's to decide.
const FarExtension = 5

// ExtensionSeat says who decides on an extension by so many working days when so many were granted before: an administrator on the first one of up
// to FarExtension, else the leader.
func ExtensionSeat(workingDays, grantedBefore int) Seat {
	if workingDays > FarExtension || grantedBefore > 0 {
		return SeatLeader
	}
	return SeatAdmin
}

// DeclineWithin is how many working days after issue a unit may say that an item is not its duty, as long as it has not signed.
const DeclineWithin = 2

// MayDecline says whether an assignment may still be declined at this moment, by its state and by the time since its issue.
func (a Assignment) MayDecline(cal *calendar.Calendar, now time.Time) error {
	if _, err := a.After(VerbDecline, now); err != nil {
		return err
	}
	last := cal.AddWorkingDays(cal.Today(a.IssuedAt), DeclineWithin)
	if cal.Today(now).After(last) {
		return Refuse(TooLate)
	}
	return nil
}

// MayAskExtension says whether more time may still be asked for: before the deadline, while the unit's clock runs, and nothing is asked already.
func (a Assignment) MayAskExtension(cal *calendar.Calendar, now time.Time) error {
	switch {
	case !a.State.OnUnit():
		return Refuse(WrongState)
	case !a.RequestedAt.IsZero():
		return Refuse(PendingRequest)
	case cal.Overdue(a.Due, now):
		return Refuse(TooLate)
	}
	return nil
}
