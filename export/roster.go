package export

import (
	"duban"
	"duban/sheet"
	"duban/text"
)

// Roster (名册) is every post of every active person, by unit, and each unit without anybody, with who has joined. It can be imported again;
// telephone numbers are kept as hashes only, so that no more than their last digits can be shown.
func (e Export) Roster() (sheet.Sheet, error) {
	r := roster{Export: e}
	if err := r.load(); err != nil {
		return sheet.Sheet{}, err
	}
	return sheet.Sheet{
		Name: text.Word(e.Lang, "export.roster"),
		Columns: []sheet.Column{
			e.column("export.unit", sheet.Text, 32),
			e.column("export.parent", sheet.Text, 32),
			e.column("export.unit_kind", sheet.Text, 12),
			e.column("export.region", sheet.Text, 12),
			e.column("export.name", sheet.Text, 10),
			e.column("export.role", sheet.Text, 14),
			e.column("export.phone_tail", sheet.Text, 12),
			e.column("export.staff_code", sheet.Text, 12),
			e.column("export.joined", sheet.Text, 14),
			e.column("export.joined_at", sheet.DateTime, 0),
		},
		Rows: sheet.Rows(r.rows()),
		At:   e.now(),
	}, nil
}

type roster struct {
	Export
	units    []duban.Unit
	names    map[int64]string
	people   map[int64]duban.Person
	accounts map[int64]duban.Account
	posts    map[int64][]duban.Post // by unit
	inside   map[int64]bool
}

func (r *roster) load() (err error) {
	if r.units, err = r.inTreeOrder(); err != nil {
		return err
	}
	if r.names, err = r.Tx.UnitNames(); err != nil {
		return err
	}
	if r.inside, err = r.within(); err != nil {
		return err
	}
	return r.loadPeople()
}

func (r *roster) loadPeople() error {
	people, err := r.Tx.People()
	if err != nil {
		return err
	}
	accounts, err := r.Tx.Accounts()
	if err != nil {
		return err
	}
	posts, err := r.Tx.AllPosts()
	if err != nil {
		return err
	}
	r.people, r.accounts, r.posts = map[int64]duban.Person{}, map[int64]duban.Account{}, map[int64][]duban.Post{}
	for _, p := range people {
		r.people[p.ID] = p
	}
	for _, a := range accounts {
		r.accounts[a.PersonID] = a
	}
	for _, p := range posts {
		if _, active := r.people[p.PersonID]; active {
			r.posts[p.UnitID] = append(r.posts[p.UnitID], p)
		}
	}
	return nil
}

func (r *roster) rows() [][]any {
	var rows [][]any
	for _, u := range r.units {
		if r.inside != nil && !r.inside[u.ID] {
			continue
		}
		about := []any{u.Name, r.names[u.ParentID], text.Word(r.Lang, "kind."+string(u.Kind)), u.Region}
		if len(r.posts[u.ID]) == 0 {
			rows = append(rows, about)
		}
		for _, p := range r.posts[u.ID] {
			rows = append(rows, append(about[:len(about):len(about)], r.post(p)...))
		}
	}
	return rows
}

func (r *roster) post(p duban.Post) []any {
	person, account := r.people[p.PersonID], r.accounts[p.PersonID]
	state := "export.joined_yes"
	switch {
	case account.ID == 0:
		state = "export.joined_no"
	case account.Unreachable != "":
		state = "export.joined_unreachable"
	}
	return []any{person.Name, text.Word(r.Lang, "role."+string(p.Role)), person.PhoneTail, person.Code, text.Word(r.Lang, state), r.moment(account.BoundAt)}
}
