package imports_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/imports"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
	"duban/text"
	"duban/work"
)

func mustOpen(tb testing.TB, name, content string) *imports.List {
	tb.Helper()
	l, err := imports.Open(name, []byte(content), "")
	if err != nil {
		tb.Fatal(err)
	}
	return l
}

func mustImport(tb testing.TB, d *work.Desk, l *imports.List, o work.ImportOptions) imports.Outcome {
	tb.Helper()
	done, err := l.Import(context.Background(), d, duban.Console, o)
	if err != nil {
		tb.Fatal(err)
	}
	return done
}

func TestTheExampleListsAreImportedOnceAndThenUnchanged(t *testing.T) {
	d := cast.Open(t)
	for _, name := range []string{"roster.xlsx", "tasks.csv"} {
		data, err := os.ReadFile(filepath.Join("..", "examples", name))
		if err != nil {
			t.Fatal(err)
		}
		l := mustOpen(t, name, string(data))
		first := mustImport(t, d, l, work.ImportOptions{})
		if !first.Done || first.New == 0 || len(first.Wrong) > 0 {
			t.Fatalf("%s: %+v %+v", name, first.ImportResult, first.Wrong)
		}
		again := mustImport(t, d, l, work.ImportOptions{})
		if again.New+again.Changed != 0 || again.Unchanged == 0 {
			t.Errorf("%s again: %+v", name, again.ImportResult)
		}
	}
}

const mixed = "编号,事项,责任要求,责任单位,完成时限,佐证要求\n" +
	"X-1,报送计划,按模板报送,市第五中学党委,12月31日,文件\n" +
	"X-2,谈心谈话,每人一次,第九中学党委,12月31日,文件\n" +
	"X-3,整理档案,归档成册,实验小学党委,12月31日,盖章\n" +
	",,,,,\n" +
	"X-4,报送总结,按模板报送,实验小学党委,,文件\n"

func TestAWrongRowKeepsTheWholeListOutUnlessTheRestIsWanted(t *testing.T) {
	d := cast.Open(t)
	l := mustOpen(t, "清单.csv", mixed)
	if l.Kind != sheet.KindTasks {
		t.Fatalf("the list was taken for %q", l.Kind)
	}
	all := mustImport(t, d, l, work.ImportOptions{})
	if all.Done || all.WrongRows != 3 || all.Right != 1 {
		t.Errorf("done %v, %d wrong, %d right; want nothing done, 3 and 1", all.Done, all.WrongRows, all.Right)
	}
	rest := mustImport(t, d, l, work.ImportOptions{SkipWrong: true})
	if !rest.Done || rest.New != 1 {
		t.Errorf("done %v, %d new; want the right row", rest.Done, rest.New)
	}
}

func TestTheYearInTheHeadingOfTheDeadlinesDecides(t *testing.T) {
	d := cast.Open(t)
	year := time.Now().Year()
	const rows = "Y-1,报送总结,按模板报送,实验小学党委,12月31日前\nY-2,整理档案,归档成册,实验小学党委,1月1日前\n"
	head := func(year int) string {
		return fmt.Sprintf("编号,事项,责任要求,责任单位,截止（%d年）\n", year)
	}
	past := mustImport(t, d, mustOpen(t, "去年.csv", head(year-1)+rows), work.ImportOptions{DryRun: true})
	if past.New != 0 || len(past.Wrong) != 2 {
		t.Errorf("of last year: %+v %+v", past.ImportResult, past.Wrong)
	}
	mustImport(t, d, mustOpen(t, "后年.csv", head(year+2)+rows), work.ImportOptions{})
	for code, want := range map[string]string{"Y-1": fmt.Sprintf("%d-12-31", year+2), "Y-2": fmt.Sprintf("%d-01-01", year+2)} {
		if due := dueOf(t, d, code); due != want {
			t.Errorf("%s is due %s, want %s", code, due, want)
		}
	}
}

func dueOf(t *testing.T, d *work.Desk, code string) (due string) {
	t.Helper()
	err := d.Store.Read(context.Background(), func(tx *store.Tx) error {
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		if err == nil && len(all) == 1 {
			due = all[0].Due.Date.String()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return due
}

func TestWhatIsWrongComesByLineAndInTheReadersLanguage(t *testing.T) {
	done := mustImport(t, cast.Open(t), mustOpen(t, "清单.csv", mixed), work.ImportOptions{DryRun: true})
	var lines []int
	for _, c := range done.Wrong {
		lines = append(lines, c.Line)
		for _, lang := range text.Langs {
			if said := c.In(lang) + c.Heading(lang); strings.Contains(said, "⟦") || c.In(lang) == "" || c.Heading(lang) == "" {
				t.Errorf("line %d reads %q", c.Line, said)
			}
		}
	}
	if len(lines) != 3 || lines[0] != 3 || lines[1] != 4 || lines[2] != 6 {
		t.Errorf("wrong are lines %v, want 3 4 6", lines)
	}
	back, err := done.Annotated("", text.ZH)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.Split(string(back), "\r\n")
	if !strings.HasSuffix(rows[0], "问题") || !strings.Contains(rows[2], "第九中学党委”") || strings.Contains(rows[1], "请") {
		t.Errorf("the file that comes back is\n%s", back)
	}
}

func TestAFileThatIsNotTakenSaysWhatToDo(t *testing.T) {
	for name, content := range map[string]string{"旧.xls": "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "空.csv": "", "别的.csv": "甲,乙\n1,2\n", "缺列.csv": "编号,事项,责任单位\n1,2,3\n"} {
		_, err := imports.Open(name, []byte(content), "")
		for _, lang := range text.Langs {
			said, ok := imports.Refusal(lang, err)
			if !ok || said == "" || strings.Contains(said, "⟦") {
				t.Errorf("%s: %v reads %q", name, err, said)
			}
		}
	}
	if _, ok := imports.Refusal(text.ZH, context.Canceled); ok {
		t.Error("another error was taken for a refusal")
	}
}
