package app

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"time"

	"duban/bot"
	"duban/scheduler"
	"duban/store"
	"duban/web"
)

// turnsWithin is how long a pass of the scheduler may take; it looks at the clock every five seconds.
const turnsWithin = time.Minute

// vitalsOf puts what the parts tell of themselves side by side for health checks and metrics.
func vitalsOf(f bot.Figures, h scheduler.Health, a *arrival, s *store.Store) web.Vitals {
	v := web.Vitals{
		Loops:        []web.Loop{{Name: "scheduler", Ticked: h.LastPass, Within: turnsWithin}},
		Webhook:      a.webhook,
		Arriving:     a.at(),
		LastPoll:     f.LastPoll,
		TokenRefused: f.TokenRefused,
	}
	if h.ClockWrong {
		v.Troubles = append(v.Troubles, scheduler.ErrClock.Error())
	}
	if s.Full() {
		v.Troubles = append(v.Troubles, "the disk of the database is full")
	}
	if h.Damaged {
		v.Troubles = append(v.Troubles, "the database file is damaged")
	}
	v.LastBackup, v.BackupsFailed, v.Warnings = h.Backups.Good, h.Backups.Failed, warningsOf(h)
	for label, n := range f.Sends {
		v.Sends = append(v.Sends, web.Sends{Lane: label.Lane, Outcome: string(label.Verdict), N: n})
	}
	slices.SortFunc(v.Sends, func(a, b web.Sends) int {
		return cmp.Or(cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.Outcome, b.Outcome))
	})
	for lane, l := range f.Lateness {
		v.Lateness = append(v.Lateness, web.Lateness{Lane: lane, Bounds: bot.LatenessBounds, Buckets: l.Buckets, Count: l.Count, Sum: l.Sum})
	}
	v.Counters = countersOf(f, h)
	return v
}

// warningsOf lists what somebody should see to though the work goes on.
func warningsOf(h scheduler.Health) []string {
	var all []string
	if h.DiskLow {
		all = append(all, "the disk of the database is nearly full")
	}
	if h.Backups.Failed > 0 {
		all = append(all, fmt.Sprintf("the last %d attempts at a backup failed", h.Backups.Failed))
	}
	for _, name := range slices.Sorted(maps.Keys(h.FailedDuty)) {
		all = append(all, fmt.Sprintf("the duty %s failed when it last ran", name))
	}
	return all
}

func countersOf(f bot.Figures, h scheduler.Health) []web.Counter {
	return []web.Counter{
		{Name: "updates_received_total", Help: "Updates stored, each once.", N: f.Received},
		{Name: "updates_repeated_total", Help: "Updates that Telegram delivered again.", N: f.Repeated},
		{Name: "updates_handled_total", Help: "Updates handled to the end.", N: f.Handled},
		{Name: "updates_retried_total", Help: "Attempts at an update that failed.", N: f.Retried},
		{Name: "updates_quarantined_total", Help: "Updates put aside because they could not be handled.", N: f.Quarantined},
		{Name: "evidence_files_total", Help: "Files sent as evidence, by what became of them.", Label: "outcome", Value: "stored", N: f.FilesStored},
		{Name: "evidence_files_total", Help: "Files sent as evidence, by what became of them.", Label: "outcome", Value: "lost", N: f.FilesLost},
		{Name: "poll_errors_total", Help: "Polls that failed.", N: f.PollErrors},
		{Name: "poll_conflicts_total", Help: "Polls refused because somebody else fetches the updates too.", N: f.Conflicts},
		{Name: "letters_unsure_total", Help: "Letters given up because nobody knows whether they arrived.", N: f.OutcomeUnsure},
		{Name: "assignments_postponed_total", Help: "Assignments pushed ahead because the scheduler could not handle them.", N: int64(h.Poisoned)},
	}
}
