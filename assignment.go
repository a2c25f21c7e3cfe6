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
	Pending   State = "pending_approval" // 待批: waits for whoever has to approve its issue
	Issued    State = "issued"
	Accepted  State = "accepted"
	Submitted State = "submitted"
	Returned  State = "returned"
	Declined  State = "declined"  // 退办: the unit says that it is not its duty, the office decides
	Suspended State = "suspended" // 中止: the clock stands still
	CalledOff State = "cancelled" // 撤销
	Closed    State = "closed"    // 办结
	Archived  State = "archived"  // 归档: closed for so long that it is out of the way
)

// Open reports whether something is still to be done for the assignment, by the unit or by the office.
func (s State) Open() bool {
	return s.OnUnit() || s == Submitted || s == Declined || s == Suspended
}

// OnUnit reports whether the unit's clock runs: issued and neither submitted nor closed.
func (s State) OnUnit() bool { return s == Issued || s == Accepted || s == Returned }

// Done reports whether the assignment was accepted as done (办结), archived or not.
func (s State) Done() bool { return s == Closed || s == Archived }

// Visible reports whether the assignment has been issued at all, so that its unit knows of it.
func (s State) Visible() bool { return s != Draft && s != Pending }

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
	// Policy names how the ladder is run; empty is the usual way.
	Policy string
	// LadderID is the ladder as it was configured when the assignment was issued; 0 for those that follow the configuration.
	LadderID int64
	// Support says that the unit only supports (协办): it signs and reports progress, the lead unit reports for all.
	Support bool
	// FollowsID is the assignment of the same task that ended this one: a supporting one was closed or relieved with its lead, or another unit has done
	// what one of several had to do. 0: none did.
	FollowsID int64
	// Loud lets reminders break quiet time; somebody gave a reason for it when the task was issued.
	Loud bool
	// Before is the state to which an assignment comes back that was suspended, or that follows another.
	Before      State
	SuspendedAt time.Time
	DeclinedAt  time.Time
	CancelledAt time.Time
	// RestartedAt is when the ladder after a missed deadline started anew: reopened, resumed, or a request was refused.
	RestartedAt time.Time
	// RequestedAt is since when a request of the unit about it waits for an answer; zero: none does.
	RequestedAt time.Time
	// PromisedAt is when the owner said it would be done and wants to be asked again; zero: nothing was promised.
	PromisedAt time.Time
	// Level is the highest notice that was issued for it, 2 to 5; RespondBy is until when the unit has to answer the last one of level 3 and up.
	Level     int
	RespondBy time.Time
	// Milestones are its stages, in order of their dates; most have none.
	Milestones []Milestone
}

// Milestone (节点) is a stage of an assignment: by its date so many percent of the whole are planned to be done (序时进度).
type Milestone struct {
	Title   string        `json:"title"`
	Date    calendar.Date `json:"date"`
	Percent int           `json:"percent"` // planned progress of the whole once this stage is done
	DoneAt  time.Time     `json:"done_at,omitzero"`
}

// Verb is something that a person may do to an assignment.
type Verb string

// The verbs.
const (
	VerbIssue    Verb = "issue"    // 交办
	VerbAccept   Verb = "accept"   // 签收
	VerbProgress Verb = "progress" // 报进展
	VerbSubmit   Verb = "submit"   // 上报完成
	VerbWithdraw Verb = "withdraw" // 撤回
	VerbPass     Verb = "pass"     // 通过
	VerbReturn   Verb = "return"   // 退回
	VerbDecline  Verb = "decline"  // 退办, once the secretary has agreed
	VerbStand    Verb = "stand"    // 维持, or 转办 to another unit: a declined assignment is issued again
	VerbReassign Verb = "reassign" // 转派 inside the unit
	VerbExtend   Verb = "extend"   // 延期: another deadline
	VerbSuspend  Verb = "suspend"  // 中止
	VerbResume   Verb = "resume"   // 恢复
	VerbCancel   Verb = "cancel"   // 撤销
	VerbReopen   Verb = "reopen"   // 回头看
	VerbArchive  Verb = "archive"  // 归档
	VerbRestore  Verb = "restore"  // 异议成立: what was returned is reviewed again
	VerbConclude Verb = "conclude" // 随牵头单位办结: a supporting assignment is closed with the lead ones
	VerbRelieve  Verb = "relieve"  // 由其他单位完成: nothing is left to do, since another unit has done it or no lead unit is left
	VerbRecall   Verb = "recall"   // what was concluded or relieved is to be done after all
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
	return a.afterSteering(v)
}

// steering says from where the verbs of those who steer lead where. Where a verb leads to "", the state stays.
var steering = map[Verb]struct {
	from map[State]bool
	to   State
	done map[State]bool // the verb has been done before
}{
	VerbIssue:    {of(Draft, Pending), Issued, of(Issued, Accepted, Submitted, Returned)},
	VerbDecline:  {of(Issued), Declined, of(Declined)},
	VerbStand:    {of(Declined), Issued, of(Issued)},
	VerbReassign: {of(Issued, Accepted, Returned, Submitted), "", nil},
	VerbExtend:   {of(Issued, Accepted, Returned), "", nil},
	VerbSuspend:  {of(Issued, Accepted, Submitted, Returned, Declined), Suspended, of(Suspended)},
	VerbResume:   {of(Suspended), "", of(Issued, Accepted, Submitted, Returned, Declined)},
	VerbCancel:   {of(Draft, Pending, Issued, Accepted, Submitted, Returned, Declined, Suspended), CalledOff, of(CalledOff)},
	VerbReopen:   {of(Closed, Archived), Accepted, of(Accepted)},
	VerbArchive:  {of(Closed), Archived, of(Archived)},
	VerbRestore:  {of(Returned), Submitted, of(Submitted)},
	VerbConclude: {of(Issued, Accepted, Returned, Declined, Suspended), Closed, of(Closed, Archived)},
	VerbRelieve:  {of(Issued, Accepted, Submitted, Returned, Declined, Suspended), CalledOff, of(CalledOff)},
	VerbRecall:   {of(Closed, Archived, CalledOff), "", of(Issued, Accepted, Submitted, Returned, Declined, Suspended)},
}

func of(states ...State) map[State]bool {
	set := map[State]bool{}
	for _, s := range states {
		set[s] = true
	}
	return set
}

func (a Assignment) afterSteering(v Verb) (State, error) {
	rule, known := steering[v]
	switch {
	case !known:
		return a.State, Refuse(WrongState)
	case rule.done[a.State]:
		return a.State, Refuse(AlreadyDone)
	case !rule.from[a.State]:
		return a.State, Refuse(WrongState)
	case v == VerbReopen && a.Support:
		return a.State, Refuse(FollowsLead)
	case v == VerbConclude && !a.Support, v == VerbRecall && a.FollowsID == 0:
		return a.State, Refuse(WrongState)
	case v == VerbRecall && !a.SuspendedAt.IsZero():
		return Suspended, nil
	case v == VerbResume, v == VerbRecall:
		return a.Before, nil
	case rule.to == "":
		return a.State, nil
	}
	return rule.to, nil
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
	case Submitted, Closed, Archived:
		return a.State, Refuse(AlreadyDone, "at", a.SubmittedAt)
	case Issued, Accepted, Returned:
		if a.Support {
			return a.State, Refuse(LeadReports)
		}
		return Submitted, nil
	}
	return a.State, Refuse(WrongState)
}

// afterWithdraw leads to Accepted also where the submission before was returned; whoever knows that one sets Returned instead.
func (a Assignment) afterWithdraw(now time.Time) (State, error) {
	switch {
	case a.State.OnUnit():
		return a.State, Refuse(AlreadyDone, "at", now)
	case a.State != Submitted && a.State != Closed:
		return a.State, Refuse(WrongState)
	case a.Support:
		return a.State, Refuse(FollowsLead)
	case now.Sub(a.SubmittedAt) > WithdrawWithin:
		return a.State, Refuse(TooLate)
	}
	return Accepted, nil
}

func (a Assignment) afterReview(v Verb) (State, error) {
	switch {
	case a.State.Done(), a.State == Returned:
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
	Fault        Fault     // of a return
	Sampled      bool      // chosen at random: its evidence is to be looked at before it is decided
	LookedAt     time.Time // when a reviewer opened the evidence; zero: nobody has
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
	Forwarded    bool // not sent by the person himself but forwarded from elsewhere
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
