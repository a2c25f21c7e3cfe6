package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"

	"duban/sheet"
)

// writeVariants writes files that say the same as the examples, as untidily as
// files come in. The tests of package sheet read them and expect equal rows.
func writeVariants(folder string) error {
	for name, make := range map[string]func() ([]byte, error){
		"roster_merged.xlsx":     rosterMerged,
		"roster_english.xlsx":    rosterEnglish,
		"roster_gb18030.csv":     rosterGB18030,
		"roster_semicolons.csv":  rosterSemicolons,
		"roster_utf16_tabs.csv":  rosterUTF16,
		"tasks_sections.xlsx":    tasksSections,
		"tasks_english.csv":      tasksEnglish,
		"tasks_gb18030.csv":      tasksGB18030,
		"tasks_lost_format.xlsx": tasksLostFormat,
	} {
		content, err := make()
		if err != nil {
			return fmt.Errorf("make %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// workbook is a new xlsx file with one sheet that is filled cell by cell.
type workbook struct {
	file  *excelize.File
	sheet string
	row   int
}

func newWorkbook(sheet string) (*workbook, error) {
	w := &workbook{file: excelize.NewFile(), sheet: sheet}
	return w, w.file.SetSheetName("Sheet1", sheet)
}

// add appends a row; skip leaves rows out.
func (w *workbook) add(values ...any) error {
	w.row++
	return w.file.SetSheetRow(w.sheet, "A"+strconv.Itoa(w.row), &values)
}

func (w *workbook) skip(rows int) { w.row += rows }

func (w *workbook) merge(from, to string) error { return w.file.MergeCell(w.sheet, from, to) }

func (w *workbook) bytes() ([]byte, error) {
	defer w.file.Close()
	buffer, err := w.file.WriteToBuffer()
	if err != nil {
		return nil, err
	}
	return buffer.Bytes(), nil
}

func text(value any) string {
	if value == nil {
		return ""
	}
	return value.(string)
}

// rosterMerged has a title and a note above the headings, units merged over
// their people, phones as numbers, spaced names, empty rows and signatures.
func rosterMerged() ([]byte, error) {
	w, err := newWorkbook("名册")
	if err != nil {
		return nil, err
	}
	add := func(values ...any) {
		if err == nil {
			err = w.add(values...)
		}
	}
	var merges [][2]string // made at the end: a value written into merged cells goes to the first
	merge := func(from, to string) { merges = append(merges, [2]string{from, to}) }
	add("滨江市教育系统党务干部花名册（2026年度）")
	merge("A1", "I1")
	add("填报单位：滨江市教育行业党委办公室", nil, nil, nil, nil, nil, nil, nil, "2026年11月")
	w.skip(1)
	add("序号", "所在单位", "隶属单位", "单位类别", "所属片区", "姓  名", "职务（角色）", "联系电话", "工号 (code)")

	rows := rosterRows()
	for i, row := range rows {
		phone, _ := strconv.ParseInt(text(row[6]), 10, 64)
		first := i == 0 || rows[i-1][0] != row[0]
		if i > 0 && i%20 == 0 && first {
			w.skip(2)
		}
		if !first {
			add(i+1, nil, nil, nil, nil, spaced(text(row[4])), row[5], phone, row[7])
			continue
		}
		last := i
		for last+1 < len(rows) && rows[last+1][0] == row[0] {
			last++
		}
		add(i+1, row[0], row[1], row[2], row[3], spaced(text(row[4])), row[5], phone, row[7])
		for _, column := range "BCDE" {
			if last > i {
				merge(fmt.Sprintf("%c%d", column, w.row), fmt.Sprintf("%c%d", column, w.row+last-i))
			}
		}
	}
	w.skip(1)
	add("填表人：　　　　审核人：　　　　填表日期：")
	for _, m := range merges {
		if err == nil {
			err = w.merge(m[0], m[1])
		}
	}
	if err != nil {
		return nil, err
	}
	return w.bytes()
}

// spaced writes a name of two characters as forms often have it.
func spaced(name string) string {
	if runes := []rune(name); len(runes) == 2 {
		return string(runes[0]) + "　" + string(runes[1])
	}
	return name
}

// rosterEnglish has English headings in another order, English identifiers,
// and full-width digits.
func rosterEnglish() ([]byte, error) {
	w, err := newWorkbook("Roster")
	if err != nil {
		return nil, err
	}
	if err := w.add("Code", "Full name", "Phone number", "Role", "Unit", "Unit type", "Parent unit", "District", "Remarks"); err != nil {
		return nil, err
	}
	words := map[string]string{
		"行业党委": "industry_committee", "学校党委": "School Committee", "党总支": "general-branch", "党支部": "branch",
		"行业党委书记": "leader", "管理员": "Admin", "党委书记": "secretary", "党建专干": "officer", "支部书记": "branch secretary",
	}
	for _, row := range rosterRows() {
		err := w.add(wide(text(row[7])), row[4], wide(text(row[6])), words[text(row[5])], row[0], words[text(row[2])], row[1], row[3], "x")
		if err != nil {
			return nil, err
		}
	}
	return w.bytes()
}

// wide writes letters and digits in full width.
func wide(s string) string {
	return strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7F {
			return r + 0xFEE0
		}
		return r
	}, s)
}

func rosterGB18030() ([]byte, error) {
	return rosterCSV(',', func(b []byte) ([]byte, error) { return simplifiedchinese.GB18030.NewEncoder().Bytes(b) })
}

func rosterSemicolons() ([]byte, error) {
	return rosterCSV(';', func(b []byte) ([]byte, error) { return append([]byte("\uFEFF"), b...), nil })
}

func rosterUTF16() ([]byte, error) {
	return rosterCSV('\t', func(b []byte) ([]byte, error) {
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().Bytes(b)
	})
}

func rosterCSV(separator rune, encode func([]byte) ([]byte, error)) ([]byte, error) {
	records := [][]string{{"单位", "上级单位", "单位类型", "片区", "姓名", "职务(角色)", "手机号", "工号"}}
	for _, row := range rosterRows() {
		var record []string
		for _, value := range row {
			record = append(record, text(value))
		}
		record[6] = "+86 " + record[6][:3] + "-" + record[6][3:7] + "-" + record[6][7:]
		records = append(records, record)
	}
	return encodeCSV(records, separator, encode)
}

func encodeCSV(records [][]string, separator rune, encode func([]byte) ([]byte, error)) ([]byte, error) {
	var buffer bytes.Buffer
	w := csv.NewWriter(&buffer)
	w.Comma, w.UseCRLF = separator, true
	if err := w.WriteAll(records); err != nil {
		return nil, err
	}
	return encode(buffer.Bytes())
}

// tasksSections has headings two rows high, a heading for each category that
// is merged across the sheet, the category merged downwards, the units in
// rows of their own, and totals at the end.
func tasksSections() ([]byte, error) {
	w, err := newWorkbook("任务清单")
	if err != nil {
		return nil, err
	}
	add := func(values ...any) {
		if err == nil {
			err = w.add(values...)
		}
	}
	merge := func(from, to string) {
		if err == nil {
			err = w.merge(from, to)
		}
	}
	add("2026年度党建重点工作任务清单")
	merge("A1", "O1")
	add("序号", "编号", "工作事项", "责任要求", "类别", "责任", nil, "完成时限（年月日）", "佐证要求", "是否审核（是/否）", "优先级", "依据", "备注", "审核人", "是否敏感")
	add(nil, nil, nil, nil, nil, "责任单位", "责任人")
	merge("F2", "G2")
	for _, column := range "ABCDEHIJKLMNO" {
		merge(fmt.Sprintf("%c2", column), fmt.Sprintf("%c3", column))
	}

	category, sections := "", 0
	for i, row := range tasksRows() {
		if row[3] != category {
			category = text(row[3])
			add(fmt.Sprintf("%s、%s", chineseNumber(sections), category))
			sections++
			merge(fmt.Sprintf("A%d", w.row), fmt.Sprintf("O%d", w.row))
		}
		evidence := strings.NewReplacer("照片1", "照片", "照片3", "照片 3 张", "文件", "附件").Replace(text(row[7]))
		review := map[string]string{"是": "Y", "否": "Ｎ"}[text(row[8])]
		units := strings.Split(text(row[4]), "、")
		for j, u := range units {
			if j == 0 {
				add(i+1, row[0], row[1], row[2], row[3], u, row[5], typed(row[6]), evidence, review, row[9], row[10], row[11], row[12], row[13])
				continue
			}
			add(nil, nil, nil, nil, nil, u)
		}
		for _, column := range "ABCDEGHIJKLMNO" {
			if len(units) > 1 {
				merge(fmt.Sprintf("%c%d", column, w.row-len(units)+1), fmt.Sprintf("%c%d", column, w.row))
			}
		}
	}
	add("合计", nil, fmt.Sprint(len(tasksRows()), "项"))
	if err != nil {
		return nil, err
	}
	return w.bytes()
}

func chineseNumber(i int) string {
	if i < 10 {
		return string([]rune("一二三四五六七八九十")[i])
	}
	return "十" + chineseNumber(i-10)
}

// typed gives a deadline as text the way the reader returns it.
func typed(due any) string {
	switch due := due.(type) {
	case sheet.Day:
		return time.Time(due).Format(time.DateOnly)
	case time.Time:
		return due.Format("2006-01-02T15:04:05")
	}
	return text(due)
}

// serial gives a real date as the number behind it.
func serial(due any) any {
	switch due := due.(type) {
	case sheet.Day:
		return days(time.Time(due))
	case time.Time:
		return days(due)
	}
	return due
}

func days(t time.Time) float64 {
	return t.Sub(time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)).Hours() / 24
}

// tasksLostFormat has real dates whose cells have lost the date format, so
// that they look like 46357.
func tasksLostFormat() ([]byte, error) {
	w, err := newWorkbook("清单")
	if err != nil {
		return nil, err
	}
	titles := []any{}
	for _, c := range tasksColumns {
		titles = append(titles, c.Title)
	}
	if err := w.add(titles...); err != nil {
		return nil, err
	}
	for _, row := range tasksRows() {
		values := append([]any{}, row...)
		values[6] = serial(row[6])
		if err := w.add(values...); err != nil {
			return nil, err
		}
	}
	return w.bytes()
}

var taskHeadings = []string{
	"Responsible units", "Deadline", "Task code", "Title", "Duty", "Category", "Owner", "Evidence", "Needs review", "Priority", "Basis", "Notes", "Reviewer", "Sensitivity",
}

// tasksEnglish has English headings in another order and English identifiers,
// separated by semicolons.
func tasksEnglish() ([]byte, error) {
	words := map[string]string{
		"无": "none", "文字": "text", "文件": "file", "照片1": "photo", "照片3": "photos 3",
		"是": "yes", "否": "no", "一般": "normal", "加急": "urgent", "特急": "critical", "内部": "internal",
	}
	records := [][]string{taskHeadings}
	for _, row := range tasksRows() {
		records = append(records, []string{
			strings.ReplaceAll(text(row[4]), "、", ", "), typed(row[6]), text(row[0]), text(row[1]), text(row[2]), text(row[3]), text(row[5]),
			words[text(row[7])], words[text(row[8])], words[text(row[9])], text(row[10]), text(row[11]), text(row[12]), words[text(row[13])],
		})
	}
	return encodeCSV(records, ';', func(b []byte) ([]byte, error) { return b, nil })
}

func tasksGB18030() ([]byte, error) {
	records := [][]string{{"年度任务清单"}, {}, {}}
	for _, c := range tasksColumns {
		records[2] = append(records[2], c.Title)
	}
	for _, row := range tasksRows() {
		var record []string
		for i, value := range row {
			if i == 6 {
				record = append(record, wide(typed(value)))
				continue
			}
			record = append(record, text(value))
		}
		records = append(records, record)
	}
	return encodeCSV(records, ',', func(b []byte) ([]byte, error) { return simplifiedchinese.GB18030.NewEncoder().Bytes(b) })
}
