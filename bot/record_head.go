package bot

import (
	"encoding/json"

	"duban"
	"duban/work"
)

// renderRecordHead tells an administrator how long the record was on a morning, with its check code. It makes no sound, and it is never edited: whoever
// keeps it can see later whether the record still holds what it held.
func (p *page) renderRecordHead(l duban.Letter) (Outgoing, error) {
	var news work.HeadNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	head := duban.Head{Seq: news.Seq, Check: news.Check}
	return Outgoing{Silent: true, Text: p.text("news.record_head", "at", p.moment(l.CreatedAt), "n", news.Seq, "head", head)}, nil
}
