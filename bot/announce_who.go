package bot

import (
	"duban"
	"duban/text"
	"duban/work"
)

// showReach lists by unit who is in the audience of the draft, in pages, and who of them cannot be reached.
func (v *visit) showReach(d announceDraft, c call) error {
	return v.read(func(p *page) error {
		reach, err := work.ReachOf(p.tx, v.who, d.Audience)
		if err != nil {
			return err
		}
		out, at, last, err := p.reachPage(reach, int(c.id))
		if err != nil {
			return err
		}
		if last > 0 {
			out.Keyboard = Keyboard{withArg(p.pager("audience", at, last), "whoat")}
		}
		out.Keyboard = append(out.Keyboard, v.backFromNames())
		v.replace(out)
		return nil
	})
}

// backFromNames leads back to where the names were asked for: before the receipt, or before sending.
func (v *visit) backFromNames() []Button {
	if v.dialog.Step == stepConfirm {
		return v.backAndCancel("send", "ask")
	}
	return v.backAndCancel("receipt", "menu")
}

// pressAnnWho shows whoever may agree to an announcement who is to get it.
func (v *visit) pressAnnWho(c call) error {
	return v.read(func(p *page) error {
		r, err := p.tx.Request(c.id)
		if err != nil {
			return err
		}
		if err := work.MayAgreeToAnnounce(p.tx, v.who, r); err != nil {
			return err
		}
		n, err := p.tx.Announcement(r.AnnouncementID)
		if err != nil {
			return err
		}
		reach, err := work.ReachOf(p.tx, duban.Actor{PersonID: n.SenderID, Via: duban.ViaChat}, n.Audience)
		if err != nil {
			return err
		}
		out, at, last, err := p.reachPage(reach, atoi(c.arg))
		if last > 0 {
			out.Keyboard = Keyboard{p.pagesOf("annwho", r.ID, "", at, last)}
		}
		if c.arg != "" {
			out.Edit = v.about.MessageID
		}
		v.send(out)
		return err
	})
}

// reachPage is a page of the people in an audience by unit, then of those who cannot be reached, with its number and that of the last.
func (p *page) reachPage(reach work.Reach, pageNo int) (out Outgoing, at, last int, err error) {
	everybody, err := p.directory()
	if err != nil {
		return out, 0, 0, err
	}
	lines := p.namesByUnit("announce.who_unit", asReceipts(reach.People, ""), everybody)
	lines = append(lines, p.namesByUnit("announce.lost_unit", asReceipts(reach.Unreachable, "unreachable"), everybody)...)
	last = max(len(lines)-1, 0) / linesOnPage
	at = min(max(pageNo, 0), last)
	from := at * linesOnPage
	heading := p.text("announce.who_heading", "n", len(reach.People), "lost", len(reach.Unreachable))
	out.Text = text.Join(append([]text.HTML{heading}, lines[from:min(from+linesOnPage, len(lines))]...)...)
	return out, at, last, nil
}

func asReceipts(people []duban.Person, failure string) []duban.Receipt {
	var receipts []duban.Receipt
	for _, person := range people {
		receipts = append(receipts, duban.Receipt{PersonID: person.ID, Failure: failure})
	}
	return receipts
}
