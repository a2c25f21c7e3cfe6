package work_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/work"
)

// staffOf is a roster of so many officers of a school.
func staffOf(school string, n int) []work.RosterRow {
	var rows []work.RosterRow
	for i := range n {
		rows = append(rows, work.RosterRow{
			Line: i + 2, Unit: school, Name: fmt.Sprint("专干", i), Role: duban.Officer, Code: fmt.Sprintf("%s-%04d", school, i),
		})
	}
	return rows
}

func TestARosterWhoseImportWasCutShortSaysWhatIsIn(t *testing.T) {
	d := cast.Open(t)
	rows := staffOf("实验小学党委", 1200)
	take := func(rows []work.RosterRow, o work.ImportOptions) work.ImportResult {
		t.Helper()
		result, err := d.ImportRoster(ctx, duban.Console, rows, o)
		if err != nil || len(result.Problems) > 0 {
			t.Fatal(result.Problems, err)
		}
		return result
	}
	stopping, stop := context.WithCancel(ctx)
	stopped, err := d.ImportRoster(stopping, duban.Console, rows, work.ImportOptions{File: "名册.xlsx", Chunk: 50, Tell: func(stage work.ImportStage, done, _ int) {
		if stage == work.Taking && done >= 500 {
			stop()
		}
	}})
	if !errors.Is(err, context.Canceled) || stopped.Cut.Import == 0 || stopped.Cut.Rows < 500 {
		t.Fatalf("%+v %v", stopped.Cut, err)
	}
	dry := take(rows, work.ImportOptions{DryRun: true, File: "名册(1).xlsx"})
	if dry.Cut != stopped.Cut || dry.Unchanged != stopped.Cut.Rows {
		t.Errorf("the roster again says %+v, %d unchanged, and %+v were in", dry.Cut, dry.Unchanged, stopped.Cut)
	}
	if other := take(staffOf("市第五中学党委", 3), work.ImportOptions{DryRun: true, File: "名册.xlsx"}); other.Cut != (work.CutShort{}) {
		t.Errorf("the roster of another school: %+v", other.Cut)
	}
	rest := take(rows, work.ImportOptions{File: "名册(1).xlsx", Chunk: 50})
	if rest.New != 1200-stopped.Cut.Rows || rest.Cut != stopped.Cut {
		t.Errorf("the rest is %d new, %+v", rest.New, rest.Cut)
	}
	if after := take(rows, work.ImportOptions{DryRun: true, File: "名册.xlsx"}); after.Cut != (work.CutShort{}) {
		t.Errorf("once it is complete: %+v", after.Cut)
	}
}
