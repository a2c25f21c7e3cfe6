package store

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"duban"
)

// RecordScope is how much of the record somebody may see. The zero scope is nothing.
type RecordScope struct {
	All   bool
	Units []int64 // the entries about these units
	Trees []int64 // the entries about these units and everything below them
}

// Empty reports whether nothing may be seen.
func (s RecordScope) Empty() bool { return !s.All && len(s.Units)+len(s.Trees) == 0 }

// RecordFilter narrows the record down. Its zero value, but for Scope, leaves nothing out.
type RecordFilter struct {
	Scope    RecordScope
	Unit     int64 // with everything below it
	Person   int64 // whom an entry is about, or who did it
	Task     int64
	Events   []duban.Event
	From, To time.Time // To no longer belongs to it
}

// where returns the condition of the filter, with its values as arguments.
func (f RecordFilter) where() (string, []any) {
	c := &conditions{}
	c.scope(f.Scope)
	if f.Unit != 0 {
		c.add("r.unit_id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id = %s)", f.Unit)
	}
	if f.Person != 0 {
		c.add("%s IN (r.person_id, r.actor_id)", f.Person)
	}
	if f.Task != 0 {
		c.add("r.task_id <> 0 AND r.task_id = %s", f.Task)
	}
	if !f.From.IsZero() {
		c.add("r.at >= %s", f.From.UnixMilli())
	}
	if !f.To.IsZero() {
		c.add("r.at < %s", f.To.UnixMilli())
	}
	if len(f.Events) > 0 {
		c.and = append(c.and, "r.event IN ("+listOf(c, f.Events)+")")
	}
	return strings.Join(c.and, " AND "), c.args
}

// conditions collects what all has to hold.
type conditions struct {
	and  []string
	args []any
}

// add adds a condition with one value, which stands at its %s.
func (c *conditions) add(condition string, value any) {
	c.and = append(c.and, strings.Replace(condition, "%s", c.hold(value), 1))
}

// hold keeps a value and returns what stands for it.
func (c *conditions) hold(value any) string {
	c.args = append(c.args, value)
	return "$" + strconv.Itoa(len(c.args))
}

func (c *conditions) scope(s RecordScope) {
	if s.All {
		c.and = append(c.and, "TRUE")
		return
	}
	or := []string{"FALSE"}
	if len(s.Units) > 0 {
		or = append(or, "r.unit_id IN ("+listOf(c, s.Units)+")")
	}
	if len(s.Trees) > 0 {
		or = append(or, "r.unit_id IN (SELECT descendant_id FROM unit_closure WHERE ancestor_id IN ("+listOf(c, s.Trees)+"))")
	}
	c.and = append(c.and, "("+strings.Join(or, " OR ")+")")
}

func listOf[T any](c *conditions, values []T) string {
	held := make([]string, len(values))
	for i, v := range values {
		held[i] = c.hold(v)
	}
	return strings.Join(held, ", ")
}

// RecordPage returns the entries that the filter lets through, newest first, so many at most after those that are skipped.
func (tx *Tx) RecordPage(f RecordFilter, limit, skip int) ([]duban.Entry, error) {
	where, args := f.where()
	return many(tx, scanEntry, fmt.Sprintf(`
		SELECT %s
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		WHERE %s
		ORDER BY r.seq DESC
		LIMIT $%d OFFSET $%d`, recordColumns, where, len(args)+1, len(args)+2), append(args, limit, skip)...)
}

// RecordCount returns how many entries the filter lets through.
func (tx *Tx) RecordCount(f RecordFilter) (int, error) {
	where, args := f.where()
	return one(tx, scalar[int], `SELECT COUNT(*) FROM record r WHERE `+where, args...)
}

// EveryEntryOf calls fn for each entry that the filter lets through, oldest first, until fn returns an error.
func (tx *Tx) EveryEntryOf(f RecordFilter, fn func(duban.Entry) error) error {
	where, args := f.where()
	return each(tx, scanEntry, fn, fmt.Sprintf(`
		SELECT %s
		FROM record r
		LEFT JOIN record_note n ON n.seq = r.seq
		WHERE %s
		ORDER BY r.seq`, recordColumns, where), args...)
}
