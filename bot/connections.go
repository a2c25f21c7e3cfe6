package bot

import (
	"context"
	"sync"

	"duban"
)

// connections are the requests to Telegram that may be open at once.
type connections struct{ shared, answers chan struct{} }

func newConnections() connections {
	return connections{shared: make(chan struct{}, sendConnections), answers: make(chan struct{}, answerConnections)}
}

// connect waits for a connection and returns how to give it back; nil when the program stops first.
func (c connections) connect(ctx context.Context, lane duban.Lane) (release func()) {
	if ctx.Err() != nil {
		return nil
	}
	own := c.answers
	if lane != duban.LaneAnswer {
		own = nil
	}
	select {
	case c.shared <- struct{}{}:
		return func() { <-c.shared }
	case own <- struct{}{}:
		return func() { <-own }
	case <-ctx.Done():
		return nil
	}
}

// departure is a letter that is marked as going out, with where it stood in line.
type departure struct {
	ticket ticket
	letter duban.Letter
}

// departures are the letters that are marked and wait for one of as many carriers as there are connections.
type departures struct {
	mu              sync.Mutex
	answers, others []departure
	carriers        int // who carry anything, answers first
	answerCarriers  int // who carry answers only
}

// add lets a letter wait, and tells whether another carrier is to be started, and for what.
func (d *departures) add(one departure) (answersOnly, start bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	answer := one.letter.Lane == duban.LaneAnswer
	if answer {
		d.answers = append(d.answers, one)
	} else {
		d.others = append(d.others, one)
	}
	switch {
	case d.carriers < sendConnections:
		d.carriers++
		return false, true
	case answer && d.answerCarriers < answerConnections:
		d.answerCarriers++
		return true, true
	}
	return false, false
}

// next hands a carrier the next letter. When there is none the carrier is done.
func (d *departures) next(answersOnly bool) (one departure, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case len(d.answers) > 0:
		one, d.answers = d.answers[0], d.answers[1:]
		return one, true
	case answersOnly:
		d.answerCarriers--
		return one, false
	case len(d.others) > 0:
		one, d.others = d.others[0], d.others[1:]
		return one, true
	}
	d.carriers--
	return one, false
}
