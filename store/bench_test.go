package store

import (
	"fmt"
	"sync/atomic"
	"testing"

	"duban"
)

// BenchmarkWrite shows what a commit costs and how many writers share one: relaxed does not sync, full is what `serve` does.
func BenchmarkWrite(b *testing.B) {
	for _, mode := range []struct {
		name    string
		relaxed bool
	}{{"relaxed", true}, {"full", false}} {
		for _, writers := range []int{1, 16, 128} {
			b.Run(fmt.Sprintf("%s/writers=%d", mode.name, writers), func(b *testing.B) {
				o := mustInit(b)
				o.Relaxed = mode.relaxed
				s := mustOpenAt(b, o)
				var n atomic.Int64
				before, _ := s.Commits()
				b.SetParallelism(writers)
				b.ResetTimer()
				b.RunParallel(func(pb *testing.PB) {
					for pb.Next() {
						i := n.Add(1)
						key, value := fmt.Sprint("k", i%1000), fmt.Sprint(i) // SQLite writes nothing when a value stays the same
						if err := s.Write(ctx, func(tx *Tx) error { return tx.SetMeta(key, value) }); err != nil {
							b.Error(err)
						}
					}
				})
				commits, _ := s.Commits()
				b.ReportMetric(float64(n.Load())/float64(commits-before), "writes/commit")
			})
		}
	}
}

// BenchmarkTransition is the database work of one press: an assignment read and saved, an entry recorded, a card and an answer posted.
func BenchmarkTransition(b *testing.B) {
	s := mustOpen(b)
	a := mustIssue(b, s, mustPeople(b, s))
	var n int64
	for b.Loop() {
		n++
		err := s.Write(ctx, func(tx *Tx) error {
			fresh, err := tx.Assignment(a.ID)
			if err != nil {
				return err
			}
			if err := tx.SaveAssignment(fresh, tx.Now); err != nil {
				return err
			}
			if err := tx.Record(duban.System, duban.Entry{Event: duban.EventAccepted, AssignmentID: a.ID, PersonID: a.OwnerID, Facts: duban.Facts{"minutes": 5}}); err != nil {
				return err
			}
			if err := tx.Post(duban.Notice{Key: fmt.Sprint("answer:", n), Kind: duban.NewsAnswer, PersonID: a.OwnerID}); err != nil {
				return err
			}
			return tx.Post(duban.Notice{Key: "card:1:1", Kind: duban.NewsCard, PersonID: a.OwnerID, AssignmentID: a.ID})
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkAnnounce posts the copies of an announcement to 5,000 people in one transaction.
func BenchmarkAnnounce(b *testing.B) {
	s := mustOpen(b)
	o := mustPeople(b, s)
	round := 0
	for b.Loop() {
		round++
		mustWrite(b, s, func(tx *Tx) error {
			for i := range 5000 {
				n := duban.Notice{Key: fmt.Sprintf("announcement:%d:%d", round, i), Kind: duban.NewsAnnouncement, Lane: duban.LaneAnnouncement, PersonID: o.person}
				if err := tx.Post(n); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

func BenchmarkRead(b *testing.B) {
	s := mustOpen(b)
	a := mustIssue(b, s, mustPeople(b, s))
	b.Run("assignment", func(b *testing.B) {
		for b.Loop() {
			mustRead(b, s, func(tx *Tx) error {
				_, err := tx.Assignment(a.ID)
				return err
			})
		}
	})
	b.Run("next due", func(b *testing.B) {
		for b.Loop() {
			mustRead(b, s, func(tx *Tx) error {
				_, err := tx.NextDue()
				return err
			})
		}
	})
}
