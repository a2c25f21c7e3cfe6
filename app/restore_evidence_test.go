package app_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duban/app"
)

// homes are folders for evidence that cannot be given another name.
func homes() map[string]func(tb testing.TB, folder string) {
	return map[string]func(tb testing.TB, folder string){
		"a disk of its own": func(tb testing.TB, folder string) {
			if err := os.MkdirAll(folder, 0o700); err != nil {
				tb.Fatal(err)
			}
			mustMountOn(tb, folder, "128m")
			if err := os.Mkdir(filepath.Join(folder, "lost+found"), 0); err != nil {
				tb.Fatal(err)
			}
		},
		"a link": func(tb testing.TB, folder string) {
			if err := os.MkdirAll(filepath.Dir(folder), 0o700); err != nil {
				tb.Fatal(err)
			}
			if err := os.Symlink(tb.TempDir(), folder); err != nil {
				tb.Fatal(err)
			}
		},
	}
}

func evidenceOf(tb testing.TB, folder string) []string {
	var names []string
	for name := range content(tb, folder) {
		if !strings.HasPrefix(name, ".") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestEvidenceThatLiesOnADiskOfItsOwnIsRestoredThere(t *testing.T) {
	for name, make := range homes() {
		t.Run(name, func(t *testing.T) {
			h := mustHouse(t)
			make(t, h.config.Evidence.Dir)
			h.initialise()
			h.importExample("roster", "roster.xlsx")
			first, second := h.addEvidence("one"), h.addEvidence("two")
			done := h.mustBackup(app.BackupOptions{})
			was := h.head()
			h.importExample("tasks", "tasks.xlsx")
			h.remove(filepath.Join(h.config.Evidence.Dir, first))
			third := h.addEvidence("three")

			if _, err := app.Restore(t.Context(), h.config, done.Path, app.RestoreOptions{}); err == nil || !strings.Contains(err.Error(), "--force") {
				t.Fatalf("without force: %v", err)
			}
			if names := evidenceOf(t, h.config.Evidence.Dir); slices.Contains(names, first) || !slices.Contains(names, third) {
				t.Fatalf("it was changed all the same: %v", names)
			}
			restored, err := app.Restore(t.Context(), h.config, done.Path, app.RestoreOptions{Force: true})
			if err != nil {
				t.Fatal(err)
			}
			want := []string{first, second}
			slices.Sort(want)
			if names := evidenceOf(t, h.config.Evidence.Dir); !slices.Equal(names, want) || h.head().Seq != was.Seq {
				t.Errorf("there are %v and %d entries, want %v and %d", names, h.head().Seq, want, was.Seq)
			}
			aside := restored.Aside[len(restored.Aside)-1]
			if names := evidenceOf(t, aside); filepath.Dir(aside) != h.config.Evidence.Dir || !slices.Contains(names, third) {
				t.Errorf("aside in %s are %v", aside, names)
			}
			if again := h.mustBackup(app.BackupOptions{}); again.EvidenceFiles != 2 || len(again.Missing) != 0 {
				t.Errorf("the next backup holds %d files, missing %v", again.EvidenceFiles, again.Missing)
			}
			if left, err := filepath.Glob(filepath.Join(h.config.Evidence.Dir, ".restoring*")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v %v", left, err)
			}
		})
	}
}

func TestABackupIsRestoredOntoAnEmptyDiskForEvidence(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.importExample("roster", "roster.xlsx")
	h.addEvidence("one")
	done := h.mustBackup(app.BackupOptions{})
	for name, make := range homes() {
		t.Run(name, func(t *testing.T) {
			c := app.Into(filepath.Join(t.TempDir(), "duban"))
			make(t, c.Evidence.Dir)
			restored, err := app.Restore(t.Context(), c, done.Path, app.RestoreOptions{})
			if err != nil || len(restored.Aside) != 0 || len(evidenceOf(t, c.Evidence.Dir)) != 1 {
				t.Errorf("%+v, there are %v: %v", restored, evidenceOf(t, c.Evidence.Dir), err)
			}
		})
	}
}

// One folder of the evidence is mounted by itself and cannot be moved, which turns out only when all before it were.
func TestARestoreThatCannotFinishTakesBackWhatItMoved(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.importExample("roster", "roster.xlsx")
	files := []string{h.addEvidence("one"), h.addEvidence("two"), h.addEvidence("three")}
	slices.Sort(files)
	folder := h.config.Evidence.Dir
	mustMountOn(t, folder, "128m")
	for _, content := range []string{"one", "two", "three"} {
		h.addEvidence(content)
	}
	done := h.mustBackup(app.BackupOptions{})
	h.importExample("tasks", "tasks.xlsx")
	is := h.head()
	last := filepath.Join(folder, files[2][:2])
	if said, err := exec.Command("mount", "--bind", last, last).CombinedOutput(); err != nil {
		t.Skipf("nothing can be mounted here: %v %s", err, said)
	}
	defer exec.Command("umount", last).Run()

	_, err := app.Restore(t.Context(), h.config, done.Path, app.RestoreOptions{Force: true})
	if err == nil || !strings.Contains(err.Error(), "mounted by itself") {
		t.Fatalf("got %v", err)
	}
	if names := evidenceOf(t, folder); !slices.Equal(names, files) || h.head().Seq != is.Seq {
		t.Errorf("there are %v and %d entries, want %v and %d", names, h.head().Seq, files, is.Seq)
	}
	if left, err := filepath.Glob(filepath.Join(folder, ".*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}
