package text

import (
	"slices"
	"testing"
)

func TestDaysAreFoundInWhatIsTyped(t *testing.T) {
	for _, test := range []struct {
		typed string
		days  []TypedDay
		rest  string
	}{
		{"3月1日至5月31日", []TypedDay{{0, 3, 1}, {0, 5, 31}}, ""},
		{"2026-03-01 2026-05-31", []TypedDay{{2026, 3, 1}, {2026, 5, 31}}, ""},
		{"2026/3/1 - 2026/5/31 市五中", []TypedDay{{2026, 3, 1}, {2026, 5, 31}}, "市五中"},
		{"王芳 2025年12月", []TypedDay{{2025, 12, 0}}, "王芳"},
		{"from 2026-03-01 to 2026-05-31", []TypedDay{{2026, 3, 1}, {2026, 5, 31}}, ""},
		{"2026-03", []TypedDay{{2026, 3, 0}}, ""},
		{"DJ-01 3月到5月", []TypedDay{{0, 3, 0}, {0, 5, 0}}, "DJ-01"},
		{"DJ-2026-03", nil, "DJ-2026-03"},
		{"DJ-01 本月", nil, "DJ-01 本月"},
		{"12月5日 王芳", []TypedDay{{0, 12, 5}}, "王芳"},
		{"", nil, ""},
	} {
		days, rest := Days(test.typed)
		if !slices.Equal(days, test.days) || rest != test.rest {
			t.Errorf("%q: %v and %q, want %v and %q", test.typed, days, rest, test.days, test.rest)
		}
	}
}
