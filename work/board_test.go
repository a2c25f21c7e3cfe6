package work_test

import (
	"context"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// boardLetter is the letter of somebody's board; the zero letter when there is none.
func (o *office) boardLetter(code string) duban.Letter {
	o.t.Helper()
	var l duban.Letter
	cast.Read(o.t, o.desk, func(tx *store.Tx) (err error) {
		l, err = tx.LetterByKey(work.BoardSubject(o.person(code)))
		if duban.CodeOf(err) == duban.NotFound {
			return nil
		}
		return err
	})
	return l
}

// showBoard lets the board of somebody be sent at the office's moment.
func (o *office) showBoard(code string) {
	o.t.Helper()
	err := o.desk.Store.WriteAt(context.Background(), o.desk.At, func(tx *store.Tx) error {
		if err := work.ShowBoard(tx, o.person(code), tx.Now); err != nil {
			return err
		}
		l, err := tx.LetterByKey(work.BoardSubject(o.person(code)))
		if err != nil {
			return err
		}
		return tx.MarkSent(l.ID, 77)
	})
	if err != nil {
		o.t.Fatal(err)
	}
}

func TestWhoHasNoBoardGetsNoneByAChange(t *testing.T) {
	o := openOffice(t)
	a := o.issue("DJ-01")
	if _, err := o.desk.Accept(context.Background(), o.who["WF"], a.ID); err != nil {
		t.Fatal(err)
	}
	if l := o.boardLetter("WF"); l.ID != 0 {
		t.Errorf("a board was posted: %+v", l)
	}
}

func TestChangesThatComeTogetherAreOneEditOfTheBoardInHalfAMinute(t *testing.T) {
	o := openOffice(t)
	first, second := o.issue("DJ-01"), o.issue("DJ-02")
	o.showBoard("WF")
	o.at("2026-11-23 09:05")
	if _, err := o.desk.Accept(context.Background(), o.who["WF"], first.ID); err != nil {
		t.Fatal(err)
	}
	l := o.boardLetter("WF")
	if l.State != duban.Queued || l.NextTry.Sub(o.desk.At) != 3*time.Second {
		t.Fatalf("%s, %s after the change", l.State, l.NextTry.Sub(o.desk.At))
	}
	o.desk.At = o.desk.At.Add(2 * time.Second)
	if _, err := o.desk.Accept(context.Background(), o.who["WF"], second.ID); err != nil {
		t.Fatal(err)
	}
	if again := o.boardLetter("WF"); !again.NextTry.Equal(l.NextTry) {
		t.Errorf("the edit was put off from %s to %s", l.NextTry, again.NextTry)
	}
	o.showBoard("WF")
	sent := o.desk.At
	o.desk.At = o.desk.At.Add(5 * time.Second)
	if _, err := o.desk.Progress(context.Background(), o.who["WF"], first.ID, 50, "过半"); err != nil {
		t.Fatal(err)
	}
	if l := o.boardLetter("WF"); l.NextTry.Sub(sent) != 30*time.Second {
		t.Errorf("the next edit comes %s after the last", l.NextTry.Sub(sent))
	}
}

func TestBothBoardsChangeWhenAnItemChangesItsOwner(t *testing.T) {
	o := openOffice(t)
	a := o.issue("DJ-01")
	o.showBoard("WF")
	o.showBoard("ZG")
	o.at("2026-11-23 10:00")
	if _, err := o.desk.Reassign(context.Background(), o.who["LM"], a.ID, o.person("ZG"), "代为办理"); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"WF", "ZG"} {
		if l := o.boardLetter(code); l.State != duban.Queued {
			t.Errorf("the board of %s is %s", code, l.State)
		}
	}
}

func TestABoardThatIsSwitchedOffIsNotShown(t *testing.T) {
	o := openOffice(t)
	if err := o.desk.SetBoard(context.Background(), o.who["WF"], false); err != nil {
		t.Fatal(err)
	}
	before := o.boardLetter("WF")
	o.at("2026-11-24 08:30")
	err := o.desk.Store.WriteAt(context.Background(), o.desk.At, func(tx *store.Tx) error {
		return work.ShowBoard(tx, o.person("WF"), tx.Now)
	})
	if err != nil {
		t.Fatal(err)
	}
	var b store.Board
	cast.Read(t, o.desk, func(tx *store.Tx) (err error) {
		b, err = tx.Board(o.person("WF"))
		return err
	})
	if after := o.boardLetter("WF"); !b.Hidden || b.Anew || !after.NextTry.Equal(before.NextTry) {
		t.Errorf("%+v, letter %+v", b, after)
	}
}

// BenchmarkProgress reports progress on an item, with nobody's board in the chat and with the owner's, which waits to be edited or has just been.
func BenchmarkProgress(b *testing.B) {
	for _, with := range []string{"no board", "board waiting", "board sent"} {
		b.Run(with, func(b *testing.B) {
			d := cast.Open(b)
			who := cast.Join(b, d, "WF", 1)
			a := cast.Issue(b, d, duban.Console, work.TaskRow{
				Code: "DJ-01", Title: "报送总结", Duty: "按模板报送", Units: "市第五中学党委", Due: "2099-12-04", Review: true,
			})[0]
			for b.Loop() {
				b.StopTimer()
				err := d.Store.Write(b.Context(), func(tx *store.Tx) error { return boardAt(tx, who.PersonID, with) })
				if err != nil {
					b.Fatal(err)
				}
				b.StartTimer()
				if _, err := d.Progress(b.Context(), who, a.ID, 50, "过半"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func boardAt(tx *store.Tx, person int64, with string) error {
	if with == "no board" {
		return nil
	}
	if err := work.ShowBoard(tx, person, tx.Now.Add(time.Hour)); err != nil || with == "board waiting" {
		return err
	}
	l, err := tx.LetterByKey(work.BoardSubject(person))
	if err != nil {
		return err
	}
	return tx.MarkSent(l.ID, 77)
}
