package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"duban/config"
	"duban/store"
)

// WriteConfig writes the example configuration where there is no file, readable by its owner only as a token may come to stand in it, and
// reports whether it did.
func WriteConfig(path string) (written bool, err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("write the configuration: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(config.Example())
	return true, err
}

// Init creates the database, the record key and the folder for evidence. It refuses where a database is there already, or is in use.
func Init(ctx context.Context, c *config.Config) error {
	path := c.SQLitePath()
	if info, err := os.Stat(path); err == nil && info.Size() > 0 {
		return trouble("cli.database_exists", "path", path)
	}
	for _, folder := range []string{filepath.Dir(path), c.Evidence.Dir} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("create a folder: %w", err)
		}
	}
	release, err := store.Lock(path)
	if err != nil {
		return err
	}
	defer release()
	key, err := keepKey(c.Record.KeyFile)
	if err != nil {
		return err
	}
	return store.Init(ctx, store.Options{Path: path, Key: key})
}
