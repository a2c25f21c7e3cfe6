package app

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
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
			err = errors.Join(notMoved(m, err), undo(moves[:i]))
			r.dropAside()
			return err
		}
	}
	for _, place := range []string{r.config.Record.KeyFile, r.config.Evidence.Dir, r.config.SQLitePath()} {
		if err := syncFolder(filepath.Dir(place)); err != nil {
			return fmt.Errorf("sync a folder: %w", err)
		}
	}
	if r.fixed {
		return syncFolder(r.config.Evidence.Dir)
	}
	return nil
}

// notMoved says what to do about something that cannot be given another name, such as a file that was mounted into a container by itself.
func notMoved(m move, err error) error {
	if errors.Is(err, unix.EBUSY) || errors.Is(err, unix.EXDEV) {
		return trouble("cli.restore.stuck", "file", m.from, "to", m.to)
	}
	return fmt.Errorf("move a file into its place: %w", err)
}

func undo(moves []move) error {
	var errs []error
	for i := len(moves) - 1; i >= 0; i-- {
		errs = append(errs, os.Rename(moves[i].to, moves[i].from))
	}
	return errors.Join(errs...)
}

// dropAside removes the folder in which nothing lies aside in the end.
func (r *restore) dropAside() {
	for _, path := range r.done.Aside {
		_ = unix.Rmdir(path) // which takes neither files nor folders with something in them
	}
}

// moves lists what has to be moved, in this order: the database aside, then what else is there, the key, the evidence, the database.
func (r *restore) moves() ([]move, error) {
	suffix := asideInside + r.began.UTC().Format("-20060102-150405.000")
	database, key := r.config.SQLitePath(), r.config.Record.KeyFile
	var moves []move
	for _, path := range r.databaseFiles() {
		if _, err := os.Lstat(path); err == nil {
			moves = append(moves, move{path, database + suffix + path[len(database):]}) // SQLite finds what belongs to the file by its name
		}
	}
	if r.anotherKey() {
		moves = append(moves, move{key, key + suffix})
	}
	for _, m := range moves {
		if _, err := os.Lstat(m.to); err == nil {
			return nil, fmt.Errorf("%s is there already", m.to)
		}
		r.done.Aside = append(r.done.Aside, m.to)
	}
	aside, in, err := r.evidenceMoves(suffix)
	if err != nil {
		return nil, err
	}
	moves = append(append(moves, aside...), move{staged(key), key})
	moves = append(append(moves, in...), move{staged(restoreNote(database)), restoreNote(database)})
	return append(moves, move{staged(database), database}), nil
}

// anotherKey reports whether a key is there that the one of the backup would replace.
func (r *restore) anotherKey() bool {
	old, err := os.ReadFile(r.config.Record.KeyFile)
	if err != nil {
		return false
	}
	restored, err := os.ReadFile(staged(r.config.Record.KeyFile))
	return err != nil || !bytes.Equal(old, restored)
}
