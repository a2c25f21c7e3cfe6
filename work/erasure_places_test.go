package work_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// mustNotHold fails where any table still holds one of the words.
func mustNotHold(t *testing.T, d *work.Desk, words ...string) {
	t.Helper()
	everywhere(t, d, func(place, value string) {
		for _, word := range words {
			if strings.Contains(value, word) && place != "record.hash" && place != "record.prev" {
				t.Errorf("%s still holds %q: %.200q", place, word, value)
			}
		}
	})
}

func TestAnErasureTakesWhatThePersonSaidOutOfTheLettersOfOthers(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	all := everyone(t, d)
	row := work.TaskRow{Code: "DJ-1", Title: "报送总结", Duty: "按模板报送", Units: "市第五中学党委", Due: "2099-12-04", Evidence: duban.Evidence{Kind: duban.TextEvidence}, Review: true}
	item := cast.Issue(t, d, all["LM"], row)[0]
	row.Code, row.Units = "DJ-2", "实验小学党委"
	another := cast.Issue(t, d, all["HJ"], row)[0]
	said := map[string]string{"ZM": "机密甲", "ZG": "机密乙", "LM": "机密丙", "CGD": "机密丁"}
	_, err := d.Ask(ctx, all["ZM"], another.ID, said["ZM"])
	mustDo(t, err)
	_, err = d.Urge(ctx, all["ZG"], item.ID, said["ZG"])
	mustDo(t, err)
	mustDo(t, d.Answer(ctx, all["LM"], item.ID, all["WF"].PersonID, said["LM"]))
	_, err = d.Suspend(ctx, all["CGD"], item.ID, said["CGD"])
	mustDo(t, err)
	for code, words := range said {
		_, err := d.Erase(ctx, duban.Console, code, "已删除人员#"+code)
		mustDo(t, err)
		mustNotHold(t, d, words)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		_, err := tx.Audit()
		return err
	})
}

func TestAnErasureTakesTheNumberAtTelegramAlsoWhereItWasNotedBeforeJoining(t *testing.T) {
	ctx := context.Background()
	const chat = 5550001234
	d := cast.Open(t)
	if _, err := d.OpenInvitation(ctx, duban.System, chat, "no such secret"); duban.CodeOf(err) != duban.LinkInvalid {
		t.Fatalf("a wrong link: %v", err)
	}
	mustDo(t, d.PressDenied(ctx, work.Stranger, chat, "", duban.NotBound))
	officer := cast.Join(t, d, "WF", chat)
	mustDo(t, d.PressDenied(ctx, officer, chat, "accept", duban.NotAllowed))
	done, err := d.Erase(ctx, duban.Console, "WF", "已删除人员#1")
	mustDo(t, err)
	mustNotHold(t, d, fmt.Sprint(chat), "王芳")
	cast.Read(t, d, func(tx *store.Tx) error {
		if found, err := tx.Audit(); err != nil || found.Erased != done.Notes {
			t.Errorf("the record: %+v, %v", found, err)
		}
		return nil
	})
}

func TestErasingSomebodyWhoseNameHasSignsOfAPatternLeavesTheOthersAlone(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	result, err := d.ImportRoster(ctx, duban.Console, []work.RosterRow{
		{Line: 2, Unit: "实验小学党委", Kind: duban.SchoolCommittee, Parent: "滨江市教育行业党委", Name: "请_快", Role: duban.Officer, Code: "P1"},
	}, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		t.Fatal(err, result.Problems)
	}
	officer := cast.Join(t, d, "WF", 5)
	mustDo(t, d.Feedback(ctx, officer, "请尽快答复"))
	_, err = d.Erase(ctx, duban.Console, "P1", "已删除人员#1")
	mustDo(t, err)
	kept := false
	everywhere(t, d, func(place, value string) { kept = kept || place == "record_note.note" && value == "请尽快答复" })
	if !kept {
		t.Error("the note of somebody else is gone")
	}
}

func TestErasingTheSamePersonTwiceTakesNothingFromOthers(t *testing.T) {
	ctx := context.Background()
	d := cast.Open(t)
	officer := cast.Join(t, d, "ZM", 5)
	mustDo(t, d.Feedback(ctx, officer, "党委的表太多"))
	_, err := d.Erase(ctx, duban.Console, "WF", "党委")
	mustDo(t, err)
	_, err = d.Erase(ctx, duban.Console, fmt.Sprintf("erased#%d", cast.Person(t, d, "erased#5").ID), "#9")
	if duban.CodeOf(err) != duban.AlreadyDone {
		t.Errorf("erased twice: %v", err)
	}
	kept := false
	everywhere(t, d, func(place, value string) { kept = kept || place == "record_note.note" && value == "党委的表太多" })
	if !kept {
		t.Error("the note of somebody else is gone")
	}
}
