package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"duban/config"
	"duban/store"
	"duban/text"
)

// RestoreOptions say how a backup is restored.
type RestoreOptions struct {
	Force    bool           // what is there already is moved aside, not overwritten
	Progress func(Progress) // is told often; may be nil
}

// Restored is what a restore has done.
type Restored struct {
	About
	Database string
	Evidence string   // folder of the evidence, whether the backup brought any or not
	Aside    []string // where the files went that were there before
	Older    bool     // of an older version: `duban serve` brings it up to date, and its record has not been checked
	Breaks   int      // places where the record is not as it was written
	Missing  []string // evidence that the database names and the backup does not hold
	Took     time.Duration
}

// Into returns a configuration whose database, key and evidence lie in a folder, to restore a backup beside the real ones.
func Into(folder string) *config.Config {
	c := config.Default()
	c.Database = "sqlite:" + filepath.Join(folder, archiveDatabase)
	c.Record.KeyFile = filepath.Join(folder, archiveKey)
	c.Evidence.Dir = filepath.Join(folder, archiveEvidence)
	return c
}

// Restore puts database, record key and evidence of a backup in their places. It refuses while `duban serve` runs on them, and where files are
// there already unless it is forced. Everything is unpacked beside its place and checked there; only then are files moved, the database last, so
// that a restore which is cut short leaves either what was there, or a place without a database that `duban serve` refuses and that can be
// restored again. A folder for evidence that is a disk of its own stays, and what is in it is moved.
func Restore(ctx context.Context, c *config.Config, file string, o RestoreOptions) (Restored, error) {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	r := &restore{config: c, options: o, file: file, began: time.Now()}
	if err := r.prepare(); err != nil {
		return Restored{}, err
	}
	release, err := store.Lock(c.SQLitePath())
	if err != nil {
		return Restored{}, err
	}
	defer release()
	defer r.clear()
	err = r.run(ctx)
	if bad, ok := errors.AsType[errArchive](err); ok {
		return Restored{}, trouble("cli.restore.damaged", "file", file, "why", bad.why)
	}
	if isNoSpace(err) {
		return Restored{}, trouble("cli.restore.no_space")
	}
	if err != nil {
		return Restored{}, fmt.Errorf("restore a backup: %w", err)
	}
	r.done.Took = time.Since(r.began)
	return r.done, nil
}

// restore is one that is under way.
type restore struct {
	config  *config.Config
	options RestoreOptions
	file    string
	began   time.Time
	fixed   bool // the folder for evidence stays where it is, and what is in it is moved
	done    Restored
}

// staged is where something lies until it is moved into its place. The lock keeps others away, so one name will do, and what a restore has left
// there that was cut short is found again.
func staged(place string) string { return place + ".restoring" }

// prepare refuses what would be overwritten and makes the folders.
func (r *restore) prepare() error {
	if _, err := os.Stat(r.file); err != nil {
		return trouble("cli.restore.no_file", "file", r.file)
	}
	if there := r.there(); len(there) > 0 && !r.options.Force {
		return trouble("cli.restore.not_empty", "files", strings.Join(there, ", "))
	}
	for _, place := range []string{r.config.SQLitePath(), r.config.Record.KeyFile, r.config.Evidence.Dir} {
		if err := os.MkdirAll(filepath.Dir(place), 0o700); err != nil {
			return fmt.Errorf("create a folder: %w", err)
		}
	}
	var err error
	if r.fixed, err = fixed(r.config.Evidence.Dir); err != nil {
		return fmt.Errorf("look at the folder for evidence: %w", err)
	}
	return nil
}

// there lists what lies in the places already. An empty folder for evidence is nothing.
func (r *restore) there() []string {
	var there []string
	for _, place := range append(r.databaseFiles(), r.config.Record.KeyFile) {
		if _, err := os.Lstat(place); err == nil {
			there = append(there, place)
		}
	}
	if names, err := evidenceIn(r.config.Evidence.Dir); err == nil && len(names) > 0 {
		there = append(there, r.config.Evidence.Dir)
	}
	return there
}

// databaseFiles are the database and what SQLite keeps beside it, which belongs to it and to no other file.
func (r *restore) databaseFiles() []string {
	path := r.config.SQLitePath()
	return []string{path, path + "-wal", path + "-shm", path + "-journal"}
}

// clear removes what was unpacked and not moved.
func (r *restore) clear() {
	os.Remove(staged(r.config.SQLitePath()))
	os.Remove(staged(r.config.Record.KeyFile))
	os.Remove(staged(restoreNote(r.config.SQLitePath())))
	os.RemoveAll(r.stagedEvidence())
}

func (r *restore) run(ctx context.Context) error {
	r.clear()
	if err := r.unpack(ctx); err != nil {
		return err
	}
	r.options.Progress(Progress{Step: "check"})
	if err := r.examine(ctx); err != nil {
		return err
	}
	r.done.Database, r.done.Evidence = r.config.SQLitePath(), r.config.Evidence.Dir
	if err := r.leaveNote(); err != nil {
		return err
	}
	return r.place()
}

func (r *restore) unpack(ctx context.Context) error {
	in, err := os.Open(r.file)
	if err != nil {
		return err
	}
	defer in.Close()
	archive, err := openArchive(in)
	if err != nil {
		return err
	}
	r.done.About = archive.about
	if archive.about.Format > archiveFormat {
		return trouble("cli.restore.newer", "file", r.file)
	}
	if err := r.room(); err != nil {
		return err
	}
	if err := os.Mkdir(r.stagedEvidence(), 0o700); err != nil {
		return err
	}
	evidence, err := os.OpenRoot(r.stagedEvidence())
	if err != nil {
		return err
	}
	defer evidence.Close()
	at := Progress{Step: "unpack", Total: archive.about.DatabaseBytes + archive.about.EvidenceBytes}
	tell := func(n int64) {
		at.Done += n
		r.options.Progress(at)
	}
	err = archive.unpack(ctx, tell, func(name string, content io.Reader) error {
		switch name {
		case archiveDatabase:
			return create(staged(r.config.SQLitePath()), content)
		case archiveKey:
			return create(staged(r.config.Record.KeyFile), content)
		}
		return createIn(evidence, strings.TrimPrefix(name, archiveEvidence+"/"), content)
	})
	if err == nil {
		unix.Sync() // once for all files and their folders, of which there may be very many
	}
	return err
}

// room sees that the disks have space for what the archive says it holds.
func (r *restore) room() error {
	about := r.done.About
	for _, need := range []struct {
		folder string
		bytes  int64
	}{
		{filepath.Dir(r.config.SQLitePath()), about.DatabaseBytes},
		{filepath.Dir(r.stagedEvidence()), about.EvidenceBytes},
	} {
		free, err := store.Free(need.folder)
		if err != nil {
			return err
		}
		if free < need.bytes+spare {
			return trouble("cli.backup.no_room", "folder", need.folder, "needed", text.Size(need.bytes+spare), "free", text.Size(free))
		}
	}
	return nil
}

// create writes a file that is not there yet.
func create(path string, content io.Reader) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return fill(f, content)
}

// createIn writes a file below a folder, which it cannot leave.
func createIn(folder *os.Root, name string, content io.Reader) error {
	if err := folder.MkdirAll(filepath.Dir(filepath.FromSlash(name)), 0o700); err != nil {
		return err
	}
	f, err := folder.OpenFile(filepath.FromSlash(name), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	return fill(f, content)
}

func fill(f *os.File, content io.Reader) error {
	_, err := io.Copy(f, content)
	return errors.Join(err, f.Close())
}

// examine looks at what was unpacked: the whole database, its record with the key that came with it, and the evidence that it names.
func (r *restore) examine(ctx context.Context) error {
	key, err := readKey(staged(r.config.Record.KeyFile))
	if err != nil {
		return badArchive("%s is not a key", archiveKey)
	}
	o := store.Options{Path: staged(r.config.SQLitePath()), Key: key}
	contents, err := store.Examine(ctx, o)
	switch {
	case errors.Is(err, store.ErrNewer):
		return trouble("cli.restore.newer", "file", r.file)
	case errors.Is(err, store.ErrDamaged), errors.Is(err, store.ErrForeign), errors.Is(err, store.ErrEmpty):
		return badArchive("%v", err)
	case err != nil:
		return err
	}
	r.done.Older = contents.Older
	if !contents.Older {
		_, breaks, err := store.VerifyCopy(ctx, o)
		if err != nil && !errors.Is(err, store.ErrBroken) {
			return err
		}
		r.done.Breaks = len(breaks)
	}
	return r.lookForEvidence(contents.Files)
}

// lookForEvidence notes what the database names and will not be there.
func (r *restore) lookForEvidence(names []string) error {
	folder := r.stagedEvidence()
	if !r.done.WithEvidence {
		folder = r.config.Evidence.Dir
	}
	for _, name := range names {
		switch _, err := os.Stat(filepath.Join(folder, name)); {
		case errors.Is(err, fs.ErrNotExist):
			r.done.Missing = append(r.done.Missing, filepath.ToSlash(name))
		case err != nil:
			return err
		}
	}
	return nil
}
