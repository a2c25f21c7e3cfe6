package text

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mention is a string of the program that names a key, or the beginning of keys when it ends in a dot: "light." + colour.
type mention struct {
	key   string
	at    string
	asked bool // it is handed to something that says it, so that it has to be a key
}

var (
	likeKey  = regexp.MustCompile(`^[a-z_]+(?:\.[a-z0-9_]+)*\.?$`)
	likeFile = regexp.MustCompile(`\.(?:xlsx|csv|yaml|json|db|key|go|html|png|jpg|txt|log)$`)
)

// takesKey are the functions that take a key, and which argument it is.
var takesKey = map[string]int{"Say": 1, "Word": 1, "Has": 0, "text": 0, "word": 0}

// mentions lists every string of the program that may name a key. Tests are left out, since a sentence only they say is said to nobody.
func mentions(tb testing.TB) []mention {
	tb.Helper()
	var all []mention
	err := filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || strings.HasPrefix(entry.Name(), ".") && path != ".."):
			return filepath.SkipDir
		case entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		all = append(all, mentionsIn(set, tree)...)
		return nil
	})
	if err != nil {
		tb.Fatal(err)
	}
	return all
}

func mentionsIn(set *token.FileSet, tree *ast.File) []mention {
	speaks := tree.Name.Name == "text" || slices.ContainsFunc(tree.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"duban/text"` })
	asked := map[ast.Expr]bool{}
	var all []mention
	ast.Inspect(tree, func(node ast.Node) bool {
		switch node := node.(type) {
		case *ast.CallExpr:
			if i, ok := takesKey[nameOf(node.Fun)]; ok && speaks && i < len(node.Args) {
				asked[leftmost(node.Args[i])] = true
			}
		case *ast.BasicLit:
			s, err := strconv.Unquote(node.Value)
			if node.Kind == token.STRING && err == nil && likeKey.MatchString(s) {
				all = append(all, mention{key: s, at: set.Position(node.Pos()).String(), asked: asked[node] || speaks && inAnArea(s)})
			}
		}
		return true
	})
	return all
}

func nameOf(function ast.Expr) string {
	switch f := function.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	}
	return ""
}

// leftmost returns what a sum of strings begins with.
func leftmost(e ast.Expr) ast.Expr {
	for {
		sum, ok := e.(*ast.BinaryExpr)
		if !ok {
			return e
		}
		e = sum.X
	}
}

// inAnArea says whether a string begins like the keys of the catalogues, and is not the name of a file.
func inAnArea(s string) bool {
	area, _, dotted := strings.Cut(s, ".")
	return dotted && !likeFile.MatchString(s) && slices.ContainsFunc(keys(), func(key string) bool { return strings.HasPrefix(key, area+".") })
}

func keys() []string { return slices.Sorted(maps.Keys(catalogues()[ZH])) }

// names says whether a mention names a key, exactly or as its beginning.
func (m mention) names(key string) bool {
	return m.key == key || strings.HasSuffix(m.key, ".") && strings.HasPrefix(key, m.key)
}

func TestEverySentenceThatIsSaidExists(t *testing.T) {
	for _, m := range mentions(t) {
		if m.asked && !slices.ContainsFunc(keys(), m.names) {
			t.Errorf("%s: there is no sentence %s", m.at, m.key)
		}
	}
}

func TestEverySentenceIsSaidSomewhere(t *testing.T) {
	said := mentions(t)
	for _, key := range keys() {
		if !slices.ContainsFunc(said, func(m mention) bool { return m.names(key) }) {
			t.Errorf("nobody says %s", key)
		}
	}
}

func TestMentionsAreReadAsTheProgramMeansThem(t *testing.T) {
	const program = `package bot
import "duban/text"
func f(c string) {
	text.Say(lang, "card.nothing", "at", c)
	p.text("light."+c, "n", 1)
	say("done")
	open("light.xlsx")
}`
	set := token.NewFileSet()
	tree, err := parser.ParseFile(set, "f.go", program, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	asked := map[string]bool{}
	for _, m := range mentionsIn(set, tree) {
		asked[m.key] = m.asked
	}
	for key, want := range map[string]bool{"card.nothing": true, "light.": true, "at": false, "n": false, "done": false, "light.xlsx": false} {
		if got, mentioned := asked[key]; !mentioned || got != want {
			t.Errorf("%s: mentioned %v, has to be a key %v, want %v", key, mentioned, got, want)
		}
	}
	if m := (mention{key: "light."}); !m.names("light.red") || m.names("lights.red") || (mention{key: "light"}).names("light.red") {
		t.Error("only a string that ends in a dot names all keys that begin so")
	}
}
