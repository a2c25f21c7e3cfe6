package sim

import (
	"html"
	"strings"
	"unicode/utf16"
)

// HTML returns the text of a message, or its caption, as HTML that is safe to put into a page: only the tags of Telegram, and links to
// http, https and tg addresses.
func (m *Message) HTML() string {
	text, entities := m.body()
	units := utf16.Encode([]rune(text))
	var b strings.Builder
	writeHTML(&b, units, 0, len(units), entities)
	return b.String()
}

// writeHTML writes units[from:to]; entities are sorted, the outer first.
func writeHTML(b *strings.Builder, units []uint16, from, to int, entities []Entity) {
	for len(entities) > 0 {
		e := entities[0]
		begin, end := max(from, e.Offset), min(to, e.Offset+e.Length)
		if begin >= end {
			entities = entities[1:]
			continue
		}
		b.WriteString(html.EscapeString(string(utf16.Decode(units[from:begin]))))
		inner := 1
		for inner < len(entities) && entities[inner].Offset < end {
			inner++
		}
		before, after := tagsOf(e, string(utf16.Decode(units[begin:end])))
		b.WriteString(before)
		writeHTML(b, units, begin, end, entities[1:inner])
		b.WriteString(after)
		from, entities = end, entities[inner:]
	}
	b.WriteString(html.EscapeString(string(utf16.Decode(units[from:to]))))
}

func tagsOf(e Entity, text string) (before, after string) {
	switch e.Type {
	case "bold":
		return "<b>", "</b>"
	case "italic":
		return "<i>", "</i>"
	case "underline":
		return "<u>", "</u>"
	case "strikethrough":
		return "<s>", "</s>"
	case "code":
		return "<code>", "</code>"
	case "pre":
		return "<pre>", "</pre>"
	case "spoiler":
		return `<span class="spoiler">`, "</span>"
	case "blockquote", "expandable_blockquote":
		return "<blockquote>", "</blockquote>"
	case "bot_command":
		return `<a class="command" href="#">`, "</a>"
	case "text_link", "url":
		target := e.URL
		if e.Type == "url" {
			target = linkTarget(text)
		}
		if safeLink(target) {
			return `<a target="_blank" rel="noopener noreferrer" href="` + html.EscapeString(target) + `">`, "</a>"
		}
	}
	return "", ""
}

func safeLink(target string) bool {
	return strings.HasPrefix(target, "https://") || strings.HasPrefix(target, "http://") || strings.HasPrefix(target, "tg://")
}
