package app

import (
	"context"
	"path/filepath"
	"time"

	"duban"
	"duban/calendar"
	"duban/imports"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// A list of up to rowsAtOnce rows is imported in one transaction. A longer one is found right first and then imported in parts of rowsInParts, since a
// program that serves meanwhile could not answer for as long as one transaction takes; when a row turns wrong on the way, all of it is undone.
const (
	rowsAtOnce  = 1000
	rowsInParts = 250
	// pauseBetween is longer than the longest sleep of a process that waits for the database (100 ms in SQLite), so that it gets its turn.
	pauseBetween = 120 * time.Millisecond
)

// Lists are the kinds of list that can be imported.
var Lists = []string{string(sheet.KindRoster), string(sheet.KindTasks), string(imports.KindPlan), string(sheet.KindParts)}

// ImportOptions say how far an import goes. It is all or nothing: with a wrong row nothing changes.
type ImportOptions struct {
	DryRun bool // find out what would change, and change nothing
	Draft  bool // tasks: keep them without issuing
}

// Imported is what came of a file: the counts, and everything that is wrong with it by line.
type Imported struct {
	imports.Outcome
	Guessed []sheet.Guess // columns that were read under another heading than they have
	Unread  []string      // headings of columns that were not read
}

// Import takes one of the Lists from the bytes of a file to the verb that imports it. A file that is not taken at all gives an error that
// Explain puts into words.
func (o *Office) Import(ctx context.Context, list, name string, data []byte, opts ImportOptions) (Imported, error) {
	read, err := imports.Open(filepath.Base(name), data, sheet.Kind(list))
	if err != nil {
		return Imported{}, err
	}
	how := work.ImportOptions{DryRun: opts.DryRun, Draft: opts.Draft}
	if read.Rows() > rowsAtOnce {
		how.Chunk, how.Pause = rowsInParts, pauseBetween
	}
	done := Imported{Guessed: read.Guessed, Unread: read.Unread}
	done.Outcome, err = read.Import(ctx, o.Desk, duban.Console, how)
	if err != nil && done.Cut.Rows > 0 {
		return done, trouble("cli.import.stopped", "id", done.Cut.Import, "n", done.Cut.Rows, "why", err.Error())
	}
	if err == nil && done.Done && len(done.Wrong) > 0 {
		return done, o.takeBack(ctx, &done)
	}
	return done, err
}

// takeBack undoes an import in parts of which a row turned wrong on the way, so that it is all or nothing.
func (o *Office) takeBack(ctx context.Context, done *Imported) error {
	done.Done = false
	if done.Import == 0 {
		return nil
	}
	_, err := o.UndoImport(ctx, done.Import)
	return err
}

// UndoImport brings what an import did back to what it was before, as far as nobody has dealt with it since.
func (o *Office) UndoImport(ctx context.Context, id int64) (work.Undone, error) {
	return o.Desk.UndoImport(ctx, duban.Console, id, text.Word(o.Lang(), "import.undo_reason"))
}

// YearRead is the arrangement of a year's holidays as a file gives it, and what looks wrong about it.
type YearRead struct {
	calendar.Year
	Problems []calendar.Problem
	Usable   bool // it may be taken over
	Changed  bool // it was taken over; false on a dry run, and when just this was known already
}

// ImportYear takes the arrangement of a year's holidays from the bytes of a file: JSON, CSV or the text of the notice.
func (o *Office) ImportYear(ctx context.Context, name string, data []byte, dryRun bool) (YearRead, error) {
	year, problems, err := imports.ReadYear(filepath.Base(name), data)
	if err != nil {
		return YearRead{}, err
	}
	read := YearRead{Year: year, Problems: problems, Usable: work.UsableYear(problems)}
	if dryRun || !read.Usable {
		return read, nil
	}
	read.Changed, err = o.Desk.AddYear(ctx, duban.Console, year, filepath.Base(name))
	return read, err
}

// Annotated gives an imported file back with a column that says what is wrong in each row, in the format that a file name asks for.
func Annotated(done Imported, filename string, lang text.Lang) ([]byte, error) {
	format, ok := sheet.FormatOf(filename)
	if !ok {
		return nil, trouble("cli.unknown_format", "file", filename)
	}
	return done.Annotated(format, lang)
}

// Months says month by month which days are off and which are worked.
func (y YearRead) Months(lang text.Lang) []string { return imports.Months(lang, y.Year) }

// ProblemsIn says what looks wrong, a line for each.
func (y YearRead) ProblemsIn(lang text.Lang) []string { return imports.YearProblems(lang, y.Problems) }
