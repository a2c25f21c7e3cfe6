package sim

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// apiJSON is the Bot API as data, from github.com/PaulSonOfLars/telegram-bot-api-spec (MIT, LICENSE.api.json), cut down by trim.go to
// what a check needs.
//
//go:embed api.json
var apiJSON []byte

// schema is the Bot API as data: what each method takes and returns and what each object consists of.
type schema struct {
	Methods map[string]*entry
	Types   map[string]*entry
	lower   map[string]string
}

type entry struct {
	Name     string   `json:"-"`
	Returns  []string `json:"returns"`
	Fields   []*field `json:"fields"`
	Subtypes []string `json:"subtypes"`
	byName   map[string]*field
}

type field struct {
	Name        string   `json:"name"`
	Types       []string `json:"types"`
	Required    bool     `json:"required"`
	Description string   `json:"description"`
	limits      limits
}

// limits are what the description of a field says about its value. A zero upper bound means that nothing is said.
type limits struct {
	chars, bytes, items, value span
	fixed                      string
}

type span struct{ least, most int64 }

func (s span) breaks(n int64) bool { return s.most > 0 && (n < s.least || n > s.most) }

var (
	saysChars = regexp.MustCompile(`(?:(\d+)-|[Uu]p to |[Aa]t most )(\d+) characters`)
	saysBytes = regexp.MustCompile(`(?:(\d+)-|[Uu]p to |[Aa]t most )(\d+) bytes`)
	saysItems = regexp.MustCompile(`(?:[Ll]ist of (\d+)-|must include (\d+)-|[Ll]ist of up to |[Uu]p to |[Aa]t most )(\d+) [a-z]+`)
	saysRange = regexp.MustCompile(`(\d+)(?:-| and )(\d+)`)
	saysFixed = regexp.MustCompile(`(?:must be|[Aa]lways) [“"]?([a-z][a-z_0-9]*)[”"]?\.?$`)
)

// botAPI is the embedded schema; it is read once, when the first Telegram of the process is made.
var botAPI = sync.OnceValue(func() *schema {
	s := &schema{lower: map[string]string{}}
	if err := json.Unmarshal(apiJSON, s); err != nil {
		panic(fmt.Sprintf("embedded api.json: %v", err))
	}
	for name, e := range s.Methods {
		e.prepare(name)
		s.lower[strings.ToLower(name)] = name
	}
	for name, e := range s.Types {
		e.prepare(name)
	}
	return s
})

func (e *entry) prepare(name string) {
	e.Name, e.byName = name, map[string]*field{}
	for _, f := range e.Fields {
		f.limits = readLimits(f)
		e.byName[f.Name] = f
	}
}

// readLimits takes the limits out of a description. Lengths "after entities parsing", the size of callback_data and of an album are left
// to the methods, which answer with the words of the server.
func readLimits(f *field) limits {
	var l limits
	switch {
	case f.Name == "callback_data" || f.Name == "media":
	case f.Types[0] == "String":
		if !strings.Contains(f.Description, "pars") {
			l.chars = readSpan(saysChars, f.Description)
		}
		l.bytes = readSpan(saysBytes, f.Description)
		if m := saysFixed.FindStringSubmatch(f.Description); m != nil {
			l.fixed = m[1]
		}
	case f.Types[0] == "Integer" && f.Name != "value":
		l.value = readSpan(saysRange, f.Description)
	case strings.HasPrefix(f.Types[0], "Array of"):
		l.items = readSpan(saysItems, f.Description)
	}
	return l
}

func readSpan(says *regexp.Regexp, description string) span {
	m := says.FindStringSubmatch(description)
	if m == nil {
		return span{}
	}
	var s span
	for _, low := range m[1 : len(m)-1] {
		if low != "" {
			s.least, _ = strconv.ParseInt(low, 10, 64)
		}
	}
	s.most, _ = strconv.ParseInt(m[len(m)-1], 10, 64)
	return s
}

// upload is a file that came as a part of the request.
type upload struct {
	name string
	mime string
	data []byte
}

// checkParams turns the parameters of a request into typed values and says what is wrong with them. A value is a string when it came
// in a form, any JSON value when the body was JSON, or an *upload. A JSON null counts as not given.
func (s *schema) checkParams(m *entry, given map[string]any) (typed map[string]any, problems []string) {
	typed = make(map[string]any, len(given))
	for name, value := range given {
		f := m.byName[name]
		if f == nil {
			problems = append(problems, fmt.Sprintf("unknown parameter %q", name))
			continue
		}
		if value == "null" && !slices.Contains(f.Types, "String") {
			continue
		}
		v, wrong := s.param(f, value)
		typed[name] = v
		problems = append(problems, wrong...)
	}
	for _, f := range m.Fields {
		if _, ok := given[f.Name]; f.Required && !ok {
			problems = append(problems, missing(f.Name))
		}
	}
	slices.Sort(problems)
	return typed, problems
}

// missing has the words of the server where it has any.
func missing(name string) string {
	switch name {
	case "chat_id":
		return "chat_id is empty"
	case "text":
		return "message text is empty"
	}
	return fmt.Sprintf("required parameter %q is missing", name)
}

func (s *schema) param(f *field, value any) (any, []string) {
	text, isText := value.(string)
	if !isText {
		return value, s.checkField(f, value, f.Name)
	}
	best := []string{fmt.Sprintf("%s: %q is not %s", f.Name, short(text), strings.Join(f.Types, " or "))}
	for _, name := range f.Types {
		v, ok := fromText(name, text)
		if !ok {
			continue
		}
		wrong := s.checkField(f, v, f.Name)
		if len(wrong) == 0 {
			return v, nil
		}
		best = wrong
	}
	return text, best
}

// fromText reads a form value as a type of the schema.
func fromText(name, text string) (any, bool) {
	switch name {
	case "String", "InputFile":
		return text, true
	case "Integer":
		n, err := strconv.ParseInt(text, 10, 64)
		return json.Number(strconv.FormatInt(n, 10)), err == nil
	case "Float":
		_, err := strconv.ParseFloat(text, 64)
		return json.Number(text), err == nil
	case "Boolean":
		b, err := strconv.ParseBool(strings.ToLower(text))
		return b, err == nil
	}
	var v any
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	return v, d.Decode(&v) == nil && (v != nil) && !d.More()
}

// checkField says what is wrong with a value of a field; at names the place in messages.
func (s *schema) checkField(f *field, value any, at string) []string {
	if wrong := s.checkAny(f.Types, value, at); len(wrong) > 0 {
		return wrong
	}
	return f.limits.check(value, at)
}

func (l limits) check(value any, at string) []string {
	var wrong []string
	say := func(format string, args ...any) { wrong = append(wrong, at+": "+fmt.Sprintf(format, args...)) }
	switch v := value.(type) {
	case string:
		if n := utf8.RuneCountInString(v); l.chars.breaks(int64(n)) {
			say("%d characters, allowed are %d-%d", n, l.chars.least, l.chars.most)
		}
		if l.bytes.breaks(int64(len(v))) {
			say("%d bytes, allowed are %d-%d", len(v), l.bytes.least, l.bytes.most)
		}
		if l.fixed != "" && v != l.fixed {
			say("must be %q", l.fixed)
		}
	case json.Number:
		if n, err := v.Int64(); err == nil && l.value.breaks(n) {
			say("%d, allowed are %d-%d", n, l.value.least, l.value.most)
		}
	case []any:
		if l.items.breaks(int64(len(v))) {
			say("%d items, allowed are %d-%d", len(v), l.items.least, l.items.most)
		}
	}
	return wrong
}

// checkAny accepts a value that fits one of the types, else it tells what is wrong with the closest.
func (s *schema) checkAny(types []string, value any, at string) []string {
	if items, ok := value.([]any); ok && len(types) > 1 {
		return s.checkMixed(types, items, at)
	}
	var closest []string
	for _, name := range s.called(types, value) {
		wrong := s.checkOne(name, value, at)
		if len(wrong) == 0 {
			return nil
		}
		if closest == nil || len(wrong) < len(closest) {
			closest = wrong
		}
	}
	return closest
}

// called are the types that an object itself says it is, by a field of fixed value; all of them when it says nothing of the kind.
func (s *schema) called(types []string, value any) []string {
	object, ok := value.(map[string]any)
	if !ok || len(types) < 2 {
		return types
	}
	named := slices.DeleteFunc(slices.Clone(types), func(name string) bool {
		e := s.Types[name]
		return e == nil || !slices.ContainsFunc(e.Fields, func(f *field) bool { return f.limits.fixed != "" && object[f.Name] == f.limits.fixed })
	})
	if len(named) == 0 {
		return types
	}
	return named
}

func (s *schema) checkOne(name string, value any, at string) []string {
	if of, isArray := strings.CutPrefix(name, "Array of "); isArray {
		return s.checkArray(of, value, at)
	}
	if fits, isPlain := fitsPlain(name, value); isPlain {
		if !fits {
			return []string{fmt.Sprintf("%s: %s is not %s", at, short(fmt.Sprint(value)), name)}
		}
		return nil
	}
	e := s.Types[name]
	if e == nil {
		return []string{fmt.Sprintf("%s: unknown type %s", at, name)}
	}
	if len(e.Subtypes) > 0 {
		return s.checkAny(e.Subtypes, value, at)
	}
	object, ok := value.(map[string]any)
	if !ok {
		return []string{fmt.Sprintf("%s: %s is not an object %s", at, short(fmt.Sprint(value)), name)}
	}
	return s.checkObject(e, object, at)
}

// checkMixed checks a list whose items may be of different types, as those of an album.
func (s *schema) checkMixed(types []string, items []any, at string) []string {
	var of []string
	for _, name := range types {
		if one, ok := strings.CutPrefix(name, "Array of "); ok {
			of = append(of, one)
		}
	}
	if of == nil {
		return []string{fmt.Sprintf("%s: a list is not %s", at, strings.Join(types, " or "))}
	}
	var wrong []string
	for i, item := range items {
		wrong = append(wrong, s.checkAny(of, item, fmt.Sprintf("%s[%d]", at, i))...)
	}
	return wrong
}

func (s *schema) checkArray(of string, value any, at string) []string {
	items, ok := value.([]any)
	if !ok {
		return []string{fmt.Sprintf("%s: not a list of %s", at, of)}
	}
	var wrong []string
	for i, item := range items {
		wrong = append(wrong, s.checkOne(of, item, fmt.Sprintf("%s[%d]", at, i))...)
	}
	return wrong
}

func (s *schema) checkObject(e *entry, object map[string]any, at string) []string {
	var wrong []string
	for name, value := range object {
		f := e.byName[name]
		if f == nil {
			wrong = append(wrong, fmt.Sprintf("%s: %s has no field %q", at, e.Name, name))
			continue
		}
		if isUnsetCopyText(e, name, value) {
			continue
		}
		wrong = append(wrong, s.checkField(f, value, at+"."+name)...)
	}
	for _, f := range e.Fields {
		if _, ok := object[f.Name]; f.Required && !ok {
			wrong = append(wrong, fmt.Sprintf("%s: %s needs %q", at, e.Name, f.Name))
		}
	}
	slices.Sort(wrong)
	return wrong
}

// isUnsetCopyText knows the `"copy_text":{"text":""}` that go-telegram/bot 1.19 writes into every inline button because the field is no
// pointer there. Telegram takes the first action it finds and never sees it.
func isUnsetCopyText(e *entry, name string, value any) bool {
	object, _ := value.(map[string]any)
	return e.Name == "InlineKeyboardButton" && name == "copy_text" && len(object) == 1 && object["text"] == ""
}

func fitsPlain(name string, value any) (fits, isPlain bool) {
	switch name {
	case "Integer":
		n, ok := value.(json.Number)
		if !ok {
			return false, true
		}
		_, err := n.Int64()
		return err == nil, true
	case "Float":
		n, ok := value.(json.Number)
		if !ok {
			return false, true
		}
		x, err := n.Float64()
		return err == nil && !math.IsInf(x, 0), true
	case "Boolean":
		_, ok := value.(bool)
		return ok, true
	case "True":
		b, ok := value.(bool)
		return ok && b, true
	case "String":
		text, ok := value.(string)
		return ok && utf8.ValidString(text), true
	case "InputFile":
		_, ok := value.(*upload)
		return ok, true
	}
	return false, false
}

func short(text string) string {
	const most = 60
	if runes := []rune(text); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return text
}
