package app

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"duban/config"
	"duban/text"
)

// mustFolder is a folder of backups, or what is called so, for a database that does not exist yet.
func mustFolder(tb testing.TB, keep int, files ...string) *config.Config {
	tb.Helper()
	c := Into(tb.TempDir())
	c.Backup = config.Backup{Dir: filepath.Join(tb.TempDir(), "backups"), At: "02:30", Keep: keep}
	if len(files) > 0 {
		if err := os.Mkdir(c.Backup.Dir, 0o700); err != nil {
			tb.Fatal(err)
		}
	}
	for _, name := range files {
		if err := os.WriteFile(filepath.Join(c.Backup.Dir, name), nil, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

func mustDatabase(tb testing.TB, c *config.Config) *config.Config {
	tb.Helper()
	if err := Init(context.Background(), c); err != nil {
		tb.Fatal(err)
	}
	return c
}

func listed(tb testing.TB, folder string) (names []string) {
	tb.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		tb.Fatal(err)
	}
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func TestOnlyTheOldestOfTheScheduledBackupsAreRemoved(t *testing.T) {
	ours := []string{"duban-20200101-023000.tar", "duban-20200102-023000.tar", "duban-20200103-023000.tar"}
	theirs := []string{"mine.tar", "duban-20200101-023000.tar.copy", "duban.db"}
	for keep, want := range map[int][]string{0: ours, 1: {}, 2: ours[2:], 3: ours[1:], 9: ours} {
		c := mustDatabase(t, mustFolder(t, keep, append(slices.Clone(ours), theirs...)...))
		if _, err := daily.backUp(t.Context(), c, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
		left := listed(t, c.Backup.Dir)
		if len(left) != len(want)+len(theirs)+1 {
			t.Errorf("keep %d left %v", keep, left)
		}
		for _, name := range append(slices.Clone(want), theirs...) {
			if !slices.Contains(left, name) {
				t.Errorf("keep %d removed %s", keep, name)
			}
		}
	}
}

func TestOfOlderDailyBackupsTheNewestOfEachWeekIsKept(t *testing.T) {
	c := mustFolder(t, 3)
	c.Backup.Weekly = 2
	mustDatabase(t, c)
	if err := os.Mkdir(c.Backup.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	for at := time.Date(2020, 3, 2, 2, 30, 0, 0, time.UTC); at.Before(time.Date(2020, 4, 9, 0, 0, 0, 0, time.UTC)); at = at.AddDate(0, 0, 1) {
		if err := os.WriteFile(filepath.Join(c.Backup.Dir, at.Format(scheduledLayout)), nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := prune(c.Backup); err != nil {
			t.Fatal(err)
		}
	}
	want := []string{
		"duban-20200329-023000.tar", "duban-20200405-023000.tar", // Sundays
		"duban-20200406-023000.tar", "duban-20200407-023000.tar", "duban-20200408-023000.tar",
	}
	if left := listed(t, c.Backup.Dir); !slices.Equal(left, want) {
		t.Errorf("left are %v", left)
	}
}

func TestHourlyBackupsAreWithoutEvidenceAndKeptByTheirOwnNumber(t *testing.T) {
	c := mustFolder(t, 1, "duban-20200101-023000.tar", "duban-hourly-20200101-010000.tar", "duban-hourly-20200101-020000.tar")
	c.Backup.Hourly = 2
	mustDatabase(t, c)
	if err := os.MkdirAll(c.Evidence.Dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(c.Evidence.Dir, "one"), []byte("one"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := hourly.backUp(t.Context(), c, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	left := listed(t, c.Backup.Dir)
	if len(left) != 3 || left[0] != "duban-20200101-023000.tar" || left[1] != "duban-hourly-20200101-020000.tar" {
		t.Fatalf("left are %v", left)
	}
	done, err := Restore(t.Context(), Into(t.TempDir()), filepath.Join(c.Backup.Dir, left[2]), RestoreOptions{})
	if err != nil || done.WithEvidence || done.DatabaseBytes == 0 {
		t.Errorf("%+v %v", done, err)
	}
}

func TestABackupThatFailsRemovesNone(t *testing.T) {
	c := mustDatabase(t, mustFolder(t, 1, "duban-20200101-023000.tar", "duban-20200102-023000.tar"))
	if err := os.WriteFile(c.SQLitePath(), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := daily.backUp(t.Context(), c, slog.New(slog.DiscardHandler)); err == nil {
		t.Fatal("an empty database was backed up")
	}
	if left := listed(t, c.Backup.Dir); len(left) != 2 {
		t.Errorf("left are %v", left)
	}
}

func TestWhatAKilledBackupHasLeftIsRemovedOnceItIsOld(t *testing.T) {
	c := mustDatabase(t, mustFolder(t, 1, ".duban-20200101-023000.tar.part-1-1.tar", ".duban-20200103-023000.tar.part-2-2.db", ".other.part-1"))
	long := time.Now().Add(-2 * leftoverAge)
	for _, name := range []string{".duban-20200101-023000.tar.part-1-1.tar", ".other.part-1"} {
		if err := os.Chtimes(filepath.Join(c.Backup.Dir, name), long, long); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := daily.backUp(t.Context(), c, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	left := strings.Join(listed(t, c.Backup.Dir), " ")
	if strings.Contains(left, "part-1-1") || !strings.Contains(left, "part-2-2.db") || !strings.Contains(left, ".other.part-1") {
		t.Errorf("left are %s", left)
	}
}

func TestCheckNamesTheAgeOfTheNewestBackup(t *testing.T) {
	look := func(c *config.Config) string {
		k := &checker{config: c}
		k.backup()
		if len(k.findings) == 0 {
			return ""
		}
		said := k.findings[0].In(text.EN)
		if k.findings[0].Wrong {
			said = "! " + said
		}
		return said
	}
	off := mustFolder(t, 1)
	off.Backup.Dir = ""
	fresh := "duban-" + time.Now().UTC().Add(-90*time.Minute).Format("20060102-150405") + ".tar"
	for want, c := range map[string]*config.Config{
		"":                         off,
		"! there is none":          mustFolder(t, 1),
		"the newest is 1 hour old": mustFolder(t, 1, "duban-20200101-023000.tar", fresh),
		"! the newest is":          mustFolder(t, 1, "duban-20200101-023000.tar"),
	} {
		if said := look(c); !strings.HasPrefix(said, want) || want == "" && said != "" {
			t.Errorf("said %q, not %q", said, want)
		}
	}
}
