package app

import (
	"context"
	"errors"
	"fmt"
	"os"

	"duban"
	"duban/calendar"
	"duban/export"
	"duban/sheet"
	"duban/store"
)

// Table names a table that can be exported.
type Table = export.Table

// Receipts is the table that belongs to an announcement.
const Receipts = export.ReceiptsTable

// Tables lists every table that can be exported.
var Tables = export.Tables

// Extract says what of a table is wanted. The zero value is all of it.
type Extract struct {
	Unit         string        // name of a unit, which stands for everything below it too
	From, To     calendar.Date // both days belong to it: of the event in the record, of the deadline elsewhere
	Announcement int64         // whose receipts
}

// Day reads a date written as 2006-01-02; nothing is no date.
func Day(s string) (calendar.Date, error) {
	if s == "" {
		return calendar.Date{}, nil
	}
	day, err := calendar.ParseDate(s)
	if err != nil {
		return day, trouble("cli.bad_date", "value", s)
	}
	return day, nil
}

// Export writes a table to a file, whose name says the format. The file is put in place as a whole; when something fails, what was there
// before stays.
func (o *Office) Export(ctx context.Context, table Table, path string, x Extract) error {
	format, ok := sheet.FormatOf(path)
	if !ok {
		return trouble("cli.unknown_format", "file", path)
	}
	filter := export.Filter{From: x.From, To: x.To, Announcement: x.Announcement}
	if x.Unit != "" {
		unit, err := o.Unit(ctx, x.Unit)
		if err != nil {
			return err
		}
		filter.Unit = unit.ID
	}
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		e := export.Export{
			Tx: tx, Calendar: o.Desk.Calendar, Lights: o.Desk.Policy.Lights, Lang: o.Lang(), Filter: filter, Organisation: o.Desk.Policy.Organisation,
		}
		return writeFile(path, func(f *os.File) error { return e.Write(f, format, table) })
	})
	switch {
	case errors.Is(err, export.ErrOnlyWorkbook):
		return trouble("cli.export.only_workbook", "file", path)
	case table == Receipts && duban.CodeOf(err) == duban.NotFound:
		return trouble("cli.export.no_such_announcement", "n", int(x.Announcement))
	case err != nil:
		return fmt.Errorf("export the %s: %w", table, err)
	}
	return o.recordExport(ctx, duban.Entry{UnitID: filter.Unit, AnnouncementID: x.Announcement, Facts: duban.Facts{"table": string(table)}})
}
