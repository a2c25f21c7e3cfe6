package export

import (
	"slices"

	"duban"
	"duban/sheet"
	"duban/text"
)

// Receipts (回执) is every recipient of the announcement that the filter names, by unit: when it arrived, when it was confirmed and with what
// answer, or why it has not arrived. An announcement that does not exist is refused as duban.NotFound.
func (e Export) Receipts() (sheet.Sheet, error) {
	if _, err := e.Tx.Announcement(e.Filter.Announcement); err != nil {
		return sheet.Sheet{}, err
	}
	r := receipts{Export: e}
	if err := r.load(); err != nil {
		return sheet.Sheet{}, err
	}
	return sheet.Sheet{
		Name: text.Word(e.Lang, "export.receipts"),
		Columns: []sheet.Column{
			e.column("export.unit", sheet.Text, 32),
			e.column("export.name", sheet.Text, 12),
			e.column("export.delivered_at", sheet.DateTime, 0),
			e.column("export.read_at", sheet.DateTime, 0),
			e.column("export.answer", sheet.Text, 44),
			e.column("export.not_delivered", sheet.Text, 24),
		},
		Rows: sheet.Rows(r.rows()),
		At:   e.now(),
	}, nil
}

type receipts struct {
	Export
	all      []duban.Receipt
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
			rows = append(rows, []any{
				unit[home], r.names[x.PersonID], r.moment(x.DeliveredAt), r.moment(x.ConfirmedAt), x.Answer, r.whyNot(x),
			})
		}
	}
	return rows
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
	if key := "reach." + why; text.Has(key) {
		return text.Word(r.Lang, key)
	}
	return text.Word(r.Lang, "people.reach_unknown")
}
