package text

import (
	"strings"

	"golang.org/x/text/width"
)

// PointsAndReason reads a figure with a reason behind it, such as "0.5 情况属实" or "88分，现场考评". Either is empty where it is not there.
func PointsAndReason(typed string) (figure, reason string) {
	typed = strings.TrimSpace(typed)
	end := strings.IndexFunc(typed, func(r rune) bool { return !strings.ContainsAny(width.Fold.String(string(r)), "0123456789.") })
	if end < 0 {
		end = len(typed)
	}
	rest := strings.TrimSpace(typed[end:])
	for _, word := range []string{"分", "points", "point"} {
		rest = strings.TrimPrefix(rest, word)
	}
	return width.Fold.String(typed[:end]), strings.TrimLeft(rest, ",，:：;；.。、 ")
}
