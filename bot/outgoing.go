package bot

import "duban/text"

// Outgoing is one piece of news, rendered and ready to leave. What it holds decides the request: an edit, a copy, an album, a document or a
// plain message.
type Outgoing struct {
	ChatID   int64     `json:",omitzero"`
	Thread   int64     `json:",omitzero"` // topic of a forum in which a new message stands; 0: none
	Text     text.HTML `json:",omitzero"` // at most 4,096 UTF-16 units after the markup has been taken out; a caption at most 1,024
	Keyboard Keyboard  `json:",omitzero"`
	Menu     *Menu     `json:",omitzero"` // a reply keyboard; never together with Keyboard or Edit
	ReplyTo  int64     `json:",omitzero"` // message to reply to; sent without the reply when that message is gone
	Edit     int64     `json:",omitzero"` // message to edit instead of sending; sent anew when that message is gone. Without Text its buttons alone change
	Copy     *Copy     `json:",omitzero"` // a message of somebody else to copy, instead of Text
	Forward  bool      `json:",omitzero"` // Copy is forwarded instead, so that the votes of a poll are counted in one place; it carries no buttons
	Version  int       `json:",omitzero"` // of an announcement: which correction it has; 0: none
	Words    *Words    `json:",omitzero"` // instead of Text, or of what stands under a copy
	Erase    int64     `json:",omitzero"` // message to delete instead of sending; where Telegram no longer deletes it, Words are put into it
	EditOnly bool      `json:",omitzero"` // a message to edit that is gone is not sent anew
	Leave    bool      `json:",omitzero"` // nothing is sent: the bot leaves the chat
	Album    []Media   `json:",omitzero"` // files that Telegram has already, by their file_id; Text becomes a message of its own after them
	Document *Document `json:",omitzero"` // bytes to upload; Text becomes the caption
	Delete   int64     `json:",omitzero"` // message to delete once this one has arrived; best effort
	Silent   bool      `json:",omitzero"`
	Pin      bool      `json:",omitzero"` // without a sound; an edited message stays as it is
	Unpin    bool      `json:",omitzero"`
	Paid     bool      `json:",omitzero"` // for a tenth of a Telegram Star, beside the limits that are free

	// About says what the message is about, so that a reply to it is understood. For news the letter says it.
	About About `json:",omitzero"`

	// Subject makes this the live message about something in the reader's chat, such as "assignment:12"; it is edited from then on.
	Subject string `json:",omitzero"`
	// Live edits the live message about Subject, when there is one by the time that this leaves.
	Live bool `json:",omitzero"`
	// Reminds makes this the reminder that stands under the live message about a subject, so that the next one replaces it.
	Reminds string `json:",omitzero"`
}

// payable reports whether Telegram takes payment for it, instead of the limits that are free: for a new message, and neither for an edit, a forwarded
// message nor an album that is copied.
func (o Outgoing) payable() bool {
	return o.Edit == 0 && o.Erase == 0 && !o.Leave && !o.Forward && (o.Copy == nil || len(o.Copy.MessageIDs) == 1)
}

// About is what a message is about; zero ids mean nothing.
type About struct {
	AssignmentID   int64 `json:",omitzero"`
	SubmissionID   int64 `json:",omitzero"`
	AnnouncementID int64 `json:",omitzero"`
	// Items are the assignments that the numbers of a list stand for, from 1 on; numbers that are not shown are counted too.
	Items []int64 `json:",omitempty"`
	// Data is what an answer asks to have confirmed, as JSON.
	Data string `json:",omitempty"`
}

// Keyboard is the buttons under a message, in rows.
type Keyboard [][]Button

// Button is one button under a message. Exactly one of Data and URL is set.
type Button struct {
	Label string `json:",omitzero"`
	Data  string `json:",omitzero"` // at most 64 bytes; see callback.go
	URL   string `json:",omitzero"`
}

// Menu is a reply keyboard: buttons that type for people, kept by Telegram for as long as a message is.
type Menu struct {
	Rows    [][]string `json:",omitzero"`
	Contact string     `json:",omitzero"` // label of a button that shares one's own contact; empty: none
	Remove  bool       `json:",omitzero"`
}

// Copy is somebody's message to be copied, or several that are an album.
type Copy struct {
	FromChat   int64
	MessageIDs []int64
}

// Words are a text with its format as Telegram gave it, in JSON.
type Words struct {
	Text     string
	Entities string // may be empty
	Caption  bool   // they stand under a file
}

// Media is a file that Telegram has already.
type Media struct {
	Kind   string // photo, document, video or audio
	FileID string
}

// Document is a file to upload.
type Document struct {
	Name string
	Data []byte
	// Photo shows it as a picture in the chat instead of as a file.
	Photo bool `json:",omitzero"`
}
