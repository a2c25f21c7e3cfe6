package export_test

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"duban"
	"duban/export"
	"duban/internal/cast"
	"duban/sheet"
	"duban/work"
)

// starts are what a spreadsheet program takes for the beginning of a formula, as people may type it.
var starts = []string{"=", "+", "-", "@", "\t", "\r", "\t=", "\r=", "\n=", " =", "　=", "\ufeff=", "＝", "＋", "－", "＠"}

// hostile is an office in which everything that people name begins a formula.
func hostile(tb testing.TB) (d *work.Desk, announcement int64) {
	tb.Helper()
	d = cast.Open(tb)
	officer, ctx := cast.Join(tb, d, "WF", 11), context.Background()
	var people []work.RosterRow
	for i, s := range starts {
		people = append(people, work.RosterRow{
			Line: i + 2, Unit: s + fmt.Sprintf("第%d小学", i), Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: s + "片区",
			Name: s + "2+5", Role: duban.Officer, Phone: fmt.Sprintf("+861980000%04d", i), Code: s + fmt.Sprint("H", i),
		})
	}
	if result, err := d.ImportRoster(ctx, duban.Console, people, work.ImportOptions{}); err != nil || len(result.Problems) > 0 {
		tb.Fatal(err, result.Problems)
	}
	for i, s := range starts {
		item := cast.Issue(tb, d.Past(at(3, 2, 9, 0)), duban.Console, work.TaskRow{
			Line: 2, Code: s + fmt.Sprint("T-", i), Title: s + "cmd|' /C calc'!A0", Duty: s + "1+1", Category: s, Units: "市第五中学党委",
			Due: "2026-03-06", Review: true, Reviewer: "LM",
		})[0]
		if _, err := d.Past(at(3, 3, 9, 0)).Progress(ctx, officer, item.ID, 50, s+"HYPERLINK(\"http://example.org\")"); err != nil {
			tb.Fatal(err)
		}
		if _, err := d.Past(at(3, 4, 9, 0)).Submit(ctx, officer, item.ID, work.Report{Text: s + "1"}); err != nil {
			tb.Fatal(err)
		}
	}
	return d, announce(tb, d)
}

func TestNoFieldOfACSVFileBeginsAFormula(t *testing.T) {
	d, announcement := hostile(t)
	named := func(e *export.Export) { e.Filter.Announcement = announcement }
	for _, table := range export.Tables {
		if table == export.ListsTable {
			continue
		}
		seen := 0
		for _, record := range mustRecords(t, written(t, d, at(3, 5, 9, 0), sheet.CSV, table, named)) {
			for _, field := range record {
				if formula(field) {
					t.Errorf("a field of the %s is %q", table, field)
				}
				if strings.HasPrefix(field, "'") {
					seen++
				}
			}
		}
		if seen < len(starts) && table != export.ReceiptsTable {
			t.Errorf("the %s shows %d of what would begin a formula", table, seen)
		}
	}
}

// formula reports whether a spreadsheet program may compute a field. A number with its sign is none.
func formula(field string) bool {
	if _, err := strconv.Atoi(field); err == nil {
		return false
	}
	rest := strings.TrimLeft(field, " \u00a0\u3000\ufeff\u200b\n")
	return rest != "" && strings.ContainsRune("=+-@\t\r＝＋－＠", []rune(rest)[0]) || field != "" && strings.ContainsRune("\t\r", rune(field[0]))
}

func TestCSVAndWorkbookSayTheSame(t *testing.T) {
	d, announcement := hostile(t)
	named := func(e *export.Export) { e.Filter.Announcement = announcement }
	for table, name := range map[export.Table]string{
		export.LedgerTable: "台账", export.RecordTable: "跟踪记载", export.MatrixTable: "完成矩阵", export.RosterTable: "名册", export.ReceiptsTable: "回执",
	} {
		plain := mustRecords(t, written(t, d, at(3, 5, 9, 0), sheet.CSV, table, named))
		rows := mustRows(t, mustExcel(t, written(t, d, at(3, 5, 9, 0), sheet.XLSX, table, named)), name)
		if len(plain) != len(rows) {
			t.Errorf("%s has %d rows and %d", table, len(plain), len(rows))
			continue
		}
		for i, record := range plain {
			for j, field := range record {
				shown := ""
				if j < len(rows[i]) {
					shown = rows[i][j]
				}
				if diff := cmp.Diff(withoutSign(shown), withoutSign(strings.TrimPrefix(field, "'"))); diff != "" {
					t.Errorf("%s %d %d: %s", table, i, j, diff)
				}
			}
		}
	}
}

// withoutSign takes away what only one of the two formats has: the sign of a light, and ends of lines, which each has its own way.
func withoutSign(field string) string {
	for _, sign := range []string{"⚪ ", "🟢 ", "🟡 ", "🟠 ", "🔴 ", "🔵 ", "✅ ", "🟨 "} {
		field = strings.TrimPrefix(field, sign)
	}
	return strings.NewReplacer("\r", "", "\n", "").Replace(field)
}

func TestARosterWithOddNamesComesBackFromCSVAsItWas(t *testing.T) {
	d, _ := hostile(t)
	data := written(t, d, at(3, 5, 9, 0), sheet.CSV, export.RosterTable, nil)
	book, err := sheet.Open("roster.csv", data)
	if err != nil {
		t.Fatal(err)
	}
	rows, wrong, err := book.Roster()
	if err != nil || len(wrong) > 0 || len(rows) != len(cast.Roster)+len(starts) {
		t.Fatalf("%d rows, %v: %v", len(rows), wrong, err)
	}
	names := map[string]bool{}
	for _, r := range rows {
		names[r.Name] = true
	}
	if !bytes.Contains(data, []byte("'=2+5")) || !names["=2+5"] || !names["@2+5"] {
		t.Errorf("the odd names come back as %v", names)
	}
}
