package app

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"duban"
	"duban/config"
	"duban/store"
	"duban/text"
	"duban/work"
)

// Office is what every command works with: the open database and the desk before it.
type Office struct {
	Config *config.Config
	Store  *store.Store
	Desk   *work.Desk
}

// Open opens the office on a database that exists and has this program's schema. It works while `duban serve` runs.
func Open(ctx context.Context, c *config.Config) (*Office, error) {
	key, err := keyOf(c)
	if err != nil {
		return nil, err
	}
	zone, err := zoneOf(c)
	if err != nil {
		return nil, err
	}
	s, err := store.Open(ctx, store.Options{Path: c.SQLitePath(), Key: key, Zone: zone})
	if err != nil {
		return nil, err
	}
	return officeOn(ctx, s, c)
}

// officeOn puts the desk before an open database, which is closed when that fails.
func officeOn(ctx context.Context, s *store.Store, c *config.Config) (*Office, error) {
	desk, err := deskOn(ctx, s, c)
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return &Office{Config: c, Store: s, Desk: desk}, nil
}

// keyOf reads the record key. Where the database is missing as well, that is what is said, since `duban init` makes both.
func keyOf(c *config.Config) ([]byte, error) {
	if _, err := os.Stat(c.SQLitePath()); errors.Is(err, fs.ErrNotExist) {
		return nil, trouble("cli.database_missing", "path", c.SQLitePath())
	}
	return readKey(c.Record.KeyFile)
}

func deskOn(ctx context.Context, s *store.Store, c *config.Config) (*work.Desk, error) {
	policy, err := Policy(c)
	if err != nil {
		return nil, err
	}
	cal, err := Calendar(c)
	if err != nil {
		return nil, err
	}
	rules, err := rulesOf(c)
	if err != nil {
		return nil, err
	}
	desk := &work.Desk{Store: s, Calendar: cal, Policy: policy, Rules: rules}
	_, err = desk.Learn(ctx)
	return desk, err
}

// Close finishes what is being written.
func (o *Office) Close() error { return o.Store.Close() }

// Lang is the organisation's language, in which its files are written.
func (o *Office) Lang() text.Lang { return text.Lang(o.Config.Organisation.Language) }

// Unit finds a unit by its name or, where several have that name, by the name of the unit above, a stroke and its own.
func (o *Office) Unit(ctx context.Context, word string) (duban.Unit, error) {
	var found []duban.Unit
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		var err error
		found, err = unitsCalled(tx, word)
		return err
	})
	switch {
	case err != nil:
		return duban.Unit{}, err
	case len(found) == 0:
		return duban.Unit{}, trouble("cli.unit_unknown", "name", word)
	case len(found) > 1:
		return duban.Unit{}, trouble("cli.unit_ambiguous", "name", word)
	}
	return found[0], nil
}

func unitsCalled(tx *store.Tx, word string) ([]duban.Unit, error) {
	found, err := tx.UnitsNamed(word)
	if err != nil || len(found) > 0 {
		return found, err
	}
	above, name, ok := cutLast(word, "/")
	if !ok {
		return nil, nil
	}
	named, err := tx.UnitsNamed(name)
	if err != nil {
		return nil, err
	}
	for _, u := range named {
		parent, err := tx.Unit(u.ParentID)
		if err == nil && parent.Name == above {
			found = append(found, u)
		}
	}
	return found, nil
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// writeFile puts a file in place as a whole, so that nobody ever opens half of one.
func writeFile(path string, write func(*os.File) error) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(f.Name())
		}
	}()
	if err := write(f); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
