package scheduler

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"duban"
	"duban/work"
)

// post puts the letters of a round into the outbox: what is late is merged for each reader, what is over a reader's daily cap is left to the
// digest.
func (r *round) post() error {
	late, order, err := r.sortLate()
	if err != nil {
		return err
	}
	for _, t := range r.tellings {
		if t.unsaid != "" {
			continue
		}
		if t.late {
			r.report.Late++
		}
		for _, person := range t.readers {
			if _, merged := late[person]; merged && t.late && t.draft.ID == 0 {
				continue
			}
			if err := r.postOne(t, person); err != nil {
				return err
			}
		}
	}
	for _, person := range order {
		if err := r.postLate(person, late[person]); err != nil {
			return err
		}
	}
	return nil
}

// sortLate returns for each reader whose late rungs go into one letter what goes into it, and those readers in a stable order. A single late
// rung goes out by itself, unless others precede or follow it.
func (r *round) sortLate() (map[int64][]*telling, []int64, error) {
	late := map[int64][]*telling{}
	var order []int64
	for _, t := range r.tellings {
		if !t.late || t.unsaid != "" || t.draft.ID != 0 {
			continue
		}
		for _, person := range t.readers {
			if late[person] == nil {
				order = append(order, person)
			}
			late[person] = append(late[person], t)
		}
	}
	var merged []int64
	for _, person := range order {
		if len(late[person]) == 1 && !r.more {
			_, waiting, err := r.lateLetter(person)
			if err != nil {
				return nil, nil, err
			}
			if waiting == nil {
				delete(late, person)
				continue
			}
		}
		merged = append(merged, person)
	}
	return late, merged, nil
}

func (r *round) postOne(t *telling, person int64) error {
	ok, err := r.mayPush(person, t.critical())
	if err != nil {
		return err
	}
	if !ok {
		r.fold(t, person)
		return nil
	}
	if t.replacesOwner(person) {
		if err := work.RefreshCard(r.tx, t.assignment); err != nil {
			return err
		}
	}
	if t.draft.ID != 0 {
		card := work.DraftCard(t.draft, person)
		card.Due = t.rung.Allowed
		return r.push(card)
	}
	news := newsOf(t)
	return r.push(duban.Notice{
		Key:  fmt.Sprintf("reminder:%d:%s:%d:%d", t.assignment.ID, t.rung.Kind, news.Moment.UnixMilli(), person),
		Kind: t.news(), Lane: lane(t.rung), PersonID: person, AssignmentID: t.assignment.ID, SubmissionID: t.submission,
		Data: toJSON(news), Due: t.rung.Allowed,
	})
}

// news is the kind of notice by which a rung is told. Where there is no higher notice left to draft, that one was not answered is told as a matter
// that waits.
func (t *telling) news() duban.NewsKind {
	if kind := t.rung.Kind.News(); kind != duban.NewsDraft {
		return kind
	}
	return duban.NewsPending
}

// critical reports whether the daily cap does not hold a rung.
func (t *telling) critical() bool { return t.task.Priority == duban.Critical || t.assignment.Loud }

// replacesOwner reports whether a reader is the owner, or told in the owner's place.
func (t *telling) replacesOwner(person int64) bool {
	i := slices.Index(t.away, t.assignment.OwnerID)
	return person == t.assignment.OwnerID || i >= 0 && t.deputies[i] == person
}

// postLate puts late rungs into the letter that waits for a reader, or into a new one.
func (r *round) postLate(person int64, late []*telling) error {
	key, waiting, err := r.lateLetter(person)
	if err != nil {
		return err
	}
	news := duban.LateNews{}
	if waiting != nil {
		news = *waiting
	} else if ok, err := r.mayPush(person, anyCritical(late)); err != nil || !ok {
		for _, t := range late {
			r.fold(t, person)
		}
		return err
	}
	for _, t := range late {
		news.Items = append(news.Items, newsOf(t))
		if !t.replacesOwner(person) {
			continue
		}
		if err := work.RefreshCard(r.tx, t.assignment); err != nil {
			return err
		}
	}
	if waiting != nil {
		_, err := r.tx.Merge(key, toJSON(news))
		return err
	}
	return r.push(duban.Notice{
		Key: key, Kind: duban.NewsLate, Lane: pressing(late), PersonID: person, Data: toJSON(news), Due: earliest(late),
	})
}

// lateLetter returns the letter into which a reader's late rungs go: its key, and its content when it waits in the outbox already.
func (r *round) lateLetter(person int64) (key string, waiting *duban.LateNews, err error) {
	for n := 1; ; n++ {
		key = fmt.Sprintf("late:%d:%s:%d", person, r.today, n)
		letter, err := r.tx.LetterByKey(key)
		if duban.CodeOf(err) == duban.NotFound {
			return key, nil, nil
		}
		if err != nil {
			return key, nil, err
		}
		if letter.State != duban.Queued || letter.Attempts > 0 {
			continue
		}
		waiting = &duban.LateNews{}
		return key, waiting, json.Unmarshal([]byte(letter.Data), waiting)
	}
}

// push posts a letter that counts against the reader's daily cap.
func (r *round) push(n duban.Notice) error {
	n.PushDay = r.today
	if err := r.tx.Post(n); err != nil {
		return err
	}
	r.pushes[n.PersonID]++
	r.report.Told++
	return nil
}

// mayPush reports whether a reader may be disturbed once more today. What is critical always may.
func (r *round) mayPush(person int64, critical bool) (bool, error) {
	limit := r.desk.Policy.DailyCap
	if limit == 0 || critical {
		return true, nil
	}
	if _, counted := r.pushes[person]; !counted {
		n, err := r.tx.Pushes(person, r.today)
		if err != nil {
			return false, err
		}
		r.pushes[person] = n
	}
	return r.pushes[person] < limit, nil
}

func (r *round) fold(t *telling, person int64) {
	t.folded = append(t.folded, person)
	r.report.Folded++
}

// lane says how pressing a rung is: what the secretary or the administrators are told is an escalation.
func lane(rung duban.Rung) duban.Lane {
	if rung.To == duban.ToOwnerAndSecretary || rung.To == duban.ToAdministrators || rung.To == duban.ToLeaders {
		return duban.LaneEscalation
	}
	return duban.LaneReminder
}

func pressing(late []*telling) duban.Lane {
	most := duban.LaneReminder
	for _, t := range late {
		most = min(most, lane(t.rung))
	}
	return most
}

func earliest(late []*telling) time.Time {
	first := late[0].rung.Allowed
	for _, t := range late[1:] {
		if t.rung.Allowed.Before(first) {
			first = t.rung.Allowed
		}
	}
	return first
}

func anyCritical(late []*telling) bool {
	for _, t := range late {
		if t.critical() {
			return true
		}
	}
	return false
}

// toJSON writes the data of a notice. Its types are ours and always have a JSON form.
func toJSON(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(data)
}

func newsOf(t *telling) duban.RungNews {
	news := duban.RungNews{AssignmentID: t.assignment.ID, Rung: t.rung.Kind, Moment: t.rung.Moment.UTC()}
	if !t.rung.Exact() {
		news.Step = t.rung.Step.String()
	}
	return news
}
