package duban

import "time"

// Escalation (督办单) is a notice of level 3 to 5 about one item: 通报单, 约谈单, 预警单. It is drafted from the facts, and a person edits and issues
// it. The notices of level 1 and 2 are reminders and go out by themselves.
type Escalation struct {
	ID           int64
	AssignmentID int64
	Level        int
	State        EscalationState
	Body         string // empty as long as nobody has written it: then it reads as the facts say
	DraftedAt    time.Time
	DecidedBy    int64
	DecidedAt    time.Time
	RespondBy    time.Time // until when the unit answers; set when it is issued
	RespondedAt  time.Time
	RespondedBy  int64
	Response     string
}

// EscalationState says how far a notice has come.
type EscalationState string

// The states of a notice of level 3 to 5.
const (
	EscalationDraft    EscalationState = "draft"
	EscalationIssued   EscalationState = "issued"
	EscalationAnswered EscalationState = "answered"
	EscalationDropped  EscalationState = "dropped" // not issued, or overtaken
)

// RespondWithin is how many days a unit has to answer a notice of a level, by what is usual: seven for a 通报单, three for those above.
var RespondWithin = map[int]int{3: 7, 4: 3, 5: 3}

// FirstDraft is the lowest level of a notice that a person issues (通报单), and TopLevel the highest of all (预警单).
const (
	FirstDraft = 3
	TopLevel   = 5
)

// Absence is a time in which somebody is away and another acts in his place, with both names in the record.
type Absence struct {
	ID       int64
	PersonID int64
	DeputyID int64
	From, To string // local dates, both included
	SetBy    int64
	SetAt    time.Time
}

// Remark (批示) is what a leader wrote on an item.
type Remark struct {
	PersonID int64
	At       time.Time
	Text     string
}
