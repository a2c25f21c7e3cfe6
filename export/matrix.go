package export

import (
	"iter"
	"maps"
	"slices"

	"duban"
	"duban/sheet"
	"duban/text"
)

// Matrix (完成矩阵) is units by tasks: a row for each unit that was given anything, with how many items it was given, how many are done and how
// many overdue now, and a column for each task in the order of issue, with the light of the unit's item. What was cancelled does not count.
func (e Export) Matrix() (sheet.Sheet, error) {
	n, err := e.names()
	if err != nil {
		return sheet.Sheet{}, err
	}
	m := matrix{names: n, rows: map[int64]*matrixRow{}, numbers: map[sheet.Mark]uint16{}}
	if err := m.everyWanted(m.put); err != nil {
		return sheet.Sheet{}, err
	}
	units, err := m.order()
	if err != nil {
		return sheet.Sheet{}, err
	}
	return sheet.Sheet{Name: text.Word(e.Lang, "export.matrix"), Columns: m.headings(), Rows: m.lines(units), Frozen: 1, At: e.now()}, nil
}

// matrix collects the items of each unit. An item is kept in few bytes, since there may be a million.
type matrix struct {
	names
	rows    map[int64]*matrixRow // by unit
	columns []int64              // the tasks
	numbers map[sheet.Mark]uint16
	marks   []sheet.Mark // by number
}

// matrixRow is the items of a unit, in the order of the columns.
type matrixRow struct {
	given, done, late int
	cells             []matrixCell
}

type matrixCell struct {
	column int32
	mark   uint16
}

// put takes an assignment; all of a task come together.
func (m *matrix) put(a duban.Assignment) error {
	if last := len(m.columns) - 1; last < 0 || m.columns[last] != a.TaskID {
		m.columns = append(m.columns, a.TaskID)
	}
	row := m.rows[a.UnitID]
	if row == nil {
		row = &matrixRow{}
		m.rows[a.UnitID] = row
	}
	row.count(a, duban.LightOf(a, m.Lights, m.Calendar, m.Tx.Now))
	row.cells = append(row.cells, matrixCell{int32(len(m.columns) - 1), m.number(m.standing(a))})
	return nil
}

func (r *matrixRow) count(a duban.Assignment, light duban.Light) {
	if a.State == duban.CalledOff {
		return
	}
	r.given++
	if a.State.Done() {
		r.done++
	}
	if light == duban.Red {
		r.late++
	}
}

func (m *matrix) number(mark sheet.Mark) uint16 {
	n, known := m.numbers[mark]
	if !known {
		n = uint16(len(m.marks))
		m.numbers[mark], m.marks = n, append(m.marks, mark)
	}
	return n
}

// order returns the units of the rows as they stand in the tree, those that are closed meanwhile behind them.
func (m *matrix) order() ([]int64, error) {
	all, err := m.inTreeOrder()
	if err != nil {
		return nil, err
	}
	var open []int64
	closed := maps.Clone(m.rows)
	for _, u := range all {
		if m.rows[u.ID] != nil {
			open = append(open, u.ID)
			delete(closed, u.ID)
		}
	}
	return append(open, slices.Sorted(maps.Keys(closed))...), nil
}

func (m *matrix) headings() []sheet.Column {
	columns := []sheet.Column{
		m.column("export.responsible_unit", sheet.Text, 32),
		m.column("export.given", sheet.Number, 7),
		m.column("export.done", sheet.Number, 7),
		m.column("export.late", sheet.Number, 7),
	}
	for _, id := range m.columns {
		task := m.tasks[id]
		columns = append(columns, sheet.Column{Title: task.Code + "\n" + shortened(m.title(task), headingRoom), Width: 14})
	}
	return columns
}

// headingRoom is the room for the title of a task in the heading of its column, in characters of ordinary width: four lines. The ledger has it whole.
const headingRoom = 44

// shortened cuts words to a room, in which a Chinese character takes that of two others, and marks where.
func shortened(words string, room int) string {
	for i, r := range words {
		if room--; r >= 0x2E80 {
			room--
		}
		if room < 0 {
			return words[:i] + "…"
		}
	}
	return words
}

func (m *matrix) lines(units []int64) iter.Seq2[[]any, error] {
	return func(yield func([]any, error) bool) {
		for _, unit := range units {
			if !yield(m.line(unit), nil) {
				return
			}
		}
	}
}

func (m *matrix) line(unit int64) []any {
	row := m.rows[unit]
	line := make([]any, 4+len(m.columns))
	line[0], line[1], line[2], line[3] = m.units[unit], row.given, row.done, row.late
	for _, c := range row.cells {
		line[4+c.column] = m.marks[c.mark]
	}
	return line
}
