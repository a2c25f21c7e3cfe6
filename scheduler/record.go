package scheduler

import (
	"time"

	"duban"
)

// record appends to the record that a rung was told, to whom, and who was spared by the daily cap.
func (r *round) record(t *telling) error {
	if t.unsaid != "" {
		return r.recordUnsaid(t.assignment, t.rung, t.unsaid)
	}
	facts := factsOf(t.rung)
	facts["reason"], facts["to"] = t.decision.Reason, t.readers
	if t.late {
		facts["late_minutes"] = int(r.tx.Now.Sub(t.rung.Allowed).Minutes())
	}
	if len(t.away) > 0 {
		facts["away"], facts["deputies"] = t.away, t.deputies
	}
	if len(t.folded) > 0 {
		facts["folded"], facts["folded_why"] = t.folded, duban.OverCap
	}
	if err := r.append(t.assignment, eventOf(t.rung), facts); err != nil || len(t.standIns) == 0 {
		return err
	}
	facts = factsOf(t.rung)
	facts["reason"], facts["to"] = "unreachable", t.standIns
	return r.append(t.assignment, duban.EventEscalated, facts)
}

func (r *round) recordMissed(p *plan) error {
	for _, rung := range p.decision.Missed {
		if err := r.recordUnsaid(p.assignment, rung, duban.Overtaken); err != nil {
			return err
		}
	}
	return nil
}

func (r *round) recordUnsaid(a duban.Assignment, rung duban.Rung, why duban.Reason) error {
	r.report.Missed += rung.Times
	facts := factsOf(rung)
	facts["reason"] = why
	return r.append(a, duban.EventMissed, facts)
}

func (r *round) append(a duban.Assignment, event duban.Event, facts duban.Facts) error {
	return r.tx.Record(duban.System, duban.Entry{
		Event: event, UnitID: a.UnitID, PersonID: a.OwnerID, TaskID: a.TaskID, AssignmentID: a.ID, Facts: facts,
	})
}

func factsOf(rung duban.Rung) duban.Facts {
	facts := duban.Facts{"rung": rung.Kind, "moment": rung.Moment.UTC().Format(time.RFC3339)}
	if !rung.Exact() {
		facts["step"] = rung.Step.String()
	}
	if rung.Times > 1 {
		facts["times"] = rung.Times
	}
	return facts
}

func eventOf(rung duban.Rung) duban.Event {
	switch rung.Kind {
	case duban.RungNotice, duban.RungRepeat:
		return duban.EventUrged
	case duban.RungDraft, duban.RungNoResponse, duban.RungOversight:
		return duban.EventEscalated
	}
	return duban.EventReminded
}
