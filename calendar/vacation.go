package calendar

import "strings"

// Vacation is a stretch of days on which a school is closed to its pupils, while the office may work. It moves no
// deadline; it is there to warn whoever sets one inside and to lower reminders.
type Vacation struct {
	Name string `json:"name"`
	From Date   `json:"from"`
	To   Date   `json:"to"`
}

// Vacations are the vacations of one unit.
type Vacations []Vacation

// On returns the vacation that d falls into. It returns false for days of term.
func (v Vacations) On(d Date) (Vacation, bool) {
	for _, vacation := range v {
		if !d.Before(vacation.From) && !d.After(vacation.To) {
			return vacation, true
		}
	}
	return Vacation{}, false
}

// After returns the vacation that begins first after d. It returns false when none is known.
func (v Vacations) After(d Date) (Vacation, bool) {
	var next Vacation
	for _, vacation := range v {
		if vacation.From.After(d) && (next.From.IsZero() || vacation.From.Before(next.From)) {
			next = vacation
		}
	}
	return next, !next.From.IsZero()
}

// named returns the vacations whose name a word asks for: all of them unless it is 寒假 or 暑假.
func (v Vacations) named(word string) Vacations {
	if word != "寒假" && word != "暑假" {
		return v
	}
	var found Vacations
	for _, vacation := range v {
		if strings.Contains(vacation.Name, word) {
			found = append(found, vacation)
		}
	}
	return found
}
