package sheet

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Kind says what a spreadsheet lists.
type Kind string

// What a spreadsheet can list; the zero value means neither.
const (
	KindRoster Kind = "roster"
	KindTasks  Kind = "tasks"
	KindParts  Kind = "parts" // of assessments, that people enter
)

// heading is a column that we know: the word that is shown, and the words it
// goes by, as plainHeading leaves them. Headings without a shown word are
// known so as not to be taken for others.
type heading struct {
	shown    string
	required bool
	words    []string
}

// The columns of the two kinds, by their usual heading.
const (
	colUnit      = "单位"
	colParent    = "上级单位"
	colKind      = "单位类型"
	colRegion    = "片区"
	colName      = "姓名"
	colRole      = "职务"
	colPhone     = "手机号"
	colStaffCode = "工号"

	colCode        = "编号"
	colTitle       = "事项"
	colDuty        = "责任要求"
	colCategory    = "类别"
	colUnits       = "责任单位"
	colOwner       = "责任人"
	colDue         = "完成时限"
	colEvidence    = "佐证要求"
	colReview      = "是否审核"
	colPriority    = "优先级"
	colBasis       = "依据"
	colNote        = "备注"
	colReviewer    = "审核人"
	colSensitivity = "敏感"
	colSupports    = "协办单位"
	colCompletion  = "完成方式"
	colMilestones  = "节点"

	// Ours, in files that come back.
	colProblem    = "问题"
	colSuggestion = "建议"
	colChange     = "变更"
)

// ours are the columns that files have which came back from us.
var ours = []string{colProblem, colSuggestion, colChange}

var headings = map[Kind][]heading{
	KindParts: partsHeadings,
	KindRoster: {
		{colUnit, true, []string{"单位", "单位名称", "所在单位", "工作单位", "党组织", "党组织名称", "所在党组织", "unit", "unit name", "name of unit", "organisation", "organization", "department"}},
		{colParent, false, []string{"上级单位", "上级", "上级党组织", "上级组织", "隶属单位", "隶属", "主管单位", "parent", "parent unit", "superior", "superior unit", "belongs to"}},
		{colKind, false, []string{"单位类型", "单位类别", "单位性质", "类型", "类别", "组织类型", "党组织类型", "党组织类别", "kind", "type", "unit kind", "unit type", "kind of unit"}},
		{colRegion, false, []string{"片区", "所属片区", "所在片区", "区域", "分区", "region", "district", "area"}},
		{colName, true, []string{"姓名", "人员姓名", "人员", "名字", "name", "full name", "person", "person name"}},
		{colRole, true, []string{"职务", "角色", "职务角色", "职务（角色）", "岗位", "党内职务", "role", "post", "position", "duty"}},
		{colPhone, false, []string{"手机号", "手机号码", "手机", "电话", "电话号码", "联系电话", "联系方式", "移动电话", "phone", "phone number", "mobile", "mobile phone", "mobile number", "cell phone", "telephone", "tel"}},
		{colStaffCode, true, []string{"工号", "人员编号", "编号", "教工号", "职工号", "人员代码", "代码", "code", "id", "staff code", "staff id", "employee code", "employee id", "employee no", "person code"}},
		{"", false, []string{"序号", "备注", "性别", "民族", "学历", "职称", "出生年月", "身份证号", "身份证号码", "办公电话", "固定电话", "邮箱", "电子邮箱", "入党时间", "任职时间", "单位代码", "no", "no.", "remark", "remarks", "note", "notes", "email", "office phone", "office telephone", "problem", "joined"}},
	},
	KindTasks: {
		{colCode, true, []string{"编号", "事项编号", "任务编号", "代码", "code", "id", "task code", "task id", "number"}},
		{colTitle, true, []string{"事项", "事项名称", "任务", "任务名称", "工作任务", "工作事项", "重点工作", "标题", "title", "task", "task title", "item", "matter", "subject"}},
		{colDuty, true, []string{"责任要求", "工作要求", "任务要求", "具体要求", "要求", "责任", "责任内容", "工作内容", "任务内容", "duty", "duty text", "requirement", "requirements", "description", "responsibility", "content"}},
		{colCategory, false, []string{"类别", "分类", "类型", "事项类别", "任务类别", "工作类别", "category", "type", "class"}},
		{colUnits, true, []string{"责任单位", "承办单位", "单位", "牵头单位", "落实单位", "完成单位", "责任部门", "unit", "units", "responsible unit", "responsible units", "department", "assigned unit", "assigned units"}},
		{colOwner, false, []string{"责任人", "负责人", "承办人", "经办人", "责任人员", "owner", "responsible", "responsible person", "person in charge", "assignee"}},
		{colDue, true, []string{"完成时限", "时限", "办结时限", "完成时间", "完成日期", "截止", "截止时间", "截止日期", "期限", "完成期限", "要求完成时间", "due", "due date", "due at", "deadline", "time limit", "due by"}},
		{colEvidence, false, []string{"佐证要求", "佐证", "佐证材料", "佐证材料要求", "证明材料", "材料要求", "evidence", "evidence rule", "evidence required", "proof"}},
		{colReview, false, []string{"是否审核", "审核", "需要审核", "是否需要审核", "是否需审核", "review", "needs review", "review required", "reviewed"}},
		{colPriority, false, []string{"优先级", "紧急程度", "缓急", "优先", "priority", "urgency"}},
		{colBasis, false, []string{"依据", "文件依据", "工作依据", "制度依据", "来源", "basis", "reference", "source"}},
		{colNote, false, []string{"备注", "说明", "note", "notes", "remark", "remarks", "comment", "comments"}},
		{colReviewer, false, []string{"审核人", "审核人员", "复核人", "审核责任人", "reviewer", "approver", "reviewed by"}},
		{colSensitivity, false, []string{"敏感", "敏感性", "是否敏感", "是否内部", "内部", "内部事项", "sensitive", "sensitivity", "internal"}},
		{colSupports, false, []string{"协办单位", "配合单位", "协同单位", "协办", "supporting unit", "supporting units", "supported by"}},
		{colCompletion, false, []string{"完成方式", "完成规则", "办结方式", "completion rule", "completion mode"}},
		{colMilestones, false, []string{"节点", "工作节点", "阶段节点", "节点安排", "节点计划", "序时进度", "milestones", "stages"}},
		{"", false, []string{"序号", "完成情况", "进展", "进展情况", "状态", "亮灯", "联系人", "联系电话", "责任人电话", "负责人电话", "手机号", "开始时间", "no", "no.", "status", "progress", "phone", "start", "start date", "problem"}},
	},
}

var headingSigns = strings.NewReplacer("*", " ", "_", " ", ":", " ", "-", " ", "/", " ", `"`, " ")

// plainHeading is a heading in lower case and ordinary width: nothing between
// Chinese characters, one space between Latin words.
func plainHeading(text string) string {
	return name(headingSigns.Replace(strings.ToLower(fold(text))))
}

// What a heading says about a column, by strength.
const (
	noMatch = iota
	partMatch
	fullMatch
)

// match finds the column that a heading means. Words are compared whole, with
// and without what stands in brackets, then as a part of a short heading,
// where the longest word that occurs decides.
func match(known []heading, text string) (shown string, strength int) {
	whole := plainHeading(text)
	bare := plainHeading(inBrackets.ReplaceAllString(fold(text), " "))
	if whole == "" || utf8.RuneCountInString(whole) > 30 {
		return "", noMatch
	}
	longest := 0
	for _, h := range known {
		for _, w := range h.words {
			if w == whole || w == bare {
				return h.shown, fullMatch
			}
			if len(w) > longest && occurs(w, bare) {
				shown, strength, longest = h.shown, partMatch, len(w)
			}
		}
	}
	return shown, strength
}

// occurs says whether a word is a part of a short heading: Chinese words
// anywhere, Latin ones as a word.
func occurs(w, text string) bool {
	if strings.ContainsFunc(w, isHan) {
		return utf8.RuneCountInString(text) <= 12 && strings.Contains(text, w)
	}
	return strings.Contains(" "+text+" ", " "+w+" ")
}

// column is where a known column stands in a sheet.
type column struct {
	index int
	title string // as it stands in the file
}

// columnsOf reads a row as headings. Each known column is claimed once, by a
// full match before a partial one, by the left before the right.
func columnsOf(known []heading, l line) map[string]column {
	found, strengths := map[string]column{}, map[string]int{}
	for _, c := range l.cells {
		shown, strength := match(known, c.text)
		if shown == "" || c.kind != textCell || slices.Contains(ours, c.text) {
			continue
		}
		had, taken := found[shown]
		if !taken || strength > strengths[shown] || strength == strengths[shown] && c.col < had.index {
			found[shown], strengths[shown] = column{index: c.col, title: c.text}, strength
		}
	}
	return found
}

// headingLines is how many rows with content may stand above the headings,
// and minHeadings how many known columns make a row of headings.
const (
	headingLines = 50
	minHeadings  = 2
)

// table is a sheet seen as a list with known columns.
type table struct {
	kind    Kind
	grid    *grid
	heading int // index of the heading row in grid.lines
	columns map[string]column
}

// findTable returns the best heading row of all sheets. Of two rows that are
// equally good and adjacent the lower one counts: a heading may be two rows
// high.
func (b *Book) findTable(kind Kind) (table, bool) {
	var best table
	for _, g := range b.grids {
		for i, l := range g.lines[:min(len(g.lines), headingLines)] {
			columns := columnsOf(headings[kind], l)
			better := len(columns) > len(best.columns)
			below := len(columns) == len(best.columns) && best.grid == g && best.heading == i-1
			if len(columns) >= minHeadings && (better || below) {
				best = table{kind: kind, grid: g, heading: i, columns: columns}
			}
		}
	}
	return best, best.grid != nil
}

// kinds are those that Guess tells apart; of equals the first counts.
var kinds = []Kind{KindRoster, KindTasks, KindParts}

// Guess tells by the headings which kind a book is; the zero Kind means that it
// looks like none.
func (b *Book) Guess() Kind {
	best, most := Kind(""), 0
	for _, kind := range kinds {
		if t, ok := b.findTable(kind); ok && len(t.columns) > most {
			best, most = kind, len(t.columns)
		}
	}
	return best
}

// table finds the list of a kind and refuses a book that lacks it, or lacks a
// column that every list of the kind must have.
func (b *Book) table(kind Kind) (table, error) {
	t, ok := b.findTable(kind)
	if !ok {
		return table{}, &Refusal{Reason: NoHeading}
	}
	b.read = t
	var missing []string
	for _, h := range headings[kind] {
		if _, there := t.columns[h.shown]; h.required && !there {
			missing = append(missing, h.shown)
		}
	}
	if len(missing) > 0 {
		return table{}, &Refusal{Reason: MissingColumns, Line: t.grid.lines[t.heading].number, Columns: missing, Found: t.titles()}
	}
	return t, nil
}

// titles are the headings as they stand in the file.
func (t *table) titles() []string {
	var titles []string
	for _, c := range t.grid.lines[t.heading].cells {
		titles = append(titles, titleOf(c.text))
	}
	return titles
}
