package duban

import "time"

// EvidenceKind says what proof of completion a task asks for (佐证要求).
type EvidenceKind string

// The kinds of evidence. A photo satisfies file, a caption satisfies text.
const (
	NoEvidence     EvidenceKind = "none"
	TextEvidence   EvidenceKind = "text"
	FileEvidence   EvidenceKind = "file"
	PhotosEvidence EvidenceKind = "photos"
)

// Evidence is the evidence rule of a task.
type Evidence struct {
	Kind EvidenceKind
	Min  int // how many photos, for PhotosEvidence
}

// Missing is what a submission still lacks; empty means that the rule is met.
type Missing string

// What can be missing from a submission.
const (
	NothingMissing Missing = ""
	TextMissing    Missing = "text"
	FileMissing    Missing = "file"
	PhotosMissing  Missing = "photos"
)

// Lacks says what a submission with this text and these numbers of files and photos still lacks.
func (e Evidence) Lacks(text string, files, photos int) Missing {
	switch {
	case e.Kind == TextEvidence && text == "":
		return TextMissing
	case e.Kind == FileEvidence && files+photos == 0:
		return FileMissing
	case e.Kind == PhotosEvidence && photos < e.Min:
		return PhotosMissing
	}
	return NothingMissing
}

// Priority orders tasks by weight: 一般, 加急, 特急.
type Priority string

// The priorities. Critical is exempt from the daily cap.
const (
	Normal   Priority = "normal"
	Urgent   Priority = "urgent"
	Critical Priority = "critical"
)

// Completion (完成方式) says when a task that was given to several units is done.
type Completion string

// The ways of completion. With Any, the first unit whose submission is accepted closes the task, and the others are relieved of it.
const (
	CompleteAll Completion = "all"
	CompleteAny Completion = "any"
)

// Task (事项) is what is to be done. Its assignments say by whom and until when.
type Task struct {
	ID         int64
	Code       string
	Title      string
	Duty       string // 责任要求; never empty
	Category   string
	Evidence   Evidence
	Review     bool  // false: done as soon as it is submitted
	ReviewerID int64 // 0: the issuer, else the administrators of the nearest unit above
	Priority   Priority
	Basis      string
	Note       string
	Internal   bool  // true: no content is pushed, only that there is an item
	IssuerID   int64 // 0: issued at the console
	Completion Completion
	LoudReason string // why reminders may break quiet time; empty: they may not
	CreatedAt  time.Time
	DueText    string    // the deadline in the words of the list that was imported last; empty: it came from no list
	DueRead    time.Time // as of when those words are read, so that 12月5日 stays in the year in which it was given
}

// Same reports whether two tasks say the same.
func (t Task) Same(other Task) bool {
	if !t.CreatedAt.Equal(other.CreatedAt) || !t.DueRead.Equal(other.DueRead) {
		return false
	}
	other.CreatedAt, other.DueRead = t.CreatedAt, t.DueRead
	return t == other
}
