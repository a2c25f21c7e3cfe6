package bot_test

import (
	"strings"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
)

const (
	goodTasks = "编号,事项,责任要求,责任单位,完成时限,佐证要求,是否审核\n" +
		"DJ-11,报送培训计划,按模板报送,市第五中学党委,2026-12-04,文件,是\n" +
		"DJ-12,开展谈心谈话,每名党员一次,实验小学党委,2026-12-11,无,否\n"
	mixedTasks = "编号,事项,责任要求,责任单位,完成时限\n" +
		"DJ-21,报送培训计划,按模板报送,市第五中学党委,2026-12-04\n" +
		"DJ-22,开展谈心谈话,每名党员一次,第九中学党委,2026-12-11\n" +
		"DJ-23,整理档案,归档成册,实验小学党委,尽快\n"
	newRoster = "单位,上级单位,单位类型,姓名,职务,手机号,工号\n" +
		"第三小学党委,滨江市教育行业党委,学校党委,吴燕,党建专干,19900000021,WY\n"
)

func (s *stage) send(p *sim.Person, name, content string) {
	p.Document(name, []byte(content), "")
	s.settle()
}

func countTasks(t *testing.T, s *stage, codes ...string) int {
	t.Helper()
	n := 0
	cast.Read(t, s.desk, func(tx *store.Tx) error {
		n = 0
		for _, code := range codes {
			_, err := tx.TaskByCode(code)
			switch {
			case err == nil:
				n++
			case duban.CodeOf(err) != duban.NotFound:
				return err
			}
		}
		return nil
	})
	return n
}

func TestATaskListIsTriedFirstAndImportedWhenToldSo(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.tg.Mark()
		s.send(admin, "任务清单.csv", goodTasks)
		if countTasks(t, s, "DJ-11", "DJ-12") != 0 {
			t.Error("the dry run has imported")
		}
		s.press(admin, "导入")
		if countTasks(t, s, "DJ-11", "DJ-12") != 2 {
			t.Error("the items were not imported")
		}
		if officer.Find("DJ-11") == nil {
			t.Error("the card has not arrived")
		}
		s.send(admin, "任务清单.csv", goodTasks)
		s.chat("import_tasks", admin)
	})
}

func TestWrongRowsComeBackAndTheRightOnesCanBeImported(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.tg.Mark()
		s.send(admin, "清单.csv", mixedTasks)
		back := admin.Last()
		if back.Document == nil {
			t.Fatalf("the file has not come back:\n%s", s.tg.Transcript(admin))
		}
		file, _ := s.tg.File(back.Document.FileID)
		content := string(file.Data)
		if !strings.Contains(content, "问题") || !strings.Contains(content, "第九中学党委") {
			t.Errorf("the file says\n%s", content)
		}
		s.press(admin, "只导入正确的")
		if n := countTasks(t, s, "DJ-21", "DJ-22", "DJ-23"); n != 1 {
			t.Errorf("%d items were imported, want 1", n)
		}
		s.chat("import_wrong", admin)
	})
}

func TestARosterIsImportedByMessageToo(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.tg.Mark()
		s.say(admin, "/import")
		s.send(admin, "名册.csv", newRoster)
		s.say(admin, "导入")
		s.chat("import_roster", admin)
	})
}

func TestAFileThatIsNoListIsRefusedWithWhatToDo(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.tg.Mark()
		s.send(admin, "旧表.xls", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on")
		s.send(admin, "其他.csv", "甲,乙\n1,2\n")
		s.send(admin, "空.xlsx", "PK\x03\x04 broken")
		s.say(admin, "/import")
		s.send(admin, "说明.pdf", "%PDF-1.7 text")
		admin.HugeDocument("大表.xlsx", duban.MaxFile+1, "")
		s.settle()
		s.chat("import_refused", admin)
	})
}

func TestAButtonOfAnEarlierFileImportsNothing(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.send(admin, "一.csv", goodTasks)
		first := admin.Last()
		s.send(admin, "二.csv", newRoster)
		if err := admin.PressOn(first, "导入"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		if countTasks(t, s, "DJ-11", "DJ-12") != 0 {
			t.Error("the button of an earlier file has imported")
		}
		s.press(admin, "取消")
		s.press(admin, "导入")
		if countTasks(t, s, "DJ-11", "DJ-12") != 0 {
			t.Error("a button has imported after the import was left")
		}
	})
}

func TestAFileOfAnOfficerIsNoImport(t *testing.T) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		s.send(officer, "任务清单.csv", goodTasks)
		if officer.Find("试读") != nil {
			t.Errorf("an officer was offered an import:\n%s", s.tg.Transcript(officer))
		}
	})
}

func TestImportingTwiceImportsOnce(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.send(admin, "任务清单.csv", goodTasks)
		if err := admin.PressTwice("导入"); err != nil {
			t.Fatal(err)
		}
		s.settle()
		cards := 0
		for _, m := range officer.Messages() {
			if strings.Contains(m.Body(), "DJ-11") {
				cards++
			}
		}
		if cards != 1 {
			t.Errorf("there are %d cards, want 1", cards)
		}
	})
}
