package sim

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// Mark begins the transcript anew: what happened before is left out, and times count from now.
func (t *Telegram) Mark() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.log.begun = time.Now()
}

// Transcript returns the conversation as text, of some people or of everybody: when, who, what. Times count from Mark, else from the
// first line. What the bot does has an arrow; markup is reduced to plain text; start payloads, which are secret and random, to an
// ellipsis.
//
//	  0s  王芳 [签收]
//	  0s  → 王芳: 已签收。
//	        [上报完成] [报进展] / [详情]
//	1m0s  王芳 (文件 总结.docx)
func (t *Telegram) Transcript(people ...*Person) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	var b strings.Builder
	begun := t.log.begun
	for _, e := range t.log.events {
		if e.At.Before(t.log.begun) || !concerns(e, people) {
			continue
		}
		if begun.IsZero() {
			begun = e.At
		}
		writeEvent(&b, e.At.Sub(begun), &e)
	}
	return b.String()
}

func concerns(e Event, people []*Person) bool {
	return len(people) == 0 || slices.ContainsFunc(people, func(p *Person) bool { return p.user.ID == e.Chat || p.name() == e.Who })
}

// indent stands before the lines that continue an entry.
const indent = "            "

func writeEvent(b *strings.Builder, since time.Duration, e *Event) {
	line := said(e)
	if fromBot(e.Kind) {
		line = "→ " + line
	}
	line = startPayload.ReplaceAllString(line, "${1}…")
	fmt.Fprintf(b, "%8s  %s\n", since.Truncate(time.Second), strings.ReplaceAll(line, "\n", "\n"+indent))
	if e.Kind != Sent && e.Kind != Edited {
		return
	}
	if keys := inlineRows(e.Message.ReplyMarkup); keys != "" {
		fmt.Fprintf(b, "%s%s\n", indent, keys)
	}
	if keys := replyRows(e.Keyboard); keys != "" {
		fmt.Fprintf(b, "%s⌨ %s\n", indent, keys)
	}
	if e.KeyboardGone {
		fmt.Fprintf(b, "%s⌨ –\n", indent)
	}
}

// startPayload matches what follows /start and ?start= .
var startPayload = regexp.MustCompile(`((?:^|[\s:])/start |\?start=)[A-Za-z0-9_-]+`)

func fromBot(kind EventKind) bool {
	return slices.Contains([]EventKind{Sent, Edited, Deleted, Answered, Pinned}, kind)
}

func said(e *Event) string {
	m := &e.Message
	switch e.Kind {
	case Pressed:
		if e.Older {
			return fmt.Sprintf("%s [%s] ←「%s」", e.Who, e.Label, firstLine(m))
		}
		return fmt.Sprintf("%s [%s]", e.Who, e.Label)
	case Blocked:
		return e.Who + " (停用机器人)"
	case Unblocked:
		return e.Who + " (重新启用机器人)"
	case Answered:
		return e.Who + " (提示): " + e.Text
	case Deleted:
		return e.Who + " (删): " + firstLine(m)
	case Pinned:
		return e.Who + " (置顶): " + firstLine(m)
	case Edited, Corrected:
		return withBody(e.Who+" (改)", m)
	case Said, Sent:
	}
	return withBody(e.Who+marks(m), m)
}

func withBody(who string, m *Message) string {
	if body := m.Body(); body != "" {
		return who + ": " + body
	}
	return who
}

// marks tells in brackets what a message is beside its text.
func marks(m *Message) string {
	var all []string
	if m.ForwardOrigin != nil {
		all = append(all, "转发")
	}
	if m.ReplyTo != nil {
		all = append(all, "回复「"+firstLine(m.ReplyTo)+"」")
	}
	switch {
	case m.Document != nil:
		all = append(all, "文件 "+m.Document.FileName)
	case len(m.Photo) > 0:
		all = append(all, "照片")
	case m.Video != nil:
		all = append(all, "视频")
	case m.Voice != nil:
		all = append(all, "语音")
	case m.Sticker != nil:
		all = append(all, "贴图 "+m.Sticker.Emoji)
	case m.Location != nil:
		all = append(all, "位置")
	case m.Poll != nil:
		all = append(all, "投票 "+m.Poll.Question)
	case m.Contact != nil:
		all = append(all, "名片 "+m.Contact.FirstName)
	}
	if m.MediaGroupID != "" {
		all = append(all, "相册")
	}
	if all == nil {
		return ""
	}
	return " (" + strings.Join(all, "，") + ")"
}

func firstLine(m *Message) string {
	line, _, _ := strings.Cut(m.Body(), "\n")
	if line == "" && m.Document != nil {
		line = m.Document.FileName
	}
	const most = 20
	if runes := []rune(line); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return line
}

func inlineRows(k *InlineKeyboard) string {
	if k == nil {
		return ""
	}
	return joinRows(k.Rows, func(b InlineButton) string { return b.Text })
}

func replyRows(k *ReplyKeyboard) string {
	if k == nil {
		return ""
	}
	return joinRows(k.Rows, func(b ReplyButton) string { return b.Text })
}

func joinRows[B any](rows [][]B, label func(B) string) string {
	var lines []string
	for _, row := range rows {
		var keys []string
		for _, b := range row {
			keys = append(keys, "["+label(b)+"]")
		}
		lines = append(lines, strings.Join(keys, " "))
	}
	return strings.Join(lines, " / ")
}
