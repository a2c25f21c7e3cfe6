package bot

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// oneDigit writes a number with one digit behind the point.
func oneDigit(n float64) string { return strconv.FormatFloat(n, 'f', 1, 64) }

// body is the text of a draft: what somebody has written, else what the figures say, in the language of the organisation.
func (r bulletin) body() string {
	if r.Body != "" {
		return r.Body
	}
	official := *r.page
	official.lang = r.Lang
	r.page = &official
	if r.Kind == duban.TaskReport {
		return r.taskBody()
	}
	return r.quarterBody()
}

// digest names in a button what a card said, the text of a draft and what has changed since, so that what is issued is what was seen.
func digest(body, since string) string {
	sum := sha256.Sum256([]byte(body + since))
	return hex.EncodeToString(sum[:4])
}

// missedLess names the units of which the draft of a quarter's report counts more as overdue and not reported than there is by now: whoever issues it has
// to know that it may no longer say what is.
func (r bulletin) missedLess() (string, error) {
	if r.Kind != duban.QuarterlyReport || r.State != duban.ReportDraft {
		return "", nil
	}
	less := map[int64]int{}
	for _, u := range r.Figures.Units {
		now, err := r.missedNow(u)
		if err != nil {
			return "", err
		}
		less[u.UnitID] = min(1, max(0, u.Missed-now))
	}
	return r.named(func(u duban.UnitFigures) int { return less[u.UnitID] }), nil
}

// missedNow is how many items of the days of the report a unit has not reported by now; of the office itself its own alone.
func (r bulletin) missedNow(u duban.UnitFigures) (missed int, err error) {
	if u.Missed == 0 {
		return 0, nil
	}
	due, err := r.exports().DueIn(u.UnitID, r.From, r.To)
	for _, d := range due {
		if d.Outcome == duban.OutcomeMissed && (u.UnitID != r.UnitID || d.Item.UnitID == r.UnitID) {
			missed++
		}
	}
	return missed, err
}

// quarterBody says how the quarter went, and which units have something overdue: a person decides whether that is told.
func (r bulletin) quarterBody() string {
	total := r.Figures.Total()
	lines := []string{
		r.word("report.quarter_body", "at", r.dayAndClock(r.MadeAt), "days", r.days(), "due", total.Due(), "on_time", total.OnTime, "late", total.Late, "missed", total.Missed),
	}
	if total.Going > 0 {
		lines[0] += r.word("report.quarter_going", "n", total.Going)
	}
	if missed := r.named(func(u duban.UnitFigures) int { return u.Missed }); missed != "" {
		lines = append(lines, r.word("report.quarter_missed", "units", missed))
	}
	return strings.Join(append(lines, r.word("report.quarter_asks")), "\n")
}

// taskBody lists which units were in time, late, or have not done it.
func (r bulletin) taskBody() string {
	task, err := r.tx.Task(r.TaskID)
	if err != nil {
		return ""
	}
	lines := []string{r.word("report.task_body", "title", r.title(item{Task: task}), "code", task.Code)}
	for _, part := range []struct {
		key   string
		count func(duban.UnitFigures) int
	}{
		{"report.task_on_time", func(u duban.UnitFigures) int { return u.OnTime }},
		{"report.task_late", func(u duban.UnitFigures) int { return u.Late }},
		{"report.task_other", func(u duban.UnitFigures) int { return max(0, 1-u.OnTime-u.Late) }},
	} {
		if units := r.named(part.count); units != "" {
			lines = append(lines, r.word(part.key, "units", units))
		}
	}
	return strings.Join(lines, "\n")
}

// named lists the units of which something is counted, in the order of the roster, with the number where it is more than one.
func (r bulletin) named(count func(duban.UnitFigures) int) string {
	var names []string
	for _, u := range r.Figures.Units {
		switch n := count(u); n {
		case 0:
		case 1:
			names = append(names, r.unitName(u.UnitID))
		default:
			names = append(names, r.word("report.several", "unit", r.unitName(u.UnitID), "n", n))
		}
	}
	return strings.Join(names, r.word("notice.and"))
}

// card is the live card of a draft before those who edit and issue it.
func (r bulletin) card() (Outgoing, error) {
	body := r.body()
	since, err := r.missedLess()
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		Subject: work.ReportSubject(r.ID),
		Text: text.Join(
			r.text("report.draft_heading", "kind", r.kindWord(), "days", r.days(), "state", r.word("report.state."+string(r.State))),
			r.text("report.quoted", "body", body), r.decision(),
		),
	}
	if since != "" {
		out.Text = text.Join(out.Text, r.text("report.missed_less", "units", since))
	}
	if r.State == duban.ReportDraft {
		buttons, err := r.draftButtons(digest(body, since))
		if err != nil {
			return out, err
		}
		out.Keyboard = buttons
	}
	card, err := r.tx.Card(out.Subject, r.reader.ID)
	if err == nil && card.ChatID == r.account.TelegramID {
		out.Edit = card.MessageID
	}
	return out, nil
}

func (r bulletin) draftButtons(seen string) (Keyboard, error) {
	do := func(verb string) Button { return button(r.word("button.notice."+verb), "report", r.ID, verb+"."+seen) }
	edits, err := work.May(r.tx, r.actor(), duban.ActDraftNotice, r.UnitID)
	if err != nil || !edits {
		return Keyboard{{do("issue"), do("drop")}}, err
	}
	return Keyboard{{do("issue"), do("edit"), do("drop")}}, nil
}

func (r bulletin) decision() text.HTML {
	switch r.State {
	case duban.ReportIssued:
		return r.text("report.was_issued", "name", r.nameOf(r.DecidedBy), "at", r.moment(r.DecidedAt))
	case duban.ReportDropped:
		return r.text("report.was_dropped", "name", r.nameOf(r.DecidedBy), "at", r.moment(r.DecidedAt), "reason", r.Reason)
	}
	return r.text("report.person_issues")
}

// reportActs are what the buttons of a draft do, by the verb that they carry. Behind it stands the digest of the text that was seen.
var reportActs = map[string]func(v *visit, id int64, seen string) error{
	"open": (*visit).openReports, "issue": (*visit).issueReport, "edit": (*visit).editReport, "drop": (*visit).dropReport,
}

func (v *visit) pressReport(c call) error {
	verb, seen, _ := strings.Cut(c.arg, ".")
	act, known := reportActs[verb]
	if !known {
		v.answer("press.stale")
		return nil
	}
	return act(v, c.id, seen)
}

// draftBody is the text that the card of a draft shows, with its digest, for whoever may issue it.
func (v *visit) draftBody(id int64) (body, seen string, err error) {
	err = v.read(func(p *page) error {
		made, err := p.tx.Report(id)
		if err != nil {
			return err
		}
		if ok, err := work.May(p.tx, v.who, duban.ActNotice3, made.UnitID); err != nil || !ok {
			return orNotAllowed(err)
		}
		if made.State != duban.ReportDraft {
			return duban.Refuse(duban.AlreadyDone, "at", made.DecidedAt)
		}
		draft := bulletin{p, made, work.ReportNews{}}
		body = draft.body()
		since, err := draft.missedLess()
		seen = digest(body, since)
		return err
	})
	return body, seen, err
}

// issueReport issues a draft as it was seen. Where it reads otherwise by now, or is less true, its present card is shown instead.
func (v *visit) issueReport(id int64, seen string) error {
	body, present, err := v.draftBody(id)
	if err == nil && present == seen {
		err = v.Desk.IssueReport(v.ctx, v.who, id, body)
	} else if err == nil {
		err = duban.Refuse(duban.WrongState)
	}
	if duban.CodeOf(err) == duban.WrongState {
		v.answer("report.changed")
		return v.showReport(id)
	}
	if err != nil {
		return err
	}
	v.answer("report.done_issued")
	return nil
}

// reportDrafts returns the drafts of reports that the reader may issue, oldest first.
func (p *page) reportDrafts() ([]duban.Report, error) {
	drafts, err := p.tx.ReportDrafts()
	if err != nil {
		return nil, err
	}
	var mine []duban.Report
	for _, r := range drafts {
		ok, err := work.May(p.tx, p.actor(), duban.ActNotice3, r.UnitID)
		if err != nil {
			return nil, err
		}
		if ok {
			mine = append(mine, r)
		}
	}
	return mine, nil
}

// openReports sends the cards of the oldest drafts again, where they can be seen without looking for them.
func (v *visit) openReports(int64, string) error {
	return v.read(func(p *page) error {
		drafts, err := p.reportDrafts()
		if err != nil {
			return err
		}
		if len(drafts) == 0 {
			v.answer("report.no_drafts")
		}
		for _, r := range drafts[:min(len(drafts), reportsOpened)] {
			out, err := bulletin{p, r, work.ReportNews{}}.card()
			if err != nil {
				return err
			}
			out.Edit = 0
			v.send(out)
		}
		return nil
	})
}

// reportsOpened is how many drafts are shown at once.
const reportsOpened = 3

// showReport sends the card of a draft as it reads now.
func (v *visit) showReport(id int64) error {
	return v.read(func(p *page) error {
		made, err := p.tx.Report(id)
		if err != nil {
			return err
		}
		out, err := bulletin{p, made, work.ReportNews{}}.card()
		v.send(out)
		return err
	})
}

// What the dialog about the draft of a report waits for.
const (
	reportText = "" // another text
	reportWhy  = "why"
)

// dropReport asks why a draft is not issued.
func (v *visit) dropReport(id int64, _ string) error {
	if _, _, err := v.draftBody(id); err != nil {
		return err
	}
	if err := v.begin("report", reportWhy, work.ReportNews{Report: id}); err != nil {
		return err
	}
	v.say("report.ask_why")
	return nil
}

// editReport asks for another text, and shows the present one by itself, so that it can be copied.
func (v *visit) editReport(id int64, _ string) error {
	body, _, err := v.draftBody(id)
	if err != nil {
		return err
	}
	if err := v.begin("report", reportText, work.ReportNews{Report: id}); err != nil {
		return err
	}
	v.say("report.ask_text")
	v.send(Outgoing{Text: text.Escape(body)})
	return nil
}

// reportStep takes the new text of a draft, or why it is not issued.
func (v *visit) reportStep(typed string, files []duban.File) (bool, error) {
	if typed == "" || len(files) > 0 || v.about.AssignmentID != 0 {
		return false, nil
	}
	var news work.ReportNews
	if err := v.data(&news); err != nil {
		return true, err
	}
	if v.dialog.Step == reportWhy {
		return true, v.thenEnd(v.thenSay("report.done_dropped", v.Desk.DropReport(v.ctx, v.who, news.Report, typed)))
	}
	return true, v.thenEnd(v.thenSay("report.done_edited", v.Desk.EditReport(v.ctx, v.who, news.Report, typed)))
}
