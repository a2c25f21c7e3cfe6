//go:build long

package export_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/export"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
	"duban/text"
	"duban/work"
)

// office is LibreOffice, which reads what we write as another program does.
type office struct {
	dir string // of the files, and of its own settings
}

// mustOffice returns LibreOffice and the folder in which it works. What is not installed fails the test: what is not looked at is not known.
func mustOffice(t *testing.T) office {
	t.Helper()
	for program, packages := range map[string]string{"soffice": "libreoffice-calc-nogui", "pdftotext": "poppler-utils", "pdfinfo": "poppler-utils"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Fatalf("%s is not installed: run scripts/prepare.sh long as root, or install %s", program, packages)
		}
	}
	return office{t.TempDir()}
}

// convert turns files of the folder into another format.
func (o office) convert(t *testing.T, format string, files ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Minute)
	defer cancel()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(o.dir, "profile"), "--headless", "--convert-to", format, "--outdir", o.dir}
	for _, file := range files {
		args = append(args, filepath.Join(o.dir, file))
	}
	if out, err := exec.CommandContext(ctx, "soffice", args...).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

func (o office) put(t *testing.T, file string, data []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(o.dir, file), data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// pages prints a workbook and returns the text of each page. Every page has to be A4 across.
func (o office) pages(t *testing.T, name string) []string {
	t.Helper()
	file := filepath.Join(o.dir, name+".pdf")
	about, err := exec.Command("pdfinfo", "-l", "-1", file).Output()
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	sizes := regexp.MustCompile(`(?m)^Page +\d+ size: +(.*)$`).FindAllStringSubmatch(string(about), -1)
	for i, size := range sizes {
		if !strings.HasPrefix(size[1], "841.") || !strings.Contains(size[1], "(A4)") {
			t.Errorf("page %d of %s is %s", i+1, name, size[1])
		}
	}
	words, err := exec.Command("pdftotext", "-layout", file, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	pages := strings.Split(strings.TrimSuffix(string(words), "\f"), "\f")
	if len(pages) != len(sizes) {
		t.Errorf("%s has %d pages and text of %d", name, len(sizes), len(pages))
	}
	return pages
}

// longTitle is as long as titles come; it ends with words of its own, by which one sees that it was not cut.
const longTitle = "关于认真做好2026年度全市教育系统基层党组织书记抓基层党建工作述职评议考核有关准备工作并按时报送述职报告和问题清单的全文到此为止"

// manyItems is the year of the other tests with a task of a long title for forty more schools of long names.
func manyItems(t *testing.T) *work.Desk {
	t.Helper()
	d := year(t)
	var people []work.RosterRow
	for i := range 40 {
		name := "滨江市经济技术开发区滨江新城第" + string("一二三四五六七八九十"[i%10*3:i%10*3+3]) + "十" + string("一二三四五六七八九十"[i/10*3:i/10*3+3]) + "实验中学党委"
		people = append(people, work.RosterRow{
			Line: i + 2, Unit: name, Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: "欧阳明远", Role: duban.Officer,
			Code: "K" + string(rune('A'+i%26)) + string(rune('A'+i/26)), Phone: "",
		})
	}
	if result, err := d.ImportRoster(context.Background(), duban.Console, people, work.ImportOptions{}); err != nil || len(result.Problems) > 0 {
		t.Fatal(err, result.Problems)
	}
	for i := range 3 {
		cast.Issue(t, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
			Line: 2, Code: "KH-" + string(rune('1'+i)), Title: longTitle, Duty: strings.Repeat("对照责任清单逐项自查，形成报告。", 6), Units: "school_committee", Due: "2026-03-20",
		})
	}
	return d
}

// onPages is what has to be seen on the pages of each workbook: headings on each of its first sheet, and words anywhere.
var onPages = map[string]struct{ heading, words string }{
	"ledger": {"原定时限", "未签收"}, "record": {"经办", "签收"}, "matrix": {"责任单位", "未签收"}, "lists": {"备注/签字", "党委书记（签字）"},
	"roster": {"加入情况", "党建专干"}, "receipts": {"未送达原因", "待发送"}, "handover": {"编号", "超期办结"}, "score": {"", "市第五中学党委"},
	"year_end": {"", "跟踪记载"}, "report_weekly": {"", "合计"}, "report_monthly": {"", "台账"}, "report_quarterly": {"", "合计"},
	"report_half_year": {"", "跟踪记载"}, "report_year": {"", "跟踪记载"}, "report_task": {"", "合计"},
}

func TestASecondProgramPrintsEveryWorkbook(t *testing.T) {
	o, d := mustOffice(t), manyItems(t)
	all := books(t, d, text.ZH, announce(t, d))
	var files []string
	for name, data := range all {
		o.put(t, name+".xlsx", data)
		files = append(files, name+".xlsx")
	}
	o.convert(t, "pdf", files...)
	for name := range all {
		want, known := onPages[name]
		if !known {
			t.Errorf("nobody says what has to be on the pages of %s", name)
		}
		pages := o.pages(t, name)
		t.Logf("%s has %d pages", name, len(pages))
		for i, page := range pages {
			if !strings.Contains(page, want.heading) {
				t.Errorf("page %d of %d of %s has no headings: %.200s", i+1, len(pages), name, page)
			}
		}
		if whole := strings.Join(pages, ""); !strings.Contains(whole, want.words) || strings.Contains(whole, "###") {
			t.Errorf("%s has no %q, or a value that does not fit its column", name, want.words)
		}
	}
}

func TestAListForEachSchoolIsPrintedWholeAndByItself(t *testing.T) {
	o, d := mustOffice(t), manyItems(t)
	o.put(t, "lists.xlsx", written(t, d, at(3, 12, 9, 0), sheet.XLSX, export.ListsTable, func(e *export.Export) { e.Organisation = d.Policy.Organisation }))
	o.convert(t, "pdf", "lists.xlsx")
	pages := o.pages(t, "lists")
	if len(pages) != 42 { // one page for each of the 42 schools
		t.Errorf("%d pages for 42 schools", len(pages))
	}
	for i, page := range pages {
		if !strings.Contains(page, "任务清单") || !strings.Contains(page, "到此为止") || !strings.Contains(page, "党委书记（签字）") {
			t.Errorf("page %d is not whole:\n%s", i+1, page)
		}
	}
}

// TestASecondProgramReadsTheSameValues compares what LibreOffice reads in our workbooks and csv files with what we wrote.
func TestASecondProgramReadsTheSameValues(t *testing.T) {
	o := mustOffice(t)
	d, announcement := hostile(t)
	named := func(e *export.Export) { e.Filter.Announcement = announcement }
	const csv = "csv:Text - txt - csv (StarCalc):44,34,76" // comma, quotation mark, UTF-8
	for _, table := range export.Tables {
		if table == export.ListsTable {
			continue
		}
		o.put(t, string(table)+".xlsx", written(t, d, at(3, 5, 9, 0), sheet.XLSX, table, named))
		o.convert(t, csv, string(table)+".xlsx")
		theirs, err := os.ReadFile(filepath.Join(o.dir, string(table)+".csv"))
		if err != nil {
			t.Fatal(err)
		}
		ours := mustRecords(t, written(t, d, at(3, 5, 9, 0), sheet.CSV, table, named))
		records := mustRecords(t, theirs)
		if len(records) != len(ours) {
			t.Errorf("%s: %d rows are read of %d", table, len(records), len(ours))
			continue
		}
		for i, record := range records {
			for j, field := range record {
				if want := withoutSign(strings.TrimPrefix(ours[i][j], "'")); withoutSign(field) != want {
					t.Errorf("%s: line %d column %d is %q, want %q", table, i, j, field, want)
				}
			}
		}
	}
}

// TestASecondProgramComputesNothingInACSVFile opens our csv files in LibreOffice, which takes what begins like a formula for one.
func TestASecondProgramComputesNothingInACSVFile(t *testing.T) {
	o := mustOffice(t)
	d, announcement := hostile(t)
	for _, table := range export.Tables {
		if table == export.ListsTable {
			continue
		}
		o.put(t, string(table)+".csv", written(t, d, at(3, 5, 9, 0), sheet.CSV, table, func(e *export.Export) { e.Filter.Announcement = announcement }))
	}
	for _, table := range export.Tables {
		if table == export.ListsTable {
			continue
		}
		o.convert(t, "xlsx", string(table)+".csv")
		data, err := os.ReadFile(filepath.Join(o.dir, string(table)+".xlsx"))
		if err != nil {
			t.Fatal(err)
		}
		if parts := unzipped(t, data); strings.Contains(parts, "<f>") || strings.Contains(parts, "<f ") {
			t.Errorf("LibreOffice computes something in %s.csv", table)
		}
	}
}

// TestAHundredRowsRepeatTheirHeadingsOnEveryPage prints a long ledger and record.
func TestAHundredRowsRepeatTheirHeadingsOnEveryPage(t *testing.T) {
	o, d := mustOffice(t), cast.Open(t)
	err := d.Store.Write(context.Background(), func(tx *store.Tx) error { return fillLedger(tx, cast.Person(t, d, "WF").ID, 40, 10) })
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range []export.Table{export.LedgerTable, export.MatrixTable} {
		o.put(t, string(table)+".xlsx", written(t, d, at(6, 1, 9, 0), sheet.XLSX, table, nil))
	}
	o.convert(t, "pdf", "ledger.xlsx", "matrix.xlsx")
	ledger, matrix := o.pages(t, "ledger"), o.pages(t, "matrix")
	if len(ledger) < 5 || len(ledger) > 30 || len(matrix) > 6 {
		t.Errorf("400 rows take %d pages, a matrix of 40 by 10 %d", len(ledger), len(matrix))
	}
	rows := 0
	for i, page := range ledger {
		rows += strings.Count(page, "DJ-0")
		if !strings.Contains(page, "编号") || !strings.Contains(page, "亮灯") {
			t.Errorf("page %d of the ledger has no headings:\n%s", i+1, page)
		}
	}
	if rows != 400 {
		t.Errorf("%d rows are on the pages of the ledger", rows)
	}
	for i, page := range matrix {
		if !strings.Contains(page, "责任单位") {
			t.Errorf("page %d of the matrix has no headings", i+1)
		}
	}
}
