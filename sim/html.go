package sim

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// entityOf says which entity a tag of Telegram's HTML makes.
var entityOf = map[string]string{
	"b": "bold", "strong": "bold", "i": "italic", "em": "italic", "u": "underline", "ins": "underline",
	"s": "strikethrough", "strike": "strikethrough", "del": "strikethrough", "tg-spoiler": "spoiler", "span": "spoiler",
	"code": "code", "pre": "pre", "a": "text_link", "blockquote": "blockquote", "tg-emoji": "custom_emoji",
}

// serverError has the words of the server, which begin with a capital letter.
type serverError string

func (e serverError) Error() string { return string(e) }

func wording(format string, args ...any) error { return serverError(fmt.Sprintf(format, args...)) }

// parseHTML reads Telegram's HTML into text and entities. The errors have the words of the server, without the prefix.
func parseHTML(source string) (string, []Entity, error) {
	p := &htmlParser{source: source}
	for p.at < len(p.source) {
		if err := p.step(); err != nil {
			return "", nil, err
		}
	}
	if n := len(p.open); n > 0 {
		return "", nil, wording("Can't find end tag corresponding to start tag %q", p.open[n-1].name)
	}
	sortEntities(p.entities)
	return p.text.String(), p.entities, nil
}

type htmlParser struct {
	source   string
	at       int
	text     strings.Builder
	units    int
	open     []openTag
	entities []Entity
}

type openTag struct {
	name     string
	argument string
	from     int
}

func (p *htmlParser) step() error {
	switch p.source[p.at] {
	case '<':
		if p.peek(1) == '/' {
			return p.endTag()
		}
		return p.startTag()
	case '&':
		if r, size := characterReference(p.source[p.at:]); size > 0 {
			p.write(r)
			p.at += size
			return nil
		}
	}
	r, size := utf8.DecodeRuneInString(p.source[p.at:])
	p.write(r)
	p.at += size
	return nil
}

func (p *htmlParser) write(r rune) {
	p.text.WriteRune(r)
	p.units += utf16.RuneLen(r)
}

// peek returns the byte ahead, 0 after the end.
func (p *htmlParser) peek(ahead int) byte {
	if p.at+ahead >= len(p.source) {
		return 0
	}
	return p.source[p.at+ahead]
}

func (p *htmlParser) skip(is func(byte) bool) string {
	from := p.at
	for p.at < len(p.source) && is(p.source[p.at]) {
		p.at++
	}
	return p.source[from:p.at]
}

func (p *htmlParser) startTag() error {
	begin := p.at
	p.at++
	name := strings.ToLower(p.skip(func(c byte) bool { return !isSpace(c) && c != '>' }))
	if p.at == len(p.source) {
		return wording("Unclosed start tag at byte offset %d", begin)
	}
	if entityOf[name] == "" {
		return wording("Unsupported start tag %q at byte offset %d", name, begin)
	}
	argument, err := p.attributes(name, begin)
	if err != nil {
		return err
	}
	if name == "span" && argument != "spoiler" {
		return wording("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", begin)
	}
	p.open = append(p.open, openTag{name, argument, p.units})
	return nil
}

// attributes reads up to the end of a start tag and returns the one value that matters for the tag.
func (p *htmlParser) attributes(tag string, begin int) (string, error) {
	argument := ""
	for {
		p.skip(isSpace)
		if p.peek(0) == '>' {
			p.at++
			return argument, nil
		}
		name := strings.ToLower(p.skip(func(c byte) bool { return !isSpace(c) && !strings.ContainsRune(`=>/"'`, rune(c)) }))
		if name == "" {
			return "", wording("Empty attribute name in the tag %q at byte offset %d", tag, begin)
		}
		p.skip(isSpace)
		if p.peek(0) == 0 {
			return "", wording("Unclosed start tag %q at byte offset %d", tag, begin)
		}
		if p.peek(0) != '=' {
			if tag == "blockquote" && name == "expandable" {
				argument = "expandable"
			}
			continue
		}
		p.at++
		value, err := p.attributeValue(tag, begin)
		if err != nil {
			return "", err
		}
		argument = meaning(tag, name, value, argument)
	}
}

func (p *htmlParser) attributeValue(tag string, begin int) (string, error) {
	p.skip(isSpace)
	quote := p.peek(0)
	if quote == 0 {
		return "", wording("Unclosed start tag %q at byte offset %d", tag, begin)
	}
	if quote != '"' && quote != '\'' {
		from := p.at
		token := p.skip(func(c byte) bool { return isAlnum(c) || c == '.' || c == '-' })
		if c := p.peek(0); !isSpace(c) && c != '>' {
			return "", wording("Unexpected end of name token at byte offset %d", from)
		}
		return strings.ToLower(token), nil
	}
	p.at++
	raw := p.skip(func(c byte) bool { return c != quote })
	p.at++
	if p.at >= len(p.source) {
		return "", wording("Unclosed start tag at byte offset %d", begin)
	}
	return unescape(raw), nil
}

// meaning keeps the attribute that a tag is about.
func meaning(tag, name, value, before string) string {
	switch {
	case tag == "a" && name == "href", tag == "tg-emoji" && name == "emoji-id":
		return value
	case tag == "code" && name == "class" && strings.HasPrefix(value, "language-"):
		return value[len("language-"):]
	case tag == "span" && name == "class" && strings.HasPrefix(value, "tg-"):
		return value[len("tg-"):]
	case tag == "blockquote" && name == "expandable":
		return "expandable"
	}
	return before
}

func (p *htmlParser) endTag() error {
	begin := p.at
	if len(p.open) == 0 {
		return wording("Unexpected end tag at byte offset %d", begin)
	}
	p.at += 2
	name := strings.ToLower(p.skip(func(c byte) bool { return !isSpace(c) && c != '>' }))
	p.skip(isSpace)
	if p.peek(0) != '>' {
		return wording("Unclosed end tag at byte offset %d", begin)
	}
	p.at++
	tag := p.open[len(p.open)-1]
	if name != "" && name != tag.name {
		return wording("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", begin, tag.name, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.close(tag)
	return nil
}

func (p *htmlParser) close(tag openTag) {
	if p.units == tag.from {
		return
	}
	e := Entity{Type: entityOf[tag.name], Offset: tag.from, Length: p.units - tag.from}
	switch tag.name {
	case "a":
		e = p.link(e, tag.argument)
		if e.Type == "" {
			return
		}
	case "tg-emoji":
		e.CustomEmojiID = tag.argument
	case "blockquote":
		if tag.argument != "" {
			e.Type = "expandable_blockquote"
		}
	case "code":
		e.Language = tag.argument
	}
	if n := len(p.entities); tag.name == "pre" && n > 0 && p.entities[n-1].Type == "code" && p.entities[n-1].Offset == e.Offset &&
		p.entities[n-1].Length == e.Length {
		e.Language = p.entities[n-1].Language
		p.entities = p.entities[:n-1]
	}
	p.entities = append(p.entities, e)
}

// link makes the entity of <a>. Without href the text itself is the link; what is no link leaves plain text.
func (p *htmlParser) link(e Entity, href string) Entity {
	if href == "" {
		units := utf16.Encode([]rune(p.text.String()))
		href = string(utf16.Decode(units[e.Offset:]))
	}
	if id, ok := strings.CutPrefix(href, "tg://user?id="); ok {
		if n, err := strconv.ParseInt(id, 10, 64); err == nil {
			e.Type, e.User = "text_mention", &User{ID: n}
			return e
		}
	}
	if e.URL = linkTarget(href); e.URL == "" {
		e.Type = ""
	}
	return e
}

// linkTarget completes an address as the server does and returns "" for what is none.
func linkTarget(href string) string {
	for _, scheme := range []string{"http://", "https://", "tg://", "ton://", "tonsite://", "mailto:", "tel:"} {
		if strings.HasPrefix(strings.ToLower(href), scheme) && len(href) > len(scheme) {
			return href
		}
	}
	if host, _, _ := strings.Cut(href, "/"); strings.Contains(host, ".") && !strings.ContainsAny(host, " :") {
		return "http://" + href
	}
	return ""
}

// characterReference reads &lt; &gt; &amp; &quot; and numeric references, all that Telegram knows.
func characterReference(s string) (rune, int) {
	end := 1
	for end < len(s) && (s[end] == '#' || isAlnum(s[end])) {
		end++
	}
	name := s[1:end]
	size := end
	if end < len(s) && s[end] == ';' {
		size++
	}
	if digits, ok := strings.CutPrefix(name, "#"); ok {
		base := 10
		if hex, isHex := strings.CutPrefix(digits, "x"); isHex {
			digits, base = hex, 16
		}
		n, err := strconv.ParseUint(digits, base, 32)
		if err != nil || n == 0 || n > utf8.MaxRune || !utf8.ValidRune(rune(n)) {
			return 0, 0
		}
		return rune(n), size
	}
	switch name {
	case "lt":
		return '<', size
	case "gt":
		return '>', size
	case "amp":
		return '&', size
	case "quot":
		return '"', size
	}
	return 0, 0
}

func unescape(s string) string {
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] == '&' {
			if r, size := characterReference(s[i:]); size > 0 {
				b.WriteRune(r)
				i += size
				continue
			}
		}
		b.WriteByte(s[i])
		i++
	}
	return b.String()
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == 0
}

func isAlnum(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z'
}

// sortEntities puts entities in order of their beginning, the outer first.
func sortEntities(entities []Entity) {
	sort.SliceStable(entities, func(i, j int) bool {
		if entities[i].Offset != entities[j].Offset {
			return entities[i].Offset < entities[j].Offset
		}
		return entities[i].Length > entities[j].Length
	})
}

// trim takes the white space off the end, and off the beginning as far as no entity begins there, as the server does.
func trim(text string, entities []Entity) (string, []Entity) {
	text = strings.TrimRight(text, " \t\r\n\v")
	lead := utf16Len(text) - utf16Len(strings.TrimLeft(text, " \t\r\n\v"))
	for _, e := range entities {
		lead = min(lead, e.Offset)
	}
	text = cutUnits(text, lead)
	end := utf16Len(text)
	var kept []Entity
	for _, e := range entities {
		e.Offset -= lead
		e.Length = min(e.Length, end-e.Offset)
		if e.Length > 0 {
			kept = append(kept, e)
		}
	}
	return text, kept
}

func utf16Len(s string) int {
	n := 0
	for _, r := range s {
		n += utf16.RuneLen(r)
	}
	return n
}

// cutUnits returns s without its first n UTF-16 units.
func cutUnits(s string, n int) string {
	for n > 0 && s != "" {
		r, size := utf8.DecodeRuneInString(s)
		n -= utf16.RuneLen(r)
		s = s[size:]
	}
	return s
}
