package bot

import (
	"encoding/json"
	"errors"

	"duban"
	"duban/text"
	"duban/work"
)

// saveCalendar lets a change that was shown count from now on.
func (v *visit) saveCalendar(d calendarDraft) error {
	changed, said, err := v.saveDraft(d)
	if err != nil && !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	if ended := v.end(); ended != nil || err != nil {
		return errors.Join(ended, err)
	}
	if !changed {
		said = v.text("calendar.known")
	}
	v.replace(Outgoing{Text: said})
	return nil
}

func (v *visit) saveDraft(d calendarDraft) (changed bool, said text.HTML, err error) {
	switch {
	case d.Year != nil:
		changed, err = v.Desk.AddYear(v.ctx, v.who, *d.Year, d.Source)
		return changed, v.text("calendar.done_year", "year", d.Year.Year), err
	case d.Day != nil:
		changed, err = v.Desk.CorrectDay(v.ctx, v.who, *d.Day)
		return changed, v.daySentence("calendar.done_day", d.Day.From, d.Day.Off), err
	case d.Vacation != nil:
		vacation := duban.SchoolVacation{UnitID: d.UnitID, Vacation: *d.Vacation, Source: d.Source}
		if changed, err = v.Desk.AddVacation(v.ctx, v.who, vacation); err != nil {
			return false, "", err
		}
		said, err = v.vacationSentence("calendar.done_vacation", vacation)
		return changed, said, err
	}
	return false, "", duban.Refuse(duban.NothingToDo)
}

// offerDrop lists what can be taken back, with a button for each.
func (v *visit) offerDrop(p *page) error {
	changes, vacations, err := p.calendarEntries()
	if err != nil {
		return err
	}
	atRoot, err := work.MayAtRoot(p.tx, p.actor())
	if err != nil {
		return err
	}
	if !atRoot {
		changes = nil
	}
	vacationLines, err := p.vacationLines(vacations)
	if err != nil {
		return err
	}
	key := "calendar.ask_drop"
	if len(changes)+len(vacations) == 0 {
		key = "calendar.nothing_to_drop"
	}
	lines := append(append([]text.HTML{p.text(key)}, p.changeLines(changes)...), vacationLines...)
	var ofDays, ofVacations []Button
	for i, c := range changes[:min(len(changes), calendarLimit)] {
		ofDays = append(ofDays, button("📅 "+p.word("calendar.button_drop_n", "n", i+1), "calendar", c.ID, "undo_day"))
	}
	for i, s := range vacations[:min(len(vacations), calendarLimit)] {
		ofVacations = append(ofVacations, button("🏫 "+p.word("calendar.button_drop_n", "n", i+1), "calendar", s.ID, "undo_vacation"))
	}
	k := append(rows(3, ofDays...), rows(3, ofVacations...)...)
	v.replace(Outgoing{Text: text.Join(lines...), Keyboard: append(k, []Button{button(p.word("calendar.button_back"), "calendar", 0, "back")})})
	return nil
}

func (v *visit) dropDay(id int64) error {
	dropped, err := v.Desk.DropCorrection(v.ctx, v.who, id)
	if err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.daySentence("calendar.dropped_day", dropped.From, dropped.Off)})
	return nil
}

func (v *visit) dropVacation(id int64) error {
	dropped, err := v.Desk.DropVacation(v.ctx, v.who, id)
	if err != nil {
		return err
	}
	said, err := v.vacationSentence("calendar.dropped_vacation", dropped)
	if err == nil {
		v.replace(Outgoing{Text: said})
	}
	return err
}

// renderCalendar tells an administrator what another one has changed.
func (p *page) renderCalendar(l duban.Letter) (Outgoing, error) {
	var news work.CalendarNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	name := p.word("calendar.by_console")
	if news.PersonID != 0 {
		person, err := p.tx.Person(news.PersonID)
		if err != nil {
			return Outgoing{}, err
		}
		name = person.Name
	}
	suffix := ""
	if news.Dropped {
		suffix = "_dropped"
	}
	switch {
	case news.Day != nil:
		return Outgoing{Text: p.text("news.calendar_day"+suffix, "name", name, "day", p.day(news.Day.From), "what", whatDay(p.lang, news.Day.Off), "source", shorten(news.Day.Source, 60))}, nil
	case news.Vacation != nil:
		unit, err := p.tx.Unit(news.UnitID)
		return Outgoing{Text: p.text("news.calendar_vacation"+suffix, "name", name, "unit", unit.Name, "vacation", shorten(news.Vacation.Name, 20),
			"from", p.day(news.Vacation.From), "to", p.day(news.Vacation.To))}, err
	}
	return Outgoing{Text: p.text("news.calendar_year", "name", name, "year", news.Year)}, nil
}

// renderNoNotice reminds an administrator of the holidays of the coming year, unless they are known meanwhile.
func (p *page) renderNoNotice(l duban.Letter) (Outgoing, error) {
	var news work.NoNoticeNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	if _, known := p.Desk.Calendar.Notice(news.Year); known {
		return Outgoing{}, untrue("known meanwhile")
	}
	return Outgoing{Text: p.text("news.no_notice", "year", news.Year), Keyboard: Keyboard{{p.calendarButton(stepYear)}}}, nil
}
