package bot

import (
	"slices"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// The steps of the dialog of the calendar. In the first three something is awaited, in the last it is shown before it counts.
const (
	stepYear     = "year"
	stepDay      = "day"
	stepVacation = "vacation"
	stepPreview  = "preview"
)

// calendarDraft is a change of the calendar that is shown and does not count yet: a year, a day or a vacation.
type calendarDraft struct {
	Year     *calendar.Year     `json:"year,omitempty"`
	Day      *calendar.Day      `json:"day,omitempty"`
	UnitID   int64              `json:"unit,omitempty"`
	Vacation *calendar.Vacation `json:"vacation,omitempty"`
	Source   string             `json:"source,omitempty"`
	Message  int64              `json:"message,omitempty"` // that brought it, to tell the buttons of one preview from those of the next
}

// calendarLimit is how many corrections and how many vacations one message lists.
const calendarLimit = 15

// showCalendar is /calendar: which years have a notice, the corrections and the vacations.
func (v *visit) showCalendar(string) error {
	return v.read(func(p *page) error {
		out, err := p.calendarOverview()
		if err == nil {
			v.replace(out)
		}
		return err
	})
}

func (p *page) calendarOverview() (Outgoing, error) {
	atRoot, err := work.MayAtRoot(p.tx, p.actor())
	if err != nil {
		return Outgoing{}, err
	}
	lines, err := p.yearLines()
	if err != nil {
		return Outgoing{}, err
	}
	changes, vacations, err := p.calendarEntries()
	if err != nil {
		return Outgoing{}, err
	}
	vacationLines, err := p.vacationLines(vacations)
	if err != nil {
		return Outgoing{}, err
	}
	lines = append(append(lines, p.changeLines(changes)...), vacationLines...)
	return Outgoing{Text: text.Join(lines...), Keyboard: p.calendarButtons(atRoot, len(changes)+len(vacations) > 0)}, nil
}

// calendarEntries returns what the reader may take back: corrections from this year on, and vacations that have not ended.
func (p *page) calendarEntries() ([]duban.DayChange, []duban.SchoolVacation, error) {
	today := p.Desk.Calendar.Today(p.now)
	changes, err := p.tx.DayChanges()
	if err != nil {
		return nil, nil, err
	}
	changes = slices.DeleteFunc(changes, func(c duban.DayChange) bool { return c.From.Year < today.Year })
	top, err := p.topUnit(duban.ActImport)
	if err != nil {
		return nil, nil, err
	}
	vacations, err := p.tx.VacationsBelow(top, today)
	return changes, vacations, err
}

// yearLines name the notices that are known and the years, this one and the next, that have none.
func (p *page) yearLines() ([]text.HTML, error) {
	shipped := calendar.ShippedYears()
	lines := []text.HTML{
		p.text("calendar.heading"),
		p.text("calendar.shipped", "from", shipped[0].Year, "to", shipped[len(shipped)-1].Year),
	}
	added, err := p.tx.AddedYears()
	for _, y := range added {
		key := "calendar.added"
		if y.Source == y.Notice {
			key = "calendar.added_as_text"
		}
		lines = append(lines, p.text(key, "year", y.Year.Year, "notice", shorten(y.Notice, 60), "date", p.moment(y.AddedAt), "source", shorten(y.Source, 40)))
	}
	this := p.Desk.Calendar.Today(p.now).Year
	for year := this; year <= this+1; year++ {
		if _, known := p.Desk.Calendar.Notice(year); !known {
			lines = append(lines, p.text("calendar.provisional_year", "year", year))
		}
	}
	return lines, err
}

func (p *page) changeLines(changes []duban.DayChange) []text.HTML {
	if len(changes) == 0 {
		return nil
	}
	lines := []text.HTML{p.text("calendar.changes")}
	for i, c := range changes[:min(len(changes), calendarLimit)] {
		lines = append(lines, p.text("calendar.change", "n", i+1, "day", p.day(c.From), "what", whatDay(p.lang, c.Off), "source", shorten(c.Source, 60)))
	}
	return p.withMore(lines, len(changes))
}

func (p *page) vacationLines(vacations []duban.SchoolVacation) ([]text.HTML, error) {
	if len(vacations) == 0 {
		return nil, nil
	}
	lines := []text.HTML{p.text("calendar.vacations")}
	for i, s := range vacations[:min(len(vacations), calendarLimit)] {
		unit, err := p.tx.Unit(s.UnitID)
		if err != nil {
			return nil, err
		}
		lines = append(lines, p.text("calendar.vacation", "n", i+1, "unit", unit.Name, "name", shorten(s.Name, 20), "from", p.day(s.From), "to", p.day(s.To)))
	}
	return p.withMore(lines, len(vacations)), nil
}

func (p *page) withMore(lines []text.HTML, all int) []text.HTML {
	if all > calendarLimit {
		lines = append(lines, p.text("calendar.more", "n", all-calendarLimit))
	}
	return lines
}

func (p *page) day(d calendar.Date) string { return dayWord(p.lang, d) }

func dayWord(lang text.Lang, d calendar.Date) string { return text.Day(lang, d.Year, d.Month, d.Day) }

// whatDay says whether people work on a day.
func whatDay(lang text.Lang, off bool) string {
	if off {
		return text.Word(lang, "calendar.what_off")
	}
	return text.Word(lang, "calendar.what_worked")
}

// calendarButtons offer what the reader may change: the days of all only at the root.
func (p *page) calendarButtons(atRoot, entries bool) Keyboard {
	var k Keyboard
	if atRoot {
		k = append(k, []Button{p.calendarButton("year"), p.calendarButton("day")})
	}
	last := []Button{p.calendarButton("vacation")}
	if entries {
		last = append(last, p.calendarButton("drop"))
	}
	return append(k, last)
}

func (p *page) calendarButton(arg string) Button {
	return button(p.word("calendar.button."+arg), "calendar", 0, arg)
}

func (v *visit) pressCalendar(c call) error {
	if !v.has(duban.ActImport) {
		return duban.Refuse(duban.NotAllowed)
	}
	switch c.arg {
	case stepYear, stepDay, stepVacation:
		return v.awaitCalendar(c.arg)
	case "drop":
		return v.read(v.offerDrop)
	case "back":
		return v.backToCalendar()
	case "held":
		return v.offerHeldNotice()
	case "save":
		return v.pressSaveCalendar(c)
	case "undo_day":
		return v.dropDay(c.id)
	case "undo_vacation":
		return v.dropVacation(c.id)
	}
	v.answer("press.stale")
	return nil
}

// awaitCalendar asks for a year, a day or a vacation, which the next message brings.
func (v *visit) awaitCalendar(step string) error {
	if err := v.begin("calendar", step, calendarDraft{}); err != nil {
		return err
	}
	v.replace(Outgoing{Text: v.text("calendar.ask." + step), Keyboard: Keyboard{v.backOrCancel()}})
	return nil
}

func (v *visit) backOrCancel() []Button {
	return []Button{button(v.word("calendar.button_back"), "calendar", 0, "back"), button(v.word("calendar.button_cancel"), "drop", 0)}
}

func (v *visit) backToCalendar() error {
	if v.dialog.Name == "calendar" {
		if err := v.end(); err != nil {
			return err
		}
	}
	return v.showCalendar("")
}

// calendarStep takes what was asked for, or what is typed instead of a press of 确认启用 or 返回.
func (v *visit) calendarStep(typed string, files []duban.File) (bool, error) {
	switch {
	case !v.has(duban.ActImport) || v.about.AssignmentID != 0:
		return false, nil
	case len(files) == 0 && typedIs(typed, "calendar.button_back"):
		return true, v.backToCalendar()
	case v.message.Document != nil && v.takesYear():
		return true, v.offerYearFile()
	case len(files) > 0:
		return false, nil
	case v.dialog.Step == stepPreview:
		return v.previewTyped(typed)
	}
	return true, v.calendarTyped(v.dialog.Step, typed)
}

// takesYear reports whether a year is awaited, or shown so that another file may take its place.
func (v *visit) takesYear() bool {
	var d calendarDraft
	return v.dialog.Step == stepYear || v.dialog.Step == stepPreview && v.data(&d) == nil && d.Year != nil
}

func (v *visit) calendarTyped(step, typed string) error {
	switch step {
	case stepYear:
		return v.offerNotice(typed)
	case stepDay:
		return v.offerDay(typed)
	case stepVacation:
		return v.offerVacation(typed)
	}
	return v.end()
}

// previewTyped takes a confirmation, or the same kind of thing once more, corrected. Everything else has nothing to do with it.
func (v *visit) previewTyped(typed string) (bool, error) {
	var d calendarDraft
	if err := v.data(&d); err != nil {
		return true, err
	}
	if typedIs(typed, "calendar.button_save") || text.Understand(typed).Intent == text.Confirm {
		return true, v.saveCalendar(d)
	}
	if v.noticeIn(typed) {
		return true, v.offerNotice(typed)
	}
	today := v.Desk.Calendar.Today(v.now)
	if _, ok := calendar.ParseDayChange(typed, today); ok && d.Day != nil {
		return true, v.offerDay(typed)
	}
	if _, _, _, ok := calendar.ParseVacation(typed, today); ok && d.Vacation != nil {
		return true, v.offerVacation(typed)
	}
	return false, nil
}

// previewCalendar shows a change and keeps it until it is confirmed.
func (v *visit) previewCalendar(d calendarDraft, lines []text.HTML) error {
	d.Message = v.updateID()
	if err := v.begin("calendar", stepPreview, d); err != nil {
		return err
	}
	v.send(Outgoing{Text: text.Join(lines...), Keyboard: Keyboard{{button(v.word("calendar.button_save"), "calendar", d.Message, "save")}, v.backOrCancel()}})
	return nil
}

// updateID names the message or the press that is being answered.
func (v *visit) updateID() int64 {
	if v.message != nil {
		return int64(v.message.ID)
	}
	return v.about.MessageID
}

func (v *visit) pressSaveCalendar(c call) error {
	var d calendarDraft
	if v.dialog.Name == "calendar" && v.dialog.Step == stepPreview && v.now.Before(v.dialog.ExpiresAt) {
		if err := v.data(&d); err != nil {
			return err
		}
	}
	if d.Message == 0 || d.Message != c.id {
		v.answer("calendar.over")
		return nil
	}
	return v.saveCalendar(d)
}
