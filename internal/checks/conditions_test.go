package checks

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// unchanged takes a change away where the condition says that it changed nothing, by what the method returned: if err != nil || !changed.
func (p *course) unchanged(cond ast.Expr, w ways) ways {
	method := ""
	for _, one := range alternatives(cond) {
		if len(p.there(one)) > 0 {
			continue
		}
		if method = p.answers[p.object(denied(one))]; method == "" {
			return w
		}
	}
	left := ways{}
	for one := range w {
		if one.changed == method {
			one.changed = ""
		}
		left[one] = true
	}
	return left
}

// alternatives splits a condition at its ||.
func alternatives(cond ast.Expr) []ast.Expr {
	if c, ok := ast.Unparen(cond).(*ast.BinaryExpr); ok && c.Op == token.LOR {
		return append(alternatives(c.X), alternatives(c.Y)...)
	}
	return []ast.Expr{cond}
}

// denied is what a condition says is false.
func denied(cond ast.Expr) ast.Expr {
	if c, ok := ast.Unparen(cond).(*ast.UnaryExpr); ok && c.Op == token.NOT {
		return c.X
	}
	return nil
}

// there lists the errors that are not nil when a condition holds.
func (p *course) there(cond ast.Expr) []types.Object {
	c, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return nil
	}
	switch c.Op {
	case token.LAND:
		return append(p.there(c.X), p.there(c.Y)...)
	case token.NEQ:
		asked := c.X
		if filter, ok := asked.(*ast.CallExpr); ok && len(filter.Args) == 1 { // ignoreNotFound(err) != nil
			asked = filter.Args[0]
		}
		if object := p.object(asked); object != nil && isError(object.Type()) && p.info.Types[c.Y].IsNil() {
			return []types.Object{object}
		}
	}
	return nil
}

// fails reports whether a return certainly gives back an error.
func (p *course) fails(s *ast.ReturnStmt) bool {
	if len(s.Results) > 0 {
		return p.isFailure(s.Results[len(s.Results)-1])
	}
	if p.results == nil || len(p.results.List) == 0 {
		return false
	}
	names := p.results.List[len(p.results.List)-1].Names
	return p.failing[p.info.Defs[names[len(names)-1]]]
}

// isFailure reports whether an expression is certainly an error.
func (p *course) isFailure(e ast.Expr) bool {
	if t := p.info.TypeOf(e); t == nil || !types.Implements(t, failure) {
		return false
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.UnaryExpr:
		return true // &Error{…}
	case *ast.Ident, *ast.SelectorExpr:
		object := p.object(e)
		_, variable := object.(*types.Var)
		return variable && (p.failing[object] || object.Parent() == object.Pkg().Scope())
	case *ast.CallExpr:
		switch f := p.function(e.Fun); {
		case f == nil:
		case f.FullName() == "fmt.Errorf" || f.FullName() == "errors.New":
			return true
		case f.FullName() == "errors.Join":
			return slices.ContainsFunc(e.Args, p.isFailure)
		}
	}
	return false
}

var failure = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

func isError(t types.Type) bool { return types.Identical(t, types.Universe.Lookup("error").Type()) }
