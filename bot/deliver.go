package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"strings"
	"time"

	"duban"
	"duban/internal/failpoint"
	"duban/store"
)

// What is tried again, and when.
const (
	secondCopy    = time.Minute // after an outcome that nobody knows
	copiesAtMost  = 2
	repeatBackoff = 5 * time.Minute // the longest pause between two tries of an edit or of a rendering
	noTelegram    = 5 * time.Second // the longest pause when there is no connection at all
	rendersAtMost = 5
)

// outcomeUnknown is the reason of a letter that may have arrived twice or not at all.
const outcomeUnknown = duban.FailureUnknown

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
		go func() { finished <- landed{t.who, t.letter, s.carry(ctx, working, l, t.paid)} }()
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

// carry brings one letter that is marked to its reader, or finds out why not, and reports whether it is to go again at once when its chat is free.
func (s *Sender) carry(ctx, working context.Context, l duban.Letter, paid bool) (stays bool) {
	o, err := s.render(working, l)
	if err != nil {
		return s.unrendered(working, l, err)
	}
	failpoint.At(failpoint.SendRendered)
	o.Paid = paid && o.Edit == 0
	release := s.turn(ctx, l, o, paid)
	if release == nil {
		s.putBack(working, l, l.NextTry, l.Reason)
		return false
	}
	s.Pace.Charge(time.Now(), o.ChatID, o.messages(), o.Edit != 0)
	failpoint.At(failpoint.SendLeaving)
	arrival, err := s.Client.Send(working, o)
	failpoint.At(failpoint.SendArrived)
	release()
	defer failpoint.At(failpoint.SendWritten)
	return s.settle(working, passage{l, o, arrival}, Classify(err, o))
}

// turn waits for a connection, and before that for the free pace when what was let through as paid is an edit, which cannot be paid for. It
// returns nil when the program stops first.
func (s *Sender) turn(ctx context.Context, l duban.Letter, o Outgoing, paid bool) (release func()) {
	for paid && o.Edit != 0 {
		turn := s.Pace.Ask(time.Now(), o.ChatID, duban.LaneReminder)
		if turn.OK {
			break
		}
		if !pause(ctx, time.Until(turn.At)) {
			return nil
		}
	}
	return s.open.connect(ctx, l.Lane)
}

// passage is a letter with what was sent for it and what that has left in the chat.
type passage struct {
	letter  duban.Letter
	out     Outgoing
	arrival Arrival
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

// settle writes down what became of a letter. One transaction holds all of it.
func (s *Sender) settle(ctx context.Context, p passage, outcome Outcome) (stays bool) {
	l, now := p.letter, time.Now()
	s.Stats.outcome(l.Lane, outcome.Verdict)
	s.clumsy.Delete(l.ID)
	if outcome.Verdict != Refused {
		s.failures.Store(0)
	}
	switch outcome.Verdict {
	case Delivered, NotModified:
		s.arrived(ctx, p)
		return false
	case Throttled:
		s.throttled(now, p.out.ChatID, outcome)
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

// arrived writes down that a letter has arrived: its state, what its messages are about, the live message and the reminder of its subject.
func (s *Sender) arrived(ctx context.Context, p passage) {
	l := p.letter
	s.write(ctx, l, func(tx *store.Tx) error {
		if err := tx.MarkSent(l.ID, p.arrival.MessageID); err != nil {
			return err
		}
		return p.note(tx)
	}, func(tx *store.Tx) error {
		if p.arrival.ChatID != p.out.ChatID && s.Hooks.Migrated != nil {
			if err := s.Hooks.Migrated(tx, p.out.ChatID, p.arrival.ChatID); err != nil {
				return err
			}
		}
		if s.Hooks.Delivered == nil {
			return nil
		}
		return s.Hooks.Delivered(tx, l, p.out, p.arrival.MessageID)
	})
	s.Stats.late(l.Lane, time.Since(momentOf(l)))
	s.tidy(ctx, p)
}

// momentOf returns for when a letter was meant. A live letter that goes again keeps the due moment of its first time.
func momentOf(l duban.Letter) time.Time {
	if store.Live(l.Kind) {
		return l.NextTry
	}
	return l.Due
}

// tidy deletes, pins and unpins what the letter asked for. It is best effort.
func (s *Sender) tidy(ctx context.Context, p passage) {
	if p.out.Delete != 0 {
		if err := s.Client.Delete(ctx, p.arrival.ChatID, p.out.Delete); err != nil {
			s.Log.Info("an old message was not deleted", "error", err)
		}
	}
	if p.out.Unpin {
		if err := s.Client.unpin(ctx, p.arrival.ChatID, p.arrival.MessageID); err != nil {
			s.Log.Info("a message was not unpinned", "error", err)
		}
	}
	if p.out.Pin && p.arrival.MessageID != p.out.Edit {
		if err := s.Client.pin(ctx, p.arrival.ChatID, p.arrival.MessageID); err != nil {
			s.Log.Info("a message was not pinned", "error", err)
		}
	}
}

// note keeps what the messages of a letter are about.
func (p passage) note(tx *store.Tx) error {
	person, err := p.person(tx)
	if err != nil {
		return err
	}
	if p.arrival.MessageID != p.out.Edit || len(p.out.About.Items) > 0 {
		if err := p.noteMessages(tx, person); err != nil {
			return err
		}
	}
	if person == 0 {
		return nil
	}
	return errors.Join(p.saveCard(tx, person), p.saveReminder(tx, person))
}

// person returns the reader: the letter's, or for an answer the one bound to the chat.
func (p passage) person(tx *store.Tx) (int64, error) {
	if p.letter.PersonID != 0 {
		return p.letter.PersonID, nil
	}
	account, err := tx.AccountOfTelegram(p.arrival.ChatID)
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return 0, err
	}
	return account.PersonID, nil
}

// noteMessages keeps even that a message is about nothing: a number means a line of a list only while no other message of ours came after it.
func (p passage) noteMessages(tx *store.Tx, person int64) error {
	about := p.about()
	if about.Kind == duban.NewsAnswer && person == 0 {
		return nil
	}
	about.ChatID, about.PersonID = p.arrival.ChatID, person
	for _, id := range p.arrival.All {
		about.MessageID = id
		if err := tx.NoteMessage(about); err != nil {
			return err
		}
	}
	return nil
}

// about says what a message is about: what the notice said, or of an answer what the handler said. The data of an answer are its words, which
// nobody needs again.
func (p passage) about() store.Message {
	l, said := p.letter, p.out.About
	if l.Kind == duban.NewsAnswer {
		return store.Message{
			Kind: l.Kind, AssignmentID: said.AssignmentID, AnnouncementID: said.AnnouncementID, SubmissionID: said.SubmissionID,
			Items: said.Items, Data: said.Data,
		}
	}
	return store.Message{
		Kind: l.Kind, AssignmentID: l.AssignmentID, AnnouncementID: l.AnnouncementID, SubmissionID: l.SubmissionID, Items: said.Items, Data: l.Data,
	}
}

func (p passage) saveCard(tx *store.Tx, person int64) error {
	if p.out.Subject == "" {
		return nil
	}
	card, err := cardOrNew(tx, p.out.Subject, person)
	if err != nil {
		return err
	}
	card.ChatID, card.MessageID = p.arrival.ChatID, p.arrival.MessageID
	return tx.SaveCard(card)
}

func (p passage) saveReminder(tx *store.Tx, person int64) error {
	if p.out.Reminds == "" {
		return nil
	}
	card, err := tx.Card(p.out.Reminds, person)
	if duban.CodeOf(err) == duban.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	card.ReminderID, card.ReminderAt = p.arrival.MessageID, tx.Now
	return tx.SaveCard(card)
}

func cardOrNew(tx *store.Tx, subject string, person int64) (store.Card, error) {
	card, err := tx.Card(subject, person)
	if duban.CodeOf(err) == duban.NotFound {
		return store.Card{Subject: subject, PersonID: person}, nil
	}
	return card, err
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

// hookError is an error of a hook, to tell it from one of the disk.
type hookError struct{ err error }

func (h *hookError) Error() string { return h.err.Error() }

// hooksAtMost is how often a hook may fail before what it should have written is left out: what Telegram has done stays true.
const hooksAtMost = 3

// write writes down what has become of a letter and insists on it, since it has happened. A hook that fails again and again is left out.
func (s *Sender) write(ctx context.Context, l duban.Letter, do, hook func(*store.Tx) error) {
	for failures := 1; ; failures++ {
		with := hook
		if failures > hooksAtMost {
			with = nil
		}
		err := s.Store.Write(ctx, both(do, with))
		if err == nil {
			return
		}
		s.Log.Error("write down what became of a letter", "letter", l.ID, "kind", l.Kind, "failures", failures, "error", err)
		if _, ok := errors.AsType[*hookError](err); !ok && failures >= hooksAtMost {
			failures--
		}
		if !pause(ctx, backoff(failures, time.Second, pollBackoff)) {
			return
		}
	}
}

func both(do, hook func(*store.Tx) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		if err := do(tx); err != nil || hook == nil {
			return err
		}
		return guardHook(tx, hook)
	}
}

func guardHook(tx *store.Tx, hook func(*store.Tx) error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &hookError{fmt.Errorf("panic: %v", v)}
		}
	}()
	if err := hook(tx); err != nil {
		return &hookError{err}
	}
	return nil
}
