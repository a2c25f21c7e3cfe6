package export

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"duban"
	"duban/text"
)

// eachFile calls fn with the syntax of every file of the program that may write to the record.
func eachFile(t *testing.T, fn func(*token.FileSet, *ast.File)) {
	t.Helper()
	for _, folder := range []string{"work", "scheduler", "app", "bot", "store", "imports"} {
		err := filepath.WalkDir(filepath.Join("..", folder), func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			set := token.NewFileSet()
			tree, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
			if err == nil {
				fn(set, tree)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// factNames returns the facts that the program writes, with where.
func factNames(t *testing.T) map[string]string {
	written := map[string]string{}
	note := func(set *token.FileSet, key ast.Expr) {
		lit, ok := key.(*ast.BasicLit)
		if !ok {
			return
		}
		if name, err := strconv.Unquote(lit.Value); err == nil {
			written[name] = set.Position(lit.Pos()).String()
		}
	}
	eachFile(t, func(set *token.FileSet, tree *ast.File) {
		ast.Inspect(tree, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.CompositeLit:
				if s, ok := node.Type.(*ast.SelectorExpr); ok && s.Sel.Name == "Facts" {
					for _, e := range node.Elts {
						if kv, ok := e.(*ast.KeyValueExpr); ok {
							note(set, kv.Key)
						}
					}
				}
			case *ast.IndexExpr:
				if id, ok := node.X.(*ast.Ident); ok && id.Name == "facts" {
					note(set, node.Index)
				} else if s, ok := node.X.(*ast.SelectorExpr); ok && strings.EqualFold(s.Sel.Name, "facts") {
					note(set, node.Index)
				}
			}
			return true
		})
	})
	return written
}

func TestEveryFactOfTheRecordIsPutIntoWordsOrLeftOutOnPurpose(t *testing.T) {
	written := factNames(t)
	if len(written) < 50 {
		t.Fatalf("only %d facts were found in the program", len(written))
	}
	for name, at := range written {
		known := unshown[name] || slices.ContainsFunc(facts, func(f fact) bool { return f.name == name })
		if !known {
			t.Errorf("%s: nobody puts the fact %q into words", at, name)
		}
	}
	for _, f := range facts {
		if _, ok := written[f.name]; !ok {
			t.Errorf("nobody writes the fact %q", f.name)
		}
	}
}

func TestEveryIdentifierInTheRecordHasAWord(t *testing.T) {
	var keys []string
	for _, k := range duban.NewsKinds {
		keys = append(keys, "letter."+string(k))
	}
	for _, k := range duban.RequestKinds {
		keys = append(keys, "asked_for."+string(k))
	}
	for _, r := range []duban.Reason{duban.RungsDue, duban.NotYet, duban.QuietNow, duban.NotOpen, duban.Halt, duban.Silent, duban.NothingLeft,
		duban.Overtaken, duban.SameDay, duban.OverCap, duban.Reported} {
		keys = append(keys, "because."+string(r))
	}
	for _, r := range []duban.RungKind{duban.RungHalfway, duban.RungUnsigned, duban.RungMilestone, duban.RungBeforeDue, duban.RungPromise, duban.RungDue,
		duban.RungNotice, duban.RungRepeat, duban.RungDraft, duban.RungNoResponse, duban.RungRequest, duban.RungDeclined, duban.RungReview, duban.RungOversight} {
		keys = append(keys, "rung."+string(r))
	}
	for _, key := range keys {
		if !text.Has(key) {
			t.Errorf("there is no word for %s", key)
		}
	}
}

func TestEveryEventIsWrittenBySomebodyAndHasAWord(t *testing.T) {
	constants := map[string]string{} // by name
	tree, err := parser.ParseFile(token.NewFileSet(), "../record.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	ast.Inspect(tree, func(node ast.Node) bool {
		if spec, ok := node.(*ast.ValueSpec); ok && len(spec.Values) == 1 {
			if lit, ok := spec.Values[0].(*ast.BasicLit); ok && strings.HasPrefix(spec.Names[0].Name, "Event") {
				constants[spec.Names[0].Name], _ = strconv.Unquote(lit.Value)
			}
		}
		return true
	})
	used := map[string]bool{}
	eachFile(t, func(_ *token.FileSet, tree *ast.File) {
		compared := map[ast.Expr]bool{}
		ast.Inspect(tree, func(node ast.Node) bool {
			switch node := node.(type) {
			case *ast.BinaryExpr:
				compared[node.X], compared[node.Y] = true, true
			case *ast.CaseClause:
				for _, e := range node.List {
					compared[e] = true
				}
			case *ast.SelectorExpr:
				if !compared[node] {
					used[constants[node.Sel.Name]] = true
				}
			}
			return true
		})
	})
	if len(constants) != len(duban.Events) {
		t.Errorf("%d events are declared and %d listed", len(constants), len(duban.Events))
	}
	for _, e := range duban.Events {
		if !used[string(e)] {
			t.Errorf("nobody writes the event %s", e)
		}
		if !text.Has("event." + string(e)) {
			t.Errorf("there is no word for the event %s", e)
		}
	}
}
