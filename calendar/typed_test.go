package calendar

import (
	"fmt"
	"testing"
)

func TestACorrectionIsReadAsTyped(t *testing.T) {
	today := Date{2026, 11, 25}
	for typed, want := range map[string]string{
		"2027-02-05 上班 依据：市政府通知":                 "2027-02-05 work 市政府通知",
		"2027年2月5日（周五）调休上班，依据国办发〔2026〕7号":        "2027-02-05 work 国办发〔2026〕7号",
		"２０２７－０２－０５　休息　学校校庆":                     "2027-02-05 off 学校校庆",
		"12月31日 放假 市教育局通知":                       "2026-12-31 off 市教育局通知",
		"1.4 班 通知":                               "2027-01-04 work 通知",
		"2027-02-05 day off, source: the notice": "2027-02-05 off the notice",
		"2027-02-05 working day by the notice":   "2027-02-05 work by the notice",
		"2027-02-05 上班":                          "2027-02-05 work ",
		"2027-02-30 上班 通知":                       "none",
		"2027-02-05 通知":                          "none",
		"上班":                                     "none",
		"":                                       "none",
		"9999-02-05 上班":                          "none",
	} {
		got := "none"
		if day, ok := ParseDayChange(typed, today); ok {
			got = fmt.Sprintf("%s %s %s", day.From, map[bool]string{true: "off", false: "work"}[day.Off], day.Source)
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func TestAVacationIsReadAsTyped(t *testing.T) {
	today := Date{2026, 11, 25}
	for typed, want := range map[string]string{
		"市第五中学党委 寒假 2027-01-20 至 2027-02-20":          "市第五中学党委|寒假|2027-01-20|2027-02-20|",
		"市第五中学党委寒假：1月20日至2月20日，依据校历":                  "市第五中学党委|寒假|2027-01-20|2027-02-20|校历",
		"实验小学党委 暑假 自2027年7月5日（周一）起至2027年8月31日止":       "实验小学党委|暑假|2027-07-05|2027-08-31|",
		"No 5 School winter 2027-01-20 to 2027-02-20": "No 5 School|winter|2027-01-20|2027-02-20|",
		"实验小学党委 寒假 12月28日-1月8日":                       "实验小学党委|寒假|2026-12-28|2027-01-08|",
		"寒假 2027-01-20 至 2027-02-20":                  "none",
		"市第五中学党委 寒假 2027-01-20":                       "none",
		"市第五中学党委 寒假 2027-01-20 至 2027-02-30":          "none",
		"": "none",
	} {
		got := "none"
		if unit, v, source, ok := ParseVacation(typed, today); ok {
			got = fmt.Sprintf("%s|%s|%s|%s|%s", unit, v.Name, v.From, v.To, source)
		}
		if got != want {
			t.Errorf("%q is read as %q, want %q", typed, got, want)
		}
	}
}

func FuzzTyped(f *testing.F) {
	f.Add("2027-02-05 上班 依据：市政府通知")
	f.Add("市第五中学党委 寒假 12月28日-1月8日")
	today := Date{2026, 11, 25}
	f.Fuzz(func(t *testing.T, text string) {
		if day, ok := ParseDayChange(text, today); ok && !day.From.Valid() {
			t.Errorf("%+v is no day", day)
		}
		if unit, v, _, ok := ParseVacation(text, today); ok && (unit == "" || !v.From.Valid() || !v.To.Valid()) {
			t.Errorf("%q %+v is no vacation", unit, v)
		}
	})
}
