package bot_test

import (
	"strings"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// goal is something that somebody wants, with how many taps of his own it may take at most. Typing and choosing a file are no taps.
type goal struct {
	name string
	most int
	who  string // whose taps count, by the code of the cast
	cast []string
	// before sets the scene, and may be nil; by then everybody has joined and nothing counts.
	before func(s *stage, say tongue, people ...*sim.Person)
	story  func(s *stage, say tongue, people ...*sim.Person)
	// reached says what stands in the record once the goal is reached.
	reached duban.Event
}

var goals = []goal{
	{"sign", 1, "WF", []string{"WF"}, issued(summary), presses("签收", "Sign"), duban.EventAccepted},
	{"done without evidence", 1, "WF", []string{"WF"}, issued(dues), presses("上报完成", "Report done"), duban.EventClosed},
	{"done by a word", 1, "WF", []string{"WF"}, issued(dues), func(s *stage, say tongue, people ...*sim.Person) {
		s.reply(people[0], "DJ-02", say("已完成", "done"))
		s.press(people[0], say("确认", "Confirm"))
	}, duban.EventClosed},
	{"done with a file by reply", 0, "WF", []string{"WF"}, issued(summary), func(s *stage, _ tongue, people ...*sim.Person) {
		people[0].ReplyDocument(s.find(people[0], "DJ-01"), "summary.docx", []byte("summary"), "")
		s.settle()
	}, duban.EventSubmitted},
	{"done with a file, guided", 2, "WF", []string{"WF"}, issued(summary), func(s *stage, say tongue, people ...*sim.Person) {
		s.press(people[0], say("上报完成", "Report done"))
		people[0].Document("summary.docx", []byte("summary"), "")
		s.settle()
	}, duban.EventSubmitted},
	{"a file without replying, one open item", 0, "WF", []string{"WF"}, issued(summary), func(s *stage, say tongue, people ...*sim.Person) {
		people[0].Document("summary.docx", []byte("summary"), "")
		s.settle()
	}, duban.EventSubmitted},
	{"take back", 1, "WF", []string{"WF"}, func(s *stage, say tongue, people ...*sim.Person) {
		s.issue(dues)
		s.press(people[0], say("上报完成", "Report done"))
	}, presses("撤回", "Take back"), duban.EventWithdrawn},
	{"ask for more time", 3, "WF", []string{"ZG", "WF"}, issued(summary), func(s *stage, say tongue, people ...*sim.Person) {
		s.press(people[1], say("申请延期", "Ask for more time"))
		s.press(people[1], say("+3个工作日", "+3 working days"))
		s.press(people[1], say("材料尚未收齐", "Material still missing"))
	}, duban.EventExtensionAsked},
	{"ask for more time in a sentence", 2, "WF", []string{"ZG", "WF"}, issued(summary), func(s *stage, say tongue, people ...*sim.Person) {
		s.reply(people[1], "DJ-01", say("延期3个工作日，因为材料尚未收齐", "extension 3 working days because material is missing"))
		s.press(people[1], say("确认提交", "Send"))
	}, duban.EventExtensionAsked},
	{"agree to more time", 1, "ZG", []string{"ZG", "WF"}, askedForTime, presses("同意", "Agree"), duban.EventAgreed},
	{"grant more time", 1, "LM", []string{"LM", "WF", "ZG"}, func(s *stage, say tongue, people ...*sim.Person) {
		askedForTime(s, say, people...)
		s.press(people[2], say("同意", "Agree"))
	}, presses("同意", "Agree"), duban.EventExtensionGranted},
	{"accept", 1, "LM", []string{"LM", "WF"}, handedIn, presses("通过", "Accept"), duban.EventClosed},
	{"return", 3, "LM", []string{"LM", "WF"}, handedIn, func(s *stage, say tongue, people ...*sim.Person) {
		s.press(people[0], say("退回", "Return"))
		s.press(people[0], say("材料不全", "Incomplete"))
		s.press(people[0], say("+1个工作日", "+1 working day"))
	}, duban.EventDeadlineChanged},
	{"issue in one line", 1, "LM", []string{"LM"}, nil, func(s *stage, say tongue, people ...*sim.Person) {
		s.say(people[0], say("/task 报送年度总结 @各学校党委 12月5日前 需文件", "/task Yearly report @all schools by 2026-12-05 #file"))
		s.press(people[0], say("交办（", "Issue ("))
	}, duban.EventIssued},
	{"open the card of one of several", 1, "WF", []string{"WF"}, func(s *stage, _ tongue, _ ...*sim.Person) {
		s.issue(summary)
		s.issue(dues)
	}, func(s *stage, say tongue, people ...*sim.Person) {
		s.say(people[0], "/tasks")
		s.press(people[0], "2")
	}, ""},
}

// issued issues an item before the story begins.
func issued(row work.TaskRow) func(*stage, tongue, ...*sim.Person) {
	return func(s *stage, _ tongue, _ ...*sim.Person) { s.issue(row) }
}

// presses is a story of one press of the first person.
func presses(zh, en string) func(*stage, tongue, ...*sim.Person) {
	return func(s *stage, say tongue, people ...*sim.Person) { s.press(people[0], say(zh, en)) }
}

// askedForTime is an item for which the second person has asked for more time.
func askedForTime(s *stage, say tongue, people ...*sim.Person) {
	s.issue(summary)
	s.reply(people[1], "DJ-01", say("延期3个工作日，因为材料尚未收齐", "extension 3 working days because material is missing"))
	s.press(people[1], say("确认提交", "Send"))
}

// handedIn is an item that the second person has reported with a file.
func handedIn(s *stage, _ tongue, people ...*sim.Person) {
	s.issue(summary)
	people[1].ReplyDocument(s.find(people[1], "DJ-01"), "summary.docx", []byte("summary"), "")
	s.settle()
}

func TestEachGoalTakesFewTaps(t *testing.T) {
	for _, g := range goals {
		t.Run(strings.ReplaceAll(g.name, " ", "_"), func(t *testing.T) {
			inTongues(t, func(s *stage, say tongue) { g.reach(s, say) })
		})
	}
}

// reach goes for a goal and counts the taps.
func (g goal) reach(s *stage, say tongue) {
	s.t.Helper()
	people := s.joined(g.cast...)
	if g.before != nil {
		g.before(s, say, people...)
	}
	s.tg.Mark()
	who := s.person(g.who)
	before := len(s.tg.Events(who.ID(), sim.Pressed))
	recorded := s.recorded(g.reached)
	g.story(s, say, people...)
	transcript := inOrder(s.tg.Transcript())
	if n := len(s.tg.Events(who.ID(), sim.Pressed)) - before; n > g.most {
		s.t.Errorf("%d taps, at most %d:\n%s", n, g.most, transcript)
	}
	if g.reached != "" && s.recorded(g.reached) == recorded {
		s.t.Errorf("the goal was not reached:\n%s", transcript)
	}
}

// recorded counts the entries of an event in the record.
func (s *stage) recorded(event duban.Event) (n int) {
	s.t.Helper()
	cast.Read(s.t, s.desk, func(tx *store.Tx) error {
		n = 0
		return tx.EveryEntry(time.Time{}, time.Time{}, func(e duban.Entry) error {
			if e.Event == event {
				n++
			}
			return nil
		})
	})
	return n
}
