package duban

import "time"

// ReceiptRule says what answer an announcement asks for (回执).
type ReceiptRule string

// The receipt rules: none, the button 已阅, or a written answer.
const (
	NoReceipt   ReceiptRule = "none"
	ReadReceipt ReceiptRule = "read"
	TextReceipt ReceiptRule = "text"
)

// Audience says who gets an announcement. The zero value is nobody.
type Audience struct {
	All    bool     `json:"all,omitempty"`
	UnitID int64    `json:"unit,omitempty"` // with everything below it
	Kind   UnitKind `json:"kind,omitempty"`
	Role   Role     `json:"role,omitempty"`
}

// AnnouncementState says how far an announcement has come.
type AnnouncementState string

// The states of an announcement.
const (
	AnnouncementSending AnnouncementState = "sending"
	AnnouncementSent    AnnouncementState = "sent"
)

// Announcement (公告) is a message of an administrator to many people. The message itself stays in the sender's chat and is copied from
// there, so that every kind of content can be announced.
type Announcement struct {
	ID         int64
	SenderID   int64
	FromChat   int64
	MessageIDs []int64 // several: an album
	Summary    string  // first line of the text, for lists
	Receipt    ReceiptRule
	ReceiptDue time.Time // zero: none
	Audience   Audience
	SendAt     time.Time
	CreatedAt  time.Time
	State      AnnouncementState
}

// Receipt (回执) is one recipient of an announcement and what became of it.
type Receipt struct {
	AnnouncementID int64
	PersonID       int64
	DeliveredAt    time.Time
	Failure        string
	ConfirmedAt    time.Time
	Answer         string
	UrgedAt        time.Time
}

// Tally counts the recipients of an announcement. Delivered+Failed+Waiting is all of them.
type Tally struct {
	All, Delivered, Failed, Waiting, Confirmed int
}

// UrgeGap is the shortest working time between two 催未签收 of one announcement.
const UrgeGap = 4 * time.Hour
