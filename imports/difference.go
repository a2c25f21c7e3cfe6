package imports

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// Difference is one thing that a row changes of what was known, in words.
type Difference struct {
	Line int    // 0: no row, the file no longer says it
	Of   string // the code and name of the task, or whose it is
	What string // the field, what it was and what it becomes
}

// Differences says what the list changes of what was known, in the order of the rows.
func (o Outcome) Differences(lang text.Lang) []Difference {
	var all []Difference
	for _, c := range o.Changes {
		what := fieldIn(lang, c.Field) + text.Word(lang, "change.colon") +
			text.Word(lang, "change.from_to", "from", valueIn(lang, c.Field, c.From), "to", valueIn(lang, c.Field, c.To))
		if c.Unit != "" && c.Field != work.FieldUnit {
			what = text.Word(lang, "change.at", "what", what, "unit", c.Unit)
		}
		all = append(all, Difference{Line: c.Line, Of: strings.TrimSpace(c.Code + " " + c.Name), What: what})
	}
	return all
}

// longest is how many characters of a text a difference shows.
const longest = 40

// valueIn writes the value of a field.
func valueIn(lang text.Lang, field work.Field, value string) string {
	switch {
	case value == "":
		return text.Word(lang, "change.none")
	case field == work.FieldDue:
		return dayIn(lang, value)
	case field == work.FieldEvidence:
		kind, n, _ := strings.Cut(value, ":")
		return text.Word(lang, "evidence."+kind, "n", n)
	case field == work.FieldPriority:
		return text.Word(lang, "priority."+value)
	case field == work.FieldCompletion:
		return text.Word(lang, "change.completion."+value)
	case field == work.FieldReview, field == work.FieldInternal, field == work.FieldSupport, field == work.FieldActive:
		return text.Word(lang, "change."+value)
	case field == work.FieldUnit, field == work.FieldSupports:
		return cut(unitsIn(lang, value))
	case field == work.FieldPost:
		return text.Word(lang, "role."+value)
	case field == work.FieldKind:
		return text.Word(lang, "kind."+value)
	}
	return cut(strings.Join(strings.Fields(value), " "))
}

// unitsIn writes units as people do: words for many of them are read as identifiers.
func unitsIn(lang text.Lang, units string) string {
	words := strings.Split(units, "、")
	for i, word := range words {
		switch {
		case word == "all":
			words[i] = text.Word(lang, "change.all_units")
		case slices.Contains(duban.UnitKinds, duban.UnitKind(word)):
			words[i] = text.Word(lang, "kind."+word)
		}
	}
	return strings.Join(words, "、")
}

func cut(value string) string {
	if runes := []rune(value); len(runes) > longest {
		return string(runes[:longest]) + "…"
	}
	return value
}

// dayIn writes a deadline, which is a date, or an instant in its zone.
func dayIn(lang text.Lang, due string) string {
	if date, err := calendar.ParseDate(due); err == nil {
		return text.Day(lang, date.Year, date.Month, date.Day)
	}
	at, err := time.Parse(time.RFC3339, due)
	if err != nil {
		return due
	}
	return text.Word(lang, "day.at", "day", text.Day(lang, at.Year(), at.Month(), at.Day()), "clock", at.Format("15:04"))
}

// MissingIn says what earlier imports of the list brought and the file does not have any more, a line for each item.
func (o Outcome) MissingIn(lang text.Lang) []string {
	var lines []string
	units := map[string][]string{}
	for _, m := range o.Missing {
		name := m.Code + " " + m.Title
		if len(units[name]) == 0 {
			lines = append(lines, name)
		}
		units[name] = append(units[name], unitsIn(lang, m.Unit))
	}
	for i, name := range lines {
		lines[i] = text.Word(lang, "change.missing", "name", name, "units", few(units[name]))
	}
	return lines
}

// unitsShown is how many units are named for one item.
const unitsShown = 3

func few(names []string) string {
	if len(names) > unitsShown {
		return strings.Join(names[:unitsShown], "、") + "… (" + strconv.Itoa(len(names)) + ")"
	}
	return strings.Join(names, "、")
}

// lostZero is a number that was typed as month.day and may have lost a zero.
var lostZero = regexp.MustCompile(`^(1[0-2]|[1-9])\.([123])$`)

// mobile is a mobile number of mainland China.
var mobile = regexp.MustCompile(`1[3-9]\d{9}`)

// meantBy returns what may have been meant in a wrong cell: what was found in the database, or what the file alone tells.
func meantBy(c Cell, suggested []work.Suggestion) []string {
	for _, s := range suggested {
		if s.Line == c.Line && s.Column == c.named && s.Value == c.Value {
			return s.Meant
		}
	}
	switch sheet.Reason(c.reason) {
	case sheet.AmbiguousDate:
		if m := lostZero.FindStringSubmatch(c.Value); m != nil {
			return []string{m[1] + "-" + m[2], m[1] + "-" + m[2] + "0"}
		}
	case sheet.ManyPhones:
		return mobile.FindAllString(c.Value, 1)
	case sheet.UnknownWord:
		return work.Nearest(c.Value, strings.Split(c.arg, "、"))
	case sheet.RoleNeedsKind:
		return []string{string(duban.Secretary), string(duban.BranchSecretary)}
	}
	return nil
}
