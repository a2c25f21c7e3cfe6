package bot

import (
	"errors"
	"path/filepath"
	"strings"

	"duban"
	"duban/calendar"
	"duban/imports"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// The least that a text has to say so that it is taken for a notice although nobody asked for one.
const (
	noticeNames = 4 // different holidays
	noticeRunes = 100
)

// noticeIn reports whether somebody who may change the calendar has sent a text that is the notice of a year.
func (v *visit) noticeIn(typed string) bool {
	if !v.has(duban.ActImport) || len([]rune(typed)) < noticeRunes {
		return false
	}
	year, problems := calendar.ParseNotice(typed, 0)
	names := map[string]bool{}
	for _, day := range year.Days {
		names[day.Name] = true
	}
	return len(names) >= noticeNames && work.UsableYear(problems)
}

// offerNotice shows what the text of a notice says.
func (v *visit) offerNotice(typed string) error {
	year, problems := calendar.ParseNotice(typed, 0)
	if len(year.Days) == 0 {
		v.ask(Keyboard{v.backOrCancel()}, "calendar.no_year")
		return nil
	}
	return v.offerYear(year, problems, year.Notice)
}

// offerHeldNotice shows a forwarded notice that was offered as an announcement.
func (v *visit) offerHeldNotice() error {
	d, ok, err := v.draft()
	if err != nil || !ok {
		return err
	}
	if d.Held == nil {
		v.answer("press.stale")
		return nil
	}
	return v.offerNotice(d.Held.Text)
}

// yearFile reports whether a file is the holidays of a year by its name alone: no list that can be imported ends so.
func (v *visit) yearFile() bool {
	return v.message != nil && v.message.Document != nil && v.has(duban.ActImport) && strings.EqualFold(filepath.Ext(v.message.Document.FileName), ".json")
}

// offerYearFile shows what a file of holidays says.
func (v *visit) offerYearFile() error {
	s := sheetOf(v.message)
	year, problems, err := v.openYear(s)
	if err != nil {
		return v.refusedSheet(err)
	}
	return v.offerYear(year, problems, s.Name)
}

func (v *visit) openYear(s sentSheet) (calendar.Year, []calendar.Problem, error) {
	tooBig := &sheet.Refusal{Reason: sheet.TooBig, Limit: duban.MaxFile}
	if s.Size > duban.MaxFile {
		return calendar.Year{}, nil, tooBig
	}
	data, err := v.Fetch(s.File, duban.MaxFile)
	if duban.CodeOf(err) == duban.TooLarge {
		err = tooBig
	}
	if err != nil {
		return calendar.Year{}, nil, err
	}
	return imports.ReadYear(s.Name, data)
}

// problemsOfYear is how many problems of a year the preview names.
const problemsOfYear = 15

// offerYear shows a year month by month with what looks wrong about it. One that contradicts itself cannot be confirmed.
func (v *visit) offerYear(year calendar.Year, problems []calendar.Problem, source string) error {
	if err := v.mayAtRoot(); err != nil {
		return err
	}
	lines := []text.HTML{v.text("calendar.preview", "year", year.Year), v.text("calendar.preview_notice", "notice", shorten(year.Notice, 80))}
	usable := work.UsableYear(problems)
	if usable {
		for _, month := range imports.Months(v.lang, year) {
			lines = append(lines, text.Escape(month))
		}
	}
	if _, known := v.Desk.Calendar.Notice(year.Year); known {
		lines = append(lines, v.text("calendar.preview_replaces"))
	}
	if len(problems) > 0 {
		lines = append(lines, v.text("calendar.preview_problems"))
	}
	for _, problem := range imports.YearProblems(v.lang, problems[:min(len(problems), problemsOfYear)]) {
		lines = append(lines, text.Escape(problem))
	}
	if usable {
		return v.previewCalendar(calendarDraft{Year: &year, Source: shorten(source, 200)}, lines)
	}
	if err := v.begin("calendar", stepYear, calendarDraft{}); err != nil {
		return err
	}
	v.send(Outgoing{Text: text.Join(append(lines, v.text("calendar.preview_unusable"))...), Keyboard: Keyboard{v.backOrCancel()}})
	return nil
}

// mayAtRoot refuses before anything is shown what would be refused in the end.
func (v *visit) mayAtRoot() error {
	return v.read(func(p *page) error {
		ok, err := work.MayAtRoot(p.tx, v.who)
		if err == nil && !ok {
			return duban.Refuse(duban.NotAllowed)
		}
		return err
	})
}

// offerDay shows the correction of a day that was typed, beside what holds now.
func (v *visit) offerDay(typed string) error {
	if err := v.mayAtRoot(); err != nil {
		return err
	}
	day, ok := calendar.ParseDayChange(typed, v.Desk.Calendar.Today(v.now))
	switch {
	case !ok:
		v.ask(Keyboard{v.backOrCancel()}, "calendar.bad_day")
		return nil
	case day.Source == "":
		v.ask(Keyboard{v.backOrCancel()}, "calendar.no_source")
		return nil
	}
	day.Source = shorten(day.Source, 200)
	now := whatDay(v.lang, !v.Desk.Calendar.IsWorkingDay(day.From))
	return v.previewCalendar(calendarDraft{Day: &day}, []text.HTML{
		v.daySentence("calendar.preview_day", day.From, day.Off),
		v.text("calendar.preview_day_now", "what", now), v.text("calendar.preview_source", "source", day.Source),
	})
}

func (v *visit) daySentence(key string, day calendar.Date, off bool) text.HTML {
	return v.text(key, "day", dayWord(v.lang, day), "what", whatDay(v.lang, off))
}

var (
	errUnknownUnit   = errors.New("no such unit")
	errAmbiguousUnit = errors.New("several such units")
)

// offerVacation shows the vacation of a unit that was typed.
func (v *visit) offerVacation(typed string) error {
	name, vacation, source, ok := calendar.ParseVacation(typed, v.Desk.Calendar.Today(v.now))
	if !ok || vacation.To.Before(vacation.From) {
		v.ask(Keyboard{v.backOrCancel()}, "calendar.bad_vacation")
		return nil
	}
	unit, err := v.unitNamed(name)
	switch {
	case errors.Is(err, errUnknownUnit):
		v.ask(Keyboard{v.backOrCancel()}, "calendar.unit_unknown", "name", shorten(name, 40))
		return nil
	case errors.Is(err, errAmbiguousUnit):
		v.ask(Keyboard{v.backOrCancel()}, "calendar.unit_several", "name", shorten(name, 40))
		return nil
	case err != nil:
		return err
	}
	vacation.Name = shorten(vacation.Name, 20)
	d := calendarDraft{UnitID: unit.ID, Vacation: &vacation, Source: shorten(source, 200)}
	said, err := v.vacationSentence("calendar.preview_vacation", duban.SchoolVacation{UnitID: unit.ID, Vacation: vacation})
	if err != nil {
		return err
	}
	return v.previewCalendar(d, []text.HTML{said})
}

// unitNamed finds the one unit within the visitor's right that a name means.
func (v *visit) unitNamed(name string) (unit duban.Unit, err error) {
	err = v.read(func(p *page) error {
		exact, near, err := p.unitsCalled(name, duban.ActImport)
		if len(exact) == 0 {
			exact = near
		}
		switch {
		case err != nil:
			return err
		case len(exact) == 0:
			return errUnknownUnit
		case len(exact) > 1:
			return errAmbiguousUnit
		}
		unit = exact[0]
		return nil
	})
	return unit, err
}

func (v *visit) vacationSentence(key string, s duban.SchoolVacation) (said text.HTML, err error) {
	err = v.read(func(p *page) error {
		unit, err := p.tx.Unit(s.UnitID)
		said = p.text(key, "unit", unit.Name, "name", s.Name, "from", p.day(s.From), "to", p.day(s.To))
		return err
	})
	return said, err
}
