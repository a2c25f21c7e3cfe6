package duban

import (
	"time"

	"duban/calendar"
)

// State says where an assignment stands. Overdue is computed from the deadline, never a state.
type State string

// The states of an assignment.
const (
	Draft     State = "draft"
	Issued    State = "issued"
	Accepted  State = "accepted"
	Submitted State = "submitted"
	Returned  State = "returned"
	Closed    State = "closed"
)

// Open reports whether something is still to be done for the assignment.
func (s State) Open() bool {
	return s == Issued || s == Accepted || s == Submitted || s == Returned
}

// OnUnit reports whether the unit's clock runs: issued and neither submitted nor closed.
func (s State) OnUnit() bool { return s == Issued || s == Accepted || s == Returned }

// Assignment (交办) is one task for one unit, with one owner and one deadline.
type Assignment struct {
	ID          int64
	TaskID      int64
	UnitID      int64
	OwnerID     int64
	State       State
	Due         calendar.Due
	OriginalDue calendar.Due // what was set when it was issued; a later change keeps it
	IssuedAt    time.Time
	AcceptedAt  time.Time
	SubmittedAt time.Time // of the submission that stands, zero when there is none
	ReturnedAt  time.Time // of the last 退回; the ladder after a missed deadline starts anew from it
	ClosedAt    time.Time
	Percent     int // last reported progress, 0 to 100
	Returns     int
	Extensions  int
	Urges       int
	Version     int64 // grows with each change, so that a stale button can be told
	// ActedUntil is the instant up to which the ladder has been dealt with; steps at or before it are past.
	ActedUntil time.Time
	// NextAction is when something is due to happen next; zero: nothing ever by itself.
	NextAction time.Time
	// Policy names how the ladder is run; empty is the configured one.
	Policy string
}

// Verb is something that a person may do to an assignment.
type Verb string

// The verbs of the main loop.
const (
	VerbAccept   Verb = "accept"   // 签收
	VerbProgress Verb = "progress" // 报进展
	VerbSubmit   Verb = "submit"   // 上报完成
	VerbWithdraw Verb = "withdraw" // 撤回
	VerbPass     Verb = "pass"     // 通过
	VerbReturn   Verb = "return"   // 退回
)

// WithdrawWithin is how long a submission may be taken back, as long as nobody has reviewed it.
const WithdrawWithin = 10 * time.Minute

// After returns the state to which a verb leads at this moment, or the refusal that says why it leads nowhere. Submitting from Issued signs
// implicitly. What has been done already is refused as AlreadyDone, so that a second press can be answered politely.
func (a Assignment) After(v Verb, now time.Time) (State, error) {
	switch v {
	case VerbAccept:
		return a.afterAccept()
	case VerbProgress:
		return a.afterProgress()
	case VerbSubmit:
		return a.afterSubmit()
	case VerbWithdraw:
		return a.afterWithdraw(now)
	case VerbPass, VerbReturn:
		return a.afterReview(v)
	}
	return a.State, Refuse(WrongState)
}

func (a Assignment) afterAccept() (State, error) {
	switch {
	case a.State == Issued:
		return Accepted, nil
	case !a.AcceptedAt.IsZero():
		return a.State, Refuse(AlreadyDone, "at", a.AcceptedAt)
	}
	return a.State, Refuse(WrongState)
}

func (a Assignment) afterProgress() (State, error) {
	switch a.State {
	case Issued:
		return Accepted, nil
	case Accepted, Returned:
		return a.State, nil
	}
	return a.State, Refuse(WrongState)
}

func (a Assignment) afterSubmit() (State, error) {
	switch a.State {
	case Issued, Accepted, Returned:
		return Submitted, nil
	case Submitted, Closed:
		return a.State, Refuse(AlreadyDone, "at", a.SubmittedAt)
	}
	return a.State, Refuse(WrongState)
}

func (a Assignment) afterWithdraw(now time.Time) (State, error) {
	switch {
	case a.State.OnUnit():
		return a.State, Refuse(AlreadyDone, "at", now)
	case a.State != Submitted && a.State != Closed:
		return a.State, Refuse(WrongState)
	case now.Sub(a.SubmittedAt) > WithdrawWithin:
		return a.State, Refuse(TooLate)
	}
	if a.Returns > 0 {
		return Returned, nil
	}
	return Accepted, nil
}

func (a Assignment) afterReview(v Verb) (State, error) {
	switch {
	case a.State == Closed, a.State == Returned:
		return a.State, Refuse(AlreadyDone, "at", a.ClosedAt)
	case a.State != Submitted:
		return a.State, Refuse(WrongState)
	case v == VerbPass:
		return Closed, nil
	}
	return Returned, nil
}

// Submission (上报) is one report of completion. Evidence hangs on it.
type Submission struct {
	ID           int64
	AssignmentID int64
	PersonID     int64
	At           time.Time
	Text         string
	State        SubmissionState
	DecidedAt    time.Time
	DecidedBy    int64
	Reason       string
}

// SubmissionState says what has become of a submission.
type SubmissionState string

// The states of a submission. Collecting means that evidence is still awaited and nothing has been reported.
const (
	Collecting       SubmissionState = "collecting"
	SubmissionWaits  SubmissionState = "waiting"
	SubmissionPassed SubmissionState = "passed"
	SubmissionBack   SubmissionState = "returned"
	SubmissionTaken  SubmissionState = "withdrawn"
)

// AddWithin is how long after a submission further files are added to it instead of starting another.
const AddWithin = 10 * time.Minute

// File is one piece of evidence: what Telegram knows of it and where its bytes are kept.
type File struct {
	ID           int64
	SubmissionID int64
	Kind         FileKind
	FileID       string // Telegram's, for sending it again
	UniqueID     string // Telegram's, the same for the same file
	Name         string
	Size         int64
	SHA256       []byte // nil until the bytes are here
	Path         string // below the evidence folder
	State        FileState
	MediaGroup   string
	ChatID       int64
	MessageID    int64
	At           time.Time
}

// FileKind says how Telegram shows a file.
type FileKind string

// The kinds of file.
const (
	PhotoFile    FileKind = "photo"
	DocumentFile FileKind = "document"
	VideoFile    FileKind = "video"
	AudioFile    FileKind = "audio"
)

// FileState says whether the bytes of a file are here.
type FileState string

// The states of a file.
const (
	FileWanted FileState = "wanted"
	FileStored FileState = "stored"
	FileLost   FileState = "lost" // Telegram no longer has it, or it is too large
)

// MaxFile is the largest file that a bot can download from Telegram, in bytes.
const MaxFile = 20 << 20
