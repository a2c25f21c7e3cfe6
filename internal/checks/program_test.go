package checks

import (
	"encoding/json"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// program is the packages of the module that one of them is made of, with their types.
type program struct {
	set        *token.FileSet
	info       *types.Info
	packages   []*types.Package              // in the order of their imports
	declared   map[*types.Func]*ast.FuncDecl // every function and method with a body
	given      map[types.Object][]ast.Expr   // what is put into a variable or a field anywhere
	parameters map[types.Object]bool
	mentioned  map[*types.Func][]*types.Func // who names a function
	filled     map[types.Object][]string     // fields of an entry of the record that are filled in one after the other
	promises   map[*types.Func][]callable    // what a method of an interface may stand for, as far as it was asked for
}

// mustLoad parses and checks what a package of the module is made of. Other modules are read as the compiler left them.
func mustLoad(tb testing.TB, of string) *program {
	tb.Helper()
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles                 []string
		Standard                bool
		Module                  *struct{ Main bool }
	}
	exports := map[string]string{}
	var ours []listed
	printed := json.NewDecoder(strings.NewReader(mustGo(tb, nil, "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Standard,Module", of)))
	for {
		var p listed
		if err := printed.Decode(&p); err == io.EOF {
			break
		} else if err != nil {
			tb.Fatal(err)
		}
		exports[p.ImportPath] = p.Export
		if p.Module != nil && p.Module.Main {
			ours = append(ours, p)
		}
	}
	set := token.NewFileSet()
	l := &loader{
		known:  map[string]*types.Package{},
		others: importer.ForCompiler(set, "gc", func(path string) (io.ReadCloser, error) { return os.Open(exports[path]) }),
	}
	p := newProgram(set)
	for _, one := range ours {
		var files []*ast.File
		for _, name := range one.GoFiles {
			file, err := parser.ParseFile(set, filepath.Join(one.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				tb.Fatal(err)
			}
			files = append(files, file)
		}
		p.mustCheck(tb, l, one.ImportPath, files)
	}
	return p
}

func newProgram(set *token.FileSet) *program {
	return &program{
		set: set, declared: map[*types.Func]*ast.FuncDecl{}, given: map[types.Object][]ast.Expr{}, parameters: map[types.Object]bool{}, filled: map[types.Object][]string{}, promises: map[*types.Func][]callable{}, mentioned: map[*types.Func][]*types.Func{},
		info: &types.Info{
			Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
			Selections: map[*ast.SelectorExpr]*types.Selection{},
		},
	}
}

// loader gives the checker what is imported: ours as it was checked before, so that a function is the same wherever it is named.
type loader struct {
	known  map[string]*types.Package
	others types.Importer
}

// Import returns a package by its path.
func (l *loader) Import(path string) (*types.Package, error) {
	if p := l.known[path]; p != nil {
		return p, nil
	}
	return l.others.Import(path)
}

func (p *program) mustCheck(tb testing.TB, l *loader, path string, files []*ast.File) {
	tb.Helper()
	checked, err := (&types.Config{Importer: l}).Check(path, p.set, files, p.info)
	if err != nil {
		tb.Fatal(err)
	}
	l.known[path] = checked
	p.packages = append(p.packages, checked)
	for _, file := range files {
		ast.Inspect(file, p.note)
	}
}

// note keeps what a node declares, and which values it puts where.
func (p *program) note(node ast.Node) bool {
	switch n := node.(type) {
	case *ast.FuncDecl:
		if f, ok := p.info.Defs[n.Name].(*types.Func); ok && n.Body != nil {
			p.declared[f] = n
			p.noteMentions(f, n.Body)
		}
	case *ast.FuncType:
		for _, field := range n.Params.List {
			for _, name := range field.Names {
				p.parameters[p.info.Defs[name]] = true
			}
		}
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			if field, ok := left.(*ast.SelectorExpr); ok && slices.Contains(entryFields, field.Sel.Name) && p.object(field.X) != nil {
				p.filled[p.object(field.X)] = append(p.filled[p.object(field.X)], field.Sel.Name)
			}
			if i < len(n.Rhs) {
				p.gives(left, n.Rhs[i]) // of several results of one call, the first
			}
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if len(n.Names) == len(n.Values) {
				p.gives(name, n.Values[i])
			}
		}
	case *ast.RangeStmt:
		if list, ok := n.X.(*ast.CompositeLit); ok && n.Value != nil {
			for _, element := range list.Elts {
				p.gives(n.Value, element)
			}
		}
	case *ast.CompositeLit:
		p.noteFields(n)
	}
	return true
}

func (p *program) noteMentions(by *types.Func, body *ast.BlockStmt) {
	ast.Inspect(body, func(node ast.Node) bool {
		if name, ok := node.(*ast.Ident); ok {
			if f, ok := p.info.Uses[name].(*types.Func); ok {
				p.mentioned[f.Origin()] = append(p.mentioned[f.Origin()], by)
			}
		}
		return true
	})
}

// above adds a function and all from which it can be got to by name.
func (p *program) above(f *types.Func, to map[*types.Func]bool) {
	if to[f] {
		return
	}
	to[f] = true
	for _, by := range p.mentioned[f] {
		p.above(by, to)
	}
}

func (p *program) noteFields(n *ast.CompositeLit) {
	made, ok := p.info.TypeOf(n).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, element := range n.Elts {
		if pair, named := element.(*ast.KeyValueExpr); named {
			p.gives(pair.Key, pair.Value)
			continue
		}
		p.given[made.Field(i)] = append(p.given[made.Field(i)], element)
	}
}

// about says what an entry of the record is about, by the fields that are set in it, in one piece or afterwards.
func (p *program) about(entry ast.Expr) subjects {
	told := anything
	object := p.object(entry)
	for _, field := range p.filled[object] {
		told |= aboutField(field)
	}
	for _, written := range append(p.given[object], entry) {
		made, ok := ast.Unparen(written).(*ast.CompositeLit)
		if !ok {
			continue
		}
		for _, element := range made.Elts {
			name := element.(*ast.KeyValueExpr).Key.(*ast.Ident).Name
			if slices.Contains(entryFields, name) {
				told |= aboutField(name)
			}
		}
	}
	return told
}

func (p *program) gives(to, value ast.Expr) {
	if object := p.object(to); object != nil {
		p.given[object] = append(p.given[object], value)
	}
}

// object is the variable, field or function that an expression names; nil for every other expression.
func (p *program) object(e ast.Expr) types.Object {
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return p.info.ObjectOf(e)
	case *ast.SelectorExpr:
		return p.info.ObjectOf(e.Sel)
	case *ast.IndexExpr: // of a function with type parameters
		return p.object(e.X)
	}
	return nil
}

// function is the declared function that an expression names; nil for a value that is a function.
func (p *program) function(e ast.Expr) *types.Func {
	if f, ok := p.object(e).(*types.Func); ok {
		return f.Origin()
	}
	return nil
}

// at says where a node stands, from the root on.
func (p *program) at(node ast.Node) string {
	position := p.set.Position(node.Pos())
	if here, err := filepath.Abs(root); err == nil {
		if name, err := filepath.Rel(here, position.Filename); err == nil {
			position.Filename = filepath.ToSlash(name)
		}
	}
	position.Column = 0
	return position.String()
}

// tablesOf says which tables the statements of a function of the store change, with those of what it calls there. What a statement is put together from
// at run time counts as "*".
func (p *program) tablesOf(f *types.Func) []string {
	found := map[string]bool{}
	p.collect(p.declared[f], f.Pkg(), found, map[ast.Node]bool{})
	return slices.Sorted(maps.Keys(found))
}

func (p *program) collect(node ast.Node, room *types.Package, found map[string]bool, seen map[ast.Node]bool) {
	if node == nil || seen[node] {
		return
	}
	seen[node] = true
	ast.Inspect(node, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.BasicLit:
			for _, table := range changed(n.Value) {
				found[table] = true
			}
		case *ast.Ident:
			object := p.info.ObjectOf(n)
			if object == nil || object.Pkg() != room {
				break
			}
			if f, ok := object.(*types.Func); ok && p.declared[f.Origin()] != nil {
				p.collect(p.declared[f.Origin()], room, found, seen)
			}
			if object.Parent() == room.Scope() {
				for _, value := range p.given[object] {
					p.collect(value, room, found, seen)
				}
			}
		}
		return true
	})
}
