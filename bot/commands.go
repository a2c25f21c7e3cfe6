package bot

import (
	"strings"

	"duban"
	"duban/text"
)

// command is one line of the table of commands: its name, who may, and what it does. What it is for stands in the catalogue under
// "command.<name>". The table also feeds the menus of Telegram and /help.
type command struct {
	name  string
	right duban.Action // empty: everyone who has joined
	run   func(*visit, string) error
}

// commands returns the table. It is a function because /help is in it and reads it.
func commands() []command {
	return []command{
		{"tasks", "", (*visit).showTasks},
		{"done", "", (*visit).saysDone},
		{"review", duban.ActReview, (*visit).showReview},
		{"progress", duban.ActSee, (*visit).showProgress},
		{"me", "", (*visit).showMe},
		{"overdue", duban.ActUrge, (*visit).showOverdue},
		{"task", duban.ActIssue, (*visit).beginTask},
		{"plan", duban.ActIssue, (*visit).showPlan},
		{"announce", duban.ActAnnounce, (*visit).beginAnnounce},
		{"people", duban.ActInvite, (*visit).showPeople},
		{"import", duban.ActImport, (*visit).askForFile},
		{"export", duban.ActExport, (*visit).beginExport},
		{"record", duban.ActRecord, (*visit).showRecord},
		{"calendar", duban.ActImport, (*visit).showCalendar},
		{"notices", duban.ActNotice3, (*visit).showNotices},
		{"assess", duban.ActOwnAssess, (*visit).showAssess},
		{"groups", duban.ActInvite, (*visit).showGroups},
		{"away", "", (*visit).showAway},
		{"settings", "", (*visit).showSettings},
		{"feedback", "", (*visit).beginFeedback},
		{"help", "", (*visit).showHelp},
		{"cancel", "", (*visit).cancel},
		{"start", "", (*visit).greetAgain},
	}
}

// command finds the line for what was typed, such as "/tasks" or "/done@duban_bot T-12", and what follows it.
func (v *visit) command(typed string) (command, string, bool) {
	if !strings.HasPrefix(typed, "/") {
		return command{}, "", false
	}
	word, rest, _ := strings.Cut(strings.ReplaceAll(typed, "\n", " "), " ")
	name, _, _ := strings.Cut(strings.ToLower(word[1:]), "@")
	for _, c := range commands() {
		if c.name == name && v.has(c.right) {
			return c, strings.TrimSpace(rest), true
		}
	}
	return command{}, "", false
}

// Menu returns the commands that a person with these posts sees in Telegram's menu, with what each is for.
func CommandMenu(lang text.Lang, posts []duban.Post) [][2]string {
	var menu [][2]string
	for _, c := range commands() {
		if c.name != "start" && (c.right == "" || duban.HasRight(c.right, posts)) {
			menu = append(menu, [2]string{c.name, text.Word(lang, "command."+c.name)})
		}
	}
	return menu
}

func (v *visit) showHelp(string) error {
	lines := []text.HTML{v.text("help.heading"), ""}
	for _, c := range CommandMenu(v.lang, v.posts) {
		lines = append(lines, v.text("help.line", "name", c[0], "what", c[1]))
	}
	lines = append(lines, v.text("help.replies"))
	v.send(Outgoing{Text: text.Join(lines...), Menu: v.menu()})
	return nil
}

// menuKeys are the words of the reply keyboard, with the right that shows each. What it types is a message, which Telegram keeps for a day.
var menuKeys = []struct {
	key   string
	right duban.Action
}{
	{"menu.tasks", ""}, {"menu.accept", ""}, {"menu.submit", ""}, {"menu.progress", ""},
	{"menu.review", duban.ActReview}, {"menu.overview", duban.ActSee}, {"menu.overdue", duban.ActUrge}, {"menu.task", duban.ActIssue}, {"menu.announce", duban.ActAnnounce}, {"menu.people", duban.ActInvite},
}

// menu is the reply keyboard for the visitor's posts.
func (v *visit) menu() *Menu {
	var words []string
	for _, k := range menuKeys {
		if v.has(k.right) {
			words = append(words, v.word(k.key))
		}
	}
	m := &Menu{}
	for len(words) > 0 {
		n := min(4, len(words))
		m.Rows = append(m.Rows, words[:n])
		words = words[n:]
	}
	return m
}

// menuWord runs what a button of the reply keyboard types, in any language.
func (v *visit) menuWord(typed string) (func() error, bool) {
	runs := map[string]func() error{
		"menu.tasks":    func() error { return v.showTasks("") },
		"menu.accept":   func() error { return v.chooseFor("accept") },
		"menu.submit":   func() error { return v.chooseFor("submit") },
		"menu.progress": func() error { return v.chooseFor("progress") },
		"menu.review":   func() error { return v.showReview("") },
		"menu.overview": func() error { return v.showProgress("") },
		"menu.overdue":  func() error { return v.showOverdue("") },
		"menu.task":     func() error { return v.showIssued(0) },
		"menu.announce": func() error { return v.beginAnnounce("") },
		"menu.people":   func() error { return v.showPeople("") },
	}
	for _, k := range menuKeys {
		for _, lang := range text.Langs {
			if typed == text.Word(lang, k.key) && v.has(k.right) {
				return runs[k.key], true
			}
		}
	}
	return nil, false
}

func (v *visit) cancel(string) error {
	if v.dialog.Name == "" {
		v.say("cancel.nothing")
		return nil
	}
	if v.dialog.Name == "task" {
		return v.cancelTask()
	}
	if err := v.end(); err != nil {
		return err
	}
	v.say("cancel.done")
	return nil
}

func (v *visit) greetAgain(payload string) error {
	if open, ok := v.fromGroup(payload); ok {
		return open()
	}
	v.send(Outgoing{Text: v.text("greeting.again", "name", v.person.Name), Menu: v.menu()})
	return nil
}

// pressMe greets somebody who has joined and presses 是我 once more.
func (v *visit) pressMe(call) error { return v.greetAgain("") }
