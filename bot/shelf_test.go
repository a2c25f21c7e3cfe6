package bot

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"duban"
	"duban/store"
)

// fakeOutbox is letters that wait, in the order in which the store gives them.
type fakeOutbox []store.Waiting

func (o fakeOutbox) page(q laneQueue, lane duban.Lane) []store.Waiting {
	var page []store.Waiting
	for _, l := range o {
		after := cmpLetter(l, q.afterNext, q.afterID) > 0
		if l.Lane == lane && after && len(page) < shelfPage {
			page = append(page, l)
		}
	}
	return page
}

func cmpLetter(l store.Waiting, next time.Time, id int64) int {
	return inOrder(l, store.Waiting{ID: id, NextTry: next})
}

// post is a shelf at work: readers in their chats get letters one after the other.
type post struct {
	t      *rapid.T
	shelf  *shelf
	outbox fakeOutbox
	onWay  map[reader]store.Waiting
	last   map[reader][4]int64
	posted int64
	now    time.Time
}

// come puts letters into the outbox, often more than a stack holds.
func (p *post) come(t *rapid.T) {
	chat := rapid.Int64Range(1, 5).Draw(t, "chat")
	for range rapid.IntRange(1, 150).Draw(t, "letters") {
		p.posted++
		l := store.Waiting{ID: p.posted, NextTry: p.now}
		l.ChatID, l.Lane = chat, duban.Lane(rapid.IntRange(0, 3).Draw(t, "lane"))
		p.outbox = append(p.outbox, l)
		p.now = p.now.Add(time.Millisecond)
	}
	p.shelf.more()
}

func (p *post) load(*rapid.T) {
	for lane := range duban.Lane(4) {
		for p.shelf.hungry(lane) {
			p.shelf.read(lane, p.outbox.page(p.shelf.lanes[lane], lane), func(l store.Waiting) reader { return reader{chat: l.ChatID} })
		}
	}
}

func (p *post) leave(t *rapid.T) {
	lane := duban.Lane(rapid.IntRange(0, 3).Draw(t, "from"))
	k := p.shelf.next(lane)
	switch {
	case k == nil:
	case rapid.IntRange(0, 9).Draw(t, "pace") == 0:
		p.shelf.wait(k, lane, p.now.Add(time.Second))
	default:
		p.take(k, lane)
	}
}

func (p *post) take(k *stack, lane duban.Lane) {
	l := p.shelf.take(k, lane)
	if _, twice := p.onWay[k.who]; twice {
		p.t.Fatalf("chat %d has two letters on their way", k.who.chat)
	}
	p.onWay[k.who] = l
}

func (p *post) land(t *rapid.T) {
	for who := range p.onWay {
		p.end(who, rapid.IntRange(0, 4).Draw(t, "refused") == 0)
		return
	}
}

func (p *post) end(who reader, refused bool) {
	l := p.onWay[who]
	delete(p.onWay, who)
	if !refused {
		seen := p.last[who]
		if l.ID <= seen[l.Lane] {
			p.t.Fatalf("chat %d, lane %d: letter %d after %d", who.chat, l.Lane, l.ID, seen[l.Lane])
		}
		seen[l.Lane] = l.ID
		p.last[who] = seen
		p.outbox = slices.DeleteFunc(p.outbox, func(o store.Waiting) bool { return o.ID == l.ID })
	}
	p.shelf.done(who, l, refused)
}

func (p *post) timePasses(*rapid.T) {
	p.now = p.now.Add(time.Second)
	p.shelf.wakeUp(p.now)
}

// empty lets everything leave that is left.
func (p *post) empty() {
	for range p.posted + 1 {
		p.timePasses(nil)
		p.load(nil)
		for lane := range duban.Lane(4) {
			for k := p.shelf.next(lane); k != nil; k = p.shelf.next(lane) {
				p.take(k, lane)
			}
		}
		for who := range p.onWay {
			p.end(who, false)
		}
	}
}

func TestTheShelfKeepsTheOrderOfEachReaderAndForgetsNobody(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := &post{t: t, shelf: newShelf(), onWay: map[reader]store.Waiting{}, last: map[reader][4]int64{}, now: nine}
		t.Repeat(map[string]func(*rapid.T){"come": p.come, "load": p.load, "leave": p.leave, "land": p.land, "time passes": p.timePasses})
		p.empty()
		if len(p.outbox) > 0 {
			t.Fatalf("%d of %d letters never left", len(p.outbox), p.posted)
		}
		if len(p.shelf.readers) > 0 || len(p.shelf.held) > 0 || p.shelf.total != 0 {
			t.Fatalf("the shelf holds %d readers and %d letters of nothing", len(p.shelf.readers), len(p.shelf.held))
		}
	})
}
