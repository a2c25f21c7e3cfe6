package sheet_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"duban/sheet"
)

// mustOpen reads a file of the module, named from its root.
func mustOpen(tb testing.TB, name string) *sheet.Book {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join("..", filepath.FromSlash(name)))
	if err != nil {
		tb.Fatal(err)
	}
	book, err := sheet.Open(name, data)
	if err != nil {
		tb.Fatal(err)
	}
	return book
}

func mustRoster(tb testing.TB, book *sheet.Book) []sheet.RosterRow {
	tb.Helper()
	rows, problems, err := book.Roster()
	if err != nil || len(problems) > 0 {
		tb.Fatalf("roster: %v, problems %+v", err, problems)
	}
	return rows
}

func mustTasks(tb testing.TB, book *sheet.Book) []sheet.TaskRow {
	tb.Helper()
	rows, problems, err := book.Tasks()
	if err != nil || len(problems) > 0 {
		tb.Fatalf("tasks: %v, problems %+v", err, problems)
	}
	return rows
}

func TestUntidyRostersReadLikeTheTidyOne(t *testing.T) {
	tidy := mustRoster(t, mustOpen(t, "examples/roster.xlsx"))
	for _, name := range []string{
		"examples/roster.csv",
		"sheet/testdata/roster_merged.xlsx", "sheet/testdata/roster_english.xlsx", "sheet/testdata/roster_gb18030.csv",
		"sheet/testdata/roster_semicolons.csv", "sheet/testdata/roster_utf16_tabs.csv",
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			book := mustOpen(t, name)
			if kind := book.Guess(); kind != sheet.KindRoster {
				t.Errorf("guessed %q", kind)
			}
			got := mustRoster(t, book)
			if diff := cmp.Diff(tidy, got, cmpopts.IgnoreFields(sheet.RosterRow{}, "Line")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUntidyTaskListsReadLikeTheTidyOne(t *testing.T) {
	tidy := mustTasks(t, mustOpen(t, "examples/tasks.xlsx"))
	for _, name := range []string{
		"sheet/testdata/tasks_sections.xlsx", "sheet/testdata/tasks_lost_format.xlsx",
		"sheet/testdata/tasks_english.csv", "sheet/testdata/tasks_gb18030.csv",
	} {
		t.Run(filepath.Base(name), func(t *testing.T) {
			book := mustOpen(t, name)
			if kind := book.Guess(); kind != sheet.KindTasks {
				t.Errorf("guessed %q", kind)
			}
			got := mustTasks(t, book)
			if diff := cmp.Diff(tidy, got, cmpopts.IgnoreFields(sheet.TaskRow{}, "Line")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The csv twin keeps a time of day as people write it, without the T.
func TestTaskListAsCSVSaysTheSame(t *testing.T) {
	tidy, twin := mustTasks(t, mustOpen(t, "examples/tasks.xlsx")), mustTasks(t, mustOpen(t, "examples/tasks.csv"))
	for i := range tidy {
		tidy[i].Due = strings.TrimSuffix(strings.ReplaceAll(tidy[i].Due, "T", " "), ":00")
		twin[i].Due = strings.TrimSuffix(twin[i].Due, ":00")
		tidy[i].Due = strings.TrimSuffix(tidy[i].Due, ":00")
	}
	if diff := cmp.Diff(tidy, twin); diff != "" {
		t.Error(diff)
	}
}

func TestExampleRosterFillsEveryPostThatTasksFallTo(t *testing.T) {
	posts := map[string]map[string]int{} // unit → role → holders
	kinds := map[string]string{}
	codes, phones := map[string]string{}, map[string]string{}
	roles := map[string]int{}
	for _, row := range mustRoster(t, mustOpen(t, "examples/roster.xlsx")) {
		if posts[row.Unit] == nil {
			posts[row.Unit] = map[string]int{}
		}
		posts[row.Unit][row.Role]++
		kinds[row.Unit] = row.Kind
		roles[row.Role]++
		if name, seen := codes[row.Code]; seen && name != row.Name {
			t.Errorf("code %s belongs to %s and %s", row.Code, name, row.Name)
		}
		if code, seen := phones[row.Phone]; seen && code != row.Code {
			t.Errorf("phone %s belongs to %s and %s", row.Phone, code, row.Code)
		}
		codes[row.Code], phones[row.Phone] = row.Name, row.Code
		if row.Parent != "" && kinds[row.Parent] == "" {
			t.Errorf("line %d: the parent %s does not come before its unit", row.Line, row.Parent)
		}
	}
	for unit, kind := range kinds {
		owners := posts[unit]["officer"]
		if kind == "branch" {
			owners = posts[unit]["branch_secretary"]
		}
		if owners != 1 {
			t.Errorf("%s (%s) has %d people whom its tasks fall to", unit, kind, owners)
		}
	}
	if len(codes) < 60 || roles["admin"] < 2 || roles["leader"] < 1 || roles["officer"]+roles["secretary"] < 20 {
		t.Errorf("%d people with roles %v", len(codes), roles)
	}
}

func TestExampleTasksShowEveryKindOfEntry(t *testing.T) {
	evidence, priority, review, due, units := map[string]int{}, map[string]int{}, map[bool]int{}, map[string]int{}, map[string]int{}
	internal, named := 0, 0
	for _, row := range mustTasks(t, mustOpen(t, "examples/tasks.xlsx")) {
		evidence[row.Evidence]++
		priority[row.Priority]++
		review[*row.Review]++
		switch {
		case strings.Contains(row.Due, "年"):
			due["in Chinese"]++
		case strings.Contains(row.Due, "T"):
			due["with a time"]++
		default:
			due["iso"]++
		}
		for _, u := range strings.Split(row.Units, "、") {
			units[u]++
		}
		if row.Internal {
			internal++
		}
		if row.Owner != "" && row.Reviewer != "" {
			named++
		}
	}
	for what, counts := range map[string]map[string]int{"evidence": evidence, "priority": priority, "due": due} {
		want := map[string]int{"evidence": 4, "priority": 3, "due": 3}[what]
		if len(counts) != want {
			t.Errorf("%s: %v", what, counts)
		}
	}
	for _, unit := range []string{"school_committee", "branch", "城东片区", "all", "滨江市第一中学党委"} {
		if units[unit] == 0 {
			t.Errorf("no task for %s", unit)
		}
	}
	if len(review) != 2 || internal == 0 || named == 0 {
		t.Errorf("review %v, internal %d, with owner and reviewer %d", review, internal, named)
	}
}
