package checks

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// smallWays are what a transaction may do, in a program of a few lines, and by which methods something changes there that no entry tells.
var smallWays = []struct{ does, unrecorded string }{
	{`if err := tx.SaveTask(); err != nil { return err }; return tx.Record(0, duban.Entry{TaskID: 1})`, ""},
	{`if err := tx.SaveTask(); err != nil { return err }; return nil`, "SaveTask"},
	{`if n > 1 { return tx.SaveTask() }; return tx.Record(0, duban.Entry{TaskID: 1})`, "SaveTask"},
	{`if n > 1 { return errors.New("no") }; return errors.Join(tx.SaveTask(), tx.Record(0, duban.Entry{TaskID: 1}))`, ""},
	{`tx.SaveTask(); if n > 1 { return nil }; return tx.Record(0, duban.Entry{TaskID: 1})`, "SaveTask"},
	{`for range n { tx.SaveTask() }; return tx.Record(0, duban.Entry{TaskID: 1})`, ""},
	{`for range n { tx.Record(0, duban.Entry{TaskID: 1}) }; return tx.SaveTask()`, "SaveTask"},
	{`for range n { if n > 2 { break }; tx.Record(0, duban.Entry{TaskID: 1}) }; return tx.SaveTask()`, "SaveTask"},
	{`switch { case n > 1: return tx.SaveTask(); default: return nil }`, "SaveTask"},
	{`if ok, err := tx.TryTask(); err != nil || !ok { return err }; return tx.Record(0, duban.Entry{TaskID: 1})`, ""},
	{`if ok, err := tx.TryTask(); err != nil || ok { return err }; return tx.Record(0, duban.Entry{TaskID: 1})`, "TryTask"},
	{`tx.SaveTask(); tx.SaveAssignment(); return tx.Record(0, duban.Entry{TaskID: 1})`, "SaveAssignment"},
	{`e := duban.Entry{TaskID: 1}; e.AssignmentID = 2; tx.SaveTask(); tx.SaveAssignment(); return tx.Record(0, e)`, ""},
	{`return d.hook(tx)`, "SaveTask"},
	{`return errors.Join(d.hook(tx), note(tx))`, ""},
	{`return twice(func() error { return tx.SaveTask() })`, "SaveTask"},
	{`return d.other.do(tx)`, "SaveAssignment"},
	{`return tx.SetMeta()`, ""},
}

const smallStore = `package store
import "duban"
type Store struct{}
type Tx struct{}
func (s *Store) Write(fn func(*Tx) error) error { return fn(nil) }
func (tx *Tx) exec(query string) error { return nil }
func (tx *Tx) Record(who int, e duban.Entry) error { return tx.exec("INSERT INTO record (seq) VALUES ($1)") }
func (tx *Tx) SaveTask() error { return tx.exec("UPDATE task SET title = $1") }
func (tx *Tx) TryTask() (bool, error) { return false, tx.exec(tryTask) }
const tryTask = "UPDATE task SET title = $1 WHERE title = ''"
func (tx *Tx) SaveAssignment() error { return tx.exec("INSERT INTO assignment (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET id = $1") }
func (tx *Tx) SetMeta() error { return tx.exec("INSERT INTO meta (k) VALUES ($1)") }`

const smallWork = `package work
import ("duban"; "duban/store"; "errors")
type doer interface{ do(*store.Tx) error }
type one struct{}
func (one) do(tx *store.Tx) error { return tx.SaveAssignment() }
type Desk struct { store *store.Store; hook func(*store.Tx) error; other doer }
func note(tx *store.Tx) error { return tx.Record(0, duban.Entry{TaskID: 1}) }
func twice(fn func() error) error { return errors.Join(fn(), fn()) }
func New() *Desk { return &Desk{hook: func(tx *store.Tx) error { return tx.SaveTask() }, other: one{}} }
func (d *Desk) write(fn func(*store.Tx) error) error { return d.store.Write(fn) }
func (d *Desk) Do(n int) error { return d.write(func(tx *store.Tx) error { `

func TestTheWalkTellsOfEveryWayWithoutAnEntry(t *testing.T) {
	set := token.NewFileSet()
	others := importer.ForCompiler(set, "source", nil)
	for _, small := range smallWays {
		p, l := newProgram(set), &loader{known: map[string]*types.Package{}, others: others}
		for _, one := range []struct{ path, source string }{
			{"duban", "package duban\ntype Entry struct{ UnitID, PersonID, TaskID, AssignmentID, AnnouncementID int64 }"},
			{"duban/store", smallStore}, {"duban/work", smallWork + small.does + " }) }"},
		} {
			file, err := parser.ParseFile(set, one.path, one.source, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			p.mustCheck(t, l, one.path, []*ast.File{file})
		}
		found, _ := newLedger(p).walk(t, nil, token.NoPos)
		var methods []string
		for c := range found {
			methods = append(methods, c.method)
		}
		if got := strings.Join(methods, " "); got != small.unrecorded {
			t.Errorf("%s: not recorded is %q, want %q", small.does, got, small.unrecorded)
		}
	}
}
