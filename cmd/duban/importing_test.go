package main

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

const (
	firstTasks = "编号,任务,责任要求,责任单位,完成时限\n" +
		"CLI-1,报送计划,按模板报送,滨江市第一中学党委,2030-12-04\nCLI-2,整理档案,归档成册,滨江市第一中学党委,2030-12-11\nCLI-3,谈心谈话,每人一次,滨江市第一中学党委,2030-12-18\n"
	laterTasks = "编号,任务,责任要求,责任单位,完成时限\n" +
		"CLI-1,报送年度计划,按模板报送,滨江市第一中学党委,2030-12-09\nCLI-3,谈心谈话,每人一次,滨江市第一中学党委,2030-12-18\n"
)

func TestAnImportShowsTheDifferenceAndIsUndoneByItsNumber(t *testing.T) {
	s := mustOffice(t)
	file := s.path("list.csv")
	put := func(content string) {
		t.Helper()
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(firstTasks)
	s.must("import", "tasks", file)
	put(laterTasks)
	out := s.must("import", "tasks", file)
	for _, want := range []string{"“任务” was read as “事项”", "title: 报送计划 → 报送年度计划", "→ Mon 2030-12-09", "CLI-2 整理档案"} {
		if !strings.Contains(out, want) {
			t.Errorf("%q is missing from\n%s", want, out)
		}
	}
	number := regexp.MustCompile(`--undo (\d+)`).FindStringSubmatch(out)
	if number == nil {
		t.Fatalf("there is no number:\n%s", out)
	}
	if undone := s.must("import", "--undo", number[1]); !strings.Contains(undone, "2 changes reversed") {
		t.Errorf("undone: %s", undone)
	}
	put(firstTasks)
	if again := s.must("import", "tasks", file); !strings.HasPrefix(again, "0 new, 0 changed, 3 unchanged") {
		t.Errorf("after it was undone: %s", again)
	}
	if got := s.duban("import", "--undo", number[1]); got.code != exitRefused {
		t.Errorf("undone twice: %+v", got)
	}
	if got := s.duban("import", "tasks", file, "--undo", number[1]); got.code != exitUsage {
		t.Errorf("a file and --undo: %+v", got)
	}
}
