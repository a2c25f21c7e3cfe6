package bot

import (
	"strings"

	"duban"
	"duban/text"
)

// levelWord names a notice by its level: 催办单, 通报单 …
func (p *page) levelWord(level int) string { return p.word("notice.level." + itoa(level)) }

// noticeText returns the text of a notice: what somebody has written, else what the facts say.
func (p *page) noticeText(e duban.Escalation, it item) (string, error) {
	if e.Body != "" {
		return e.Body, nil
	}
	return p.factsFor(e.Level, it)
}

// factsFor writes a notice of a level from the facts, in the language of the organisation, whoever reads it: item, unit and owner, the deadline and by
// how much it is missed, when it was urged, extensions, the last progress, and what is asked for.
func (p *page) factsFor(level int, it item) (string, error) {
	official := *p
	official.lang = p.Lang
	return official.facts(level, it)
}

func (p *page) facts(level int, it item) (string, error) {
	entries, err := p.tx.RecordOf(it.ID)
	if err != nil {
		return "", err
	}
	lines := []string{
		p.word("notice.body_to", "unit", it.Unit.Name),
		p.word("notice.body_item", "title", p.title(it), "code", it.Task.Code, "owner", it.Owner.Name, "due", p.due(it.Assignment)),
		p.urgedLine(entries),
	}
	if it.Extensions > 0 {
		lines = append(lines, p.word("notice.body_extensions", "n", it.Extensions))
	}
	lines = append(lines, p.progressLine(entries, it))
	if level > duban.FirstDraft {
		lines = append(lines, p.word("notice.body_unanswered", "level", p.levelWord(level-1)))
	}
	return strings.Join(append(lines, p.word("notice.body_asks."+itoa(level), "n", duban.RespondWithin[level])), "\n"), nil
}

// urgesNamed is how many urges a notice names by their days, newest last.
const urgesNamed = 5

// urgedLine says how often the unit was urged, and when.
func (p *page) urgedLine(entries []duban.Entry) string {
	var days []string
	n := 0
	for _, e := range entries {
		if e.Event != duban.EventUrged {
			continue
		}
		n++
		if day := p.local(e.At).Format("01-02"); len(days) == 0 || days[len(days)-1] != day {
			days = append(days, day)
		}
	}
	if n == 0 {
		return p.word("notice.body_not_urged")
	}
	return p.word("notice.body_urged", "n", n, "days", strings.Join(days[max(0, len(days)-urgesNamed):], p.word("notice.and")))
}

// progressLine says what was last reported. Of an internal item only when.
func (p *page) progressLine(entries []duban.Entry, it item) string {
	for i := len(entries) - 1; i >= 0; i-- {
		e := entries[i]
		if e.Event != duban.EventProgress {
			continue
		}
		if e.Note == "" || it.Task.Internal {
			return p.word("notice.body_progress_percent", "at", p.moment(e.At), "n", it.Percent)
		}
		return p.word("notice.body_progress", "at", p.moment(e.At), "text", shorten(e.Note, 100))
	}
	return p.word("notice.body_no_progress")
}

// escalationLine says in advance what comes to whom when the item is late, by the ladder as it was when it was issued, and what has come already.
func (p *page) escalationLine(it item) text.HTML {
	policy, err := p.Desk.PolicyFor(p.tx, it.Assignment)
	if err != nil {
		return ""
	}
	var steps []string
	for _, step := range policy.Path(it.Assignment, p.Desk.Calendar) {
		steps = append(steps, p.pathStep(step))
	}
	if len(steps) == 0 {
		return ""
	}
	line := p.text("card.path", "steps", strings.Join(steps, p.word("notice.then")))
	if it.Level >= duban.FirstDraft && !it.RespondBy.IsZero() {
		line = text.Join(p.text("card.respond", "level", p.levelWord(it.Level), "at", p.dayAndClock(it.RespondBy)), line)
	}
	return line
}

func (p *page) pathStep(step duban.PathStep) string {
	level := p.levelWord(step.Level)
	switch {
	case step.Issued:
		return p.word("notice.path_issued", "level", level)
	case step.At.IsZero():
		return level
	}
	at := p.moment(step.At)
	if step.ByDays {
		at = p.local(step.At).Format("01-02")
	}
	if step.Level < duban.FirstDraft {
		return p.word("notice.path_at", "at", at, "level", level)
	}
	return p.word("notice.path_draft", "at", at, "level", level)
}
