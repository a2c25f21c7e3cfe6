package bot_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"duban/text"
)

// guides are the pages for those who use the bot, one for each language.
var guides = map[text.Lang]string{text.ZH: "../docs/staff.zh-CN.md", text.EN: "../docs/staff.md"}

func mustReadGuide(t *testing.T, lang text.Lang) string {
	t.Helper()
	data, err := os.ReadFile(guides[lang])
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestTheGuideNamesCommandsThatThereAre(t *testing.T) {
	named := regexp.MustCompile("`/([a-z]+)`")
	for lang := range guides {
		for _, found := range named.FindAllStringSubmatch(mustReadGuide(t, lang), -1) {
			if !text.Has("command."+found[1]) && found[1] != "bind" { // which is typed in a group
				t.Errorf("%s names the command /%s", guides[lang], found[1])
			}
		}
	}
}

func TestTheGuideNamesButtonsAsTheyAreCalled(t *testing.T) {
	keys := []string{
		"button.accept", "button.submit", "button.progress", "button.extend", "button.decline", "button.ask", "button.withdraw", "button.object",
		"button.me", "button.not_me", "button.agree", "button.pass", "button.return", "import.button_import",
	}
	for lang := range guides {
		guide := mustReadGuide(t, lang)
		for _, key := range keys {
			if word := text.Word(lang, key); !strings.Contains(guide, word) {
				t.Errorf("%s does not name the button %q", guides[lang], word)
			}
		}
	}
}

// TestWhatTheGuideSaysIsUnderstood says to a card each sentence that the guide quotes in its table of what to do.
func TestWhatTheGuideSaysIsUnderstood(t *testing.T) {
	quoted := regexp.MustCompile(`[“"]([^“”"]+)[”"]`)
	for lang := range guides {
		_, table, _ := strings.Cut(mustReadGuide(t, lang), "|---|---|---|\n")
		table, _, _ = strings.Cut(table, "\n\n")
		rows := strings.Split(table, "\n")
		if len(rows) < 7 {
			t.Fatalf("the table of %s has %d rows", guides[lang], len(rows))
		}
		for _, row := range rows[:5] { // the others are free text and a button
			for _, said := range quoted.FindAllStringSubmatch(row, -1) {
				t.Run(said[1], func(t *testing.T) {
					isUnderstood(t, lang, strings.NewReplacer("……", "人手不足", "…", "people are ill").Replace(said[1]))
				})
			}
		}
	}
}

func isUnderstood(t *testing.T, lang text.Lang, said string) {
	play(t, func(s *stage) {
		officer := s.join("WF")
		if lang == text.EN {
			s.english(officer)
		}
		s.issue(summary)
		before := len(officer.Messages())
		s.reply(officer, "DJ-01", said)
		for _, m := range officer.Messages()[before:] {
			for _, key := range []string{"reply.unclear", "reply.meant_as"} {
				if begin, _, _ := strings.Cut(text.Word(lang, key), "{"); strings.HasPrefix(m.Body(), begin) {
					t.Errorf("%q is answered with %q", said, m.Body())
				}
			}
		}
	})
}
