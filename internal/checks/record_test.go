package checks

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// unrecorded is something that may change without an entry in the record: a table, a method of the transaction wherever it is called, or one where it is
// called from a certain verb.
type unrecorded struct {
	in, method, table string
	why               string
}

const toldWithTask = "what is not issued yet is recorded as its task is drawn up, sent for approval, sent back or taken back"

// notRecorded lists everything that may. What is not in it any more has to be taken out, so that the list stays the whole truth.
var notRecorded = []unrecorded{
	{table: "meta", why: "what the program keeps for itself: marks, cursors and the number of entries"},
	{table: "inbox", why: "updates on their way in; what a person asks for is recorded by the verb"},
	{table: "outbox", why: "letters on their way out; that they arrived, or did not, is recorded where they put a duty on somebody"},
	{table: "message", why: "which message of ours is about what, so that a reply is understood"},
	{table: "card", why: "where a live message stands"},
	{table: "board", why: "where a board stands and what it shows: a view of somebody's own"},
	{table: "dialog", why: "where somebody is in a conversation"},
	{table: "draft", why: "what somebody draws up and nobody else sees; it is recorded once it is issued or sent for approval"},
	{table: "audience", why: "audiences that somebody has saved for later"},
	{table: "stranger", why: "counters for people who have not joined; wrong attempts are recorded"},
	{table: "record_head", why: "which codes of the record were told to the outside: they seal the record and are no part of it"},
	{table: "import", why: "how far an import has come; what it brings is recorded thing by thing, and its end"},
	{table: "import_step", why: "what an import did, to undo it; both are recorded"},
	{table: "ladder", why: "a copy of what the configuration says; that it changed is recorded"},

	{method: "Plan", why: "when the scheduler looks at an item next; what it sent is recorded as it is sent"},
	{method: "Postpone", why: "the same, for an item that could not be handled"},
	{method: "ComputeAnew", why: "that units are still to be computed; each is recorded as it is"},
	{method: "RetryFile", why: "when a file that could not be fetched is tried again"},
	{method: "TakeGroupAnswer", why: "when a work group was last told to ask in private"},
	{method: "MoveGroups", why: "the number that Telegram gives a chat"},
	{method: "SaveLooked", why: "that a unit has looked at its assessment, so that it is not reminded to"},
	{method: "SetLang", why: "a setting that concerns only oneself"},

	{in: "(*work.Desk).Submit", method: "AddSubmission", why: "what is being collected is recorded when it is handed in or dropped"},
	{in: "(*work.Desk).Submit", method: "SaveSubmission", why: "what is being collected is recorded when it is handed in or dropped"},
	{in: "(*work.Desk).Submit", method: "AddFile", why: "a file is recorded when its bytes are kept, and with what is handed in"},
	{in: "(*work.Desk).IssueTask", method: "AddAssignment", why: toldWithTask},
	{in: "(*work.Desk).IssueTask", method: "DropUnissued", why: toldWithTask},
	{in: "(*work.Desk).RetractIssue", method: "SaveAssignment", why: toldWithTask},
	{in: "(*work.Desk).SendBackIssue", method: "SaveAssignment", why: toldWithTask},
	{in: "(*work.importRun).takePart", method: "AddAssignment", why: toldWithTask},
	{in: "(*work.Desk).AskToBind", method: "AddGroup", why: "somebody thinks of binding a group; it is recorded when it is bound"},
	{in: "(*work.Desk).AskToBind", method: "SaveGroup", why: "somebody thinks of binding a group; it is recorded when it is bound"},
	{in: "(*work.Desk).GroupDays", method: "SaveGroup", why: "what the line of the day shows"},
	{in: "(*work.Desk).MindPlan", method: "SavePlanRun", why: "that planners were told of a date; that it is issued or skipped is recorded"},
	{in: "(*work.Desk).MindReceipts", method: "SaveAnnouncement", why: "when receipts are looked at next; urging is recorded"},
}

// change is a way through a transaction of a verb on which a method has changed something and nothing was recorded.
type change struct{ in, method string }

// covers reports whether it is one of those that need no entry. Tables are those that the method changes and that are not excepted by themselves.
func (u unrecorded) covers(c change) bool {
	return u.method == c.method && (u.in == "" || u.in == c.in)
}

// told says what an entry about a change of a table has to be about, one of these; any entry will do for the others.
var told = map[string]subjects{
	"assignment": aboutField("AssignmentID"), "submission": aboutField("AssignmentID"), "progress": aboutField("AssignmentID"),
	"file": aboutField("AssignmentID"), "remark": aboutField("AssignmentID"), "escalation": aboutField("AssignmentID"),
	"task":         aboutField("TaskID"),
	"request":      aboutField("AssignmentID") | aboutField("TaskID") | aboutField("AnnouncementID"),
	"announcement": aboutField("AnnouncementID"), "receipt": aboutField("AnnouncementID"), "group_copy": aboutField("AnnouncementID"),
	"person": aboutField("PersonID"), "post": aboutField("PersonID"), "account": aboutField("PersonID"), "invitation": aboutField("PersonID"),
	"absence": aboutField("PersonID"), "erasure": aboutField("PersonID"), "unit": aboutField("UnitID"),
}

// ledger is the program together with what its methods of the transaction change.
type ledger struct {
	*program
	needs map[string]subjects // by method that changes something of the office's business
	used  map[string]bool     // tables whose exception was needed
}

func newLedger(p *program) *ledger {
	l := &ledger{program: p, needs: map[string]subjects{}, used: map[string]bool{}}
	excepted := map[string]bool{}
	for _, u := range notRecorded {
		excepted[u.table] = true
	}
	for f := range p.declared {
		if !strings.HasPrefix(f.FullName(), onTx) || f.FullName() == methodRecord {
			continue
		}
		for _, table := range p.tablesOf(f) {
			l.used[table] = true
			if !excepted[table] {
				l.needs[f.Name()] |= cmp.Or(told[table], anything)
			}
		}
	}
	return l
}

// walk walks everything, or only what is named, and returns where something changes without an entry. Deaf is a call that does not count as one.
func (l *ledger) walk(tb testing.TB, only map[*types.Func]bool, deaf token.Pos) (map[change]bool, *walk) {
	tb.Helper()
	found := map[change]bool{}
	w := &walk{
		program: l.program, deaf: deaf, needs: l.needs,
		missing: func(entry, method string) { found[change{entry, method}] = true },
		lost: func(call ast.Node) {
			tb.Errorf("%s: which function is called here cannot be told, so nobody sees whether it changes something", l.at(call))
		},
	}
	w.everything(only)
	return found, w
}

// beyond leaves what needs an entry: not what is excepted.
func beyond(found map[change]bool) []change {
	var left []change
	for c := range found {
		if !slices.ContainsFunc(notRecorded, func(u unrecorded) bool { return u.covers(c) }) {
			left = append(left, c)
		}
	}
	slices.SortFunc(left, func(a, b change) int { return cmp.Or(cmp.Compare(a.in, b.in), cmp.Compare(a.method, b.method)) })
	return left
}

// TestNothingChangesWithoutAnEntryInTheRecord walks every way through every transaction of the program: where something of the office's business is changed
// and nothing is appended to the record, it is in the list above with its reason.
func TestNothingChangesWithoutAnEntryInTheRecord(t *testing.T) {
	l := newLedger(mustLoad(t, "./app"))
	found, walked := l.walk(t, nil, token.NoPos)
	for _, c := range beyond(found) {
		t.Errorf("%s changes something by %s, and there is a way on which nothing is recorded", c.in, c.method)
	}
	for _, u := range notRecorded {
		needed := l.used[u.table]
		for c := range found {
			needed = needed || u.covers(c)
		}
		if !needed || u.why == "" {
			t.Errorf("the exception %+v is not needed any more, or has no reason", u)
		}
	}
	transactions := l.callsOf(isWrite)
	for _, call := range transactions {
		if !walked.visited[call.node] {
			t.Errorf("%s: the transaction of %s was not walked", l.at(call.node), call.in.FullName())
		}
	}
	t.Logf("%d methods change business, %d transactions, %d changes that need no entry", len(l.needs), len(transactions), len(found))
}

// site is a call and the declared function in which it stands.
type site struct {
	node *ast.CallExpr
	in   *types.Func
}

func (p *program) callsOf(which func(*types.Func) bool) []site {
	var all []site
	for f, d := range p.declared {
		ast.Inspect(d, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok && which(p.function(call.Fun)) {
				all = append(all, site{call, f})
			}
			return true
		})
	}
	return all
}

// onlyRecord are functions that do nothing but append an entry, so that a call of them is one.
var onlyRecord = []string{"recordOn", "recordGroup", "recordGroupChange", "recordReport", "recordLetter", "recordDue", "recordReturnDue", "recordScore"}

// alone is how many entries are at least the only one about what is changed with them. The others tell what is no change, such as a question or an export, or
// stand beside another one about the same item.
const alone = 90

// TestAnEntryThatIsTakenAwayIsMissed takes one call that appends to the record away after the other, and counts where the walk tells.
func TestAnEntryThatIsTakenAwayIsMissed(t *testing.T) {
	l := newLedger(mustLoad(t, "./app"))
	records := func(f *types.Func) bool {
		return f != nil && (f.FullName() == methodRecord || f.Pkg() != nil && f.Pkg().Name() == "work" && slices.Contains(onlyRecord, f.Name()))
	}
	missed, all := 0, 0
	for _, call := range l.callsOf(records) {
		if records(call.in) {
			continue
		}
		all++
		above := map[*types.Func]bool{}
		l.above(call.in, above)
		if found, _ := l.walk(t, above, call.node.Pos()); len(beyond(found)) > 0 {
			missed++
		}
	}
	t.Logf("%d of %d entries are missed", missed, all)
	if missed < alone {
		t.Errorf("of %d entries only %d are missed when they are taken away, want %d", all, missed, alone)
	}
}

func isWrite(f *types.Func) bool { return fullName(f) == methodWrite || fullName(f) == methodWriteAt }

var changing = regexp.MustCompile(`\b(?:INSERT INTO|UPDATE|DELETE FROM)\s+(\w*)`)

// changed lists the tables that a piece of SQL changes. What is put together at run time counts as "*".
func changed(literal string) []string {
	var tables []string
	for _, found := range changing.FindAllStringSubmatch(literal, -1) {
		if found[1] != "SET" { // ON CONFLICT … DO UPDATE SET
			tables = append(tables, cmp.Or(found[1], "*"))
		}
	}
	return tables
}
