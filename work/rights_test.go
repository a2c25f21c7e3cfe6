package work_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// tableOfRights is who may do what, written down a second time, in the order of the rules: own is the unit of the post alone, tree the unit and what
// lies below it, below only that, all every unit there is.
const tableOfRights = `
                admin  leader  secretary  officer  branch_secretary
issue           tree   -       tree       tree     -
approve         -      tree    -          -        -
plan            tree   -       -          -        -
second_person   tree   -       -          -        -
own             own    own     own        own      own
behalf          tree   -       own        -        -
ask             -      -       own        own      own
agree           -      -       tree       -        -
extend          tree   tree    -          -        -
extend_far      -      tree    -          -        -
decline         -      -       tree       -        -
settle          tree   -       -          -        -
reassign        tree   -       tree       -        -
absence         tree   -       tree       -        -
review          tree   tree    below      -        -
suspend         -      tree    -          -        -
cancel          tree   tree    -          -        -
reopen          tree   tree    -          -        -
archive         tree   -       -          -        -
urge            tree   tree    tree       -        -
remark          -      tree    -          -        -
draft_notice    tree   -       -          -        -
notice_3        tree   tree    -          -        -
notice_45       -      tree    -          -        -
announce        tree   tree    tree       -        -
see             tree   all     tree       own      own
see_lights      tree   all     all        own      own
record          tree   all     tree       own      own
export          tree   tree    -          -        -
propose         tree   -       -          -        -
assess          -      tree    -          -        -
object          -      -       tree       -        -
own_assess      tree   all     tree       own      own
import          tree   -       -          -        -
invite          tree   -       -          -        -
backup          tree   -       -          -        -
`

// reaches is the table read: how far the right of a role to an action reaches.
var reaches = func() map[string]map[string]string {
	lines := strings.Split(strings.TrimSpace(tableOfRights), "\n")
	roles, table := strings.Fields(lines[0]), map[string]map[string]string{}
	for _, line := range lines[1:] {
		cells := strings.Fields(line)
		table[cells[0]] = map[string]string{}
		for i, role := range roles {
			table[cells[0]][role] = cells[i+1]
		}
	}
	return table
}()

// covers reads a cell of the table for a unit that lies so many levels below that of the post; below 0 it is none of its subtree.
func covers(cell string, depth int) bool {
	return cell == "all" || depth == 0 && (cell == "own" || cell == "tree") || depth > 0 && (cell == "below" || cell == "tree")
}

// The places of the walk: an office, a school with a branch, and another school.
const (
	theOffice = "滨江市教育行业党委"
	theSchool = "市第五中学党委"
	theBranch = "高一年级党支部"
	elsewhere = "实验小学党委"
)

var (
	places     = []string{theOffice, theSchool, theBranch, elsewhere}
	roles      = []duban.Role{duban.Admin, duban.Leader, duban.Secretary, duban.Officer, duban.BranchSecretary}
	unitsAbove = map[string]string{theSchool: theOffice, theBranch: theSchool, elsewhere: theOffice}
)

// depthBelow is how many levels a unit lies below another, or -1.
func depthBelow(upper, unit string) int {
	for depth := 0; unit != ""; depth++ {
		if unit == upper {
			return depth
		}
		unit = unitsAbove[unit]
	}
	return -1
}

// postHolder is somebody who has one post and no other.
type postHolder struct {
	role  duban.Role
	place string
	actor duban.Actor
}

func (h postHolder) String() string { return fmt.Sprintf("a %s of %s", h.role, h.place) }

// walk is a desk on which each role is held in each place, each by somebody who holds nothing else.
type walk struct {
	*office
	holders []postHolder
	units   map[string]int64
	rows    int // how many rows were written, for their codes
}

func beginWalk(t *testing.T) *walk {
	t.Helper()
	w := &walk{office: openOffice(t), units: map[string]int64{}}
	cast.Read(t, w.desk, func(tx *store.Tx) error {
		units, err := tx.Units()
		for _, u := range units {
			w.units[u.Name] = u.ID
		}
		return err
	})
	for _, place := range places {
		for _, role := range roles {
			w.holders = append(w.holders, w.hire(role, place))
		}
	}
	return w
}

// hire gives a new person one post.
func (w *walk) hire(role duban.Role, place string) postHolder {
	w.t.Helper()
	w.rows++
	code := fmt.Sprintf("%s@%d/%d", role, w.units[place], w.rows)
	err := w.desk.Store.Write(ctx, func(tx *store.Tx) error {
		id, err := tx.AddPerson(duban.Person{Code: code, Name: code, Active: true})
		if err != nil {
			return err
		}
		_, err = tx.SetPost(id, w.units[place], role)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return postHolder{role, place, cast.Join(w.t, w.desk, code, int64(1000+w.rows))}
}

func TestTheWholeTableOfRights(t *testing.T) {
	w := beginWalk(t)
	for _, action := range duban.Actions {
		if reaches[string(action)] == nil {
			t.Errorf("the table has no line for %s", action)
		}
	}
	if len(reaches) != len(duban.Actions) {
		t.Errorf("the table has %d lines for %d actions", len(reaches), len(duban.Actions))
	}
	cast.Read(t, w.desk, func(tx *store.Tx) error {
		for _, h := range w.holders {
			for _, action := range duban.Actions {
				for _, unit := range places {
					got, err := work.May(tx, h.actor, action, w.units[unit])
					if err != nil {
						return err
					}
					if want := covers(reaches[string(action)][string(h.role)], depthBelow(h.place, unit)); got != want {
						t.Errorf("%s may %s towards %s: %t, want %t", h, action, unit, got, want)
					}
				}
			}
		}
		return nil
	})
}

// mayBy reads the table for a rule such as "behalf&ask" or "draft_notice|notice_45", towards the school.
func (h postHolder) mayBy(rule string) bool {
	for _, either := range strings.Split(rule, "|") {
		each := strings.Split(either, "&")
		lacks := func(action string) bool {
			return !covers(reaches[action][string(h.role)], depthBelow(h.place, theSchool))
		}
		if !slices.ContainsFunc(each, lacks) {
			return true
		}
	}
	return false
}
