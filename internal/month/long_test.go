//go:build long

package month

import "testing"

func TestThirtyDaysOfACity(t *testing.T) {
	play(t, size{days: 30, schools: 40, branches: 217, perDay: 5, longest: 11})
}
