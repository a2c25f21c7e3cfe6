package bot

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"duban"
	"duban/store"
)

// Evidence fetches the files that people have sent as proof into a folder, where they lie under the sum of their bytes: the same file sent
// twice lies there once.
type Evidence struct {
	Dir    string
	Client *Client
	Store  *store.Store
	Stats  *Stats
	Log    *slog.Logger
	// Stored is called in the transaction that notes where a file lies, Lost in the one that notes that it cannot be had, with "too_large"
	// or "gone".
	Stored func(tx *store.Tx, f duban.File) error
	Lost   func(tx *store.Tx, f duban.File, reason string) error
}

// How files are fetched.
const (
	evidencePage   = 20
	evidenceFirst  = 10 * time.Second
	evidenceLast   = time.Hour
	evidenceGiveUp = 24 * time.Hour // Telegram may forget a file later than that, and people have to know
)

// Run fetches files until the context ends. It looks within five seconds after anything has changed, and once a minute for those that are to be
// tried again.
func (e *Evidence) Run(ctx context.Context) {
	var seen int64
	var looked time.Time
	for ctx.Err() == nil {
		version, err := e.Store.Version(ctx)
		if err != nil || version != seen || time.Since(looked) >= time.Minute {
			seen, looked = version, time.Now()
			if e.passes(ctx) {
				continue
			}
		}
		pause(ctx, lookAgain)
	}
}

// passes makes a pass and reports whether there is more to do at once.
func (e *Evidence) passes(ctx context.Context) bool {
	done, err := e.Pass(ctx)
	if err != nil && ctx.Err() == nil {
		e.Log.Error("fetch evidence", "error", err)
	}
	return done == evidencePage
}

// Pass fetches the files that are wanted now, a page of them at most, and returns how many it has looked after. A file that cannot be
// fetched is tried again later, so that it stops no other.
func (e *Evidence) Pass(ctx context.Context) (int, error) {
	var wanted []duban.File
	err := e.Store.Read(ctx, func(tx *store.Tx) (err error) {
		wanted, err = tx.WantedFiles(evidencePage)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("read wanted files: %w", err)
	}
	for i, f := range wanted {
		if err := e.one(ctx, f); err != nil || ctx.Err() != nil {
			return i, err
		}
	}
	return len(wanted), nil
}

func (e *Evidence) one(ctx context.Context, f duban.File) error {
	if f.Size > duban.MaxFile {
		return e.lose(ctx, f, "too_large")
	}
	got, err := e.fetch(ctx, f)
	switch {
	case err == nil:
		return e.keep(ctx, f, got)
	case errors.Is(err, ErrTooLarge):
		return e.lose(ctx, f, "too_large")
	case ctx.Err() != nil:
		return ctx.Err()
	case time.Since(f.At) > evidenceGiveUp:
		return e.lose(ctx, f, "gone")
	}
	return e.retry(ctx, f, err)
}

// got is a file that has been fetched.
type got struct {
	path string // below the folder
	sum  []byte
	size int64
}

// fetch brings a file into the folder. It is there as a whole and synced, or not at all.
func (e *Evidence) fetch(ctx context.Context, f duban.File) (g got, err error) {
	if err := os.MkdirAll(e.Dir, 0o700); err != nil {
		return g, fmt.Errorf("make the evidence folder: %w", err)
	}
	part, err := os.CreateTemp(e.Dir, "part-*") // created with mode 0600
	if err != nil {
		return g, fmt.Errorf("make a file: %w", err)
	}
	defer os.Remove(part.Name())
	sum := sha256.New()
	size, err := e.Client.Download(ctx, f.FileID, io.MultiWriter(part, sum))
	if err == nil {
		err = part.Sync()
	}
	if err = errors.Join(err, part.Close()); err != nil {
		return g, err
	}
	g = got{path: pathOf(sum), sum: sum.Sum(nil), size: size}
	return g, settleFile(part.Name(), filepath.Join(e.Dir, g.path))
}

// pathOf spreads files over folders, so that none gets large.
func pathOf(sum hash.Hash) string {
	name := hex.EncodeToString(sum.Sum(nil))
	return filepath.Join(name[:2], name[2:4], name)
}

// settleFile moves a file to its place and syncs the folders that name it.
func settleFile(from, to string) error {
	folder := filepath.Dir(to)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return fmt.Errorf("make a folder: %w", err)
	}
	if err := os.Rename(from, to); err != nil {
		return fmt.Errorf("move a file: %w", err)
	}
	return errors.Join(syncFolder(folder), syncFolder(filepath.Dir(folder)), syncFolder(filepath.Dir(filepath.Dir(folder))))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

func (e *Evidence) keep(ctx context.Context, f duban.File, g got) error {
	f.Path, f.SHA256, f.Size, f.State = g.path, g.sum, g.size, duban.FileStored
	err := e.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.StoreFile(f.ID, g.path, g.sum, g.size); err != nil {
			return err
		}
		return e.Stored(tx, f)
	})
	if err == nil {
		e.Stats.count(func(s *Figures) { s.FilesStored++ })
	}
	return err
}

func (e *Evidence) lose(ctx context.Context, f duban.File, reason string) error {
	f.State = duban.FileLost
	err := e.Store.Write(ctx, func(tx *store.Tx) error {
		if err := tx.LoseFile(f.ID); err != nil {
			return err
		}
		return e.Lost(tx, f, reason)
	})
	if err == nil {
		e.Stats.count(func(s *Figures) { s.FilesLost++ })
		e.Log.Warn("a file cannot be had", "file", f.ID, "reason", reason)
	}
	return err
}

// retry puts a file off for as long again as it has been wanted, so that the pauses double.
func (e *Evidence) retry(ctx context.Context, f duban.File, why error) error {
	e.Log.Warn("a file could not be fetched", "file", f.ID, "error", why)
	return e.Store.Write(ctx, func(tx *store.Tx) error {
		wait := min(max(tx.Now.Sub(f.At), evidenceFirst), evidenceLast)
		_, err := tx.RetryFile(f.ID, tx.Now.Add(wait))
		return err
	})
}
