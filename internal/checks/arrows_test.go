package checks

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// room is what a package may import beside the standard library.
type room struct {
	rooms   []string // of this module, exactly these; "duban" is the root package
	modules []string // of others, with everything below them
}

// arrows is who may import whom. They point downwards: nothing on a line is imported by a line below it. Only bot and sim know Telegram,
// only store knows a database, and tests are free, since they join what the program keeps apart. Whoever imports duban may import calendar
// too, as its days and steps are fields of duban's types.
var arrows = map[string]room{
	"cmd/duban": {
		rooms:   []string{"app", "sim", "sim/chatpage", "sim/city", "config", "text"},
		modules: []string{"github.com/spf13/cobra"},
	},
	"app": {
		rooms:   []string{"bot", "web", "scheduler", "export", "imports", "work", "store", "assess", "text", "sheet", "config", "duban", "calendar"},
		modules: []string{"github.com/prometheus/client_golang", "golang.org/x/net", "golang.org/x/sys"},
	},
	"bot": {
		rooms:   []string{"imports", "export", "work", "store", "assess", "chart", "text", "sheet", "duban", "calendar", "internal/failpoint"},
		modules: []string{"github.com/go-telegram/bot", "golang.org/x/net", "golang.org/x/time"},
	},
	"web": {
		rooms:   []string{"work", "store", "text", "sheet", "duban", "calendar"},
		modules: []string{"github.com/prometheus/client_golang"},
	},
	"scheduler": {
		rooms:   []string{"work", "store", "duban", "calendar"},
		modules: []string{"github.com/robfig/cron/v3"},
	},
	"export": {
		rooms: []string{"store", "assess", "text", "sheet", "duban", "calendar"},
	},
	"imports": {
		rooms: []string{"work", "text", "sheet", "duban", "calendar"},
	},
	"work": {
		rooms: []string{"store", "assess", "duban", "calendar"},
	},
	"assess": { // pure; its rules come from a file
		rooms:   []string{"duban", "calendar"},
		modules: []string{"go.yaml.in/yaml/v4"},
	},
	"store": {
		rooms:   []string{"duban", "calendar", "internal/failpoint"},
		modules: []string{"modernc.org/sqlite", "github.com/pressly/goose/v3", "golang.org/x/sys"},
	},
	"sim": {
		rooms:   []string{"duban"},
		modules: []string{"github.com/go-telegram/bot", "github.com/google/go-cmp", "golang.org/x/net"}, // go-cmp shows how transcripts differ
	},
	"sim/chatpage": { // the browser chat of the demo
		rooms: []string{"sim"},
	},
	"sim/city": { // what the demo's database begins with, put in through the verbs
		rooms: []string{"sim", "work", "store", "sheet", "duban", "calendar"},
	},
	"examples": { // what writes the sample sheets; no part of the program
		rooms:   []string{"sheet"},
		modules: []string{"github.com/xuri/excelize/v2", "golang.org/x/text"},
	},
	"internal/failpoint": {}, // where a program that is built for it ends itself
	"internal/cast": { // the cast of the tests; no part of the program
		rooms: []string{"work", "store", "duban", "calendar"},
	},
	"duban": {
		rooms: []string{"calendar"},
	},
	"calendar": {
		modules: []string{"github.com/robfig/cron/v3", "golang.org/x/text"},
	},
	"text": {
		modules: []string{"golang.org/x/text", "go.yaml.in/yaml/v4"},
	},
	"sheet": {
		modules: []string{"github.com/xuri/excelize/v2", "golang.org/x/text"},
	},
	"chart": { // pictures
		modules: []string{"golang.org/x/image"},
	},
	"config": {
		modules: []string{"go.yaml.in/yaml/v4"},
	},
}

// roomOf finds the line of the table for a folder; what lies below a room belongs to it.
func roomOf(folder string) string {
	if folder == "." {
		return "duban"
	}
	for name := folder; name != "."; name = filepath.ToSlash(filepath.Dir(name)) {
		if _, known := arrows[name]; known {
			return name
		}
	}
	return ""
}

// allowed says whether a room may import a path. A room may import what lies below itself.
func (r room) allowed(self, path string) bool {
	if !strings.Contains(strings.Split(path, "/")[0], ".") && path != "duban" && !strings.HasPrefix(path, "duban/") {
		return true // the standard library
	}
	if path == "duban" {
		return slices.Contains(r.rooms, "duban")
	}
	if ours, ok := strings.CutPrefix(path, "duban/"); ok {
		return slices.Contains(r.rooms, ours) || self != "duban" && strings.HasPrefix(ours, self+"/")
	}
	return slices.ContainsFunc(r.modules, func(module string) bool {
		return path == module || strings.HasPrefix(path, module+"/")
	})
}

func TestEveryImportFollowsTheArrows(t *testing.T) {
	for _, file := range sources(t) {
		self := roomOf(file.room)
		if self == "" {
			t.Errorf("%s lies in no room: give its folder a line in the table of arrows", file.name)
			continue
		}
		for _, imported := range file.tree.Imports {
			path, err := strconv.Unquote(imported.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if !arrows[self].allowed(self, path) {
				t.Errorf("%s: %s may not import %s", file.at(imported), self, path)
			}
		}
	}
}

func TestTheArrowsHaveNoCircle(t *testing.T) {
	var visit func(name string, above []string)
	visit = func(name string, above []string) {
		if slices.Contains(above, name) {
			t.Fatalf("circle: %v", append(above, name))
		}
		for _, below := range arrows[name].rooms {
			if _, known := arrows[below]; !known {
				t.Errorf("%s may import %s, which has no line", name, below)
			}
			visit(below, append(slices.Clone(above), name))
		}
	}
	for name := range arrows {
		visit(name, nil)
	}
}

func TestTheTableRefusesWhatItShould(t *testing.T) {
	refused := map[string][]string{
		"duban":     {"duban/store", "duban", "github.com/robfig/cron/v3", "duban/calendar/x"},
		"text":      {"duban", "duban/calendar", "golang.org/x/textual"},
		"work":      {"github.com/go-telegram/bot", "duban/text", "duban/bot"},
		"bot":       {"duban/app", "duban/web", "duban/config", "duban/scheduler", "modernc.org/sqlite"},
		"app":       {"duban/sim", "github.com/go-telegram/bot"},
		"cmd/duban": {"duban/store"},
	}
	for self, paths := range refused {
		for _, path := range paths {
			if arrows[self].allowed(self, path) {
				t.Errorf("%s may import %s", self, path)
			}
		}
	}
	for self, path := range map[string]string{"duban": "duban/calendar", "store": "duban/store/migrations", "sheet": "golang.org/x/text/width", "web": "net/http"} {
		if !arrows[self].allowed(self, path) {
			t.Errorf("%s may not import %s", self, path)
		}
	}
}

// TestTheLinterKnowsTheSameArrows compares depguard's rules with the table, so that an editor shows at once what CI would say.
func TestTheLinterKnowsTheSameArrows(t *testing.T) {
	content, err := os.ReadFile(filepath.Join(root, ".golangci.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var linter struct {
		Linters struct {
			Settings struct {
				Depguard struct {
					Rules map[string]struct {
						ListMode string `yaml:"list-mode"`
						Files    []string
						Allow    []string
					}
				}
			}
		}
	}
	if err := yaml.Load(content, &linter); err != nil {
		t.Fatal(err)
	}
	rules := linter.Linters.Settings.Depguard.Rules
	for name, arrow := range arrows {
		rule, there := rules[strings.ReplaceAll(name, "/", "-")]
		if !there {
			t.Errorf(".golangci.yml has no depguard rule for %s", name)
			continue
		}
		if rule.ListMode != "strict" || !slices.Equal(rule.Files, filesOf(name)) {
			t.Errorf("the depguard rule for %s is %s and on %v, want strict and %v", name, rule.ListMode, rule.Files, filesOf(name))
		}
		if want := allowOf(name, arrow); !slices.Equal(slices.Sorted(slices.Values(rule.Allow)), want) {
			t.Errorf("the depguard rule for %s allows\n%v, want\n%v", name, rule.Allow, want)
		}
	}
	if len(rules) != len(arrows) {
		t.Errorf("depguard has rules for %v, the table for %v", slices.Sorted(maps.Keys(rules)), slices.Sorted(maps.Keys(arrows)))
	}
}

// filesOf names a room's files as depguard wants them: from the root on, since a checkout may itself lie below a folder called work or app.
// Rooms inside it have rules of their own.
func filesOf(name string) []string {
	if name == "duban" {
		return []string{"${config-path}/*.go", "!$test"}
	}
	files := []string{"${config-path}/" + name + "/**/*.go", "!$test"}
	for _, inner := range slices.Sorted(maps.Keys(arrows)) {
		if strings.HasPrefix(inner, name+"/") {
			files = append(files, "!${config-path}/"+inner+"/**/*.go")
		}
	}
	return files
}

// allowOf lists what depguard lets a room import; a dollar at the end stands for exactly this package.
func allowOf(name string, r room) []string {
	allow := []string{"$gostd"}
	for _, other := range r.rooms {
		if other == "duban" {
			allow = append(allow, "duban$")
			continue
		}
		allow = append(allow, "duban/"+other+"$")
	}
	if name != "duban" {
		allow = append(allow, "duban/"+name+"/")
	}
	allow = append(allow, r.modules...)
	slices.Sort(allow)
	return allow
}
