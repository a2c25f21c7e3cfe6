package export

import (
	"strings"
	"time"

	"duban"
	"duban/sheet"
	"duban/text"
)

// names holds the words of the ids that rows name, and which units the filter lets through.
type names struct {
	Export
	tasks  map[int64]duban.Task
	units  map[int64]string
	people map[int64]string
	shared bool // some assignment supports, follows another, or has milestones
	// followed is the unit of each assignment that others follow.
	followed map[int64]string
	faults   map[int64][]duban.Fault // of what was given back, by assignment
	inside   map[int64]bool          // nil: all
}

func (e Export) names() (n names, err error) {
	n.Export = e
	if n.tasks, err = tasksByID(e); err != nil {
		return n, err
	}
	if n.units, err = e.Tx.UnitNames(); err != nil {
		return n, err
	}
	if n.people, err = e.Tx.PersonNames(); err != nil {
		return n, err
	}
	if n.followed, err = e.Tx.FollowedUnits(); err != nil {
		return n, err
	}
	if n.shared, err = e.Tx.Shared(); err != nil {
		return n, err
	}
	if n.faults, err = e.Tx.Faults(); err != nil {
		return n, err
	}
	n.inside, err = e.within()
	return n, err
}

func (n names) word(key string, args ...any) string { return text.Word(n.Lang, key, args...) }

func tasksByID(e Export) (map[int64]duban.Task, error) {
	all, err := e.Tx.Tasks()
	byID := make(map[int64]duban.Task, len(all))
	for _, t := range all {
		byID[t.ID] = t
	}
	return byID, err
}

// within returns which units the filter lets through; nil is all of them.
func (e Export) within() (map[int64]bool, error) {
	if e.Filter.Unit == 0 {
		return nil, nil
	}
	return e.Tx.Subtree(e.Filter.Unit)
}

// inTreeOrder returns the active units, each followed by those below it.
func (e Export) inTreeOrder() ([]duban.Unit, error) {
	all, err := e.Tx.Units()
	if err != nil {
		return nil, err
	}
	known, below := map[int64]bool{}, map[int64][]duban.Unit{}
	for _, u := range all {
		above := u.ParentID
		if !known[above] {
			above = 0
		}
		known[u.ID] = true
		below[above] = append(below[above], u)
	}
	ordered := make([]duban.Unit, 0, len(all))
	var add func(above int64)
	add = func(above int64) {
		for _, u := range below[above] {
			ordered = append(ordered, u)
			add(u.ID)
		}
	}
	add(0)
	return ordered, nil
}

// title is what a task is called where the table goes.
func (n names) title(t duban.Task) string {
	if n.Discreet && t.Internal {
		return text.Word(n.Lang, "card.internal_title", "code", t.Code)
	}
	return t.Title
}

// everyWanted calls fn for each assignment that was issued and that the filter lets through, by task and unit.
func (n names) everyWanted(fn func(duban.Assignment) error) error {
	from, to := n.begin(), n.end()
	if !from.IsZero() {
		from = from.Add(-time.Millisecond) // what is due at this very midnight ends at it; wanted looks at the day
	}
	return n.Tx.EveryAssignment(from, to, func(a duban.Assignment) error {
		if !n.wanted(a) {
			return nil
		}
		return fn(a)
	})
}

func (n names) wanted(a duban.Assignment) bool {
	day, filter := a.Due.Date, n.Filter
	return a.State.Visible() && (n.inside == nil || n.inside[a.UnitID]) &&
		(filter.From.IsZero() || !day.Before(filter.From)) && (filter.To.IsZero() || !day.After(filter.To))
}

// tints are the grounds of the lights. What has no colour in the chat has none here.
var tints = map[duban.Light]sheet.Tint{
	duban.Grey: sheet.Grey, duban.Green: sheet.Green, duban.Yellow: sheet.Yellow, duban.Orange: sheet.Orange, duban.Red: sheet.Red,
	duban.Blue: sheet.Blue, duban.ClosedGood: sheet.Done, duban.ClosedLate: sheet.Yellow,
}

// light shows how an assignment stands, as a word on its colour.
func (e Export) light(a duban.Assignment) sheet.Mark {
	light := duban.LightOf(a, e.Lights, e.Calendar, e.Tx.Now)
	mark := sheet.Mark{Word: text.Word(e.Lang, "light."+string(light)), Tint: tints[light]}
	if sign, word, ok := strings.Cut(mark.Word, " "); ok {
		mark.Sign, mark.Word = sign, word
	}
	return mark
}

// standing is light, with the state of what has none: suspended, declined, cancelled.
func (e Export) standing(a duban.Assignment) sheet.Mark {
	if duban.LightOf(a, e.Lights, e.Calendar, e.Tx.Now) == duban.Halted {
		return sheet.Mark{Word: text.Word(e.Lang, "state."+string(a.State))}
	}
	return e.light(a)
}
