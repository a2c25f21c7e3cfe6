// Package web serves what machines ask: whether the program lives, whether it works, and its figures.
package web

import (
	"fmt"
	"time"

	"duban"
)

// Vitals is what the running parts tell of themselves at one moment. It holds plain values, so that this package knows none of them.
type Vitals struct {
	Loops []Loop

	// Webhook says that updates are posted to us; else they are polled. Arriving is when that began to work, zero while it does not.
	Webhook  bool
	Arriving time.Time
	// LastPoll is the last poll that Telegram answered, or the last update that it posted.
	LastPoll time.Time
	// TokenRefused is since when Telegram refuses the token, zero while it does not.
	TokenRefused time.Time
	// Troubles are what else keeps the program from its work, in words that name nobody.
	Troubles []string
	// Warnings are what somebody should see to though the work goes on, in words that name nobody. They make nothing unready.
	Warnings []string
	// LastBackup is when the newest of the backups that are made by the clock was made, zero when there is none; BackupsFailed is how many attempts
	// after it have failed.
	LastBackup    time.Time
	BackupsFailed int

	Sends    []Sends
	Lateness []Lateness
	Counters []Counter
}

// Loop is a part that has to turn all the time.
type Loop struct {
	Name   string
	Ticked time.Time     // when it last came round; zero: not yet
	Within time.Duration // how long a turn may take at most
}

// Sends is how many requests that sent something ended in an outcome.
type Sends struct {
	Lane    duban.Lane
	Outcome string
	N       int64
}

// Lateness is how long after the moment for which they were meant the letters of a lane left. Buckets[i] counts those of at most Bounds[i]
// and more than the bound before.
type Lateness struct {
	Lane    duban.Lane
	Bounds  []time.Duration
	Buckets []int64
	Count   int64
	Sum     time.Duration
}

// Counter is a figure that only grows. Label and Value are empty for one that stands alone.
type Counter struct {
	Name, Help   string // such as poll_errors_total; the prefix of the program is put before it
	Label, Value string
	N            int64
}

// pollsWithin is how long ago the last poll may be in a program that is ready: a poll may take a minute.
const pollsWithin = 90 * time.Second

// Unhealthy returns what keeps the program from being alive: loops that do not come round. None means that restarting would not help.
func (v Vitals) Unhealthy(now time.Time) []string {
	var reasons []string
	for _, l := range v.Loops {
		switch late := now.Sub(l.Ticked); {
		case l.Ticked.IsZero():
			reasons = append(reasons, fmt.Sprintf("the %s has not turned yet", l.Name))
		case late > l.Within:
			reasons = append(reasons, fmt.Sprintf("the %s has not turned for %d s", l.Name, int(late.Seconds())))
		}
	}
	return reasons
}

// Unready returns what keeps the program from doing its work: updates that do not arrive, a token that is refused.
func (v Vitals) Unready(now time.Time) []string {
	var reasons []string
	switch late := now.Sub(v.LastPoll); {
	case v.Webhook && v.Arriving.IsZero():
		reasons = append(reasons, "the webhook is not set yet")
	case v.Webhook:
	case v.LastPoll.IsZero():
		reasons = append(reasons, "no poll has succeeded yet")
	case late > pollsWithin:
		reasons = append(reasons, fmt.Sprintf("no poll has succeeded for %d s", int(late.Seconds())))
	}
	if !v.TokenRefused.IsZero() {
		reasons = append(reasons, "telegram refuses the token")
	}
	return append(reasons, v.Troubles...)
}
