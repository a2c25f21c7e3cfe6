package app_test

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"duban"
	"duban/app"
	"duban/store"
	"duban/text"
)

// mustBackup makes a backup of the house in a new folder.
func (h *house) mustBackup(o app.BackupOptions) app.Archived {
	h.tb.Helper()
	done, err := app.Backup(h.tb.Context(), h.config, filepath.Join(h.tb.TempDir(), "backup.tar"), o)
	if err != nil {
		h.tb.Fatal(err)
	}
	return done
}

// restored restores a backup into a new folder and returns the house that it makes.
func (h *house) restored(file string) (*house, app.Restored) {
	h.tb.Helper()
	c := *h.config
	folder := h.tb.TempDir()
	c.Database = "sqlite:" + filepath.Join(folder, "duban.db")
	c.Record.KeyFile, c.Evidence.Dir = filepath.Join(folder, "record.key"), filepath.Join(folder, "evidence")
	c.Web.Listen = freeAddress(h.tb)
	done, err := app.Restore(h.tb.Context(), &c, file, app.RestoreOptions{})
	if err != nil {
		h.tb.Fatal(err)
	}
	return &house{tb: h.tb, tg: h.tg, config: &c, log: &safeBuffer{}}, done
}

// addEvidence puts a file into the evidence folder as fetching does.
func (h *house) addEvidence(content string) string {
	h.tb.Helper()
	sum := sha256.Sum256([]byte(content))
	name := hex.EncodeToString(sum[:])
	path := filepath.Join(name[:2], name[2:4], name)
	full := filepath.Join(h.config.Evidence.Dir, path)
	if err := os.MkdirAll(filepath.Dir(full), 0o700); err != nil {
		h.tb.Fatal(err)
	}
	if err := os.WriteFile(full, []byte(content), 0o600); err != nil {
		h.tb.Fatal(err)
	}
	return filepath.ToSlash(path)
}

// content lists the files below a folder with what is in them.
func content(tb testing.TB, folder string) map[string]string {
	tb.Helper()
	all := map[string]string{}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		data, err := os.ReadFile(filepath.Join(folder, name))
		all[name] = string(data)
		return err
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		tb.Fatal(err)
	}
	return all
}

// head is the newest entry of the record.
func (h *house) head() (head duban.Entry) {
	h.office(func(o *app.Office) {
		err := o.Store.Read(h.tb.Context(), func(tx *store.Tx) (err error) {
			head, err = tx.RecordHead()
			return err
		})
		if err != nil {
			h.tb.Fatal(err)
		}
	})
	return head
}

func TestTheDrill(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.importExample("roster", "roster.xlsx")
	stop := h.serve()
	h.waitReady()
	h.importExample("tasks", "tasks.xlsx")
	var link app.Link
	h.office(func(o *app.Office) {
		links, err := o.Invite(t.Context(), app.Whom{Person: "JY004"})
		if err != nil || len(links) != 1 {
			t.Fatal(links, err)
		}
		link = links[0]
	})
	p := h.tg.NewPerson("何", "晓岚")
	if err := p.OpenLink(link.Link); err != nil {
		t.Fatal(err)
	}
	if _, err := p.WaitText(patience, link.Unit); err != nil {
		t.Fatal(err, h.log)
	}
	if err := p.Press(text.Word(text.ZH, "button.me")); err != nil {
		t.Fatal(err)
	}
	card, err := p.WaitText(patience, "述职评议会会务准备")
	if err != nil {
		t.Fatal(err, h.log)
	}
	p.ReplyDocument(card, "会务方案.docx", bytes.Repeat([]byte("evidence "), 1000), "")
	h.waitFor("the evidence to be stored", func() bool {
		_, body := h.get("/metrics")
		return strings.Contains(body, `duban_evidence_files_total{outcome="stored"} 1`)
	})

	writing, enough := context.WithCancel(t.Context())
	defer enough()
	var written atomic.Int64
	ended := make(chan error, 1)
	h.office(func(o *app.Office) {
		go func() {
			for writing.Err() == nil {
				err := o.Store.Write(context.Background(), func(tx *store.Tx) error {
					return tx.Record(duban.System, duban.Entry{Event: duban.EventFeedback, Note: "while it is backed up"})
				})
				if err != nil {
					ended <- err
					return
				}
				written.Add(1)
			}
			ended <- nil
		}()
		h.waitFor("writing to begin", func() bool { return written.Load() > 0 })
		before := h.head()
		done := h.mustBackup(app.BackupOptions{})
		after := h.head()
		enough()
		if err := <-ended; err != nil {
			t.Fatal(err)
		}
		if done.Entries < before.Seq || done.Entries > after.Seq || done.EvidenceFiles != 1 || done.Unsealed || done.Missing != nil || done.Damaged != nil {
			t.Errorf("between %d and %d entries: %+v", before.Seq, after.Seq, done)
		}
		if info, err := os.Stat(done.Path); err != nil || info.Mode().Perm() != 0o600 || info.Size() != done.Bytes {
			t.Errorf("%v %v", info, err)
		}
		drillRestore(t, h, done, stop)
	})
}

// drillRestore restores a backup in another place, compares, and serves from there.
func drillRestore(t *testing.T, h *house, done app.Archived, stop func() error) {
	other, restored := h.restored(done.Path)
	if restored.Breaks != 0 || restored.Older || restored.Missing != nil || restored.Aside != nil || restored.Entries != done.Entries {
		t.Errorf("restored %+v", restored)
	}
	other.office(func(o *app.Office) {
		v, err := o.Verify(t.Context())
		if err != nil || v.Entries != done.Entries || v.Head != done.Head || len(v.Breaks) != 0 {
			t.Errorf("verified %+v, %v", v, err)
		}
		if err := o.Store.Check(t.Context()); err != nil {
			t.Error(err)
		}
	})
	if was, is := counts(h), counts(other); was != is {
		t.Errorf("there were %s, there are %s", was, is)
	}
	if was, is := content(t, h.config.Evidence.Dir), content(t, other.config.Evidence.Dir); len(is) != 1 || fmt.Sprint(was) != fmt.Sprint(is) {
		t.Errorf("there were %d files, there are %d", len(was), len(is))
	}
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	other.serve()
	other.waitReady()
}

// counts tells what is in a database besides its record.
func counts(h *house) (said string) {
	h.office(func(o *app.Office) {
		err := o.Store.Read(h.tb.Context(), func(tx *store.Tx) error {
			states, err := tx.CountAssignments()
			said = fmt.Sprint(states)
			return err
		})
		if err != nil {
			h.tb.Fatal(err)
		}
		roster, ledger := filepath.Join(h.tb.TempDir(), "roster.csv"), filepath.Join(h.tb.TempDir(), "ledger.csv")
		for table, path := range map[app.Table]string{"roster": roster, "ledger": ledger} {
			if err := o.Export(h.tb.Context(), table, path, app.Extract{}); err != nil {
				h.tb.Fatal(err)
			}
		}
		for _, path := range []string{roster, ledger} {
			data, err := os.ReadFile(path)
			if err != nil {
				h.tb.Fatal(err)
			}
			said += fmt.Sprintf(" %x", sha256.Sum256(data))
		}
	})
	return said
}

func TestABackupIsATarWithSumsThatAnyProgramChecks(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	first, second := h.addEvidence("one"), h.addEvidence("two")
	h.overwrite(filepath.Join(h.config.Evidence.Dir, "part-123"), "half of a file")
	done := h.mustBackup(app.BackupOptions{})
	f, err := os.Open(done.Path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var names []string
	sums := map[string]string{}
	var named string
	for r := tar.NewReader(f); ; {
		header, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		names, named = append(names, header.Name), string(data)
		sums[header.Name] = fmt.Sprintf("%x", sha256.Sum256(data))
	}
	evidence := []string{"evidence/" + first, "evidence/" + second}
	if evidence[0] > evidence[1] {
		evidence[0], evidence[1] = evidence[1], evidence[0]
	}
	want := append(append([]string{"backup.json", "record.key", "duban.db"}, evidence...), "SHA256SUMS")
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("it holds %v, not %v", names, want)
	}
	var lines strings.Builder
	for _, name := range want[:len(want)-1] {
		fmt.Fprintf(&lines, "%s  %s\n", sums[name], name)
	}
	if named != lines.String() {
		t.Errorf("the sums are\n%s, not\n%s", named, lines.String())
	}
	if left, err := os.ReadDir(filepath.Dir(done.Path)); err != nil || len(left) != 1 {
		t.Errorf("beside it lie %v, %v", left, err)
	}
}

func TestABackupRefusesWhatWouldNotEndWell(t *testing.T) {
	for name, test := range map[string]struct {
		spoil func(h *house, file string)
		says  string
	}{
		"the file is there":     {func(h *house, file string) { h.overwrite(file, "mine") }, "is there already"},
		"no folder":             {func(h *house, file string) { h.remove(filepath.Dir(file)) }, "there is no folder"},
		"no database":           {func(h *house, _ string) { h.remove(h.config.SQLitePath()) }, "duban init"},
		"an empty database":     {func(h *house, _ string) { h.overwrite(h.config.SQLitePath(), "") }, "is empty"},
		"something else":        {func(h *house, _ string) { h.overwrite(h.config.SQLitePath(), strings.Repeat("x", 9000)) }, "damaged"},
		"no key":                {func(h *house, _ string) { h.remove(h.config.Record.KeyFile) }, "record.key_file"},
		"a key that is damaged": {func(h *house, _ string) { h.overwrite(h.config.Record.KeyFile, "abcd") }, "not complete"},
	} {
		t.Run(name, func(t *testing.T) {
			h := mustHouse(t)
			h.initialise()
			file := filepath.Join(t.TempDir(), "into", "backup.tar")
			if err := os.Mkdir(filepath.Dir(file), 0o700); err != nil {
				t.Fatal(err)
			}
			test.spoil(h, file)
			before := content(t, filepath.Dir(file))
			_, err := app.Backup(t.Context(), h.config, file, app.BackupOptions{})
			if err == nil || !strings.Contains(app.Explain(err, text.EN), test.says) {
				t.Errorf("got %v", err)
			}
			if after := content(t, filepath.Dir(file)); fmt.Sprint(before) != fmt.Sprint(after) {
				t.Errorf("it left %v", after)
			}
		})
	}
}

func TestABackupTellsOfEvidenceThatIsMissingOrChanged(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.overwrite(filepath.Join(h.config.Evidence.Dir, h.addEvidence("as it was")), "as it is")
	h.overwrite(h.config.Record.KeyFile, strings.Repeat("ab", 32)) // not the key of this record, which is still empty
	done := h.mustBackup(app.BackupOptions{})
	if len(done.Damaged) != 1 || done.Unsealed {
		t.Errorf("%+v", done)
	}
	h.importExample("roster", "roster.xlsx")
	h.overwrite(h.config.Record.KeyFile, strings.Repeat("cd", 32))
	if done := h.mustBackup(app.BackupOptions{WithoutEvidence: true}); !done.Unsealed || done.Damaged != nil {
		t.Errorf("%+v", done)
	}
}

func TestABackupThatIsCutShortLeavesNothing(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.addEvidence(strings.Repeat("x", 1<<20))
	for _, step := range []string{"copy", "check", "pack"} {
		ctx, cancel := context.WithCancel(t.Context())
		folder := t.TempDir()
		_, err := app.Backup(ctx, h.config, filepath.Join(folder, "backup.tar"), app.BackupOptions{Progress: func(p app.Progress) {
			if p.Step == step {
				cancel()
			}
		}})
		cancel()
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cut short at %s it ended with %v", step, err)
		}
		if left := content(t, folder); len(left) > 0 {
			t.Errorf("cut short at %s it left %d files", step, len(left))
		}
	}
}

// flip writes a copy of a file in which one bit is turned.
func flip(tb testing.TB, data []byte, at int, bit uint) string {
	tb.Helper()
	spoilt := bytes.Clone(data)
	spoilt[at] ^= 1 << bit
	path := filepath.Join(tb.TempDir(), "spoilt.tar")
	if err := os.WriteFile(path, spoilt, 0o600); err != nil {
		tb.Fatal(err)
	}
	return path
}

func TestADamagedArchiveIsRefusedAndNothingIsChanged(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.importExample("roster", "roster.xlsx")
	h.addEvidence(strings.Repeat("evidence", 1000))
	done := h.mustBackup(app.BackupOptions{})
	data, err := os.ReadFile(done.Path)
	if err != nil {
		t.Fatal(err)
	}
	refused := func(name, file string) {
		t.Helper()
		into := t.TempDir()
		_, err := app.Restore(t.Context(), app.Into(into), file, app.RestoreOptions{})
		if err == nil || !strings.Contains(app.Explain(err, text.EN), "nothing was changed") {
			t.Errorf("%s: %v", name, err)
		}
		left := content(t, into)
		delete(left, "duban.db.lock")
		if len(left) > 0 {
			t.Errorf("%s: it left %d files", name, len(left))
		}
	}
	seed := rand.Uint64()
	random := rand.New(rand.NewPCG(seed, 1))
	payload := bytes.Index(data, []byte("SQLite format 3"))
	for range 25 {
		at, bit := payload+random.IntN(int(done.DatabaseBytes)), uint(random.IntN(8))
		refused(fmt.Sprintf("seed %d, bit %d of byte %d", seed, bit, at), flip(t, data, at, bit))
	}
	for _, part := range []string{`"format"`, "evidenceevidence", "  backup.json\n"} {
		refused(part, flip(t, data, bytes.Index(data, []byte(part))+1, 1))
	}
	end := bytes.LastIndex(data, []byte("SHA256SUMS"))
	for _, size := range []int{0, 1, 511, 512, 1000, payload + 100, len(data) / 2, end - 1, end + 600} {
		path := filepath.Join(t.TempDir(), "short.tar")
		if err := os.WriteFile(path, data[:size], 0o600); err != nil {
			t.Fatal(err)
		}
		refused(fmt.Sprintf("cut at %d", size), path)
	}
	foreign := filepath.Join(t.TempDir(), "foreign.tar")
	if err := os.WriteFile(foreign, forge(t, map[string]string{"hello.txt": "hello"}, "hello.txt"), 0o600); err != nil {
		t.Fatal(err)
	}
	refused("another archive", foreign)
	refused("the database itself", h.config.SQLitePath())
}

// forge makes an archive of files in an order, without sums.
func forge(tb testing.TB, files map[string]string, order ...string) []byte {
	tb.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, name := range order {
		if err := w.WriteHeader(&tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o600, Size: int64(len(files[name]))}); err != nil {
			tb.Fatal(err)
		}
		if _, err := io.WriteString(w, files[name]); err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

func TestAnArchiveCannotWriteOutsideItsPlace(t *testing.T) {
	for _, name := range []string{"../outside", "evidence/../../outside", "/outside", "evidence/a//b", "evidence", "duban.db-wal"} {
		folder := t.TempDir()
		file := filepath.Join(folder, "hostile.tar")
		archive := forge(t, map[string]string{"backup.json": `{"format":1}`, name: "x"}, "backup.json", name)
		if err := os.WriteFile(file, archive, 0o600); err != nil {
			t.Fatal(err)
		}
		into := filepath.Join(folder, "into", "below")
		if _, err := app.Restore(t.Context(), app.Into(into), file, app.RestoreOptions{}); err == nil {
			t.Errorf("%s was restored", name)
		}
		left := content(t, folder)
		delete(left, "hostile.tar")
		delete(left, "into/below/duban.db.lock")
		if len(left) > 0 {
			t.Errorf("%s left %v", name, left)
		}
	}
}

func TestAnArchiveOfANewerVersionIsRefused(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	newer := filepath.Join(t.TempDir(), "newer.tar")
	if err := os.WriteFile(newer, forge(t, map[string]string{"backup.json": `{"format":2}`}, "backup.json"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := app.Restore(t.Context(), app.Into(t.TempDir()), newer, app.RestoreOptions{})
	if err == nil || !strings.Contains(err.Error(), "newer version") {
		t.Errorf("got %v", err)
	}
}

func TestRestoreNeverOverwritesAndKeepsWhatWasThere(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.importExample("roster", "roster.xlsx")
	h.addEvidence("old")
	old := h.mustBackup(app.BackupOptions{})
	was := h.head()
	h.importExample("tasks", "tasks.xlsx")
	h.addEvidence("new")
	is := h.head()
	if _, err := app.Restore(t.Context(), h.config, old.Path, app.RestoreOptions{}); err == nil || !strings.Contains(err.Error(), "--force") {
		t.Fatalf("got %v", err)
	}
	if h.head().Seq != is.Seq {
		t.Fatal("it was changed all the same")
	}
	done, err := app.Restore(t.Context(), h.config, old.Path, app.RestoreOptions{Force: true})
	if err != nil {
		t.Fatal(err)
	}
	if got := h.head(); got.Seq != was.Seq || !bytes.Equal(got.Hash, was.Hash) || len(content(t, h.config.Evidence.Dir)) != 1 {
		t.Errorf("%d entries instead of %d", got.Seq, was.Seq)
	}
	aside := *h.config
	for _, path := range done.Aside {
		switch {
		case strings.Contains(path, "evidence.before-restore-"):
			aside.Evidence.Dir = path
		case strings.HasPrefix(filepath.Base(path), "duban.db.before-restore-") && !strings.HasSuffix(path, "-wal") && !strings.HasSuffix(path, "-shm"):
			aside.Database = "sqlite:" + path
		}
	}
	before := &house{tb: t, config: &aside}
	if got := before.head(); got.Seq != is.Seq || len(content(t, aside.Evidence.Dir)) != 2 {
		t.Errorf("aside lie %d entries instead of %d, and %v", got.Seq, is.Seq, done.Aside)
	}
}

func TestRestoringOverADamagedDatabaseKeepsItAsEvidence(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.importExample("roster", "roster.xlsx")
	good := h.mustBackup(app.BackupOptions{WithoutEvidence: true})
	for name, spoil := range map[string]func(){
		"header":  func() { h.overwrite(h.config.SQLitePath(), strings.Repeat("x", 9000)) },
		"empty":   func() { h.overwrite(h.config.SQLitePath(), "") },
		"missing": func() { h.remove(h.config.SQLitePath()) },
	} {
		spoil()
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		if err := app.Run(ctx, h.config, discard); err == nil || !(strings.Contains(err.Error(), "restore a backup")) {
			t.Errorf("%s: serve ended with %v", name, err)
		}
		cancel()
		evidence := h.addEvidence("it stays")
		if _, err := app.Restore(t.Context(), h.config, good.Path, app.RestoreOptions{Force: true}); err != nil {
			t.Fatal(name, err)
		}
		if h.head().Seq != good.Entries || content(t, h.config.Evidence.Dir)[evidence] != "it stays" {
			t.Errorf("%s: it is not as it was", name)
		}
	}
}

func TestNothingIsRestoredWhileTheBotRuns(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	done := h.mustBackup(app.BackupOptions{})
	h.serve()
	h.waitReady()
	if _, err := app.Restore(t.Context(), h.config, done.Path, app.RestoreOptions{Force: true}); !errors.Is(err, store.ErrLocked) {
		t.Errorf("got %v", err)
	}
}

// mustMountOn mounts a disk in memory on a folder, which only root may do.
func mustMountOn(tb testing.TB, folder, size string) {
	tb.Helper()
	if said, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", folder).CombinedOutput(); err != nil {
		tb.Skipf("a disk cannot be mounted here: %v %s", err, said)
	}
	tb.Cleanup(func() {
		if said, err := exec.Command("umount", folder).CombinedOutput(); err != nil {
			tb.Errorf("%v %s", err, said)
		}
	})
}
