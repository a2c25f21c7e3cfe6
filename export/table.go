package export

import (
	"errors"
	"fmt"
	"io"

	"duban/sheet"
)

// Table names a table that can be taken away.
type Table string

// The tables.
const (
	LedgerTable   Table = "ledger"   // 台账
	RecordTable   Table = "record"   // 跟踪记载
	MatrixTable   Table = "matrix"   // 完成矩阵
	ListsTable    Table = "lists"    // 任务清单
	RosterTable   Table = "roster"   // 名册
	ReceiptsTable Table = "receipts" // 回执
)

// Tables lists every table.
var Tables = []Table{LedgerTable, RecordTable, MatrixTable, ListsTable, RosterTable, ReceiptsTable}

// Dated reports whether the days of the filter narrow a table down.
func (t Table) Dated() bool { return t != RosterTable && t != ReceiptsTable }

// ErrOnlyWorkbook is returned for a table of several sheets that was asked for as csv.
var ErrOnlyWorkbook = errors.New("this table has several sheets and needs an xlsx file")

// Write writes a table while the transaction lasts. The lists need a workbook; as csv they are refused with ErrOnlyWorkbook. Receipts of an
// announcement that does not exist are refused as duban.NotFound.
func (e Export) Write(w io.Writer, format sheet.Format, table Table) error {
	if table == ListsTable {
		return e.writeLists(w, format)
	}
	one, err := e.sheet(table)
	if err != nil {
		return err
	}
	return sheet.Write(w, format, one)
}

func (e Export) sheet(table Table) (sheet.Sheet, error) {
	switch table {
	case LedgerTable:
		return e.sealed(e.Ledger())
	case RecordTable:
		return e.sealed(e.Record())
	case MatrixTable:
		return e.Matrix()
	case RosterTable:
		return e.Roster()
	case ReceiptsTable:
		return e.Receipts()
	}
	return sheet.Sheet{}, fmt.Errorf("no such table: %s", table)
}

func (e Export) writeLists(w io.Writer, format sheet.Format) error {
	if format != sheet.XLSX {
		return ErrOnlyWorkbook
	}
	lists, err := e.Lists()
	if err != nil {
		return err
	}
	return sheet.WriteBook(w, lists)
}
