package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Place is where a value was given: in a file, or in an environment variable. The zero value is a default.
type Place struct {
	File     string
	Line     int // from 1, 0 when unknown
	Column   int // in characters from 1, 0 when unknown
	Variable string
}

// Problem is one thing that an operator has to correct. Advice says what to do and never repeats a secret.
type Problem struct {
	Place
	Option string // dotted path such as quiet.from, empty when the file cannot be read that far
	Advice string
}

// Error is one line: the place, the option, what to do.
func (p Problem) Error() string {
	var parts []string
	if where := p.where(); where != "" {
		parts = append(parts, where)
	}
	if p.Option != "" {
		parts = append(parts, p.Option)
	}
	return strings.Join(append(parts, p.Advice), ": ")
}

func (p Place) where() string {
	switch {
	case p.Variable != "":
		return p.Variable
	case p.Line > 0:
		return fmt.Sprintf("%s:%d:%d", p.File, p.Line, p.Column)
	default:
		return p.File
	}
}

// Problems is everything that is wrong, in the order of the file, the environment last.
type Problems []Problem

// Error lists the problems, one a line.
func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.Error()
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sort() {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Variable, b.Variable),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
		)
	})
}
