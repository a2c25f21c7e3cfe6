package bot

import (
	"maps"
	"slices"
	"sync"
	"time"

	"duban"
)

// LatenessBounds are the upper bounds of the buckets in which lateness is counted: what left that long after it was due, or sooner.
var LatenessBounds = []time.Duration{time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute, 5 * time.Minute,
	15 * time.Minute, time.Hour}

// Stats counts what happened since the program started. It is safe for concurrent use; the zero value is ready.
type Stats struct {
	mu         sync.Mutex
	figures    Figures
	tokenTried time.Time
}

// Figures is what Stats has counted.
type Figures struct {
	Sends    map[SendLabel]int64
	Lateness map[duban.Lane]Lateness

	Received    int64 // updates stored
	Repeated    int64 // updates that were stored already
	Handled     int64
	Retried     int64 // attempts at an update that failed
	Quarantined int64

	FilesStored int64
	FilesLost   int64

	LastPoll      time.Time // last successful getUpdates, or update by webhook
	PollErrors    int64
	Conflicts     int64     // 409: another poller, or a webhook
	TokenRefused  time.Time // since when Telegram refuses the token; zero: it does not
	LongestWait   time.Time // until when the longest wait above five minutes lasts that Telegram asked for; zero: none
	OutcomeUnsure int64     // letters given up because nobody knows whether they arrived
}

// SendLabel names a counter of requests that sent something.
type SendLabel struct {
	Lane    duban.Lane
	Verdict Verdict
}

// Lateness is how late letters of a lane left. Buckets[i] counts those of at most LatenessBounds[i] and more than the bound before; the last
// one, beyond all bounds, is Count less the sum of Buckets.
type Lateness struct {
	Buckets []int64
	Count   int64
	Sum     time.Duration
	Max     time.Duration
}

// Figures returns a copy of what has been counted.
func (s *Stats) Figures() Figures {
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.figures
	f.Sends = maps.Clone(f.Sends)
	f.Lateness = make(map[duban.Lane]Lateness, len(s.figures.Lateness))
	for lane, l := range s.figures.Lateness {
		l.Buckets = slices.Clone(l.Buckets)
		f.Lateness[lane] = l
	}
	return f
}

func (s *Stats) count(change func(f *Figures)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.figures)
}

// outcome counts one request.
func (s *Stats) outcome(lane duban.Lane, v Verdict) {
	s.count(func(f *Figures) {
		if f.Sends == nil {
			f.Sends = map[SendLabel]int64{}
		}
		f.Sends[SendLabel{lane, v}]++
		if v == Delivered || v == NotModified {
			f.TokenRefused = time.Time{}
		}
	})
}

// late counts how long after its moment a letter has arrived.
func (s *Stats) late(lane duban.Lane, by time.Duration) {
	by = max(by, 0)
	s.count(func(f *Figures) {
		if f.Lateness == nil {
			f.Lateness = map[duban.Lane]Lateness{}
		}
		l := f.Lateness[lane]
		if l.Buckets == nil {
			l.Buckets = make([]int64, len(LatenessBounds))
		}
		if i, _ := slices.BinarySearch(LatenessBounds, by); i < len(l.Buckets) {
			l.Buckets[i]++
		}
		l.Count, l.Sum, l.Max = l.Count+1, l.Sum+by, max(l.Max, by)
		f.Lateness[lane] = l
	})
}

// tokenRefused notes that Telegram refuses the token, and reports whether that is news.
func (s *Stats) tokenRefused(now time.Time) (news bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	news = s.figures.TokenRefused.IsZero()
	if news {
		s.figures.TokenRefused = now
	}
	s.tokenTried = later(s.tokenTried, now)
	return news
}

// trusted reports whether Telegram takes the token, as far as is known.
func (s *Stats) trusted() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.figures.TokenRefused.IsZero()
}

// mayAsk reports whether Telegram may be asked for anything. While it refuses the token, that is once a minute, for the whole program.
func (s *Stats) mayAsk(now time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.figures.TokenRefused.IsZero() {
		return true
	}
	if now.Sub(s.tokenTried) < tokenBackoff {
		return false
	}
	s.tokenTried = now
	return true
}
