package work_test

import (
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/work"
)

// Lists of two offices may both be numbered 1, 2, 3.
func TestACodeThatIsUsedForAnotherItemHasToBeConfirmed(t *testing.T) {
	d := cast.Open(t)
	first := listRow("1", "市第五中学党委", "2030-12-05")
	mustTake(t, d, duban.Console, []work.TaskRow{first}, work.ImportOptions{File: "甲.xlsx"})
	renamed := first
	renamed.Title = "年度总结（修订）"
	if dry := mustTake(t, d, duban.Console, []work.TaskRow{renamed}, work.ImportOptions{DryRun: true}); len(dry.Asked()) > 0 {
		t.Errorf("another title alone: %+v", dry.Asked())
	}
	another := first
	another.Title, another.Duty = "消防检查", "逐楼检查并报送照片"
	dry := mustTake(t, d, duban.Console, []work.TaskRow{another}, work.ImportOptions{DryRun: true, File: "乙.xlsx"})
	if asked := dry.Asked(); len(asked) != 1 || asked[0].Reason != work.CodeReused || asked[0].Value != "1" || asked[0].Arg != "事项1" {
		t.Errorf("asked %+v", dry.Asked())
	}
}
