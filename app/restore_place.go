package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// move gives a file or folder another name.
type move struct{ from, to string }

// place moves what is there aside and what was unpacked into its place. The database goes first and comes last: in between there is none, so that
// nothing can open half of what belongs together. When a move fails those before it are taken back.
func (r *restore) place() error {
	moves, err := r.moves()
	if err != nil {
		return err
	}
	for i, m := range moves {
		if err := os.Rename(m.from, m.to); err != nil {
			return errors.Join(fmt.Errorf("move a file into its place: %w", err), undo(moves[:i]))
		}
	}
	for _, place := range []string{r.config.Record.KeyFile, r.config.Evidence.Dir, r.config.SQLitePath()} {
		if err := syncFolder(filepath.Dir(place)); err != nil {
			return fmt.Errorf("sync a folder: %w", err)
		}
	}
	return nil
}

func undo(moves []move) error {
	var errs []error
	for i := len(moves) - 1; i >= 0; i-- {
		errs = append(errs, os.Rename(moves[i].to, moves[i].from))
	}
	return errors.Join(errs...)
}

// moves lists what has to be moved, in this order: what is there aside, the key, the evidence, the database.
func (r *restore) moves() ([]move, error) {
	var moves []move
	suffix := ".before-restore-" + r.began.UTC().Format("20060102-150405.000")
	database := r.config.SQLitePath()
	for _, path := range r.databaseFiles() {
		if _, err := os.Lstat(path); err == nil {
			moves = append(moves, move{path, database + suffix + path[len(database):]}) // SQLite finds what belongs to the file by its name
		}
	}
	for _, path := range r.replaced() {
		moves = append(moves, move{path, path + suffix})
	}
	for _, m := range moves {
		if _, err := os.Lstat(m.to); err == nil {
			return nil, fmt.Errorf("%s is there already", m.to)
		}
		r.done.Aside = append(r.done.Aside, m.to)
	}
	moves = append(moves, move{staged(r.config.Record.KeyFile), r.config.Record.KeyFile})
	if r.done.WithEvidence {
		if err := removeEmpty(r.config.Evidence.Dir); err != nil {
			return nil, err
		}
		moves = append(moves, move{staged(r.config.Evidence.Dir), r.config.Evidence.Dir})
	}
	return append(moves, move{staged(database), database}), nil
}

// replaced lists what the backup replaces besides the database: a key that is another one, and the evidence if it brings any.
func (r *restore) replaced() []string {
	var all []string
	if old, err := os.ReadFile(r.config.Record.KeyFile); err == nil {
		if restored, err := os.ReadFile(staged(r.config.Record.KeyFile)); err != nil || !bytes.Equal(old, restored) {
			all = append(all, r.config.Record.KeyFile)
		}
	}
	if entries, err := os.ReadDir(r.config.Evidence.Dir); err == nil && len(entries) > 0 && r.done.WithEvidence {
		all = append(all, r.config.Evidence.Dir)
	}
	return all
}

// removeEmpty removes an empty folder, in whose place another one comes. One that is not empty was moved aside by then, or will be.
func removeEmpty(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) > 0 {
		return nil
	}
	return os.Remove(folder)
}
