package bot_test

import (
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
)

func TestEvidenceIsCollectedOverSeveralMessagesAndBegunAnew(t *testing.T) {
	storyInBoth(t, "evidence", func(s *stage, _, officer *sim.Person, in tongue) {
		s.issue(scene)
		s.tg.Mark()
		s.tap(officer, in("上报完成", "Report done"))
		s.photo(officer, "一")
		s.photo(officer, "一")
		s.tap(officer, in("重来", "Start over"))
		s.photo(officer, "二")
		s.tap(officer, in("补充", "Add more"))
		s.photo(officer, "三")
		s.photo(officer, "四")
		officer.Document("签到表.xlsx", []byte("签到"), "")
		s.settle()
		s.say(officer, in("活动室布置情况见照片", "The photos show how the room is furnished"))
		s.say(officer, in("补充", "add more"))
		s.tap(officer, in("上报", "Report"))
	})
}

func TestThreePhotosInTwoAlbumsAreOneSubmission(t *testing.T) {
	storyInBoth(t, "two_albums", func(s *stage, admin, officer *sim.Person, in tongue) {
		s.issue(scene)
		s.tg.Mark()
		officer.ReplyAlbum(s.find(officer, "DJ-04"), "", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")))
		s.settle()
		officer.Album(in("现场照片", "on site"), sim.PhotoItem([]byte("三")), sim.PhotoItem([]byte("四")))
		s.settle()
		s.wait(time.Minute)
		s.photo(officer, "五")
		s.say(admin, "/review")
	})
}

func TestWhatIsAddedAfterTheReportIsAddedForTenMinutes(t *testing.T) {
	storyInBoth(t, "added", func(s *stage, admin, officer *sim.Person, in tongue) {
		s.issue(summary)
		s.tg.Mark()
		officer.ReplyDocument(s.find(officer, "DJ-01"), "总结.docx", []byte("总结"), "")
		s.settle()
		s.tap(officer, in("补充", "Add more"))
		officer.Document("附件.xlsx", []byte("附件"), "")
		s.settle()
		s.say(officer, in("附件为党员名册", "The attachment is the list of members"))
		s.tap(officer, in("重来", "Start over"))
		officer.Document("总结（定稿）.docx", []byte("定稿"), "")
		s.settle()
		s.wait(11 * time.Minute)
		s.tap(officer, in("补充", "Add more"))
		officer.Document("迟到的附件.xlsx", []byte("迟到"), "")
		s.settle()
		s.say(admin, "/review")
	})
}

func TestWhatCannotBeEvidenceIsRefusedInWords(t *testing.T) {
	storyInBoth(t, "not_evidence", func(s *stage, _, officer *sim.Person, in tongue) {
		s.issue(summary)
		s.issue(secret)
		s.tg.Mark()
		s.tap(officer, in("上报完成", "Report done"))
		officer.HugeDocument("影像.zip", duban.MaxFile+1, "")
		s.settle()
		officer.Sticker("👍")
		s.settle()
		officer.Location(30.2, 120.1)
		s.settle()
		officer.ReplyDocument(s.find(officer, "DJ-05"), "涉密.docx", []byte("涉密"), "")
		s.settle()
		s.reply(officer, "DJ-05", in("已完成，材料已送办公室", "done, the papers are at the office"))
		if n := s.filesOf("DJ-05"); n != 0 {
			s.t.Errorf("%d files are kept of an internal item", n)
		}
	})
}

func TestEvidenceThatWasUsedBeforeOrForwardedIsFlaggedToReviewers(t *testing.T) {
	storyInBoth(t, "flags", func(s *stage, admin, officer *sim.Person, in tongue) {
		other := s.join("ZM")
		rows := summary
		rows.Units = "市第五中学党委、实验小学党委"
		s.issue(rows)
		s.issue(scene)
		s.tg.Mark()
		officer.ReplyDocument(s.find(officer, "DJ-01"), "总结.docx", []byte("同一份总结"), "")
		s.settle()
		s.wait(11 * time.Minute)
		other.ReplyDocument(s.find(other, "DJ-01"), "我校总结.docx", []byte("同一份总结"), "")
		s.settle()
		s.wait(10 * time.Second)
		m := other.Photo([]byte("网络图片"), "")
		s.settle()
		officer.ReplyAlbum(s.find(officer, "DJ-04"), "", sim.PhotoItem([]byte("一")), sim.PhotoItem([]byte("二")))
		s.settle()
		officer.Forward(m)
		s.settle()
		s.wait(10 * time.Second)
		s.say(admin, "/review")
	})
}

func TestOfOtherUnitsAReviewerLearnsOnlyThatTheFileWasUsed(t *testing.T) {
	play(t, func(s *stage) {
		secretary, branch, other := s.join("ZG"), s.join("LY"), s.join("ZM")
		row := summary
		row.Units = "实验小学党委"
		s.issue(row)
		row.Code, row.Units, row.Reviewer = "DJ-09", "高一年级党支部", "赵刚"
		s.issue(row)
		s.tg.Mark()
		other.ReplyDocument(s.find(other, "DJ-01"), "总结.docx", []byte("同一份"), "")
		s.settle()
		branch.ReplyDocument(s.find(branch, "DJ-09"), "支部总结.docx", []byte("同一份"), "")
		s.settle()
		s.wait(10 * time.Second)
		card := s.find(secretary, "DJ-09").Body()
		if !strings.Contains(card, "另有1项其他事项用过同样的材料") || strings.Contains(card, "实验小学") {
			t.Errorf("the secretary reads:\n%s", card)
		}
	})
}

func TestAFileWithWordsThatItIsNotDoneIsKeptAndNotReported(t *testing.T) {
	storyInBoth(t, "not_done_file", func(s *stage, _, officer *sim.Person, in tongue) {
		s.issue(summary)
		s.tg.Mark()
		officer.ReplyDocument(s.find(officer, "DJ-01"), "初稿.docx", []byte("初稿"), in("还没完成，明天下午交，先发初稿", "not done yet, I will send it tomorrow 17:00, this is the draft"))
		s.settle()
		if a := s.assignment("DJ-01"); !a.State.OnUnit() {
			s.t.Errorf("it is %s", a.State)
		}
		s.tap(officer, in("上报", "Report"))
	})
}

func TestVoiceAndFilmsAreFilesAndReachTheReviewer(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(summary)
		s.tg.Mark()
		officer.Voice([]byte("口头报告"))
		s.settle()
		officer.Video("", []byte("会议录像"), "")
		s.settle()
		s.wait(5 * time.Second)
		s.press(admin, "查看佐证（2）")
		kinds := ""
		for _, m := range admin.Messages() {
			switch {
			case m.Voice != nil:
				kinds += "voice "
			case m.Video != nil:
				kinds += "video "
			}
		}
		if !strings.Contains(kinds, "voice") || !strings.Contains(kinds, "video") {
			t.Errorf("the reviewer got %q:\n%s", kinds, s.tg.Transcript(admin))
		}
	})
}

func TestAReviewerDecidesEvenWhenTelegramHasForgottenAFile(t *testing.T) {
	play(t, func(s *stage) {
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(summary)
		s.tg.Break(sim.Fault{Trouble: sim.Answer, Code: 400, Description: "Bad Request: wrong file identifier/HTTP URL specified", Methods: []string{"sendDocument"}})
		officer.ReplyDocument(s.find(officer, "DJ-01"), "总结.docx", []byte("总结"), "")
		s.settle()
		s.press(admin, "通过")
		if a := s.assignment("DJ-01"); a.State != duban.Closed {
			t.Errorf("it is %s", a.State)
		}
	})
}

func (s *stage) photo(p *sim.Person, content string) {
	p.Photo([]byte(content), "")
	s.settle()
}

// filesOf counts the files of all submissions of an item.
func (s *stage) filesOf(code string) int {
	s.t.Helper()
	a, n := s.assignment(code), 0
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		n = 0
		sub, err := tx.LastSubmission(a.ID)
		if duban.CodeOf(err) == duban.NotFound {
			return nil
		}
		if err != nil {
			return err
		}
		files, err := tx.Files(sub.ID)
		n = len(files)
		return err
	})
	return n
}
