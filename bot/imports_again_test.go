package bot_test

import (
	"fmt"
	"strings"
	"testing"

	"duban/internal/cast"
	"duban/store"
)

const (
	firstList = "编号,任务,任务要求,责任部门,完成时限,佐证材料,报送邮箱\n" +
		"DJ-31,报送培训计划,按模板报送,市第五中学党委,2026-12-04,文件,a@example.edu\n" +
		"DJ-32,开展谈心谈话,每名党员一次,实验小学党委,2026-12-11,无,\n" +
		"DJ-33,整理档案,归档成册,实验小学党委,2026-12-18,无,\n"
	secondList = "编号,任务,任务要求,责任部门,完成时限,佐证材料,报送邮箱\n" +
		"DJ-31,报送年度培训计划,按模板报送,市第五中学党委,2026-12-09,照片2,a@example.edu\n" +
		"DJ-32,开展谈心谈话,每名党员一次,实验小学党委,2026-12-11,无,\n"
)

func TestAListThatComesAgainShowsTheDifferenceAndWhatIsMissing(t *testing.T) {
	inBoth(t, "import_difference", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		s.tg.Mark()
		s.send(admin, "任务清单.csv", firstList)
		s.press(admin, say("导入", "Import"))
		s.send(admin, "任务清单(1).csv", secondList)
		s.press(admin, say("并撤销未列", "cancel the 1 item"))
		if countOpen(t, s, "DJ-33") != 1 {
			t.Error("it was cancelled before it was confirmed")
		}
		s.press(admin, say("确认导入", "Import now"))
		if countOpen(t, s, "DJ-33") != 0 {
			t.Error("what the list no longer has is still there")
		}
	})
}

func countOpen(t *testing.T, s *stage, code string) int {
	t.Helper()
	n := 0
	cast.Read(t, s.desk, func(tx *store.Tx) error {
		task, err := tx.TaskByCode(code)
		if err != nil {
			return err
		}
		all, err := tx.AssignmentsOf(task.ID)
		n = 0
		for _, a := range all {
			if a.State.Open() {
				n++
			}
		}
		return err
	})
	return n
}

func TestAnImportIsUndoneFromItsMessage(t *testing.T) {
	inBoth(t, "import_undo", func(s *stage, say tongue) {
		admin, officer, other := s.join("LM"), s.join("WF"), s.join("ZM")
		s.speak(admin, officer, other)
		s.tg.Mark()
		s.send(admin, "任务清单.csv", goodTasks)
		s.press(admin, say("导入", "Import"))
		s.press(other, say("签收", "Sign"))
		s.press(officer, say("上报完成", "Report done"))
		s.send(officer, "培训计划.docx", "计划")
		s.press(admin, say("撤销本次导入", "Undo this import"))
		s.press(admin, say("确认撤销", "Undo"))
		if countOpen(t, s, "DJ-11") != 1 || countOpen(t, s, "DJ-12") != 0 {
			t.Error("what was reported went, or what was only signed for stayed")
		}
		s.send(admin, "任务清单.csv", goodTasks)
		s.press(admin, say("导入", "Import"))
		if countOpen(t, s, "DJ-12") != 1 {
			t.Error("the list cannot be imported anew")
		}
	})
}

const rosterOfTwo = "单位名称,上级,联系方式,姓名,职务,工号\n" +
	"市第五中学党委,滨江市教育行业党委,19900000004,赵刚,党委书记,ZG\n" +
	"市第五中学党委,,19900000025,王 芳,党建专干,WF2\n"

func TestEqualNamesAndPeopleWhoAreGoneAreAskedAbout(t *testing.T) {
	inBoth(t, "import_people", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		s.issue(openDay)
		s.tg.Mark()
		s.send(admin, "名册.csv", rosterOfTwo)
		s.press(admin, say("并结束未列", "end the posts"))
		s.press(admin, say("确认导入", "Import now"))
		s.press(admin, say("撤销本次导入", "Undo this import"))
		s.press(admin, say("确认撤销", "Undo"))
	})
}

func TestALongListTellsHowFarItIs(t *testing.T) {
	inTongues(t, func(s *stage, say tongue) {
		admin := s.join("LM")
		s.speak(admin)
		var list strings.Builder
		list.WriteString("编号,事项,责任要求,责任单位,完成时限\n")
		for i := range 600 {
			fmt.Fprintf(&list, "L-%04d,第%d项工作,按照通知要求逐项落实，形成自查表和问题清单，并报送佐证材料,市第五中学党委,2026-12-%02d\n", i, i, 1+i%28)
		}
		s.tg.Mark()
		s.send(admin, "年度清单.csv", list.String())
		s.press(admin, say("导入", "Import"))
		if countTasks(s.t, s, "L-0000", "L-0599") != 2 {
			s.t.Error("the list was not imported")
		}
		s.chat("import_long", admin)
	})
}
