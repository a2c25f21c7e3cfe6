package bot_test

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// link finds the invitation in a message.
func link(t *testing.T, m *sim.Message) string {
	t.Helper()
	found := regexp.MustCompile(`https://t\.me/\S+`).FindString(m.Body())
	if found == "" {
		t.Fatalf("no link in %q", m.Body())
	}
	return found
}

func TestPeopleAreShownByUnitAndInvited(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.tg.Mark()
		s.say(admin, "/people")
		s.press(admin, "市第五中学党委")
		s.press(admin, "王芳")
		s.press(admin, "邀请")
		officer := s.person("WF")
		if err := officer.OpenLink(link(t, s.find(admin, "王芳："))); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.press(officer, "是我")
		s.say(admin, "/people WF")
		s.press(admin, "解绑")
		s.press(admin, "不解绑")
		s.press(admin, "解绑")
		s.press(admin, "确认解绑")
		s.press(admin, "市第五中学党委")
		s.press(admin, "邀请本单位未加入")
		s.press(admin, "上级单位")
		s.chat("people", admin)
	})
}

func TestWhoIsUnbindedLearnsItAndCanComeBack(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.say(admin, "/people 王芳")
		s.press(admin, "解绑")
		s.press(admin, "确认解绑")
		if officer.Find("已解除绑定") == nil {
			t.Error("the officer was not told")
		}
		s.press(admin, "邀请")
		if err := officer.OpenLink(link(t, s.find(admin, "王芳："))); err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.press(officer, "是我")
		s.say(admin, "/people 王芳")
		if admin.Find("✅ 已加入") == nil {
			t.Errorf("the officer is not shown as joined:\n%s", admin.Last().Body())
		}
	})
}

func TestWhoBlocksTheBotIsShownAsUnreachable(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		officer.Block()
		s.settle()
		s.say(admin, "/people 王芳")
		if !strings.Contains(admin.Last().Body(), "无法联系（对方已停用本助手）") {
			t.Errorf("the card says %q", admin.Last().Body())
		}
	})
}

func TestManyInvitationsComeAsAFile(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		var rows []work.RosterRow
		for i := range 20 {
			rows = append(rows, work.RosterRow{
				Line: i + 2, Unit: "第三小学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: "教师" + string(rune('甲'+i)),
				Role: duban.BranchSecretary, Code: "T" + string(rune('A'+i)),
			})
		}
		if _, err := s.desk.ImportRoster(context.Background(), duban.Console, rows, work.ImportOptions{}); err != nil {
			t.Fatal(err)
		}
		s.say(admin, "/people 第三小学党委")
		s.press(admin, "邀请本单位未加入")
		m := admin.Last()
		if m.Document == nil || m.Document.FileName != "邀请链接.csv" {
			t.Fatalf("the answer is %q", m.Body())
		}
		file, _ := s.tg.File(m.Document.FileID)
		content := string(file.Data)
		if n := strings.Count(content, "https://t.me/"); n != 20 {
			t.Errorf("the file has %d links, want 20", n)
		}
		s.wait(time.Second)
	})
}

func TestNobodyButAnAdministratorLooksAtPeople(t *testing.T) {
	play(t, func(s *stage) {
		secretary := s.join("ZG")
		before := countInvitations(t, s)
		s.say(secretary, "/people")
		m := secretary.Last()
		for _, data := range []string{"people:1", "people:2", "person:5", "invite:5:person", "invite:2:unit", "revoke:1", "revoke:1:yes"} {
			secretary.PressData(m, data)
			s.settle()
		}
		if after := countInvitations(t, s); after != before {
			t.Error("somebody without the right has invited")
		}
		if said := s.tg.Transcript(secretary); strings.Contains(said, "已加入 ") || strings.Contains(said, "工号") {
			t.Errorf("somebody without the right has seen people:\n%s", said)
		}
	})
}

func countInvitations(t *testing.T, s *stage) int {
	t.Helper()
	n := 0
	cast.Read(t, s.desk, func(tx *store.Tx) error {
		n = 0
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			if e.Event == duban.EventInvited || e.Event == duban.EventRevoked {
				n++
			}
			return nil
		})
	})
	return n
}
