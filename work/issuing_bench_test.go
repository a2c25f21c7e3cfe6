package work_test

import (
	"context"
	"fmt"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// BenchmarkPreviewForTwoThousandUnits previews an item for a whole city, with the burden of each addressee.
func BenchmarkPreviewForTwoThousandUnits(b *testing.B) {
	d := cast.Open(b)
	var rows []work.RosterRow
	for i := range 2000 {
		rows = append(rows, work.RosterRow{
			Line: i + 2, Unit: fmt.Sprintf("第%d学校党委", i), Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Name: fmt.Sprintf("专干%d", i),
			Role: duban.Officer, Code: fmt.Sprintf("X%d", i),
		})
	}
	if done, err := d.ImportRoster(context.Background(), duban.Console, rows, work.ImportOptions{}); err != nil || len(done.Problems) > 0 {
		b.Fatal(err, done.Problems)
	}
	admin := cast.Join(b, d, "LM", 1)
	draft := spoken("报送年度总结", "school_committee", "2099-12-04")
	for range 5 {
		if done, err := d.IssueTask(context.Background(), admin, draft); err != nil || done.Issued != 2002 {
			b.Fatal(err, done.Issued)
		}
	}
	for b.Loop() {
		cast.Read(b, d, func(tx *store.Tx) error {
			p, err := d.PreviewTask(tx, admin, draft)
			if len(p.Targets) != 2002 {
				b.Fatal(len(p.Targets))
			}
			return err
		})
	}
}
