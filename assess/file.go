package assess

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"

	"duban"
	"duban/calendar"
)

// Problem is one thing in a file of rules that has to be corrected. Line and Column begin at 1; 0 where they are unknown.
type Problem struct {
	File         string
	Line, Column int
	Option       string // dotted path, empty when the file cannot be read that far
	Advice       string
}

// Error is one line: the place, the option, what to do.
func (p Problem) Error() string {
	where := p.File
	if p.Line > 0 {
		where = fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	}
	if p.Option == "" {
		return where + ": " + p.Advice
	}
	return where + ": " + p.Option + ": " + p.Advice
}

// Problems is everything that is wrong, in the order of the file.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

// Parse reads a file of rules. An error is Problems: all that is wrong, each with its place.
func Parse(file string, content []byte) (Rules, error) {
	r := &reader{file: file, rules: Rules{body: string(content)}}
	var document yaml.Node
	content = bytes.TrimPrefix(content, []byte("\ufeff"))
	switch err := yaml.Load(content, &document); {
	case !utf8.Valid(content):
		r.problem(nil, "", "the file is not UTF-8: save it again with the encoding UTF-8")
	case err != nil:
		r.syntax(err)
	default:
		r.read(document.Content[0])
	}
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return a.Line - b.Line })
		return Rules{}, r.problems
	}
	return r.rules, nil
}

// reader collects the rules, and what is wrong with them.
type reader struct {
	file     string
	rules    Rules
	problems Problems
}

func (r *reader) problem(at *yaml.Node, option, advice string) {
	p := Problem{File: r.file, Option: option, Advice: advice}
	if at != nil {
		p.Line, p.Column = at.Line, at.Column
	}
	r.problems = append(r.problems, p)
}

func (r *reader) syntax(err error) {
	var several *yaml.LoadErrors
	if errors.As(err, &several) && len(several.Errors) > 0 {
		err = several.Errors[0]
	}
	p := Problem{File: r.file, Advice: "this is no YAML: " + err.Error()}
	var one *yaml.LoadError
	if errors.As(err, &one) {
		p.Line, p.Column, p.Advice = one.Mark.Line, one.Mark.Column, "this is no YAML: "+one.Message
	}
	r.problems = append(r.problems, p)
}

// fields is a group of the file: each of its options with what reads it. An option that is not there is a problem, since rules say everything that holds.
type fields map[string]func(at *yaml.Node, path string)

func (r *reader) group(node *yaml.Node, path string, read fields) {
	if node.Kind != yaml.MappingNode {
		r.problem(node, path, "write the options of this group below it, one a line and indented: "+names(read))
		return
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], target(node.Content[i+1])
		option := strings.TrimPrefix(path+"."+key.Value, ".")
		field, known := read[key.Value]
		switch {
		case !known:
			r.problem(key, option, "there is no such option; there are "+names(read))
		case seen[key.Value]:
			r.problem(key, option, "this is set twice: remove one of the two")
		default:
			field(value, option)
		}
		seen[key.Value] = true
	}
	for _, name := range sorted(read) {
		if !seen[name] {
			r.problem(node, strings.TrimPrefix(path+"."+name, "."), "this is missing")
		}
	}
}

func sorted(read fields) []string {
	var all []string
	for name := range read {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

func names(read fields) string { return strings.Join(sorted(read), ", ") }

func target(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

// below makes a field of a group of its own.
func (r *reader) below(read fields) func(*yaml.Node, string) {
	return func(node *yaml.Node, path string) { r.group(node, path, read) }
}

// scalar makes a field of a single value; advice says what is possible.
func scalar[T any](r *reader, into *T, advice string, parse func(string) (T, bool)) func(*yaml.Node, string) {
	return func(node *yaml.Node, path string) {
		value, ok := parse(node.Value)
		if node.Kind != yaml.ScalarNode || !ok {
			r.problem(node, path, advice)
			return
		}
		*into = value
	}
}

func (r *reader) text(into *string) func(*yaml.Node, string) {
	return scalar(r, into, "write a text of 200 characters at most", func(s string) (string, bool) {
		return strings.TrimSpace(s), strings.TrimSpace(s) != "" && utf8.RuneCountInString(s) <= 200
	})
}

func (r *reader) points(into *duban.Points) func(*yaml.Node, string) {
	return scalar(r, into, "write points such as 0.5, two places at most, from 0 to 100", func(s string) (duban.Points, bool) {
		p, ok := duban.ParsePoints(s)
		return p, ok && p <= Full
	})
}

// whole reads a whole number; zero says whether 0 is possible.
func (r *reader) whole(into *int, least, most int) func(*yaml.Node, string) {
	return scalar(r, into, fmt.Sprintf("write a whole number from %d to %d", least, most), func(s string) (int, bool) {
		n, err := number(s)
		return n, err == nil && n >= least && n <= most
	})
}

func number(s string) (int, error) {
	var n int
	var rest string
	if k, _ := fmt.Sscanf(s+" ", "%d%s", &n, &rest); k != 1 {
		return 0, errors.New("no number")
	}
	return n, nil
}

func (r *reader) days(into *int) func(*yaml.Node, string) {
	return scalar(r, into, "write working days such as 3wd", func(s string) (int, bool) {
		step, err := calendar.ParseStep(s)
		return step.N, err == nil && step.Unit == calendar.WorkingDays && step.N <= 250
	})
}

func (r *reader) onOff(into *bool) func(*yaml.Node, string) {
	return scalar(r, into, "write on or off", func(s string) (bool, bool) {
		return s == "on" || s == "true", slices.Contains([]string{"on", "off", "true", "false"}, s)
	})
}

// words reads a list of words; it may be empty.
func (r *reader) words(into *[]string) func(*yaml.Node, string) {
	return func(node *yaml.Node, path string) {
		if node.Kind != yaml.SequenceNode {
			r.problem(node, path, "write a list of words such as [one, two]")
			return
		}
		for _, item := range node.Content {
			word := strings.TrimSpace(item.Value)
			if item.Kind != yaml.ScalarNode || word == "" {
				r.problem(item, path, "write one word for each entry of the list")
				continue
			}
			*into = append(*into, word)
		}
	}
}

// list reads a list of groups that is not empty.
func list[T any](r *reader, into *[]T, read func(*T) fields) func(*yaml.Node, string) {
	return func(node *yaml.Node, path string) {
		if node.Kind != yaml.SequenceNode || len(node.Content) == 0 {
			var none T
			r.problem(node, path, "write a list, each entry with "+names(read(&none)))
			return
		}
		for _, item := range node.Content {
			var one T
			r.group(target(item), path, read(&one))
			*into = append(*into, one)
		}
	}
}
