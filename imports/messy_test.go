package imports_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/imports"
	"duban/internal/cast"
	"duban/sheet"
	"duban/sim/golden"
	"duban/text"
	"duban/work"
)

// Files such as offices send, each a mess of its own kind, with what comes of it: how each row is read, what is wrong and what may have been
// meant, how columns were read, what somebody should look at. It is 25 November 2026.
func TestMessyListsAreReadAsTheyAreMeant(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "sheet", "testdata", "messy", "*"))
	if err != nil || len(names) < 20 {
		t.Fatal(names, err)
	}
	for _, path := range names {
		name := filepath.Base(path)
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			desk := cast.Open(t).Past(time.Date(2026, 11, 25, 9, 0, 0, 0, cast.Shanghai))
			if strings.HasPrefix(name, "parts_") {
				openRound(t, desk)
			}
			golden.Check(t, "messy/"+strings.TrimSuffix(name, filepath.Ext(name)), outcomeOf(t, desk, name, data))
		})
	}
}

func outcomeOf(t *testing.T, desk *work.Desk, name string, data []byte) string {
	t.Helper()
	var out strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&out, format+"\n", args...) }
	list, err := imports.Open(name, data, "")
	if err != nil {
		sentence, known := imports.Refusal(text.ZH, err)
		if !known {
			t.Fatal(err)
		}
		say("不予读取：%s", sentence)
		return out.String()
	}
	rowsOf(t, say, list.Kind, name, data)
	done, err := list.Import(context.Background(), desk, duban.Console, work.ImportOptions{DryRun: true})
	if err != nil {
		t.Fatal(err)
	}
	say("新增 %d　变更 %d　未变 %d　错误 %d　可导入 %d　交办 %d", done.New, done.Changed, done.Unchanged, done.WrongRows, done.Right, done.Issued)
	for _, g := range list.Guessed {
		say("“%s”按“%s”读取", g.Title, g.Shown)
	}
	if len(list.Unread) > 0 {
		say("未读取：%s", strings.Join(list.Unread, "、"))
	}
	for _, c := range done.Wrong {
		say("第%d行“%s”：%s", c.Line, c.Heading(text.ZH), c.In(text.ZH))
		if meant := c.Meant(text.ZH); meant != "" {
			say("　建议：%s", meant)
		}
	}
	for _, c := range done.ToLookAt() {
		say("提示 第%d行：%s", c.Line, c.In(text.ZH))
	}
	for _, d := range done.Differences(text.ZH) {
		say("变更 第%d行 %s：%s", d.Line, d.Of, d.What)
	}
	if back, err := done.Annotated("", text.ZH); err != nil {
		t.Error(err)
	} else if _, err := imports.Open(name, back, list.Kind); err != nil {
		if _, known := errors.AsType[*sheet.Refusal](err); !known {
			t.Errorf("what came back cannot be read: %v", err)
		}
	}
	return out.String()
}

// rowsOf writes how each row was read.
func rowsOf(t *testing.T, say func(string, ...any), kind sheet.Kind, name string, data []byte) {
	t.Helper()
	book, err := sheet.Open(name, data)
	if err != nil {
		t.Fatal(err)
	}
	if kind == sheet.KindRoster {
		rows, _, err := book.Roster()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			say("%d: %s｜%s｜%s｜%s｜%s｜%s｜%s｜%s", r.Line, r.Unit, r.Parent, r.Kind, r.Region, r.Name, r.Role, r.Phone, r.Code)
		}
		return
	}
	if kind == sheet.KindParts {
		rows, _, err := book.Parts()
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			say("%d: %d｜%s｜%v", r.Line, r.Year, r.Unit, r.Parts)
		}
		return
	}
	rows, _, err := book.Tasks()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		review := "-"
		if r.Review != nil {
			review = fmt.Sprint(*r.Review)
		}
		line := fmt.Sprintf("%d: %s｜%s｜%s｜%s｜%s｜%s｜%s %d｜%s｜%s", r.Line, r.Code, short(r.Title), short(r.Duty), r.Units, r.Owner, r.Due, r.Evidence, r.Photos, review, r.Priority)
		if r.Supports+r.Completion+r.Milestones != "" {
			line += fmt.Sprintf("｜%s｜%s｜%s", r.Supports, r.Completion, r.Milestones)
		}
		say("%s", line)
	}
}

func short(s string) string {
	if runes := []rune(s); len(runes) > 30 {
		s = string(runes[:30]) + "…"
	}
	return strings.ReplaceAll(s, "\n", "⏎")
}
