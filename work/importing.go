package work

import (
	"context"
	"errors"
	"time"

	"duban"
	"duban/store"
)

// Problem is one cell of an imported file that keeps its row out. Package text makes the sentence from the reason.
type Problem struct {
	Line   int
	Column Column
	Reason ProblemReason
	Value  string
	Arg    string
}

// Column names a column of a sheet. The catalogues have its heading under "column.<name>".
type Column string

// The columns in which only the database can tell that something is wrong.
const (
	ColumnUnit       Column = "unit"
	ColumnParent     Column = "parent"
	ColumnKind       Column = "kind"
	ColumnCode       Column = "person_code"
	ColumnTaskCode   Column = "task_code"
	ColumnUnits      Column = "units"
	ColumnOwner      Column = "owner"
	ColumnDue        Column = "due"
	ColumnReviewer   Column = "reviewer"
	ColumnSupports   Column = "supports"
	ColumnMilestones Column = "milestones"
	ColumnYear       Column = "year"
)

// PartColumn is the column of a part of an assessment; its heading is the word of the part.
func PartColumn(part string) Column { return Column("part." + part) }

// Columns lists every column.
var Columns = []Column{ColumnUnit, ColumnParent, ColumnKind, ColumnCode, ColumnTaskCode, ColumnUnits, ColumnOwner, ColumnDue, ColumnReviewer,
	ColumnSupports, ColumnMilestones, ColumnYear}

// ProblemReason names why a row cannot be taken.
type ProblemReason string

// The reasons that only the database can tell; package sheet has those that the file itself tells.
const (
	UnknownUnit      ProblemReason = "unknown_unit"     // no unit of that name
	AmbiguousUnit    ProblemReason = "ambiguous_unit"   // several units of that name: write 上级单位/单位
	NoUnits          ProblemReason = "no_units"         // a kind or region without units
	UnknownParent    ProblemReason = "unknown_parent"   // the unit above is neither in the file nor known
	UnitCycle        ProblemReason = "unit_cycle"       // units that are above each other
	KindMissing      ProblemReason = "kind_missing"     // a new unit needs its kind
	CodeMissing      ProblemReason = "code_missing"     // a person needs a code
	UnknownPerson    ProblemReason = "unknown_person"   // nobody of that name or code holds a post there
	AmbiguousName    ProblemReason = "ambiguous_person" // several people of that name: write the code
	NobodyThere      ProblemReason = "no_owner"         // no officer, secretary or branch secretary in the unit
	SeveralThere     ProblemReason = "several_owners"   // two holders of the post that would own it
	NoDue            ProblemReason = "no_due"           // the text names no deadline
	DueVague         ProblemReason = "due_vague"        // 尽快 and the like bind nobody
	DueAsks          ProblemReason = "due_asks"         // the deadline depends on a fact that is not known
	DueNoSuch        ProblemReason = "due_no_such"      // the day does not exist
	DueRecurs        ProblemReason = "due_recurs"       // a recurring deadline cannot be issued as one item
	DueOnce          ProblemReason = "due_once"         // the deadline of an item of the plan has to recur
	DuePast          ProblemReason = "due_past"         // the deadline is over already
	OutsideScope     ProblemReason = "outside_scope"    // the importer has no right there
	ItemClosed       ProblemReason = "item_closed"      // told, not wrong: the item is closed and was left as it is
	DueProvisional   ProblemReason = "due_provisional"  // told, not wrong: the deadline falls into a year without a notice
	ItemPending      ProblemReason = "item_pending"     // told, not wrong: the item waits for approval and was left as it is
	SupportsItself   ProblemReason = "supports_itself"  // a unit is to lead and to support
	ItemReported     ProblemReason = "item_reported"    // told, not wrong: the unit has reported, so that it stays a lead unit
	MilestoneUnread  ProblemReason = "milestone_unread" // it is not 节点:日期:百分比
	MilestoneWhen    ProblemReason = "milestone_when"   // its date is none, or over
	MilestoneOrder   ProblemReason = "milestone_order"  // dates and percents do not grow, or two are called alike
	MilestonePercent ProblemReason = "milestone_percent"
	MilestoneLate    ProblemReason = "milestone_late"  // it is later than the deadline
	DueInVacation    ProblemReason = "due_in_vacation" // told, not wrong: the deadline falls into a vacation of the unit
	SameName         ProblemReason = "same_name"       // told, not wrong: another person of that name is in the unit, under another code
	NearName         ProblemReason = "near_name"       // told, not wrong: the name is nearly that of another person in the unit
	SamePhone        ProblemReason = "same_phone"      // told, not wrong: another person has the telephone number
	UnitMoves        ProblemReason = "unit_moves"      // told, not wrong: the unit comes under another one
	SecondRoot       ProblemReason = "second_root"     // told, not wrong: there is another unit with none above it
	CodeReused       ProblemReason = "code_reused"     // told, not wrong: the item of that code, Arg, becomes another one
	NoRound          ProblemReason = "no_round"        // the year is not being assessed
	RoundClosed      ProblemReason = "round_closed"    // the self-check of the year is closed
	YearMissing      ProblemReason = "year_missing"    // several years are being assessed
	NotAssessed      ProblemReason = "not_assessed"    // the unit is not assessed by itself
	DuplicateUnit    ProblemReason = "duplicate_unit"  // the unit stands already on line Arg
	PartUnknown      ProblemReason = "part_unknown"    // the rules of the year have no such part
	PointsAbove      ProblemReason = "points_above"    // the rules allow no more than Arg
	ReasonMissing    ProblemReason = "reason_missing"  // points need what they rest on
	PartKept         ProblemReason = "part_kept"       // told, not wrong: the row leaves open what was entered, and it stays
	LastAdmin        ProblemReason = "last_admin"      // told, not wrong: the post stays, or nobody could administer any more
)

// Asks reports whether a warning is one that a person has to confirm, and not only a hint.
func (r ProblemReason) Asks() bool {
	return r == SameName || r == UnitMoves || r == SecondRoot || r == CodeReused
}

// ProblemReasons lists every reason.
var ProblemReasons = []ProblemReason{UnknownUnit, AmbiguousUnit, NoUnits, UnknownParent, UnitCycle, KindMissing, CodeMissing, UnknownPerson,
	AmbiguousName, NobodyThere, SeveralThere, NoDue, DueVague, DueAsks, DueNoSuch, DueRecurs, DuePast, OutsideScope, ItemClosed,
	DueProvisional, ItemPending, DueOnce, DueInVacation, SupportsItself, ItemReported, MilestoneUnread, MilestoneWhen, MilestoneOrder, MilestonePercent, MilestoneLate,
	SameName, NearName, SamePhone, UnitMoves, SecondRoot, CodeReused, LastAdmin,
	NoRound, RoundClosed, YearMissing, NotAssessed, DuplicateUnit, PartUnknown, PointsAbove, ReasonMissing, PartKept}

// ImportOptions say how far an import goes.
type ImportOptions struct {
	DryRun    bool            // find out what would change, and change nothing
	Draft     bool            // tasks: do not issue
	SkipWrong bool            // take the right rows although others are wrong; else all or nothing
	File      string          // name of the file, for the record
	WrongRows int             // rows that the file itself made unreadable
	Unread    map[string]bool // codes that stand in those rows: what they name is neither gone nor missing
	// Cancel is why what earlier imports of the list brought and this file does not have is cancelled; empty: it is kept.
	Cancel string
	// EndPosts ends the posts, in units that the file has, of people whom it does not have.
	EndPosts bool
	// Chunk is how many rows go into one transaction, so that others get their turn in between; 0: all, and then all or nothing. What turns out wrong
	// only then keeps its own row out.
	Chunk int
	// Pause is left between two transactions, for another process that waits for its turn to write; in one process turns come by themselves.
	Pause time.Duration
	// Tell hears how far the import has come: how many of how many rows were checked, or taken over. It is called outside of transactions that write.
	Tell func(stage ImportStage, done, all int)
}

// rest leaves the pause between two transactions.
func (o ImportOptions) rest(ctx context.Context) {
	if o.Pause == 0 {
		return
	}
	timer := time.NewTimer(o.Pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}

// ImportStage is what an import is at.
type ImportStage string

// The stages of an import.
const (
	Checking ImportStage = "checking"
	Taking   ImportStage = "taking"
)

// tellEach is after how many rows an import says how far it is.
const tellEach = 500

func (o ImportOptions) tell(stage ImportStage, done, all int) {
	if o.Tell != nil && all > tellEach && (done%tellEach == 0 || done == all) {
		o.Tell(stage, done, all)
	}
}

// ImportResult says what an import did, or on a dry run what it would do. Rows are counted.
type ImportResult struct {
	New, Changed, Unchanged int
	Issued                  int // assignments issued
	Waiting                 int // assignments that somebody has to approve before they are issued
	Problems                []Problem
	Left                    []Problem // rows left as they are, with the reason; they are not wrong
	Warned                  []Problem // rows taken that somebody should look at, with the reason; they are not wrong
	Changes                 []Change  // what is different about what was known, in the order of the rows
	Suggested               []Suggestion
	Missing                 []Missing // what earlier imports of the list brought and this file does not have
	Gone                    []string  // codes and names known before that the file does not have; they stay unless EndPosts says otherwise
	GoneHere                []string  // those of Gone who have a post in a unit that the file has
	Cancelled               int       // of Missing
	Ended                   int       // of GoneHere: people whose posts were ended
	Import                  int64     // names the import, to undo it; 0: nothing was changed
	Cut                     CutShort  // what was there already because an import of the list was cut short; zero: none was
	Done                    bool      // false: nothing was changed
}

// CutShort is an import that was begun and did not come to its end, with how many rows it had brought. When it is the one that goes on now, they count as
// unchanged and are undone together with the others. Beside an error it is the import that the error ended.
type CutShort struct {
	Import int64
	Rows   int
}

// DueChanged counts the deadlines that differ from what was known.
func (r ImportResult) DueChanged() int {
	n := 0
	for _, c := range r.Changes {
		if c.Field == FieldDue {
			n++
		}
	}
	return n
}

// Asked returns the warnings that a person has to confirm.
func (r ImportResult) Asked() []Problem {
	var asked []Problem
	for _, w := range r.Warned {
		if w.Reason.Asks() {
			asked = append(asked, w)
		}
	}
	return asked
}

// add takes over what a part of an import did.
func (r *ImportResult) add(part ImportResult) {
	r.New, r.Changed, r.Unchanged = r.New+part.New, r.Changed+part.Changed, r.Unchanged+part.Unchanged
	r.Issued, r.Waiting = r.Issued+part.Issued, r.Waiting+part.Waiting
	r.Problems, r.Left, r.Warned = append(r.Problems, part.Problems...), append(r.Left, part.Left...), append(r.Warned, part.Warned...)
	r.Changes = append(r.Changes, part.Changes...)
	r.Cancelled, r.Ended = r.Cancelled+part.Cancelled, r.Ended+part.Ended
}

// passes reports whether an import may go on with what was found out.
func (r ImportResult) passes(o ImportOptions) bool {
	return !o.DryRun && (o.SkipWrong || len(r.Problems) == 0 && o.WrongRows == 0)
}

// errUndo ends the transaction of an import that is not to take effect.
var errUndo = errors.New("undo")

// settled takes errUndo for what it is: no error.
func settled(err error) error {
	if errors.Is(err, errUndo) {
		return nil
	}
	return err
}

func recordImport(tx *store.Tx, who duban.Actor, what string, r ImportResult, o ImportOptions) error {
	if !r.Done || r.New+r.Changed+r.Cancelled+r.Ended == 0 {
		return nil
	}
	facts := duban.Facts{"what": what, "new": r.New, "changed": r.Changed, "unchanged": r.Unchanged, "issued": r.Issued}
	if r.Import != 0 {
		facts["import"] = r.Import
	}
	if r.Cancelled+r.Ended > 0 {
		facts["cancelled"], facts["ended"] = r.Cancelled, r.Ended
	}
	return tx.Record(who, duban.Entry{Event: duban.EventImported, Facts: facts, Note: o.File})
}
