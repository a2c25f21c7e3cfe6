package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"

	"duban/calendar"
	"duban/config"
	"duban/scheduler"
)

// What is in the folder of the scheduled backups: complete ones, and those that an end of the program has cut short. Other files are not ours.
var (
	scheduledName = regexp.MustCompile(`^duban-\d{8}-\d{6}\.tar$`)
	leftoverName  = regexp.MustCompile(`^\.duban-\d{8}-\d{6}\.tar\.part-`)
)

const scheduledLayout = "duban-20060102-150405.tar" // the names sort by age

// leftoverAge is how old an incomplete file has to be before it is removed: nobody is writing it any more.
const leftoverAge = 24 * time.Hour

// scheduledBackups returns how the scheduler makes backups; nil when none are wanted.
func scheduledBackups(c *config.Config, log *slog.Logger) (*scheduler.Backup, error) {
	if c.Backup.Dir == "" {
		return nil, nil
	}
	at, err := calendar.ParseClock(c.Backup.At)
	if err != nil {
		return nil, fmt.Errorf("backup.at: %w", err)
	}
	return &scheduler.Backup{At: at, Make: func(ctx context.Context) error { return backUp(ctx, c, log) }}, nil
}

// backUp makes a backup in the folder for it and removes those beyond the number to keep.
func backUp(ctx context.Context, c *config.Config, log *slog.Logger) error {
	folder := c.Backup.Dir
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("backup.dir: %w", err)
	}
	if err := tidy(folder, time.Now().Add(-leftoverAge)); err != nil {
		return err
	}
	done, err := Backup(ctx, c, filepath.Join(folder, time.Now().UTC().Format(scheduledLayout)), BackupOptions{})
	if err != nil {
		return err
	}
	log.Info("a backup was made", "file", done.Path, "bytes", done.Bytes, "took", done.Took.Round(time.Millisecond),
		"record_entries", done.Entries, "evidence_files", done.EvidenceFiles)
	if done.Unsealed || len(done.Missing) > 0 || len(done.Damaged) > 0 {
		log.Warn("the backup is complete, but look after what it holds", "record_of_another_key", done.Unsealed,
			"evidence_missing", done.Missing, "evidence_changed", done.Damaged)
	}
	return prune(folder, c.Backup.Keep)
}

// prune removes the oldest of the scheduled backups beyond the number to keep; 0 keeps all.
func prune(folder string, keep int) error {
	all, err := scheduledIn(folder)
	if err != nil || keep == 0 || len(all) <= keep {
		return err
	}
	for _, name := range all[:len(all)-keep] {
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}

// scheduledIn lists the scheduled backups of a folder by name, oldest first.
func scheduledIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("backup.dir: %w", err)
	}
	var names []string
	for _, e := range entries {
		if scheduledName.MatchString(e.Name()) && e.Type().IsRegular() {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// newestBackup returns when the newest of the scheduled backups was made; zero when there is none.
func newestBackup(folder string) (time.Time, error) {
	all, err := scheduledIn(folder)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(all) == 0 {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(scheduledLayout, all[len(all)-1])
}

// tidy removes what backups have left behind that were cut short before an instant.
func tidy(folder string, before time.Time) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return fmt.Errorf("backup.dir: %w", err)
	}
	for _, e := range entries {
		info, err := e.Info()
		if err != nil || !leftoverName.MatchString(e.Name()) || !info.ModTime().Before(before) {
			continue
		}
		if err := os.Remove(filepath.Join(folder, e.Name())); err != nil {
			return fmt.Errorf("remove what a backup has left: %w", err)
		}
	}
	return nil
}
