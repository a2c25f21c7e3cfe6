package bot_test

import (
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
)

// TestAReturnKeepsWhatWasWrongAndAssessmentGoesByIt gives back by a button, by the words of a button, and by words of one's own.
func TestAReturnKeepsWhatWasWrongAndAssessmentGoesByIt(t *testing.T) {
	for _, c := range []struct {
		name  string
		back  func(s *stage, admin *sim.Person)
		fault duban.Fault
	}{
		{"a button", func(s *stage, admin *sim.Person) { s.tap(admin, "材料不全") }, duban.FaultIncomplete},
		{"the words of a button", func(s *stage, admin *sim.Person) { s.say(admin, "格式不规范") }, duban.FaultFormat},
		{"the words of a button in another language", func(s *stage, admin *sim.Person) { s.say(admin, "Wrong format") }, duban.FaultFormat},
		{"other words", func(s *stage, admin *sim.Person) { s.say(admin, "第二页缺日期") }, duban.OtherFault},
	} {
		t.Run(c.name, func(t *testing.T) {
			play(t, func(s *stage) {
				admin, officer := s.join("LM"), s.join("WF")
				a := s.issue(note)[0]
				s.hands(officer, "DJ-06", "已完成，组织学习两次")
				s.tap(admin, "退回")
				c.back(s, admin)
				s.settle()
				cast.Read(t, s.desk, func(tx *store.Tx) error {
					sub, err := tx.LastReturned(a.ID)
					if err != nil || sub.Fault != c.fault {
						t.Errorf("kept as %q, %v", sub.Fault, err)
					}
					entries, err := tx.RecordOf(a.ID)
					for _, e := range entries {
						if said, _ := e.Facts["fault"].(string); e.Event == duban.EventReturned && said != string(c.fault) {
							t.Errorf("recorded as %q", said)
						}
					}
					return err
				})
			})
		})
	}
}
