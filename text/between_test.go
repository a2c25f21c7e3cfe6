package text

import "testing"

func TestATimeIsTakenApart(t *testing.T) {
	for typed, want := range map[string][2]string{
		"12月7日至12月11日":             {"12月7日", "12月11日"},
		"明天到周五":                    {"明天", "周五"},
		"2026-12-07 to 2026-12-11": {"2026-12-07", "2026-12-11"},
		" 12月7日 ":                  {"12月7日", "12月7日"},
		"12月7日—12月11日":             {"12月7日", "12月11日"},
	} {
		if first, last := Between(typed); first != want[0] || last != want[1] {
			t.Errorf("%q: from %q to %q, want %q to %q", typed, first, last, want[0], want[1])
		}
	}
}
