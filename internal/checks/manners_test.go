package checks

import (
	"go/ast"
	"regexp"
	"slices"
	"testing"
)

func TestPureRoomsNeverLookAtTheClock(t *testing.T) {
	for _, file := range sources(t) {
		if room := roomOf(file.room); room != "duban" && room != "calendar" {
			continue
		}
		ast.Inspect(file.tree, func(node ast.Node) bool {
			call, ok := node.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if from, ok := call.X.(*ast.Ident); ok && from.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "NewTimer", "NewTicker", "Tick"}, call.Sel.Name) {
				t.Errorf("%s: time.%s in a pure room: take the instant as a parameter", file.at(node), call.Sel.Name)
			}
			return true
		})
	}
}

func TestNothingHappensBeforeMain(t *testing.T) {
	for _, file := range sources(t) {
		for _, declared := range file.tree.Decls {
			if f, ok := declared.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
				t.Errorf("%s: func init: make it in app and pass it on", file.at(f))
			}
		}
	}
}

var han = regexp.MustCompile(`\p{Han}`)

// chineseHas are the rooms with Chinese in their literals.
var chineseHas = []string{
	"text",          // every sentence that people read
	"sheet",         // headings and words of the sheets that staff send
	"calendar",      // deadlines as people type them, names of holidays
	"sim",           // names of people and of the bot
	"sim/city",      // the sample city of the demo
	"examples",      // the sample city's sheets
	"internal/cast", // the cast of the tests
}

// comparesChinese are files that compare what lists say and never show a word of theirs: how names of units end, how copies of a file are called, which
// numbers stand in words.
var comparesChinese = []string{"work/importlist.go", "work/nearest.go", "work/rosterends.go", "work/suggest.go"}

// TestChineseStandsInTheRoomsForIt looks at literals only; comments may name things by the words that staff use.
func TestChineseStandsInTheRoomsForIt(t *testing.T) {
	for _, file := range sources(t) {
		if slices.Contains(chineseHas, roomOf(file.room)) || slices.Contains(comparesChinese, file.name) {
			continue
		}
		ast.Inspect(file.tree, func(node ast.Node) bool {
			if literal, ok := node.(*ast.BasicLit); ok && han.MatchString(literal.Value) {
				t.Errorf("%s: %.60s: what people read belongs into text", file.at(node), literal.Value)
			}
			return true
		})
	}
}
