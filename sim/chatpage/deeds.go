package chatpage

import (
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"duban/sim"
)

// mostUploaded is how many bytes one sending may have.
const mostUploaded = 64 << 20

// albumSize is how many files one album has at most, as in Telegram.
const albumSize = 10

// deed is what somebody does on a phone. What each path needs of it stands with its function.
type deed struct {
	Person  int64  `json:"person"`
	Chat    int64  `json:"chat"` // a group; 0 is the private chat with the bot
	Text    string `json:"text"`
	ReplyTo int    `json:"reply_to"`
	Message int    `json:"message"`
	Row     int    `json:"row"`
	Column  int    `json:"column"`
	Photos  bool   `json:"photos"`

	page   *Page
	person *sim.Person
	seat   *sim.Seat
	answer *sim.Message
	files  []*multipart.FileHeader
}

// deeds has one line for each thing that a person can do.
var deeds = map[string]func(deed) error{
	"/send":    send,
	"/upload":  upload,
	"/give":    give,
	"/press":   func(d deed) error { return d.seat.PressAt(d.Message, d.Row, d.Column) },
	"/tap":     func(d deed) error { return d.seat.Tap(d.Text) },
	"/open":    func(d deed) error { return d.person.OpenLink(d.Text) },
	"/read":    func(d deed) error { d.seat.Read(); return nil },
	"/block":   func(d deed) error { d.person.Block(); return nil },
	"/unblock": func(d deed) error { d.person.Unblock(); return nil },
	"/correct": correct,
	"/remove":  remove,
}

// errNothing is returned for what has no effect because a part of it is missing.
var errNothing = errors.New("there is nothing to do")

// doing reads a deed, finds who does it, and does it. It answers 204, or 422 with the reason.
func (p *Page) doing(do func(deed) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, mostUploaded)
		d, err := deedOf(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		d.page = p
		if d.person, d.seat = p.seatOf(d.Person, d.Chat); d.seat == nil {
			http.Error(w, noSuchChat, http.StatusNotFound)
			return
		}
		if d.ReplyTo != 0 {
			d.answer = d.seat.Message(d.ReplyTo)
		}
		if err := do(d); err != nil {
			http.Error(w, err.Error(), http.StatusUnprocessableEntity)
			return
		}
		w.WriteHeader(http.StatusNoContent)
	}
}

// noSuchChat is what a page is told that asks for a chat which nobody of its phones is in.
const noSuchChat = "nobody has this phone, or this chat on it"

// seatOf finds a person and the place in a chat: the private one with the bot for 0, else a group. Both are nil where there is none.
func (p *Page) seatOf(person, chat int64) (*sim.Person, *sim.Seat) {
	who := p.Telegram.Person(person)
	if who == nil {
		return nil, nil
	}
	if chat == 0 {
		return who, who.Seat
	}
	for _, g := range who.Groups() {
		if g.ID() == chat {
			return who, g.As(who)
		}
	}
	return nil, nil
}

func deedOf(r *http.Request) (deed, error) {
	var d deed
	if r.Header.Get("Content-Type") == "application/json" {
		return d, json.NewDecoder(r.Body).Decode(&d)
	}
	if err := r.ParseMultipartForm(mostUploaded); err != nil {
		return d, err
	}
	if err := json.Unmarshal([]byte(r.FormValue("deed")), &d); err != nil {
		return d, err
	}
	d.files = r.MultipartForm.File["file"]
	return d, nil
}

// send says Text, as an answer to ReplyTo where that is given.
func send(d deed) error {
	if d.Text == "" {
		return errNothing
	}
	d.seat.Reply(d.answer, d.Text)
	return nil
}

// upload sends files with Text as the caption: one by itself, several as albums. With Photos they are shown as pictures.
func upload(d deed) error {
	if len(d.files) == 0 {
		return errNothing
	}
	items := make([]sim.Item, len(d.files))
	for i, file := range d.files {
		data, err := contentOf(file)
		if err != nil {
			return err
		}
		items[i] = sim.FileItem(file.Filename, data)
		if d.Photos {
			items[i] = sim.PhotoItem(data)
		}
		if len(d.files) == 1 && d.Photos {
			d.seat.ReplyPhoto(d.answer, data, d.Text)
			return nil
		}
		if len(d.files) == 1 {
			d.seat.ReplyDocument(d.answer, file.Filename, data, d.Text)
			return nil
		}
	}
	for len(items) > 0 {
		n := min(albumSize, len(items))
		d.seat.ReplyAlbum(d.answer, d.Text, items[:n]...)
		items, d.Text = items[n:], ""
	}
	return nil
}

func contentOf(file *multipart.FileHeader) ([]byte, error) {
	f, err := file.Open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// give sends the offer whose name is Text.
func give(d deed) error {
	for _, o := range d.page.Offers {
		if o.Name != d.Text {
			continue
		}
		data, err := o.Make(time.Now())
		if err != nil {
			return err
		}
		d.seat.ReplyDocument(d.answer, o.Name, data, "")
		return nil
	}
	return errNothing
}

// correct gives Message, which is one's own, the new Text.
func correct(d deed) error {
	m := d.seat.Message(d.Message)
	if m == nil || d.Text == "" {
		return errNothing
	}
	return d.seat.EditMessage(m, d.Text)
}

// remove takes Message out of the chat.
func remove(d deed) error {
	m := d.seat.Message(d.Message)
	if m == nil {
		return errNothing
	}
	d.seat.DeleteMessage(m)
	return nil
}

// setting tells the page who is shown first, which files are at hand and what the bot is called.
func (p *Page) setting(w http.ResponseWriter, _ *http.Request) {
	names := []string{}
	for _, o := range p.Offers {
		names = append(names, o.Name)
	}
	w.Header().Set("Content-Type", "application/json")
	// The page may be gone; then nobody is left to be told.
	_ = json.NewEncoder(w).Encode(map[string]any{
		"phones": []int64{p.Left, p.Right}, "offers": names, "bot": p.Telegram.Username(), "zone": p.Zone,
	})
}

// file answers the bytes of something that was sent. Only pictures are shown in the page; everything else is saved.
func (p *Page) file(w http.ResponseWriter, r *http.Request) {
	f, ok := p.Telegram.File(r.PathValue("id"))
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Length", strconv.Itoa(len(f.Data)))
	switch kind := http.DetectContentType(f.Data); kind {
	case "image/png", "image/jpeg", "image/gif", "image/webp":
		h.Set("Content-Type", kind)
	default:
		h.Set("Content-Type", "application/octet-stream")
		h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName(f.Name))
	}
	_, _ = w.Write(f.Data)
}

// offer answers a file that is at hand, made at this moment.
func (p *Page) offer(w http.ResponseWriter, r *http.Request) {
	for _, o := range p.Offers {
		if o.Name != r.PathValue("name") {
			continue
		}
		data, err := o.Make(time.Now())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+escapeName(o.Name))
		_, _ = w.Write(data)
		return
	}
	http.NotFound(w, r)
}

// escapeName writes a file name for the header Content-Disposition (RFC 8187).
func escapeName(name string) string { return strings.ReplaceAll(url.QueryEscape(name), "+", "%20") }
