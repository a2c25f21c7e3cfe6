package sheet

import (
	"regexp"
	"strings"
)

var (
	number = regexp.MustCompile(`\d+`)
	// withYear matches a text that says its year, or counts from a day that is known without one.
	withYear = regexp.MustCompile(`(?:19|20|21)\d\d|[\d〇零一二两三四五六七八九十]年|学年|(?:^|[^上下])半年|[今明次来后去前本当每逐][年度月]|每|按[月季]`)
	// openDay matches where a day, or a stretch of days, begins whose year is left open; figures are a group of their own.
	openDay = regexp.MustCompile(`(?:1[0-2]|0?[1-9]|十[一二]?|[元一二三四五六七八九])月(?:份|\d|[一二三四五六七八九十廿初中上下末底内前]|$)` +
		`|(?:^|[^\d.:/-])((?:1[0-2]|0?[1-9])[./-](?:3[01]|[12]\d|0?[1-9]))(?:[^\d.:/%-]|$)` +
		`|第?[一二三四1-4]季度|[上下]半年|年[底末内终]`)
	openEnglishDay = regexp.MustCompile(`(?i)\b(?:\d{1,2}(?:st|nd|rd|th)? +` + englishMonth + `|` + englishMonth + ` +\d{1,2}(?:st|nd|rd|th)?)\b`)
)

const englishMonth = `(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*`

// headingYear is the year that the heading of a column gives for what stands
// below it: 截止（2026年）. Empty when it names none, or several.
func headingYear(title string) string {
	found := number.FindAllString(fold(title), -1)
	if len(found) != 1 || len(found[0]) != 4 || !strings.HasPrefix(found[0], "20") || strings.Contains(title, "学年") {
		return ""
	}
	return found[0]
}

// inYear writes a year beside the first day of a text that leaves its year
// open; a text without such a day, or with a year of its own, stays as it is.
func inYear(text, year string) string {
	if year == "" || withYear.MatchString(text) {
		return text
	}
	if at := openEnglishDay.FindStringIndex(text); at != nil {
		return text[:at[1]] + " " + year + text[at[1]:]
	}
	at := openDay.FindStringSubmatchIndex(text)
	switch {
	case at == nil:
		return text
	case at[2] < 0:
		return text[:at[0]] + year + "年" + strings.TrimPrefix(text[at[0]:], "年")
	}
	separator := strings.TrimLeft(text[at[2]:at[3]], "0123456789")[:1]
	return text[:at[2]] + year + separator + text[at[2]:]
}
