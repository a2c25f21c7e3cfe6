package duban

import (
	"time"

	"duban/calendar"
)

// Policy is how an organisation wants to be reminded: the ladder, the lights, quiet time and limits. It comes from the configuration.
type Policy struct {
	Organisation string
	Lang         string
	Ladder       Ladder
	Lights       LightRules
	Quiet        calendar.Quiet
	Digest       *calendar.Clock // nil: off
	DailyCap     int             // pushes per person and day outside the digest; 0: no cap
	ReviewWithin int             // working days a reviewer has
	LinkValid    time.Duration
	SecondFactor SecondFactor
	// ApproveIssue asks a leader before what an administrator draws up is issued. SecondAdminAbove is the number of people above which another
	// administrator has to confirm what is sent to them; 0: never.
	ApproveIssue     bool
	SecondAdminAbove int
	Reports          Reports
	SelfCheck        int // working days that units usually have to check and object to what is proposed of them; fewer than ObjectWithin count as that
}

// SecondFactor says what, beside the link, a person must show who joins.
type SecondFactor string

// The second factors.
const (
	NoFactor      SecondFactor = "none"
	ContactFactor SecondFactor = "contact" // share one's own contact; the number must be the roster's
	Last4Factor   SecondFactor = "last4"   // type the last four digits of the roster's number
)

// Ladder is the steps by which an assignment is reminded and escalated.
type Ladder struct {
	Unsigned  []calendar.Step // after issue, while nobody has signed; the last one also goes to the secretary
	BeforeDue []calendar.Step // before the deadline; 0d is the due day itself
	Notice    calendar.Step   // after the deadline: 催办单 to owner and secretary; the zero step is none
	Repeat    calendar.Step   // and again after each of these; the zero step is never again
	Draft     calendar.Step   // after the deadline: 通报单 as a draft to the administrators; the zero step is none
	At        calendar.Clock  // the time of day of steps counted in days
}

// LightRules are the thresholds of the lights. A light comes when either threshold is reached.
type LightRules struct {
	YellowDays   int     // remaining working days
	YellowPart   float64 // remaining part of the whole working time
	YellowAtMost int     // never earlier than this many working days before
	OrangeDays   int
	OrangePart   float64
}

// DefaultLights are the lights of the standard policy.
var DefaultLights = LightRules{YellowDays: 3, YellowPart: 0.30, YellowAtMost: 15, OrangeDays: 1, OrangePart: 0.15}
