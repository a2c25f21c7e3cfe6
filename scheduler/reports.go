package scheduler

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// reportKey notes up to which period the reports of a kind are made, and for the reports of tasks from which day on.
func reportKey(kind duban.ReportKind) string { return "report_" + string(kind) }

// report makes the reports whose time has come, each once. One that was missed while the program was down is made up as long as its turn lasts.
func (s *Scheduler) report(ctx context.Context) error {
	wanted := s.desk.Policy.Reports
	for _, kind := range duban.ReportKinds {
		if kind == duban.TaskReport {
			continue
		}
		if err := s.reportPeriod(ctx, kind, wanted.Wants(kind)); err != nil {
			return fmt.Errorf("make the %s report: %w", kind, err)
		}
	}
	if err := s.reportTasks(ctx, wanted.PerTask); err != nil {
		return fmt.Errorf("make the reports of tasks: %w", err)
	}
	return nil
}

// reportPeriod makes the report of a kind whose turn it is. What is switched off, and what was due before the program ran for the first time, counts
// as made.
func (s *Scheduler) reportPeriod(ctx context.Context, kind duban.ReportKind, on bool) error {
	due := duban.ReportDue(kind, s.desk.Calendar, time.Now())
	if time.Now().Before(due.At) {
		return nil
	}
	last, err := s.meta(ctx, reportKey(kind))
	if err != nil || last >= due.Period {
		return err
	}
	if on && (last != "" || time.Since(due.At) <= duban.LateAfter) {
		made, err := s.desk.MakeReports(ctx, kind, due)
		if err != nil {
			return err
		}
		s.log.Info("made reports", "kind", kind, "period", due.Period, "reports", made)
	}
	return s.setMeta(ctx, reportKey(kind), due.Period)
}

// reportTasks drafts the reports of tasks that have come to their end since reports of tasks are wanted.
func (s *Scheduler) reportTasks(ctx context.Context, on bool) error {
	key := reportKey(duban.TaskReport)
	since, err := s.meta(ctx, key)
	switch {
	case err != nil:
		return err
	case !on && since == "":
		return nil
	case !on:
		return s.setMeta(ctx, key, "")
	case since == "":
		return s.setMeta(ctx, key, s.desk.Calendar.Today(time.Now()).String())
	}
	day, err := calendar.ParseDate(since)
	if err != nil {
		return err
	}
	_, err = s.desk.MakeTaskReports(ctx, day)
	return err
}

func (s *Scheduler) meta(ctx context.Context, key string) (value string, err error) {
	err = s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		value, err = tx.Meta(key)
		return err
	})
	return value, err
}

func (s *Scheduler) setMeta(ctx context.Context, key, value string) error {
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetMeta(key, value) })
}
