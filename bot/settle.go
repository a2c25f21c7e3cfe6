package bot

import (
	"context"
	"time"

	"duban"
	"duban/store"
)

// What is tried again, and when.
const (
	secondCopy    = duban.SecondCopyAfter // after an outcome that nobody knows
	copiesAtMost  = 2
	repeatBackoff = 5 * time.Minute // the longest pause between two tries of an edit or of a rendering
	noTelegram    = 5 * time.Second // the longest pause when there is no connection at all
)

// outcomeUnknown is the reason of a letter that may have arrived twice or not at all.
const outcomeUnknown = duban.FailureUnknown

// heard notes that Telegram has answered, or that nobody has.
func (s *Sender) heard(l duban.Letter, outcome Outcome) {
	s.Stats.outcome(l.Lane, outcome.Verdict)
	s.clumsy.Delete(l.ID)
	if outcome.Verdict != Refused {
		s.failures.Store(0)
	}
}

// settle writes down what became of a letter that has not arrived. One transaction holds all of it.
func (s *Sender) settle(ctx context.Context, l duban.Letter, chat int64, outcome Outcome) (stays bool) {
	now := time.Now()
	switch outcome.Verdict {
	case Throttled:
		s.throttled(now, chat, outcome)
	case Stopped:
		s.tokenRefused(now, outcome)
	case Refused:
		s.Log.Warn("Telegram cannot be reached", "error", outcome.Reason)
		s.Pace.Halt(now, backoff(int(s.failures.Add(1)), time.Second/2, noTelegram))
	case Repeatable:
		s.putBack(ctx, l, now.Add(backoff(l.Refusals+1, 2*time.Second, repeatBackoff)), outcome.Reason)
		return false
	case Ambiguous:
		s.unsure(ctx, l, outcome.Reason)
		return false
	case Unreachable:
		s.unreachable(ctx, l, outcome.Reason)
		return false
	case EditGone, EraseLate:
		s.finish(ctx, l, duban.Failed, outcome.Reason)
		return false
	default:
		s.Log.Error("bug: Telegram rejects a letter", "letter", l.ID, "kind", l.Kind, "reason", outcome.Reason)
		s.finish(ctx, l, duban.Failed, outcome.Reason)
		return false
	}
	s.putBack(ctx, l, l.NextTry, outcome.Reason)
	return true
}

func (s *Sender) throttled(now time.Time, chat int64, outcome Outcome) {
	alarm := s.Pace.Penalize(now, chat, outcome.After)
	if !alarm {
		s.Log.Warn("Telegram asks us to send later", "after", outcome.After)
		return
	}
	s.Log.Error("Telegram asks us to leave a chat alone for long", "chat", chat, "after", outcome.After)
	s.Stats.count(func(f *Figures) { f.LongestWait = later(f.LongestWait, now.Add(outcome.After)) })
}

func (s *Sender) tokenRefused(now time.Time, outcome Outcome) {
	if s.Stats.tokenRefused(now) {
		s.Log.Error("Telegram refuses the token, nothing is sent: check the option telegram.token", "error", outcome.Reason)
	}
}

func (s *Sender) putBack(ctx context.Context, l duban.Letter, next time.Time, why string) {
	s.write(ctx, l, func(tx *store.Tx) error { return tx.MarkRefused(l.ID, next, why) }, nil)
}

// unsure deals with a letter that may have arrived.
func (s *Sender) unsure(ctx context.Context, l duban.Letter, why string) {
	s.Log.Warn("nobody knows whether a letter arrived", "letter", l.ID, "attempts", l.Attempts, "error", why)
	s.write(ctx, l, func(tx *store.Tx) error { return s.endUnknown(tx, l, false, why) }, nil)
}

// endUnknown gives a letter of unknown outcome its second copy in a minute, or gives it up when that was the second.
func (s *Sender) endUnknown(tx *store.Tx, l duban.Letter, edits bool, why string) error {
	switch {
	case edits:
		return tx.MarkRefused(l.ID, tx.Now, why)
	case l.Attempts < copiesAtMost:
		return tx.MarkUnknown(l.ID, tx.Now.Add(secondCopy), why)
	}
	s.Stats.count(func(f *Figures) { f.OutcomeUnsure++ })
	if err := tx.Finish(l.ID, duban.Failed, outcomeUnknown); err != nil || s.Hooks.Failed == nil {
		return err
	}
	return s.Hooks.Failed(tx, l, outcomeUnknown)
}

func (s *Sender) unreachable(ctx context.Context, l duban.Letter, reason string) {
	s.write(ctx, l, func(tx *store.Tx) error { return tx.Finish(l.ID, duban.Failed, reason) }, func(tx *store.Tx) error {
		if s.Hooks.Unreachable != nil {
			if err := s.Hooks.Unreachable(tx, l, reason); err != nil {
				return err
			}
		}
		return s.tellFailed(tx, l, reason)
	})
}

func (s *Sender) finish(ctx context.Context, l duban.Letter, state duban.LetterState, reason string) {
	s.write(ctx, l, func(tx *store.Tx) error { return tx.Finish(l.ID, state, reason) }, func(tx *store.Tx) error {
		if state != duban.Failed {
			return nil
		}
		return s.tellFailed(tx, l, reason)
	})
}

func (s *Sender) tellFailed(tx *store.Tx, l duban.Letter, reason string) error {
	if s.Hooks.Failed == nil {
		return nil
	}
	return s.Hooks.Failed(tx, l, reason)
}
