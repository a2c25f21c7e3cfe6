package app

import (
	"context"
	"fmt"
	"os"

	"duban/calendar"
	"duban/export"
	"duban/sheet"
	"duban/store"
)

// Table names a table that can be exported.
type Table string

// The tables.
const (
	LedgerTable Table = "ledger"
	RecordTable Table = "record"
	RosterTable Table = "roster"
)

// Tables lists every table that can be exported.
var Tables = []Table{LedgerTable, RecordTable, RosterTable}

// Extract says what of a table is wanted. The zero value is all of it.
type Extract struct {
	Unit     string        // name of a unit, which stands for everything below it too
	From, To calendar.Date // both days belong to it: of the deadline in the ledger, of the event in the record
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
	filter := export.Filter{From: x.From, To: x.To}
	if x.Unit != "" {
		unit, err := o.Unit(ctx, x.Unit)
		if err != nil {
			return err
		}
		filter.Unit = unit.ID
	}
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		e := export.Export{Tx: tx, Calendar: o.Desk.Calendar, Lights: o.Desk.Policy.Lights, Lang: o.Lang(), Filter: filter}
		s, err := sheetOf(e, table)
		if err != nil {
			return err
		}
		return writeFile(path, func(f *os.File) error { return sheet.Write(f, format, s) })
	})
	if err != nil {
		return fmt.Errorf("export the %s: %w", table, err)
	}
	return nil
}

func sheetOf(e export.Export, table Table) (sheet.Sheet, error) {
	switch table {
	case LedgerTable:
		return e.Ledger()
	case RecordTable:
		return e.Record()
	case RosterTable:
		return e.Roster()
	}
	return sheet.Sheet{}, fmt.Errorf("no such table: %s", table)
}
