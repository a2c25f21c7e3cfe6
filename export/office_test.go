package export_test

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/export"
	"duban/sheet"
)

// TestASecondProgramReadsEveryWorkbook lets LibreOffice convert every table to pages and the ledger to csv. It runs where LibreOffice is
// installed (Debian: libreoffice-calc-nogui, poppler-utils, fonts-wqy-microhei).
func TestASecondProgramReadsEveryWorkbook(t *testing.T) {
	soffice, err := exec.LookPath("soffice")
	if err != nil {
		t.Skip("soffice is not installed")
	}
	d, announcement := hostile(t)
	dir := t.TempDir()
	for _, table := range export.Tables {
		data := written(t, d, at(3, 5, 9, 0), sheet.XLSX, table, func(e *export.Export) { e.Filter.Announcement = announcement })
		if err := os.WriteFile(filepath.Join(dir, string(table)+".xlsx"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	convert(t, soffice, dir, "pdf", export.Tables...)
	for _, table := range export.Tables {
		if page := pages(t, filepath.Join(dir, string(table)+".pdf")); page != nil && !bytes.Contains(page, []byte(onPage[table])) {
			t.Errorf("%q is not on the pages of the %s:\n%s", onPage[table], table, page)
		}
	}

	// 44,34,76 is comma, quotation mark, UTF-8.
	convert(t, soffice, dir, "csv:Text - txt - csv (StarCalc):44,34,76", export.LedgerTable)
	theirs, err := os.ReadFile(filepath.Join(dir, "ledger.csv"))
	if err != nil {
		t.Fatal(err)
	}
	ours := mustRecords(t, written(t, d, at(3, 5, 9, 0), sheet.CSV, export.LedgerTable, nil))
	for i, record := range mustRecords(t, theirs) {
		for j, field := range record {
			if want := withoutSign(strings.TrimPrefix(ours[i][j], "'")); withoutSign(field) != want {
				t.Errorf("line %d column %d is %q, want %q", i, j, field, want)
			}
		}
	}
}

// onPage is what has to be seen on the pages of each table.
var onPage = map[export.Table]string{
	export.LedgerTable: "待审", export.RecordTable: "进展", export.MatrixTable: "市第五中学党委", export.ListsTable: "滨江市教育行业党委任务清单",
	export.RosterTable: "党建专干", export.ReceiptsTable: "待发送",
}

func convert(tb testing.TB, soffice, dir, format string, tables ...export.Table) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	args := []string{"-env:UserInstallation=file://" + filepath.Join(dir, "profile"), "--headless", "--convert-to", format, "--outdir", dir}
	for _, table := range tables {
		args = append(args, filepath.Join(dir, string(table)+".xlsx"))
	}
	if out, err := exec.CommandContext(ctx, soffice, args...).CombinedOutput(); err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
}

// pages is the text of a pdf file; nil where pdftotext is not installed.
func pages(tb testing.TB, file string) []byte {
	tb.Helper()
	if _, err := os.Stat(file); err != nil {
		tb.Fatal(err)
	}
	pdftotext, err := exec.LookPath("pdftotext")
	if err != nil {
		return nil
	}
	out, err := exec.Command(pdftotext, "-layout", file, "-").Output()
	if err != nil {
		tb.Fatal(err)
	}
	return out
}
