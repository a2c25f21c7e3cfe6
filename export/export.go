// Package export describes the tables that people take away: the ledger of assignments, the tracking record, the matrix of completion, the
// roster, the receipts of an announcement and the lists to be printed. Each is a sheet.Sheet, or several, whose rows stream from a transaction
// of the store, so that a table of any size needs little memory.
package export

import (
	"errors"
	"iter"
	"strings"
	"time"
	"unicode"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/store"
	"duban/text"
)

// Export is where tables come from. The sheets that it returns are written while the transaction lasts.
type Export struct {
	Tx       *store.Tx
	Calendar *calendar.Calendar
	Lights   duban.LightRules
	Lang     text.Lang
	Filter   Filter
	// Organisation is the name in the title of what is printed; it may be empty.
	Organisation string
	// Discreet leaves out what internal tasks are about, as everything has to that travels through Telegram.
	Discreet bool
}

// Filter narrows a table down. The zero value leaves nothing out.
type Filter struct {
	Unit     int64         // with everything below it; 0: all
	From, To calendar.Date // both days belong to it; of the event in the record, of the deadline elsewhere; roster and receipts have no days
	// Announcement is whose receipts are wanted; other tables do not look at it.
	Announcement int64
	// Record narrows the tracking record down by more than unit and days, which are then not looked at; nil does not.
	Record *store.RecordFilter
}

// column makes a heading from the catalogue. A column is at least as wide as the longest Latin word of its heading, which no program breaks well.
func (e Export) column(key string, kind sheet.ColumnKind, width float64) sheet.Column {
	title := text.Word(e.Lang, key)
	if width > 0 {
		width = max(width, longestWord(title))
	}
	return sheet.Column{Title: title, Kind: kind, Width: width}
}

// longestWord is the room that the longest Latin word of a heading takes in bold, in characters of ordinary width.
func longestWord(title string) float64 {
	longest := 0
	for _, word := range strings.FieldsFunc(title, func(r rune) bool { return r > unicode.MaxLatin1 || r == ' ' || r == '/' }) {
		longest = max(longest, len(word))
	}
	return float64(longest)*1.2 + 1
}

// begin and end are the bounds of the filter as instants; zero where it is open. End no longer belongs to it.
func (e Export) begin() time.Time {
	if e.Filter.From.IsZero() {
		return time.Time{}
	}
	return e.Filter.From.At(calendar.Clock{}, e.Calendar.Zone())
}

func (e Export) end() time.Time {
	if e.Filter.To.IsZero() {
		return time.Time{}
	}
	return e.Filter.To.Add(1).At(calendar.Clock{}, e.Calendar.Zone())
}

// moment is an instant on the organisation's clock; nothing for none.
func (e Export) moment(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.In(e.Calendar.Zone())
}

// now is the moment that a table shows.
func (e Export) now() time.Time { return e.Tx.Now.In(e.Calendar.Zone()) }

// due is a deadline: a day without a clock, or an instant.
func (e Export) due(d calendar.Due) any {
	switch {
	case d.IsZero():
		return nil
	case d.IsDate():
		return sheet.Day(d.Date.At(calendar.Clock{}, e.Calendar.Zone()))
	}
	return d.Instant.In(e.Calendar.Zone())
}

// errEnough ends a stream whose reader wants no more.
var errEnough = errors.New("enough")

// stream turns a walk that calls back with each row into the rows of a sheet.
func stream(walk func(yield func(row []any) error) error) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		err := walk(func(row []any) error {
			if !yield(row, nil) {
				return errEnough
			}
			return nil
		})
		if err != nil && !errors.Is(err, errEnough) {
			yield(nil, err)
		}
	}
}
