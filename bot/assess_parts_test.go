package bot_test

import (
	"bytes"
	"testing"

	"github.com/xuri/excelize/v2"

	"duban/sim"
)

// document is the file that somebody was sent last.
func (s *stage) document(p *sim.Person) (name string, data []byte) {
	s.t.Helper()
	d := p.Last().Document
	if d == nil {
		s.t.Fatalf("there is no file:\n%s", s.tg.Transcript(p))
	}
	file, _ := s.tg.File(d.FileID)
	return d.FileName, file.Data
}

// fill writes into cells of a workbook.
func fill(t *testing.T, data []byte, cells map[string]any) string {
	t.Helper()
	file, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	for at, value := range cells {
		if err := file.SetCellValue(file.GetSheetName(0), at, value); err != nil {
			t.Fatal(err)
		}
	}
	out, err := file.WriteToBuffer()
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestPointsAreEnteredBySendingTheSheetBack(t *testing.T) {
	inBoth(t, "assess_parts", func(s *stage, say tongue) {
		s.schoolYear()
		s.settle()
		admin := s.join("LM")
		s.speak(admin)
		s.say(admin, "/assess 2026")
		s.press(admin, "2026")
		s.press(admin, say("启动自查", "Open the self-check"))
		s.tg.Mark()
		s.press(admin, say("分值表", "Sheet of points"))
		name, form := s.document(admin)
		group := say("考评组评分", "by the group")
		s.send(admin, name, fill(t, form, map[string]any{
			"C4": 90.5, "D4": 88, "E4": "91分", "F4": 6, "H4": group, "I4": say("省级表彰", "a prize"), "C5": 92, "H5": group, "C6": "优秀", "H6": group,
		}))
		_, back := s.document(admin)
		s.send(admin, name, fill(t, back, map[string]any{"F4": 2, "C6": 93}))
		s.press(admin, say("导入", "Import"))
		s.say(admin, "/assess 2026")
		s.press(admin, say("分值表", "Sheet of points"))
		_, filled := s.document(admin)
		s.send(admin, name, string(filled))
		s.send(admin, name, fill(t, filled, map[string]any{"C4": 91, "F4": "", "D5": 85, "C6": ""}))
		s.press(admin, say("导入", "Import"))
		s.press(admin, say("撤销本次导入", "Undo this import"))
		s.press(admin, say("确认撤销", "Undo"))
		s.say(admin, "/assess 2026")
		s.press(admin, say("逐单位查看", "Units"))
		s.press(admin, "1")
	})
}
