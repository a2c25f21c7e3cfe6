package scheduler

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/robfig/cron/v3"
)

// duty is something that is done by the clock. Each looks for itself whether it is to be done, so that one that was missed while the program
// was down is made up the next time.
type duty struct {
	name string
	line string // of cron, in the organisation's zone
	do   func(*Scheduler, context.Context) error
}

// duties is the table of what is done by the clock.
var duties = []duty{
	{"digest", "* * * * *", (*Scheduler).digest},
	{"boards", "* * * * *", (*Scheduler).boards},
	{"groups", "3-59/5 * * * *", (*Scheduler).groups}, // some minutes after the digests, for which it waits
	{"head", "*/5 * * * *", (*Scheduler).head},
	{"audit", "*/10 * * * *", (*Scheduler).audit},
	{"housekeeping", "17 * * * *", (*Scheduler).housekeep},
	{"calendar", "45 9 * * *", (*Scheduler).checkCalendar},
	{"plan", "*/10 * * * *", (*Scheduler).mindPlan},
	{"receipts", "* * * * *", (*Scheduler).mindReceipts},
	{"reports", "* * * * *", (*Scheduler).report},
	{"assess", "*/10 * * * *", (*Scheduler).assess},
	{"archive", "20 2 * * *", (*Scheduler).archive},
	{"backup", "* * * * *", (*Scheduler).backUp},
	{"upkeep", "40 3 * * *", (*Scheduler).upkeep},
	{"disk", "*/10 * * * *", (*Scheduler).watchDisk},
}

// stopWithin is how long duties that are under way are waited for at the end.
const stopWithin = 10 * time.Second

// startDuties runs the duties of a table by the clock until stop is called, which waits for those under way. A duty never runs beside itself. Skip stands
// around Recover: the other way round a duty that panicked once would count as running for ever.
func (s *Scheduler) startDuties(ctx context.Context, table []duty) (stop func()) {
	log := cronLog{s.log}
	runner := cron.New(
		cron.WithLocation(s.desk.Calendar.Zone()),
		cron.WithLogger(log),
		cron.WithChain(cron.SkipIfStillRunning(log), cron.Recover(log)),
	)
	for _, d := range table {
		if _, err := runner.AddFunc(d.line, func() { s.perform(ctx, d) }); err != nil {
			panic(fmt.Sprintf("duty %s: %v", d.name, err))
		}
	}
	runner.Start()
	return func() {
		select {
		case <-runner.Stop().Done():
		case <-time.After(stopWithin):
			s.log.Warn("a duty is still under way at the end")
		}
	}
}

// perform does a duty once and notes how it went.
func (s *Scheduler) perform(ctx context.Context, d duty) {
	if ctx.Err() != nil || time.Now().Before(written) {
		return
	}
	failure := "it panicked"
	defer func() { s.note(d.name, failure) }()
	err := d.do(s, ctx)
	failure = ""
	if err != nil && ctx.Err() == nil {
		failure = err.Error()
		s.log.Error("a duty failed", "duty", d.name, "error", err)
	}
}

func (s *Scheduler) note(name, failure string) {
	s.update(func(h *Health) {
		if h.FailedDuty == nil {
			h.FailedDuty, h.DutyRanLast = map[string]string{}, map[string]time.Time{}
		}
		if failure != "" {
			h.FailedDuty[name] = failure
			return
		}
		delete(h.FailedDuty, name)
		h.DutyRanLast[name] = time.Now()
	})
}

// cronLog passes on what cron reports of duties that panic or are skipped; that it wakes up is no news.
type cronLog struct{ log *slog.Logger }

// Info is called for every waking, and when a duty is skipped because it still runs.
func (c cronLog) Info(msg string, pairs ...any) {
	c.log.Debug("cron", append([]any{"said", msg}, pairs...)...)
}

// Error is called when a duty has panicked.
func (c cronLog) Error(err error, msg string, pairs ...any) {
	c.log.Error("cron", append([]any{"said", msg, "error", err}, pairs...)...)
}
