package work_test

import (
	"context"
	"strings"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
)

func TestErasingAPersonLeavesTheChainWholeAndNoNameBehind(t *testing.T) {
	d := cast.Open(t)
	officer := cast.Join(t, d, "WF", 5)
	if err := d.Feedback(context.Background(), officer, "我的手机号是19900000005"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Erase(context.Background(), officer, "WF", "#4"); duban.CodeOf(err) != duban.NotAllowed {
		t.Errorf("somebody in the chat erased: %v", err)
	}
	done, err := d.Erase(context.Background(), duban.Console, "WF", "#4")
	if err != nil {
		t.Fatal(err)
	}
	if done.Notes == 0 || strings.Contains(done.Person.Name, "王") || done.Person.PhoneTail != "" || done.Person.Active {
		t.Errorf("left: %+v", done)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		found, err := tx.Audit()
		if err != nil || found.Erased != done.Notes {
			t.Errorf("the record: %+v, %v", found, err)
		}
		if _, err := tx.AccountOfTelegram(5); duban.CodeOf(err) != duban.NotFound {
			t.Errorf("the account: %v", err)
		}
		return tx.EveryEntryOf(store.RecordFilter{Scope: store.RecordScope{All: true}, Person: officer.PersonID}, func(e duban.Entry) error {
			if strings.Contains(e.Note, "1990") {
				t.Errorf("entry %d keeps %q", e.Seq, e.Note)
			}
			return nil
		})
	})
}
