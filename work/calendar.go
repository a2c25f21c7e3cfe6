package work

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Learn makes the calendar know the years and the single days that administrators have added, and reports whether that was news to it. It is called
// at the start and whenever CalendarEdition has changed; the verbs below do so themselves.
func (d *Desk) Learn(ctx context.Context) (bool, error) {
	news := false
	for {
		edition, added, err := d.added(ctx)
		if err != nil {
			return news, err
		}
		news = d.Calendar.Learn(added...) || news
		// Whoever learns at the same time may have read newer days and been overtaken.
		if now, _, err := d.added(ctx); err != nil || now == edition {
			return news, err
		}
	}
}

// added reads what administrators have added, and of which edition it is.
func (d *Desk) added(ctx context.Context) (edition string, added []calendar.Year, err error) {
	err = d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		added = nil
		if edition, err = tx.CalendarEdition(); err != nil {
			return err
		}
		years, err := tx.AddedYears()
		if err != nil {
			return err
		}
		for _, y := range years {
			added = append(added, y.Year)
		}
		days, err := tx.DayChanges()
		for _, day := range days {
			added = append(added, calendar.Year{Year: day.From.Year, Days: []calendar.Day{day.Day}})
		}
		return err
	})
	if err != nil {
		err = fmt.Errorf("read the holidays that were added: %w", err)
	}
	return edition, added, err
}

// learning runs a verb that changes the days, and makes the calendar know them once they stand.
func (d *Desk) learning(ctx context.Context, who duban.Actor, fn func(*store.Tx) error) error {
	if err := d.write(ctx, who, fn); err != nil {
		return err
	}
	_, err := d.Learn(ctx)
	return err
}

// CalendarNews is the data of NewsCalendar: who changed what. Exactly one of Year, Day and Vacation says what it is about.
type CalendarNews struct {
	PersonID int64              `json:"person,omitempty"` // 0: the operator at the console
	Year     int                `json:"year,omitempty"`
	Day      *calendar.Day      `json:"day,omitempty"`
	UnitID   int64              `json:"unit,omitempty"`
	Vacation *calendar.Vacation `json:"vacation,omitempty"`
	Dropped  bool               `json:"dropped,omitempty"` // it was taken back
}

// unusable are the problems with which a year is not taken over whatever somebody confirms.
var unusable = []calendar.ProblemKind{
	calendar.ProblemNoYear, calendar.ProblemNoDays, calendar.ProblemOutside, calendar.ProblemTwice, calendar.ProblemBackward,
}

// UsableYear reports whether a year with these problems may be taken over, once somebody has looked at them.
func UsableYear(problems []calendar.Problem) bool {
	return !slices.ContainsFunc(problems, func(p calendar.Problem) bool { return slices.Contains(unusable, p.Kind) })
}

// AddYear takes over the arrangement of a year's holidays, in the place of the one that was known. Administrators of the root may. It returns false
// when just this was added before.
func (d *Desk) AddYear(ctx context.Context, who duban.Actor, year calendar.Year, source string) (changed bool, err error) {
	err = d.learning(ctx, who, func(tx *store.Tx) error {
		changed = false
		if err := mustMayAtRoot(tx, who); err != nil {
			return err
		}
		if year.Notice == "" || !UsableYear(year.Problems()) {
			return duban.Refuse(duban.BadYear)
		}
		known, err := tx.AddedYears()
		if err != nil || slices.ContainsFunc(known, func(y duban.AddedYear) bool { return sameYear(y.Year, year) }) {
			return err
		}
		changed = true
		added := duban.AddedYear{Year: year, Source: cmp.Or(strings.TrimSpace(source), year.Notice), AddedBy: who.PersonID}
		if err := tx.AddYear(added); err != nil {
			return err
		}
		off, worked := countDays(year)
		facts := duban.Facts{"year": year.Year, "days_off": off, "days_worked": worked}
		if err := tx.Record(who, duban.Entry{Event: duban.EventCalendarYear, Facts: facts, Note: added.Source}); err != nil {
			return err
		}
		return d.tellOthers(tx, who, 0, CalendarNews{Year: year.Year})
	})
	return changed, err
}

func sameYear(a, b calendar.Year) bool {
	return a.Year == b.Year && a.Notice == b.Notice && slices.Equal(a.Days, b.Days)
}

func countDays(year calendar.Year) (off, worked int) {
	for _, month := range year.Preview() {
		off, worked = off+len(month.Off), worked+len(month.Work)
	}
	return off, worked
}

// CorrectDay says of one day whether people work on it, whatever the notice says. Administrators of the root may; the day's Source says on whose word
// and must not be empty. It returns false when just this was said before.
func (d *Desk) CorrectDay(ctx context.Context, who duban.Actor, day calendar.Day) (changed bool, err error) {
	err = d.learning(ctx, who, func(tx *store.Tx) error {
		changed = false
		if err := mustMayAtRoot(tx, who); err != nil {
			return err
		}
		day.Source, day.To = strings.TrimSpace(day.Source), calendar.Date{}
		switch {
		case !day.From.Valid():
			return duban.Refuse(duban.BadRange)
		case day.Source == "":
			return duban.Refuse(duban.ReasonNeeded)
		}
		known, err := tx.DayChanges()
		if err != nil || slices.ContainsFunc(known, func(c duban.DayChange) bool { return c.Day == day }) {
			return err
		}
		changed = true
		if err := tx.AddDayChange(duban.DayChange{Day: day, AddedBy: who.PersonID}); err != nil {
			return err
		}
		return d.dayChanged(tx, who, day, false)
	})
	return changed, err
}

// DropCorrection takes the correction of a day back, so that the notice counts again. Administrators of the root may.
func (d *Desk) DropCorrection(ctx context.Context, who duban.Actor, id int64) (duban.DayChange, error) {
	var dropped duban.DayChange
	err := d.learning(ctx, who, func(tx *store.Tx) (err error) {
		if err := mustMayAtRoot(tx, who); err != nil {
			return err
		}
		if dropped, err = tx.DayChange(id); err != nil {
			return err
		}
		if err := tx.EndDayChange(id); err != nil {
			return err
		}
		return d.dayChanged(tx, who, dropped.Day, true)
	})
	return dropped, err
}

func (d *Desk) dayChanged(tx *store.Tx, who duban.Actor, day calendar.Day, dropped bool) error {
	facts := duban.Facts{"day": day.From.String(), "off": day.Off}
	if dropped {
		facts["dropped"] = true
	}
	if err := tx.Record(who, duban.Entry{Event: duban.EventCalendarDay, Facts: facts, Note: day.Source}); err != nil {
		return err
	}
	return d.tellOthers(tx, who, 0, CalendarNews{Day: &day, Dropped: dropped})
}

// longestVacation is more than any school closes for, in days.
const longestVacation = 200

// AddVacation notes a vacation of a unit and of everything below it. Administrators above may. It moves no deadline; whoever sets one inside is warned.
// It returns false when it was noted before.
func (d *Desk) AddVacation(ctx context.Context, who duban.Actor, v duban.SchoolVacation) (changed bool, err error) {
	err = d.write(ctx, who, func(tx *store.Tx) error {
		changed = false
		if err := mustMay(tx, who, duban.ActImport, v.UnitID); err != nil {
			return err
		}
		v.Name, v.Source, v.AddedBy = strings.TrimSpace(v.Name), strings.TrimSpace(v.Source), who.PersonID
		if v.Name == "" || !v.From.Valid() || !v.To.Valid() || v.To.Before(v.From) || v.From.DaysUntil(v.To) > longestVacation {
			return duban.Refuse(duban.BadRange)
		}
		known, err := tx.VacationsBelow(v.UnitID, v.From)
		if err != nil || slices.ContainsFunc(known, func(k duban.SchoolVacation) bool { return k.UnitID == v.UnitID && k.Vacation == v.Vacation }) {
			return err
		}
		changed = true
		if _, err := tx.AddVacation(v); err != nil {
			return err
		}
		return d.vacationChanged(tx, who, v, false)
	})
	return changed, err
}

// DropVacation takes a vacation back. Administrators above its unit may.
func (d *Desk) DropVacation(ctx context.Context, who duban.Actor, id int64) (duban.SchoolVacation, error) {
	var dropped duban.SchoolVacation
	err := d.write(ctx, who, func(tx *store.Tx) (err error) {
		if dropped, err = tx.Vacation(id); err != nil {
			return err
		}
		if err := mustMay(tx, who, duban.ActImport, dropped.UnitID); err != nil {
			return err
		}
		if err := tx.EndVacation(id); err != nil {
			return err
		}
		return d.vacationChanged(tx, who, dropped, true)
	})
	return dropped, err
}

func (d *Desk) vacationChanged(tx *store.Tx, who duban.Actor, v duban.SchoolVacation, dropped bool) error {
	facts := duban.Facts{"name": v.Name, "first": v.From.String(), "last": v.To.String()}
	if dropped {
		facts["dropped"] = true
	}
	if err := tx.Record(who, duban.Entry{Event: duban.EventVacation, UnitID: v.UnitID, Facts: facts, Note: v.Source}); err != nil {
		return err
	}
	return d.tellOthers(tx, who, v.UnitID, CalendarNews{UnitID: v.UnitID, Vacation: &v.Vacation, Dropped: dropped})
}

// mustMayAtRoot returns the refusal for whoever may not change what holds for the whole organisation.
func mustMayAtRoot(tx *store.Tx, who duban.Actor) error {
	ok, err := MayAtRoot(tx, who)
	if err == nil && !ok {
		return duban.Refuse(duban.NotAllowed)
	}
	return err
}

// MayAtRoot reports whether an actor may change what holds for the whole organisation: holidays, and what comes from a roster's root.
func MayAtRoot(tx *store.Tx, who duban.Actor) (bool, error) {
	if who.Trusted() {
		return true, nil
	}
	units, err := tx.Units()
	if err != nil {
		return false, err
	}
	for _, u := range units {
		if u.ParentID != 0 {
			continue
		}
		if ok, err := May(tx, who, duban.ActImport, u.ID); err != nil || ok {
			return ok, err
		}
	}
	return false, nil
}

// tellOthers tells the administrators in charge of a unit, or of the whole organisation when the unit is 0, what one of them has changed.
func (d *Desk) tellOthers(tx *store.Tx, who duban.Actor, unit int64, news CalendarNews) error {
	admins, err := administratorsOr(tx, unit)
	if err != nil {
		return err
	}
	news.PersonID = who.PersonID
	head, err := tx.RecordHead()
	if err != nil {
		return err
	}
	for _, p := range admins {
		if p.ID == who.PersonID {
			continue
		}
		err := tx.Post(duban.Notice{
			Key: fmt.Sprintf("calendar:%d:%d", head.Seq, p.ID), Kind: duban.NewsCalendar, Lane: duban.LaneReminder, PersonID: p.ID,
			Data: toJSON(news), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// NoNoticeNews is the data of NewsNoNotice: the year whose holidays are not known yet.
type NoNoticeNews struct {
	Year int `json:"year"`
}

// TellNoNotice reminds the administrators of the whole organisation that the holidays of a year are not known yet.
func (d *Desk) TellNoNotice(tx *store.Tx, year int) error {
	return tellAdministrators(tx, 0, duban.Notice{
		Key: fmt.Sprintf("no_notice:%d:%s", year, d.Calendar.Today(tx.Now)), Kind: duban.NewsNoNotice, Lane: duban.LaneReminder,
		Data: toJSON(NoNoticeNews{year}), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}
