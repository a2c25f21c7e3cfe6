package text

import (
	"fmt"
	"html"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/work"

	"pgregory.net/rapid"
)

// inEveryLanguage runs a check over all sentences and lists everything it finds, so that one run shows all there is to correct.
func inEveryLanguage(t *testing.T, check func(lang Lang, key, sentence string) error) {
	t.Helper()
	for _, lang := range Langs {
		for _, key := range slices.Sorted(maps.Keys(catalogues()[lang])) {
			if err := check(lang, key, catalogues()[lang][key]); err != nil {
				t.Errorf("%s %s: %v", lang, key, err)
			}
		}
	}
}

func TestEverySentenceStandsInEveryLanguageWithTheSamePlaceholders(t *testing.T) {
	inEveryLanguage(t, func(lang Lang, key, sentence string) error {
		for _, other := range Langs {
			translated, ok := catalogues()[other][key]
			if !ok {
				return fmt.Errorf("missing in %s", other)
			}
			if here, there := holesIn(sentence), holesIn(translated); !slices.Equal(here, there) {
				return fmt.Errorf("has %v, in %s %v", here, other, there)
			}
		}
		return nil
	})
}

// holesIn lists the placeholders of a sentence by name, each once.
func holesIn(sentence string) []string {
	names := map[string]bool{}
	for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
		names[m[1]] = true
	}
	return slices.Sorted(maps.Keys(names))
}

func TestNumbersHaveTheFormsOfTheirLanguage(t *testing.T) {
	forms := map[Lang]int{ZH: 1, EN: 2}
	inEveryLanguage(t, func(lang Lang, key, sentence string) error {
		for _, m := range placeholder.FindAllStringSubmatch(sentence, -1) {
			if got := strings.Count(m[2], "|") + 1; m[2] != "" && got != forms[lang] {
				return fmt.Errorf("%s has %d forms, want %d", m[0], got, forms[lang])
			}
		}
		if rest := placeholder.ReplaceAllString(sentence, ""); strings.ContainsAny(rest, "{}") {
			return fmt.Errorf("a brace is no placeholder: %s", rest)
		}
		return nil
	})
}

func TestEverySentenceIsValidHTMLForTelegram(t *testing.T) {
	inEveryLanguage(t, func(_ Lang, _, sentence string) error { return validHTML(sentence) })
}

func TestEverySentenceFitsIntoOneMessage(t *testing.T) {
	inEveryLanguage(t, func(_ Lang, _, sentence string) error {
		if n := HTML(sentence).Len(); n > 4096 {
			return fmt.Errorf("%d UTF-16 units, want 4096 at most", n)
		}
		return nil
	})
}

func TestTheToneIsFormal(t *testing.T) {
	inEveryLanguage(t, func(_ Lang, _, sentence string) error {
		if strings.ContainsAny(sentence, "!！⟦⟧") {
			return fmt.Errorf("an exclamation mark or a bracket of a missing key: %s", sentence)
		}
		return nil
	})
}

// theirTags are the tags of Telegram's HTML that the catalogues may use.
var (
	theirTags = []string{"b", "i", "u", "s", "code", "pre", "a", "blockquote"}
	anyTag    = regexp.MustCompile(`<(/?)([a-zA-Z-]*)((?: [a-z]+="[^"<>]*")*)>`)
	entity    = regexp.MustCompile(`&(?:lt|gt|amp|quot);`)
)

// validHTML says what Telegram would not take: a tag it does not know, an attribute, tags that are not nested, a sign that is not escaped.
func validHTML(sentence string) error {
	var open []string
	for _, m := range anyTag.FindAllStringSubmatch(sentence, -1) {
		closing, name, attributes := m[1] == "/", m[2], m[3]
		switch {
		case !slices.Contains(theirTags, name):
			return fmt.Errorf("%s is no tag to use", m[0])
		case (attributes != "") != (name == "a" && !closing) || attributes != "" && !strings.HasPrefix(attributes, ` href="`):
			return fmt.Errorf("%s: only a has an attribute, and only href", m[0])
		case !closing:
			open = append(open, name)
		case len(open) == 0 || open[len(open)-1] != name:
			return fmt.Errorf("%s closes %v", m[0], open)
		default:
			open = open[:len(open)-1]
		}
	}
	if len(open) > 0 {
		return fmt.Errorf("%v left open", open)
	}
	if rest := entity.ReplaceAllString(anyTag.ReplaceAllString(sentence, ""), ""); strings.ContainsAny(rest, "<>&") {
		return fmt.Errorf("a sign that is not escaped: %s", rest)
	}
	return nil
}

func TestWhatTelegramWouldRefuseIsFound(t *testing.T) {
	for _, good := range []string{"", "a &lt; b", "<b>a <i>b</i></b>", `<a href="https://example.org/?a=1&amp;b=2">x</a>`, "<pre>x</pre>"} {
		if err := validHTML(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"a < b", "a & b", "<b>a", "a</b>", "<b><i>a</b></i>", "<br>", "<p>a</p>", `<b class="x">a</b>`, "<a>x</a>", `<a name="x">x</a>`, "<B>a</B>", "&nbsp;", "<>"} {
		if validHTML(bad) == nil {
			t.Errorf("%s is taken", bad)
		}
	}
}

func TestWhateverIsFilledInTheReaderSeesIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lang := rapid.SampledFrom(Langs).Draw(t, "lang")
		key := rapid.SampledFrom(slices.Sorted(maps.Keys(catalogues()[lang]))).Draw(t, "key")
		value := rapid.String().Draw(t, "value")
		holes := holesIn(catalogues()[lang][key])
		var args []any
		for _, name := range holes {
			args = append(args, name, value)
		}
		said := Say(lang, key, args...)
		if err := validHTML(string(said)); err != nil {
			t.Errorf("%s with %q: %v", key, value, err)
		}
		if len(holes) > 0 && !strings.Contains(html.UnescapeString(string(said)), value) || !strings.Contains(Word(lang, key, args...), value) && len(holes) > 0 {
			t.Errorf("%s with %q reads %q", key, value, said)
		}
		if plain := Escape(value).Plain(); plain != value {
			t.Errorf("%q reads %q when escaped", value, plain)
		}
	})
}

func TestEveryReasonHasItsSentence(t *testing.T) {
	var keys []string
	for _, code := range duban.Codes {
		keys = append(keys, "refused."+string(code))
	}
	for _, reason := range sheet.ProblemReasons() {
		keys = append(keys, "problem."+string(reason))
	}
	for _, reason := range work.ProblemReasons {
		keys = append(keys, "problem."+string(reason))
	}
	for _, reason := range sheet.RefusalReasons() {
		keys = append(keys, "refusal."+string(reason))
	}
	for _, reason := range []calendar.Reason{calendar.ReasonEventDate, calendar.ReasonSchoolCalendar, calendar.ReasonWhichDate, calendar.ReasonNoSuchDate,
		calendar.ReasonNoSuchTime, calendar.ReasonLunarOrSolar, calendar.ReasonWhichDay, calendar.ReasonWeekday, calendar.ReasonDayOrMonth} {
		keys = append(keys, "deadline.ask."+string(reason))
	}
	for _, kind := range []calendar.ProblemKind{calendar.ProblemNoYear, calendar.ProblemNoDays, calendar.ProblemWeekday, calendar.ProblemWorked,
		calendar.ProblemOutside, calendar.ProblemTwice, calendar.ProblemMissing, calendar.ProblemTooLong, calendar.ProblemBackward} {
		keys = append(keys, "calendar.problem."+string(kind))
	}
	keys = append(keys, "deadline.refused."+string(calendar.ReasonVague))
	for _, assumption := range []calendar.Assumption{calendar.AssumedIncludesDay, calendar.AssumedDayBefore, calendar.AssumedNextYear, calendar.AssumedNextMonth,
		calendar.AssumedNextWeek, calendar.AssumedNextDay, calendar.AssumedOfficeHours, calendar.AssumedPartOfDay, calendar.AssumedEndOfPeriod,
		calendar.AssumedStartOfPeriod, calendar.AssumedMiddle, calendar.AssumedLastWorkingDay, calendar.AssumedRangeEnd, calendar.AssumedMoved,
		calendar.AssumedMarked, calendar.AssumedSolar, calendar.AssumedLunar, calendar.AssumedIsoWeeks} {
		keys = append(keys, "deadline.assumed."+string(assumption))
	}
	for _, key := range keys {
		if !Has(key) {
			t.Errorf("there is no sentence for %s", key)
		}
	}
}

func TestRefusalsNeedNoPlaceholders(t *testing.T) {
	for _, code := range duban.Codes {
		for _, lang := range Langs {
			if said := string(Say(lang, "refused."+string(code))); strings.Contains(said, "⟦") {
				t.Errorf("%s %s: %s", lang, code, said)
			}
		}
	}
}

func TestABadLinkIsAnsweredLikeAnyStranger(t *testing.T) {
	for _, lang := range Langs {
		stranger := Say(lang, "stranger.neutral")
		for _, key := range []string{"refused.link_invalid", "refused.not_bound"} {
			if got := Say(lang, key); got != stranger {
				t.Errorf("%s %s gives %q, a stranger gets %q", lang, key, got, stranger)
			}
		}
	}
}
