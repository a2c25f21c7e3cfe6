package sheet

import (
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// PartsRow is what a list says of the parts of one unit's assessment that
// people enter. Year is 0 where the list does not say. Parts are those for
// which the list has a column, in the order in which they are usually shown.
type PartsRow struct {
	Line  int // as the spreadsheet program counts, from 1
	Year  int
	Unit  string
	Parts []PartCell
}

// PartCell is one part in a row: its points as a figure with two places at
// most, such as 88.5, empty where the cell is; and the reason, of its own or
// the one that the row gives for all of its parts.
type PartCell struct {
	Part, Points, Reason string
}

const (
	colYear   = "年度"
	colReason = "依据"
)

// scored are the parts that a list can have. Reason is the column with what a
// part alone rests on, sign what may stand before its points, since the column
// says already whether they are added or taken away.
var scored = []struct {
	id, shown, reason, sign string
	words                   []string
}{
	{"year_end", "年终考核", "年终考核依据", "", []string{"年终考核", "年终考核得分", "年终考评", "年度考核", "year end", "year end review"}},
	{"duty_report", "述职评议", "述职评议依据", "", []string{"述职评议", "述职评议得分", "述职考核", "述职", "duty report"}},
	{"rally", "项目拉练", "项目拉练依据", "", []string{"项目拉练", "项目拉练得分", "拉练", "rally", "project rally"}},
	{"appraisal", "民主评议", "民主评议依据", "", []string{"民主评议", "民主评议得分", "appraisal"}},
	{"bonus", "加分", "加分依据", "+", []string{"加分", "加分项", "奖励加分", "奖励分", "bonus"}},
	{"negative", "扣分", "扣分依据", "-−–—", []string{"扣分", "扣分项", "负面扣分", "deduction", "negative"}},
}

var partsHeadings = headingsOfParts()

func headingsOfParts() []heading {
	all := []heading{
		{colYear, false, []string{"年度", "考评年度", "考核年度", "year"}},
		{colUnit, true, []string{"单位", "单位名称", "考评单位", "被考评单位", "考核单位", "被考核单位", "学校", "学校名称", "党组织", "党组织名称", "unit", "unit name", "name of unit", "school", "organisation", "organization"}},
		{colReason, false, []string{"依据", "评分依据", "打分依据", "来源", "分值来源", "评分来源", "理由", "basis", "reason", "source"}},
		{"", false, []string{"序号", "备注", "日常考评", "总分", "联系人", "no", "no.", "remark", "remarks", "note", "notes", "daily work", "total", "problem"}},
	}
	for _, part := range scored {
		var reasons []string
		for _, word := range part.words {
			reasons = append(reasons, word+"依据", word+"评分依据", word+"来源", word+"理由", word+" basis", word+" reason", word+" source")
		}
		all = append(all, heading{part.shown, false, part.words}, heading{part.reason, false, reasons})
	}
	return all
}

// Parts reads the book as a list of the parts of assessments. Rows with a
// problem are not among the rows returned. The error is a *Refusal: no
// headings, a missing column, no column of any part, or no rows at all.
func (b *Book) Parts() ([]PartsRow, []Problem, error) {
	t, err := b.table(KindParts)
	if err != nil {
		return nil, nil, err
	}
	if !t.hasParts() {
		return nil, nil, &Refusal{Reason: MissingColumns, Line: t.grid.lines[t.heading].number, Columns: partColumns(), Found: t.titles()}
	}
	var rows []PartsRow
	var problems []Problem
	for e := range t.entries() {
		row := e.parts()
		if len(e.problems) > 0 {
			problems = append(problems, e.problems...)
			continue
		}
		rows = append(rows, row)
	}
	if len(rows)+len(problems) == 0 {
		return nil, nil, &Refusal{Reason: NoRows}
	}
	return rows, problems, nil
}

func (t *table) hasParts() bool {
	return slices.ContainsFunc(partColumns(), func(shown string) bool {
		_, there := t.columns[shown]
		return there
	})
}

func partColumns() []string {
	all := make([]string, len(scored))
	for i, part := range scored {
		all[i] = part.shown
	}
	return all
}

func (e *entry) parts() PartsRow {
	row := PartsRow{Line: e.line.number, Year: e.year(), Unit: e.neededName(colUnit)}
	common := strings.TrimSpace(e.text(colReason))
	for _, part := range scored {
		if _, there := e.table.columns[part.shown]; !there {
			continue
		}
		cell := PartCell{Part: part.id, Points: e.points(part.shown, part.sign), Reason: strings.TrimSpace(e.text(part.reason))}
		switch {
		case cell.Points == "" && cell.Reason != "" && e.cell(part.shown).text == "":
			e.blame(part.shown, NoPoints, "")
		case cell.Reason == "":
			cell.Reason = common
		}
		row.Parts = append(row.Parts, cell)
	}
	return row
}

var yearWord = regexp.MustCompile(`^(20\d\d)(\.0)?(年|年度)?$`)

// year is the year of a row, 0 where it says none.
func (e *entry) year() int {
	text := squeeze(e.word(colYear))
	if text == "" {
		return 0
	}
	found := yearWord.FindStringSubmatch(text)
	if found == nil {
		e.blame(colYear, BadYear, "")
		return 0
	}
	year, _ := strconv.Atoi(found[1])
	return year
}

// noFigure are the signs by which people say that a cell has nothing.
var noFigure = []string{"", "/", "-", "—", "——", "无"}

// points is a figure, without what people write around it; empty where the
// cell has none.
func (e *entry) points(shown, sign string) string {
	wrong := len(e.problems)
	text := squeeze(e.word(shown))
	if len(e.problems) > wrong || slices.Contains(noFigure, text) {
		return ""
	}
	figure, ok := figureOf(strings.TrimLeft(strings.TrimSuffix(text, "分"), sign))
	if !ok {
		e.blame(shown, BadPoints, "")
	}
	return figure
}

var plainFigure = regexp.MustCompile(`^\d{1,4}(\.\d*)?$`)

// figureOf writes a figure with two places at most. A program that counts in
// binary keeps 88.1 as 88.09999999999999, which is no third place.
func figureOf(text string) (string, bool) {
	n, err := strconv.ParseFloat(text, 64)
	hundredths := math.Round(n * 100)
	if err != nil || !plainFigure.MatchString(text) || math.Abs(n*100-hundredths) > 1e-6 {
		return "", false
	}
	return strconv.FormatFloat(hundredths/100, 'f', -1, 64), true
}
