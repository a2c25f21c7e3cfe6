package bench

import (
	"testing"
	"time"

	"duban/sim"
)

// BenchmarkPress is one press at a time, each of another person on a fresh card: from the press until Telegram has its answer (p50, p99), and
// until it has the edited card, which is one operation. The program checks the right, records and syncs in between; bare is the library's loop
// that answers and edits as well and stores nothing. The metric x/bare is the ratio of the medians.
func BenchmarkPress(b *testing.B) {
	var median float64
	b.Run("bare", func(b *testing.B) {
		c := mustCrew(b, 50)
		median = c.pressInTurn(b, mustRunBare(b, c)).part(0.5)
	})
	b.Run("duban", func(b *testing.B) {
		c := mustCrew(b, 50)
		p := mustRunProgram(b, c).(*program)
		before, _ := p.desk.Store.Commits()
		answers := c.pressInTurn(b, p)
		after, _ := p.desk.Store.Commits()
		b.ReportMetric(float64(after-before)/float64(len(answers)), "commits/press")
		if median > 0 {
			b.ReportMetric(answers.part(0.5)/median, "x/bare")
		}
	})
}

func (c *crew) pressInTurn(b *testing.B, l loop) (answers times) {
	b.Helper()
	var cards times
	next := len(c.people)
	for b.Loop() {
		if next == len(c.people) {
			b.StopTimer()
			l.deal(b)
			next = 0
			b.StartTimer()
		}
		answered, _ := c.count(pressDone)
		edited, _ := c.count(cardEdited)
		began := time.Now()
		mustPress(b, c.people[next])
		c.wait(b, pressDone, answered+1)
		answers = append(answers, time.Since(began))
		c.wait(b, cardEdited, edited+1)
		cards = append(cards, time.Since(began))
		next++
	}
	c.mustAllBeTaken(b)
	answers.report(b, "")
	cards.report(b, "card-")
	return answers
}

func mustPress(b *testing.B, p *sim.Person) {
	b.Helper()
	if err := p.Press(button); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkPresses is 500 people who press at the same moment, each in a chat of their own and on an assignment of their own: one operation is
// such a round, until all are answered and all cards are edited. Presses/s counts until the last is answered, cards/s until the last card is
// edited; of/bare is the ratio of the latter.
func BenchmarkPresses(b *testing.B) {
	var perSecond float64
	b.Run("bare", func(b *testing.B) {
		c := mustCrew(b, 500)
		perSecond = c.pressTogether(b, mustRunBare(b, c))
	})
	b.Run("duban", func(b *testing.B) {
		c := mustCrew(b, 500)
		p := mustRunProgram(b, c).(*program)
		mine := c.pressTogether(b, p)
		if perSecond > 0 {
			b.ReportMetric(mine/perSecond, "of/bare")
		}
	})
}

func (c *crew) pressTogether(b *testing.B, l loop) (perSecond float64) {
	b.Helper()
	var toAnswers, toCards time.Duration
	var answers times
	for b.Loop() {
		b.StopTimer()
		l.deal(b)
		answered, _ := c.count(pressDone)
		edited, _ := c.count(cardEdited)
		pressed := make([]time.Time, len(c.people))
		b.StartTimer()
		began := time.Now()
		for i, p := range c.people {
			pressed[i] = time.Now()
			mustPress(b, p)
		}
		c.wait(b, pressDone, answered+len(c.people))
		toAnswers += time.Since(began)
		c.wait(b, cardEdited, edited+len(c.people))
		toCards += time.Since(began)
		b.StopTimer()
		for i, p := range c.people {
			toasts := p.Toasts()
			answers = append(answers, toasts[len(toasts)-1].At.Sub(pressed[i]))
		}
		b.StartTimer()
	}
	c.mustAllBeTaken(b)
	answers.report(b, "")
	b.ReportMetric(float64(len(answers))/toAnswers.Seconds(), "presses/s")
	perSecond = float64(len(answers)) / toCards.Seconds()
	b.ReportMetric(perSecond, "cards/s")
	return perSecond
}
