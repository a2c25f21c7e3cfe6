package bot

import (
	"encoding/json"

	"duban/text"
)

// What Telegram takes at most, in UTF-16 units after the markup has been taken out. Telegram counts code points, which are never more.
const (
	maxText    = 4096
	maxCaption = 1024
	maxAlbum   = 10
)

// requestsFor turns a piece of news into the calls that send it, most often one.
func requestsFor(o Outgoing, plain bool) []request {
	switch {
	case o.Leave:
		return []request{{method: "leaveChat", params: map[string]any{"chat_id": o.ChatID}}}
	case o.Erase != 0:
		return []request{{method: "deleteMessage", params: map[string]any{"chat_id": o.ChatID, "message_id": o.Erase}}}
	case o.Edit != 0:
		return []request{editOf(o, plain)}
	case o.Copy != nil:
		return copyOf(o, plain)
	case len(o.Album) > 0:
		return albumOf(o, plain)
	case o.Document != nil:
		return []request{documentOf(o, plain)}
	}
	return []request{messageOf(o, plain)}
}

// messages counts how many messages a piece of news makes in the chat, which is what Telegram limits.
func (o Outgoing) messages() int {
	parts := len(o.Album)
	if o.Copy != nil {
		parts = len(o.Copy.MessageIDs)
	}
	switch {
	case o.Edit != 0 || o.Erase != 0 || parts == 0:
		return 1
	case o.Text != "":
		return parts + 1
	}
	return parts
}

func messageOf(o Outgoing, plain bool) request {
	p := o.base()
	if o.Words != nil {
		o.Words.put(p, "text")
	} else {
		o.say(p, "text", maxText, plain)
		p["link_preview_options"] = map[string]any{"is_disabled": true}
	}
	o.markup(p)
	return request{method: "sendMessage", params: p}
}

// editOf changes a message of ours. Without a text only its buttons are changed, which works under copies and photos too.
func editOf(o Outgoing, plain bool) request {
	p := map[string]any{"chat_id": o.ChatID, "message_id": o.Edit}
	if len(o.Keyboard) > 0 {
		p["reply_markup"] = o.Keyboard.wire()
	}
	if o.onlyButtons() {
		return request{method: "editMessageReplyMarkup", params: p}
	}
	if o.Words != nil && o.Words.Caption {
		o.Words.put(p, "caption")
		return request{method: "editMessageCaption", params: p}
	}
	if o.Words != nil {
		o.Words.put(p, "text")
		return request{method: "editMessageText", params: p}
	}
	p["link_preview_options"] = map[string]any{"is_disabled": true}
	o.say(p, "text", maxText, plain)
	return request{method: "editMessageText", params: p}
}

// onlyButtons reports whether nothing but the buttons of a message is to be changed.
func (o Outgoing) onlyButtons() bool { return o.Edit != 0 && o.Text == "" && o.Words == nil }

// put puts words into a request, with their format beside them. Corrected words are shown as the first ones were, link previews included.
func (w *Words) put(p map[string]any, field string) {
	p[field] = w.Text
	if w.Entities == "" {
		return
	}
	name := "entities"
	if field == "caption" {
		name = "caption_entities"
	}
	p[name] = json.RawMessage(w.Entities)
}

// copyOf copies a message with our buttons under it. Several messages cannot carry buttons, and neither can text be added to them: then Text
// follows as a message of its own and carries the buttons.
func copyOf(o Outgoing, plain bool) []request {
	p := o.base()
	p["from_chat_id"] = o.Copy.FromChat
	if o.Forward {
		return o.forwardOf(p, plain)
	}
	if len(o.Copy.MessageIDs) == 1 {
		p["message_id"] = o.Copy.MessageIDs[0]
		if o.Words != nil {
			o.Words.put(p, "caption")
			o.Words = nil
		}
		if o.Text == "" {
			o.markup(p)
			return []request{{method: "copyMessage", params: p}}
		}
		return []request{{method: "copyMessage", params: p}, below(o, plain)}
	}
	delete(p, "reply_parameters")
	p["message_ids"] = o.Copy.MessageIDs
	all := []request{{method: "copyMessages", params: p}}
	if o.Text != "" {
		all = append(all, below(o, plain))
	}
	return all
}

// forwardOf forwards a message, with the text and the buttons in a message of their own.
func (o Outgoing) forwardOf(p map[string]any, plain bool) []request {
	delete(p, "reply_parameters")
	p["message_id"] = o.Copy.MessageIDs[0]
	all := []request{{method: "forwardMessage", params: p}}
	if o.Text != "" {
		all = append(all, below(o, plain))
	}
	return all
}

// below is the text under an album or a copy.
func below(o Outgoing, plain bool) request {
	o.ReplyTo, o.Words = 0, nil
	return messageOf(o, plain)
}

// albumOf sends files in groups that Telegram takes together: at most ten, documents and audio each among themselves.
func albumOf(o Outgoing, plain bool) []request {
	var all []request
	for _, group := range grouped(o.Album) {
		p := o.base()
		if len(group) == 1 {
			p[group[0].Kind] = group[0].FileID
			all = append(all, request{method: soloMethods[group[0].Kind], params: p, spare: o.Text != ""})
			continue
		}
		var media []any
		for _, m := range group {
			media = append(media, map[string]any{"type": m.Kind, "media": m.FileID})
		}
		p["media"] = media
		all = append(all, request{method: "sendMediaGroup", params: p, spare: o.Text != ""})
	}
	if o.Text != "" {
		all = append(all, below(o, plain))
	}
	return all
}

var soloMethods = map[string]string{
	"photo": "sendPhoto", "document": "sendDocument", "video": "sendVideo", "audio": "sendAudio", "voice": "sendVoice", "video_note": "sendVideoNote",
}

// alone are the kinds that Telegram takes into no album.
var alone = map[string]bool{"voice": true, "video_note": true}

// grouped puts what may go together into albums, in the order in which the first of each came, so that photos and documents sent in turn make two
// albums and not many.
func grouped(album []Media) [][]Media {
	var groups [][]Media
	open := map[string]int{} // the group of each sort that has room
	for _, m := range album {
		sort := togetherness(m.Kind)
		at, ok := open[sort]
		if ok && len(groups[at]) < maxAlbum && !alone[m.Kind] {
			groups[at] = append(groups[at], m)
			continue
		}
		open[sort] = len(groups)
		groups = append(groups, []Media{m})
	}
	return groups
}

// togetherness names what goes into one album: photos and videos mix, the others do not.
func togetherness(kind string) string {
	if kind == "video" {
		return "photo"
	}
	return kind
}

func (d *Document) method() string { return soloMethods[d.kind()] }

func (d *Document) kind() string {
	if d.Photo {
		return "photo"
	}
	return "document"
}

func documentOf(o Outgoing, plain bool) request {
	p := o.base()
	o.say(p, "caption", maxCaption, plain)
	o.markup(p)
	return request{method: o.Document.method(), params: p, document: o.Document}
}

// base is what every sending has.
func (o Outgoing) base() map[string]any {
	p := map[string]any{"chat_id": o.ChatID}
	if o.Thread != 0 {
		p["message_thread_id"] = o.Thread
	}
	if o.Silent {
		p["disable_notification"] = true
	}
	if o.Paid {
		p["allow_paid_broadcast"] = true
	}
	if o.ReplyTo != 0 {
		p["reply_parameters"] = map[string]any{"message_id": o.ReplyTo, "allow_sending_without_reply": true}
	}
	return p
}

func (o Outgoing) say(p map[string]any, field string, limit int, plain bool) {
	if o.Text == "" && field == "caption" {
		return
	}
	words := fitted(o.Text, limit)
	if plain {
		p[field] = words.Plain()
		return
	}
	p[field], p["parse_mode"] = string(words), "HTML"
}

func (o Outgoing) markup(p map[string]any) {
	switch {
	case len(o.Keyboard) > 0:
		p["reply_markup"] = o.Keyboard.wire()
	case o.Menu != nil:
		p["reply_markup"] = o.Menu.wire()
	}
}

type wireButton struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

func (k Keyboard) wire() map[string]any {
	rows := make([][]wireButton, 0, len(k))
	for _, row := range k {
		line := make([]wireButton, 0, len(row))
		for _, b := range row {
			line = append(line, wireButton{b.Label, b.Data, b.URL})
		}
		rows = append(rows, line)
	}
	return map[string]any{"inline_keyboard": rows}
}

func (m *Menu) wire() map[string]any {
	if m.Remove {
		return map[string]any{"remove_keyboard": true}
	}
	var rows [][]map[string]any
	if m.Contact != "" {
		rows = append(rows, []map[string]any{{"text": m.Contact, "request_contact": true}})
	}
	for _, row := range m.Rows {
		var line []map[string]any
		for _, label := range row {
			line = append(line, map[string]any{"text": label})
		}
		rows = append(rows, line)
	}
	return map[string]any{"keyboard": rows, "resize_keyboard": true, "is_persistent": true}
}

// fitted returns the text as it is when it fits, else cut at the end of a line, with an ellipsis and with its markup closed.
func fitted(h text.HTML, limit int) text.HTML {
	if h.Len() <= limit {
		return h
	}
	return cutHTML(h, limit)
}
