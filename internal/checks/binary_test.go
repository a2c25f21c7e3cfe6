package checks

import (
	"debug/elf"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTheProgramIsOneStaticFile builds what lies in cmd for Linux without cgo and looks for a loader or a library that it would need there.
func TestTheProgramIsOneStaticFile(t *testing.T) {
	commands := strings.Fields(mustGo(t, nil, "list", "-f", `{{if eq .Name "main"}}{{.ImportPath}}{{end}}`, "./..."))
	commands = slices.DeleteFunc(commands, func(path string) bool { return !strings.HasPrefix(path, "duban/cmd/") })
	for _, command := range commands {
		file := filepath.Join(t.TempDir(), filepath.Base(command))
		mustGo(t, []string{"CGO_ENABLED=0", "GOOS=linux", "GOFLAGS="}, "build", "-trimpath", "-o", file, command)
		binary, err := elf.Open(file)
		if err != nil {
			t.Fatal(err)
		}
		defer binary.Close()
		for _, part := range binary.Progs {
			if part.Type == elf.PT_INTERP {
				t.Errorf("%s asks for a dynamic loader", command)
			}
		}
		libraries, err := binary.ImportedLibraries()
		if err != nil {
			t.Fatal(err)
		}
		if len(libraries) > 0 {
			t.Errorf("%s needs %v", command, libraries)
		}
	}
}

var libcRequired = regexp.MustCompile(`(?m)^\s*(?:require\s+)?modernc\.org/libc\s+(v\S+)`)

// TestLibcIsTheOneThatSQLiteWasBuiltWith guards the pair: modernc.org/sqlite is generated for one version of modernc.org/libc, and with another
// one it may compile and then fail at run time. `go get -u` parts them.
func TestLibcIsTheOneThatSQLiteWasBuiltWith(t *testing.T) {
	theirs := libcVersion(t, strings.TrimSpace(mustGo(t, nil, "list", "-m", "-f", "{{.GoMod}}", "modernc.org/sqlite")))
	ours := libcVersion(t, filepath.Join(root, "go.mod"))
	if ours != theirs {
		t.Errorf("go.mod has modernc.org/libc %s, modernc.org/sqlite asks for %s: run `go get modernc.org/libc@%s`", ours, theirs, theirs)
	}
	if used := strings.TrimSpace(mustGo(t, nil, "list", "-m", "-f", "{{.Version}}", "modernc.org/libc")); used != theirs {
		t.Errorf("the build uses modernc.org/libc %s, modernc.org/sqlite asks for %s", used, theirs)
	}
}

func libcVersion(tb testing.TB, modFile string) string {
	tb.Helper()
	content, err := os.ReadFile(modFile)
	if err != nil {
		tb.Fatal(err)
	}
	found := libcRequired.FindSubmatch(content)
	if found == nil {
		tb.Fatalf("%s does not require modernc.org/libc", modFile)
	}
	return string(found[1])
}
