package bot

import (
	"encoding/json"
	"errors"
	"strings"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// offerPlan shows an item whose deadline comes again and again, to be put into the plan of the year or issued for its next date only.
func (v *visit) offerPlan(d taskDraft, seen work.TaskPreview) error {
	d.Row.Due = seen.Reading.Phrase
	if err := v.keepTask(&d, askPlan); err != nil {
		return err
	}
	return v.read(func(p *page) error {
		lines := []text.HTML{
			p.text("plan.offer", "title", d.Row.Title, "rule", d.Row.Due), p.targetsLine(seen), p.sharingLines(seen), p.nextDates(seen.Reading.Rule), p.previewEvidence(seen),
		}
		next := p.dayOn(seen.Due.Date)
		v.replace(Outgoing{Text: text.Join(lines...), Keyboard: Keyboard{
			{button(p.word("plan.button.add"), "plan", d.ID, "add"+d.edition())},
			{button(p.word("plan.button.once", "day", next), "plan", d.ID, "once"+d.edition())},
			{button(p.word("task.button.edit"), "draft", d.ID, askEdit), button(p.word("announce.button_cancel"), "draft", d.ID, "stop")},
		}})
		return nil
	})
}

// askPlan is the step at which an item waits to be put into the plan.
const askPlan = "plan"

// datesShown is how many of the next dates of a rule are shown.
const datesShown = 3

func (p *page) nextDates(rule calendar.Rule) text.HTML {
	var days []string
	after := p.now
	for range datesShown {
		next, ok := p.Desk.Calendar.Next(rule, after)
		if !ok {
			break
		}
		days = append(days, p.dayOn(next.Due.Date))
		after = p.Desk.Calendar.End(next.Due)
	}
	return p.text("plan.dates", "days", strings.Join(days, p.word("people.comma")))
}

func (p *page) dayOn(d calendar.Date) string { return text.Day(p.lang, d.Year, d.Month, d.Day) }

// pressPlan does what a button of the plan says: about a draft to be put into it, or about an item and one of its dates.
func (v *visit) pressPlan(c call) error {
	verb, arg, _ := strings.Cut(c.arg, ".")
	switch {
	case strings.HasPrefix(verb, "add"), strings.HasPrefix(verb, "once"):
		return v.planDraft(c.id, verb)
	case verb == "list":
		return v.showPlanFrom(int(c.id))
	case verb == "on", verb == "off":
		if err := v.Desk.SetPlanAuto(v.ctx, v.who, c.id, verb == "on"); err != nil {
			return err
		}
	case verb == "end":
		if err := v.Desk.EndPlan(v.ctx, v.who, c.id); err != nil {
			return err
		}
		return v.showPlanFrom(0)
	case verb == "issue":
		return v.issuePlan(c.id, arg)
	case verb == "skip":
		return v.askSkip(c.id, arg)
	}
	return v.showPlanItem(c.id)
}

// planDraft puts a draft into the plan, or draws it up for its next date only.
func (v *visit) planDraft(id int64, verb string) error {
	d, ok, err := v.taskDraft(id)
	if err != nil || !ok {
		return err
	}
	if d.Step != askPlan || verb != "add"+d.edition() && verb != "once"+d.edition() {
		v.answer("task.changed")
		return v.taskNext(d)
	}
	if strings.HasPrefix(verb, "once") {
		r := v.Desk.Calendar.ParseDue(d.Row.Due, v.now)
		d.Row.Due = work.DueText(r.Due)
		return v.taskNext(d)
	}
	item, problems, err := v.Desk.AddToPlan(v.ctx, v.who, d.TaskDraft)
	if err != nil && !errors.Is(err, duban.ErrRepeated) {
		return err
	}
	if err == nil && len(problems) > 0 {
		return v.taskPreview(d)
	}
	if ended := v.end(); ended != nil || err != nil {
		return errors.Join(ended, err)
	}
	return v.showPlanItem(item.ID)
}

// showPlan is /plan: what is issued again and again, with what of it is issued and what is not.
func (v *visit) showPlan(string) error { return v.showPlanFrom(0) }

func (v *visit) showPlanFrom(pageNo int) error {
	return v.read(func(p *page) error {
		items, err := p.planItems()
		if err != nil {
			return err
		}
		from := min(max(pageNo, 0)*pageSize, max(len(items)-1, 0)/pageSize*pageSize)
		lines := []text.HTML{p.text("plan.list", "year", p.Desk.Calendar.Today(p.now).Year, "n", len(items))}
		var numbers []Button
		for i, item := range items[from:min(from+pageSize, len(items))] {
			line, err := p.planLine(from+i+1, item)
			if err != nil {
				return err
			}
			lines = append(lines, line)
			numbers = append(numbers, button(itoa(from+i+1), "plan", item.ID, "show"))
		}
		if len(items) == 0 {
			lines = append(lines, p.text("plan.none"))
		}
		k := rows(4, numbers...)
		if len(items) > pageSize {
			k = append(k, withArg(p.pager("plan", from/pageSize, (len(items)-1)/pageSize), "list"))
		}
		v.replace(Outgoing{Text: text.Join(lines...), Keyboard: k})
		return nil
	})
}

// planItems are the items of the plan on which the reader may decide.
func (p *page) planItems() ([]duban.PlanItem, error) {
	all, err := p.tx.PlanItems()
	var mine []duban.PlanItem
	for _, item := range all {
		ok, err := work.MayPlan(p.tx, p.actor(), item)
		if err != nil {
			return nil, err
		}
		if ok {
			mine = append(mine, item)
		}
	}
	return mine, err
}

// planState is how an item of the plan stands this year.
type planState struct {
	issued, skipped int
	next            calendar.Due // the next deadline that is neither issued nor skipped; zero: there is none
	auto            bool
	rule            string
}

func (p *page) planState(item duban.PlanItem) (planState, error) {
	var s planState
	var err error
	if s.auto, s.rule, err = work.PlanAuto(item); err != nil {
		return s, err
	}
	runs, err := p.tx.PlanRuns(item.ID, calendar.Date{Year: p.Desk.Calendar.Today(p.now).Year, Month: 1, Day: 1})
	if err != nil {
		return s, err
	}
	for _, r := range runs {
		switch {
		case r.TaskID != 0:
			s.issued++
		case !r.SkippedAt.IsZero():
			s.skipped++
		}
	}
	s.next, _, err = p.Desk.NextOfPlan(p.tx, item)
	return s, err
}

func (p *page) planLine(n int, item duban.PlanItem) (text.HTML, error) {
	s, err := p.planState(item)
	if err != nil {
		return "", err
	}
	title, _, err := planTitle(item, p.lang)
	if err != nil {
		return "", err
	}
	return p.text("plan.line", "n", n, "code", item.Code, "title", shorten(title, 40), "rule", s.rule, "issued", s.issued, "skipped", s.skipped,
		"day", p.dayOn(s.next.Date)), nil
}

// planTitle names an item of the plan. Of an internal one nothing but the code is ever pushed.
func planTitle(item duban.PlanItem, lang text.Lang) (title string, internal bool, err error) {
	if internal, err = work.PlanInternal(item); internal {
		return text.Word(lang, "card.internal_title", "code", item.Code), true, err
	}
	return item.Title, false, err
}

func (v *visit) showPlanItem(id int64) error {
	return v.read(func(p *page) error {
		item, err := p.planItem(id)
		if err != nil {
			return err
		}
		s, err := p.planState(item)
		if err != nil {
			return err
		}
		auto, turn := p.word("plan.auto_off"), button(p.word("plan.button.on"), "plan", id, "on")
		if s.auto {
			auto, turn = p.word("plan.auto_on"), button(p.word("plan.button.off"), "plan", id, "off")
		}
		title, internal, err := planTitle(item, p.lang)
		if err != nil {
			return err
		}
		duty := p.text("card.duty", "duty", shorten(item.Duty, 300))
		if internal {
			duty = p.text("card.internal")
		}
		body := text.Join(
			p.text("plan.item", "code", item.Code, "title", title, "rule", s.rule, "to", v.audienceOf(item.Units)), duty,
			p.text("plan.item_state", "issued", s.issued, "skipped", s.skipped, "day", p.dayOn(s.next.Date), "auto", auto),
			p.nextDates(item.Rule),
		)
		k := Keyboard{p.dateButtons("plan.button.issue", "plan.button.skip", 0, work.PlanDate{Plan: id, Date: s.next.Date})}
		k = append(k, []Button{turn, button(p.word("plan.button.end"), "plan", id, "end")}, []Button{button(p.word("announce.button_back"), "plan", 0, "list")})
		v.replace(Outgoing{Text: body, Keyboard: k})
		return nil
	})
}

// dateButtons are what can be done with one date of an item of the plan.
func (p *page) dateButtons(issue, skip string, n int, date work.PlanDate) []Button {
	return []Button{
		button(p.word(issue, "n", n), "plan", date.Plan, "issue."+date.Date.String()), button(p.word(skip, "n", n), "plan", date.Plan, "skip."+date.Date.String()),
	}
}

// planItem reads an item of the plan on which the reader may decide.
func (p *page) planItem(id int64) (duban.PlanItem, error) {
	item, err := p.tx.PlanItem(id)
	if err != nil {
		return item, err
	}
	if ok, err := work.MayPlan(p.tx, p.actor(), item); err != nil || !ok {
		return item, orNotAllowed(err)
	}
	return item, nil
}

// issuePlan draws up one date of an item of the plan: the preview, and then one tap.
func (v *visit) issuePlan(id int64, day string) error {
	return v.inPage(func(p *page) (func() error, error) {
		item, err := p.planItem(id)
		if err != nil {
			return nil, err
		}
		due, run, err := p.planDate(item, day)
		if err != nil {
			return nil, err
		}
		if run.Settled() {
			return func() error { v.answer("plan.settled"); return nil }, nil
		}
		draft, err := work.PlanDraft(item, due)
		draft.Row.Spoken = true
		return func() error { return v.taskNext(taskDraft{TaskDraft: draft, Proof: true}) }, err
	})
}

// planDate finds the deadline of an item of the plan on a day.
func (p *page) planDate(item duban.PlanItem, day string) (calendar.Due, duban.PlanRun, error) {
	date, err := calendar.ParseDate(day)
	if err != nil {
		return calendar.Due{}, duban.PlanRun{}, duban.Refuse(duban.NotFound)
	}
	next, ok := p.Desk.Calendar.Next(item.Rule, date.At(calendar.Clock{}, p.Desk.Calendar.Zone()))
	if !ok || next.Due.Date != date {
		return calendar.Due{}, duban.PlanRun{}, duban.Refuse(duban.NotFound)
	}
	run, err := p.tx.PlanRun(item.ID, date)
	return next.Due, run, err
}

// dialogSkip is the date of the plan for whose skipping a reason is awaited.
type dialogSkip struct {
	Plan int64  `json:"plan"`
	Day  string `json:"day"`
}

func (v *visit) askSkip(id int64, day string) error {
	err := v.read(func(p *page) error {
		item, err := p.planItem(id)
		if err != nil {
			return err
		}
		_, _, err = p.planDate(item, day)
		return err
	})
	if err != nil {
		return err
	}
	if err := v.begin("skipplan", "", dialogSkip{id, day}); err != nil {
		return err
	}
	v.say("plan.why", "day", day)
	return nil
}

func (v *visit) skipPlanStep(typed string, files []duban.File) (bool, error) {
	if typed == "" || len(files) > 0 {
		return false, nil
	}
	var kept dialogSkip
	if err := v.data(&kept); err != nil {
		return true, err
	}
	date, err := calendar.ParseDate(kept.Day)
	if err != nil {
		return true, err
	}
	item, err := v.Desk.SkipPlan(v.ctx, v.who, kept.Plan, date, typed)
	if err != nil {
		return true, err
	}
	title, _, err := planTitle(item, v.lang)
	if err != nil {
		return true, err
	}
	v.say("plan.skipped", "title", title, "day", kept.Day)
	return true, v.end()
}

// renderPlan tells whoever plans that items of the plan are to be issued: each with its date and the buttons for it. What is settled meanwhile is left out.
func (p *page) renderPlan(l duban.Letter) (Outgoing, error) {
	var news work.PlanNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	issued, err := p.issuedLine(news.Issued)
	if err != nil {
		return Outgoing{}, err
	}
	lines := []text.HTML{p.text("plan.due")}
	var k Keyboard
	for _, date := range news.Dates {
		item, err := p.tx.PlanItem(date.Plan)
		if duban.CodeOf(err) == duban.NotFound {
			continue
		}
		if err != nil {
			return Outgoing{}, err
		}
		run, err := p.tx.PlanRun(date.Plan, date.Date)
		if err != nil {
			return Outgoing{}, err
		}
		if run.Settled() {
			continue
		}
		title, _, err := planTitle(item, p.lang)
		if err != nil {
			return Outgoing{}, err
		}
		n := len(lines)
		lines = append(lines, p.text("plan.due_line", "n", n, "title", shorten(title, 40), "due", p.dueAt(calendar.Due{Date: date.Date})))
		if n <= listLimit {
			k = append(k, p.dateButtons("plan.button.issue_n", "plan.button.skip_n", n, date))
		}
	}
	if len(lines) == 1 {
		lines = nil
	}
	if issued != "" {
		lines = append([]text.HTML{issued}, lines...)
	}
	if len(lines) == 0 {
		return Outgoing{}, untrue("settled meanwhile")
	}
	return Outgoing{Text: text.Join(lines...), Keyboard: k}, nil
}

// issuedLine says what of the plan was issued by itself.
func (p *page) issuedLine(dates []work.PlanDate) (text.HTML, error) {
	var titles []string
	for _, date := range dates {
		item, err := p.tx.PlanItem(date.Plan)
		if duban.CodeOf(err) == duban.NotFound {
			continue
		}
		if err != nil {
			return "", err
		}
		title, _, err := planTitle(item, p.lang)
		if err != nil {
			return "", err
		}
		titles = append(titles, p.word("plan.issued_one", "title", shorten(title, 40), "day", p.dayOn(date.Date)))
	}
	if len(titles) == 0 {
		return "", nil
	}
	return p.text("plan.issued", "what", strings.Join(titles, p.word("people.comma"))), nil
}
