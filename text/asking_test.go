package text

import "testing"

func TestWhatIsSaidForMoreTimeIsPartedIntoDateAndReason(t *testing.T) {
	for _, c := range []struct{ said, date, reason string }{
		{"", "", ""},
		{"周五", "周五", ""},
		{"到周五", "周五", ""},
		{"12月10日下午3点，因为出差", "12月10日下午3点", "出差"},
		{"12月10日 因出差", "12月10日", "出差"},
		{"12月15日，场地维修", "12月15日", "场地维修"},
		{"两天。理由：材料未齐", "两天", "材料未齐"},
		{"因为出差", "", "出差"},
		{"until Friday because of a training", "Friday", "a training"},
		{"2026-12-10 due to illness", "2026-12-10", "illness"},
	} {
		if date, reason := UntilAndWhy(c.said); date != c.date || reason != c.reason {
			t.Errorf("%q was parted into %q and %q, want %q and %q", c.said, date, reason, c.date, c.reason)
		}
	}
}

func TestAnObjectionBeginsWithItsWord(t *testing.T) {
	for said, want := range map[string]string{
		"异议：公章在第二页": "公章在第二页", "我单位有异议": "", "有异议，已按模板": "已按模板", "无异议": "-", "没有异议": "-", "objection: see page 2": "see page 2",
		"We object, it is there": "it is there", "objective reached": "-",
	} {
		reason, ok := Objection(said)
		if !ok {
			reason = "-"
		}
		if reason != want {
			t.Errorf("%q objects with %q, want %q", said, reason, want)
		}
	}
}

func TestWhatARulingIs(t *testing.T) {
	for _, c := range []struct {
		said   string
		ruling Ruling
		rest   string
	}{
		{"同意", RulesYes, ""}, {"同意。", RulesYes, ""}, {"不同意，请按期完成", RulesNo, "请按期完成"}, {"不同意", RulesNo, ""}, {"Agreed", RulesYes, ""},
		{"no, keep the date", RulesNo, "keep the date"}, {"维持，属你校职责", Stands, "属你校职责"}, {"转办给实验小学党委", GoesOn, "实验小学党委"},
		{"同意延期到周五吗", NoRuling, "同意延期到周五吗"}, {"12月10日", NoRuling, "12月10日"},
	} {
		if ruling, rest := Rules(c.said); ruling != c.ruling || rest != c.rest {
			t.Errorf("%q decides %q with %q, want %q with %q", c.said, ruling, rest, c.ruling, c.rest)
		}
	}
}
