package sim

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestHTMLBecomesTextAndEntities(t *testing.T) {
	for source, wanted := range map[string]string{
		"<b>粗</b>体": `粗体 [{"type":"bold","offset":0,"length":1}]`,
		"😀<i>x</i>": `😀x [{"type":"italic","offset":2,"length":1}]`,
		"a &lt;b&gt; &amp;amp; &quot;&#20013;&#x4e2d": `a <b> &amp; "中中 null`,
		"&nbsp;&copy;":     `&nbsp;&copy; null`,
		"<b>a<i>b</i></b>": `ab [{"type":"bold","offset":0,"length":2},{"type":"italic","offset":1,"length":1}]`,
		"<a href=\"https://t.me/x?a=1&amp;b=2\">y</a>":  `y [{"type":"text_link","offset":0,"length":1,"url":"https://t.me/x?a=1\u0026b=2"}]`,
		"<a href='tg://user?id=5'>王</a>":                `王 [{"type":"text_mention","offset":0,"length":1,"user":{"id":5,"is_bot":false,"first_name":""}}]`,
		"<a>example.com</a>":                            `example.com [{"type":"text_link","offset":0,"length":11,"url":"http://example.com"}]`,
		"<a href=\"nowhere\">x</a>":                     `x null`,
		`<pre><code class="language-go">x</code></pre>`: `x [{"type":"pre","offset":0,"length":1,"language":"go"}]`,
		`<blockquote expandable>q</blockquote>`:         `q [{"type":"expandable_blockquote","offset":0,"length":1}]`,
		`<span class="tg-spoiler">s</span>`:             `s [{"type":"spoiler","offset":0,"length":1}]`,
		"<b></b>x</>":                                   `!Unexpected end tag at byte offset 8`,
		"<B>x</b>":                                      `x [{"type":"bold","offset":0,"length":1}]`,
		"<br>":                                          `!Unsupported start tag "br" at byte offset 0`,
		"中<x>":                                          `!Unsupported start tag "x" at byte offset 3`,
		"1 < 2":                                         `!Unsupported start tag "" at byte offset 2`,
		"a<b":                                           `!Unclosed start tag at byte offset 1`,
		"<b>x</i>":                                      `!Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<b>x":                                          `!Can't find end tag corresponding to start tag "b"`,
		"<b>x</b ":                                      `!Unclosed end tag at byte offset 4`,
		"<span>x</span>":                                `!Tag "span" must have class "tg-spoiler" at byte offset 0`,
		`<a href="x`:                                    `!Unclosed start tag at byte offset 0`,
		`<a href=`:                                      `!Unclosed start tag "a" at byte offset 0`,
		`<a =x>`:                                        `!Empty attribute name in the tag "a" at byte offset 0`,
		`<a href=a/b>x</a>`:                             `!Unexpected end of name token at byte offset 8`,
	} {
		text, entities, err := parseHTML(source)
		got := text + " " + string(mustMarshal(entities))
		if err != nil {
			got = "!" + err.Error()
		}
		if got != wanted {
			t.Errorf("%s\n got %s\nwant %s", source, got, wanted)
		}
	}
}

func FuzzHTMLNeverPanicsAndEntitiesStayInside(f *testing.F) {
	f.Add("<b>a&amp;😀</b><a href='x.y'>z</a>")
	f.Add("<pre><code class=\"language-x\">")
	f.Fuzz(func(t *testing.T, source string) {
		if !utf8.ValidString(source) {
			return
		}
		text, entities, err := parseHTML(source)
		if err != nil {
			return
		}
		text, entities = trim(text, entities)
		entities = withFound(text, entities)
		for _, e := range entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > utf16Len(text) {
				t.Fatalf("%q: entity %v outside of %q", source, e, text)
			}
		}
		sortEntities(entities)
		rendered := (&Message{Text: text, Entities: entities}).HTML()
		if strings.Contains(rendered, "<script") || strings.Contains(strings.ToLower(rendered), "href=\"javascript:") {
			t.Fatalf("%q renders as %q", source, rendered)
		}
	})
}

func TestATextIsRenderedSafely(t *testing.T) {
	m := Message{Text: `<b>&"王" www`, Entities: []Entity{
		{Type: "bold", Offset: 0, Length: 4}, {Type: "italic", Offset: 1, Length: 1},
		{Type: "text_link", Offset: 9, Length: 3, URL: "javascript:alert(1)"},
	}}
	want(t, m.HTML(), `<b>&lt;<i>b</i>&gt;&amp;</b>&#34;王&#34; www`)
	m = Message{Text: "see https://a.cn/?x=1&y", Entities: withFound("see https://a.cn/?x=1&y", nil)}
	want(t, m.HTML(), `see <a target="_blank" rel="noopener noreferrer" href="https://a.cn/?x=1&amp;y">https://a.cn/?x=1&amp;y</a>`)
}

func TestTelegramFindsCommandsLinksAndMentionsByItself(t *testing.T) {
	raw, err := json.Marshal(withFound("📌 /done@DubanBot 请看 https://t.me/x 和 @wang_fang #标签 a@b.cn", nil))
	if err != nil {
		t.Fatal(err)
	}
	want(t, string(raw), `[{"type":"bot_command","offset":3,"length":14},{"type":"url","offset":21,"length":14},`+
		`{"type":"mention","offset":38,"length":10},{"type":"hashtag","offset":49,"length":3},{"type":"email","offset":53,"length":6}]`)
}

func TestWhiteSpaceAroundATextIsTakenOff(t *testing.T) {
	text, entities := trim(" \n ab c \n", []Entity{{Type: "bold", Offset: 3, Length: 6}})
	want(t, text, "ab c")
	want(t, string(mustMarshal(entities)), `[{"type":"bold","offset":0,"length":4}]`)
	text, _ = trim("  x", []Entity{{Type: "bold", Offset: 1, Length: 2}})
	want(t, text, " x")
}
