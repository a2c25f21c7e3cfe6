package main

import (
	"context"
	"io"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/app"
	"duban/work"
)

// openRound opens the assessment of this year, as an administrator does in the chat.
func (s *shell) openRound() {
	s.tb.Helper()
	c := &cli{out: io.Discard, problems: io.Discard, environ: s.environ, config: s.path("config.yaml")}
	err := c.open(context.Background(), func(office *app.Office) error {
		now := time.Now()
		until := office.Desk.WindowEnd(now, duban.ObjectWithin)
		_, err := office.Desk.OpenAssessment(context.Background(), duban.Console, work.Opening{Year: office.Desk.Calendar.Today(now).Year, Until: until})
		return err
	})
	if err != nil {
		s.tb.Fatal(err)
	}
}

func TestThePointsOfAnAssessmentAreImportedFromAFile(t *testing.T) {
	s := mustOffice(t)
	const list = "单位,年终考核,述职评议,依据\n滨江市第一中学党委,91.5,90分,考评组评分\n"
	file := s.file("points.csv", list)
	if got := s.duban("import", "parts", file); got.code != exitRefused || !strings.Contains(got.problems, "row 2, year: The assessment of "+strconv.Itoa(time.Now().Year())) {
		t.Errorf("before the assessment was opened: %+v", got)
	}
	s.openRound()
	wrong := s.file("wrong.csv", list+"滨江市第二中学党委,101,,考评组评分\n")
	got := s.duban("import", "parts", wrong, "--errors", s.path("out.csv"))
	marked, err := os.ReadFile(s.path("out.csv"))
	if got.code != exitRefused || !strings.Contains(got.problems, "row 3, Year-end review: ") || err != nil || !strings.Contains(string(marked), "问题") {
		t.Errorf("%+v\n%s %v", got, marked, err)
	}
	if out := s.must("import", "parts", file, "--dry-run"); !strings.HasPrefix(out, "1 new, 0 changed, 0 unchanged") || !strings.Contains(out, "not in the file and stay") {
		t.Errorf("the dry run says\n%s", out)
	}
	if out := s.must("import", "parts", file); !strings.HasPrefix(out, "1 new, 0 changed, 0 unchanged") || !strings.Contains(out, "Imported") {
		t.Errorf("it says\n%s", out)
	}
	if out := s.must("import", "parts", file); !strings.HasPrefix(out, "0 new, 0 changed, 1 unchanged") {
		t.Errorf("again it says\n%s", out)
	}
	if got := s.duban("import", "parts", example("tasks.xlsx")); got.code != exitRefused || !strings.Contains(got.problems, "年终考核") {
		t.Errorf("a list of tasks: %+v", got)
	}
}
