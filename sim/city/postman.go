package city

import (
	"time"

	"duban"
	"duban/store"
)

// postman carries the letters of the past: what the verbs posted counts as delivered, and is recorded so where that belongs into the record.
type postman struct {
	city    *City
	arrived map[string]bool           // keys of letters that were delivered before; again they are edits
	live    map[subject]duban.Notice  // the live messages of the two people who are shown first
	held    func(n duban.Notice) bool // letters that are left for the bot; nil: none
}

// subject names a live message.
type subject struct {
	kind duban.NewsKind
	id   int64 // assignment, submission or announcement
}

// roundSize is how many letters of a lane one round carries at once.
const roundSize = 1000

// round delivers everything that waits at an instant.
func (p *postman) round(at time.Time) error {
	return p.city.writeAt(at, func(tx *store.Tx) error {
		for _, lane := range duban.Lanes {
			if err := p.carry(tx, lane.Lane); err != nil {
				return err
			}
		}
		return nil
	})
}

func (p *postman) carry(tx *store.Tx, lane duban.Lane) error {
	after, id := time.UnixMilli(0), int64(0)
	for {
		letters, err := tx.ReadyLetters(lane, after, id, roundSize)
		if err != nil || len(letters) == 0 {
			return err
		}
		for _, l := range letters {
			if err := p.deliver(tx, l); err != nil {
				return err
			}
		}
		last := letters[len(letters)-1]
		after, id = last.NextTry, last.ID
	}
}

func (p *postman) deliver(tx *store.Tx, l duban.Letter) error {
	p.remember(l)
	if p.held != nil && p.held(l.Notice) {
		return nil
	}
	reader := p.city.byID[l.PersonID]
	if reader != nil && !reader.joined() {
		if err := tx.Finish(l.ID, duban.Failed, "not_joined"); err != nil {
			return err
		}
		return p.city.desk.Failed(tx, l, "not_joined")
	}
	if err := tx.MarkSent(l.ID, 0); err != nil {
		return err
	}
	edited := p.arrived[l.Key]
	p.arrived[l.Key] = true
	return p.city.desk.Delivered(tx, l, edited)
}

// remember keeps the notices of live messages that the people who are shown first may have to see again.
func (p *postman) remember(l duban.Letter) {
	reader := p.city.byID[l.PersonID]
	if reader == nil || reader.phone != p.city.Administrator && reader.phone != p.city.Officer || !store.Live(l.Kind) {
		return
	}
	p.live[subjectOf(l.Notice)] = l.Notice
}

func subjectOf(n duban.Notice) subject {
	switch n.Kind {
	case duban.NewsReview:
		return subject{n.Kind, n.SubmissionID}
	case duban.NewsProgress:
		return subject{n.Kind, n.AnnouncementID}
	}
	return subject{n.Kind, n.AssignmentID}
}
