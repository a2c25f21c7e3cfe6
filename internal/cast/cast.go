// Package cast is the small cast that tests play with: a city's office, two schools and a branch, on a real database.
package cast

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// Roster is the organisation of the cast. Every code is the initials of the person.
var Roster = []work.RosterRow{
	{Line: 2, Unit: "滨江市教育行业党委", Kind: duban.IndustryCommittee, Name: "李敏", Role: duban.Admin, Phone: "+8619900000001", Code: "LM"},
	{Line: 3, Unit: "滨江市教育行业党委", Kind: duban.IndustryCommittee, Name: "何静", Role: duban.Admin, Phone: "+8619900000002", Code: "HJ"},
	{Line: 4, Unit: "滨江市教育行业党委", Kind: duban.IndustryCommittee, Name: "陈国栋", Role: duban.Leader, Phone: "+8619900000003", Code: "CGD"},
	{Line: 5, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: "城东片区", Name: "赵刚", Role: duban.Secretary, Phone: "+8619900000004", Code: "ZG"},
	{Line: 6, Unit: "市第五中学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: "城东片区", Name: "王芳", Role: duban.Officer, Phone: "+8619900000005", Code: "WF"},
	{Line: 7, Unit: "高一年级党支部", Parent: "市第五中学党委", Kind: duban.Branch, Region: "城东片区", Name: "刘洋", Role: duban.BranchSecretary, Phone: "+8619900000006", Code: "LY"},
	{Line: 8, Unit: "实验小学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: "城西片区", Name: "孙丽", Role: duban.Secretary, Phone: "+8619900000007", Code: "SL"},
	{Line: 9, Unit: "实验小学党委", Parent: "滨江市教育行业党委", Kind: duban.SchoolCommittee, Region: "城西片区", Name: "周明", Role: duban.Officer, Phone: "+8619900000008", Code: "ZM"},
}

// Policy is the standard policy without quiet time, so that tests may run at any hour.
func Policy() duban.Policy {
	digest := calendar.Clock{Hour: 8, Minute: 30}
	return duban.Policy{
		Organisation: "滨江市教育行业党委", Lang: "zh-CN", Lights: duban.DefaultLights, Quiet: calendar.Quiet{Off: true}, Digest: &digest,
		DailyCap: 3, ReviewWithin: 3, LinkValid: 72 * time.Hour, SecondFactor: duban.NoFactor,
		Ladder: duban.Ladder{
			Unsigned:  []calendar.Step{{N: 1, Unit: calendar.WorkingDays}, {N: 2, Unit: calendar.WorkingDays}},
			BeforeDue: []calendar.Step{{N: 3, Unit: calendar.WorkingDays}, {N: 1, Unit: calendar.WorkingDays}, {N: 0, Unit: calendar.Days}},
			Notice:    calendar.Step{N: 1, Unit: calendar.WorkingDays},
			Repeat:    calendar.Step{N: 1, Unit: calendar.WorkingDays},
			Draft:     calendar.Step{N: 3, Unit: calendar.WorkingDays},
			At:        calendar.Clock{Hour: 9},
		},
	}
}

// Shanghai is the zone of the cast.
var Shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

// template is the file of a new database, laid once for all tests of a package: the migrations take longer than most of them.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "duban")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "duban.db")
	if err := store.Init(context.Background(), store.Options{Path: path, Key: make([]byte, 32), Relaxed: true}); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})

// Open returns a desk on a new database with the roster imported. The database is closed when the test ends.
func Open(tb testing.TB) *work.Desk {
	tb.Helper()
	o := store.Options{Path: filepath.Join(tb.TempDir(), "duban.db"), Key: make([]byte, 32), Relaxed: true, Zone: Shanghai}
	empty, err := template()
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(o.Path, empty, 0o600); err != nil {
		tb.Fatal(err)
	}
	s, err := store.Open(context.Background(), o)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	d := &work.Desk{Store: s, Calendar: calendar.New(Shanghai, calendar.Clock{Hour: 18}), Policy: Policy()}
	result, err := d.ImportRoster(context.Background(), duban.Console, Roster, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		tb.Fatal(err, result.Problems)
	}
	return d
}

// Person returns somebody of the cast by code.
func Person(tb testing.TB, d *work.Desk, code string) duban.Person {
	tb.Helper()
	var p duban.Person
	Read(tb, d, func(tx *store.Tx) (err error) {
		p, err = tx.PersonByCode(code)
		return err
	})
	return p
}

// Join binds somebody of the cast to a Telegram account by an invitation, and returns the actor.
func Join(tb testing.TB, d *work.Desk, code string, telegramID int64) duban.Actor {
	tb.Helper()
	ctx := context.Background()
	links, err := d.Invite(ctx, duban.Console, work.InviteWhom{Code: code})
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := d.OpenInvitation(ctx, duban.System, telegramID, links[0].Secret); err != nil {
		tb.Fatal(err)
	}
	joined, err := d.Join(ctx, duban.System, telegramID, "zh-CN", work.Proof{})
	if err != nil {
		tb.Fatal(err)
	}
	return duban.Actor{PersonID: joined.Person.ID, AccountID: joined.Account.ID, Via: duban.ViaChat}
}

// Issue issues one task to units and returns its assignments. Due is text as people type it.
func Issue(tb testing.TB, d *work.Desk, who duban.Actor, row work.TaskRow) []duban.Assignment {
	tb.Helper()
	if row.Priority == "" {
		row.Priority = duban.Normal
	}
	if row.Evidence.Kind == "" {
		row.Evidence.Kind = duban.NoEvidence
	}
	result, err := d.ImportTasks(context.Background(), who, []work.TaskRow{row}, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		tb.Fatal(err, result.Problems)
	}
	var all []duban.Assignment
	Read(tb, d, func(tx *store.Tx) error {
		task, err := tx.TaskByCode(row.Code)
		if err != nil {
			return err
		}
		all, err = tx.AssignmentsOf(task.ID)
		return err
	})
	return all
}

// Read runs a closure on a snapshot and fails the test when it fails.
func Read(tb testing.TB, d *work.Desk, fn func(*store.Tx) error) {
	tb.Helper()
	if err := d.Store.Read(context.Background(), fn); err != nil {
		tb.Fatal(err)
	}
}
