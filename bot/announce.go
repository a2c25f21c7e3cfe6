package bot

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/text"
)

// The steps of the dialog /announce, in their order.
const (
	stepOffer    = "offer" // a message was forwarded, and it is not known yet what for
	stepMessage  = "message"
	stepAudience = "audience"
	stepNames    = "names" // people are named one by one, or by a file
	stepSaveAs   = "save"  // the audience gets a name
	stepReceipt  = "receipt"
	stepWhen     = "when"
	stepTime     = "time"
	stepLimit    = "limit" // until when receipts are asked for
	stepConfirm  = "confirm"
)

// announceDraft is an announcement on its way through the dialog. The message itself stays in the chat; only its ids are kept.
type announceDraft struct {
	Messages []int64           `json:"messages,omitempty"`
	Group    string            `json:"group,omitempty"` // of an album, whose further messages come one by one
	Content  duban.Content     `json:"content,omitempty"`
	Words    int64             `json:"words,omitempty"` // the message of an album that has words
	Summary  string            `json:"summary,omitempty"`
	FileName string            `json:"file,omitempty"`
	Audience duban.Audience    `json:"audience"`
	Narrows  bool              `json:"narrows,omitempty"` // what is chosen next is added to the audience
	People   []int64           `json:"people,omitempty"`  // those who were made out of a list of which not all were
	Receipt  duban.ReceiptRule `json:"receipt,omitempty"`
	Limit    int64             `json:"limit,omitempty"` // for receipts, unix milliseconds; 0: none
	Task     int64             `json:"task,omitempty"`  // to which a button leads
	ToGroups bool              `json:"to_groups,omitempty"`
	SendAt   int64             `json:"send_at,omitempty"` // unix milliseconds; 0: at once
	Held     *held             `json:"held,omitempty"`    // what a forwarded message is otherwise
}

// summaryLength is how much of an announcement stands for it in lists, in characters.
const summaryLength = 60

// beginAnnounce starts an announcement. As a reply to a message of one's own it takes that message, else the next one.
func (v *visit) beginAnnounce(string) error {
	if m := v.message; m != nil && m.ReplyToMessage != nil && m.ReplyToMessage.From != nil && m.ReplyToMessage.From.ID == v.account.TelegramID {
		return v.takeContent(m.ReplyToMessage)
	}
	return v.announceAt(stepMessage, announceDraft{})
}

// forwarded reports whether a message was written elsewhere.
func (v *visit) forwarded() bool { return v.message != nil && v.message.ForwardOrigin != nil }

// offerAnnounce asks whether a forwarded message is to be announced. It may as well be meant for an open item.
func (v *visit) offerAnnounce() error {
	d, ok := draftOf(v.message)
	if !ok {
		v.say("announce.cannot_copy")
		return nil
	}
	d.Held = &held{v.typed(), filesOf(v.message)}
	if err := v.begin("announce", stepOffer, d); err != nil {
		return err
	}
	open, err := v.openItems(func(a duban.Assignment) bool { return a.State.OnUnit() })
	if err != nil {
		return err
	}
	k := Keyboard{{button(v.word("announce.button_begin"), "audience", 0, "begin")}}
	if v.has(duban.ActIssue) && d.Held.Text != "" {
		k = Keyboard{{button(v.word("task.button.forwarded"), "draft", 0, "forwarded"), k[0][0]}}
	}
	if len(open) > 0 {
		k = append(k, []Button{button(v.word("announce.button_material"), "audience", 0, "material")})
	}
	if v.noticeIn(d.Held.Text) {
		k = append(k, []Button{button(v.word("calendar.button.year"), "calendar", 0, "held")})
	}
	v.ask(append(k, []Button{v.announceCancel()}), "announce.offer")
	return nil
}

func (v *visit) announceCancel() Button { return button(v.word("announce.button_cancel"), "drop", 0) }

// takeContent makes a message the content of a new announcement.
func (v *visit) takeContent(m *models.Message) error {
	d, ok := draftOf(m)
	if !ok {
		v.say("announce.cannot_copy")
		return nil
	}
	return v.announceAt(stepAudience, d)
}

// draftOf begins a draft with a message; false for what Telegram does not let a bot copy.
func draftOf(m *models.Message) (announceDraft, bool) {
	if !copyable(m) {
		return announceDraft{}, false
	}
	d := announceDraft{Messages: []int64{int64(m.ID)}, Group: m.MediaGroupID, Summary: summaryOf(m), Content: contentOf(m)}
	if m.Caption != "" {
		d.Words = int64(m.ID)
	}
	if m.Document != nil {
		d.FileName = m.Document.FileName
	}
	return d, true
}

// copyable reports whether a bot can pass on a message. Invoices, giveaways, stories and service messages are sent by nobody's copy.
func copyable(m *models.Message) bool {
	if m.HasProtectedContent || m.PaidMedia != nil {
		return false
	}
	return contentOf(m) != duban.ContentOther || m.VideoNote != nil || m.Sticker != nil || m.Location != nil || m.Contact != nil || m.Venue != nil
}

// contentOf says of what kind a message is.
func contentOf(m *models.Message) duban.Content {
	switch {
	case m.Text != "":
		return duban.ContentText
	case m.Poll != nil:
		return duban.ContentPoll
	case len(m.Photo) > 0 || m.Document != nil || m.Video != nil || m.Animation != nil || m.Audio != nil || m.Voice != nil:
		return duban.ContentCaption
	}
	return duban.ContentOther
}

// summaryOf is the first line of a message, to stand for it in lists.
func summaryOf(m *models.Message) string {
	words := cmp.Or(m.Text, m.Caption)
	if m.Poll != nil {
		words = m.Poll.Question
	}
	return shorten(headLine(words), summaryLength)
}

func headLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// announceStep takes the next message of the dialog: the content, a further message of its album, or a choice that is typed.
func (v *visit) announceStep(typed string, files []duban.File) (bool, error) {
	var d announceDraft
	if err := v.data(&d); err != nil {
		return true, err
	}
	switch {
	case v.about.AssignmentID != 0 || v.about.SubmissionID != 0 || v.about.AnnouncementID != 0:
		return false, nil
	case d.Group != "" && d.Group == v.message.MediaGroupID:
		return true, v.addToAlbum(d, typed, files)
	case v.dialog.Step == stepOffer:
		return false, nil
	case v.dialog.Step == stepMessage:
		return true, v.takeContent(v.message)
	case (v.dialog.Step == stepAudience || v.dialog.Step == stepNames) && v.message.Document != nil:
		return true, v.namesInFile(d)
	}
	return true, v.announceTyped(d, typed)
}

// addToAlbum adds a further message of an album. Nothing is said to it, but a preview that is there already is shown anew.
func (v *visit) addToAlbum(d announceDraft, typed string, files []duban.File) error {
	if id := int64(v.message.ID); !slices.Contains(d.Messages, id) {
		d.Messages = append(d.Messages, id)
		slices.Sort(d.Messages)
	}
	d.Summary, d.Content = cmp.Or(d.Summary, summaryOf(v.message)), duban.ContentAlbum
	if v.message.Caption != "" && d.Words == 0 {
		d.Words = int64(v.message.ID)
	}
	if d.Held != nil {
		d.Held.Files = append(d.Held.Files, files...)
		d.Held.Text = cmp.Or(d.Held.Text, typed)
	}
	if v.dialog.Step == stepConfirm {
		return v.announceAt(stepConfirm, d)
	}
	return v.begin("announce", v.dialog.Step, d)
}

// draft reads the announcement that is in the making; false when there is none any more, which has been answered.
func (v *visit) draft() (announceDraft, bool, error) {
	var d announceDraft
	if v.dialog.Name != "announce" || v.now.After(v.dialog.ExpiresAt) {
		v.answer("announce.over")
		return d, false, nil
	}
	if err := v.data(&d); err != nil {
		return d, false, err
	}
	if len(d.Messages) == 0 {
		v.answer("announce.over")
		return d, false, nil
	}
	return d, true, nil
}

// announceAt keeps the draft at a step and asks what the step asks.
func (v *visit) announceAt(step string, d announceDraft) error {
	if err := v.begin("announce", step, d); err != nil {
		return err
	}
	switch step {
	case stepMessage:
		v.replace(Outgoing{Text: v.text("announce.begin"), Keyboard: Keyboard{{v.announceCancel()}}})
	case stepAudience:
		return v.askAudience(d)
	case stepNames:
		v.replace(Outgoing{Text: v.text("announce.names"), Keyboard: Keyboard{v.backAndCancel("audience", "back")}})
	case stepSaveAs:
		v.replace(Outgoing{Text: v.text("announce.save_as"), Keyboard: Keyboard{v.backAndCancel("receipt", "menu")}})
	case stepReceipt:
		return v.askReceipt(d)
	case stepWhen:
		return v.askWhen(d)
	case stepTime:
		v.replace(Outgoing{Text: v.text("announce.time"), Keyboard: Keyboard{v.backAndCancel("when", "menu")}})
	case stepLimit:
		v.askLimit()
	case stepConfirm:
		return v.preview(d)
	}
	return nil
}

// replace answers a press in the message that was pressed, and everything else with a new message.
func (v *visit) replace(o Outgoing) {
	if v.press != nil {
		o.Edit = v.about.MessageID
	}
	v.send(o)
}

func (v *visit) backAndCancel(verb, arg string) []Button {
	return []Button{button(v.word("announce.button_back"), verb, 0, arg), v.announceCancel()}
}

// typedIs reports whether a label of the catalogue was typed, in any language.
func typedIs(typed, key string) bool {
	for _, lang := range text.Langs {
		if typed == text.Word(lang, key) {
			return true
		}
	}
	return false
}

func (v *visit) dayAndClock(t time.Time) string {
	return dayAndClock(v.lang, t.In(v.Desk.Calendar.Zone()))
}

func (p *page) dayAndClock(t time.Time) string { return dayAndClock(p.lang, p.local(t)) }

// dayAndClock writes an instant with its weekday, as it has to be read before something is sent at it.
func dayAndClock(lang text.Lang, local time.Time) string {
	year, month, day := local.Date()
	layout := "15:04"
	if local.Second() != 0 {
		layout = "15:04:05"
	}
	return text.Word(lang, "day.at", "day", text.Day(lang, year, month, day), "clock", local.Format(layout))
}
