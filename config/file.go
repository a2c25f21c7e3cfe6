package config

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v4"
)

const sizeLimit = 1 << 20 // bytes; a configuration is a few kilobytes

// readFile reads the YAML file at the path into the configuration. What is wrong inside becomes problems; an error comes back when the
// file cannot be read at all.
func (l *loader) readFile(path string) error {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read configuration: %w: `duban init -c %s` writes one", err, path)
	}
	if err != nil {
		return fmt.Errorf("read configuration: %w", err)
	}
	l.file = path
	l.readYAML(content)
	return nil
}

func (l *loader) readYAML(content []byte) {
	content = bytes.TrimPrefix(content, []byte("\ufeff")) // Windows Notepad writes a byte order mark
	if len(content) > sizeLimit {
		l.problem(0, 0, "", "the file is larger than 1 MiB: this is not a configuration")
		return
	}
	if at := invalidUTF8(content); at >= 0 {
		line, column := position(content, at)
		l.problem(line, column, "", "the file is not UTF-8 from here on: save it again with the encoding UTF-8")
		return
	}
	var document yaml.Node
	if err := yaml.Load(content, &document); err != nil {
		l.syntaxProblems(content, err)
		return
	}
	root := document.Content[0]
	if root.Kind == yaml.ScalarNode && l.fullWidthProblems(content) {
		return
	}
	l.group("", root)
}

// group reads the options below a path. The depth of the walk is bounded by the table of options, also when an alias points at itself.
func (l *loader) group(path string, node *yaml.Node) {
	node = target(node)
	if isNull(node) {
		return // a heading with everything below it commented out
	}
	if node.Kind != yaml.MappingNode {
		l.problem(node.Line, node.Column, path, "write the options of this group below it, one a line and indented: "+strings.Join(childrenOf(path), ", "))
		return
	}
	lines := map[string]int{}
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if first, seen := lines[key.Value]; seen {
			l.problem(key.Line, key.Column, join(path, key.Value), fmt.Sprintf("this is set in line %d already: remove one of the two", first))
			continue
		}
		lines[key.Value] = key.Line
		l.entry(path, key, value)
	}
}

// entry reads one key with its value, which is an option, a group, or neither.
func (l *loader) entry(group string, key, value *yaml.Node) {
	path := join(group, key.Value)
	value = target(value)
	o, isOption := optionAt(path)
	switch {
	case isGroup(path) && (!isOption || value.Kind == yaml.MappingNode || isNull(value)):
		l.group(path, value)
	case isOption:
		l.value(o, value)
	default:
		l.problem(key.Line, key.Column, path, unknownAdvice(group, key.Value))
	}
}

func (l *loader) value(o option, node *yaml.Node) {
	text, ok := textOf(node, o.list)
	if !ok {
		advice := "write a single value"
		if o.list {
			advice = "write a list of single values such as [3wd, 1wd]"
		}
		l.problem(node.Line, node.Column, o.path, advice)
		return
	}
	l.set(o, text, Place{File: l.file, Line: node.Line, Column: node.Column})
}

// textOf gives the text of a scalar, or of a sequence of scalars joined with commas where a list is wanted.
func textOf(node *yaml.Node, list bool) (string, bool) {
	switch {
	case isNull(node):
		return "", true
	case node.Kind == yaml.ScalarNode:
		return node.Value, true
	case node.Kind != yaml.SequenceNode || !list:
		return "", false
	}
	parts := make([]string, len(node.Content))
	for i, element := range node.Content {
		element = target(element)
		if element.Kind != yaml.ScalarNode {
			return "", false
		}
		parts[i] = element.Value
	}
	return strings.Join(parts, ","), true
}

func target(node *yaml.Node) *yaml.Node {
	if node.Kind == yaml.AliasNode {
		return node.Alias
	}
	return node
}

func isNull(node *yaml.Node) bool {
	return node.Kind == yaml.ScalarNode && node.Tag == "!!null"
}

func unknownAdvice(group, name string) string {
	if strings.ContainsRune(name, '：') {
		return "the colon is full-width (：), type the half-width one (:) and a space"
	}
	if meant := suggestion(group, name); meant != "" {
		return "there is no such option, did you mean " + meant + "?"
	}
	if group == "" {
		return "there is no such option; there are " + strings.Join(childrenOf(group), ", ")
	}
	return "there is no such option; in " + group + " there are " + strings.Join(childrenOf(group), ", ")
}

// syntaxProblems explains what the YAML parser could not read. It stops at the first place, so what is known to confuse it is looked for first.
func (l *loader) syntaxProblems(content []byte, err error) {
	if l.fullWidthProblems(content) {
		return
	}
	var several *yaml.LoadErrors
	if errors.As(err, &several) && len(several.Errors) > 0 {
		l.documentProblem(several.Errors[0])
		return
	}
	var one *yaml.LoadError
	if !errors.As(err, &one) {
		l.problem(0, 0, "", "this is no YAML: "+err.Error())
		return
	}
	l.problem(one.Mark.Line, one.Mark.Column, "", syntaxAdvice(content, one))
}

// documentProblem is about the number of documents in the file; an empty file sets nothing, which is allowed.
func (l *loader) documentProblem(e *yaml.LoadError) {
	if strings.Contains(e.Message, "no documents") {
		return
	}
	advice := e.Message
	if strings.Contains(e.Message, "multiple") {
		advice = "the file holds several documents: keep one, without lines of three dashes"
	}
	l.problem(e.Mark.Line, e.Mark.Column, "", advice)
}

func syntaxAdvice(content []byte, e *yaml.LoadError) string {
	if strings.HasPrefix(strings.TrimLeft(lineAt(content, e.Mark.Line), " "), "\t") {
		return "indent with spaces, YAML takes no tabs"
	}
	return "this is no YAML: " + e.Message + " (check colons, quotes, brackets and the indentation here and in the line above)"
}

// fullWidthKey finds an option's name with a full-width colon behind it, at the start of a line or inside braces.
var fullWidthKey = regexp.MustCompile(`(?m)(?:^|[{,])[ \t]*["']?([A-Za-z_]+)["']?[ \t]*(：)`)

// fullWidthProblems reports every full-width colon behind a name and says whether there was one. It is asked only when the file did
// not make sense otherwise, because inside a text the colon is welcome.
func (l *loader) fullWidthProblems(content []byte) bool {
	found := fullWidthKey.FindAllSubmatchIndex(content, -1)
	for _, at := range found {
		line, column := position(content, at[4])
		name := string(content[at[2]:at[3]])
		l.problem(line, column, name, "the colon is full-width (：), type the half-width one (:) and a space")
	}
	return len(found) > 0
}

func lineAt(content []byte, line int) string {
	lines := strings.Split(string(content), "\n")
	if line < 1 || line > len(lines) {
		return ""
	}
	return lines[line-1]
}

// position turns a byte offset into line and column, both from 1, the column in characters.
func position(content []byte, offset int) (line, column int) {
	before := content[:offset]
	start := bytes.LastIndexByte(before, '\n') + 1
	return 1 + bytes.Count(before, []byte("\n")), 1 + utf8.RuneCount(before[start:])
}

func invalidUTF8(content []byte) int {
	for i := 0; i < len(content); {
		r, size := utf8.DecodeRune(content[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return -1
}
