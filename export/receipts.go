package export

import (
	"slices"
	"time"

	"duban"
	"duban/sheet"
	"duban/text"
)

// Receipts (回执) is every recipient of the announcement that the filter names, by unit: when it arrived, when it was confirmed and with what
// answer, or why it has not arrived, and what became of the copy when it was corrected or called back. The work groups in which it stands come last.
// An announcement that does not exist is refused as duban.NotFound.
func (e Export) Receipts() (sheet.Sheet, error) {
	n, err := e.Tx.Announcement(e.Filter.Announcement)
	if err != nil {
		return sheet.Sheet{}, err
	}
	r := receipts{Export: e, of: n}
	if err := r.load(); err != nil {
		return sheet.Sheet{}, err
	}
	return sheet.Sheet{
		Name: text.Word(e.Lang, "export.receipts"),
		Columns: []sheet.Column{
			e.column("export.unit", sheet.Text, 22),
			e.column("export.name", sheet.Text, 14),
			e.column("export.delivered_at", sheet.DateTime, 0),
			e.column("export.read_at", sheet.DateTime, 0),
			e.column("export.answer", sheet.Text, 30),
			e.column("export.not_delivered", sheet.Text, 15),
			e.column("export.corrected_at", sheet.DateTime, 0),
			e.column("export.correction", sheet.Text, 12),
			e.column("export.recall", sheet.Text, 12),
		},
		Rows: sheet.Rows(append(r.rows(), r.groupRows()...)),
		At:   e.now(),
	}, nil
}

type receipts struct {
	Export
	of       duban.Announcement
	all      []duban.Receipt
	groups   []duban.GroupCopy
	names    map[int64]string
	units    []duban.Unit // in the order of the tree
	home     map[int64]int64
	accounts map[int64]duban.Account
	inside   map[int64]bool
}

func (r *receipts) load() (err error) {
	if r.all, err = r.Tx.Receipts(r.Filter.Announcement); err != nil {
		return err
	}
	if r.groups, err = r.Tx.GroupCopies(r.Filter.Announcement); err != nil {
		return err
	}
	if r.names, err = r.Tx.PersonNames(); err != nil {
		return err
	}
	if r.units, err = r.inTreeOrder(); err != nil {
		return err
	}
	if r.inside, err = r.within(); err != nil {
		return err
	}
	return r.loadPeople()
}

// loadPeople finds the first unit and the account of everybody.
func (r *receipts) loadPeople() error {
	posts, err := r.Tx.AllPosts()
	if err != nil {
		return err
	}
	r.home = map[int64]int64{}
	for _, p := range posts {
		if r.home[p.PersonID] == 0 {
			r.home[p.PersonID] = p.UnitID
		}
	}
	accounts, err := r.Tx.Accounts()
	if err != nil {
		return err
	}
	r.accounts = map[int64]duban.Account{}
	for _, a := range accounts {
		r.accounts[a.PersonID] = a
	}
	return nil
}

// rows puts the recipients under their units; those who have left every unit come last.
func (r *receipts) rows() [][]any {
	place := map[int64]int{}
	unit := map[int64]string{}
	for i, u := range r.units {
		place[u.ID], unit[u.ID] = i+1, u.Name
	}
	last := len(r.units) + 1
	at := func(x duban.Receipt) int {
		if n := place[r.home[x.PersonID]]; n > 0 {
			return n
		}
		return last
	}
	slices.SortStableFunc(r.all, func(a, b duban.Receipt) int { return at(a) - at(b) })
	var rows [][]any
	for _, x := range r.all {
		home := r.home[x.PersonID]
		if r.inside == nil || r.inside[home] {
			rows = append(rows, append([]any{
				unit[home], r.names[x.PersonID], r.moment(x.DeliveredAt), r.moment(x.ConfirmedAt), x.Answer, r.whyNot(x),
			}, r.fixed(fix{x.DeliveredAt, x.Version, x.CorrectedAt, x.Recall, x.FixFailure}, "reach.")...))
		}
	}
	return rows
}

// groupRows are the work groups of the announcement: nobody confirms there.
func (r *receipts) groupRows() [][]any {
	unit := map[int64]string{}
	for _, u := range r.units {
		unit[u.ID] = u.Name
	}
	var rows [][]any
	for _, c := range r.groups {
		if r.inside != nil && !r.inside[c.Group.UnitID] {
			continue
		}
		var why any
		switch {
		case !c.DeliveredAt.IsZero():
		case c.Failure == "":
			why = text.Word(r.Lang, "export.not_sent_yet")
		default:
			why = r.because(c.Failure, "group.reason.", "reach.")
		}
		rows = append(rows, append([]any{
			unit[c.Group.UnitID], text.Word(r.Lang, "export.group", "title", c.Group.Title), r.moment(c.DeliveredAt), nil, "", why,
		}, r.fixed(fix{c.DeliveredAt, c.Version, c.CorrectedAt, c.Recall, c.FixFailure}, "group.reason.", "reach.")...))
	}
	return rows
}

// fix is what became of a copy when the announcement was corrected or called back.
type fix struct {
	delivered time.Time
	version   int
	corrected time.Time
	recall    duban.Recall
	failure   string
}

// fixed fills the columns about correction and recall: when the copy took the newest words, whether it did, and what became of it when it was called back.
func (r *receipts) fixed(f fix, prefixes ...string) []any {
	var at, correction, recall any
	if r.of.Version > 0 && !f.delivered.IsZero() {
		correction = text.Word(r.Lang, "announce.each_uncorrected")
		if f.version >= r.of.Version {
			correction, at = text.Word(r.Lang, "announce.each_corrected"), r.moment(later(f.corrected, f.delivered))
		}
	}
	if f.recall != duban.NotRecalled {
		recall = text.Word(r.Lang, "announce.each_recall."+string(f.recall))
	}
	if f.failure == "" {
		return []any{at, correction, recall}
	}
	because := func(what any) any {
		return text.Word(r.Lang, "announce.name_because", "name", what, "reason", r.because(f.failure, prefixes...))
	}
	switch {
	case recall != nil:
		recall = because(recall)
	case correction != nil:
		correction = because(correction)
	}
	return []any{at, correction, recall}
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// because puts a reason into words by the first prefix under which the catalogue has it.
func (r *receipts) because(reason string, prefixes ...string) string {
	for _, prefix := range prefixes {
		if text.Has(prefix + reason) {
			return text.Word(r.Lang, prefix+reason)
		}
	}
	return text.Word(r.Lang, "people.reach_unknown")
}

// whyNot says why an announcement has not reached somebody: what is known of the account says more than what is known of the message.
func (r *receipts) whyNot(x duban.Receipt) any {
	account, joined := r.accounts[x.PersonID]
	switch {
	case !x.DeliveredAt.IsZero():
		return nil
	case x.Failure == "":
		return text.Word(r.Lang, "export.not_sent_yet")
	case !joined:
		return text.Word(r.Lang, "reach.not_joined")
	}
	why := x.Failure
	if account.Unreachable != "" {
		why = account.Unreachable
	}
	return r.because(why, "reach.")
}
