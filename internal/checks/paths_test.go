package checks

import (
	"bytes"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// begins is what stands before a path in prose, code and settings.
const begins = "(?:^|[\\s\"'`(\\[<=:,])"

// homes are folders that exist for somebody and not for whoever clones the project.
var homes = regexp.MustCompile(begins + `/(?:home|Users|root)/[\w.-]+`)

// upwards finds relative paths that begin by going up.
var upwards = regexp.MustCompile(begins + `((?:\.\./)+[\w.-]+)`)

// TestNoFileNamesAPathOfSomebodysMachine keeps out the place of this checkout, its neighbours, homes, and relative paths that lead out of
// the project.
func TestNoFileNamesAPathOfSomebodysMachine(t *testing.T) {
	here, err := filepath.Abs(root)
	if err != nil {
		t.Fatal(err)
	}
	place := regexp.MustCompile(begins + regexp.QuoteMeta(around(filepath.ToSlash(here))))
	for _, name := range ourFiles(t) {
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.IndexByte(content, 0) >= 0 {
			continue // a picture or a sheet
		}
		for i, line := range strings.Split(string(content), "\n") {
			for _, found := range append(place.FindAllString(line, -1), homes.FindAllString(line, -1)...) {
				t.Errorf("%s:%d: names %q, a path of one machine", name, i+1, found)
			}
			if found := leadsOut(name, line); found != "" {
				t.Errorf("%s:%d: %q leads out of the project", name, i+1, found)
			}
		}
	}
}

// around widens the checkout's place to the folder it lies in, so that its neighbours are found too, unless that is the whole disk or where everybody's
// temporary files lie, which examples may name.
func around(here string) string {
	if parent := path.Dir(here); parent != "/" && parent != "." && parent != filepath.ToSlash(filepath.Clean(os.TempDir())) {
		return parent + "/"
	}
	return here + "/"
}

// leadsOut returns a relative path in the line that ends outside the project, seen from the file's folder. Tests use such paths as hostile
// input; those name a folder of the system.
func leadsOut(name, line string) string {
	for _, found := range upwards.FindAllStringSubmatch(line, -1) {
		target := path.Join(path.Dir(name), found[1])
		if strings.HasPrefix(target, "../") && !strings.HasSuffix(target, "/etc") {
			return found[1]
		}
	}
	return ""
}

func TestAPathThatLeadsOutIsSeen(t *testing.T) {
	out := map[string]string{"README.md": "see ../elsewhere/page.md", "calendar/day.go": "// from ../../elsewhere", "docs/a.md": "(../../x)"}
	for name, line := range out {
		if leadsOut(name, line) == "" {
			t.Errorf("%s: %q is not seen", name, line)
		}
	}
	in := map[string]string{"docs/a.md": "[x](../README.md)", "cmd/duban/x_test.go": `"../../examples/roster.xlsx"`, "sheet/x_test.go": `"../../etc/passwd"`, "a.go": "a ... b"}
	for name, line := range in {
		if found := leadsOut(name, line); found != "" {
			t.Errorf("%s: %q is taken for a way out", name, found)
		}
	}
}

var markdownLink = regexp.MustCompile(`\]\(([^)#\s]+)(?:#[^)]*)?\)`)

func TestLinksInDocumentsLeadToFiles(t *testing.T) {
	for _, name := range ourFiles(t) {
		if path.Ext(name) != ".md" {
			continue
		}
		content, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Fatal(err)
		}
		for _, link := range markdownLink.FindAllStringSubmatch(string(content), -1) {
			if strings.Contains(link[1], ":") {
				continue // an address
			}
			if _, err := os.Stat(filepath.Join(root, path.Dir(name), link[1])); err != nil {
				t.Errorf("%s links to %s, which is not there", name, link[1])
			}
		}
	}
}
