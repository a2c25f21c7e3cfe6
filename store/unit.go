package store

import (
	"database/sql"

	"duban"
)

const unitColumns = `u.id, u.name, u.kind, u.parent_id, u.region, u.active`

func scanUnit(s scanner) (duban.Unit, error) {
	var u duban.Unit
	var parent sql.NullInt64
	err := s.Scan(&u.ID, &u.Name, &u.Kind, &parent, &u.Region, &u.Active)
	u.ParentID = parent.Int64
	return u, err
}

// Unit returns a unit by id.
func (tx *Tx) Unit(id int64) (duban.Unit, error) {
	return one(tx, scanUnit, `SELECT `+unitColumns+` FROM unit u WHERE u.id = $1`, id)
}

// Units returns every active unit, parents before their children, in the order they were added.
func (tx *Tx) Units() ([]duban.Unit, error) {
	return many(tx, scanUnit, `
		SELECT `+unitColumns+`
		FROM unit u
		WHERE u.active
		ORDER BY (SELECT COUNT(*) FROM unit_closure c WHERE c.descendant_id = u.id), u.id`)
}

// UnitsNamed returns the active units with exactly this name.
func (tx *Tx) UnitsNamed(name string) ([]duban.Unit, error) {
	return many(tx, scanUnit, `SELECT `+unitColumns+` FROM unit u WHERE u.name = $1 AND u.active ORDER BY u.id`, name)
}

// UnitsBelow returns the active units of a subtree, the unit itself first.
func (tx *Tx) UnitsBelow(id int64) ([]duban.Unit, error) {
	return many(tx, scanUnit, `
		SELECT `+unitColumns+`
		FROM unit_closure c
		JOIN unit u ON u.id = c.descendant_id
		WHERE c.ancestor_id = $1 AND u.active
		ORDER BY c.depth, u.id`, id)
}

// UnitsAbove returns the ancestors of a unit, nearest first, without the unit itself.
func (tx *Tx) UnitsAbove(id int64) ([]duban.Unit, error) {
	return many(tx, scanUnit, `
		SELECT `+unitColumns+`
		FROM unit_closure c
		JOIN unit u ON u.id = c.ancestor_id
		WHERE c.descendant_id = $1 AND c.depth > 0
		ORDER BY c.depth`, id)
}

// Depth returns how many levels a unit lies below another: 0 for itself, -1 when it is not in its subtree.
func (tx *Tx) Depth(ancestor, unit int64) (int, error) {
	depth, err := one(tx, scalar[int], `SELECT depth FROM unit_closure WHERE ancestor_id = $1 AND descendant_id = $2`, ancestor, unit)
	if duban.CodeOf(err) == duban.NotFound {
		return -1, nil
	}
	return depth, err
}

// DepthsBelow returns every unit at or below one, with how many levels below it stands.
func (tx *Tx) DepthsBelow(ancestor int64) (map[int64]int, error) {
	type step struct {
		unit  int64
		depth int
	}
	steps, err := many(tx, func(s scanner) (t step, err error) {
		return t, s.Scan(&t.unit, &t.depth)
	}, `SELECT descendant_id, depth FROM unit_closure WHERE ancestor_id = $1`, ancestor)
	depths := make(map[int64]int, len(steps))
	for _, t := range steps {
		depths[t.unit] = t.depth
	}
	return depths, err
}

// AddUnit adds a unit below its parent and returns its id.
func (tx *Tx) AddUnit(u duban.Unit) (int64, error) {
	id, err := one(tx, scalar[int64], `
		INSERT INTO unit (name, kind, parent_id, region)
		VALUES ($1, $2, $3, $4)
		RETURNING id`, u.Name, u.Kind, ref(u.ParentID), u.Region)
	if err != nil {
		return 0, err
	}
	_, err = tx.exec(`
		INSERT INTO unit_closure (ancestor_id, descendant_id, depth)
		SELECT ancestor_id, $1, depth + 1 FROM unit_closure WHERE descendant_id = $2
		UNION ALL SELECT $1, $1, 0`, id, u.ParentID)
	return id, err
}

// ChangeUnit saves kind, region and whether the unit is active. A unit keeps its name and its place.
func (tx *Tx) ChangeUnit(u duban.Unit) error {
	_, err := tx.exec(`UPDATE unit SET kind = $1, region = $2, active = $3 WHERE id = $4`, u.Kind, u.Region, u.Active, u.ID)
	return err
}

// Regions returns the names of all regions in use.
func (tx *Tx) Regions() ([]string, error) {
	return many(tx, scalar[string], `SELECT DISTINCT region FROM unit WHERE region <> '' AND active ORDER BY region`)
}
