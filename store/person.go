package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"database/sql"

	"duban"
)

const personColumns = `p.id, p.code, p.name, p.phone_hash, p.phone_tail, p.active`

func scanPerson(s scanner) (duban.Person, error) {
	var p duban.Person
	err := s.Scan(&p.ID, &p.Code, &p.Name, &p.PhoneHash, &p.PhoneTail, &p.Active)
	return p, err
}

// Person returns a person by id.
func (tx *Tx) Person(id int64) (duban.Person, error) {
	return one(tx, scanPerson, `SELECT `+personColumns+` FROM person p WHERE p.id = $1`, id)
}

// PersonByCode returns a person by the code of the roster (工号).
func (tx *Tx) PersonByCode(code string) (duban.Person, error) {
	return one(tx, scanPerson, `SELECT `+personColumns+` FROM person p WHERE p.code = $1`, code)
}

// People returns every active person, by code.
func (tx *Tx) People() ([]duban.Person, error) {
	return many(tx, scanPerson, `SELECT `+personColumns+` FROM person p WHERE p.active ORDER BY p.code`)
}

// PeopleNamed returns the active people with exactly this name who hold a post in a unit.
func (tx *Tx) PeopleNamed(name string, unit int64) ([]duban.Person, error) {
	return many(tx, scanPerson, `
		SELECT DISTINCT `+personColumns+`
		FROM person p
		JOIN post o ON o.person_id = p.id AND o.active
		WHERE p.name = $1 AND p.active AND o.unit_id = $2
		ORDER BY p.id`, name, unit)
}

// AllNamed returns the active people with exactly this name, anywhere.
func (tx *Tx) AllNamed(name string) ([]duban.Person, error) {
	return many(tx, scanPerson, `SELECT `+personColumns+` FROM person p WHERE p.name = $1 AND p.active ORDER BY p.id`, name)
}

// PeopleWithPhone returns the active people whose roster entry has this telephone number in E.164 form.
func (tx *Tx) PeopleWithPhone(phone string) ([]duban.Person, error) {
	return many(tx, scanPerson, `SELECT `+personColumns+` FROM person p WHERE p.phone_hash = $1 AND p.active ORDER BY p.id`, tx.store.HashPhone(phone))
}

// HashPhone returns the keyed hash under which a telephone number in E.164 form is kept; nil for none.
func (s *Store) HashPhone(phone string) []byte {
	if phone == "" {
		return nil
	}
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("phone\x00" + phone))
	return mac.Sum(nil)
}

// HashPhone is the store's HashPhone.
func (tx *Tx) HashPhone(phone string) []byte { return tx.store.HashPhone(phone) }

// AddPerson adds a person and returns the id.
func (tx *Tx) AddPerson(p duban.Person) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO person (code, name, phone_hash, phone_tail)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, p.Code, p.Name, p.PhoneHash, p.PhoneTail)
}

// ChangePerson saves name, telephone number and whether the person is active.
func (tx *Tx) ChangePerson(p duban.Person) error {
	_, err := tx.exec(`UPDATE person SET name = $1, phone_hash = $2, phone_tail = $3, active = $4 WHERE id = $5`,
		p.Name, p.PhoneHash, p.PhoneTail, p.Active, p.ID)
	return err
}

const postColumns = `o.id, o.person_id, o.unit_id, o.role, o.active`

func scanPost(s scanner) (duban.Post, error) {
	var p duban.Post
	err := s.Scan(&p.ID, &p.PersonID, &p.UnitID, &p.Role, &p.Active)
	return p, err
}

// Posts returns the active posts of a person.
func (tx *Tx) Posts(person int64) ([]duban.Post, error) {
	return many(tx, scanPost, `SELECT `+postColumns+` FROM post o WHERE o.person_id = $1 AND o.active ORDER BY o.id`, person)
}

// PostsEver returns the posts that a person has and those that he had, in the order in which they were given.
func (tx *Tx) PostsEver(person int64) ([]duban.Post, error) {
	return many(tx, scanPost, `SELECT `+postColumns+` FROM post o WHERE o.person_id = $1 ORDER BY o.id`, person)
}

// FormerPosts returns the posts that a person had in a unit and no longer has, the last one first.
func (tx *Tx) FormerPosts(person, unit int64) ([]duban.Post, error) {
	return many(tx, scanPost, `
		SELECT `+postColumns+`
		FROM post o
		WHERE o.person_id = $1 AND o.unit_id = $2 AND NOT o.active
		ORDER BY o.id DESC`, person, unit)
}

// PostsIn returns the active posts of a unit.
func (tx *Tx) PostsIn(unit int64) ([]duban.Post, error) {
	return many(tx, scanPost, `
		SELECT `+postColumns+`
		FROM post o
		JOIN person p ON p.id = o.person_id AND p.active
		WHERE o.unit_id = $1 AND o.active
		ORDER BY o.id`, unit)
}

// AllPosts returns every active post.
func (tx *Tx) AllPosts() ([]duban.Post, error) {
	return many(tx, scanPost, `SELECT `+postColumns+` FROM post o WHERE o.active ORDER BY o.id`)
}

// Holders returns the active people who hold a role in a unit.
func (tx *Tx) Holders(unit int64, role duban.Role) ([]duban.Person, error) {
	return many(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM post o
		JOIN person p ON p.id = o.person_id AND p.active
		WHERE o.unit_id = $1 AND o.role = $2 AND o.active
		ORDER BY o.id`, unit, role)
}

// HoldersAbove returns the people who hold a role in the nearest unit at or above a unit that has a holder; none when no unit has.
func (tx *Tx) HoldersAbove(unit int64, role duban.Role) ([]duban.Person, error) {
	return many(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM post o
		JOIN person p ON p.id = o.person_id AND p.active
		WHERE o.role = $2 AND o.active AND o.unit_id = (
			SELECT c.ancestor_id
			FROM unit_closure c
			JOIN post n ON n.unit_id = c.ancestor_id AND n.role = $2 AND n.active
			JOIN person np ON np.id = n.person_id AND np.active
			WHERE c.descendant_id = $1
			ORDER BY c.depth
			LIMIT 1)
		ORDER BY o.id`, unit, role)
}

// SetPost gives a person a role in a unit, or gives it again, and reports whether that changed anything.
func (tx *Tx) SetPost(person, unit int64, role duban.Role) (bool, error) {
	n, err := tx.exec(`
		INSERT INTO post (person_id, unit_id, role)
		VALUES ($1, $2, $3)
		ON CONFLICT (person_id, unit_id, role) DO UPDATE SET active = TRUE WHERE NOT post.active`, person, unit, role)
	return n > 0, err
}

// EndPost takes a post away.
func (tx *Tx) EndPost(id int64) error {
	_, err := tx.exec(`UPDATE post SET active = FALSE WHERE id = $1`, id)
	return err
}

// PostHolder is one active post with who holds it, where, and whether a message would reach the holder.
type PostHolder struct {
	Person    duban.Person
	Unit      duban.Unit
	Role      duban.Role
	Joined    bool
	Reachable bool
}

// PostHolders returns every active post of active people, by code of the person.
func (tx *Tx) PostHolders() ([]PostHolder, error) {
	return many(tx, func(s scanner) (PostHolder, error) {
		var h PostHolder
		var parent sql.NullInt64
		err := s.Scan(&h.Person.ID, &h.Person.Code, &h.Person.Name, &h.Unit.ID, &h.Unit.Name, &h.Unit.Kind, &parent, &h.Unit.Region, &h.Role,
			&h.Joined, &h.Reachable)
		h.Person.Active, h.Unit.Active, h.Unit.ParentID = true, true, parent.Int64
		return h, err
	}, `
		SELECT p.id, p.code, p.name, u.id, u.name, u.kind, u.parent_id, u.region, o.role, a.id IS NOT NULL, COALESCE(a.unreachable = '', FALSE)
		FROM post o
		JOIN person p ON p.id = o.person_id AND p.active
		JOIN unit u ON u.id = o.unit_id
		LEFT JOIN account a ON a.person_id = p.id AND a.revoked_at IS NULL
		WHERE o.active
		ORDER BY p.code, o.id`)
}
