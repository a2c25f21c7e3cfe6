package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

func TestTheFilesInTheTreeAreTheOnesThatAreGenerated(t *testing.T) {
	examples, variants := t.TempDir(), t.TempDir()
	if err := generate(examples, variants); err != nil {
		t.Fatal(err)
	}
	compared := 0
	for made, kept := range map[string]string{examples: "..", variants: filepath.Join("..", "..", "sheet", "testdata")} {
		files, err := os.ReadDir(made)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			want, wantErr := os.ReadFile(filepath.Join(made, file.Name()))
			got, err := os.ReadFile(filepath.Join(kept, file.Name()))
			if err != nil || wantErr != nil || !bytes.Equal(got, want) {
				t.Errorf("%s is not what go run ./examples/generate writes: %v", file.Name(), err)
			}
			compared++
		}
	}
	if compared != 13 {
		t.Errorf("%d files", compared)
	}
}
