package work

import (
	"cmp"
	"context"
	"strings"

	"duban"
	"duban/store"
)

// DraftOf returns a task that is not issued as a draft that can be changed and issued: one that came back from approval, or was imported as a draft. Only
// whoever drew it up gets it.
func (d *Desk) DraftOf(tx *store.Tx, who duban.Actor, task int64) (TaskDraft, error) {
	t, err := d.ownUnissued(tx, who, task)
	if err != nil {
		return TaskDraft{}, err
	}
	targets, _, err := targetsOf(tx, task)
	if err != nil {
		return TaskDraft{}, err
	}
	all, err := tx.AssignmentsOf(task)
	if err != nil {
		return TaskDraft{}, err
	}
	audience, err := tx.Audience(task)
	if err != nil {
		return TaskDraft{}, err
	}
	row := TaskRow{
		Title: t.Title, Duty: t.Duty, Category: t.Category, Units: cmp.Or(audience, unitNames(targets, false)), Supports: unitNames(targets, true), Evidence: t.Evidence, Review: t.Review,
		Priority: t.Priority, Basis: t.Basis, Note: t.Note, Internal: t.Internal, Completion: t.Completion, LoudReason: t.LoudReason, Spoken: true,
	}
	if len(all) > 0 {
		row.Due = DueText(all[0].Due)
		row.Milestones = milestonesText(all)
	}
	if t.ReviewerID != 0 {
		reviewer, err := tx.Person(t.ReviewerID)
		if err != nil {
			return TaskDraft{}, err
		}
		row.Reviewer = reviewer.Code
	}
	return TaskDraft{Row: row, TaskID: task}, nil
}

// unitNames writes the lead or the supporting units of targets so that they are found again.
func unitNames(targets []Target, support bool) string {
	var names []string
	for _, t := range targets {
		if t.Support == support {
			names = append(names, t.Unit.Name)
		}
	}
	return strings.Join(names, "、")
}

// KeepAsDraft makes a kept draft of a task of the actor's that is not issued, so that it can be changed, and returns its id.
func (d *Desk) KeepAsDraft(ctx context.Context, who duban.Actor, task int64, body func(TaskDraft) string) (int64, error) {
	var id int64
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		draft, err := d.DraftOf(tx, who, task)
		if err != nil {
			return err
		}
		id, err = tx.AddDraft(who.PersonID, body(draft))
		return err
	})
	return id, err
}
