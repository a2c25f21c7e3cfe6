package bot

import (
	"encoding/json"
	"strings"

	"duban"
	"duban/export"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// handoverItems is how many items the message about a handover lists: it goes with a file, whose words are short.
const handoverItems = 5

// renderHandover tells of a post that has changed hands: the successor what is open and what was done, with all of it as a file; the leaver and the
// administrators who has what was open.
func (p *page) renderHandover(l duban.Letter) (Outgoing, error) {
	var news work.HandoverNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	args, err := p.handoverWords(news)
	if err != nil {
		return Outgoing{}, err
	}
	switch {
	case news.Seat == work.SeatSuccessor:
		return p.handoverPack(news, args)
	case news.Seat == work.SeatLeaver && news.To == 0:
		return Outgoing{Text: p.text("handover.leaver_nobody", args...)}, nil
	case news.Seat == work.SeatLeaver:
		return Outgoing{Text: p.text("handover.leaver", args...)}, nil
	case news.To == 0:
		return Outgoing{Text: p.text("handover.office_nobody", args...), Keyboard: p.openHandedOver(news)}, nil
	case news.Standing:
		return Outgoing{Text: p.text("handover.office_standing", args...)}, nil
	}
	return Outgoing{Text: p.text("handover.office", args...)}, nil
}

func (p *page) handoverWords(news work.HandoverNews) ([]any, error) {
	from, err := p.tx.Person(news.From)
	if err != nil {
		return nil, err
	}
	unit, err := p.tx.Unit(news.Unit)
	if err != nil {
		return nil, err
	}
	to := duban.Person{}
	if news.To != 0 {
		if to, err = p.tx.Person(news.To); err != nil {
			return nil, err
		}
	}
	return []any{
		"from", from.Name, "to", to.Name, "unit", unit.Name, "role", p.word("role." + string(news.Role)), "n", len(news.Items),
	}, nil
}

// openHandedOver is the button that lets an administrator look at the unit whose items nobody has got.
func (p *page) openHandedOver(news work.HandoverNews) Keyboard {
	return Keyboard{{button(p.word("button.open_unit"), "unit", news.Unit)}}
}

func (p *page) handoverPack(news work.HandoverNews, args []any) (Outgoing, error) {
	if ok, err := work.May(p.tx, p.actor(), duban.ActSee, news.Unit); err != nil || !ok {
		if err == nil {
			err = untrue("no longer allowed")
		}
		return Outgoing{}, err
	}
	open, asked, err := p.handedOver(news)
	if err != nil {
		return Outgoing{}, err
	}
	done, err := p.Desk.DoneInPost(p.tx, news)
	if err != nil {
		return Outgoing{}, err
	}
	heading := "handover.successor"
	if news.Standing {
		heading = "handover.successor_standing"
	}
	list := listing{page: p, lines: []text.HTML{p.text(heading, args...)}}
	list.lines = append(list.lines, p.doneLine("handover.done", "handover.done_none", duban.CountDone(done, p.Desk.Calendar)))
	if len(open) > 0 {
		list.lines = append(list.lines, p.text("handover.open", "n", len(open)))
	}
	if err := list.addItems(open[:min(len(open), handoverItems)]); err != nil {
		return Outgoing{}, err
	}
	if left := len(open) - handoverItems; left > 0 {
		list.lines = append(list.lines, p.text("list.more", "n", left))
	}
	if asked > 0 {
		list.lines = append(list.lines, p.text("handover.asked", "n", asked))
	}
	out := list.out()
	out.About.Items = idsOf(open)
	if len(open) > handoverItems {
		out.Keyboard = append(out.Keyboard, []Button{button(p.word("button.board_all"), "board", 0, boardAll)})
	}
	out.Document, err = p.handoverFile(news, open, done)
	return out, err
}

// handedOver returns what the reader has got and is still open, and about how many of those a request waits for a decision.
func (p *page) handedOver(news work.HandoverNews) (open []duban.Assignment, asked int, err error) {
	for _, id := range news.Items {
		a, err := p.tx.Assignment(id)
		if err != nil {
			return nil, 0, err
		}
		if !a.State.Open() || a.OwnerID != p.reader.ID {
			continue
		}
		open = append(open, a)
		if !a.RequestedAt.IsZero() {
			asked++
		}
	}
	return open, asked, nil
}

// handoverFile is the pack that goes with a post; nil when it would be larger than a bot can send.
func (p *page) handoverFile(news work.HandoverNews, open, done []duban.Assignment) (*Document, error) {
	e := export.Export{
		Tx: p.tx, Calendar: p.Desk.Calendar, Lights: p.Desk.Policy.Lights, Lang: p.lang, Organisation: p.Desk.Policy.Organisation, Discreet: true,
	}
	sheets, err := e.Handover(export.Handover{Open: idsOf(open), Done: idsOf(done)})
	if err != nil {
		return nil, err
	}
	file := limited{most: maxUpload}
	if err := sheet.WriteBook(&file, sheets); err != nil {
		return nil, err
	}
	unit, err := p.tx.Unit(news.Unit)
	if err != nil {
		return nil, err
	}
	parts := []string{p.word("handover.file"), unit.Name, p.word("role." + string(news.Role)), p.Desk.Calendar.Today(p.now).String()}
	name := strings.NewReplacer("/", "-", `\`, "-", " ", "-").Replace(strings.Join(parts, "_")) + ".xlsx"
	return &Document{Name: name, Data: file.content.Bytes()}, nil
}

// doneLine says how many were done on time and late, and how often something was returned; with another sentence that nothing was.
func (p *page) doneLine(key, none string, d duban.DoneCount) text.HTML {
	if d.All() == 0 {
		return p.text(none)
	}
	return p.text(key, "n", d.All(), "good", d.OnTime, "late", d.Late, "returns", d.Returns)
}
