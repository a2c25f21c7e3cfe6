package sheet

import (
	"fmt"
	"strings"
)

// Reason names why a file was refused or a cell could not be taken. The
// sentence for people is made from it elsewhere.
type Reason string

// Reasons for refusing a whole file; they arrive in a Refusal.
const (
	// TooBig: the file has more than Limit bytes.
	TooBig Reason = "too_big"
	// ZipBomb: unpacked, the file would have more than Limit bytes.
	ZipBomb Reason = "zip_bomb"
	// TooManyParts: the archive has more than Limit entries.
	TooManyParts Reason = "too_many_parts"
	// TooManyRows: a sheet has more than Limit rows, empty ones included.
	TooManyRows Reason = "too_many_rows"
	// TooManyColumns: a cell with content stands right of column Limit.
	TooManyColumns Reason = "too_many_columns"
	// TooManyCells: the file has more than Limit cells.
	TooManyCells Reason = "too_many_cells"
	// TooSlow: reading was given up after Limit seconds.
	TooSlow Reason = "too_slow"
	// Empty: the file has no content at all.
	Empty Reason = "empty"
	// NotASheet: the content is neither xlsx nor csv.
	NotASheet Reason = "not_a_sheet"
	// OldFormat: xls, xlsb, or a web page that calls itself xls; it has to be
	// saved as xlsx.
	OldFormat Reason = "old_format"
	// OtherFormat: a workbook of another program, such as ods or numbers; it
	// has to be saved as xlsx.
	OtherFormat Reason = "other_format"
	// Encrypted: the file asks for a password.
	Encrypted Reason = "encrypted"
	// Macros: the workbook carries a program.
	Macros Reason = "macros"
	// ExternalLinks: the workbook draws on other files.
	ExternalLinks Reason = "external_links"
	// Damaged: the file is cut off or contradicts itself; Line says where,
	// when that is known.
	Damaged Reason = "damaged"
	// BadEncoding: the text is neither UTF-8, UTF-16 nor GB18030.
	BadEncoding Reason = "bad_encoding"
	// NoHeading: no row looks like the headings of a list that we know.
	NoHeading Reason = "no_heading"
	// MissingColumns: the heading row on Line lacks the columns in Columns.
	MissingColumns Reason = "missing_columns"
	// NoRows: there are headings and nothing below them.
	NoRows Reason = "no_rows"
)

// Reasons for a wrong row; they arrive in a Problem.
const (
	// Missing: the cell is empty and must not be.
	Missing Reason = "missing"
	// UnknownWord: Value is none of the words that the column knows; Arg lists
	// them, separated by 、.
	UnknownWord Reason = "unknown_word"
	// RoleNeedsKind: a bare 书记 in a row that does not say the kind of the
	// unit, so that the post stays open.
	RoleNeedsKind Reason = "role_needs_kind"
	// BadPhone: Value is not a mobile number of mainland China and not an
	// international number with a plus sign.
	BadPhone Reason = "bad_phone"
	// ManyPhones: the cell has more than one number.
	ManyPhones Reason = "many_phones"
	// Scientific: a long number was turned into scientific notation and has
	// lost digits.
	Scientific Reason = "scientific"
	// Formula: the cell computes its value; only plain values are taken.
	Formula Reason = "formula"
	// CellError: the cell shows an error such as #REF!.
	CellError Reason = "cell_error"
	// BecameDate: the spreadsheet program turned a code or a word into a date.
	BecameDate Reason = "became_date"
	// BadDate: the number in a date column is not a date of this century.
	BadDate Reason = "bad_date"
	// AmbiguousDate: a number such as 12.1, which may have been typed as 12.1
	// or as 12.10.
	AmbiguousDate Reason = "ambiguous_date"
	// BadPhotos: the number of photos is outside 1 to 10.
	BadPhotos Reason = "bad_photos"
	// BadYear: Value is no year.
	BadYear Reason = "bad_year"
	// NoPoints: the row says what the points rest on, and has none.
	NoPoints Reason = "no_points"
	// BadPoints: Value is no figure, below zero, or has more than two places.
	BadPoints Reason = "bad_points"
	// DuplicateCode: the code stands already on line Arg, with other content.
	DuplicateCode Reason = "duplicate_code"
	// DuplicatePost: the same post of the same person stands already on line
	// Arg.
	DuplicatePost Reason = "duplicate_post"
	// PersonConflict: the code belongs to another name or phone on line Arg.
	PersonConflict Reason = "person_conflict"
	// UnitConflict: the unit has another parent, kind or region on line Arg.
	UnitConflict Reason = "unit_conflict"
)

// RefusalReasons lists every reason that a Refusal can carry, so that whoever
// writes the sentences can be tested for having them all.
func RefusalReasons() []Reason {
	return []Reason{
		TooBig, ZipBomb, TooManyParts, TooManyRows, TooManyColumns, TooManyCells, TooSlow,
		Empty, NotASheet, OldFormat, OtherFormat, Encrypted, Macros, ExternalLinks, Damaged, BadEncoding,
		NoHeading, MissingColumns, NoRows,
	}
}

// ProblemReasons lists every reason that a Problem can carry.
func ProblemReasons() []Reason {
	return []Reason{
		Missing, UnknownWord, RoleNeedsKind, BadPhone, ManyPhones, Scientific, Formula, CellError,
		BecameDate, BadDate, AmbiguousDate, BadPhotos, BadYear, BadPoints, NoPoints, DuplicateCode, DuplicatePost,
		PersonConflict, UnitConflict,
	}
}

// Refusal is the error for a file that is not taken at all.
type Refusal struct {
	Reason  Reason
	Limit   int64    // the limit that was passed, in the unit that Reason names; 0 when there is none
	Line    int      // the row as the spreadsheet program counts it; 0 when unknown
	Columns []string // the usual headings that are missing, for MissingColumns
	Found   []string // the headings that are there, for MissingColumns
}

// Error says the reason in words for a log; people are told by Reason.
func (r *Refusal) Error() string {
	text := "spreadsheet refused: " + strings.ReplaceAll(string(r.Reason), "_", " ")
	if r.Limit > 0 {
		text += fmt.Sprintf(" (limit %d)", r.Limit)
	}
	if r.Line > 0 {
		text += fmt.Sprintf(" at row %d", r.Line)
	}
	if len(r.Columns) > 0 {
		text += ": " + strings.Join(r.Columns, ", ")
	}
	return text
}

// Problem is one cell that keeps its row from being taken.
type Problem struct {
	Line   int    // the row as the spreadsheet program counts it, from 1
	Column string // the heading as it stands in the file, or the usual one when the column is missing
	Reason Reason
	Value  string // what stands in the cell
	Arg    string // what the reason's comment says; empty for most
}
