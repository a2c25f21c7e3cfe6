package bot

import (
	"context"

	"duban"
)

// departure is a letter that is marked as going out, with where it stood in line.
type departure struct {
	ticket ticket
	letter duban.Letter
}

// departures are the letters that are marked and wait for one of as many carriers as there are connections. Neither line is ever full: each
// takes as many letters as may be on their way.
type departures struct{ answers, others chan departure }

func newDepartures() departures {
	return departures{answers: make(chan departure, underWay), others: make(chan departure, underWay)}
}

func (d departures) add(one departure) {
	if one.letter.Lane == duban.LaneAnswer {
		d.answers <- one
		return
	}
	d.others <- one
}

// next waits for the next letter, answers first; without ok there will be none.
func (d departures) next(answersOnly bool) (one departure, ok bool) {
	select {
	case one, ok = <-d.answers:
		return one, ok
	default:
	}
	others := d.others
	if answersOnly {
		others = nil
	}
	select {
	case one, ok = <-d.answers:
	case one, ok = <-others:
	}
	return one, ok
}

// few reports whether the carriers are about to have nothing to carry.
func (d departures) few() bool { return len(d.answers)+len(d.others) < sendConnections }

// end lets the carriers go, once nothing is on its way.
func (d departures) end() {
	close(d.answers)
	close(d.others)
}

// startCarriers starts those who bring letters to Telegram, one for each connection that may be open at once.
func (s *Sender) startCarriers(ctx, working context.Context, finished chan<- landed) {
	for n := range sendConnections + answerConnections {
		go s.carryOn(ctx, working, n >= sendConnections, finished)
	}
}
