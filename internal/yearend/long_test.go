//go:build long

package yearend

import "testing"

func TestTheYearOfACityGivesPackagesThatAgreeWithTheRawRecord(t *testing.T) {
	playYear(t, size{schools: 40, branches: 4, tasks: 120}, 7)
}
