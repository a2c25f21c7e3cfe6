package bot

import (
	"strings"

	"duban"
)

// saidCode understands a bare code, such as DJ-02: it shows the card of that task's item, or asks of which unit where the visitor sees several. It
// reports false for what is no code of something the visitor sees.
func (v *visit) saidCode(typed string) (bool, error) {
	if typed == "" || len(strings.Fields(typed)) != 1 {
		return false, nil
	}
	found := false
	err := v.read(func(p *page) error {
		items, err := p.itemsOfCode(typed)
		if err != nil || len(items) == 0 {
			return err
		}
		found = true
		if len(items) == 1 {
			v.send(p.cardOf(items[0]))
			return nil
		}
		v.sendItemsOfTask(p, items, 0, 0)
		return nil
	})
	return found, err
}

// itemsOfCode returns the issued items of a task that the reader may see.
func (p *page) itemsOfCode(code string) ([]item, error) {
	task, err := p.tx.TaskByCode(code)
	if duban.CodeOf(err) == duban.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := p.tx.AssignmentsOf(task.ID)
	if err != nil {
		return nil, err
	}
	var items []item
	for _, a := range all {
		if !a.State.Visible() {
			continue
		}
		it, err := p.itemOf(a)
		if err != nil {
			return nil, err
		}
		sees, err := p.sees(it)
		if err != nil {
			return nil, err
		}
		if sees {
			items = append(items, it)
		}
	}
	return items, nil
}

// sendItemsOfTask offers the units of a task, in pages; each button opens the card of the item there.
func (v *visit) sendItemsOfTask(p *page, items []item, pageNo int, edit int64) {
	options := make([]option, len(items))
	for i, it := range items {
		options[i] = option{it.ID, p.word("bycode.unit", "light", p.lightWord(it.Assignment), "unit", it.Unit.Name)}
	}
	v.send(Outgoing{
		Text:     p.text("bycode.which", "title", p.title(items[0]), "n", len(items)),
		Keyboard: p.choices("oftask", items[0].TaskID, options, pageNo), Edit: edit,
	})
}

// pressOfTask opens the card of one of a task's items, or turns the page of its units.
func (v *visit) pressOfTask(c call) error {
	chosen, ok := pickOf(c.arg)
	if !ok {
		v.answer("press.stale")
		return nil
	}
	if !chosen.Turns {
		return v.pressCard(call{verb: "card", id: chosen.ID})
	}
	return v.read(func(p *page) error {
		task, err := p.tx.Task(c.id)
		if err != nil {
			return err
		}
		items, err := p.itemsOfCode(task.Code)
		if err != nil || len(items) == 0 {
			return orNotAllowed(err)
		}
		v.sendItemsOfTask(p, items, chosen.Page, v.about.MessageID)
		return nil
	})
}
