package store

import (
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"duban"
)

// mustLetter returns a letter by its key.
func mustLetter(tb testing.TB, s *Store, key string) duban.Letter {
	tb.Helper()
	var l duban.Letter
	mustRead(tb, s, func(tx *Tx) (err error) {
		l, err = tx.LetterByKey(key)
		return err
	})
	return l
}

func post(tb testing.TB, s *Store, n duban.Notice) {
	tb.Helper()
	mustWrite(tb, s, func(tx *Tx) error { return tx.Post(n) })
}

func ready(tb testing.TB, s *Store, lane duban.Lane) []duban.Letter {
	tb.Helper()
	var all []duban.Letter
	mustRead(tb, s, func(tx *Tx) (err error) {
		all, err = tx.ReadyLetters(lane, time.Time{}, 0, 100)
		return err
	})
	return all
}

func begin(tb testing.TB, s *Store, id int64) {
	tb.Helper()
	mustWrite(tb, s, func(tx *Tx) error {
		_, err := tx.MarkSending(id)
		return err
	})
}

func TestANoticePostedTwiceIsOneLetter(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	n := duban.Notice{Key: "reminder:1", Kind: duban.NewsReminder, Lane: duban.LaneReminder, PersonID: o.person, Data: "first", PushDay: "2026-10-12"}
	post(t, s, n)
	n.Data = "second"
	post(t, s, n)
	if l := mustLetter(t, s, n.Key); l.Data != "first" || l.State != duban.Queued || l.PersonID != o.person {
		t.Errorf("letter: %+v", l)
	}
	begin(t, s, 1)
	mustWrite(t, s, func(tx *Tx) error { return tx.MarkSent(1, 77) })
	post(t, s, n)
	if l := mustLetter(t, s, n.Key); l.State != duban.Sent || l.MessageID != 77 || l.DoneAt.IsZero() {
		t.Errorf("after it was sent: %+v", l)
	}
	mustRead(t, s, func(tx *Tx) error {
		if count, err := tx.Pushes(o.person, "2026-10-12"); err != nil || count != 1 {
			t.Errorf("%d pushes, %v", count, err)
		}
		return nil
	})
}

func TestALiveLetterIsQueuedAgainWhateverHasBecomeOfIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		o := mustPeople(t, s)
		card := duban.Notice{Key: "card:1:1", Kind: duban.NewsCard, PersonID: o.person, AssignmentID: 1}
		post(t, s, card)
		id := mustLetter(t, s, card.Key).ID

		begin(t, s, id)
		post(t, s, card) // the state changes while the card is on its way
		if l := mustLetter(t, s, card.Key); l.State != duban.Sending {
			t.Fatalf("while it is going out: %+v", l)
		}
		mustWrite(t, s, func(tx *Tx) error { return tx.MarkSent(id, 77) })
		if l := mustLetter(t, s, card.Key); l.State != duban.Queued || l.Attempts != 0 || l.MessageID != 77 {
			t.Errorf("changed on its way: %+v", l)
		}
		begin(t, s, id)
		mustWrite(t, s, func(tx *Tx) error { return tx.MarkSent(id, 77) })
		if l := mustLetter(t, s, card.Key); l.State != duban.Sent {
			t.Errorf("sent once more: %+v", l)
		}
		for _, state := range []duban.LetterState{duban.Failed, duban.Cancelled, duban.Missed} {
			mustWrite(t, s, func(tx *Tx) error { return tx.Finish(id, state, "why") })
			post(t, s, card)
			if l := mustLetter(t, s, card.Key); l.State != duban.Queued || !l.DoneAt.IsZero() {
				t.Errorf("after %s: %+v", state, l)
			}
		}
	})
}

func TestPostingALiveLetterAgainNeverDelaysIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		o := mustPeople(t, s)
		card := duban.Notice{Key: "card:1:1", Kind: duban.NewsCard, PersonID: o.person}
		post(t, s, card)
		later := card
		later.NotBefore = time.Now().Add(time.Hour)
		post(t, s, later)
		if got := ready(t, s, duban.LaneAnswer); len(got) != 1 {
			t.Errorf("%d letters are ready", len(got))
		}
	})
}

func TestALetterThatNoLongerWaitsIsNotSent(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	post(t, s, duban.Notice{Key: "r", Kind: duban.NewsReminder, PersonID: o.person, AssignmentID: 5})
	id := mustLetter(t, s, "r").ID
	mustWrite(t, s, func(tx *Tx) error { return tx.CancelPushes(5, "submitted") })
	if l := mustLetter(t, s, "r"); l.State != duban.Missed || l.Reason != "submitted" {
		t.Errorf("letter: %+v", l)
	}
	err := s.Write(ctx, func(tx *Tx) error {
		_, err := tx.MarkSending(id)
		return err
	})
	if duban.CodeOf(err) != duban.NotFound {
		t.Errorf("it goes out all the same: %v", err)
	}
}

func TestCancellingPushesLeavesCardsAndAnswersAlone(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	for _, kind := range duban.NewsKinds {
		post(t, s, duban.Notice{Key: string(kind), Kind: kind, PersonID: o.person, AssignmentID: 5})
	}
	mustWrite(t, s, func(tx *Tx) error { return tx.CancelPushes(5, "submitted") })
	pushes := map[duban.NewsKind]bool{duban.NewsReminder: true, duban.NewsUnsigned: true, duban.NewsDue: true, duban.NewsUrge: true,
		duban.NewsHalfway: true, duban.NewsPromise: true, duban.NewsPending: true}
	for _, kind := range duban.NewsKinds {
		if got := mustLetter(t, s, string(kind)).State == duban.Missed; got != pushes[kind] {
			t.Errorf("%s is missed: %t", kind, got)
		}
	}
}

func TestAttemptsAndRefusalsAreCountedApart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		o := mustPeople(t, s)
		post(t, s, duban.Notice{Key: "a", Kind: duban.NewsAnswer, PersonID: o.person})
		begin(t, s, 1)
		mustWrite(t, s, func(tx *Tx) error { return tx.MarkRefused(1, tx.Now.Add(time.Minute), "429") })
		if l := mustLetter(t, s, "a"); l.State != duban.Queued || l.Attempts != 0 || l.Refusals != 1 || l.Reason != "429" {
			t.Errorf("refused: %+v", l)
		}
		if got := ready(t, s, duban.LaneAnswer); len(got) != 0 {
			t.Error("it is ready before its time")
		}
		time.Sleep(time.Minute)
		begin(t, s, 1)
		mustWrite(t, s, func(tx *Tx) error { return tx.MarkUnknown(1, tx.Now.Add(time.Minute), "reset") })
		if l := mustLetter(t, s, "a"); l.State != duban.Unknown || l.Attempts != 1 {
			t.Errorf("unknown: %+v", l)
		}
		mustRead(t, s, func(tx *Tx) error {
			next, err := tx.NextLetter()
			if err != nil || !next.Equal(tx.Now.Add(time.Minute)) {
				t.Errorf("next %s, %v", next, err)
			}
			return nil
		})
	})
}

func TestReadyLettersComeInOrderAndInPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		o := mustPeople(t, s)
		for _, n := range []duban.Notice{{Key: "2"}, {Key: "3"}, {Key: "later", NotBefore: time.Now().Add(time.Second)}} {
			n.Kind, n.PersonID = duban.NewsAnswer, o.person
			post(t, s, n)
		}
		time.Sleep(2 * time.Second)
		first := ready(t, s, duban.LaneAnswer)
		if len(first) != 3 || first[0].Key != "2" || first[1].Key != "3" || first[2].Key != "later" {
			t.Fatalf("letters: %+v", first)
		}
		mustRead(t, s, func(tx *Tx) error {
			rest, err := tx.ReadyLetters(duban.LaneAnswer, first[0].NextTry, first[0].ID, 1)
			if err != nil || len(rest) != 1 || rest[0].Key != "3" {
				t.Errorf("second page: %+v, %v", rest, err)
			}
			lanes, err := tx.OutboxState()
			if err != nil || len(lanes) != 1 || lanes[0].Waiting != 3 {
				t.Errorf("lanes: %+v, %v", lanes, err)
			}
			return nil
		})
	})
}

func TestALetterIsMergedOnlyBeforeItGoesOut(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	merge := func(data string) (merged bool) {
		mustWrite(t, s, func(tx *Tx) (err error) {
			merged, err = tx.Merge("late:1", data)
			return err
		})
		return merged
	}
	if merge("none") {
		t.Error("what was never posted is merged")
	}
	post(t, s, duban.Notice{Key: "late:1", Kind: duban.NewsLate, PersonID: o.person, Data: "one"})
	if !merge("two") || mustLetter(t, s, "late:1").Data != "two" {
		t.Error("what waits is not merged")
	}
	begin(t, s, 1)
	if merge("three") || mustLetter(t, s, "late:1").Data != "two" {
		t.Error("what is going out is changed")
	}
}

func TestForgottenAreOnlyOldLettersThatEndedAndAreNotLive(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := mustOpen(t)
		o := mustPeople(t, s)
		for _, n := range []duban.Notice{{Key: "done", Kind: duban.NewsDue}, {Key: "waits", Kind: duban.NewsDue}, {Key: "card", Kind: duban.NewsCard}, {Key: "review", Kind: duban.NewsReview}} {
			n.PersonID = o.person
			post(t, s, n)
		}
		for _, key := range []string{"done", "card", "review"} {
			id := mustLetter(t, s, key).ID
			begin(t, s, id)
			mustWrite(t, s, func(tx *Tx) error { return tx.MarkSent(id, 1) })
		}
		time.Sleep(time.Hour)
		mustWrite(t, s, func(tx *Tx) error {
			n, err := tx.ForgetLetters(tx.Now, 100)
			if n != 1 {
				t.Errorf("%d are forgotten", n)
			}
			return err
		})
		mustRead(t, s, func(tx *Tx) error {
			if _, err := tx.LetterByKey("done"); duban.CodeOf(err) != duban.NotFound {
				t.Errorf("the finished one: %v", err)
			}
			return nil
		})
	})
}

func TestALiveLetterThatChangesWhileItIsCancelledIsQueuedAgain(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	card := duban.Notice{Key: "card:1:1", Kind: duban.NewsCard, PersonID: o.person, AssignmentID: 1}
	post(t, s, card)
	id := mustLetter(t, s, card.Key).ID
	begin(t, s, id)
	post(t, s, card)
	mustWrite(t, s, func(tx *Tx) error { return tx.Finish(id, duban.Cancelled, "not the owner") })
	if l := mustLetter(t, s, card.Key); l.State != duban.Queued || !l.DoneAt.IsZero() {
		t.Errorf("changed meanwhile: %+v", l)
	}
	begin(t, s, id)
	mustWrite(t, s, func(tx *Tx) error { return tx.Finish(id, duban.Cancelled, "not the owner") })
	if l := mustLetter(t, s, card.Key); l.State != duban.Cancelled || l.DoneAt.IsZero() {
		t.Errorf("not changed: %+v", l)
	}
}

func TestOfLettersThatArriveTogetherOnlyTheChangedOneIsQueuedAgain(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	var sent []Sent
	for i := range 40 {
		card := duban.Notice{Key: fmt.Sprint("card:", i), Kind: duban.NewsCard, PersonID: o.person, AssignmentID: 1}
		post(t, s, card)
		id := mustLetter(t, s, card.Key).ID
		begin(t, s, id)
		if i == 33 {
			post(t, s, card) // it changes on its way
		}
		sent = append(sent, Sent{ID: id, Message: int64(100 + i)})
	}
	mustWrite(t, s, func(tx *Tx) error { return tx.MarkAllSent(sent) })
	for i := range 40 {
		wanted := duban.Sent
		if i == 33 {
			wanted = duban.Queued
		}
		if l := mustLetter(t, s, fmt.Sprint("card:", i)); l.State != wanted || l.MessageID != int64(100+i) || l.DoneAt.IsZero() != (i == 33) {
			t.Errorf("letter %d: %+v", i, l)
		}
	}
}

func TestALetterWaitsInTheIndexesExactlyUntilItHasEnded(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	group := duban.Notice{Key: "count", Kind: duban.NewsGroupCount, ChatID: -5}
	post(t, s, group)
	id := mustLetter(t, s, group.Key).ID
	begin(t, s, id)
	mustWrite(t, s, func(tx *Tx) error { return tx.MarkSent(id, 9) })
	post(t, s, group)
	post(t, s, duban.Notice{Key: "pushed", Kind: duban.NewsDue, PersonID: o.person, AssignmentID: 1})
	mustWrite(t, s, func(tx *Tx) error { return errors.Join(tx.MoveGroups(-5, -6), tx.CancelPushes(1, "why")) })
	wrong, err := s.writer.conn.QueryContext(ctx, `
		SELECT notice_key FROM outbox WHERE (done_at IS NULL) <> (state IN ('queued', 'sending', 'unknown'))`)
	must(t, err)
	defer wrong.Close()
	for wrong.Next() {
		var key string
		must(t, wrong.Scan(&key))
		t.Errorf("%s stands in the wrong indexes", key)
	}
	must(t, wrong.Err())
	for _, key := range []string{"count", "pushed"} {
		if l := mustLetter(t, s, key); l.DoneAt.IsZero() {
			t.Errorf("it has ended: %+v", l)
		}
	}
}
