package export

import (
	"cmp"
	"encoding/hex"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
)

// Assessed is how one unit is assessed for a year, as it is to be shown.
type Assessed struct {
	Unit       duban.Unit
	Year       int
	Rules      assess.Rules
	Assessment duban.Assessment // its ID is 0 where no round was opened
	Until      calendar.Date    // last day for objections; zero where no round was opened
	Score      assess.Score
	Lines      []duban.ScoreLine
	Parts      []duban.ScorePart
	Objections []duban.ScoreObjection
	Median     *duban.Points // of all units: of the totals when it is final, else of daily work; nil where there are too few
}

// YearEnd is the workbook of one unit for a year, and what evidence belongs to it.
type YearEnd struct {
	names
	Assessed
	items    []duban.Assignment // whose deadline lies in the year, by deadline
	ours     map[int64]bool     // the ids of items
	Evidence []Evidence
	head     duban.Entry
}

// YearEnd gathers what belongs into the package of a unit. The filter of the export is set to the unit and the year.
func (e Export) YearEnd(a Assessed) (*YearEnd, error) {
	period := assess.Year(a.Year)
	e.Filter = Filter{Unit: a.Unit.ID, From: period.From, To: period.To}
	n, err := e.names()
	if err != nil {
		return nil, err
	}
	y := &YearEnd{names: n, Assessed: a, ours: map[int64]bool{}}
	if y.head, err = e.Tx.RecordHead(); err != nil {
		return nil, err
	}
	all, err := e.Tx.InSubtree(a.Unit.ID)
	if err != nil {
		return nil, err
	}
	for _, item := range all {
		if n.wanted(item) {
			y.items = append(y.items, item)
			y.ours[item.ID] = true
		}
	}
	y.Evidence, err = n.evidence(y.items)
	return y, err
}

// Items returns how many items the package tells of.
func (y *YearEnd) Items() int { return len(y.items) }

// Write writes the workbook: 汇总, 分项统计, 考评明细, 台账, 跟踪记载, 佐证索引.
func (y *YearEnd) Write(w io.Writer) error {
	return sheet.WriteBook(w, y.sheets(inPackage))
}

// WriteAlone writes the workbook as Write does, for where it goes without the evidence: its index says where that lies in the office.
func (y *YearEnd) WriteAlone(w io.Writer) error {
	return sheet.WriteBook(w, y.sheets(inOffice))
}

func (y *YearEnd) sheets(evidence whereabouts) iter.Seq2[sheet.Sheet, error] {
	index := func() (sheet.Sheet, error) { return y.index(y.Evidence, evidence, nil), nil }
	return func(yield func(sheet.Sheet, error) bool) {
		for _, make := range []func() (sheet.Sheet, error){y.summary, y.figures, y.lines, y.names.Ledger, y.record, index} {
			if !yield(y.sealed(make())) {
				return
			}
		}
	}
}

// WriteScore writes what a unit is shown before anything is decided: 汇总 and 考评明细.
func (e Export) WriteScore(w io.Writer, a Assessed) error {
	y, err := e.YearEnd(a)
	if err != nil {
		return err
	}
	return sheet.WriteBook(w, func(yield func(sheet.Sheet, error) bool) {
		if yield(y.summary()) {
			yield(y.lines())
		}
	})
}

// standingWord says how far the assessment has come.
func (y *YearEnd) standingWord() string {
	switch {
	case y.Assessment.ID == 0:
		return y.word("assess.standing.computed")
	case y.Assessment.Final():
		return y.word("assess.standing.final")
	}
	return y.word("assess.standing.open")
}

// summary (汇总) is the score with all that it is made of, and what of the record the package stands on.
func (y *YearEnd) summary() (sheet.Sheet, error) {
	var rows [][]any
	add := func(key string, value any, note string) { rows = append(rows, []any{y.word(key), value, note}) }
	add("assess.sum.unit", y.Unit.Name, "")
	add("assess.sum.year", fmt.Sprint(y.Year), y.standingWord())
	add("assess.sum.rules", y.Rules.Version, y.Rules.Source)
	for _, e := range duban.Elements {
		max := y.Rules.Scale(e).Max
		rows = append(rows, []any{y.word("element." + string(e)), points(y.Score.Elements[e]),
			y.word("assess.sum.of", "max", max.String(), "n", y.Assessment.Counted[e])})
	}
	add("assess.sum.daily", points(y.Score.Daily), y.medianNote(false))
	for _, part := range append(y.Rules.Entered(), assess.Bonus, assess.Negative) {
		rows = append(rows, y.partRow(part))
	}
	if len(y.Score.Missing) == 0 {
		add("assess.sum.total", points(y.Score.Total), y.Rules.Grade(y.Score.Total)+y.medianNote(true))
	} else {
		add("assess.sum.total", nil, y.word("assess.sum.no_total"))
	}
	if y.Assessment.Note != "" {
		add("assess.sum.note", y.Assessment.Note, "")
	}
	t := y.tally(y.items)
	add("assess.sum.items", t.given, y.word("assess.sum.items_note", "in_time", t.inTime, "late", t.late, "missed", t.missed, "open", t.open, "off", t.off))
	add("assess.sum.evidence", len(y.Evidence), y.word("assess.sum.lost", "n", y.lost()))
	add("assess.sum.record", y.head.Seq, hex.EncodeToString(y.head.Hash))
	add("assess.sum.made", y.moment(y.Tx.Now), "")
	return sheet.Sheet{
		Name: y.word("assess.sheet.summary"),
		Columns: []sheet.Column{
			y.column("assess.sum.what", sheet.Text, 22), y.column("assess.sum.value", sheet.Text, 26), y.column("assess.sum.about", sheet.Text, 70),
		},
		Rows: sheet.Rows(rows), At: y.now(),
	}, nil
}

// points are shown as a number.
func points(p duban.Points) float64 { return float64(p) / 100 }

// medianNote tells the median beside the figure of which it is.
func (y *YearEnd) medianNote(total bool) string {
	if y.Median == nil || total != y.Assessment.Final() {
		return ""
	}
	return y.word("assess.sum.median", "points", y.Median.String())
}

func (y *YearEnd) partRow(part string) []any {
	name, share := y.word("part."+part), ""
	for _, w := range y.Rules.Weights {
		if w.Part == part {
			share = y.word("assess.sum.share", "percent", w.Percent)
		}
	}
	for _, p := range y.Parts {
		if p.Part == part {
			return []any{name, points(p.Points), strings.TrimSpace(share + p.Reason)}
		}
	}
	return []any{name, nil, strings.TrimSpace(share + y.word("assess.sum.not_entered"))}
}

func (y *YearEnd) lost() int {
	n := 0
	for _, e := range y.Evidence {
		if e.State != duban.FileStored {
			n++
		}
	}
	return n
}

// tally counts items by how they were done, as the ledger shows them.
type tally struct {
	given, inTime, late, missed, open, off, returns, extensions int
}

func (y *YearEnd) tally(items []duban.Assignment) tally {
	var t tally
	for _, a := range items {
		if a.State == duban.CalledOff {
			t.off++
			continue
		}
		t.given++
		t.returns += a.Returns
		t.extensions += a.Extensions
		switch over := y.Calendar.Overdue(a.Due, y.Tx.Now); {
		case !a.SubmittedAt.IsZero() && y.Calendar.Overdue(a.Due, a.SubmittedAt):
			t.late++
		case !a.SubmittedAt.IsZero():
			t.inTime++
		case a.State.OnUnit() && over:
			t.missed++
		default:
			t.open++
		}
	}
	return t
}

// figures (分项统计) counts the items by month, by category, by unit and by owner.
func (y *YearEnd) figures() (sheet.Sheet, error) {
	groups := []struct {
		key string
		of  func(duban.Assignment) string
	}{
		{"assess.by.month", func(a duban.Assignment) string { return a.Due.Date.String()[:7] }},
		{"assess.by.category", func(a duban.Assignment) string { return y.tasks[a.TaskID].Category }},
		{"assess.by.unit", func(a duban.Assignment) string { return y.units[a.UnitID] }},
		{"assess.by.owner", func(a duban.Assignment) string { return y.people[a.OwnerID] }},
	}
	var rows [][]any
	for _, g := range groups {
		parts := map[string][]duban.Assignment{}
		for _, a := range y.items {
			parts[g.of(a)] = append(parts[g.of(a)], a)
		}
		for _, name := range slices.Sorted(maps.Keys(parts)) {
			t := y.tally(parts[name])
			rows = append(rows, []any{y.word(g.key), cmp.Or(name, y.word("assess.by.none")), t.given, t.inTime, t.late, t.missed, t.open, t.off, t.returns,
				t.extensions, share(t)})
		}
	}
	return sheet.Sheet{
		Name: y.word("assess.sheet.figures"),
		Columns: []sheet.Column{
			y.column("assess.by", sheet.Text, 10), y.column("assess.by.what", sheet.Text, 28), y.column("export.given", sheet.Number, 0),
			y.column("assess.by.in_time", sheet.Number, 0), y.column("assess.by.late", sheet.Number, 0), y.column("assess.by.missed", sheet.Number, 0),
			y.column("assess.by.open", sheet.Number, 0), y.column("assess.by.off", sheet.Number, 0), y.column("export.returns", sheet.Number, 0),
			y.column("export.extensions", sheet.Number, 0), y.column("assess.by.rate", sheet.Number, 0),
		},
		Rows: sheet.Rows(rows), Frozen: 2, At: y.now(),
	}, nil
}

// share is how many percent of what was due were in time, with one place.
func share(t tally) any {
	due := t.inTime + t.late + t.missed
	if due == 0 {
		return nil
	}
	return float64((t.inTime*2000+due)/(2*due)) / 10
}

// lines (考评明细) is every line of the proposal, with the entries of the record on which it rests and what was decided.
func (y *YearEnd) lines() (sheet.Sheet, error) {
	var rows [][]any
	items := map[int64]duban.Assignment{}
	for _, a := range y.items {
		items[a.ID] = a
	}
	for i, l := range y.Lines {
		a, known := items[l.AssignmentID]
		if !known {
			var err error
			if a, err = y.Tx.Assignment(l.AssignmentID); err != nil {
				return sheet.Sheet{}, err
			}
		}
		task := y.tasks[a.TaskID]
		rows = append(rows, []any{
			i + 1, y.word("element." + string(l.Element)), task.Code, y.title(task), y.units[a.UnitID], y.found(l), l.Notice, points(l.Raw), points(l.Points),
			y.exempt(l), y.word("assess.decision." + cmp.Or(string(l.Decision), "open")), points(l.Counts()), l.Reason, y.people[l.DecidedBy], y.objections(l), numbers(l.Seqs),
		})
	}
	return sheet.Sheet{
		Name: y.word("assess.sheet.lines"),
		Columns: []sheet.Column{
			y.column("export.number", sheet.Number, 5), y.column("assess.line.element", sheet.Text, 10), y.column("export.code", sheet.Text, 11),
			y.column("export.task", sheet.Text, 22), y.column("export.responsible_unit", sheet.Text, 17), y.column("assess.line.found", sheet.Text, 20),
			y.column("assess.line.notice", sheet.Number, 8), y.column("assess.line.raw", sheet.Number, 6), y.column("assess.line.points", sheet.Number, 6),
			y.column("assess.line.exempt", sheet.Text, 13), y.column("assess.line.decision", sheet.Text, 8), y.column("assess.line.counts", sheet.Number, 6),
			y.column("assess.line.reason", sheet.Text, 20), y.column("assess.line.by", sheet.Text, 8), y.column("assess.line.objections", sheet.Text, 24),
			y.column("assess.line.seqs", sheet.Text, 14),
		},
		Rows: sheet.Rows(rows), Frozen: 3, At: y.now(),
	}, nil
}

func (y *YearEnd) found(l duban.ScoreLine) string { return Found(y.Lang, l) }

// Found says what was found about an item, with the days or times that it is about.
func Found(lang text.Lang, l duban.ScoreLine) string {
	return text.Word(lang, "finding."+string(l.Finding), "n", l.Days)
}

func (y *YearEnd) exempt(l duban.ScoreLine) string {
	if l.Exempt == duban.NotExempt {
		return ""
	}
	return y.word("exemption." + string(l.Exempt))
}

func (y *YearEnd) objections(l duban.ScoreLine) string {
	var all []string
	for _, o := range y.Objections {
		if o.LineID != l.ID {
			continue
		}
		said := y.word("assess.line.objected", "name", y.people[o.By], "reason", o.Reason)
		if !o.AnsweredAt.IsZero() {
			said += y.word("assess.line.answered", "name", y.people[o.AnsweredBy], "answer", o.Answer)
		}
		all = append(all, said)
	}
	return strings.Join(all, "\n")
}

func numbers(seqs []int64) string {
	words := make([]string, len(seqs))
	for i, n := range seqs {
		words[i] = fmt.Sprint(n)
	}
	return strings.Join(words, " ")
}

// record (跟踪记载) is every entry of the year about the unit, those of other years about its items of the year, and the times in which the program was
// down; each with its number, to which the lines refer.
func (y *YearEnd) record() (sheet.Sheet, error) {
	r := record{names: y.names}
	s, err := r.Record()
	if err != nil {
		return s, err
	}
	s.Columns = append([]sheet.Column{y.column("assess.line.seq", sheet.Number, 9)}, s.Columns...)
	s.Rows = stream(func(yield func([]any) error) error {
		return y.Tx.EveryEntryIn(y.Unit.ID, y.since(), func(e duban.Entry) error {
			if !y.belongs(e) {
				return nil
			}
			return yield(append([]any{e.Seq}, r.row(e)...))
		})
	})
	return s, nil
}

// since is when the first of the items was issued, or the year began.
func (y *YearEnd) since() time.Time {
	since := y.begin()
	for _, a := range y.items {
		if a.IssuedAt.Before(since) {
			since = a.IssuedAt
		}
	}
	return since
}

func (y *YearEnd) belongs(e duban.Entry) bool {
	if y.ours[e.AssignmentID] {
		return true
	}
	inYear := !e.At.Before(y.begin()) && e.At.Before(y.end())
	return inYear && (y.inside[e.UnitID] || e.Event == duban.EventOutage)
}
