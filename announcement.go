package duban

import (
	"slices"
	"time"

	"duban/calendar"
)

// ReceiptRule says what answer an announcement asks for (回执).
type ReceiptRule string

// The receipt rules: none, the button 已阅, or a written answer.
const (
	NoReceipt   ReceiptRule = "none"
	ReadReceipt ReceiptRule = "read"
	TextReceipt ReceiptRule = "text"
)

// Content says of what kind the message of an announcement is, and so how it travels and what of it can be corrected.
type Content string

// The kinds of content.
const (
	ContentText    Content = "text"
	ContentCaption Content = "caption" // a photo, video, document, sound or voice message: the words under it can be corrected
	ContentAlbum   Content = "album"   // several of them: the words under one of them can be corrected
	ContentPoll    Content = "poll"    // forwarded instead of copied, so that all votes are counted in one place
	ContentOther   Content = "other"   // a location, a contact and the like: nothing in it can be corrected
)

// HasWords reports whether there are words in such a message that can be corrected.
func (c Content) HasWords() bool {
	return c == ContentText || c == ContentCaption || c == ContentAlbum
}

// Correction (更正) is the words that stand in an announcement instead of the first ones. Entities is their format as Telegram writes it, in JSON.
type Correction struct {
	Text     string    `json:"text"`
	Entities string    `json:"entities,omitempty"`
	At       time.Time `json:"at,omitzero"`
}

// Announcement (公告) is a message of an administrator to many people. The message itself stays in the sender's chat and is copied from
// there, so that every kind of content can be announced.
type Announcement struct {
	ID         int64
	SenderID   int64
	FromChat   int64
	MessageIDs []int64 // several: an album
	Content    Content
	WordsAt    int    // which message of an album has the words
	Summary    string // first line of the text, for lists
	Receipt    ReceiptRule
	ReceiptDue time.Time // zero: none
	Audience   Audience
	TaskID     int64 // 0: none; else a button leads those who have an item of it there
	SendAt     time.Time
	ToGroups   bool // it stands in the work groups of its audience too
	Urgent     bool // quiet time does not hold it
	CreatedAt  time.Time
	State      AnnouncementState
	// PausedWhy says why the sending is interrupted: by whom, or by its failures.
	PausedWhy PauseReason
	ResumedAt time.Time // or tried again: failures before it were looked at
	// Version counts the corrections; 0: none.
	Version    int
	Correction Correction
	RecalledAt time.Time
	NextAt     time.Time // when its receipts are looked at; zero: never
	RemindedAt time.Time
}

// PauseReason says why the sending of an announcement is interrupted.
type PauseReason string

// The reasons for a pause.
const (
	PausedByHand   PauseReason = "hand"
	PausedFailures PauseReason = "failures"
)

// Receipt (回执) is one recipient of an announcement and what became of it.
type Receipt struct {
	AnnouncementID int64
	PersonID       int64
	DeliveredAt    time.Time
	Failure        string
	ConfirmedAt    time.Time
	Answer         string
	UrgedAt        time.Time
	Version        int // of the copy that the recipient has; see Announcement.Version
	CorrectedAt    time.Time
	Recall         Recall
	FixFailure     string // why the copy was not corrected or called back, or will not be called back wholly
}

// SecondCopyAfter is how long a second copy waits of a message of which nobody knows whether it has arrived.
const SecondCopyAfter = time.Minute

// Why a copy does not arrive, beside what Telegram says.
const (
	FailureErased   = "erased" // the recipient's data were
	FailureLeft     = "left"   // the recipient has no post any more
	FailureStopped  = "stopped"
	FailureRecalled = "recalled"
	FailureUnknown  = "outcome unknown" // it may have arrived all the same
	// FailureSecondCopy is why a copy counts as not called back: another one may stand in the chat, of which nobody knows where.
	FailureSecondCopy = "second_copy"
)

// ReaderFailures are the reasons that lie with one recipient and say nothing about the sending.
var ReaderFailures = []string{"blocked", "deactivated", "never_started", "not_joined", FailureLeft}

// Recall says what became of a copy that was called back.
type Recall string

// What becomes of a copy that is called back, best first.
const (
	NotRecalled  Recall = ""
	RecallErased Recall = "erased" // it is gone
	RecallMarked Recall = "marked" // it could not be deleted, and says now that it was called back
	RecallFailed Recall = "failed" // it still stands
)

var recalls = []Recall{NotRecalled, RecallErased, RecallMarked, RecallFailed}

// Beside returns what a recall has made of a copy, where another one may stand beside it that could not be changed.
func (r Recall) Beside(fixFailure string) Recall {
	if fixFailure == FailureSecondCopy {
		return r.Worse(RecallFailed)
	}
	return r
}

// StillBeside returns why a copy was not changed wholly though it was changed; empty where it was.
func StillBeside(fixFailure string) string {
	if fixFailure == FailureSecondCopy {
		return FailureSecondCopy
	}
	return ""
}

// Worse returns the worse of what became of two messages of one copy.
func (r Recall) Worse(other Recall) Recall {
	if slices.Index(recalls, other) > slices.Index(recalls, r) {
		return other
	}
	return r
}

// Tally counts the recipients of an announcement. Delivered+Failed+Waiting is all of them.
type Tally struct {
	All, Delivered, Failed, Waiting, Confirmed int
	// Corrected have the newest words; Erased, Marked and Unrecalled say what became of the copies that were called back.
	Corrected, Erased, Marked, Unrecalled int
}

// UrgeGap is the shortest working time between two 催未签收 of one announcement.
const UrgeGap = 4 * time.Hour

// RecallWithin is how long after it was sent an announcement may be called back: as long as Telegram lets a bot delete its messages.
const RecallWithin = 48 * time.Hour

// LastWave is when copies of an announcement last began to go out: at its moment, or when it was resumed or tried again.
func (n Announcement) LastWave() time.Time {
	if n.ResumedAt.After(n.SendAt) {
		return n.ResumedAt
	}
	return n.SendAt
}

// MayRecall says whether an announcement may be called back at this moment.
func (n Announcement) MayRecall(now time.Time) error {
	if _, err := n.State.After(StepRecall); err != nil {
		return err
	}
	if now.Sub(n.LastWave()) > RecallWithin {
		return Refuse(TooLate)
	}
	return nil
}

// MayCorrect says whether the words of an announcement may be corrected.
func (n Announcement) MayCorrect() error {
	if _, err := n.State.After(StepCorrect); err != nil {
		return err
	}
	if !n.Content.HasWords() {
		return Refuse(NoWords)
	}
	return nil
}

// The rule by which a sending stops by itself: of the last BurstOf that were tried, at least BurstAtLeast have failed, and one in BurstOneIn. Those who
// have blocked the bot or left do not count.
const (
	BurstOf      = 50
	BurstAtLeast = 10
	BurstOneIn   = 5
)

// FailureBurst reports whether so many failures among the last ones that were tried are a reason to pause and have somebody look.
func FailureBurst(failed, tried int) bool {
	return failed >= BurstAtLeast && failed*BurstOneIn >= tried
}

// AnnounceNeedsSecond reports whether an administrator other than the sender has to agree before so many people get something.
func (p Policy) AnnounceNeedsSecond(people int) bool {
	return p.SecondAdminAbove > 0 && people > p.SecondAdminAbove
}

// ReceiptReminderAt returns when those who have not confirmed are reminded once, by the clock, before the time limit for receipts: one working day
// before where there are at least two working days, else when half of the working time is over.
func ReceiptReminderAt(cal *calendar.Calendar, at calendar.Clock, sent, due time.Time) time.Time {
	limit := cal.DueAt(due)
	if cal.WorkingDaysBetween(cal.Today(sent), limit.Date) >= 2 {
		if before := cal.Before(limit, calendar.Step{N: 1, Unit: calendar.WorkingDays}, at); before.After(sent) {
			return before
		}
	}
	if whole := cal.WorkingTime(sent, due); whole > 0 {
		return cal.AddWorkingTime(sent, whole/2)
	}
	return sent.Add(due.Sub(sent) / 2)
}
