package work

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
)

// Suggestion is what might have been meant in a cell that is wrong. It is never taken by itself.
type Suggestion struct {
	Line   int
	Column Column
	Value  string   // what stands there
	Meant  []string // the likeliest first, as it would be written into the cell
}

// suggestionsAtMost is how many are offered for one cell.
const suggestionsAtMost = 3

// suggester looks for what was meant among what is known.
type suggester struct {
	desk  *Desk
	tx    *store.Tx
	units []duban.Unit
	names map[int64]string
	posts []store.PostHolder
	found map[string][]string // by column and value: a list repeats itself
}

func (d *Desk) suggester(tx *store.Tx) (*suggester, error) {
	units, err := tx.Units()
	if err != nil {
		return nil, err
	}
	posts, err := tx.PostHolders()
	return &suggester{desk: d, tx: tx, units: units, names: namesOf(units), posts: posts, found: map[string][]string{}}, err
}

func (d *Desk) suggestForTasks(tx *store.Tx, problems []Problem) ([]Suggestion, error) {
	if len(problems) == 0 {
		return nil, nil
	}
	s, err := d.suggester(tx)
	if err != nil {
		return nil, err
	}
	var all []Suggestion
	for _, p := range problems {
		unit := p.Arg
		if p.Column == ColumnReviewer {
			unit = ""
		}
		if meant := s.meant(p, unit); len(meant) > 0 {
			all = append(all, Suggestion{Line: p.Line, Column: p.Column, Value: p.Value, Meant: meant})
		}
	}
	return all, nil
}

// meant returns what a wrong value may have meant. Unit is where the person would have to be; empty: anywhere.
func (s *suggester) meant(p Problem, unit string) []string {
	key := strings.Join([]string{string(p.Column), string(p.Reason), p.Value, unit}, "\x00")
	if known, ok := s.found[key]; ok {
		return known
	}
	meant := s.look(p, unit)
	s.found[key] = meant
	return meant
}

func (s *suggester) look(p Problem, unit string) []string {
	switch p.Reason {
	case UnknownUnit, UnknownParent:
		return Nearest(p.Value, s.unitWords())
	case AmbiguousUnit:
		return s.fullNames(p.Value)
	case KindMissing:
		return kindByName(p.Value)
	case UnknownPerson:
		return Nearest(p.Value, s.peopleIn(unit))
	case AmbiguousName:
		return s.codesOf(p.Value, unit)
	case SeveralThere:
		return firstOf(s.ownersIn(unit))
	case NoDue, DuePast:
		return s.dates(p.Value)
	case DueVague, DueAsks, DueNoSuch:
		return s.offered(p.Value)
	case DueRecurs:
		return s.nextOf(p.Value)
	}
	return nil
}

// unitWords are the words that a list may use for units: names and regions.
func (s *suggester) unitWords() []string {
	var words []string
	for _, u := range s.units {
		words = append(words, u.Name)
		if u.Region != "" && !slices.Contains(words, u.Region) {
			words = append(words, u.Region)
		}
	}
	return words
}

// fullNames writes the units of a name behind the unit above.
func (s *suggester) fullNames(name string) []string {
	var all []string
	for _, u := range s.units {
		if u.Name == name && u.ParentID != 0 {
			all = append(all, s.names[u.ParentID]+"/"+u.Name)
		}
	}
	return firstOf(all)
}

func kindByName(name string) []string {
	for _, kind := range []struct {
		end string
		is  duban.UnitKind
	}{{"行业党委", duban.IndustryCommittee}, {"党总支", duban.GeneralBranch}, {"支部", duban.Branch}, {"党委", duban.SchoolCommittee}} {
		if strings.HasSuffix(name, kind.end) {
			return []string{string(kind.is)}
		}
	}
	return nil
}

func (s *suggester) peopleIn(unit string) []string {
	var names []string
	for _, h := range s.posts {
		if (unit == "" || h.Unit.Name == unit) && !slices.Contains(names, h.Person.Name) {
			names = append(names, h.Person.Name)
		}
	}
	return names
}

func (s *suggester) codesOf(name, unit string) []string {
	var codes []string
	for _, h := range s.posts {
		if h.Person.Name == name && (unit == "" || h.Unit.Name == unit) && !slices.Contains(codes, h.Person.Code) {
			codes = append(codes, h.Person.Code)
		}
	}
	return firstOf(codes)
}

// ownersIn names those who could own an item of a unit: by name, or by code where several have the name.
func (s *suggester) ownersIn(unit string) []string {
	var names []string
	for _, h := range s.posts {
		if h.Unit.Name != unit || h.Role != duban.Officer && h.Role != duban.Secretary && h.Role != duban.BranchSecretary {
			continue
		}
		word := h.Person.Name
		if slices.Contains(names, word) {
			word = h.Person.Code
		}
		names = append(names, word)
	}
	return names
}

var (
	digits   = regexp.MustCompile(`\d+`)
	together = regexp.MustCompile(`^(20\d\d)([01]\d)([0-3]\d)$`)
)

// dates rewrites what may be a date: digits between whatever signs, a day that its month does not have, last year's list taken up again.
func (s *suggester) dates(text string) []string {
	today := s.desk.Calendar.Today(s.tx.Now)
	date, ok := s.understood(text)
	if !ok {
		date, ok = dateOfDigits(text, today.Year)
	}
	if !ok {
		return nil
	}
	if date.Before(today) {
		date.Year = today.Year
	}
	if date.Before(today) {
		date.Year++
	}
	return []string{withinMonth(date).String()}
}

// understood is the date of a text that names one, over or not.
func (s *suggester) understood(text string) (calendar.Date, bool) {
	r := s.desk.Calendar.ParseDue(text, s.tx.Now)
	return r.Due.Date, r.Outcome == calendar.Understood && !r.Due.IsZero()
}

func dateOfDigits(text string, year int) (calendar.Date, bool) {
	text = strings.Join(strings.Fields(text), "")
	if m := together.FindStringSubmatch(text); m != nil {
		return dateOf(m[1], m[2], m[3])
	}
	switch n := digits.FindAllString(text, -1); {
	case len(n) == 3 && len(n[0]) == 4:
		return dateOf(n[0], n[1], n[2])
	case len(n) == 2 && len(n[0]) <= 2:
		return dateOf(strconv.Itoa(year), n[0], n[1])
	}
	return calendar.Date{}, false
}

func dateOf(year, month, day string) (calendar.Date, bool) {
	y, errY := strconv.Atoi(year)
	m, errM := strconv.Atoi(month)
	d, errD := strconv.Atoi(day)
	ok := errY == nil && errM == nil && errD == nil && 1 <= m && m <= 12 && 1 <= d && d <= 31
	return calendar.Date{Year: y, Month: time.Month(m), Day: d}, ok
}

// withinMonth brings a day that its month does not have to the last one of the month.
func withinMonth(d calendar.Date) calendar.Date {
	last := calendar.Date{Year: d.Year, Month: d.Month, Day: 28}
	for last.Add(1).Month == d.Month {
		last = last.Add(1)
	}
	d.Day = min(d.Day, last.Day)
	return d
}

// nextOf is the next date of a deadline that recurs.
func (s *suggester) nextOf(text string) []string {
	r := s.desk.Calendar.ParseDue(text, s.tx.Now)
	if r.Outcome != calendar.Recurring || r.Due.IsZero() {
		return nil
	}
	return []string{r.Due.Date.String()}
}

// offered is what may be proposed for a deadline that is too vague, or rests on what is not known; else the date that its digits make.
func (s *suggester) offered(text string) []string {
	r := s.desk.Calendar.ParseDue(text, s.tx.Now)
	if r.Offer.IsZero() {
		return s.dates(text)
	}
	return []string{r.Offer.Date.String()}
}

func firstOf(words []string) []string { return words[:min(len(words), suggestionsAtMost)] }
