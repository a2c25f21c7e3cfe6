package bot_test

import (
	"strings"
	"testing"
	"time"

	"duban"
	"duban/store"
)

func TestTwoAdministratorsEraseSomebodysDataTogether(t *testing.T) {
	inBoth(t, "erasure", func(s *stage, say tongue) {
		admin, second, officer := s.join("LM"), s.join("HJ"), s.join("WF")
		s.speak(admin, second, officer)
		s.issue(summary)
		s.reply(officer, "DJ-01", say("收到", "got it"))
		s.say(officer, "/feedback")
		s.say(officer, say("我是王芳，电话19900000005", "this is Wang Fang, telephone 19900000005"))
		s.wait(5 * time.Second)
		s.tg.Mark()
		s.say(admin, "/people WF")
		s.press(admin, say("删除个人信息", "Erase personal data"))
		s.press(admin, say("提交另一位管理员确认", "Ask another administrator"))
		s.wait(5 * time.Second)
		s.press(second, say("同意删除", "Agree"))
		s.press(second, say("返回", "Back"))
		s.press(second, say("同意删除", "Agree"))
		s.press(second, say("确认删除", "Erase for good"))
		s.wait(5 * time.Second)
		s.say(officer, "/tasks")
		s.say(admin, "/record")
		s.press(admin, say("人员", "People"))
		err := s.desk.Store.Read(s.t.Context(), func(tx *store.Tx) error {
			if _, err := tx.Audit(); err != nil {
				return err
			}
			return tx.EveryEntryOf(store.RecordFilter{Scope: store.RecordScope{All: true}}, func(e duban.Entry) error {
				if strings.Contains(e.Note, "1990") || strings.Contains(e.Note, "王芳") {
					t.Errorf("entry %d still says %q", e.Seq, e.Note)
				}
				return nil
			})
		})
		if err != nil {
			t.Errorf("the record: %v", err)
		}
	})
}

func TestASecondAdministratorRefusesAndOneAloneIsSentToTheConsole(t *testing.T) {
	inBoth(t, "erasure_refused", func(s *stage, say tongue) {
		admin, second := s.join("LM"), s.join("HJ")
		s.speak(admin, second)
		s.tg.Mark()
		s.say(admin, "/people WF")
		s.press(admin, say("删除个人信息", "Erase personal data"))
		s.press(admin, say("不删除", "Do not erase"))
		s.press(admin, say("删除个人信息", "Erase personal data"))
		s.press(admin, say("提交另一位管理员确认", "Ask another administrator"))
		s.wait(5 * time.Second)
		s.press(second, say("不同意", "Refuse"))
		s.wait(5 * time.Second)
		s.say(admin, "/people HJ")
		s.press(admin, say("删除个人信息", "Erase personal data"))
	})
}
