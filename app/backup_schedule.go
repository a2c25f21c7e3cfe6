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
	hourlyName    = regexp.MustCompile(`^duban-hourly-\d{8}-\d{6}\.tar$`)
	leftoverName  = regexp.MustCompile(`^\.duban-(hourly-)?\d{8}-\d{6}\.tar\.part-`)
)

// The names of the backups of a kind sort by age.
const (
	scheduledLayout = "duban-20060102-150405.tar"
	hourlyLayout    = "duban-hourly-20060102-150405.tar"
)

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
	made := &scheduler.Backup{At: at, Make: func(ctx context.Context) (int, error) { return daily.backUp(ctx, c, log) }}
	if c.Backup.Hourly > 0 {
		made.Hourly = func(ctx context.Context) (int, error) { return hourly.backUp(ctx, c, log) }
	}
	return made, nil
}

// scheduled is a kind of backup that is made by the clock: what its files are called, what is in them, and which are removed again.
type scheduled struct {
	layout  string
	options BackupOptions
	prune   func(config.Backup) error
}

var (
	daily  = scheduled{scheduledLayout, BackupOptions{}, prune}
	hourly = scheduled{hourlyLayout, BackupOptions{WithoutEvidence: true}, pruneHourly}
)

// backUp makes a backup in the folder for it and then removes those that need not be kept. It returns how many files of evidence are missing or changed.
func (k scheduled) backUp(ctx context.Context, c *config.Config, log *slog.Logger) (lacking int, err error) {
	folder := c.Backup.Dir
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return 0, fmt.Errorf("backup.dir: %w", err)
	}
	if err := tidy(folder, time.Now().Add(-leftoverAge)); err != nil {
		return 0, err
	}
	done, err := Backup(ctx, c, filepath.Join(folder, time.Now().UTC().Format(k.layout)), k.options)
	if err != nil {
		return 0, err
	}
	log.Info("a backup was made", "file", done.Path, "bytes", done.Bytes, "took", done.Took.Round(time.Millisecond),
		"record_entries", done.Entries, "evidence_files", done.EvidenceFiles)
	if done.Unsealed || len(done.Missing) > 0 || len(done.Damaged) > 0 {
		log.Warn("the backup is complete, but look after what it holds", "record_of_another_key", done.Unsealed,
			"evidence_missing", done.Missing, "evidence_changed", done.Damaged)
	}
	return len(done.Missing) + len(done.Damaged), k.prune(c.Backup)
}

// prune removes the daily backups beyond the number to keep, except the newest of each of the weeks before them that are kept; a number of 0 keeps all.
func prune(b config.Backup) error {
	all, err := filesIn(b.Dir, scheduledName)
	if err != nil || b.Keep == 0 || len(all) <= b.Keep {
		return err
	}
	daily := all[len(all)-b.Keep:]
	weekly, err := weeksBefore(all[:len(all)-b.Keep], daily[0], b.Weekly)
	if err != nil {
		return err
	}
	return removeBut(b.Dir, all, append(weekly, daily...))
}

// pruneHourly removes the hourly backups beyond the number to keep.
func pruneHourly(b config.Backup) error {
	all, err := filesIn(b.Dir, hourlyName)
	if err != nil || len(all) <= b.Hourly {
		return err
	}
	return removeBut(b.Dir, all, all[len(all)-b.Hourly:])
}

// weeksBefore returns the newest backup of each week, of the newest weeks before a day, at most so many. Names are given oldest first.
func weeksBefore(names []string, day string, weeks int) ([]string, error) {
	var kept []string
	last, err := weekOf(day)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Backward(names) {
		week, err := weekOf(name)
		if err != nil {
			return nil, err
		}
		if week != last && len(kept) < weeks {
			kept = append(kept, name)
		}
		last = week
	}
	return kept, nil
}

// weekOf returns the year and the number of the week in which a daily backup was made.
func weekOf(name string) ([2]int, error) {
	at, err := time.Parse(scheduledLayout, name)
	year, week := at.ISOWeek()
	return [2]int{year, week}, err
}

func removeBut(folder string, all, keep []string) error {
	for _, name := range all {
		if slices.Contains(keep, name) {
			continue
		}
		if err := os.Remove(filepath.Join(folder, name)); err != nil {
			return fmt.Errorf("remove an old backup: %w", err)
		}
	}
	return nil
}

// filesIn lists the backups of a kind in a folder, oldest first. One whose time is still to come was made while the clock was ahead: nobody knows how old it
// is, so it neither counts nor goes.
func filesIn(folder string, kind *regexp.Regexp) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil, fmt.Errorf("backup.dir: %w", err)
	}
	var names []string
	now := time.Now()
	for _, e := range entries {
		if kind.MatchString(e.Name()) && e.Type().IsRegular() && !madeAt(e.Name()).After(now) {
			names = append(names, e.Name())
		}
	}
	slices.Sort(names)
	return names, nil
}

// madeAt is when a backup was begun, by the end of its name; zero when the name has no such moment.
func madeAt(name string) time.Time {
	const end = "20060102-150405.tar"
	at, _ := time.Parse(end, name[max(0, len(name)-len(end)):])
	return at
}

// newestBackup returns when the newest of the daily backups was made; zero when there is none.
func newestBackup(folder string) (time.Time, error) {
	all, err := filesIn(folder, scheduledName)
	if errors.Is(err, fs.ErrNotExist) || err == nil && len(all) == 0 {
		return time.Time{}, nil
	}
	if err != nil {
		return time.Time{}, err
	}
	return madeAt(all[len(all)-1]), nil
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
