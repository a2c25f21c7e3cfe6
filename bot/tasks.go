package bot

import (
	"strconv"

	"duban"
	"duban/text"
)

// pageSize is how many items a page of a list shows.
const pageSize = 8

// showTasks lists the visitor's open items with their lights, by deadline, in pages. A number opens the card. Who has
// deleted the board gets it back with it.
func (v *visit) showTasks(string) error {
	if err := v.sendTasks(0, 0); err != nil {
		return err
	}
	return v.offerBoard()
}

func (v *visit) pressTasks(c call) error { return v.sendTasks(int(c.id), v.about.MessageID) }

func (v *visit) sendTasks(pageNo int, edit int64) error {
	return v.read(func(p *page) error {
		open, err := p.openOf(v.person.ID)
		if err != nil {
			return err
		}
		if len(open) == 0 {
			v.send(Outgoing{Text: v.text("tasks.none"), Menu: v.menu()})
			return nil
		}
		out, err := p.taskList(open, pageNo)
		out.Edit = edit
		v.send(out)
		return err
	})
}

func (p *page) taskList(open []duban.Assignment, pageNo int) (Outgoing, error) {
	from := min(max(pageNo, 0)*pageSize, (len(open)-1)/pageSize*pageSize)
	shown := open[from:min(from+pageSize, len(open))]
	lines := []text.HTML{p.text("tasks.heading", "n", len(open)), p.tally(open), ""}
	var numbers []Button
	for i, a := range shown {
		it, err := p.itemOf(a)
		if err != nil {
			return Outgoing{}, err
		}
		lines = append(lines, p.listLine(from+i+1, it))
		numbers = append(numbers, button(itoa(from+i+1), "card", it.ID))
	}
	k := rows(4, numbers...)
	if len(open) > pageSize {
		k = append(k, p.pager("tasks", from/pageSize, (len(open)-1)/pageSize))
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: k, About: About{Items: idsOf(open[:from+len(shown)])}}, nil
}

func idsOf(all []duban.Assignment) []int64 {
	ids := make([]int64, len(all))
	for i, a := range all {
		ids[i] = a.ID
	}
	return ids
}

// pager is the row of buttons that turns pages. The page before the first is the last.
func (p *page) pager(verb string, at, last int) []Button {
	before, after := at-1, at+1
	if before < 0 {
		before = last
	}
	if after > last {
		after = 0
	}
	return []Button{
		button(p.word("button.page_before"), verb, int64(before)),
		button(p.word("button.page", "at", at+1, "of", last+1), verb, int64(at)),
		button(p.word("button.page_after"), verb, int64(after)),
	}
}

// tally counts items by light, in one line.
func (p *page) tally(all []duban.Assignment) text.HTML {
	counts := map[duban.Light]int{}
	for _, a := range all {
		counts[p.light(a)]++
	}
	line := ""
	for _, light := range duban.LightOrder {
		if counts[light] > 0 {
			if line != "" {
				line += "　"
			}
			line += p.word("light."+string(light)) + " " + strconv.Itoa(counts[light])
		}
	}
	return text.Escape(line)
}

// details writes all of an item.
func (p *page) details(it item) (text.HTML, error) {
	if it.Task.Internal {
		return text.Join(p.heading(it), p.text("card.internal")), nil
	}
	lines := []text.HTML{
		p.heading(it), p.ownerLine(it), p.unitsLine(it), p.dueLine(it), p.milestoneList(it), p.text("card.duty", "duty", it.Task.Duty),
		p.evidenceLine(it),
	}
	if it.Task.Basis != "" {
		lines = append(lines, p.text("card.basis", "basis", it.Task.Basis))
	}
	if it.Task.Note != "" {
		lines = append(lines, p.text("card.note", "note", it.Task.Note))
	}
	lines = append(lines, p.stateLine(it))
	lines = append(lines, p.remarkLines(it, remarksInDetails)...)
	history, err := p.history(it)
	return text.Join(append(lines, history...)...), err
}

// historyLimit is how many entries of the record the details show.
const historyLimit = 12

func (p *page) history(it item) ([]text.HTML, error) {
	entries, err := p.tx.RecordOf(it.ID)
	if err != nil || len(entries) == 0 {
		return nil, err
	}
	lines := []text.HTML{"", p.text("details.record")}
	for _, e := range entries[max(0, len(entries)-historyLimit):] {
		actor, err := p.actorName(e)
		if err != nil {
			return nil, err
		}
		lines = append(lines, p.text("details.entry", "at", p.moment(e.At), "event", p.word("event."+string(e.Event)), "actor", actor, "note", shorten(e.Note, 60)))
	}
	return lines, nil
}

func (p *page) actorName(e duban.Entry) (string, error) {
	if e.Actor == 0 {
		return p.word("actor." + string(e.Via)), nil
	}
	person, err := p.tx.Person(e.Actor)
	return person.Name, err
}

func itoa(n int) string { return strconv.Itoa(n) }

// atoi reads a small number of a button; 0 for anything else.
func atoi(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		return 0
	}
	return n
}
