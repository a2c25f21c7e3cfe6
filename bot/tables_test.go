package bot

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"duban"
	"duban/text"
	"duban/work"
)

func TestEveryKindOfNewsHasARenderer(t *testing.T) {
	for _, kind := range duban.NewsKinds {
		if _, ok := renderers[kind]; !ok && kind != duban.NewsAnswer {
			t.Errorf("nobody renders %s", kind)
		}
	}
	if len(renderers) != len(duban.NewsKinds)-1 {
		t.Errorf("%d renderers for %d kinds", len(renderers), len(duban.NewsKinds))
	}
}

func TestEveryNameOfTheVocabularyHasItsWord(t *testing.T) {
	for _, code := range duban.Codes {
		wantWord(t, "refused."+string(code))
	}
	for _, event := range duban.Events {
		wantWord(t, "event."+string(event))
	}
	for _, role := range duban.Roles {
		wantWord(t, "role."+string(role))
	}
	for _, kind := range duban.UnitKinds {
		wantWord(t, "kind."+string(kind))
	}
	for _, light := range duban.LightOrder {
		wantWord(t, "light."+string(light))
	}
	for _, reason := range work.ProblemReasons {
		wantWord(t, "problem."+string(reason))
	}
	for _, column := range work.Columns {
		wantWord(t, "column."+string(column))
	}
}

func wantWord(t *testing.T, key string) {
	t.Helper()
	if !text.Has(key) {
		t.Errorf("there is no word %s", key)
	}
}

// commandName is what Telegram allows for the name of a command.
var commandName = regexp.MustCompile(`^[a-z0-9_]{1,32}$`)

func TestEveryCommandHasANameThatTelegramTakesAndADescription(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range commands() {
		if !commandName.MatchString(c.name) || seen[c.name] {
			t.Errorf("the name %q", c.name)
		}
		seen[c.name] = true
	}
	for _, lang := range text.Langs {
		for _, c := range CommandMenu(lang, []duban.Post{{Role: duban.Admin, Active: true}}) {
			if n := len([]rune(c[1])); n == 0 || n > 256 || strings.Contains(c[1], "⟦") {
				t.Errorf("%s is described as %q", c[0], c[1])
			}
		}
	}
}

// TestEveryButtonThatIsMadeHasALine finds the verbs in the calls of button and of the card's do, and looks for their lines.
func TestEveryButtonThatIsMadeHasALine(t *testing.T) {
	made := map[string]bool{}
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool { return noteCall(made, n) })
	}
	if len(made) < 20 {
		t.Fatalf("found only %d verbs", len(made))
	}
	for verb := range made {
		if _, ok := buttons[verb]; !ok {
			t.Errorf("nobody answers the button %s", verb)
		}
	}
}

func noteCall(made map[string]bool, n ast.Node) bool {
	call, ok := n.(*ast.CallExpr)
	if !ok {
		return true
	}
	if f, ok := call.Fun.(*ast.Ident); ok && f.Name == "button" {
		noteVerb(made, call.Args[1])
	}
	if f, ok := call.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "do" {
		noteVerb(made, call.Args[0])
	}
	return true
}

func noteVerb(made map[string]bool, arg ast.Expr) {
	if literal, ok := arg.(*ast.BasicLit); ok && literal.Kind == token.STRING {
		if verb, err := strconv.Unquote(literal.Value); err == nil {
			made[verb] = true
		}
	}
}

func TestADataOfAButtonIsReadAsItWasWritten(t *testing.T) {
	for _, c := range []call{{verb: "accept", id: 1}, {"unit", 1 << 40, "7"}, {"me", 0, "yes"}, {"back", 35, "3:x"}} {
		if got, err := parseCall(c.String()); err != nil || got != c {
			t.Errorf("%v became %v (%v)", c, got, err)
		}
	}
	for _, data := range []string{"", "accept", "accept:", "accept:-!", strings.Repeat("a", 70) + ":1"} {
		if c, err := parseCall(data); err == nil {
			t.Errorf("%q became %v", data, c)
		}
	}
}

func FuzzNoButtonEverPanics(f *testing.F) {
	f.Add("accept:1")
	f.Add("unit:zz:9")
	f.Fuzz(func(t *testing.T, data string) {
		if c, err := parseCall(data); err == nil && len(data) <= maxCall {
			if again, err := parseCall(c.String()); err != nil || again != c {
				t.Fatalf("%q became %v, then %v (%v)", data, c, again, err)
			}
		}
	})
}
