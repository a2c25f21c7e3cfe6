package bot_test

import (
	"context"
	"database/sql"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/bot"
	"duban/calendar"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// offered is a button as somebody has seen it on a message.
type offered struct {
	who         *sim.Person
	on          sim.Message
	label, data string
}

func (o offered) verb() string { verb, _, _ := strings.Cut(o.data, ":"); return verb }

// kind is what a button is, whichever item it is about.
func (o offered) kind() string {
	return o.who.Name() + o.verb() + ":" + digits.ReplaceAllString(strings.Join(strings.Split(o.data, ":")[2:], ":"), "#")
}

var digits = regexp.MustCompile(`[0-9]+`)

// buttonsOf lists the buttons of messages.
func buttonsOf(p *sim.Person, messages []sim.Message) (all []offered) {
	for _, m := range messages {
		if m.ReplyMarkup == nil {
			continue
		}
		for _, row := range m.ReplyMarkup.Rows {
			for _, b := range row {
				if b.CallbackData != "" {
					all = append(all, offered{p, m, b.Text, b.CallbackData})
				}
			}
		}
	}
	return all
}

// explore presses every kind of button that stands in a chat once, the newest first, and what comes of that.
func (s *stage) explore(people ...*sim.Person) {
	s.t.Helper()
	pressed := map[string]bool{}
	for range 400 {
		next, found := offered{}, false
		for _, p := range people {
			for _, o := range slices.Backward(buttonsOf(p, p.Messages())) {
				if _, begins := bot.BeginsAnew[o.verb()]; !found && !pressed[o.kind()] && (!begins || o.verb() == "person" || o.verb() == "card" || o.verb() == "annitem") {
					next, found = o, true
				}
			}
		}
		if !found {
			return
		}
		pressed[next.kind()] = true
		next.who.PressData(&next.on, next.data)
		s.settle()
	}
}

// everSeen lists each decision that somebody was offered, on the message where it was seen last.
func everSeen(s *stage, people ...*sim.Person) (all []offered) {
	for _, p := range people {
		seen := map[string]bool{}
		var messages []sim.Message
		for _, e := range s.tg.Events(p.ID(), sim.Sent, sim.Edited) {
			messages = append(messages, e.Message)
		}
		for _, o := range slices.Backward(buttonsOf(p, messages)) {
			if _, begins := bot.BeginsAnew[o.verb()]; !begins && !seen[o.data] {
				seen[o.data] = true
				all = append(all, o)
			}
		}
	}
	return all
}

// overtaken is a scene in which people are offered decisions.
type overtaken struct {
	name   string
	people []string
	scene  func(s *stage, people []*sim.Person)
}

var overtakenScenes = []overtaken{
	{"items", []string{"LM", "HJ", "CGD", "ZG", "WF"}, func(s *stage, people []*sim.Person) {
		s.manyItems(9)
		s.reply(people[4], "CS-02", "已完成，情况属实")
		for n, p := range people {
			s.say(p, fmt.Sprintf("CS-%02d", n+3))
		}
		s.explore(people...)
		for _, a := range s.unfinished() {
			_, _ = s.desk.Submit(context.Background(), duban.Console, a.ID, work.Report{Text: "已完成，情况属实"}) // what is declined or suspended is not
		}
		s.settle()
		s.say(people[0], "/review")
		s.explore(people...)
	}},
	{"requests", []string{"LM", "HJ", "CGD", "ZG", "WF"}, func(s *stage, people []*sim.Person) {
		ctx := context.Background()
		for n, a := range s.manyItems(8) {
			switch n % 4 {
			case 0, 1:
				due := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 16}}
				if r, err := s.desk.AskExtension(ctx, s.actor("WF"), a.ID, due, "材料尚未收齐"); err == nil && n%4 == 1 {
					_, _ = s.desk.Agree(ctx, s.actor("ZG"), r.ID)
				}
			case 2:
				_, _ = s.desk.Decline(ctx, s.actor("WF"), a.ID, "不属本单位职责")
			default:
				_, _ = s.desk.Decline(ctx, s.actor("ZG"), a.ID, "不属本单位职责")
			}
			s.settle()
		}
		s.explore(people...)
	}},
	{"erasures", []string{"LM", "HJ", "WF"}, func(s *stage, people []*sim.Person) {
		admin, second := people[0], people[1]
		s.say(admin, "/people WF")
		s.press(admin, "删除个人信息")
		s.press(admin, "提交另一位管理员确认")
		s.press(second, "同意删除")
		s.press(second, "确认删除")
		s.wait(time.Minute)
	}},
	{"announcements", []string{"LM", "HJ", "ZG", "WF"}, func(s *stage, people []*sim.Person) {
		g := s.tg.NewGroup("五中党建群", people[0], people[3])
		s.bind(people[0], g.As(people[0]), "市第五中学党委")
		s.announce(people[0], "关于召开会议的通知", "已阅")
		s.press(people[0], "确认发送")
		s.wait(time.Minute)
		s.explore(people...)
		s.say(people[0], "/announce")
		s.say(people[0], "关于报送名单的通知")
		s.explore(people...)
		s.desk.Policy.SecondAdminAbove = 1
		s.announce(people[0], "关于培训的通知", "已阅")
		s.press(people[0], "确认发送")
		s.explore(people...)
	}},
	{"drawn up", []string{"LM", "HJ", "CGD", "ZG", "WF", "LY"}, func(s *stage, people []*sim.Person) {
		s.say(people[0], "/task 报送年度总结 @各学校党委 12月11日前 需文件")
		s.say(people[4], "/task 整理活动记录 @高一年级党支部 12月11日前")
		s.tap(people[4], "送审")
		s.say(people[0], "/task 报送活动情况 @各学校党委 每周五前")
		s.explore(people...)
		s.say(people[0], "/plan")
		s.explore(people...)
	}},
	{"notices", []string{"LM", "HJ", "CGD", "ZG", "WF"}, func(s *stage, people []*sim.Person) {
		for _, a := range s.manyItems(0, late, dues) {
			if _, err := s.desk.Accept(context.Background(), duban.Console, a.ID); err != nil {
				s.t.Fatal(err)
			}
		}
		s.mornings("2026-11-24", "2026-11-25", "2026-11-26")
		s.explore(people...)
	}},
	{"assessment", []string{"LM", "CGD", "ZG", "ZM"}, func(s *stage, people []*sim.Person) {
		s.schoolYear()
		s.settle()
		s.say(people[0], "/assess")
		s.explore(people...)
	}},
}

// manyItems issues items that are reported in words and reviewed, and others, to one school.
func (s *stage) manyItems(n int, others ...work.TaskRow) (all []duban.Assignment) {
	s.t.Helper()
	for i := range n {
		others = append(others, work.TaskRow{
			Code: fmt.Sprintf("CS-%02d", i), Title: fmt.Sprintf("报送情况%02d", i), Duty: "按要求报送情况", Units: "市第五中学党委", Due: "2026-12-11",
			Evidence: duban.Evidence{Kind: duban.TextEvidence}, Review: true, Milestones: "方案制定:12-04:30%",
		})
	}
	for _, row := range others {
		all = append(all, s.issue(row)...)
	}
	return all
}

// unfinished lists the assignments that are not over.
func (s *stage) unfinished() (all []duban.Assignment) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		return tx.EveryAssignment(time.Time{}, time.Time{}, func(a duban.Assignment) error {
			if !a.State.Done() && a.State != duban.CalledOff {
				all = append(all, a)
			}
			return nil
		})
	})
	return all
}

// endAll lets everything be over: items are cancelled or archived, with them requests and notices, announcements called back, drafts and groups gone.
func (s *stage) endAll(people []*sim.Person) {
	s.t.Helper()
	ctx := context.Background()
	over := func(err error) {
		s.t.Helper()
		if code := duban.CodeOf(err); err != nil && code != duban.AlreadyDone && code != duban.WrongState && code != duban.NothingToDo && code != duban.NotFound && code != duban.TooLate {
			s.t.Fatal(err)
		}
	}
	var everything []duban.Assignment
	var said []duban.Announcement
	var groups []duban.Group
	var planned []duban.PlanItem
	var reports []duban.Report
	drafts := map[int64][]store.Draft{}
	cast.Read(s.t, s.desk, func(tx *store.Tx) (err error) {
		pending, err := tx.NewestTasks(100)
		if err != nil {
			return err
		}
		for _, task := range pending {
			of, err := tx.AssignmentsOf(task.ID)
			if err != nil {
				return err
			}
			everything = append(everything, of...)
		}
		if said, err = tx.Announcements(100); err != nil {
			return err
		}
		if groups, err = tx.BoundGroups(); err != nil {
			return err
		}
		if planned, err = tx.PlanItems(); err != nil {
			return err
		}
		if reports, err = tx.ReportDrafts(); err != nil {
			return err
		}
		for _, row := range cast.Roster {
			p, err := tx.PersonByCode(row.Code)
			if err != nil {
				continue // erased
			}
			if drafts[p.ID], err = tx.Drafts(p.ID, 100); err != nil {
				return err
			}
		}
		return nil
	})
	for _, a := range everything {
		_, err := s.desk.Cancel(ctx, duban.Console, a.ID, "工作已取消")
		over(err)
		_, err = s.desk.Archive(ctx, duban.Console, a.ID)
		over(err)
	}
	for _, n := range said {
		_, err := s.desk.RecallAnnouncement(ctx, duban.Console, n.ID)
		over(err)
		_, err = s.desk.StopAnnouncement(ctx, duban.Console, n.ID)
		over(err)
	}
	for _, g := range groups {
		_, err := s.desk.UnbindGroup(ctx, duban.Console, g.ID)
		over(err)
	}
	for _, item := range planned {
		over(s.desk.EndPlan(ctx, duban.Console, item.ID))
	}
	for _, r := range reports {
		over(s.desk.DropReport(ctx, duban.Console, r.ID, "不再需要"))
	}
	for person, all := range drafts {
		for _, d := range all {
			over(s.desk.DropDraft(ctx, duban.Actor{PersonID: person, Via: duban.ViaChat}, d.ID))
		}
	}
	for _, p := range people {
		s.say(p, "/cancel")
	}
	s.wait(time.Minute)
}

// stands is all that is kept of the office's business.
func (s *stage) stands() map[string]string {
	s.t.Helper()
	db, err := sql.Open("sqlite", s.desk.Store.Path())
	if err != nil {
		s.t.Fatal(err)
	}
	defer db.Close()
	rows := func(query string) (all []string) {
		found, err := db.Query(query)
		if err != nil {
			s.t.Fatal(err)
		}
		defer found.Close()
		names, _ := found.Columns()
		for found.Next() {
			values := make([]any, len(names))
			for i := range values {
				values[i] = new(any)
			}
			if err := found.Scan(values...); err != nil {
				s.t.Fatal(err)
			}
			line := ""
			for i, v := range values {
				line += fmt.Sprintf("%s=%v ", names[i], *v.(*any))
			}
			all = append(all, line)
		}
		return all
	}
	kept := map[string]string{}
	for _, line := range rows(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`) {
		table := strings.TrimSuffix(strings.TrimPrefix(line, "name="), " ")
		if !slices.Contains(notBusiness, table) {
			kept[table] = strings.Join(rows(`SELECT * FROM `+table), "\n")
		}
	}
	kept["record"] = strings.Join(rows(`SELECT seq, event FROM record WHERE event NOT IN ('denied', 'delivered', 'delivery_failed')`), "\n")
	return kept
}

// notBusiness are tables that change with every message.
var notBusiness = []string{"meta", "inbox", "outbox", "message", "card", "dialog", "denial", "stranger", "board", "record", "record_note", "record_head", "goose_db_version"}

// notOffered are decisions that no scene above brings up.
var notOffered = strings.Fields(`report urgepage draftdue draftto asksure urgetask limit annresume unimport giveto correct sure part`)

// TestADecisionThatIsOvertakenSaysSoAndChangesNothing presses every decision that was ever offered once all of it is over.
func TestADecisionThatIsOvertakenSaysSoAndChangesNothing(t *testing.T) {
	tried := map[string]bool{}
	for _, o := range overtakenScenes {
		t.Run(o.name, func(t *testing.T) {
			play(t, func(s *stage) {
				var people []*sim.Person
				for _, code := range o.people {
					people = append(people, s.join(code))
				}
				o.scene(s, people)
				s.endAll(people)
				for _, old := range everSeen(s, people...) {
					if strings.Contains(old.data, ":start") { // the self-check of a year that was not opened
						continue
					}
					tried[old.verb()] = true
					s.pressOvertaken(old)
				}
			})
		})
	}
	if testing.Short() {
		return // not every scene was played
	}
	for _, verb := range bot.ButtonVerbs() {
		_, begins := bot.BeginsAnew[verb]
		if known := begins || slices.Contains(notOffered, verb); known == tried[verb] {
			t.Errorf("%s: offered in a scene %t, in a list of those that are not %t", verb, tried[verb], known)
		}
	}
}

// newIn lists the lines that were not there before.
func newIn(before, after string) string {
	had := strings.Split(before, "\n")
	return strings.Join(slices.DeleteFunc(strings.Split(after, "\n"), func(line string) bool { return slices.Contains(had, line) }), "; ")
}

func (s *stage) pressOvertaken(old offered) {
	s.t.Helper()
	before, heard := s.stands(), len(s.tg.Events(old.who.ID(), sim.Sent, sim.Edited, sim.Answered))
	old.who.PressData(&old.on, old.data)
	s.settle()
	for table, rows := range s.stands() {
		if rows != before[table] {
			s.t.Errorf("%s presses %s (%s) when it is over, and %s changes: %s", old.who.Name(), old.data, old.label, table, newIn(before[table], rows))
		}
	}
	answers := s.tg.Events(old.who.ID(), sim.Sent, sim.Edited, sim.Answered)[heard:]
	if !slices.ContainsFunc(answers, func(e sim.Event) bool { return e.Kind != sim.Answered || e.Text != "" }) {
		s.t.Errorf("%s presses %s (%s) when it is over, and hears nothing", old.who.Name(), old.data, old.label)
	}
}
