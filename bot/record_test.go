package bot_test

import (
	"testing"
	"time"
)

func TestTheRecordIsReadByFiltersAndTakenAwayAsASpreadsheet(t *testing.T) {
	inBoth(t, "record", func(s *stage, say tongue) {
		admin, officer := s.join("LM"), s.join("WF")
		s.speak(admin, officer)
		for _, row := range three {
			s.issue(row)
		}
		s.reply(officer, "DJ-12", say("收到", "got it"))
		s.tg.Mark()
		s.say(admin, "/record")
		s.press(admin, say("办理", "Work"))
		s.press(admin, say("本月", "month"))
		s.press(admin, say("选单位", "Unit"))
		s.press(admin, "市第五中学党委")
		s.press(admin, say("清除条件", "Clear"))
		s.say(admin, "/record DJ-12")
		s.press(admin, say("其他期间", "Other days"))
		s.say(admin, "/record "+say("11月1日至11月30日 市第五中学党委", "2026-11-01 2026-11-30 市第五中学党委"))
		s.press(admin, say("导出表格", "Spreadsheet"))
		s.wait(5 * time.Second)
		s.say(admin, "/record "+say("10月", "2026-10"))
		s.say(admin, "/record "+say("2月30日", "2026-02-30"))
		s.say(admin, "/record 王芳 "+say("上月", "lastmonth"))
		s.say(admin, "/record 王芳")
		s.press(admin, say("导出表格", "Spreadsheet"))
		s.wait(5 * time.Second)
		s.say(admin, "/record 没有这个")
		s.say(officer, "/record")
	})
}
