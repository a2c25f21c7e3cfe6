package sheet_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"duban/sheet"
)

// seed gives the fuzzer whole files and the bare text of a worksheet.
func seed(f *testing.F, pattern string) {
	f.Helper()
	names, err := filepath.Glob(pattern)
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(rosterHead + "市五中党委,,学校党委,,王芳,专干,1.99E+10,D01\n"))
	f.Add([]byte(tasksHead + "T-01,自查,报告,,全部,,月底前,照片3\n"))
	f.Add([]byte(worksheet(inlineRow(1, "单位", "姓名", "职务", "工号") + inlineRow(2, "市五中党委", "王芳", "专干", "D01"))))
	f.Add([]byte(worksheet(inlineRow(1, "编号", "事项", "责任要求", "责任单位", "完成时限") +
		`<row r="2"><c t="str"><f>A1</f><v>T</v></c><c t="b"><v>1</v></c><c t="e"><v>#REF!</v></c><c/><c><v>46361.5</v></c></row>`)))
}

// asFile puts the text of a worksheet into a workbook and leaves the rest.
func asFile(t *testing.T, data []byte) []byte {
	if !bytes.HasPrefix(data, []byte("<?xml")) {
		return data
	}
	return mustSheet(t, string(data))
}

// refusedOr fails for an error that is not a refusal.
func refusedOr(t *testing.T, err error) bool {
	t.Helper()
	var refusal *sheet.Refusal
	if err != nil && !errors.As(err, &refusal) {
		t.Fatalf("error without a reason: %v", err)
	}
	return err == nil
}

func FuzzRoster(f *testing.F) {
	seed(f, "testdata/*/roster_*")
	seed(f, "testdata/roster_*")
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := sheet.Open("f", asFile(t, data))
		if !refusedOr(t, err) {
			return
		}
		rows, problems, err := book.Roster()
		if !refusedOr(t, err) {
			return
		}
		for _, row := range rows {
			if row.Line < 1 || row.Unit == "" || (row.Name == "") != (row.Role == "") || (row.Name == "") != (row.Code == "") {
				t.Errorf("half a row: %+v", row)
			}
		}
		checkProblems(t, book, problems)
	})
}

func FuzzTasks(f *testing.F) {
	seed(f, "testdata/*/tasks_*")
	seed(f, "testdata/tasks_*")
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := sheet.Open("f", asFile(t, data))
		if !refusedOr(t, err) {
			return
		}
		rows, problems, err := book.Tasks()
		if !refusedOr(t, err) {
			return
		}
		for _, row := range rows {
			if row.Line < 1 || row.Code == "" || row.Title == "" || row.Duty == "" || row.Units == "" || row.Due == "" {
				t.Errorf("half a row: %+v", row)
			}
		}
		checkProblems(t, book, problems)
	})
}

func FuzzParts(f *testing.F) {
	seed(f, "testdata/*/parts_*")
	f.Add([]byte("年度,单位,年终考核,加分,扣分,加分依据,依据\n2026,市五中党委,９０.５分,+2,-1,省级表彰,考评组评分\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		book, err := sheet.Open("f", asFile(t, data))
		if !refusedOr(t, err) {
			return
		}
		rows, problems, err := book.Parts()
		if !refusedOr(t, err) {
			return
		}
		for _, row := range rows {
			if row.Line < 1 || row.Unit == "" || len(row.Parts) == 0 {
				t.Errorf("half a row: %+v", row)
			}
		}
		checkProblems(t, book, problems)
	})
}

// checkProblems holds each problem to its promise and sends the file back.
func checkProblems(t *testing.T, book *sheet.Book, problems []sheet.Problem) {
	t.Helper()
	texts := map[int]string{}
	for _, p := range problems {
		if p.Line < 1 || p.Column == "" || p.Reason == "" {
			t.Errorf("half a problem: %+v", p)
		}
		texts[p.Line] = string(p.Reason)
	}
	// A workbook that we can read may still be one that the library cannot
	// write; that is an error and never a panic.
	if data, err := book.Annotate(sheet.Notes{Problems: texts, Suggestions: texts}); err == nil && book.Format() == sheet.CSV {
		if _, err := sheet.Open("again", data); err != nil {
			t.Errorf("what came back cannot be read: %v", err)
		}
	}
}
