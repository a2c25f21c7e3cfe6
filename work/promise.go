package work

import (
	"context"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Promise is what somebody says about when an assignment will be done (承诺).
type Promise struct {
	Text    string // all that was said
	When    string // the part of it that names the time
	Percent int    // how far it is, 0 when nothing was said of that
}

// Promised says what became of a promise.
type Promised struct {
	Assignment duban.Assignment
	By         calendar.Due // what was promised; zero when the words name no time, or one that is over
	AskedAt    time.Time    // when it is asked again; zero when it is not
}

// AfterDeadline reports whether the promise is for later than the deadline, which it does not move.
func (p Promised) AfterDeadline(cal *calendar.Calendar) bool {
	return !p.By.IsZero() && cal.End(p.By).After(cal.End(p.Assignment.Due))
}

// Promise notes that somebody promises to be done by a time. It is progress too, and signs implicitly. Where the words name the time, the owner is
// asked then, unless it was reported before; a later promise takes the place of an earlier one.
func (d *Desk) Promise(ctx context.Context, who duban.Actor, id int64, p Promise) (Promised, error) {
	var done Promised
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := d.actOn(tx, who, id, duban.VerbProgress)
		if err != nil {
			return err
		}
		body := strings.TrimSpace(p.Text)
		if body == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		vacations, err := tx.VacationsOf(a.UnitID)
		if err != nil {
			return err
		}
		facts := duban.Facts{}
		done = Promised{}
		if r := d.Calendar.ParseDueIn(vacations, p.When, tx.Now); r.Outcome == calendar.Understood && !r.Past {
			done.By = r.Due
			done.AskedAt = duban.PromisedMoment(r.Due, a.Due, d.Calendar, tx.Now)
			a.PromisedAt = done.AskedAt
			facts["by"], facts["asked_at"] = r.Due.Date.String(), done.AskedAt.UTC().Format(time.RFC3339)
		}
		if done.Assignment, err = d.advance(tx, who, a, p.Percent, body); err != nil {
			return err
		}
		return recordOn(tx, who, a, duban.EventPromised, facts, body)
	})
	return done, err
}
