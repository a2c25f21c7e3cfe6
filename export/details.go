package export

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

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
	{"what", word("what.")},
	{"verb", plain},
	{"news", word("letter.")},
	{"file", word("file.")},
	{"due", due},
	{"from", whichever},
	{"to", whichever},
	{"from_unit", unitName},
	{"to_unit", unitName},
	{"priority", word("priority.")},
	{"percent", plain},
	{"days_early", signed},
	{"minutes", plain},
	{"files", plain},
	{"rung", word("rung.")},
	{"step", step},
	{"moment", due},
	{"times", plain},
	{"level", word("level.")},
	{"late_minutes", plain},
	{"recipients", plain},
	{"unreachable", plain},
	{"people", plain},
	{"groups", plain},
	{"receipt", word("receipt.")},
	{"role", word("role.")},
	{"seat", word("seat.")},
	{"needs", word("seat.")},
	{"post", word("change.")},
	{"unit", word("change.")},
	{"person", word("change.")},
	{"kind", word("kind.", "asked_for.")},
	{"by", word("joined_by.")},
	{"new", plain},
	{"changed", plain},
	{"unchanged", plain},
	{"issued", plain},
	{"cancelled", plain},
	{"ended", plainOrYes},
	{"items", plain},
	{"left", plain},
	{"copies", plain},
	{"kept_back", plain},
	{"version", plain},
	{"became", word("recall.became.")},
	{"fields", words("field.")},
	{"before", word("state.")},
	{"stage", word("stage.")},
	{"asks", word("asks.")},
	{"asked", due},
	{"working_days", plain},
	{"review_days", plain},
	{"reviewer_late", yes},
	{"fault", word("reason.")},
	{"returned_by", personName},
	{"deputy", personName},
	{"away", people},
	{"deputies", people},
	{"folded", people},
	{"folded_why", word("because.")},
	{"corrected", yes},
	{"granted", yes},
	{"transferred", yes},
	{"implied", yes},
	{"no_secretary", yes},
	{"no_leader", yes},
	{"sampled", yes},
	{"not_looked", yes},
	{"zero", yes},
	{"loud", yes},
	{"used_elsewhere", yes},
	{"on_behalf", yes},
	{"reason", word("because.", "group.reason.", "denied.")},
	{"why", word("because.")},
	{"other_unit", unitName},
	{"milestone", plain},
	{"undone", plainOrYes},
	{"plan", plain},
	{"rule", plain},
	{"date", plain},
	{"auto", yes},
	{"skipped", yes},
	{"year", plain},
	{"days_off", plain},
	{"days_worked", plain},
	{"day", plain},
	{"off", offOrWorked},
	{"name", plain},
	{"first", plain},
	{"last", plain},
	{"dropped", plainOrYes},
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
	{"size", plain},
	{"sha256", digest},
	{"notes", plain},
	{"reports", plain},
	{"answers", plain},
	{"words", plain},
	{"files_named", plain},
	{"options", plain},
	{"backup_of", plain},
	{"entries", plain},
}

// unshown are ids that mean something to the program only, and what the event itself says.
var unshown = map[string]bool{
	"report": true, "group": true,
	"submission": true, "inbox": true, "review": true, "misses": true, "assessment": true, "line": true, "objection": true, "finding": true,
	"request": true, "escalation": true, "import": true, "asked_at": true, "absence": true,
}

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

// plainOrYes shows a number as it is and something that is so as such.
func plainOrYes(r record, value any) string {
	if _, ok := value.(bool); ok {
		return yes(r, value)
	}
	return plain(r, value)
}

// offOrWorked shows whether people work on a day.
func offOrWorked(r record, value any) string {
	if value == true {
		return text.Word(r.Lang, "calendar.what_off")
	}
	return text.Word(r.Lang, "calendar.what_worked")
}

// firstInstant is the least number that is an instant in unix milliseconds and no id.
const firstInstant = 1e11

// whichever shows what something was moved from or to: a deadline, an instant, a person or several.
func whichever(r record, value any) string {
	switch v := value.(type) {
	case float64:
		if v >= firstInstant {
			return r.clock(time.UnixMilli(int64(v)))
		}
		return r.person(int64(v))
	case []any:
		return people(r, v)
	}
	return due(r, value)
}

// clock shows an instant on the organisation's clock.
func (r record) clock(t time.Time) string {
	return t.In(r.Calendar.Zone()).Format("2006-01-02 15:04")
}

// due shows a deadline: a day as it is, an instant on the organisation's clock.
func due(r record, value any) string {
	if t, err := time.Parse(time.RFC3339, fmt.Sprint(value)); err == nil {
		return r.clock(t)
	}
	return plain(r, value)
}

// step shows how long before or after something a reminder is, in words.
func step(r record, value any) string {
	s := fmt.Sprint(value)
	number := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	n, err := strconv.Atoi(number)
	if unit := s[len(number):]; err == nil && text.Has("span."+unit) {
		return text.Word(r.Lang, "span."+unit, "n", n)
	}
	return s
}

// digest shows the beginning of a hash, enough to tell one file from another.
func digest(_ record, value any) string {
	s := fmt.Sprint(value)
	return s[:min(len(s), 16)]
}

// person names somebody by id.
func (r record) person(id int64) string {
	if name, ok := r.people[id]; ok || !r.lazy {
		return name
	}
	p, _ := r.Tx.Person(id)
	r.people[id] = p.Name
	return p.Name
}

func personName(r record, value any) string {
	id, _ := value.(float64)
	return r.person(int64(id))
}

// people shows the ids of people as their names.
func people(r record, value any) string {
	all, _ := value.([]any)
	var names []string
	for _, one := range all {
		if name := personName(r, one); name != "" {
			names = append(names, name)
		}
	}
	return strings.Join(names, text.Word(r.Lang, "people.comma"))
}

// unitName shows the id of a unit as its name.
func unitName(r record, value any) string {
	id, _ := value.(float64)
	return r.unit(int64(id))
}

func (r record) unit(id int64) string {
	if name, ok := r.units[id]; ok || !r.lazy {
		return name
	}
	u, _ := r.Tx.Unit(id)
	r.units[id] = u.Name
	return u.Name
}

func (r record) task(id int64) duban.Task {
	if t, ok := r.tasks[id]; ok || !r.lazy || id == 0 {
		return t
	}
	t, _ := r.Tx.Task(id)
	r.tasks[id] = t
	return t
}

// word shows an identifier by its word in the catalogue under the first of the prefixes that has one, and as it is where there is none.
func word(prefixes ...string) func(record, any) string {
	return func(r record, value any) string {
		id := plain(r, value)
		for _, prefix := range prefixes {
			if text.Has(prefix + id) {
				return text.Word(r.Lang, prefix+id)
			}
		}
		return id
	}
}

// words shows several identifiers by their words.
func words(prefix string) func(record, any) string {
	one := word(prefix)
	return func(r record, value any) string {
		all, _ := value.([]any)
		named := make([]string, len(all))
		for i, id := range all {
			named[i] = one(r, id)
		}
		return strings.Join(named, text.Word(r.Lang, "people.comma"))
	}
}
