package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/app"
	"duban/text"
)

func TestBackupSaysWhatItHoldsAndRestoreBringsItBack(t *testing.T) {
	s := mustOffice(t)
	file := s.path("backup.tar")
	verified := s.must("verify") // of what goes into the backup: making it is recorded afterwards
	out := s.must("backup", file)
	for _, piece := range []string{"Backed up into " + file, "s. Contains:", "entries, newest hash", "as safe as the key itself", "evidence: 0 files"} {
		if !strings.Contains(out, piece) {
			t.Errorf("%q is missing in:\n%s", piece, out)
		}
	}
	hash := strings.TrimSpace(verified[strings.LastIndex(verified, " "):])
	if !strings.Contains(out, hash) {
		t.Errorf("the backup names another hash than %s:\n%s", hash, out)
	}
	folder := s.path("elsewhere")
	restored := s.must("restore", file, "--to", folder)
	for _, piece := range []string{"Restored the state of", hash, filepath.Join(folder, "duban.db"), "duban check"} {
		if !strings.Contains(restored, piece) {
			t.Errorf("%q is missing in:\n%s", piece, restored)
		}
	}
	other := *s
	other.environ = append(append([]string{}, s.environ...), "DUBAN_DATABASE=sqlite:"+filepath.Join(folder, "duban.db"),
		"DUBAN_RECORD_KEY_FILE="+filepath.Join(folder, "record.key"), "DUBAN_EVIDENCE_DIR="+filepath.Join(folder, "evidence"))
	if got := other.must("verify"); got != verified {
		t.Errorf("there it says %s, here %s", got, verified)
	}
}

func TestBackupAndRestoreRefuseWithWhatToDo(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	file := s.path("backup.tar")
	s.must("backup", file, "--without-evidence")
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cut := s.path("cut.tar")
	if err := os.WriteFile(cut, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		says string
		code int
		args []string
	}{
		{"is there already", exitRefused, []string{"backup", file}},
		{"not the right arguments", exitUsage, []string{"backup"}},
		{"there is no folder", exitRefused, []string{"backup", s.path("no/where.tar")}},
		{"with --force, which moves them aside", exitRefused, []string{"restore", file}},
		{"there is no file", exitRefused, []string{"restore", s.path("none.tar")}},
		{"take another copy of it or an older backup", exitRefused, []string{"restore", cut, "--to", s.path("there")}},
		{"it is not a backup of Duban", exitRefused, []string{"restore", s.path("config.yaml"), "--to", s.path("there")}},
	} {
		if got := s.duban(test.args...); got.code != test.code || !strings.Contains(got.problems, test.says) {
			t.Errorf("duban %s: %d %s", strings.Join(test.args, " "), got.code, got.problems)
		}
	}
	if out := s.must("restore", file, "--force"); !strings.Contains(out, "moved aside: ") || !strings.Contains(out, "holds no evidence") {
		t.Errorf("by force it said:\n%s", out)
	}
	s.must("verify")
}

func TestABackupIsRestoredWhereThereIsNoConfiguration(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	file := s.path("backup.tar")
	s.must("backup", file)
	if err := os.Remove(s.path("config.yaml")); err != nil {
		t.Fatal(err)
	}
	s.must("restore", file, "--to", s.path("elsewhere"))
	if got := s.duban("restore", file); got.code != exitRefused || !strings.Contains(got.problems, "config.yaml") {
		t.Errorf("%+v", got)
	}
}

func TestABackupThatNeedsALookIsNoSuccess(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	name := strings.Repeat("ab", 32)
	if err := os.WriteFile(s.path("data/evidence/"+name), []byte("changed"), 0o600); err != nil {
		t.Fatal(err)
	}
	got := s.duban("backup", s.path("backup.tar"))
	if got.code != exitRefused || !strings.Contains(got.out, "1 piece of evidence is no longer what was stored: "+name) {
		t.Errorf("%+v", got)
	}
	s.must("restore", s.path("backup.tar"), "--to", s.path("elsewhere"))
}

func TestLongWorkTellsHowFarItIs(t *testing.T) {
	c := &cli{lang: text.EN}
	for want, p := range map[string]app.Progress{
		"copying the database …":     {Step: "copy"},
		"checking …":                 {Step: "check"},
		"packing … 10 MB of 20 MB":   {Step: "pack", Done: 10 << 20, Total: 20 << 20},
		"unpacking … 10 MB of 20 MB": {Step: "unpack", Done: 10 << 20, Total: 20 << 20},
	} {
		if got := c.progress(p); got != want {
			t.Errorf("got %q, not %q", got, want)
		}
	}
	if got := few(strings.Split(strings.Repeat("x ", 12), " ")); strings.Count(got, "x") != fewNames || !strings.HasSuffix(got, "…") {
		t.Errorf("many names read %q", got)
	}
	if got := seconds(1234 * time.Millisecond); got != "1.2" {
		t.Errorf("got %q", got)
	}
}
