package city

import (
	"cmp"
	"container/heap"
	"time"
)

// event is something that happens in the city at an instant of the past.
type event struct {
	at    time.Time
	order int // of the planning, for what happens at the same instant
	do    func(at time.Time) error
}

// agenda is what is going to happen, earliest first (container/heap).
type agenda []event

func (a agenda) Len() int      { return len(a) }
func (a agenda) Swap(i, j int) { a[i], a[j] = a[j], a[i] }
func (a agenda) Less(i, j int) bool {
	return cmp.Or(a[i].at.Compare(a[j].at), cmp.Compare(a[i].order, a[j].order)) < 0
}

// Push adds an event.
func (a *agenda) Push(x any) { *a = append(*a, x.(event)) }

// Pop takes the last event.
func (a *agenda) Pop() any {
	last := (*a)[len(*a)-1]
	*a = (*a)[:len(*a)-1]
	return last
}

// plan lets something happen at an instant, unless that lies ahead: then it has not happened.
func (c *City) plan(at time.Time, do func(at time.Time) error) {
	if at.After(c.now) {
		return
	}
	c.events++
	heap.Push(&c.coming, event{at, c.events, do})
}

// live lets everything that is planned happen, in order of time. What happens may plan more.
func (c *City) live() error {
	for c.coming.Len() > 0 {
		if err := c.ctx.Err(); err != nil {
			return err
		}
		next := heap.Pop(&c.coming).(event)
		if err := next.do(next.at); err != nil {
			return err
		}
	}
	return nil
}
