package bot_test

import (
	"regexp"
	"testing"

	"duban"
	"duban/store"
)

// TestTheHeadOfTheRecordIsOneMessageAMonth lets a week pass. What the chat keeps is what verifying compares later.
func TestTheHeadOfTheRecordIsOneMessageAMonth(t *testing.T) {
	told := regexp.MustCompile(`\d+:[0-9A-F]{4}-[0-9A-F]{4}`)
	play(t, func(s *stage) {
		s.headTold("")
		admin, officer := s.join("LM"), s.join("WF")
		s.issue(summary)
		s.until("2026-11-27 09:30")
		s.until("2026-11-28 09:30")
		s.until("2026-12-01 09:30")
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
		if messages != 2 || len(kept) < 5 {
			t.Fatalf("told %v in %d messages, want one message for November and one for December", kept, messages)
		}
		for _, m := range officer.Messages() {
			if told.MatchString(m.Body()) {
				t.Errorf("the officer is told %q", m.Body())
			}
		}
		err := s.desk.Store.Read(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Audit(kept...)
			return err
		})
		if err != nil {
			t.Errorf("the record no longer holds what was told of it: %v", err)
		}
	})
}
