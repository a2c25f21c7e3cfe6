// Package checks holds tests about the house itself: who may import whom, what the binary is, what no file may contain.
package checks

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const root = "../.."

// notOurs are folders of the checkout that no commit holds.
var notOurs = map[string]bool{".git": true, "data": true, "dist": true, "node_modules": true}

// ourFiles lists every file of the project by its path below the root, with slashes.
func ourFiles(tb testing.TB) []string {
	tb.Helper()
	var files []string
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && notOurs[entry.Name()] {
			return filepath.SkipDir
		}
		if !entry.Type().IsRegular() {
			return nil
		}
		name, err := filepath.Rel(root, path)
		files = append(files, filepath.ToSlash(name))
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
	return files
}

// source is one Go file that is not a test.
type source struct {
	name string // below the root
	room string // the folder it lies in, "." for the root
	tree *ast.File
	set  *token.FileSet
}

func (s source) at(node ast.Node) string {
	position := s.set.Position(node.Pos())
	position.Filename = s.name
	return position.String()
}

// sources parses all Go files but the tests, whatever system they are built for.
func sources(tb testing.TB) []source {
	tb.Helper()
	var all []source
	for _, name := range ourFiles(tb) {
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") {
			continue
		}
		set := token.NewFileSet()
		tree, err := parser.ParseFile(set, filepath.Join(root, name), nil, parser.SkipObjectResolution)
		if err != nil {
			tb.Fatal(err)
		}
		all = append(all, source{name: name, room: filepath.ToSlash(filepath.Dir(name)), tree: tree, set: set})
	}
	return all
}

// mustGo runs the go command in the root and returns what it printed.
func mustGo(tb testing.TB, environ []string, args ...string) string {
	tb.Helper()
	var problems bytes.Buffer
	command := exec.Command("go", args...)
	command.Dir, command.Env, command.Stderr = root, append(os.Environ(), environ...), &problems
	printed, err := command.Output()
	if err != nil {
		tb.Fatalf("go %s: %v\n%s", strings.Join(args, " "), err, problems.String())
	}
	return string(printed)
}
