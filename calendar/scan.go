package calendar

import (
	"strings"
	"unicode"
)

// longestText is how much of a text is read for a deadline, in characters.
const longestText = 4096

// oneWay maps characters that are written in several ways to the one that the grammar knows: pairs of from and to, each a
// single character, so that places in the text stay what they are.
var oneWay = pairs(
	"點点時时號号週周後后內内個个兩两禮礼鐘钟節节國国慶庆勞劳動动臘腊農农曆历會会開开學学盡尽從从這这間间過过來来" +
		"現现幾几暫暂遲迟發发報报陽阳陰阴歲岁終终結结單单雙双順顺" +
		"壹一贰二貳二叁三參三肆四伍五陆六陸六柒七捌八玖九拾十佰百零〇○〇" +
		"–-—-―-‒-‑-−-〜-〔[〕]【[】]",
)

func pairs(list string) map[rune]rune {
	table := map[rune]rune{}
	runes := []rune(list)
	for i := 0; i+1 < len(runes); i += 2 {
		table[runes[i]] = runes[i+1]
	}
	return table
}

// plain returns the text with full-width forms, traditional characters, formal numerals and capitals written one way.
func plain(text string) []rune {
	runes := []rune(text)
	if len(runes) > longestText {
		runes = runes[:longestText]
	}
	for i, r := range runes {
		runes[i] = plainRune(r)
	}
	return runes
}

func plainRune(r rune) rune {
	if r < 0x80 {
		if 'A' <= r && r <= 'Z' {
			return r + 'a' - 'A'
		}
		if r == '~' {
			return '-'
		}
		return r
	}
	if 0xFF01 <= r && r <= 0xFF5E {
		return plainRune(r - 0xFEE0)
	}
	if same, ok := oneWay[r]; ok {
		return same
	}
	if unicode.IsSpace(r) {
		return ' '
	}
	return r
}

// scanner walks over a text. Copying one and putting the copy back is how the grammar takes a step back.
type scanner struct {
	runes []rune
	at    int
}

func (s *scanner) peek() rune { return s.ahead(0) }

// ahead returns the character n places further, or 0 beyond the text.
func (s *scanner) ahead(n int) rune {
	if s.at+n < 0 || s.at+n >= len(s.runes) {
		return 0
	}
	return s.runes[s.at+n]
}

// sees says whether word stands here.
func (s *scanner) sees(word string) bool {
	i := s.at
	for _, r := range word {
		if i >= len(s.runes) || s.runes[i] != r {
			return false
		}
		i++
	}
	return true
}

func (s *scanner) seesAny(words ...string) bool {
	for _, word := range words {
		if s.sees(word) {
			return true
		}
	}
	return false
}

// take steps over the first of words that stands here.
func (s *scanner) take(words ...string) bool {
	for _, word := range words {
		if !s.sees(word) {
			continue
		}
		for range word {
			s.at++
		}
		return true
	}
	return false
}

func (s *scanner) spaces() {
	for s.peek() == ' ' || s.peek() == '\t' {
		s.at++
	}
}

// endsWith says whether the text before place i, less spaces, ends with one of words.
func (s *scanner) endsWith(i int, words ...string) bool {
	for i > 0 && (s.runes[i-1] == ' ' || s.runes[i-1] == ':') {
		i--
	}
	for _, word := range words {
		length := strings.Count(word, "") - 1
		back := scanner{s.runes, i - length}
		if back.at >= 0 && back.sees(word) {
			return true
		}
	}
	return false
}

// named is a word and what it stands for.
type named[T any] struct {
	word  string
	value T
}

// takeNamed steps over the first word of a table that stands here and returns its meaning.
func takeNamed[T any](s *scanner, table []named[T]) (T, bool) {
	for _, entry := range table {
		if s.take(entry.word) {
			return entry.value, true
		}
	}
	var none T
	return none, false
}

func isDigit(r rune) bool { return '0' <= r && r <= '9' }

func isLetter(r rune) bool { return 'a' <= r && r <= 'z' }
