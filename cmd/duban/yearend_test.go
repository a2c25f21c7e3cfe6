package main

import (
	"os"
	"strings"
	"testing"
)

func TestTheYearsEndIsOneCommand(t *testing.T) {
	s := mustOffice(t)
	got := s.duban("yearend", "2026", "-o", s.path("packages"))
	if got.code != exitDone || !strings.Contains(got.out, "[1/") {
		t.Fatalf("%d: %s%s", got.code, got.out, got.problems)
	}
	files, err := os.ReadDir(s.path("packages"))
	if err != nil || len(files) < 3 {
		t.Errorf("%v %v", files, err)
	}
	for _, wrong := range [][]string{{"yearend"}, {"yearend", "next", "-o", "x"}, {"yearend", "2026"}, {"yearend", "2026", "2027", "-o", "x"}, {"yearend", "2026", "--write-rules", "x"}} {
		if got := s.duban(wrong...); got.code != exitUsage {
			t.Errorf("%v: %d %s", wrong, got.code, got.problems)
		}
	}
	if got := s.duban("yearend", "2026", "-o", s.path("packages"), "--unit", "没有的学校"); got.code != exitRefused {
		t.Errorf("an unknown unit: %d %s", got.code, got.problems)
	}
	if got := s.duban("yearend", "--write-rules", s.path("rules.yaml")); got.code != exitDone {
		t.Errorf("%d: %s", got.code, got.problems)
	}
	if got := s.duban("yearend", "--write-rules", s.path("rules.yaml")); got.code != exitRefused {
		t.Errorf("rules are written over: %d", got.code)
	}
}
