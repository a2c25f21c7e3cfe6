package work

import (
	"context"
	"fmt"

	"duban"
	"duban/calendar"
	"duban/store"
)

// ReportNews is the data of a NewsReport and a NewsReportDraft: which part of a report, and for a unit's secretary which unit.
type ReportNews struct {
	Report int64      `json:"report"`
	Part   ReportPart `json:"part"`
	Page   int        `json:"page,omitempty"`
	Unit   int64      `json:"unit,omitempty"` // 0: all of them, for the office
}

// ReportPart names a part of a report. Each is a message of its own.
type ReportPart string

// The parts of a report.
const (
	ReportCard  ReportPart = "card"  // a draft, with the buttons to edit and issue it
	ReportWords ReportPart = "words" // the text; for the office with the first page of the bars
	ReportBars  ReportPart = "bars"  // a further page of the bars
	ReportCurve ReportPart = "curve"
	ReportBook  ReportPart = "book" // the workbook
)

// ReportSubject names the live card of the draft of a report.
func ReportSubject(report int64) string { return fmt.Sprintf("report:%d", report) }

// reportBars is how many units one picture of a report shows.
const reportBars = 15

// ReportPages returns how many pictures the units of a report take.
func ReportPages(f duban.Figures) int { return max(1, (len(f.Units)+reportBars-1)/reportBars) }

// MakeReports makes the reports of a kind for a period: one for each unit that has administrators or leaders, unless it was made before, and returns how
// many it made. Administrators and leaders are told, and of a month, a half-year and a year the secretaries of the units, each of the own unit alone. What
// is drafted goes to nobody else.
func (d *Desk) MakeReports(ctx context.Context, kind duban.ReportKind, due duban.ReportTime) (int, error) {
	made := 0
	offices, err := d.offices(ctx)
	if err != nil {
		return 0, err
	}
	for _, office := range offices {
		r := duban.Report{Kind: kind, Period: due.Period, UnitID: office, From: due.From, To: due.To}
		err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
			r.Figures, err = d.figures(tx, office, due)
			return err
		})
		if err != nil {
			return made, err
		}
		ok, err := d.makeReport(ctx, r)
		if err != nil {
			return made, err
		}
		if ok {
			made++
		}
	}
	return made, nil
}

// offices are the units that have an administrator or a leader, in the order of the roster.
func (d *Desk) offices(ctx context.Context) ([]int64, error) {
	var offices []int64
	err := d.Store.Read(ctx, func(tx *store.Tx) error {
		posts, err := tx.AllPosts()
		if err != nil {
			return err
		}
		for _, p := range posts {
			if p.Role == duban.Admin || p.Role == duban.Leader {
				offices = append(offices, p.UnitID)
			}
		}
		offices = distinct(offices)
		return nil
	})
	return offices, err
}

// figures counts what lies below an office: a row for each unit right below it, with everything below that; and one for the office itself where it has
// items of its own.
func (d *Desk) figures(tx *store.Tx, office int64, due duban.ReportTime) (duban.Figures, error) {
	units, err := tx.UnitsBelow(office)
	if err != nil {
		return duban.Figures{}, err
	}
	row, rows := map[int64]int64{office: office}, []int64(nil)
	for _, u := range units {
		switch {
		case u.ID == office:
		case u.ParentID == office:
			row[u.ID], rows = u.ID, append(rows, u.ID)
		default:
			row[u.ID] = row[u.ParentID]
		}
	}
	items, err := tx.InSubtree(office)
	if err != nil {
		return duban.Figures{}, err
	}
	for _, a := range items {
		if a.UnitID == office {
			rows = append([]int64{office}, rows...)
			break
		}
	}
	c := duban.Counting{From: due.From, To: due.To, Since: due.Since, Calendar: d.Calendar, Lights: d.Policy.Lights, Now: tx.Now}
	return c.FiguresOf(rows, items, func(unit int64) int64 { return row[unit] }), nil
}

// makeReport keeps a report and tells it, once.
func (d *Desk) makeReport(ctx context.Context, r duban.Report) (made bool, err error) {
	err = d.Store.Write(ctx, func(tx *store.Tx) error {
		known, err := tx.HasReport(r.Kind, r.Period, r.UnitID)
		if err != nil || known {
			return err
		}
		r.State = duban.ReportTold
		if r.Kind.Drafted() {
			r.State = duban.ReportDraft
		}
		if r.ID, err = tx.AddReport(r); err != nil {
			return err
		}
		made = true
		if err := recordReport(tx, duban.System, r, duban.EventReported); err != nil {
			return err
		}
		if err := d.tellOffice(tx, r); err != nil {
			return err
		}
		return d.tellUnits(tx, r, unitParts[r.Kind]...)
	})
	return made, err
}

// recordReport records what became of a report, with its text, or with why it was not issued.
func recordReport(tx *store.Tx, who duban.Actor, r duban.Report, event duban.Event) error {
	note := r.Body
	if event == duban.EventReportDropped {
		note = r.Reason
	}
	return tx.Record(who, duban.Entry{
		Event: event, UnitID: r.UnitID, TaskID: r.TaskID, Facts: duban.Facts{"report": r.ID, "period": r.Period}, Note: note,
	})
}

// tellOffice posts a report to the administrators and leaders of its office.
func (d *Desk) tellOffice(tx *store.Tx, r duban.Report) error {
	readers, err := OfficeReaders(tx, r.UnitID)
	if err != nil {
		return err
	}
	return d.postParts(tx, r, readers, officeParts(r))
}

// OfficeReaders returns those who are told the reports of an office and decide on their drafts: its administrators and leaders.
func OfficeReaders(tx *store.Tx, office int64) ([]int64, error) {
	var readers []int64
	for _, role := range []duban.Role{duban.Admin, duban.Leader} {
		holders, err := tx.Holders(office, role)
		if err != nil {
			return nil, err
		}
		readers = append(readers, idsOf(holders)...)
	}
	return distinct(readers), nil
}

// unitParts are the messages that the secretaries of the units get of a report when it is made, each about the own unit alone.
var unitParts = map[duban.ReportKind][]ReportPart{
	duban.MonthlyReport:  {ReportWords, ReportCurve, ReportBook},
	duban.HalfYearReport: {ReportBook},
	duban.YearReport:     {ReportBook},
}

// officeParts are the messages of which a report consists for the office, in order. There are no pictures of nothing.
func officeParts(r duban.Report) []ReportNews {
	if r.Kind == duban.TaskReport {
		return []ReportNews{{Part: ReportCard}, {Part: ReportBook}}
	}
	parts, page := []ReportNews{{Part: ReportWords}}, 1
	if r.Kind == duban.QuarterlyReport {
		parts, page = []ReportNews{{Part: ReportCard}}, 0
	}
	if r.Figures.Total().Due() == 0 {
		return append(parts, ReportNews{Part: ReportBook})
	}
	for ; page < ReportPages(r.Figures); page++ {
		parts = append(parts, ReportNews{Part: ReportBars, Page: page})
	}
	if len(r.Figures.Curve) > 1 {
		parts = append(parts, ReportNews{Part: ReportCurve})
	}
	return append(parts, ReportNews{Part: ReportBook})
}

// tellUnits posts parts of a report to the secretaries of its units.
func (d *Desk) tellUnits(tx *store.Tx, r duban.Report, parts ...ReportPart) error {
	for _, u := range r.Figures.Units {
		if u.UnitID == r.UnitID {
			continue
		}
		secretaries, err := Secretaries(tx, u.UnitID)
		if err != nil {
			return err
		}
		var news []ReportNews
		for _, part := range parts {
			news = append(news, ReportNews{Part: part, Unit: u.UnitID})
		}
		if err := d.postParts(tx, r, idsOf(secretaries), news); err != nil {
			return err
		}
	}
	return nil
}

func (d *Desk) postParts(tx *store.Tx, r duban.Report, readers []int64, parts []ReportNews) error {
	for _, reader := range readers {
		for _, news := range parts {
			if err := d.postReport(tx, r, reader, news); err != nil {
				return err
			}
		}
	}
	return nil
}

func (d *Desk) postReport(tx *store.Tx, r duban.Report, reader int64, news ReportNews) error {
	if news.Part == ReportCard {
		card := draftNotice(r, reader)
		card.NotBefore = d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now)
		return tx.Post(card)
	}
	news.Report = r.ID
	return tx.Post(duban.Notice{
		Key:  fmt.Sprintf("report:%d:%d:%s:%d:%d", r.ID, reader, news.Part, news.Page, news.Unit),
		Kind: duban.NewsReport, Lane: duban.LaneReminder, PersonID: reader, Data: toJSON(news), NotBefore: d.Calendar.NextAllowed(d.Policy.Quiet, tx.Now),
	})
}

func draftNotice(r duban.Report, reader int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("%s:%d", ReportSubject(r.ID), reader), Kind: duban.NewsReportDraft, Lane: duban.LaneReminder, PersonID: reader,
		Data: toJSON(ReportNews{Report: r.ID, Part: ReportCard}),
	}
}

// MakeTaskReports drafts a report (一事一报) of each task of several units whose last item was closed from a day on, once, and returns how many.
func (d *Desk) MakeTaskReports(ctx context.Context, since calendar.Date) (int, error) {
	var ended []int64
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		ended, err = tx.EndedTasks(since.At(calendar.Clock{}, d.Calendar.Zone()))
		return err
	})
	made := 0
	for _, task := range ended {
		ok, err := d.reportTask(ctx, task)
		if err != nil {
			return made, err
		}
		if ok {
			made++
		}
	}
	return made, err
}

func (d *Desk) reportTask(ctx context.Context, task int64) (bool, error) {
	var r duban.Report
	err := d.Store.Read(ctx, func(tx *store.Tx) (err error) {
		r, err = d.taskReport(tx, task)
		return err
	})
	if err != nil || r.UnitID == 0 {
		return false, err
	}
	return d.makeReport(ctx, r)
}

// taskReport counts the items of a task: a row for each unit. It belongs to the office in charge of the first unit; without one there is no report.
func (d *Desk) taskReport(tx *store.Tx, id int64) (duban.Report, error) {
	task, err := tx.Task(id)
	if err != nil {
		return duban.Report{}, err
	}
	items, err := tx.LeadsOf(id)
	if err != nil {
		return duban.Report{}, err
	}
	r := duban.Report{Kind: duban.TaskReport, Period: task.Code, TaskID: id, From: items[0].Due.Date, To: items[0].Due.Date}
	var units []int64
	for _, a := range items {
		units = append(units, a.UnitID)
		if a.Due.Date.Before(r.From) {
			r.From = a.Due.Date
		}
		if a.Due.Date.After(r.To) {
			r.To = a.Due.Date
		}
	}
	c := duban.Counting{From: r.From, To: r.To, Since: r.From, Calendar: d.Calendar, Lights: d.Policy.Lights, Now: tx.Now}
	r.Figures = c.FiguresOf(distinct(units), items, func(unit int64) int64 { return unit })
	r.Figures.Curve = nil
	r.UnitID, err = officeOf(tx, items[0].UnitID)
	return r, err
}

// officeOf returns the nearest unit at or above a unit that has an administrator; 0 when none has.
func officeOf(tx *store.Tx, unit int64) (int64, error) {
	above, err := tx.UnitsAbove(unit)
	if err != nil {
		return 0, err
	}
	own, err := tx.Unit(unit)
	if err != nil {
		return 0, err
	}
	for _, u := range append([]duban.Unit{own}, above...) {
		admins, err := tx.Holders(u.ID, duban.Admin)
		if err != nil {
			return 0, err
		}
		if len(admins) > 0 {
			return u.ID, nil
		}
	}
	return 0, nil
}
