package text

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// fold makes half-width of full-width and plain digits of ①: what people see as the same should be read as the same.
func fold(s string) string {
	return strings.TrimSpace(norm.NFKC.String(strings.ToValidUTF8(s, "")))
}

// clause is what stands between two marks of punctuation.
type clause struct {
	said  string // all that was said
	words string // the clause in lower case: Latin words between single spaces, all else joined, a space at both ends
	at    []int  // where in said each byte of words stands, and one more for the end
	asks  bool   // it ends in a question mark
}

// clausesOf cuts what was said at its punctuation and leaves out what is no word.
func clausesOf(said string) []clause {
	var all []clause
	b := clauseBuilder{said: said}
	runes, last, at := []rune(said), rune(0), 0
	for i, r := range runes {
		var next rune
		if i+1 < len(runes) {
			next = runes[i+1]
		}
		switch kindOf(r) {
		case latin, digit, other:
			b.add(r, at)
		case joint:
			if unicode.IsDigit(last) && unicode.IsDigit(next) {
				b.add(r, at)
			} else if r == '.' || r == ':' {
				all = b.cut(all, at, false)
			} else {
				b.gap = true
			}
		case mark:
			all = b.cut(all, at, r == '?')
		case blank:
			b.gap = true
		}
		last = r
		at += len(string(r))
	}
	return b.cut(all, len(said), false)
}

type kind int

const (
	silent kind = iota // apostrophes and signs that only change how the one before looks
	blank              // spaces, emoji and other signs
	mark               // punctuation that ends a clause
	joint              // punctuation that does not between two digits: 12.5, 15:00, 2026-12-04
	latin
	digit
	other // all other letters, which stand without spaces
)

func kindOf(r rune) kind {
	switch {
	case r == '\'' || r == '’' || unicode.In(r, unicode.M, unicode.Cf):
		return silent
	case unicode.IsDigit(r) || r == '%':
		return digit
	case unicode.Is(unicode.Latin, r):
		return latin
	case unicode.IsLetter(r):
		return other
	case strings.ContainsRune(".:-/", r):
		return joint
	case r == '\n', unicode.IsPunct(r) && !unicode.Is(unicode.Pd, r) && r != '_':
		return mark
	}
	return blank
}

type clauseBuilder struct {
	said  string
	words strings.Builder
	at    []int
	last  kind
	gap   bool // there was a space
}

func (b *clauseBuilder) add(r rune, at int) {
	now := kindOf(r)
	switch {
	case b.words.Len() == 0,
		b.gap && (now == latin || b.last == latin || now == digit && b.last == digit),
		(now == latin) != (b.last == latin):
		b.write(' ', at)
	}
	b.write(unicode.ToLower(r), at)
	b.last, b.gap = now, false
}

func (b *clauseBuilder) write(r rune, at int) {
	for range len(string(r)) {
		b.at = append(b.at, at)
	}
	b.words.WriteRune(r)
}

// cut ends the clause before the byte at.
func (b *clauseBuilder) cut(all []clause, at int, asks bool) []clause {
	if b.words.Len() > 0 {
		b.write(' ', at)
		all = append(all, clause{said: b.said, words: b.words.String(), at: append(b.at, at), asks: asks})
	} else if asks && len(all) > 0 {
		all[len(all)-1].asks = true
	}
	*b = clauseBuilder{said: b.said}
	return all
}

// bare returns the words without the courtesies around them.
func (c clause) bare() string {
	return strings.TrimSpace(courtesies.ReplaceAllString(strings.TrimSpace(c.words), ""))
}

// besides returns what was said from a byte of the clause on.
func (c clause) besides(at int) string {
	rest := trim(c.said[c.at[at]:])
	if particles.MatchString(rest) {
		return ""
	}
	return rest
}

// without returns what was said from the beginning of the clause on, but for a part of the clause.
func (c clause) without(from, to int) string {
	before, after := trim(c.said[c.at[0]:c.at[from]]), c.besides(to)
	if before == "" || after == "" {
		return before + after
	}
	return before + " " + after
}

func trim(s string) string {
	return strings.Trim(s, " \t\r\n,，。.;；:：、!！?？~～…—-()（）[]")
}

// negatedAt says whether what begins at a byte is negated: 没有按时完成, not yet done. A negation reaches over four characters, or three
// English words, and no further than 已.
func (c clause) negatedAt(at int) bool {
	if at < len(c.words) && c.words[at] == ' ' {
		at++
	}
	return negation.MatchString(c.harmless()[:at])
}

// harmless blots out the words that only look like a negation, such as 不久 and 特别.
func (c clause) harmless() string {
	return looksNegative.ReplaceAllStringFunc(c.words, func(s string) string { return strings.Repeat("_", len(s)) })
}

// toCome says whether the clause names a time that has not come yet. 明天 is always to come but for 已; 今天 only when nothing says that it is over.
func (c clause) toCome() bool {
	return always.MatchString(c.words) && !already.MatchString(c.words) ||
		sometimes.MatchString(c.words) && !already.MatchString(c.words) && !over.MatchString(c.words)
}

// number finds a percentage and where it stands; to is 0 when there is none.
func (c clause) number() (n, from, to int) {
	for _, pattern := range percents {
		m := pattern.FindStringSubmatchIndex(c.words)
		if m == nil {
			continue
		}
		n, err := strconv.Atoi(c.words[m[2]:m[3]])
		if err != nil {
			n = inWords[c.words[m[2]:m[3]]]
		}
		if n <= 100 {
			return n, m[0], m[1]
		}
	}
	return 0, 0, 0
}

// phraseRow is a line of the table.
type phraseRow struct {
	intent Intent
	words  *regexp.Regexp
	when   func(c clause, at int) bool // whether a find counts; nil: always
}

// find returns the leftmost find that counts, as regexp does.
func (row phraseRow) find(c clause) []int {
	for _, m := range row.words.FindAllStringSubmatchIndex(c.words, -1) {
		if row.when == nil || row.when(c, m[0]) {
			return m
		}
	}
	return nil
}
