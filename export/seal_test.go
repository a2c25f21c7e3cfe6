package export_test

import (
	"strings"
	"testing"

	"duban"
	"duban/export"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
)

func TestAWorkbookSaysWhichRecordItWasMadeFrom(t *testing.T) {
	d, _ := hostile(t)
	for _, table := range []export.Table{export.LedgerTable, export.RecordTable} {
		f := mustExcel(t, written(t, d, at(3, 5, 9, 0), sheet.XLSX, table, nil))
		about, err := f.GetDocProps()
		if err != nil {
			t.Fatal(err)
		}
		_, said, _ := strings.Cut(about.Description, "校验码 ")
		head, ok := duban.ReadHead(said)
		if !ok {
			t.Fatalf("the %s says %q", table, about.Description)
		}
		foot, err := f.GetHeaderFooter(f.GetSheetName(0))
		if err != nil || !strings.Contains(foot.OddFooter, said) {
			t.Errorf("at the foot of the %s: %+v, %v", table, foot, err)
		}
		cast.Read(t, d, func(tx *store.Tx) error {
			if _, err := tx.Audit(head); err != nil {
				t.Errorf("the record does not hold what the %s says: %v", table, err)
			}
			return nil
		})
		if csv := written(t, d, at(3, 5, 9, 0), sheet.CSV, table, nil); strings.Contains(string(csv), head.Check) {
			t.Errorf("the csv of the %s has it among its rows", table)
		}
	}
}
