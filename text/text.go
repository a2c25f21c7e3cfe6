// Package text holds every sentence that people read, in Chinese and in English, and understands what staff type back.
//
// The sentences stand in the catalogues zh-CN/*.yaml and en/*.yaml, one flat key for each. A sentence is Telegram's HTML; its placeholders
// are filled in by type, so that a name can never break the markup:
//
//	text.Say(lang, "card.due", "due", "2026-12-04（周五）", "n", 9)
//
// {due} takes the value as it is, {n:# working day|# working days} chooses the form for the number and puts it where # stands.
package text

import (
	"embed"
	"fmt"
	"html"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"

	"go.yaml.in/yaml/v4"
)

// Lang is a language in which people are addressed.
type Lang string

// The languages. Chinese is the default.
const (
	ZH Lang = "zh-CN"
	EN Lang = "en"
)

// Langs lists the languages.
var Langs = []Lang{ZH, EN}

// LangOf returns the language for a tag as Telegram gives it; English tags give EN, all others the fallback.
func LangOf(tag string, fallback Lang) Lang {
	if tag == "en" || strings.HasPrefix(tag, "en-") {
		return EN
	}
	return fallback
}

// HTML is text that is safe to send with parse mode HTML.
type HTML string

// Escape makes HTML of what people typed.
func Escape(s string) HTML { return HTML(escaper.Replace(s)) }

var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// Plain returns what a reader sees: the text without markup.
func (h HTML) Plain() string { return html.UnescapeString(tag.ReplaceAllString(string(h), "")) }

var tag = regexp.MustCompile(`</?[a-z][^>]*>`)

// Len returns the length that Telegram limits: UTF-16 units after the markup has been taken out.
func (h HTML) Len() int { return len(utf16.Encode([]rune(h.Plain()))) }

// Join puts lines under each other and leaves out the empty ones.
func Join(lines ...HTML) HTML {
	var full []string
	for _, l := range lines {
		if l != "" {
			full = append(full, string(l))
		}
	}
	return HTML(strings.Join(full, "\n"))
}

// Say returns a sentence of the catalogue as HTML. Args are alternating names and values; a value is a string (escaped), HTML (as it is)
// or a whole number. A missing key or placeholder shows as ⟦key⟧, which tests look for.
func Say(lang Lang, key string, args ...any) HTML {
	return fill(lang, sentence(lang, key), args, func(s string) string { return string(Escape(s)) })
}

// Word returns a sentence of the catalogue as plain text, for buttons, command menus and spreadsheets.
func Word(lang Lang, key string, args ...any) string {
	return string(fill(lang, sentence(lang, key), args, func(s string) string { return s }))
}

// Has reports whether the catalogues know a key.
func Has(key string) bool { _, ok := catalogues()[ZH][key]; return ok }

var placeholder = regexp.MustCompile(`\{([a-z_]+)(?::([^{}]*))?\}`)

func fill(lang Lang, s string, args []any, plain func(string) string) HTML {
	return HTML(placeholder.ReplaceAllStringFunc(s, func(hole string) string {
		m := placeholder.FindStringSubmatch(hole)
		value, ok := argument(args, m[1])
		if !ok {
			return "⟦" + m[1] + "⟧"
		}
		if m[2] != "" {
			return strings.ReplaceAll(form(lang, m[2], value), "#", write(value, plain))
		}
		return write(value, plain)
	}))
}

func argument(args []any, name string) (any, bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i] == name {
			return args[i+1], true
		}
	}
	return nil, false
}

// form chooses the singular or the plural of "one|many". Chinese has one form for all numbers.
func form(lang Lang, forms string, value any) string {
	one, many, two := strings.Cut(forms, "|")
	if n, isNumber := number(value); two && (lang != EN || !isNumber || n != 1 && n != -1) {
		return many
	}
	return one
}

func number(v any) (int64, bool) {
	switch n := v.(type) {
	case int:
		return int64(n), true
	case int64:
		return n, true
	}
	return 0, false
}

func write(v any, plain func(string) string) string {
	if n, ok := number(v); ok {
		return strconv.FormatInt(n, 10)
	}
	switch s := v.(type) {
	case HTML:
		return string(s)
	case string:
		return plain(s)
	case fmt.Stringer:
		return plain(s.String())
	}
	return plain(fmt.Sprint(v))
}

func sentence(lang Lang, key string) string {
	if s, ok := catalogues()[lang][key]; ok {
		return s
	}
	if s, ok := catalogues()[ZH][key]; ok {
		return s
	}
	return "⟦" + key + "⟧"
}

//go:embed zh-CN/*.yaml en/*.yaml
var files embed.FS

// catalogues are read once, when the first sentence is said. They are part of the program, so a mistake in them is a bug that a test finds.
var catalogues = sync.OnceValue(func() map[Lang]map[string]string {
	all := map[Lang]map[string]string{}
	for _, lang := range Langs {
		c, err := load(files, lang)
		if err != nil {
			panic(err)
		}
		all[lang] = c
	}
	return all
})

func load(files fs.FS, lang Lang) (map[string]string, error) {
	names, err := fs.Glob(files, path.Join(string(lang), "*.yaml"))
	if err != nil {
		return nil, err
	}
	all := map[string]string{}
	for _, name := range names {
		data, err := fs.ReadFile(files, name)
		if err != nil {
			return nil, err
		}
		var part map[string]string
		if err := yaml.Unmarshal(data, &part); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, s := range part {
			if _, twice := all[key]; twice {
				return nil, fmt.Errorf("%s: %s stands in another file too", name, key)
			}
			all[key] = strings.TrimRight(s, "\n")
		}
	}
	return all, nil
}
