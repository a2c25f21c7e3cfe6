package bot

import (
	"cmp"
	"container/heap"
	"slices"
	"time"

	"duban"
	"duban/store"
)

// How many letters are held in memory.
const (
	shelfPage  = 256
	shelfPages = 20   // read at one go
	shelfLow   = 256  // of a lane whose chats are free: when there are fewer, more are read
	shelfHigh  = 1024 // until there are so many
	shelfTotal = 20_000
	stackLimit = 100 // of one chat in a lane
)

// reader is whom a letter goes to: a chat, or a person whose chat is not known.
type reader struct{ chat, person int64 }

// shelf is the part of the outbox that is in memory, by lane and reader. It knows who is busy and who has to wait, so that a paused chat costs
// nothing and holds nobody up. Within a lane a reader gets letters in order, one at a time.
type shelf struct {
	readers map[reader]*stack
	held    map[int64]sighting // letters on the shelf or on their way
	lanes   [4]laneQueue
	waiting waitList
	total   int
}

// sighting is where in the outbox a letter was seen waiting again while it was on its way: a live letter can be queued again before its sender
// is told that it was sent. The zero value is nowhere.
type sighting struct {
	onItsWay bool
	lane     duban.Lane
	next     time.Time
}

// stack is what one reader is to get.
type stack struct {
	who      reader
	letters  [4][]store.Waiting
	more     [4]bool // there are letters in the outbox that do not fit here: nothing is added until these have gone
	queued   [4]bool
	busy     bool
	until    time.Time
	position int // in the list of those who wait, -1: not in it
}

// laneQueue is the readers who may get a letter of a lane now, and how far the outbox has been read.
type laneQueue struct {
	free      []*stack
	letters   int // of free readers, about
	afterNext time.Time
	afterID   int64
	dry       bool
	filling   bool
}

func newShelf() *shelf {
	return &shelf{readers: map[reader]*stack{}, held: map[int64]sighting{}}
}

// rereading is how far behind the last letter read the outbox is read again: a letter is stamped when its transaction begins, and may become
// visible after others with a later stamp; and a live letter comes back under its old id.
const rereading = 2 * time.Second

// more tells that there may be new letters in the outbox.
func (s *shelf) more() {
	for i := range s.lanes {
		q := &s.lanes[i]
		q.dry, q.afterNext, q.afterID = false, q.afterNext.Add(-rereading), 0
	}
}

// again lets the outbox be read from its beginning. What is held already is passed over.
func (s *shelf) again() {
	for i := range s.lanes {
		s.rewind(duban.Lane(i))
	}
}

// hungry reports whether letters of a lane should be read.
func (s *shelf) hungry(lane duban.Lane) bool {
	q := &s.lanes[lane]
	if q.filling {
		q.filling = q.letters < shelfHigh
	} else {
		q.filling = q.letters < shelfLow
	}
	return q.filling && !q.dry && s.total < shelfTotal
}

func (s *shelf) anyHungry() bool {
	hungry := false
	for lane := range s.lanes {
		hungry = s.hungry(duban.Lane(lane)) || hungry
	}
	return hungry
}

// read notes a page of a lane that was read, with the reader of each letter.
func (s *shelf) read(lane duban.Lane, page []store.Waiting, who func(store.Waiting) reader) {
	q := &s.lanes[lane]
	q.dry = len(page) < shelfPage
	for _, l := range page {
		q.afterNext, q.afterID = l.NextTry, l.ID
		if seen, held := s.held[l.ID]; !held {
			s.put(l, who(l))
		} else if seen.onItsWay {
			s.held[l.ID] = sighting{true, lane, l.NextTry}
		}
	}
}

// put puts a letter where it belongs in its reader's order.
func (s *shelf) put(l store.Waiting, who reader) {
	k := s.readers[who]
	if k == nil {
		k = &stack{who: who, position: -1}
		s.readers[who] = k
	}
	lane := l.Lane
	if k.more[lane] || len(k.letters[lane]) >= stackLimit {
		k.more[lane] = true
		return
	}
	at, _ := slices.BinarySearchFunc(k.letters[lane], l, inOrder)
	k.letters[lane] = slices.Insert(k.letters[lane], at, l)
	s.held[l.ID] = sighting{}
	s.total++
	if k.queued[lane] {
		s.lanes[lane].letters++
	}
	s.offer(k)
}

func inOrder(a, b store.Waiting) int {
	return cmp.Or(a.NextTry.Compare(b.NextTry), cmp.Compare(a.ID, b.ID))
}

// offer queues a reader in every lane that has something for him, unless he is busy or has to wait.
func (s *shelf) offer(k *stack) {
	if k.busy || k.position >= 0 {
		return
	}
	for lane := range k.letters {
		if len(k.letters[lane]) > 0 && !k.queued[lane] {
			k.queued[lane] = true
			s.lanes[lane].free = append(s.lanes[lane].free, k)
			s.lanes[lane].letters += len(k.letters[lane])
		}
	}
}

// next returns the reader who is next in a lane, nil when nobody is.
func (s *shelf) next(lane duban.Lane) *stack {
	q := &s.lanes[lane]
	for len(q.free) > 0 {
		k := q.free[0]
		if !k.busy && k.position < 0 && len(k.letters[lane]) > 0 {
			return k
		}
		s.unqueue(k, lane)
		s.forget(k)
	}
	return nil
}

// unqueue takes the first reader out of a lane's queue.
func (s *shelf) unqueue(k *stack, lane duban.Lane) {
	q := &s.lanes[lane]
	q.free = q.free[1:]
	q.letters = max(0, q.letters-len(k.letters[lane]))
	k.queued[lane] = false
}

// take takes the first letter for a reader that next has returned; the reader is busy until done.
func (s *shelf) take(k *stack, lane duban.Lane) store.Waiting {
	s.unqueue(k, lane)
	l := k.letters[lane][0]
	k.letters[lane] = k.letters[lane][1:]
	k.busy = true
	s.held[l.ID] = sighting{onItsWay: true}
	return l
}

// wait lets a reader whom next has returned wait until a moment.
func (s *shelf) wait(k *stack, lane duban.Lane, until time.Time) {
	s.unqueue(k, lane)
	k.until = until
	heap.Push(&s.waiting, k)
}

// wakeUp frees the readers who have waited long enough.
func (s *shelf) wakeUp(now time.Time) {
	for len(s.waiting) > 0 && !now.Before(s.waiting[0].until) {
		k := heap.Pop(&s.waiting).(*stack)
		s.offer(k)
	}
}

// firstWake returns when the first reader has waited long enough; zero when nobody waits.
func (s *shelf) firstWake() time.Time {
	if len(s.waiting) == 0 {
		return time.Time{}
	}
	return s.waiting[0].until
}

// done frees the reader of a letter. A letter that is to go again stays first; any other is no longer held. It reports whether the outbox is to be
// read again, because the letter was seen there meanwhile.
func (s *shelf) done(who reader, l store.Waiting, stays bool) (look bool) {
	k := s.readers[who]
	k.busy = false
	if stays {
		k.letters[l.Lane] = slices.Insert(k.letters[l.Lane], 0, l)
		s.held[l.ID] = sighting{}
	} else {
		look = s.goBack(s.held[l.ID])
		delete(s.held, l.ID)
		s.total--
	}
	if k.more[l.Lane] && len(k.letters[l.Lane]) == 0 {
		k.more[l.Lane] = false
		s.rewind(l.Lane)
	}
	s.offer(k)
	s.forget(k)
	return look
}

// goBack lets the outbox be read again from where a letter was seen.
func (s *shelf) goBack(seen sighting) (look bool) {
	if seen.next.IsZero() {
		return false
	}
	q := &s.lanes[seen.lane]
	if !q.afterNext.Before(seen.next) {
		q.afterNext, q.afterID = seen.next.Add(-time.Millisecond), 0
	}
	q.dry = false
	return true
}

func (s *shelf) rewind(lane duban.Lane) {
	q := &s.lanes[lane]
	q.afterNext, q.afterID, q.dry = time.Time{}, 0, false
}

func (s *shelf) forget(k *stack) {
	if k.busy || k.position >= 0 {
		return
	}
	for lane := range k.letters {
		if len(k.letters[lane]) > 0 || k.queued[lane] || k.more[lane] {
			return
		}
	}
	delete(s.readers, k.who)
}

// waitList is a heap of readers by the end of their waiting.
type waitList []*stack

func (w waitList) Len() int           { return len(w) }
func (w waitList) Less(i, j int) bool { return w[i].until.Before(w[j].until) }
func (w waitList) Swap(i, j int) {
	w[i], w[j] = w[j], w[i]
	w[i].position, w[j].position = i, j
}

// Push is for package heap.
func (w *waitList) Push(x any) {
	k := x.(*stack)
	k.position = len(*w)
	*w = append(*w, k)
}

// Pop is for package heap.
func (w *waitList) Pop() any {
	last := len(*w) - 1
	k := (*w)[last]
	k.position = -1
	*w = (*w)[:last]
	return k
}
