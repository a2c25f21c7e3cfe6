package bot_test

import (
	"regexp"
	"testing"

	"duban"
	"duban/store"
)

// TestTheHeadOfTheRecordIsToldEachWorkingDay lets a week pass. What the chat keeps is what verifying compares later.
func TestTheHeadOfTheRecordIsToldEachWorkingDay(t *testing.T) {
	told := regexp.MustCompile(`\d+:[0-9A-F]{4}-[0-9A-F]{4}`)
	play(t, func(s *stage) {
		s.headTold("")
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(summary)
		for _, day := range []string{"11-24", "11-25", "11-26", "11-27", "11-30", "12-01"} {
			s.skipTo("2026-" + day + " 08:20")
			s.until("2026-" + day + " 08:40")
			s.say(officer, "/feedback")
			s.say(officer, "第"+day+"次")
		}
		var kept []duban.Head
		messages := 0
		for _, m := range admin.Messages() {
			found := told.FindAllString(m.Body(), -1)
			if len(found) == 0 {
				continue
			}
			messages++
			for _, word := range found {
				head, ok := duban.ReadHead(word)
				if !ok {
					t.Fatalf("the administrator is told %q", m.Body())
				}
				kept = append(kept, head)
			}
		}
		if messages != 6 || len(kept) != 6 {
			t.Fatalf("told %v in %d messages, want one on each of six days", kept, messages)
		}
		for _, m := range officer.Messages() {
			if told.MatchString(m.Body()) {
				t.Errorf("the officer is told %q", m.Body())
			}
		}
		err := s.desk.Store.Read(s.t.Context(), func(tx *store.Tx) error {
			_, err := tx.Audit(kept...)
			return err
		})
		if err != nil {
			t.Errorf("the record no longer holds what was told of it: %v", err)
		}
	})
}
