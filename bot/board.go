package bot

import (
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/text"
	"duban/work"
)

// boardItems is how many items a board lists; of the others it tells the number.
const boardItems = 5

// boardAfter is how long after the list the board follows.
const boardAfter = 2 * time.Second

// boardFrom is from how many open items on somebody who asks for the list gets the board back: of a single one the card says it all.
const boardFrom = 2

// renderBoard is the board of the reader's open items (待办看板): how many are how urgent, and the next ones. It is pinned once, without a sound, and
// from then on edited. Whoever has deleted it gets it anew with /tasks or on the next morning with a digest, not before.
func (p *page) renderBoard(duban.Letter) (Outgoing, error) {
	b, err := p.tx.Board(p.reader.ID)
	if err != nil {
		return Outgoing{}, err
	}
	card, err := p.tx.Card(work.BoardSubject(p.reader.ID), p.reader.ID)
	if ignoreGone(err) != nil {
		return Outgoing{}, err
	}
	known := err == nil && card.ChatID == p.account.TelegramID
	switch {
	case b.Hidden && known:
		return Outgoing{Text: p.text("board.off"), Edit: card.MessageID, EditOnly: true, Unpin: true}, nil
	case b.Hidden:
		return Outgoing{}, untrue("switched off")
	case !known && !b.Anew:
		return Outgoing{}, untrue("not shown")
	}
	out, err := p.board()
	out.Subject, out.Silent, out.Pin, out.EditOnly = work.BoardSubject(p.reader.ID), true, true, !b.Anew
	if known {
		out.Edit = card.MessageID
	}
	return out, err
}

func (p *page) board() (Outgoing, error) {
	open, err := p.openOf(p.reader.ID)
	if err != nil {
		return Outgoing{}, err
	}
	if len(open) == 0 {
		return Outgoing{Text: text.Join(p.text("board.heading"), p.text("board.none"))}, nil
	}
	urgency := p.urgencyOf(open)
	list := listing{page: p, lines: []text.HTML{p.text("board.heading"), p.urgencyLine(urgency)}}
	if err := list.addItems(urgency.next[:min(len(urgency.next), boardItems)]); err != nil {
		return Outgoing{}, err
	}
	if left := len(urgency.next) - boardItems; left > 0 {
		list.lines = append(list.lines, p.text("list.more", "n", left))
	}
	out := list.out()
	out.Keyboard = append(out.Keyboard, []Button{button(p.word("button.board_all"), "board", 0, boardAll)})
	return out, nil
}

// urgency is how pressing open items are; next are those that somebody has to work on, by deadline.
type urgency struct {
	next                                         []duban.Assignment
	overdue, today, week, later, waiting, halted int
}

func (p *page) urgencyOf(open []duban.Assignment) urgency {
	var u urgency
	today := p.Desk.Calendar.Today(p.now)
	sunday := endOfWeek(today)
	for _, a := range open {
		switch {
		case a.State == duban.Submitted:
			u.waiting++
			continue
		case !a.State.OnUnit(), a.PartDone():
			u.halted++
			continue
		case p.Desk.Calendar.Overdue(a.Due, p.now):
			u.overdue++
		case a.Due.Date == today:
			u.today++
		case !a.Due.Date.After(sunday):
			u.week++
		default:
			u.later++
		}
		u.next = append(u.next, a)
	}
	return u
}

// endOfWeek is the Sunday of the week in which a day is.
func endOfWeek(day calendar.Date) calendar.Date {
	return day.Add((7 - int(day.Weekday())) % 7)
}

func (p *page) urgencyLine(u urgency) text.HTML {
	var words []text.HTML
	for _, count := range []struct {
		key string
		n   int
	}{
		{"board.overdue", u.overdue}, {"board.today", u.today}, {"board.week", u.week}, {"board.later", u.later}, {"board.waiting", u.waiting},
		{"board.halted", u.halted},
	} {
		if count.n > 0 {
			words = append(words, p.text(count.key, "n", count.n))
		}
	}
	return between(words, "　")
}

// between puts a sign between words.
func between(words []text.HTML, sign text.HTML) text.HTML {
	var line text.HTML
	for i, w := range words {
		if i > 0 {
			line += sign
		}
		line += w
	}
	return line
}

// The arguments of the button board.
const (
	boardAll = "all"
	boardOn  = "on"
	boardOff = "off"
)

// pressBoard sends the whole list of which the board shows the beginning, or switches the board on or off.
func (v *visit) pressBoard(c call) error {
	switch c.arg {
	case boardAll:
		return v.sendTasks(0, 0)
	case boardOn, boardOff:
		return v.setBoard(c.arg == boardOn)
	}
	v.answer("press.stale")
	return nil
}

func (v *visit) setBoard(shown bool) error {
	if err := v.Desk.SetBoard(v.ctx, v.who, shown); err != nil {
		return err
	}
	if shown {
		v.say("settings.board_is_on")
		return nil
	}
	v.say("settings.board_is_off")
	return nil
}

// boardButton is the button of the settings that switches the board.
func (v *visit) boardButton() (Button, error) {
	var b store.Board
	err := v.read(func(p *page) (err error) {
		b, err = p.tx.Board(v.person.ID)
		return err
	})
	if b.Hidden {
		return button(v.word("button.board_on"), "board", 0, boardOn), err
	}
	return button(v.word("button.board_off"), "board", 0, boardOff), err
}

// offerBoard puts the board into the chat once more, of a visitor who asks for the list, has had a board before and has several open items.
func (v *visit) offerBoard() error {
	return v.store().Write(v.ctx, func(tx *store.Tx) error {
		_, err := tx.LetterByKey(work.BoardSubject(v.person.ID))
		if err != nil {
			return ignoreGone(err)
		}
		open, err := v.page(tx).openOf(v.person.ID)
		if err != nil || len(open) < boardFrom {
			return err
		}
		return work.ShowBoard(tx, v.person.ID, tx.Now.Add(boardAfter))
	})
}
