package bot_test

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// file is the newest file that somebody got, opened.
func (s *stage) file(p *sim.Person) (*excelize.File, string) {
	s.t.Helper()
	messages := p.Messages()
	for i := len(messages) - 1; i >= 0; i-- {
		if d := messages[i].Document; d != nil {
			content, _ := s.tg.File(d.FileID)
			book, err := excelize.OpenReader(bytes.NewReader(content.Data))
			if err != nil {
				s.t.Fatal(err)
			}
			s.t.Cleanup(func() { book.Close() })
			return book, d.FileName
		}
	}
	s.t.Fatalf("%s got no file:\n%s", p.Name(), s.tg.Transcript(p))
	return nil, ""
}

// wantRows checks how many rows a sheet of the newest file has, the headings counted too.
func (s *stage) wantRows(p *sim.Person, name, sheet string, want int) {
	s.t.Helper()
	book, file := s.file(p)
	rows, err := book.GetRows(sheet)
	if err != nil || len(rows) != want || file != name {
		s.t.Errorf("%s has %d rows, want %d of %s: %v", file, len(rows), want, name, err)
	}
}

// twoTasks issues one task that is due this month and one that is due next year.
func (s *stage) twoTasks() {
	s.issue(work.TaskRow{Line: 2, Code: "DJ-31", Title: "报送培训计划", Duty: "按模板报送", Units: "市第五中学党委", Due: "2026-11-27"})
	s.issue(work.TaskRow{Line: 3, Code: "DJ-32", Title: "上年度述职材料", Duty: "涉密要求", Units: "school_committee", Due: "2027-01-15", Internal: true})
}

func TestTablesAreChosenByButtonsAndComeAsFiles(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.twoTasks()
		s.tg.Mark()
		s.say(admin, "/export")
		s.press(admin, "台账")
		s.press(admin, "本月")
		s.wantRows(admin, "台账_滨江市教育行业党委_2026-11-23.xlsx", "台账", 2)
		s.say(admin, "/export")
		s.press(admin, "完成矩阵")
		s.press(admin, "全部")
		s.wantRows(admin, "完成矩阵_滨江市教育行业党委_2026-11-23.xlsx", "完成矩阵", 3)
		s.say(admin, "/export")
		s.press(admin, "名册")
		s.wantRows(admin, "名册_滨江市教育行业党委_2026-11-23.xlsx", "名册", 1+len(cast.Roster))
		s.say(admin, "/export 任务清单 全部 第五中学")
		s.wantRows(admin, "任务清单_市第五中学党委_2026-11-23.xlsx", "市第五中学党委", 6)
		s.chat("export", admin)
	})
}

func TestTablesAreAskedForInEnglishToo(t *testing.T) {
	play(t, func(s *stage) {
		leader := s.join("CGD")
		s.twoTasks()
		s.say(leader, "/settings")
		s.press(leader, "English")
		s.tg.Mark()
		s.say(leader, "/export")
		s.press(leader, "Task lists")
		s.press(leader, "This year")
		s.wantRows(leader, "Tasklists_滨江市教育行业党委_2026-11-23.xlsx", "市第五中学党委", 5)
		s.say(leader, "/export")
		s.say(leader, "record")
		s.say(leader, "This month")
		s.say(leader, "/export nothing of the kind")
		s.chat("export_en", leader)
		book, _ := s.file(leader)
		if rows, err := book.GetRows("Record"); err != nil || len(rows) < 10 {
			t.Errorf("the record has %d rows: %v", len(rows), err)
		}
	})
}

func TestReceiptsAreChosenByAnnouncement(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.join("WF")
		s.say(admin, "/export 回执")
		s.find(admin, "还没有公告")
		s.announce(admin, "培训通知", "已阅")
		s.press(admin, "确认发送")
		s.wait(time.Minute)
		s.tg.Mark()
		s.say(admin, "/export 回执")
		s.press(admin, "培训通知")
		s.wantRows(admin, "回执_滨江市教育行业党委_2026-11-23.xlsx", "回执", 1+len(cast.Roster))
		s.say(admin, "/export 回执 99")
		s.chat("export_receipts", admin)
	})
}

func TestWhatInternalTasksAreAboutIsNotSent(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.twoTasks()
		for _, table := range []string{"台账", "跟踪记载", "完成矩阵", "任务清单"} {
			s.say(admin, "/export "+table+" 全部")
			book, name := s.file(admin)
			for _, sheet := range book.GetSheetList() {
				rows, err := book.GetRows(sheet)
				if err != nil {
					t.Fatal(err)
				}
				for _, row := range rows {
					if line := strings.Join(row, " "); strings.Contains(line, "述职") || strings.Contains(line, "涉密") {
						t.Errorf("%s tells %s", name, line)
					}
				}
			}
		}
	})
}

func TestWhoMayNotExportGetsNothing(t *testing.T) {
	play(t, func(s *stage) {
		officer, admin := s.join("WF"), s.join("LM")
		s.say(admin, "/export")
		s.say(officer, "/export 台账 全部")
		for _, m := range officer.Messages() {
			if m.Document != nil {
				t.Errorf("an officer got %s", m.Document.FileName)
			}
		}
		s.press(admin, "台账")
		demote(t, s)
		s.press(admin, "全部")
		for _, m := range admin.Messages() {
			if m.Document != nil {
				t.Error("a table came after the right had ended")
			}
		}
	})
}

// demote ends every post of LM.
func demote(t *testing.T, s *stage) {
	t.Helper()
	err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
		person, err := tx.PersonByCode("LM")
		if err != nil {
			return err
		}
		posts, err := tx.Posts(person.ID)
		for _, p := range posts {
			if err := tx.EndPost(p.ID); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnExportIsRecorded(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.say(admin, "/export 名册")
		seen := 0
		cast.Read(t, s.desk, func(tx *store.Tx) error {
			seen = 0
			return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
				if e.Event == duban.EventExported {
					seen++
				}
				return nil
			})
		})
		if seen != 1 {
			t.Errorf("%d exports are recorded, want 1", seen)
		}
	})
}
