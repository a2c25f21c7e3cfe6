package work

import (
	"fmt"
	"slices"

	"duban"
	"duban/store"
)

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
