//go:build long

package city_test

import (
	"testing"
	"time"

	"duban/internal/cast"
)

// TestTheCityIsTheSameWheneverItIsMade makes it at odd moments: on a weekend, in a long holiday, at the turn of the year, at night.
func TestTheCityIsTheSameWheneverItIsMade(t *testing.T) {
	for _, moment := range []string{"2026-11-28 10:00", "2026-10-04 12:00", "2027-01-01 00:05", "2026-02-18 15:00", "2026-06-10 03:00", "2028-02-29 23:59"} {
		t.Run(moment, func(t *testing.T) {
			now, err := time.ParseInLocation("2006-01-02 15:04", moment, cast.Shanghai)
			if err != nil {
				t.Fatal(err)
			}
			c, desk, tg := mustFill(t, now)
			hasEverything(t, c, desk, tg, now)
			recordIsWhole(t, desk)
		})
	}
}
