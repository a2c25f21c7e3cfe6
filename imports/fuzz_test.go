package imports_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"duban"
	"duban/imports"
	"duban/internal/cast"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// fuzzImport tries a file as a list of a kind on a database with the cast. Whatever it holds, it is refused in words or tried without an error, what is
// wrong can be said in every language, the file can be given back, and nothing is changed.
func fuzzImport(f *testing.F, desk *work.Desk, kind sheet.Kind, pattern string) {
	f.Helper()
	for _, folder := range []string{"messy", "."} {
		names, err := filepath.Glob(filepath.Join("..", "sheet", "testdata", folder, pattern))
		if err != nil {
			f.Fatal(err)
		}
		for _, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(data)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := imports.Open("f", data, kind)
		if err != nil {
			if _, known := imports.Refusal(text.ZH, err); !known {
				t.Fatalf("an error that nobody can say: %v", err)
			}
			return
		}
		done, err := list.Import(context.Background(), desk, duban.Console, work.ImportOptions{DryRun: true})
		if err != nil || done.Done {
			t.Fatalf("done %v: %v", done.Done, err)
		}
		for _, c := range append(done.Wrong, done.ToLookAt()...) {
			for _, lang := range text.Langs {
				if c.In(lang) == "" || c.Heading(lang) == "" {
					t.Errorf("line %d: nothing to say", c.Line)
				}
			}
		}
		_, _ = done.Annotated("", text.ZH) // an error, for a workbook that cannot be written, and never a panic
	})
}

func FuzzImportingARoster(f *testing.F) { fuzzImport(f, cast.Open(f), sheet.KindRoster, "roster_*") }

func FuzzImportingTasks(f *testing.F) { fuzzImport(f, cast.Open(f), sheet.KindTasks, "tasks_*") }

func FuzzImportingPoints(f *testing.F) {
	desk := cast.Open(f)
	openRound(f, desk)
	fuzzImport(f, desk, sheet.KindParts, "parts_*")
}
