// Package sheet reads the spreadsheets that offices send (a roster, a list of
// tasks, the parts of assessments) and writes the spreadsheets they take away
// (exports, and the same file back with a column 问题).
//
// Reading is tolerant where staff are untidy and strict where a guess could
// go wrong. Title rows, merged cells, headings in another order or in English,
// full-width digits, numbers kept as text and text kept as numbers, dates as
// dates and as words are all read. A phone number in scientific notation, a
// formula or a word that is not in the tables is a Problem with the line and
// the column, for a person to correct. A file that is hostile or damaged is a
// Refusal, decided before much of it has been unpacked.
//
// The package knows words and cells only. It does not know which units exist,
// who holds a post, or what a deadline in Chinese means: rows come out as
// plain text for the caller to resolve, and reasons come out as constants for
// the caller to put into sentences.
package sheet
