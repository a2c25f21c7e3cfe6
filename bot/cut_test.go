package bot

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"duban/text"
)

func TestATextThatFitsIsLeftAlone(t *testing.T) {
	h := text.HTML("<b>" + strings.Repeat("好", maxText) + "</b>")
	want(t, fitted(h, maxText), h)
}

func TestALongTextIsCutAtALineWithItsMarkupClosed(t *testing.T) {
	for name, c := range map[string]struct {
		in    text.HTML
		limit int
		want  text.HTML
	}{
		"at the last line that fits": {"<b>标题</b>\n第一行\n第二行长得放不下", 12, "<b>标题</b>\n第一行…"},
		"inside a tag":               {"<blockquote><b>标题</b>\n第一行\n第二行长得放不下</blockquote>", 12, "<blockquote><b>标题</b>\n第一行…</blockquote>"},
		"a line alone too long":      {"标题\n<i>第一行长得怎么也放不下</i>", 10, "标题\n<i>第一行长得怎…</i>"},
		"entities are one character": {"&lt;&amp;&#65;&gt;和其他的字", 6, "&lt;&amp;&#65;&gt;和…"},
		"a sign of two units":        {"一二三🟡🟡", 5, "一二三…"},
		"a link":                     {`<a href="https://t.me/x?a=1&amp;b=2">打开看看</a>`, 3, `<a href="https://t.me/x?a=1&amp;b=2">打开…</a>`},
	} {
		t.Run(name, func(t *testing.T) { want(t, fitted(c.in, c.limit), c.want) })
	}
}

func TestACutTextAlwaysFitsAndIsWellFormed(t *testing.T) {
	parts := rapid.SampledFrom([]string{"<b>", "</b>", "<i>", "</i>", `<a href="x">`, "</a>", "好", "🟡", "a", "&amp;", "&#128512;", "\n", " "})
	rapid.Check(t, func(t *rapid.T) {
		h := balanced(rapid.SliceOfN(parts, 0, 60).Draw(t, "parts"))
		limit := rapid.IntRange(1, 40).Draw(t, "limit")
		got := fitted(h, limit)
		if got.Len() > limit {
			t.Fatalf("%q of limit %d became %q, %d units", h, limit, got, got.Len())
		}
		if open := openTags(got); len(open) > 0 {
			t.Fatalf("%q leaves %v open", got, open)
		}
		if !strings.HasPrefix(h.Plain(), strings.TrimRight(strings.TrimSuffix(got.Plain(), "…"), "\n")) {
			t.Fatalf("%q is no beginning of %q", got.Plain(), h.Plain())
		}
	})
}

// balanced makes well-formed text of any parts: it drops closing tags that close nothing and closes what is open.
func balanced(parts []string) text.HTML {
	var b strings.Builder
	var open []string
	for _, p := range parts {
		if strings.HasPrefix(p, "</") && (len(open) == 0 || open[len(open)-1] != tagName(p)) {
			continue
		}
		if isTag(p) {
			open = afterTag(open, p)
		}
		b.WriteString(p)
	}
	return text.HTML(b.String() + closing(open))
}

func openTags(h text.HTML) []string {
	var open []string
	for _, p := range piece.FindAllString(string(h), -1) {
		if isTag(p) {
			open = afterTag(open, p)
		}
	}
	return open
}
