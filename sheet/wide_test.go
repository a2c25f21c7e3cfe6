package sheet_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"duban/sheet"
)

// 𠮷 takes the room of two characters in the names that programs accept.
func TestANameOfRareCharactersFitsASheet(t *testing.T) {
	rare := strings.Repeat("𠮷", 20)
	want := []string{strings.Repeat("𠮷", 15), strings.Repeat("𠮷", 14) + "(2)"}
	if diff := cmp.Diff(want, mustBook(t, form(rare), form(rare)).GetSheetList()); diff != "" {
		t.Error(diff)
	}
}

func TestTextThatLooksLikeAnEscapeComesBackAsItWas(t *testing.T) {
	for _, text := range []string{"_x0041_", "a_x005F_b", "_x000D_", "两行\n\"引号\"，逗号,", "  边上有空  "} {
		for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
			data := mustWrite(t, format, sheet.Sheet{Name: "名册", Columns: []sheet.Column{{Title: "编号"}, {Title: "事项"}, {Title: "责任要求"}, {Title: "责任单位"}, {Title: "完成时限"}},
				Rows: sheet.Rows([][]any{{"1", "事项", text, "全部", "2099-01-01"}})})
			rows, problems, err := mustRead(t, data).Tasks()
			if err != nil || len(problems) > 0 || rows[0].Duty != strings.TrimSpace(text) {
				t.Errorf("%s: %q came back as %+v, %+v, %v", format, text, rows, problems, err)
			}
		}
	}
}

func TestNoInvisibleSignHidesAFormula(t *testing.T) {
	for _, before := range []string{"\u2003", "\u200E", "\u00AD", "\u2028", "\u0085", "\v", "\uFEFF\u200B ", "\u2060"} {
		data := mustWrite(t, sheet.CSV, sheet.Sheet{Name: "x", Columns: []sheet.Column{{Title: "a"}}, Rows: sheet.Rows([][]any{{before + "=1+1"}})})
		if fields := mustRecords(t, data); !strings.HasPrefix(fields[1][0], "'") {
			t.Errorf("%q", fields[1][0])
		}
	}
}
