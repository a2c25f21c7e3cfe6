package work

import (
	"context"
	"strings"

	"duban"
	"duban/store"
)

// EditReport writes another text for the draft of a report. An administrator may.
func (d *Desk) EditReport(ctx context.Context, who duban.Actor, id int64, body string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		r, err := draftedReport(tx, who, id, duban.ActDraftNotice)
		if err != nil {
			return err
		}
		if r.Body = strings.TrimSpace(body); r.Body == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		return errorsOf(tx.SaveReport(r), recordReport(tx, who, r, duban.EventReportEdited), showDraft(tx, r))
	})
}

// IssueReport issues the draft of a report (签发): its text goes to the secretaries of its units, that of a quarter with the curve of all units together.
// An administrator or leader may. Body is the text that was shown to them: where another was written meanwhile nothing is issued, and the refusal is
// duban.WrongState.
func (d *Desk) IssueReport(ctx context.Context, who duban.Actor, id int64, body string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		r, err := draftedReport(tx, who, id, duban.ActNotice3)
		if err != nil {
			return err
		}
		if body = strings.TrimSpace(body); body == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		if r.Body != "" && r.Body != body {
			return duban.Refuse(duban.WrongState)
		}
		r.Body = body
		if err := decideReport(tx, who, r, duban.ReportIssued, duban.EventReportIssued); err != nil {
			return err
		}
		if r.Kind == duban.QuarterlyReport && r.Figures.Total().Due() > 0 && len(r.Figures.Curve) > 1 {
			return d.tellUnits(tx, r, ReportWords, ReportCurve)
		}
		return d.tellUnits(tx, r, ReportWords)
	})
}

// DropReport decides not to issue the draft of a report (不发), for a reason. An administrator or leader may.
func (d *Desk) DropReport(ctx context.Context, who duban.Actor, id int64, reason string) error {
	return d.write(ctx, who, func(tx *store.Tx) error {
		r, err := draftedReport(tx, who, id, duban.ActNotice3)
		if err != nil {
			return err
		}
		if r.Reason = strings.TrimSpace(reason); r.Reason == "" {
			return duban.Refuse(duban.ReasonNeeded)
		}
		return decideReport(tx, who, r, duban.ReportDropped, duban.EventReportDropped)
	})
}

func draftedReport(tx *store.Tx, who duban.Actor, id int64, right duban.Action) (duban.Report, error) {
	r, err := tx.Report(id)
	if err != nil {
		return r, err
	}
	if err := mustMay(tx, who, right, r.UnitID); err != nil {
		return r, err
	}
	if r.State != duban.ReportDraft {
		return r, duban.Refuse(duban.AlreadyDone, "at", r.DecidedAt)
	}
	return r, nil
}

func decideReport(tx *store.Tx, who duban.Actor, r duban.Report, state duban.ReportState, event duban.Event) error {
	r.State, r.DecidedBy, r.DecidedAt = state, who.PersonID, tx.Now
	if err := tx.SaveReport(r); err != nil {
		return err
	}
	if err := recordReport(tx, who, r, event); err != nil {
		return err
	}
	return showDraft(tx, r)
}

// showDraft lets the cards of a draft show how it stands.
func showDraft(tx *store.Tx, r duban.Report) error {
	readers, err := OfficeReaders(tx, r.UnitID)
	if err != nil {
		return err
	}
	for _, reader := range readers {
		card := draftNotice(r, reader)
		card.Lane = duban.LaneAnswer
		if err := tx.Post(card); err != nil {
			return err
		}
	}
	return nil
}
