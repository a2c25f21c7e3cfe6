// Command generate writes the example spreadsheets: the roster and the task
// list of an invented city, as xlsx and csv, and untidy variants of both for
// the tests of package sheet. Run it in the root of the module:
//
//	go run ./examples/generate
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"duban/sheet"
)

func main() {
	if err := generate("examples", filepath.Join("sheet", "testdata")); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// generate writes the examples into one folder and the variants into another.
func generate(examples, variants string) error {
	for _, folder := range []string{examples, variants} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	lists := map[string]func() sheet.Sheet{"roster": rosterSheet, "tasks": tasksSheet}
	for name, list := range lists {
		for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
			path := filepath.Join(examples, name+"."+string(format))
			if err := write(path, format, list()); err != nil {
				return err
			}
		}
	}
	return writeVariants(variants)
}

func write(path string, format sheet.Format, s sheet.Sheet) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	if err := sheet.Write(file, format, s); err != nil {
		file.Close()
		return err
	}
	return file.Close()
}
