package text

import "testing"

func TestPointsAreReadWithTheReasonBehindThem(t *testing.T) {
	for typed, want := range map[string][2]string{
		"0.5 情况属实": {"0.5", "情况属实"}, "88分，现场考评": {"88", "现场考评"}, "８８ 现场": {"88", "现场"}, "0：线下已报": {"0", "线下已报"},
		"3 points, seen on site": {"3", "seen on site"}, "情况属实": {"", "情况属实"}, "90": {"90", ""}, "": {"", ""},
	} {
		if figure, reason := PointsAndReason(typed); figure != want[0] || reason != want[1] {
			t.Errorf("%q is read as %q and %q", typed, figure, reason)
		}
	}
}
