package work

import (
	"context"

	"duban"
	"duban/calendar"
	"duban/store"
)

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
