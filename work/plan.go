package work

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"duban"
	"duban/calendar"
	"duban/store"
)

// planBody is what an item of the plan keeps of how it was drawn up.
type planBody struct {
	Row  TaskRow `json:"row"`
	Auto bool    `json:"auto,omitempty"` // it is issued by itself when its date comes near
}

// PlanDraft returns an item of the plan as a draft to be issued for one of its dates.
func PlanDraft(item duban.PlanItem, due calendar.Due) (TaskDraft, error) {
	body, err := planBodyOf(item)
	body.Row.Due = DueText(due)
	return TaskDraft{Row: body.Row, PlanID: item.ID, PlanDate: due.Date}, err
}

// PlanAuto reports whether an item of the plan is issued by itself, and by which words its deadlines recur.
func PlanAuto(item duban.PlanItem) (auto bool, rule string, err error) {
	body, err := planBodyOf(item)
	return body.Auto, body.Row.Due, err
}

func planBodyOf(item duban.PlanItem) (planBody, error) {
	var body planBody
	if err := json.Unmarshal([]byte(item.Row), &body); err != nil {
		return body, fmt.Errorf("read plan %s: %w", item.Code, err)
	}
	return body, nil
}

// AddToPlan puts what was drawn up with a recurring deadline into the plan of the year (列入计划). With problems nothing happens.
func (d *Desk) AddToPlan(ctx context.Context, who duban.Actor, draft TaskDraft) (duban.PlanItem, []Problem, error) {
	var item duban.PlanItem
	var problems []Problem
	err := d.write(ctx, who, func(tx *store.Tx) error {
		draft.Row = withDefaults(draft.Row)
		var err error
		if item, problems, err = d.planned(tx, who, draft.Row); err != nil || len(problems) > 0 {
			return errors.Join(err, errUndo)
		}
		if item.Code, err = nextPlanCode(tx, item.Year); err != nil {
			return err
		}
		if item.ID, err = d.savePlan(tx, who, item); err != nil || draft.ID == 0 {
			return err
		}
		return tx.DropDraft(draft.ID)
	})
	return item, problems, settled(err)
}

// planned reads a row as an item of the plan.
func (d *Desk) planned(tx *store.Tx, who duban.Actor, row TaskRow) (duban.PlanItem, []Problem, error) {
	m := d.resolver(tx, who)
	if _, err := m.targets(row); err != nil {
		return duban.PlanItem{}, nil, err
	}
	if _, err := m.reviewer(row); err != nil {
		return duban.PlanItem{}, nil, err
	}
	r := d.Calendar.ParseDue(row.Due, tx.Now)
	switch r.Outcome {
	case calendar.Recurring:
	case calendar.Understood:
		m.problem(row.Line, ColumnDue, DueOnce, row.Due)
	default:
		m.problem(row.Line, ColumnDue, dueProblem(r), row.Due)
	}
	return duban.PlanItem{
		Code: row.Code, Year: d.Calendar.Today(tx.Now).Year, Title: row.Title, Duty: row.Duty, Units: row.Units, Row: toJSON(planBody{Row: row}),
		Rule: r.Rule, IssuerID: who.PersonID,
	}, m.problems, nil
}

func (d *Desk) savePlan(tx *store.Tx, who duban.Actor, item duban.PlanItem) (int64, error) {
	id, err := tx.SavePlanItem(item)
	if err != nil {
		return 0, err
	}
	facts := duban.Facts{"plan": item.Code, "rule": item.Rule.String()}
	return id, tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: facts, Note: item.Title})
}

// nextPlanCode returns the next code of a year for items that are put into the plan in the chat, such as P26-07.
func nextPlanCode(tx *store.Tx, year int) (string, error) {
	for n := 1; ; n++ {
		code := fmt.Sprintf("P%02d-%02d", year%100, n)
		known, err := tx.PlanCodeKnown(code)
		if err != nil || !known {
			return code, err
		}
	}
}

// ImportPlan puts the items of a list into the plan of the year. It is idempotent by code. Deadlines have to recur.
func (d *Desk) ImportPlan(ctx context.Context, who duban.Actor, rows []TaskRow, o ImportOptions) (ImportResult, error) {
	var result ImportResult
	err := d.write(ctx, who, func(tx *store.Tx) error {
		result = ImportResult{}
		for _, row := range rows {
			if err := d.importPlanRow(tx, who, row, &result); err != nil {
				return err
			}
		}
		if err := settle(&result, o); err != nil {
			return err
		}
		return recordImport(tx, who, "plan", result, o)
	})
	return result, settled(err)
}

func (d *Desk) importPlanRow(tx *store.Tx, who duban.Actor, row TaskRow, result *ImportResult) error {
	line := row.Line
	row.Line = 0
	item, problems, err := d.planned(tx, who, row)
	if err != nil {
		return err
	}
	for _, p := range problems {
		p.Line = line
		result.Problems = append(result.Problems, p)
	}
	if len(problems) > 0 {
		return nil
	}
	before, err := tx.PlanItemByCode(item.Code)
	switch {
	case duban.CodeOf(err) == duban.NotFound:
		result.New++
	case err != nil:
		return err
	default:
		body, err := planBodyOf(before)
		if err != nil {
			return err
		}
		item.Row = toJSON(planBody{Row: row, Auto: body.Auto})
		if item.Row == before.Row && item.Rule.String() == before.Rule.String() {
			result.Unchanged++
			return nil
		}
		result.Changed++
	}
	_, err = d.savePlan(tx, who, item)
	return err
}

// MayPlan says whether an actor may decide on an item of the plan: whoever put it there, and who may issue to the whole organisation's units.
func MayPlan(tx *store.Tx, who duban.Actor, item duban.PlanItem) (bool, error) {
	if who.Trusted() || item.IssuerID != 0 && item.IssuerID == who.PersonID {
		return true, nil
	}
	posts, err := tx.Posts(who.PersonID)
	for _, p := range posts {
		if p.Role == duban.Admin {
			return true, err
		}
	}
	return false, err
}

func (d *Desk) ownPlan(tx *store.Tx, who duban.Actor, id int64) (duban.PlanItem, error) {
	item, err := tx.PlanItem(id)
	if err != nil {
		return item, err
	}
	ok, err := MayPlan(tx, who, item)
	if err == nil && !ok {
		err = duban.Refuse(duban.NotAllowed)
	}
	return item, err
}

// SkipPlan skips one date of an item of the plan (跳过本期), with a reason.
func (d *Desk) SkipPlan(ctx context.Context, who duban.Actor, id int64, date calendar.Date, reason string) (duban.PlanItem, error) {
	var item duban.PlanItem
	err := d.write(ctx, who, func(tx *store.Tx) error {
		reason, err := given(reason)
		if err != nil {
			return err
		}
		if item, err = d.ownPlan(tx, who, id); err != nil {
			return err
		}
		run, err := tx.PlanRun(id, date)
		if err != nil {
			return err
		}
		if run.Settled() {
			return duban.Refuse(duban.AlreadyDone, "at", run.SkippedAt)
		}
		run.SkippedAt = tx.Now
		facts := duban.Facts{"plan": item.Code, "date": date.String(), "skipped": true}
		return errorsOf(tx.SavePlanRun(run), tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: facts, Note: reason}))
	})
	return item, err
}

// SetPlanAuto says whether an item of the plan is issued by itself when its date comes near.
func (d *Desk) SetPlanAuto(ctx context.Context, who duban.Actor, id int64, auto bool) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		item, err := d.ownPlan(tx, who, id)
		if err != nil {
			return err
		}
		body, err := planBodyOf(item)
		if err != nil {
			return err
		}
		body.Auto = auto
		item.Row = toJSON(body)
		if _, err := tx.SavePlanItem(item); err != nil {
			return err
		}
		return tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: duban.Facts{"plan": item.Code, "auto": auto}})
	})
}

// EndPlan takes an item out of the plan. What was issued of it stays.
func (d *Desk) EndPlan(ctx context.Context, who duban.Actor, id int64) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		item, err := d.ownPlan(tx, who, id)
		if err != nil {
			return err
		}
		return errorsOf(tx.EndPlanItem(id), tx.Record(who, duban.Entry{Event: duban.EventPlanned, Facts: duban.Facts{"plan": item.Code, "ended": true}}))
	})
}

// PlanDate is one date of an item of the plan.
type PlanDate struct {
	Plan int64         `json:"plan"`
	Date calendar.Date `json:"date"`
}

// PlanNews is the data of NewsPlan: what of the plan is to be issued.
type PlanNews struct {
	Dates  []PlanDate `json:"dates,omitempty"`
	Issued []PlanDate `json:"issued,omitempty"` // what was issued by itself
}

// MindPlan looks for items of the plan whose next date comes near and that are not issued yet: those that are to be issued by themselves are, and of all of
// them those who plan are told once. It returns how many it issued and told of. What cannot be issued by itself is told like the others.
func (d *Desk) MindPlan(ctx context.Context) (issued, told int, err error) {
	var due []PlanDate
	err = d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		due, err = d.planDue(tx)
		return err
	})
	if err != nil {
		return 0, 0, err
	}
	var news PlanNews
	for _, date := range due {
		done, err := d.issueByItself(ctx, date)
		if err != nil {
			return len(news.Issued), 0, err
		}
		if done {
			news.Issued = append(news.Issued, date)
		} else {
			news.Dates = append(news.Dates, date)
		}
	}
	if len(due) == 0 {
		return 0, 0, nil
	}
	err = d.Store.Write(ctx, func(tx *store.Tx) (err error) {
		told, err = d.tellPlan(tx, news)
		return err
	})
	return len(news.Issued), told, err
}

// planDue returns the dates of the plan that are near and neither issued nor skipped, one of each item.
func (d *Desk) planDue(tx *store.Tx) ([]PlanDate, error) {
	items, err := tx.PlanItems()
	if err != nil {
		return nil, err
	}
	var due []PlanDate
	for _, item := range items {
		next, ok, err := d.NextOfPlan(tx, item)
		if err != nil {
			return nil, err
		}
		if ok && duban.DueSoon(d.Calendar, next, tx.Now) {
			due = append(due, PlanDate{item.ID, next.Date})
		}
	}
	return due, nil
}

// NextOfPlan returns the next deadline of an item of the plan that is neither issued nor skipped; false for one that never comes.
func (d *Desk) NextOfPlan(tx *store.Tx, item duban.PlanItem) (calendar.Due, bool, error) {
	after := tx.Now
	for {
		next, ok := d.Calendar.Next(item.Rule, after)
		if !ok {
			return calendar.Due{}, false, nil
		}
		run, err := tx.PlanRun(item.ID, next.Due.Date)
		if err != nil || !run.Settled() {
			return next.Due, true, err
		}
		after = d.Calendar.End(next.Due)
	}
}

// issueByItself issues one date of an item of the plan where that is switched on, in the name of whoever put it into the plan.
func (d *Desk) issueByItself(ctx context.Context, date PlanDate) (bool, error) {
	var draft TaskDraft
	var auto bool
	who := duban.System
	err := d.Store.Read(ctx, func(tx *store.Tx) error {
		item, err := tx.PlanItem(date.Plan)
		if err != nil {
			return err
		}
		if auto, _, err = PlanAuto(item); err != nil || !auto {
			return err
		}
		next, _, err := d.NextOfPlan(tx, item)
		if err != nil {
			return err
		}
		who.PersonID = item.IssuerID
		if auto, err = stillIssues(tx, item.IssuerID); err != nil {
			return err
		}
		draft, err = PlanDraft(item, next)
		return err
	})
	if err != nil || !auto {
		return false, err
	}
	done, err := d.IssueTask(ctx, who, draft)
	if duban.CodeOf(err) != duban.Internal && err != nil {
		return false, nil
	}
	return err == nil && len(done.Problems) == 0, err
}

// stillIssues reports whether whoever put something into the plan may still issue; the operator always may.
func stillIssues(tx *store.Tx, person int64) (bool, error) {
	if person == 0 {
		return true, nil
	}
	p, err := tx.Person(person)
	if err != nil || !p.Active {
		return false, err
	}
	posts, err := tx.Posts(person)
	return duban.HasRight(duban.ActIssue, posts), err
}

// tellPlan tells of dates that were not told of yet, once to each reader: administrators of what administrators have planned, everybody else of what is
// theirs.
func (d *Desk) tellPlan(tx *store.Tx, news PlanNews) (int, error) {
	to := map[int64]*PlanNews{}
	told := 0
	for _, date := range append(slices.Clone(news.Dates), news.Issued...) {
		run, err := tx.PlanRun(date.Plan, date.Date)
		if err != nil {
			return told, err
		}
		if !run.WarnedAt.IsZero() && run.TaskID == 0 {
			continue
		}
		run.WarnedAt = tx.Now
		if err := tx.SavePlanRun(run); err != nil {
			return told, err
		}
		readers, err := planReaders(tx, date.Plan)
		if err != nil {
			return told, err
		}
		for _, reader := range readers {
			to[reader] = withDate(to[reader], date, run.TaskID != 0)
		}
		told++
	}
	for reader, all := range to {
		err := tx.Post(duban.Notice{
			Key: fmt.Sprintf("plan:%d:%d", reader, tx.Now.UnixMilli()), Kind: duban.NewsPlan, Lane: duban.LaneReminder, PersonID: reader,
			Data: toJSON(all), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
		})
		if err != nil {
			return told, err
		}
	}
	return told, nil
}

// withDate adds a date to the news of one reader.
func withDate(news *PlanNews, date PlanDate, issued bool) *PlanNews {
	if news == nil {
		news = &PlanNews{}
	}
	if issued {
		news.Issued = append(news.Issued, date)
	} else {
		news.Dates = append(news.Dates, date)
	}
	return news
}

func planReaders(tx *store.Tx, plan int64) ([]int64, error) {
	item, err := tx.PlanItem(plan)
	if err != nil {
		return nil, err
	}
	holders, err := tx.PostHolders()
	if err != nil {
		return nil, err
	}
	var admins []int64
	issues, err := stillIssues(tx, item.IssuerID)
	if err != nil {
		return nil, err
	}
	byAdmin := item.IssuerID == 0 || !issues
	for _, h := range holders {
		if h.Role == duban.Admin {
			admins = append(admins, h.Person.ID)
			byAdmin = byAdmin || h.Person.ID == item.IssuerID
		}
	}
	if byAdmin {
		return distinct(admins), nil
	}
	return []int64{item.IssuerID}, nil
}
