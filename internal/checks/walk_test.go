package checks

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// walk goes through everything that can happen in transactions that write. It follows every call to a function of the module, also to one that is kept in a
// variable, a field or a parameter, and every branch; what ends with an error is left out, since it is undone.
type walk struct {
	*program
	needs   map[string]subjects         // by method of the transaction that changes something: one of what an entry has to be about
	deaf    token.Pos                   // a call that does not count as an entry, to see that it is missed
	missing func(entry, changed string) // what is told of a way on which something changed without an entry
	lost    func(call ast.Node)         // what is told of a call that could write and cannot be followed

	entry   string
	under   map[ast.Node]bool // functions that are being walked
	again   int               // how often one of them called itself
	writing bool              // inside a transaction that writes
	known   map[*types.Func]ways
	visited map[ast.Node]bool // functions and transactions that were walked
}

// everything walks the functions of the rooms that know the store, each from its beginning, and those that they make for somebody else. What is given what it
// is to do in a transaction is walked from where that is given. Only leaves out all others; nil: none.
func (w *walk) everything(only map[*types.Func]bool) {
	w.under, w.known, w.visited = map[ast.Node]bool{}, map[*types.Func]ways{}, map[ast.Node]bool{}
	for f, d := range w.declared {
		if only != nil && !only[f] || isGivenWork(f.Signature()) || !w.knowsStore(d) {
			continue
		}
		w.entry = strings.ReplaceAll(f.FullName(), "duban/", "")
		w.run(d.Type, d.Body, nil)
		ast.Inspect(d.Body, func(n ast.Node) bool {
			if made, ok := n.(*ast.FuncLit); ok && !w.visited[made.Body] {
				w.run(made.Type, made.Body, nil)
			}
			return true
		})
	}
}

func isGivenWork(signature *types.Signature) bool {
	for v := range signature.Params().Variables() {
		if takesTx(v.Type()) {
			return true
		}
	}
	return false
}

// course is one function on its way: where one gets out of it, and out of the loops around.
type course struct {
	*walk
	around  bindings
	failing map[types.Object]bool   // errors that are there, by the condition around
	answers map[types.Object]string // methods that said whether they changed something, by the variable in which they did
	results *ast.FieldList
	back    ways   // what has been done where it returns without an error
	out     []ways // what has been done where it leaves the loops and switches around, the innermost last
}

// run returns what has been done when a function has returned without an error.
func (w *walk) run(kind *ast.FuncType, body *ast.BlockStmt, around bindings) ways {
	if w.under[body] { // it calls itself, and does nothing more the second time
		w.again++
		return nothingDone()
	}
	w.under[body], w.visited[body] = true, true
	defer delete(w.under, body)
	p := &course{walk: w, around: around, failing: map[types.Object]bool{}, answers: map[types.Object]string{}, results: kind.Results, back: ways{}}
	end := p.block(body.List, nothingDone())
	return either(p.back, end)
}

func (p *course) block(list []ast.Stmt, w ways) ways {
	for _, s := range list {
		w = p.statement(s, w)
	}
	return w
}

func (p *course) statement(s ast.Stmt, w ways) ways {
	switch s := s.(type) {
	case *ast.BlockStmt:
		return p.block(s.List, w)
	case *ast.IfStmt:
		return p.branch(s, w)
	case *ast.ForStmt:
		return p.loop(s.Cond == nil, s.Body, p.expression(s.Cond, p.statement(s.Init, w)))
	case *ast.RangeStmt:
		return p.loop(false, s.Body, p.expression(s.X, w))
	case *ast.SwitchStmt:
		return p.cases(s.Body, p.expression(s.Tag, p.statement(s.Init, w)))
	case *ast.TypeSwitchStmt:
		return p.cases(s.Body, p.statement(s.Assign, p.statement(s.Init, w)))
	case *ast.SelectStmt:
		return p.cases(s.Body, w)
	case *ast.LabeledStmt:
		return p.statement(s.Stmt, w)
	case *ast.BranchStmt:
		for i := range p.out { // a label may name any of those around
			p.out[i] = either(p.out[i], w)
		}
		return ways{}
	case *ast.ReturnStmt:
		return p.returns(s, w)
	case *ast.DeferStmt:
		return p.expression(s.Call, w)
	case *ast.GoStmt:
		p.expression(s.Call, w)
	case *ast.AssignStmt:
		for _, e := range s.Rhs {
			w = p.expression(e, w)
		}
		p.noteAnswer(s)
		return w
	case *ast.ExprStmt:
		return p.expression(s.X, w)
	case *ast.SendStmt:
		return p.expression(s.Value, w)
	case *ast.DeclStmt:
		ast.Inspect(s, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for _, e := range v.Values {
					w = p.expression(e, w)
				}
			}
			return true
		})
	}
	return w
}

func (p *course) branch(s *ast.IfStmt, w ways) ways {
	w = p.expression(s.Cond, p.statement(s.Init, w))
	inside := p.knowing([]ast.Expr{s.Cond}, s.Body.List, p.unchanged(s.Cond, w))
	if s.Else == nil {
		return either(inside, w)
	}
	return either(inside, p.statement(s.Else, w))
}

// knowing goes through what is done under a condition: an error that it asks for is there.
func (p *course) knowing(conds []ast.Expr, body []ast.Stmt, w ways) ways {
	before := p.failing
	if len(conds) == 1 {
		p.failing = maps.Clone(before)
		for _, object := range p.there(conds[0]) {
			p.failing[object] = true
		}
	}
	w = p.block(body, w)
	p.failing = before
	return w
}

// noteAnswer keeps the variable in which a method says whether it changed something.
func (p *course) noteAnswer(s *ast.AssignStmt) {
	call, ok := s.Rhs[0].(*ast.CallExpr)
	if object := p.object(s.Lhs[0]); ok && object != nil && strings.HasPrefix(fullName(p.function(call.Fun)), onTx) {
		p.answers[object] = p.function(call.Fun).Name()
	}
}

func (p *course) loop(forever bool, body *ast.BlockStmt, w ways) ways {
	p.out = append(p.out, ways{})
	for {
		after := either(w, p.block(body.List, w), p.out[len(p.out)-1])
		if len(after) == len(w) {
			break
		}
		w = after
	}
	out := p.out[len(p.out)-1]
	p.out = p.out[:len(p.out)-1]
	if forever {
		return out
	}
	return w
}

func (p *course) cases(body *ast.BlockStmt, w ways) ways {
	p.out = append(p.out, ways{})
	end, otherwise := ways{}, false
	for _, s := range body.List {
		switch c := s.(type) {
		case *ast.CaseClause:
			otherwise = otherwise || c.List == nil
			inside := ways{}
			for _, e := range c.List {
				w = p.expression(e, w)
				inside = either(inside, p.unchanged(e, w))
			}
			if c.List == nil {
				inside = w
			}
			end = either(end, p.knowing(c.List, c.Body, inside))
		case *ast.CommClause:
			otherwise = true
			end = either(end, p.block(c.Body, w))
		}
	}
	end = either(end, p.out[len(p.out)-1])
	p.out = p.out[:len(p.out)-1]
	if !otherwise {
		end = either(end, w)
	}
	return end
}

func (p *course) returns(s *ast.ReturnStmt, w ways) ways {
	for _, e := range s.Results {
		w = p.expression(e, w)
	}
	if !p.fails(s) {
		p.back = either(p.back, w)
	}
	return ways{}
}

// expression goes through the calls in an expression, the inner ones first. What stands right of && and || may not happen.
func (p *course) expression(e ast.Expr, w ways) ways {
	if e == nil {
		return w
	}
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.BinaryExpr:
			if n.Op == token.LAND || n.Op == token.LOR {
				w = p.expression(n.X, w)
				w = either(w, p.expression(n.Y, w))
				return false
			}
		case *ast.CallExpr:
			w = p.expression(n.Fun, w)
			for _, arg := range n.Args {
				w = p.expression(arg, w)
			}
			w = p.call(n, w)
			return false
		}
		return true
	})
	return w
}

const (
	methodWrite   = "(*duban/store.Store).Write"
	methodWriteAt = "(*duban/store.Store).WriteAt"
	methodRead    = "(*duban/store.Store).Read"
	methodRecord  = "(*duban/store.Tx).Record"
	onTx          = "(*duban/store.Tx)."
)

func (p *course) call(call *ast.CallExpr, w ways) ways {
	if p.info.Types[call.Fun].IsType() {
		return w
	}
	if call.Pos() == p.deaf {
		return w
	}
	f := p.function(call.Fun)
	switch name := fullName(f); {
	case name == methodWrite || name == methodWriteAt:
		p.transaction(call)
		return w
	case name == methodRead:
		return w
	case name == methodRecord:
		return p.then(w, ways{{recorded: p.about(call.Args[1])}: true})
	case strings.HasPrefix(name, onTx):
		if p.needs[f.Name()] != 0 {
			w = p.then(w, ways{{changed: f.Name()}: true})
		}
		return p.mayCall(call, w)
	case f != nil && p.declared[f] == nil && len(p.behind(f)) == 0:
		return p.mayCall(call, w)
	}
	return p.follow(call, f, w)
}

// follow goes through what a call does. Outside of transactions only functions that are given others matter, since each is walked for itself.
func (p *course) follow(call *ast.CallExpr, f *types.Func, w ways) ways {
	given := slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return takesFunction(p.info.TypeOf(e)) })
	if f != nil && !given && !p.writing {
		return w
	}
	targets := []callable{{declared: f}}
	switch {
	case f == nil:
		targets = p.callables(call.Fun, p.around, 0)
	case p.declared[f] == nil:
		targets = p.behind(f)
	}
	if len(targets) == 0 {
		if p.writing && p.info.Types[call.Fun].IsValue() && !p.open(call.Fun, p.around) && p.knowsStore(call) {
			p.lost(call)
		}
		return w
	}
	var all []ways
	for _, one := range targets {
		all = append(all, p.enter(one, call, given))
	}
	return p.then(w, either(all...))
}

// enter returns what a function does. One that is given no functions does the same everywhere.
func (p *course) enter(f callable, call *ast.CallExpr, given bool) ways {
	kind, body := p.body(f)
	if body == nil {
		return nothingDone()
	}
	same := f.declared != nil && !given && p.writing
	if same {
		if done, ok := p.known[f.declared]; ok {
			return done
		}
	}
	before := p.again
	done := p.run(kind, body, p.bind(kind, call, p.around, f.around, 0))
	if same && p.again == before {
		p.known[f.declared] = done
	}
	return done
}

// mayCall is for what a function of somebody else may do with the functions that it is given.
func (p *course) mayCall(call *ast.CallExpr, w ways) ways {
	for _, arg := range call.Args {
		if !takesFunction(p.info.TypeOf(arg)) {
			continue
		}
		for _, f := range p.callables(arg, p.around, 0) {
			if kind, body := p.body(f); body != nil {
				w = either(w, p.then(w, p.run(kind, body, f.around)))
			}
		}
	}
	return w
}

// transaction walks what is given to Write, for itself, and tells of each way on which something changed and nothing was recorded.
func (p *course) transaction(call *ast.CallExpr) {
	given := call.Args[len(call.Args)-1]
	found := p.callables(given, p.around, 0)
	if len(found) > 0 {
		p.visited[call] = true
	}
	was := p.writing
	p.writing = true
	for _, f := range found {
		kind, body := p.body(f)
		if body == nil {
			continue
		}
		for one := range p.run(kind, body, f.around) {
			if one.changed != "" {
				p.missing(p.entry, one.changed)
			}
		}
	}
	p.writing = was
}

func fullName(f *types.Func) string {
	if f == nil {
		return ""
	}
	return f.FullName()
}

// takesTx reports whether a function takes a transaction.
func takesTx(t types.Type) bool {
	signature, ok := t.Underlying().(*types.Signature)
	if !ok {
		return false
	}
	for v := range signature.Params().Variables() {
		if v.Type().String() == "*duban/store.Tx" {
			return true
		}
	}
	return false
}
