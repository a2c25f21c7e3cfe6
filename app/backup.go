package app

import (
	"archive/tar"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"duban/config"
	"duban/store"
	"duban/text"
)

// BackupOptions say how a backup is made.
type BackupOptions struct {
	WithoutEvidence bool
	Progress        func(Progress) // is told often; may be nil
}

// Archived is a backup that was made.
type Archived struct {
	About
	Path  string
	Bytes int64
	Took  time.Duration
	// What to look after, though the backup is complete: the key is not the one of the record, evidence that the database names and that is not in
	// its folder, and evidence whose bytes are not those that were stored. Files are named by their path below the folder.
	Unsealed         bool
	Missing, Damaged []string
}

// spare is how much stays free on a disk that a backup is written to, so that it does not stop a database that lies there too.
const spare = 64 << 20

// Backup puts database, record key and evidence into one new file. It may run beside `duban serve`: the database is copied as it stands at one
// moment and the copy is checked; evidence that arrives meanwhile may be in it or not. The file is there as a whole and synced, or not at all, and
// never takes the place of another.
func Backup(ctx context.Context, c *config.Config, file string, o BackupOptions) (Archived, error) {
	if o.Progress == nil {
		o.Progress = func(Progress) {}
	}
	b := &backup{config: c, options: o, path: file, began: time.Now()}
	if err := b.admit(); err != nil {
		return Archived{}, err
	}
	err := b.make(ctx)
	if store.IsFull(err) || isNoSpace(err) {
		return Archived{}, trouble("cli.backup.no_space", "folder", filepath.Dir(file))
	}
	if err != nil {
		return Archived{}, fmt.Errorf("make a backup: %w", err)
	}
	b.done.Took = time.Since(b.began)
	return b.done, nil
}

// backup is one that is being made.
type backup struct {
	config  *config.Config
	options BackupOptions
	path    string
	began   time.Time
	key     []byte // as it stands in its file
	copy    store.Options
	found   []evidenceFile
	done    Archived
}

// evidenceFile is a file below the folder for evidence.
type evidenceFile struct {
	path string // below the folder, with slashes
	size int64
	at   time.Time
}

// admit refuses before anything is written what cannot end well.
func (b *backup) admit() error {
	if _, err := os.Lstat(b.path); err == nil {
		return trouble("cli.backup.exists", "file", b.path)
	}
	if info, err := os.Stat(filepath.Dir(b.path)); err != nil || !info.IsDir() {
		return trouble("cli.backup.no_folder", "folder", filepath.Dir(b.path))
	}
	sealing, err := keyOf(b.config)
	if err != nil {
		return err
	}
	if b.key, err = os.ReadFile(b.config.Record.KeyFile); err != nil {
		return fmt.Errorf("read the record key: %w", err)
	}
	b.copy.Key = sealing
	return b.room()
}

// room sees that there is space for the copy of the database and the archive beside it.
func (b *backup) room() error {
	database, err := os.Stat(b.config.SQLitePath())
	if err != nil {
		return fmt.Errorf("look at the database: %w", err)
	}
	if err := b.gather(); err != nil {
		return err
	}
	free, err := store.Free(filepath.Dir(b.path))
	if err != nil {
		return err
	}
	if needed := 2*database.Size() + b.evidenceBytes() + spare; free < needed {
		return trouble("cli.backup.no_room", "folder", filepath.Dir(b.path), "needed", text.Size(needed), "free", text.Size(free))
	}
	return nil
}

func (b *backup) evidenceBytes() (sum int64) {
	for _, f := range b.found {
		sum += f.size
	}
	return sum
}

// gather lists the evidence, without the files that are only just arriving.
func (b *backup) gather() error {
	b.found = nil
	folder := b.config.Evidence.Dir
	if b.options.WithoutEvidence {
		return nil
	}
	if _, err := os.Stat(folder); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	err := fs.WalkDir(os.DirFS(folder), ".", func(name string, entry fs.DirEntry, err error) error {
		if !isEvidence(name) {
			return skip(entry)
		}
		if err != nil || !entry.Type().IsRegular() || arriving.MatchString(name) {
			return err
		}
		info, err := entry.Info()
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err == nil {
			b.found = append(b.found, evidenceFile{name, info.Size(), info.ModTime()})
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("read the folder for evidence: %w", err)
	}
	return nil
}

// skip leaves a file out of a walk, or a folder with all that is in it.
func skip(entry fs.DirEntry) error {
	if entry.IsDir() {
		return fs.SkipDir
	}
	return nil
}

// arriving is the name of a file that is being fetched.
var arriving = regexp.MustCompile(`^part-[^/]*$`)

// make copies the database, looks at the copy, and packs it with the rest. The evidence is listed after the copy was made: what the copy names is
// there by then, and nothing is ever removed.
func (b *backup) make(ctx context.Context) error {
	b.copy.Path = partOf(b.path, "db")
	b.options.Progress(Progress{Step: "copy"})
	if err := store.Copy(ctx, b.config.SQLitePath(), b.copy.Path); err != nil {
		return err
	}
	defer os.Remove(b.copy.Path)
	b.options.Progress(Progress{Step: "check"})
	contents, err := store.Examine(ctx, b.copy)
	if err != nil {
		return err
	}
	if err := b.gather(); err != nil {
		return err
	}
	b.describe(contents)
	part := partOf(b.path, "tar")
	defer os.Remove(part)
	if err := b.write(ctx, part); err != nil {
		return err
	}
	return settle(part, b.path)
}

// partOf names a file beside another one that is not complete yet. Nobody else has that name: it carries the process and the moment.
func partOf(file, kind string) string {
	name := fmt.Sprintf(".%s.part-%d-%d.%s", filepath.Base(file), os.Getpid(), time.Now().UnixNano(), kind)
	return filepath.Join(filepath.Dir(file), name)
}

func (b *backup) describe(c store.Contents) {
	b.done.About = About{
		Format: archiveFormat, MadeAt: b.began.UTC().Truncate(time.Second), Program: Version(), Schema: c.Schema,
		Entries: c.Entries, Head: hex.EncodeToString(c.Head),
		WithEvidence: !b.options.WithoutEvidence, EvidenceFiles: len(b.found), EvidenceBytes: b.evidenceBytes(),
	}
	b.done.Path, b.done.Unsealed = b.path, !c.Sealed
	if b.options.WithoutEvidence {
		return
	}
	there := map[string]bool{}
	for _, f := range b.found {
		there[f.path] = true
	}
	for _, name := range c.Files {
		if name = filepath.ToSlash(name); !there[name] {
			b.done.Missing = append(b.done.Missing, name)
		}
	}
}

// write writes the archive and syncs it.
func (b *backup) write(ctx context.Context, part string) (err error) {
	out, err := os.OpenFile(part, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	if err := b.pack(ctx, out); err != nil {
		return err
	}
	if err := out.Sync(); err != nil {
		return err
	}
	b.done.Bytes, err = out.Seek(0, io.SeekCurrent)
	return err
}

func (b *backup) pack(ctx context.Context, out io.Writer) error {
	database, err := os.Open(b.copy.Path)
	if err != nil {
		return err
	}
	defer database.Close()
	info, err := database.Stat()
	if err != nil {
		return err
	}
	b.done.DatabaseBytes = info.Size()
	about, err := json.MarshalIndent(b.done.About, "", "  ")
	if err != nil {
		return err
	}
	at := Progress{Step: "pack", Total: info.Size() + b.evidenceBytes()}
	w := &archiveWriter{tar: tar.NewWriter(out), at: b.began, tell: func(n int64) {
		at.Done += n
		b.options.Progress(at)
	}}
	if _, err := w.add(ctx, archiveAbout, int64(len(about)), strings.NewReader(string(about))); err != nil {
		return err
	}
	if _, err := w.add(ctx, archiveKey, int64(len(b.key)), strings.NewReader(string(b.key))); err != nil {
		return err
	}
	if _, err := w.add(ctx, archiveDatabase, info.Size(), database); err != nil {
		return err
	}
	for _, f := range b.found {
		if err := b.packEvidence(ctx, w, f); err != nil {
			return err
		}
	}
	return w.end(ctx)
}

// packEvidence packs a file as it is. Evidence is named after the sum of its bytes, so that one that has changed is noticed.
func (b *backup) packEvidence(ctx context.Context, w *archiveWriter, f evidenceFile) error {
	content, err := os.Open(filepath.Join(b.config.Evidence.Dir, filepath.FromSlash(f.path)))
	if err != nil {
		return err
	}
	defer content.Close()
	w.at = f.at
	sum, err := w.add(ctx, path.Join(archiveEvidence, f.path), f.size, content)
	if name := path.Base(f.path); err == nil && storedName.MatchString(name) && name != sum {
		b.done.Damaged = append(b.done.Damaged, f.path)
	}
	return err
}

var storedName = regexp.MustCompile(`^[0-9a-f]{64}$`)

// settle gives a complete and synced file its name, unless there is one of that name, and syncs the folder.
func settle(part, file string) error {
	err := os.Link(part, file)
	if errors.Is(err, fs.ErrExist) {
		return trouble("cli.backup.exists", "file", file)
	}
	if err != nil { // a file system without links
		if _, there := os.Lstat(file); there == nil {
			return trouble("cli.backup.exists", "file", file)
		}
		if err := os.Rename(part, file); err != nil {
			return err
		}
	}
	return syncFolder(filepath.Dir(file))
}

func syncFolder(path string) error {
	folder, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}

// isNoSpace reports whether an error says that a disk is full, or that its user may not use more of it.
func isNoSpace(err error) bool {
	return errors.Is(err, unix.ENOSPC) || errors.Is(err, unix.EDQUOT) || errors.Is(err, unix.EFBIG)
}
