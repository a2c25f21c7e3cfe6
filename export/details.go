package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"duban"
	"duban/text"
)

// fact is one detail of the record that people are shown, with how its value is put into words.
type fact struct {
	name string
	show func(record, any) string
}

// facts are the details that are shown, in the order in which they are. The catalogue has a phrase for each under "fact.<name>".
var facts = []fact{
	{"what", plain},
	{"news", word("news.")},
	{"due", plain},
	{"from", personOrPlain},
	{"to", personOrPlain},
	{"priority", word("priority.")},
	{"percent", plain},
	{"days_early", signed},
	{"minutes", plain},
	{"files", plain},
	{"rung", plain},
	{"step", plain},
	{"times", plain},
	{"level", plain},
	{"late", yes},
	{"recipients", plain},
	{"unreachable", plain},
	{"people", plain},
	{"receipt", word("receipt.")},
	{"role", word("role.")},
	{"post", word("change.")},
	{"unit", word("change.")},
	{"person", word("change.")},
	{"kind", word("kind.")},
	{"by", word("joined_by.")},
	{"new", plain},
	{"changed", plain},
	{"unchanged", plain},
	{"issued", plain},
	{"on_behalf", yes},
	{"reason", word("because.")},
	{"other_unit", unitName},
	{"milestone", plain},
	{"undone", yes},
	{"year", plain},
	{"days_off", plain},
	{"days_worked", plain},
	{"day", plain},
	{"off", offOrWorked},
	{"name", plain},
	{"first", plain},
	{"last", plain},
	{"dropped", yes},
	{"table", word("export.")},
	{"period", word("export.period.")},
	{"part", word("part.")},
	{"element", word("element.")},
	{"points", plain},
	{"proposed", plain},
	{"upheld", yes},
	{"daily", plain},
	{"grade", plain},
	{"rules", plain},
	{"until", plain},
	{"units", plain},
	{"lines", plain},
}

// unshown are ids that mean something to the program only.
var unshown = map[string]bool{"submission": true, "inbox": true, "review": true, "misses": true, "assessment": true, "line": true, "objection": true, "finding": true}

// details puts what an entry tells beside its columns into words: the note as it was written, then the facts.
func (r record) details(e duban.Entry) string {
	var parts []string
	if e.Note != "" {
		parts = append(parts, e.Note)
	}
	shown := map[string]bool{}
	for _, f := range facts {
		value, ok := e.Facts[f.name]
		shown[f.name] = true
		if !ok || value == nil {
			continue
		}
		if s := f.show(r, value); s != "" {
			parts = append(parts, text.Word(r.Lang, "fact."+f.name, "value", s))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(e.Facts)) {
		if !shown[name] && !unshown[name] {
			parts = append(parts, name+": "+plain(r, e.Facts[name]))
		}
	}
	return strings.Join(parts, text.Word(r.Lang, "export.between"))
}

func plain(_ record, value any) string {
	if n, ok := value.(float64); ok && n == float64(int64(n)) {
		return fmt.Sprint(int64(n))
	}
	return fmt.Sprint(value)
}

func signed(_ record, value any) string {
	if n, ok := value.(float64); ok {
		return fmt.Sprintf("%+d", int64(n))
	}
	return fmt.Sprint(value)
}

// yes shows a fact that is either so or not worth a word.
func yes(r record, value any) string {
	if value == true {
		return text.Word(r.Lang, "export.yes")
	}
	return ""
}

// offOrWorked shows whether people work on a day.
func offOrWorked(r record, value any) string {
	if value == true {
		return text.Word(r.Lang, "calendar.what_off")
	}
	return text.Word(r.Lang, "calendar.what_worked")
}

// personOrPlain shows a deadline as it is and the id of a person as the name.
func personOrPlain(r record, value any) string {
	if id, ok := value.(float64); ok {
		return r.people[int64(id)]
	}
	return plain(r, value)
}

// unitName shows the id of a unit as its name.
func unitName(r record, value any) string {
	id, _ := value.(float64)
	return r.units[int64(id)]
}

// word shows an identifier by its word in the catalogue, and as it is where there is none.
func word(prefix string) func(record, any) string {
	return func(r record, value any) string {
		id := fmt.Sprint(value)
		if text.Has(prefix + id) {
			return text.Word(r.Lang, prefix+id)
		}
		return id
	}
}
