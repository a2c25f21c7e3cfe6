package app

import (
	"context"
	"encoding/json"
	"os"
	"strings"
	"time"

	"duban/calendar"
	"duban/config"
	"duban/text"
)

// Deadline is what a text says about a deadline, in the organisation's zone and language. Exactly one of Due, Recurring, Ask, Refused and
// None is set.
type Deadline struct {
	Due         string `json:"due,omitempty"`       // RFC 3339; a date without a time is that day at 00:00
	Precision   string `json:"precision,omitempty"` // date or datetime
	DaysLeft    *int   `json:"working_days_left,omitempty"`
	Echo        string `json:"echo,omitempty"`
	Recurring   string `json:"recurring,omitempty"` // the rule, as the configuration writes it
	Next        string `json:"next,omitempty"`      // RFC 3339
	Ask         string `json:"ask,omitempty"`
	Refused     string `json:"refused,omitempty"`
	None        bool   `json:"none,omitempty"`
	Provisional bool   `json:"provisional,omitempty"`
	Past        bool   `json:"past,omitempty"`

	notes []string
	lang  text.Lang
}

// knownCalendar returns the days and hours of the organisation, with what administrators have added where there is a database.
func knownCalendar(ctx context.Context, c *config.Config) (*calendar.Calendar, error) {
	if _, err := os.Stat(c.SQLitePath()); err != nil {
		return Calendar(c)
	}
	office, err := Open(ctx, c)
	if err != nil {
		return nil, err
	}
	return office.Desk.Calendar, office.Close()
}

// ReadDeadline reads a deadline as it would be read at an instant. It needs no database.
func ReadDeadline(ctx context.Context, c *config.Config, said string, at time.Time) (Deadline, error) {
	cal, err := knownCalendar(ctx, c)
	if err != nil {
		return Deadline{}, err
	}
	d := deadlineReader{cal: cal, lang: text.Lang(c.Organisation.Language), at: at}
	return d.read(cal.ParseDue(said, at)), nil
}

// JSON is the deadline on one line, for scripts.
func (d Deadline) JSON() (string, error) {
	var line strings.Builder
	encoder := json.NewEncoder(&line)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(d)
	return strings.TrimSpace(line.String()), err
}

// Lines is the deadline for people: what was understood, and what had to be assumed.
func (d Deadline) Lines() []string {
	switch {
	case d.None:
		return []string{text.Word(d.lang, "deadline.none")}
	case d.Recurring != "":
		return append([]string{d.Recurring}, d.notes...)
	}
	return append([]string{d.Echo + d.Ask + d.Refused}, d.notes...)
}

type deadlineReader struct {
	cal  *calendar.Calendar
	lang text.Lang
	at   time.Time
}

func (d deadlineReader) read(r calendar.Reading) Deadline {
	out := Deadline{lang: d.lang}
	switch r.Outcome {
	case calendar.Understood:
		out = d.due(r)
	case calendar.Recurring:
		out.Recurring, out.Next = r.Rule.String(), d.instant(r.Due)
	case calendar.Ask:
		out.Ask = d.say("deadline.ask."+string(r.Reason), r)
	case calendar.Refused:
		out.Refused = d.say("deadline.refused."+string(r.Reason), r)
	default:
		out.None = true
	}
	out.lang, out.Provisional, out.Past = d.lang, r.Provisional, r.Past
	out.notes = d.notes(r)
	return out
}

func (d deadlineReader) due(r calendar.Reading) Deadline {
	left := d.cal.WorkingDaysLeft(r.Due, d.at)
	precision := "datetime"
	if r.Due.IsDate() {
		precision = "date"
	}
	return Deadline{Due: d.instant(r.Due), Precision: precision, DaysLeft: &left, Echo: d.echo(r.Due)}
}

// instant writes a deadline as RFC 3339; a date is the day's first instant.
func (d deadlineReader) instant(due calendar.Due) string {
	if due.IsDate() {
		return due.Date.At(calendar.Clock{}, d.cal.Zone()).Format(time.RFC3339)
	}
	return due.Instant.In(d.cal.Zone()).Format(time.RFC3339)
}

func (d deadlineReader) echo(due calendar.Due) string { return text.Echo(d.lang, d.plain(due)) }

// plain puts a deadline into the values that package text finds words for.
func (d deadlineReader) plain(due calendar.Due) text.Deadline {
	p := text.Deadline{
		Year: due.Date.Year, Month: due.Date.Month, Day: due.Date.Day,
		Left: d.cal.WorkingDaysLeft(due, d.at), Today: due.Date == d.cal.Today(d.at), Over: d.cal.Overdue(due, d.at),
	}
	if !due.IsDate() {
		p.Clock = clockOf(due.Instant.In(d.cal.Zone()))
	}
	return p
}

// clockOf is the time of day, with seconds only where there are some.
func clockOf(t time.Time) string {
	if t.Second() != 0 {
		return t.Format(time.TimeOnly)
	}
	return t.Format("15:04")
}

func (d deadlineReader) say(key string, r calendar.Reading) string {
	offer := ""
	if !r.Offer.IsZero() {
		offer = text.Day(d.lang, r.Offer.Date.Year, r.Offer.Date.Month, r.Offer.Date.Day)
	}
	return text.Word(d.lang, key, "phrase", r.Phrase, "offer", offer)
}

// notes are what somebody who typed the text should know beside the deadline.
func (d deadlineReader) notes(r calendar.Reading) []string {
	var notes []string
	if r.Outcome == calendar.Recurring {
		notes = append(notes, d.echo(r.Due))
	}
	for _, a := range r.Assumed {
		notes = append(notes, text.Word(d.lang, "deadline.assumed."+string(a)))
	}
	if r.Provisional {
		notes = append(notes, text.Word(d.lang, "deadline.provisional", "year", r.Due.Date.Year))
	}
	if r.Past {
		notes = append(notes, text.Word(d.lang, "deadline.past"))
	}
	return notes
}
