package bot

import (
	"context"
	"errors"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"duban"
	"duban/internal/failpoint"
	"duban/store"
)

// rendersAtMost is how often the rendering of a letter may fail.
const rendersAtMost = 5

// book writes down at one go what has arrived and which letters are going out next, so that both share a commit. Then those set out.
func (s *Sender) book(ctx, working context.Context, arrived []arrival, leaving []ticket, finished chan<- landed) {
	var writing sync.WaitGroup
	if len(arrived) > 0 {
		writing.Go(func() { s.writeArrived(working, arrived, finished) })
	}
	if len(leaving) > 0 {
		s.carryAll(ctx, working, leaving, finished)
	}
	writing.Wait()
	s.booked <- struct{}{}
}

// carryAll brings letters to their readers. First they are marked as going out, together in one commit, then each is rendered, so that a change
// in between is either in the words or queues the letter again.
func (s *Sender) carryAll(ctx, working context.Context, leaving []ticket, finished chan<- landed) {
	claimed, err := s.claim(working, leaving)
	if err != nil {
		s.Log.Error("mark letters as going out", "letters", len(leaving), "error", err)
		s.Pace.Halt(time.Now(), time.Second)
	}
	failpoint.At(failpoint.SendMarked)
	for _, t := range leaving {
		l, ok := claimed[t.letter.ID]
		if !ok {
			finished <- landed{t.who, t.letter, err != nil}
			continue
		}
		if answersOnly, start := s.departures.add(departure{t, l}); start {
			go s.carryOn(ctx, working, answersOnly, finished)
		}
	}
}

// carryOn carries one marked letter after the other until none waits.
func (s *Sender) carryOn(ctx, working context.Context, answersOnly bool, finished chan<- landed) {
	for d, ok := s.departures.next(answersOnly); ok; d, ok = s.departures.next(answersOnly) {
		if stays, ended := s.carry(ctx, working, d, finished); ended {
			finished <- landed{d.ticket.who, d.ticket.letter, stays}
		}
	}
}

// claim marks letters as going out and returns them as they stand now. Those that no longer wait are left out.
func (s *Sender) claim(ctx context.Context, leaving []ticket) (map[int64]duban.Letter, error) {
	ids := make([]int64, 0, len(leaving))
	for _, t := range leaving {
		ids = append(ids, t.letter.ID)
	}
	var marked []duban.Letter
	err := s.Store.Write(ctx, func(tx *store.Tx) (err error) {
		marked, err = tx.MarkAllSending(ids)
		return err
	})
	if err != nil {
		return nil, err
	}
	claimed := make(map[int64]duban.Letter, len(marked))
	for _, l := range marked {
		claimed[l.ID] = l
	}
	return claimed, nil
}

// carry brings one letter that is marked to its reader, or finds out why not. It reports whether that is the end of it, which it is not when the
// arrival is still to be written down, and whether the letter is to go again at once when its chat is free.
func (s *Sender) carry(ctx, working context.Context, d departure, finished chan<- landed) (stays, ended bool) {
	o, err := s.render(working, d.letter)
	if err != nil {
		return s.unrendered(working, d.letter, err), true
	}
	failpoint.At(failpoint.SendRendered)
	if d.ticket.paid && !o.payable() {
		go func() {
			if stays, ended := s.carryFree(ctx, working, d, o); ended {
				finished <- landed{d.ticket.who, d.ticket.letter, stays}
			}
		}()
		return false, false
	}
	o.Paid = d.ticket.paid
	return s.leave(ctx, working, d, o)
}

// carryFree waits for the free pace, since what was let through as paid cannot be paid for.
func (s *Sender) carryFree(ctx, working context.Context, d departure, o Outgoing) (stays, ended bool) {
	for turn := s.Pace.Ask(time.Now(), o.ChatID, duban.LaneReminder); !turn.OK; turn = s.Pace.Ask(time.Now(), o.ChatID, duban.LaneReminder) {
		if !pause(ctx, time.Until(turn.At)) {
			break
		}
	}
	return s.leave(ctx, working, d, o)
}

// leave makes the request of a letter, unless the program stops first: then the letter is put back.
func (s *Sender) leave(ctx, working context.Context, d departure, o Outgoing) (stays, ended bool) {
	l := d.letter
	release := s.open.connect(ctx, l.Lane)
	if release == nil {
		s.putBack(working, l, l.NextTry, l.Reason)
		return false, true
	}
	s.Pace.Charge(time.Now(), o.ChatID, o.messages(), o.Edit != 0)
	failpoint.At(failpoint.SendLeaving)
	sent, err := s.Client.Send(working, o)
	failpoint.At(failpoint.SendArrived)
	release()
	outcome := Classify(err, o)
	s.heard(l, outcome)
	if outcome.Verdict == Delivered || outcome.Verdict == NotModified {
		s.arrivals.add(arrival{passage{l, o, sent}, landed{d.ticket.who, d.ticket.letter, false}})
		return false, false
	}
	defer failpoint.At(failpoint.SendWritten)
	return s.settle(working, l, o.ChatID, outcome), true
}

func (s *Sender) render(ctx context.Context, l duban.Letter) (o Outgoing, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &panicked{v, debug.Stack()}
		}
	}()
	return s.Hooks.Render(ctx, l)
}

// unrendered ends a letter that its renderer does not want sent, and tries again the one that it could not render.
func (s *Sender) unrendered(ctx context.Context, l duban.Letter, err error) (stays bool) {
	if end, ok := errors.AsType[*Undeliverable](err); ok {
		s.finish(ctx, l, end.State, end.Reason)
		return false
	}
	if hold, ok := errors.AsType[*Held](err); ok {
		s.putBack(ctx, l, time.Now().Add(hold.For), hold.Reason)
		return false
	}
	before, _ := s.clumsy.LoadOrStore(l.ID, 0)
	failures := before.(int) + 1
	s.Log.Error("render a letter", "letter", l.ID, "kind", l.Kind, "failures", failures, "error", err)
	if failures >= rendersAtMost {
		s.clumsy.Delete(l.ID)
		s.finish(ctx, l, duban.Failed, "render: "+firstLine(err))
		return false
	}
	s.clumsy.Store(l.ID, failures)
	s.putBack(ctx, l, time.Now().Add(backoff(failures, time.Second, repeatBackoff)), "render: "+firstLine(err))
	return false
}

func firstLine(err error) string {
	line, _, _ := strings.Cut(err.Error(), "\n")
	return line
}
