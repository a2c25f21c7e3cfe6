package app

import (
	"log/slog"
	"slices"
	"testing"
	"time"
)

// A clock that was once ahead leaves names behind that sort after all others.
func TestABackupIsNotRemovedBecauseTheClockWasOnceAhead(t *testing.T) {
	ahead := []string{"duban-20990101-023000.tar", "duban-20990102-023000.tar", "duban-hourly-20990101-020000.tar", "duban-hourly-20990101-030000.tar"}
	c := mustFolder(t, 2, append(ahead, "duban-20200101-023000.tar", "duban-20200102-023000.tar", "duban-hourly-20200101-020000.tar")...)
	c.Backup.Hourly = 1
	mustDatabase(t, c)
	before := time.Now().UTC().Truncate(time.Second)
	for _, kind := range []scheduled{daily, hourly} {
		if _, err := kind.backUp(t.Context(), c, slog.New(slog.DiscardHandler)); err != nil {
			t.Fatal(err)
		}
	}
	left := listed(t, c.Backup.Dir)
	for _, kind := range []scheduled{daily, hourly} {
		if !slices.ContainsFunc(left, func(name string) bool {
			at, err := time.Parse(kind.layout, name)
			return err == nil && !at.Before(before) && at.Year() < 2099
		}) {
			t.Errorf("the new one is gone, left are %v", left)
		}
	}
	if len(left) != len(ahead)+3 || !slices.Contains(left, "duban-20200102-023000.tar") {
		t.Errorf("left are %v", left)
	}
	made, err := newestBackup(c.Backup.Dir)
	if err != nil || made.Before(before) || made.Year() >= 2099 {
		t.Errorf("the newest is of %s, %v", made, err)
	}
}
