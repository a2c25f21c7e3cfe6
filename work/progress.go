package work

import (
	"context"
	"strings"

	"duban"
	"duban/store"
)

// Progress reports how far an assignment is (报进展). Percent is 0 when none was given; it never goes below what was reported before by
// itself. Reporting progress signs implicitly.
func (d *Desk) Progress(ctx context.Context, who duban.Actor, id int64, percent int, body string) (duban.Assignment, error) {
	var after duban.Assignment
	err := d.write(ctx, who, func(tx *store.Tx) error {
		a, err := d.actOn(tx, who, id, duban.VerbProgress)
		if err != nil {
			return err
		}
		body = strings.TrimSpace(body)
		if body == "" && percent == 0 {
			return duban.Refuse(duban.ReasonNeeded)
		}
		if after, err = d.advance(tx, who, a, percent, body); err != nil {
			return err
		}
		return recordOn(tx, who, a, duban.EventProgress, duban.Facts{"percent": percent}, body)
	})
	return after, err
}

// advance notes how far an assignment is, and shows it on its cards.
func (d *Desk) advance(tx *store.Tx, who duban.Actor, a duban.Assignment, percent int, body string) (duban.Assignment, error) {
	if err := signs(tx, who, &a); err != nil {
		return a, err
	}
	if percent > 0 {
		a.Percent = min(percent, 100)
	}
	if err := d.save(tx, &a); err != nil {
		return a, err
	}
	if err := tx.AddProgress(a.ID, who.PersonID, percent, body); err != nil {
		return a, err
	}
	return a, refreshCards(tx, a, duban.LaneAnswer)
}

// signs notes that whoever works on an assignment has received it, and records it when that is news.
func signs(tx *store.Tx, who duban.Actor, a *duban.Assignment) error {
	if !a.AcceptedAt.IsZero() {
		return nil
	}
	a.AcceptedAt = tx.Now
	if err := overtakeDecline(tx, who, a); err != nil {
		return err
	}
	return recordOn(tx, who, *a, duban.EventAccepted, duban.Facts{"implied": true}, "")
}
