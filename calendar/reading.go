package calendar

// Outcome is what came of reading a text for a deadline.
type Outcome string

// The outcomes. None is the zero value's meaning too: the text names no deadline.
const (
	None       Outcome = "none"
	Understood Outcome = "due"
	Recurring  Outcome = "recurring"
	Ask        Outcome = "ask"
	Refused    Outcome = "refused"
)

// Reason names why a text gave a question or a refusal instead of a deadline.
type Reason string

// Assumption names how an ambiguity was resolved, so that the echo can say it.
type Assumption string

// Reading is what a text says about a deadline: nothing, a deadline, a recurring one, a question or a refusal.
type Reading struct {
	Outcome     Outcome      `json:"outcome"`
	Due         Due          `json:"due,omitzero"`         // the deadline; of a recurring one the next
	Reason      Reason       `json:"reason,omitempty"`     // of Ask and Refused
	Assumed     []Assumption `json:"assumed,omitempty"`    // how ambiguities were resolved
	Provisional bool         `json:"provisional,omitzero"` // the deadline falls into a year without a notice
	Past        bool         `json:"past,omitzero"`        // the deadline is over already
}
