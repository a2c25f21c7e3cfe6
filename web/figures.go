package web

import (
	"context"
	"runtime"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"duban"
	"duban/store"
)

// figures is read when it is asked for: the counters of the running parts, and what the database tells. No label carries anything that a
// person wrote.
type figures struct {
	server *Server

	build       *prometheus.Desc
	inbox       *prometheus.Desc
	inboxAge    *prometheus.Desc
	quarantined *prometheus.Desc
	outbox      *prometheus.Desc
	outboxAge   *prometheus.Desc
	sends       *prometheus.Desc
	lateness    *prometheus.Desc
	lastPoll    *prometheus.Desc
	lastCommit  *prometheus.Desc
	lastTurn    *prometheus.Desc
	commits     *prometheus.Desc
	committed   *prometheus.Desc
	assignments *prometheus.Desc
	overdue     *prometheus.Desc
	tokenGood   *prometheus.Desc
	lastBackup  *prometheus.Desc
	noBackup    *prometheus.Desc
}

const prefix = "duban_"

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc(prefix+name, help, labels, nil)
}

func newFigures(s *Server) *figures {
	return &figures{
		server:      s,
		build:       desc("build_info", "Always 1; the labels say which program runs.", "version", "go_version"),
		inbox:       desc("inbox_waiting", "Updates that are stored and not yet handled."),
		inboxAge:    desc("inbox_oldest_age_seconds", "Age of the oldest update that is not yet handled, 0 when none waits."),
		quarantined: desc("inbox_quarantined", "Updates that were put aside because they could not be handled."),
		outbox:      desc("outbox_waiting", "Letters that may go out now, by lane.", "lane"),
		outboxAge:   desc("outbox_oldest_age_seconds", "How long the oldest letter that may go out has waited, by lane, 0 when none waits.", "lane"),
		sends:       desc("sends_total", "Requests that sent something, by lane and by what came of them.", "lane", "outcome"),
		lateness:    desc("letter_lateness_seconds", "How long after the moment for which they were meant letters left, by lane.", "lane"),
		lastPoll:    desc("last_poll_timestamp_seconds", "When Telegram last answered a poll or posted an update, 0 before the first."),
		lastCommit:  desc("last_commit_timestamp_seconds", "When something was last committed, 0 before the first."),
		lastTurn:    desc("last_tick_timestamp_seconds", "When a loop last came round, 0 before the first.", "loop"),
		commits:     desc("commits_total", "Commits of the database, each of which is one sync of the disk."),
		committed:   desc("committed_transactions_total", "Transactions that these commits carried."),
		assignments: desc("assignments", "Assignments by state.", "state"),
		overdue:     desc("assignments_overdue", "Assignments past their deadline that are still with their unit."),
		tokenGood:   desc("token_accepted", "1 while Telegram accepts the token, 0 while it refuses it."),
		lastBackup:  desc("last_backup_timestamp_seconds", "When the newest of the daily backups was made, 0 when there is none."),
		noBackup:    desc("backup_failures", "Attempts at a daily backup in a row that failed."),
	}
}

// Describe sends nothing: which counters there are is known only when they are read.
func (f *figures) Describe(chan<- *prometheus.Desc) {}

// Collect reads every figure.
func (f *figures) Collect(ch chan<- prometheus.Metric) {
	gauge(ch, f.build, 1, f.server.Version, runtime.Version())
	f.fromParts(ch, f.server.Vitals())
	commits, closures := f.server.Store.Commits()
	counter(ch, f.commits, commits)
	counter(ch, f.committed, closures)
	gauge(ch, f.lastCommit, seconds(f.server.Store.LastCommit()))
	ctx, cancel := context.WithTimeout(context.Background(), askWithin)
	defer cancel()
	var got answers
	err := f.server.Store.Read(ctx, func(tx *store.Tx) (err error) {
		got, err = ask(tx)
		return err
	})
	if err != nil {
		ch <- prometheus.NewInvalidMetric(f.inbox, err)
		return
	}
	f.fromDatabase(ch, got)
}

func (f *figures) fromParts(ch chan<- prometheus.Metric, v Vitals) {
	gauge(ch, f.lastPoll, seconds(v.LastPoll))
	gauge(ch, f.tokenGood, boolean(v.TokenRefused.IsZero()))
	gauge(ch, f.lastBackup, seconds(v.LastBackup))
	gauge(ch, f.noBackup, float64(v.BackupsFailed))
	for _, l := range v.Loops {
		gauge(ch, f.lastTurn, seconds(l.Ticked), l.Name)
	}
	for _, s := range v.Sends {
		counter(ch, f.sends, s.N, laneName(s.Lane), s.Outcome)
	}
	for _, l := range v.Lateness {
		ch <- prometheus.MustNewConstHistogram(f.lateness, uint64(l.Count), l.Sum.Seconds(), cumulated(l), laneName(l.Lane))
	}
	for _, c := range v.Counters {
		if c.Label == "" {
			counter(ch, desc(c.Name, c.Help), c.N)
			continue
		}
		counter(ch, desc(c.Name, c.Help, c.Label), c.N, c.Value)
	}
}

// cumulated counts in each bucket what the smaller ones hold too, as Prometheus wants it.
func cumulated(l Lateness) map[float64]uint64 {
	buckets := make(map[float64]uint64, len(l.Bounds))
	var sum int64
	for i, bound := range l.Bounds {
		if i < len(l.Buckets) {
			sum += l.Buckets[i]
		}
		buckets[bound.Seconds()] = uint64(sum)
	}
	return buckets
}

// answers is what the database tells.
type answers struct {
	now     time.Time
	inbox   store.InboxState
	lanes   []store.LaneState
	states  []store.StateCount
	overdue int
}

func ask(tx *store.Tx) (a answers, err error) {
	a.now = tx.Now
	if a.inbox, err = tx.InboxState(); err != nil {
		return a, err
	}
	if a.lanes, err = tx.OutboxState(); err != nil {
		return a, err
	}
	if a.states, err = tx.CountAssignments(); err != nil {
		return a, err
	}
	a.overdue, err = tx.CountOverdue(tx.Now)
	return a, err
}

func (f *figures) fromDatabase(ch chan<- prometheus.Metric, a answers) {
	gauge(ch, f.inbox, float64(a.inbox.Waiting))
	gauge(ch, f.inboxAge, age(a.inbox.Oldest, a.now))
	gauge(ch, f.quarantined, float64(a.inbox.Quarantined))
	waiting := map[duban.Lane]store.LaneState{}
	for _, l := range a.lanes {
		waiting[l.Lane] = l
	}
	for _, l := range duban.Lanes {
		gauge(ch, f.outbox, float64(waiting[l.Lane].Waiting), l.Name)
		gauge(ch, f.outboxAge, age(waiting[l.Lane].Oldest, a.now), l.Name)
	}
	for _, s := range a.states {
		gauge(ch, f.assignments, float64(s.N), string(s.State))
	}
	gauge(ch, f.overdue, float64(a.overdue))
}

func gauge(ch chan<- prometheus.Metric, d *prometheus.Desc, v float64, labels ...string) {
	ch <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
}

func counter(ch chan<- prometheus.Metric, d *prometheus.Desc, n int64, labels ...string) {
	ch <- prometheus.MustNewConstMetric(d, prometheus.CounterValue, float64(n), labels...)
}

func laneName(lane duban.Lane) string {
	for _, l := range duban.Lanes {
		if l.Lane == lane {
			return l.Name
		}
	}
	return "unknown"
}

// seconds is an instant as Prometheus writes it; 0 for none.
func seconds(t time.Time) float64 {
	if t.IsZero() {
		return 0
	}
	return float64(t.UnixMilli()) / 1000
}

func age(since, now time.Time) float64 {
	if since.IsZero() {
		return 0
	}
	return max(0, now.Sub(since).Seconds())
}

func boolean(b bool) float64 {
	if b {
		return 1
	}
	return 0
}
