package bot

import (
	"slices"
	"strings"

	"duban"
	"duban/calendar"
	"duban/export"
	"duban/work"
)

// exportWish is what of a table has been chosen so far, by buttons or by words.
type exportWish struct {
	Unit         int64        `json:"unit"`
	Table        export.Table `json:"table,omitempty"`
	Period       string       `json:"period,omitempty"`
	Announcement int64        `json:"announcement,omitempty"`
}

// The periods that can be chosen, as they are offered.
const (
	thisYear    = "year"
	thisQuarter = "quarter"
	thisMonth   = "month"
	allTime     = "all"
)

var periods = []string{thisYear, thisQuarter, thisMonth, allTime}

// daysOf returns the first and the last day of the period in which today is; zero dates are without an end.
func daysOf(period string, today calendar.Date) (from, to calendar.Date) {
	first, months := calendar.Date{Year: today.Year, Month: 1, Day: 1}, 12
	switch period {
	case thisYear:
	case thisQuarter:
		first.Month, months = (today.Month-1)/3*3+1, 3
	case thisMonth:
		first.Month, months = today.Month, 1
	default:
		return from, to
	}
	return first, first.AddMonths(months).Add(-1)
}

// beginExport is /export. What is wanted may follow it in words: a table, a period, a unit.
func (v *visit) beginExport(rest string) error {
	wish, err := v.newExport()
	if err != nil {
		return err
	}
	wish, unknown, err := v.understandExport(wish, rest)
	switch {
	case err != nil:
		return err
	case unknown != "":
		v.say("export.unknown", "word", shorten(unknown, 40))
		return nil
	}
	return v.advanceExport(wish)
}

// newExport begins with all that the visitor may take away.
func (v *visit) newExport() (wish exportWish, err error) {
	err = v.read(func(p *page) error {
		wish.Unit, err = p.topUnit(duban.ActExport)
		return err
	})
	return wish, err
}

// understandExport takes words into a wish and returns those that say nothing to it.
func (v *visit) understandExport(wish exportWish, typed string) (_ exportWish, unknown string, err error) {
	words, others := strings.Fields(typed), []string(nil)
	if whole := strings.TrimSpace(typed); isExportWord(whole) {
		words = []string{whole}
	}
	for _, word := range words {
		if table, ok := exportTable(word); ok {
			wish.Table = table
		} else if period, ok := exportPeriod(word); ok {
			wish.Period = period
		} else if n := atoi(word); n > 0 && wish.Table == export.ReceiptsTable {
			wish.Announcement = int64(n)
		} else {
			others = append(others, word)
		}
	}
	if len(others) == 0 {
		return wish, "", nil
	}
	unknown = strings.Join(others, " ")
	err = v.read(func(p *page) error {
		exact, near, err := p.unitsCalled(unknown, duban.ActExport)
		if units := append(exact, near...); len(exact) == 1 || len(units) == 1 {
			wish.Unit, unknown = units[0].ID, ""
		}
		return err
	})
	return wish, unknown, err
}

func exportTable(word string) (export.Table, bool) {
	at := slices.IndexFunc(export.Tables, func(t export.Table) bool { return strings.EqualFold(word, string(t)) || typedIs(word, tableKey(t)) })
	if at < 0 {
		return "", false
	}
	return export.Tables[at], true
}

func exportPeriod(word string) (string, bool) {
	at := slices.IndexFunc(periods, func(p string) bool { return strings.EqualFold(word, p) || typedIs(word, "export.period."+p) })
	if at < 0 {
		return "", false
	}
	return periods[at], true
}

func isExportWord(s string) bool {
	_, table := exportTable(s)
	_, period := exportPeriod(s)
	return table || period
}

func tableKey(t export.Table) string { return "export." + string(t) }

// exportStep takes the words of a button instead of a press.
func (v *visit) exportStep(typed string, files []duban.File) (bool, error) {
	if typed == "" || len(files) > 0 || v.about.AssignmentID != 0 || v.about.AnnouncementID != 0 {
		return false, nil
	}
	var wish exportWish
	if err := v.data(&wish); err != nil {
		return true, err
	}
	wish, unknown, err := v.understandExport(wish, typed)
	if err != nil || unknown != "" {
		return false, err
	}
	return true, v.advanceExport(wish)
}

// pressExport is a choice that a button carries: its unit, and its argument is the table with a period or an announcement behind it.
func (v *visit) pressExport(c call) error {
	table, rest, _ := strings.Cut(c.arg, ".")
	wish := exportWish{Unit: c.id, Table: export.Table(table)}
	if wish.Table == export.ReceiptsTable {
		wish.Announcement = int64(atoi(rest))
	} else {
		wish.Period = rest
	}
	if !slices.Contains(export.Tables, wish.Table) || wish.Period != "" && !slices.Contains(periods, wish.Period) {
		v.answer("press.stale")
		return nil
	}
	return v.advanceExport(wish)
}

// advanceExport asks for what is still open, or has the table sent.
func (v *visit) advanceExport(wish exportWish) error {
	switch {
	case wish.Table == "":
		return v.askExport(wish, v.exportTables(wish), "export.choose_table")
	case wish.Table == export.ReceiptsTable && wish.Announcement == 0:
		return v.askAnnouncement(wish)
	case wish.Table.Dated() && wish.Period == "":
		return v.askExport(wish, v.exportPeriods(wish), "export.choose_period", "table", v.word(tableKey(wish.Table)))
	}
	return v.takeAway(wish)
}

func (v *visit) askExport(wish exportWish, k Keyboard, key string, args ...any) error {
	v.replace(Outgoing{Text: v.text(key, args...), Keyboard: k})
	if v.press != nil && !v.exports() {
		return nil
	}
	return v.begin("export", "", wish)
}

// exports reports whether no other dialog is open, which an old button would end.
func (v *visit) exports() bool { return v.dialog.Name == "" || v.dialog.Name == "export" }

func (v *visit) exportTables(wish exportWish) Keyboard {
	var all []Button
	for _, t := range export.Tables {
		all = append(all, button(v.word(tableKey(t)), "export", wish.Unit, string(t)))
	}
	return rows(3, all...)
}

func (v *visit) exportPeriods(wish exportWish) Keyboard {
	var all []Button
	for _, p := range periods {
		all = append(all, button(v.word("export.period."+p), "export", wish.Unit, string(wish.Table)+"."+p))
	}
	return rows(2, all...)
}

// announcementsOffered is how many announcements are offered, newest first; the number of an older one can be typed.
const announcementsOffered = 8

func (v *visit) askAnnouncement(wish exportWish) error {
	var k Keyboard
	err := v.read(func(p *page) error {
		newest, err := p.tx.Announcements(announcementsOffered)
		for _, n := range newest {
			label := p.word("export.announcement", "n", n.ID, "day", p.moment(n.SendAt), "summary", n.Summary)
			k = append(k, []Button{button(shorten(label, 60), "export", wish.Unit, string(export.ReceiptsTable)+"."+i64(n.ID))})
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case len(k) == 0:
		v.answer("export.no_announcements")
		return nil
	}
	return v.askExport(wish, k, "export.choose_announcement")
}

// takeAway has the table sent.
func (v *visit) takeAway(wish exportWish) error {
	wanted := work.ExportNews{Table: string(wish.Table), Unit: wish.Unit, Announcement: wish.Announcement, Period: wish.Period}
	wanted.From, wanted.To = daysOf(wish.Period, v.Desk.Calendar.Today(v.now))
	err := v.Desk.AskExport(v.ctx, v.who, wanted)
	switch {
	case wish.Announcement != 0 && duban.CodeOf(err) == duban.NotFound:
		v.answer("export.no_such_announcement", "n", wish.Announcement)
		return nil
	case err != nil:
		return err
	}
	v.replace(Outgoing{Text: v.text("export.coming", "table", v.word(tableKey(wish.Table)))})
	if !v.exports() {
		return nil
	}
	return v.end()
}
