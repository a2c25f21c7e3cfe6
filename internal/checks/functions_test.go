package checks

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
)

// callable is a function as a value: declared or written in place, with what the parameters of the functions around it are bound to.
type callable struct {
	declared *types.Func
	written  *ast.FuncLit
	around   bindings
}

// bindings says which functions are in a parameter.
type bindings map[types.Object][]callable

// callables finds which functions an expression may stand for.
func (p *program) callables(e ast.Expr, around bindings, deep int) []callable {
	if deep > 20 {
		return nil
	}
	if p.info.Types[e].IsNil() {
		return []callable{{}}
	}
	if f := p.function(e); f != nil {
		return []callable{{declared: f}}
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.FuncLit:
		return []callable{{written: e, around: around}}
	case *ast.Ident, *ast.SelectorExpr:
		return p.inVariable(p.object(e), around, deep)
	case *ast.CallExpr:
		return p.returned(e, around, deep)
	}
	return nil
}

func (p *program) inVariable(object types.Object, around bindings, deep int) []callable {
	if bound, ok := around[object]; ok || object == nil {
		return bound
	}
	var all []callable
	for _, value := range p.given[object] {
		all = append(all, p.callables(value, around, deep+1)...)
	}
	return all
}

// returned finds the functions that a call returns.
func (p *program) returned(call *ast.CallExpr, around bindings, deep int) []callable {
	if converted := p.info.Types[call.Fun]; converted.IsType() {
		return p.callables(call.Args[0], around, deep+1)
	}
	var all []callable
	for _, f := range p.callables(call.Fun, around, deep+1) {
		kind, body := p.body(f)
		if body == nil {
			continue
		}
		inside := p.bind(kind, call, around, f.around, deep+1)
		ast.Inspect(body, func(node ast.Node) bool {
			if back, ok := node.(*ast.ReturnStmt); ok && len(back.Results) > 0 {
				all = append(all, p.callables(back.Results[0], inside, deep+1)...)
			}
			_, nested := node.(*ast.FuncLit)
			return !nested
		})
	}
	return all
}

// knowsStore reports whether a node stands in a room that can write.
func (p *program) knowsStore(node ast.Node) bool {
	return slices.ContainsFunc(p.packages, func(one *types.Package) bool {
		imports := slices.ContainsFunc(one.Imports(), func(other *types.Package) bool { return other.Path() == "duban/store" })
		return imports && one.Scope().Innermost(node.Pos()) != nil
	})
}

// behind lists the methods of the module that a method of an interface may stand for.
func (p *program) behind(f *types.Func) []callable {
	if all, known := p.promises[f]; known || f.Signature().Recv() == nil {
		return all
	}
	promised, ok := f.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok {
		return nil
	}
	var all []callable
	for _, one := range p.packages {
		for _, name := range one.Scope().Names() {
			named, ok := one.Scope().Lookup(name).(*types.TypeName)
			if !ok || named.IsAlias() || types.IsInterface(named.Type()) || !types.Implements(types.NewPointer(named.Type()), promised) {
				continue
			}
			found, _, _ := types.LookupFieldOrMethod(named.Type(), true, f.Pkg(), f.Name())
			if method, ok := found.(*types.Func); ok && p.declared[method.Origin()] != nil {
				all = append(all, callable{declared: method.Origin()})
			}
		}
	}
	p.promises[f] = all
	return all
}

// body returns what a function says; nil for one of another module.
func (p *program) body(f callable) (*ast.FuncType, *ast.BlockStmt) {
	if f.written != nil {
		return f.written.Type, f.written.Body
	}
	if d := p.declared[f.declared]; d != nil {
		return d.Type, d.Body
	}
	return nil, nil
}

// bind puts the functions among the arguments of a call into the parameters.
func (p *program) bind(kind *ast.FuncType, call *ast.CallExpr, around, captured bindings, deep int) bindings {
	inside := maps.Clone(captured)
	i := 0
	for _, field := range kind.Params.List {
		for _, name := range field.Names {
			if i < len(call.Args) && takesFunction(p.info.TypeOf(name)) && !p.open(call.Args[i], around) {
				if inside == nil {
					inside = bindings{}
				}
				inside[p.info.Defs[name]] = p.callables(call.Args[i], around, deep)
			}
			i++
		}
	}
	return inside
}

// open reports whether an expression is a parameter of which nobody says what is in it, since the walk has begun in its function.
func (p *program) open(e ast.Expr, around bindings) bool {
	object := p.object(e)
	_, bound := around[object]
	return p.parameters[object] && !bound
}

func takesFunction(t types.Type) bool {
	if t == nil {
		return false
	}
	_, is := t.Underlying().(*types.Signature)
	return is
}
