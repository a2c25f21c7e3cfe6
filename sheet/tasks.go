package sheet

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// TaskRow is one item of a task list. Units are names of units and regions,
// and for 全部 or 各学校党委 the identifiers all, industry_committee,
// school_committee, general_branch and branch, separated by 、 whatever the
// file uses. Due is what was typed, with the year of its heading where the
// heading has one and the text has none; a real date of the spreadsheet
// program is 2026-12-05, or 2026-12-05T15:00:00 when it has a time of day.
// Evidence is none, text, file
// or photos, Photos their number. Supports are units as Units are, or empty.
// Completion is all, any, or empty; Milestones is what was typed. Review is nil when the file does not say.
// Priority is normal, urgent or critical. Owner and Reviewer are names or
// codes of people.
type TaskRow struct {
	Line                        int // as the spreadsheet program counts, from 1
	Code, Title, Duty, Category string
	Units, Owner, Due           string
	Evidence                    string
	Photos                      int
	Review                      *bool
	Priority                    string
	Basis, Note, Reviewer       string
	Internal                    bool
	Supports, Milestones        string
	Completion                  string
}

// Tasks reads the book as a task list. Rows with a problem are not among the
// rows returned. Rows that differ in nothing but the units are one task for
// all of these units. The error is a *Refusal: no headings, a missing column,
// or no rows at all.
func (b *Book) Tasks() ([]TaskRow, []Problem, error) {
	t, err := b.table(KindTasks)
	if err != nil {
		return nil, nil, err
	}
	r := taskReader{index: map[string]int{}, lines: map[string]int{}}
	for e := range t.entries() {
		r.read(e)
	}
	if len(r.rows)+len(r.problems) == 0 {
		return nil, nil, &Refusal{Reason: NoRows}
	}
	return r.rows, r.problems, nil
}

type taskReader struct {
	rows     []TaskRow
	problems []Problem
	index    map[string]int // code → position in rows
	lines    map[string]int // code → line where it stands first, right or wrong
}

func (r *taskReader) read(e *entry) {
	row := e.task()
	if before, twice := r.lines[row.Code]; twice && row.Code != "" && len(e.problems) == 0 && !r.join(row) {
		e.blame(colCode, DuplicateCode, strconv.Itoa(before))
	}
	if _, seen := r.lines[row.Code]; !seen {
		r.lines[row.Code] = row.Line
	}
	if len(e.problems) > 0 {
		r.problems = append(r.problems, e.problems...)
		return
	}
	if _, known := r.index[row.Code]; known {
		return
	}
	r.index[row.Code] = len(r.rows)
	r.rows = append(r.rows, row)
}

// join adds the units of a row to the row of the same task above it and says
// whether the two are the same task.
func (r *taskReader) join(row TaskRow) bool {
	i, known := r.index[row.Code]
	if !known {
		return false
	}
	first := &r.rows[i]
	here := row
	here.Line, here.Units, here.Review = first.Line, first.Units, first.Review
	if here != *first || !sameAnswer(row.Review, first.Review) {
		return false
	}
	units := strings.Split(first.Units, "、")
	for _, unit := range strings.Split(row.Units, "、") {
		if slices.Contains(units, unit) {
			return false
		}
		units = append(units, unit)
	}
	first.Units = strings.Join(units, "、")
	return true
}

func sameAnswer(a, b *bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func (e *entry) task() TaskRow {
	row := TaskRow{
		Line:     e.line.number,
		Code:     e.code(colCode),
		Title:    oneLine(e.needed(colTitle)),
		Duty:     e.needed(colDuty),
		Category: oneLine(e.word(colCategory)),
		Units:    unitList(e.needed(colUnits)),
		Owner:    e.name(colOwner),
		Due:      e.due(),
		Review:   e.answer(colReview),
		Priority: e.choice(colPriority, priorities, "normal"),
		Basis:    e.text(colBasis),
		Note:     e.text(colNote),
		Reviewer: e.name(colReviewer),
		Internal: e.choice(colSensitivity, sensitivities, "") == "internal",

		Supports:   unitList(e.word(colSupports)),
		Completion: e.choice(colCompletion, completions, ""),
		Milestones: strings.TrimSpace(fold(e.text(colMilestones))),
	}
	row.Evidence, row.Photos = e.evidence()
	return row
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

var betweenUnits = regexp.MustCompile(`[、,;；，\n]+`)

// unitList writes the units that a cell names, each once.
func unitList(text string) string {
	var units []string
	for _, part := range betweenUnits.Split(fold(text), -1) {
		unit := name(part)
		if id, many := find(unitWords, unit); many {
			unit = id
		}
		if unit != "" && !slices.Contains(units, unit) {
			units = append(units, unit)
		}
	}
	return strings.Join(units, "、")
}

func (e *entry) evidence() (string, int) {
	wrong := len(e.problems)
	text := e.word(colEvidence)
	if len(e.problems) > wrong {
		return "", 0
	}
	rule, photos, reason := evidence(text)
	if reason != "" {
		e.blame(colEvidence, reason, allowed(evidences))
	}
	return rule, photos
}

func (e *entry) answer(shown string) *bool {
	id := e.choice(shown, yesNo, "")
	if id == "" {
		return nil
	}
	yes := id == "yes"
	return &yes
}

// The days that a deadline may plausibly have when its cell has lost the date
// format.
const (
	firstDay     = "2000-01-01"
	dayAfterLast = "2100-01-01"
)

// Of what looks like month.day, these can stand for two days once a number
// has dropped its last zero: 12.1 is 12.1 or 12.10.
var maybeTrailingZero = regexp.MustCompile(`^(1[0-2]|[1-9])\.[123]$`)

// due is the deadline as typed, or as an ISO text where the cell is a date or
// a number that can only be one. The year in its heading counts for what says
// none.
func (e *entry) due() string {
	return inYear(e.dueInCell(), headingYear(e.table.columns[colDue].title))
}

func (e *entry) dueInCell() string {
	c := e.cell(colDue)
	switch {
	case c.text == "":
		e.blame(colDue, Missing, "")
	case c.kind == dateCell && !strings.Contains(c.text, "-"):
		e.blame(colDue, BadDate, "")
	case c.kind == dateCell:
		return c.text
	case c.kind == numberCell:
		return e.dueNumber(c.text)
	}
	return strings.TrimSpace(fold(e.text(colDue)))
}

func (e *entry) dueNumber(text string) string {
	iso, dated := dateOfSerial(text, e.table.grid.from1904)
	switch {
	case maybeTrailingZero.MatchString(text):
		e.blame(colDue, AmbiguousDate, "")
	case dated && strings.Contains(iso, "-") && firstDay <= iso && iso < dayAfterLast:
		return iso
	case scientific.MatchString(text):
		e.blame(colDue, BadDate, "")
	}
	return text
}
