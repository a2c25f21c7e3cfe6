package bot

import (
	"encoding/json"

	"duban"
	"duban/text"
	"duban/work"
)

// renderRecordHead tells an administrator how long the record was on each day of a month, with its check codes. It is one message a month, without a
// sound, to which each day is added: whoever keeps it can see later whether the record still holds what it held.
func (p *page) renderRecordHead(l duban.Letter) (Outgoing, error) {
	var news work.HeadNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	from, to := work.HeadMonth(news.Month, p.Desk.Calendar.Zone())
	heads, err := p.tx.HeadsPublished(from, to)
	if err != nil {
		return Outgoing{}, err
	}
	lines := []text.HTML{p.text("news.record_head", "year", from.Year(), "month", int(from.Month()))}
	for _, h := range heads {
		head := duban.Head{Seq: h.Seq, Check: duban.CheckCode(h.Hash)}
		lines = append(lines, p.text("news.record_head_day", "day", h.At.In(p.Desk.Calendar.Zone()).Day(), "n", h.Seq, "head", head))
	}
	lines = append(lines, p.text("news.record_head_use"))
	return p.inPlace(Outgoing{Silent: true, Text: text.Join(lines...)}, work.HeadSubject(news.Month))
}

// inPlace makes something the live message about a subject: it is edited where it stands in the reader's chat, and sent where it does not.
func (p *page) inPlace(out Outgoing, subject string) (Outgoing, error) {
	out.Subject = subject
	card, err := p.tx.Card(subject, p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.Edit = card.MessageID
	}
	return out, ignoreGone(err)
}
