//go:build long

package work_test

import "testing"

// TestTheLoopAgainstANaiveModelAtLength plays until every move has been made, and a good while longer.
func TestTheLoopAgainstANaiveModelAtLength(t *testing.T) {
	played := playMatches(t, 600)
	for _, one := range allMoves {
		if played[one.name][1] == 0 {
			t.Errorf("nobody ever did this: %s", one.name)
		}
	}
}
