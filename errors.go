package duban

import (
	"errors"
	"fmt"
)

// Error is something the person who asked can act on. Text is a key of the catalogues, Args its placeholders as alternating names and
// values.
type Error struct {
	Code Code
	Args []any
}

// Code names a refusal. The catalogues have a sentence for each under "refused.<code>".
type Code string

// The refusals that people meet.
const (
	NotFound       Code = "not_found"
	NotAllowed     Code = "not_allowed"
	NotBound       Code = "not_bound"
	WrongState     Code = "wrong_state"
	AlreadyDone    Code = "already_done"
	EvidenceNeeded Code = "evidence_needed"
	ReasonNeeded   Code = "reason_needed"
	TooLate        Code = "too_late"
	LinkInvalid    Code = "link_invalid"
	NoDeadline     Code = "no_deadline"
	NoDuty         Code = "no_duty"
	NoOwner        Code = "no_owner"
	TooSoon        Code = "too_soon"
	NothingToDo    Code = "nothing_to_do"
	TooLarge       Code = "too_large"
	BadYear        Code = "bad_year"     // the arrangement of a year contradicts itself or names no day
	BadRange       Code = "bad_range"    // it ends before it begins, or is longer than any vacation
	LeadReports    Code = "lead_reports" // a supporting unit: the lead unit reports for all
	FollowsLead    Code = "follows_lead" // a supporting unit: it is closed and reopened with the lead unit
	OwnRequest     Code = "own_request"  // nobody decides on what he asked for himself
	PendingRequest Code = "pending_request"
	HasItAlready   Code = "has_it_already" // the other unit or person has the item already
	NotLater       Code = "not_later"      // the deadline asked for is not later than the present one
	StandsAlready  Code = "stands_already" // the office has decided that the item is the unit's
	NobodyElse     Code = "nobody_else"    // nobody but those concerned could decide
	DuePast        Code = "due_past"       // the deadline that was given is over
	NoApprover     Code = "no_approver"    // nobody holds the post that has to approve
	NoFiles        Code = "no_files"       // an internal item takes no attachments
	BadDeputy      Code = "bad_deputy"     // the deputy holds no post in the person's unit or above it
	Flagged        Code = "flagged"        // to be looked at by itself, not accepted together with others
	NeedsSecond    Code = "needs_second"   // another administrator has to agree to so many people
	NoWords        Code = "no_words"       // a message without words that could be corrected
	TooLong        Code = "too_long"       // more words than Telegram takes
	RulesChanged   Code = "rules_changed"  // rules of assessment were changed and kept their version
	ShortWindow    Code = "short_window"   // units would have less than ObjectWithin working days to object
	Undecided      Code = "undecided"      // lines, parts or objections of an assessment still wait for a decision
	BadPoints      Code = "bad_points"     // more points than the rules allow
	Internal       Code = "internal"
)

// Codes lists every refusal, so that a test sees that each has its sentence.
var Codes = []Code{NotFound, NotAllowed, NotBound, WrongState, AlreadyDone, EvidenceNeeded, ReasonNeeded, TooLate, LinkInvalid,
	NoDeadline, NoDuty, NoOwner, TooSoon, NothingToDo, TooLarge, BadYear, BadRange, LeadReports, FollowsLead, OwnRequest, PendingRequest, HasItAlready, NotLater, StandsAlready, NobodyElse, DuePast, NoApprover, NoFiles, BadDeputy, Flagged, NeedsSecond, NoWords, TooLong, RulesChanged, ShortWindow, Undecided, BadPoints, Internal}

// Refuse makes an Error from a code and the placeholders of its sentence.
func Refuse(code Code, args ...any) *Error { return &Error{Code: code, Args: args} }

// Error tells developers the code; people are told the sentence of the catalogues.
func (e *Error) Error() string {
	if len(e.Args) == 0 {
		return string(e.Code)
	}
	return fmt.Sprint(e.Code, " ", e.Args)
}

// Is makes errors.Is compare by code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Code == e.Code
}

// CodeOf returns the code of a refusal, or Internal for any other error, or "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return Internal
}

// ErrRepeated is returned by a verb whose cause has taken effect before: the update was delivered to us again. The caller shows how things
// stand now.
var ErrRepeated = errors.New("this update has taken effect before")
