package bot

import (
	"encoding/json"

	"duban"
	"duban/text"
	"duban/work"
)

// renderTrouble tells an administrator what is wrong with the machine, unless a backup has been made meanwhile.
func (p *page) renderTrouble(l duban.Letter) (Outgoing, error) {
	var news work.TroubleNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	key := "news.trouble." + string(news.What)
	switch news.What {
	case work.BackupFailing:
		made, err := p.tx.Backups()
		if err != nil {
			return Outgoing{}, err
		}
		if made.Good.After(news.Since) {
			return Outgoing{}, untrue("a backup was made meanwhile")
		}
		if news.Since.IsZero() {
			return Outgoing{Text: p.text("news.trouble.no_backup")}, nil
		}
		return Outgoing{Text: p.text(key, "since", text.Moment(p.lang, p.local(news.Since), p.local(p.now)))}, nil
	case work.DiskLow:
		return Outgoing{Text: p.text(key, "free", text.Size(news.Free))}, nil
	case work.BackupLacking, work.RecordBroken:
		return Outgoing{Text: p.text(key, "n", news.N)}, nil
	}
	return Outgoing{Text: p.text(key)}, nil
}
