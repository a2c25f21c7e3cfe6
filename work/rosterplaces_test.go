package work_test

import (
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

func mustRoster(t *testing.T, d *work.Desk, o work.ImportOptions, rows ...work.RosterRow) work.ImportResult {
	t.Helper()
	for i := range rows {
		rows[i].Line = i + 2
	}
	done, err := d.ImportRoster(ctx, duban.Console, rows, o)
	if err != nil || len(done.Problems) > 0 {
		t.Fatalf("%+v %v", done, err)
	}
	return done
}

const bureau = "滨江市教育行业党委"

func school(name, parent string) work.RosterRow {
	return work.RosterRow{Unit: name, Parent: parent, Kind: duban.SchoolCommittee}
}

// mustStand checks that the closure of the units agrees with who is above whom.
func mustStand(t *testing.T, d *work.Desk) {
	t.Helper()
	cast.Read(t, d, func(tx *store.Tx) error {
		all, err := tx.Units()
		if err != nil {
			return err
		}
		byID := map[int64]duban.Unit{}
		for _, u := range all {
			byID[u.ID] = u
		}
		for _, u := range all {
			above, err := tx.UnitsAbove(u.ID)
			if err != nil {
				return err
			}
			at := u
			for _, a := range above {
				if a.ID != at.ParentID {
					t.Errorf("%s stands below %s, the closure says %s", at.Name, byID[at.ParentID].Name, a.Name)
					return nil
				}
				at = a
			}
			if at.ParentID != 0 {
				t.Errorf("%s: the closure ends at %s", u.Name, at.Name)
			}
		}
		return nil
	})
}

func TestUndoingAMoveMakesNoCircleOfUnits(t *testing.T) {
	d := cast.Open(t)
	mustRoster(t, d, work.ImportOptions{}, school("甲", bureau), school("乙", "甲"))
	first := mustRoster(t, d, work.ImportOptions{}, school("乙", bureau))
	mustRoster(t, d, work.ImportOptions{}, school("甲", "乙"))
	undone, err := d.UndoImport(ctx, duban.Console, first.Import, "导入有误")
	if err != nil || len(undone.Left) != 1 || undone.Left[0].Reason != work.UndoChanged || undone.Left[0].Name != "乙" {
		t.Errorf("%+v, %v", undone, err)
	}
	mustStand(t, d)
}

func TestAUnitIsMovedToWhereOneOfItsNameWasClosed(t *testing.T) {
	d := cast.Open(t)
	mustRoster(t, d, work.ImportOptions{}, school("甲", bureau))
	first := mustRoster(t, d, work.ImportOptions{}, school("丙", "甲"))
	mustUndo(t, d, first.Import)
	mustRoster(t, d, work.ImportOptions{}, school("丙", bureau))
	mustRoster(t, d, work.ImportOptions{}, school("丙", "甲"))
	mustStand(t, d)
}

func TestAUnitOfANameThatTwoUnitsHaveBelowThemIsNotGuessed(t *testing.T) {
	branch := func(unit, parent, code string) work.RosterRow {
		return work.RosterRow{Unit: unit, Parent: parent, Kind: duban.Branch, Name: "支书" + code, Code: code, Role: duban.BranchSecretary}
	}
	general := func(parent string) work.RosterRow {
		return work.RosterRow{Unit: "党总支", Parent: parent, Kind: duban.GeneralBranch}
	}
	d := cast.Open(t)
	mustRoster(t, d, work.ImportOptions{}, general("市第五中学党委"), branch("第一党支部", "党总支", "B1"))
	mustRoster(t, d, work.ImportOptions{}, general("实验小学党委"))
	// The file has the unit above, so it is known which one is meant, in whatever order.
	mustRoster(t, d, work.ImportOptions{}, branch("第一党支部", "党总支", "B2"), general("实验小学党委"))
	cast.Read(t, d, func(tx *store.Tx) error {
		for code, wanted := range map[string]string{"B1": "市第五中学党委", "B2": "实验小学党委"} {
			p, err := tx.PersonByCode(code)
			if err != nil {
				return err
			}
			posts, err := tx.Posts(p.ID)
			if err != nil {
				return err
			}
			above, err := tx.UnitsAbove(posts[0].UnitID)
			if err != nil || above[1].Name != wanted {
				t.Errorf("%s is in a branch of %s, %v", code, above[1].Name, err)
			}
		}
		return nil
	})
	// A file without it cannot say.
	for range 20 {
		done, err := d.ImportRoster(ctx, duban.Console, []work.RosterRow{branch("第一党支部", "党总支", "B3")}, work.ImportOptions{DryRun: true})
		if err != nil || len(done.Problems) != 1 || done.Problems[0].Reason != work.AmbiguousUnit {
			t.Fatalf("%+v, %v", done.Problems, err)
		}
	}
}

func TestUndoingARosterThatWasTakenInPartsClosesItsUnits(t *testing.T) {
	d := cast.Open(t)
	first := mustRoster(t, d, work.ImportOptions{Chunk: 1}, school("甲", bureau), school("乙", bureau))
	mustUndo(t, d, first.Import)
	cast.Read(t, d, func(tx *store.Tx) error {
		for _, name := range []string{"甲", "乙"} {
			if named, err := tx.UnitsNamed(name); err != nil || len(named) > 0 {
				t.Errorf("%s is still there, %v", name, err)
			}
		}
		return nil
	})
}

func TestARosterOfUnitsAloneIsTaken(t *testing.T) {
	for _, chunk := range []int{0, 1} {
		d := cast.Open(t)
		o := work.ImportOptions{Chunk: chunk}
		count := func(what string, done work.ImportResult, isNew, changed, unchanged int) {
			t.Helper()
			if done.New != isNew || done.Changed != changed || done.Unchanged != unchanged || !done.Done || (done.Import == 0) != (isNew+changed == 0) {
				t.Errorf("%s: %+v", what, done)
			}
		}
		jia, yi := school("甲", bureau), school("乙", bureau)
		count("new", mustRoster(t, d, o, jia, yi), 2, 0, 0)
		count("again", mustRoster(t, d, o, jia, yi), 0, 0, 2)
		yi.Region = "城北片区"
		count("another region", mustRoster(t, d, o, jia, yi), 0, 1, 1)
		yi.Parent = "甲"
		moved := mustRoster(t, d, o, jia, yi)
		count("another place", moved, 0, 1, 1)
		mustUndo(t, d, moved.Import)
		cast.Read(t, d, func(tx *store.Tx) error {
			named, err := tx.UnitsNamed("乙")
			if err != nil || len(named) != 1 || named[0].Region != "城北片区" || named[0].ParentID != 1 {
				t.Errorf("%+v, %v", named, err)
			}
			return nil
		})
		mustStand(t, d)
	}
}
