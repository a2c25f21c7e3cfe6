package app

import (
	"archive/tar"
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"path"
	"strings"
	"time"
)

// A backup is a tar archive that any tar program opens, with these files in this order. The sums come last and are those of all files before them, as
// sha256sum writes and checks them: an archive without them was cut short. Nothing is compressed: evidence is mostly photographs and documents,
// which do not get smaller.
const (
	archiveAbout    = "backup.json"
	archiveKey      = "record.key"
	archiveDatabase = "duban.db"
	archiveEvidence = "evidence"
	archiveSums     = "SHA256SUMS"
)

// archiveFormat is the number of this layout.
const archiveFormat = 1

// About is what an archive says of itself in its first file.
type About struct {
	Format        int       `json:"format"`
	MadeAt        time.Time `json:"made_at"`
	Program       string    `json:"program"`
	Schema        int64     `json:"schema"`
	DatabaseBytes int64     `json:"database_bytes"`
	Entries       int64     `json:"record_entries"`
	Head          string    `json:"record_head"` // hash of the newest entry in hexadecimal digits
	WithEvidence  bool      `json:"with_evidence"`
	EvidenceFiles int       `json:"evidence_files"`
	EvidenceBytes int64     `json:"evidence_bytes"`
}

// Progress is how far a long piece of work has come.
type Progress struct {
	Step        string // the last part of a key "cli.progress.<step>"
	Done, Total int64  // bytes; Total is 0 where nobody knows
}

// archiveWriter writes an archive and adds up what is in it.
type archiveWriter struct {
	tar  *tar.Writer
	at   time.Time
	sums strings.Builder
	tell func(int64) // how many bytes more have been written
}

// add writes a file of a size that is known before, and returns its sum.
func (w *archiveWriter) add(ctx context.Context, name string, size int64, content io.Reader) (sum string, err error) {
	header := &tar.Header{Name: name, Typeflag: tar.TypeReg, Mode: 0o600, Size: size, ModTime: w.at}
	if err := w.tar.WriteHeader(header); err != nil {
		return "", err
	}
	h := sha256.New()
	n, err := io.Copy(io.MultiWriter(w.tar, h), &told{ctx, io.LimitReader(content, size), w.tell})
	if err == nil && n < size {
		err = fmt.Errorf("%s became shorter while it was read", name)
	}
	sum = hex.EncodeToString(h.Sum(nil))
	fmt.Fprintf(&w.sums, "%s  %s\n", sum, name)
	return sum, err
}

// end writes the sums and what ends an archive.
func (w *archiveWriter) end(ctx context.Context) error {
	sums := w.sums.String()
	if _, err := w.add(ctx, archiveSums, int64(len(sums)), strings.NewReader(sums)); err != nil {
		return err
	}
	return w.tar.Close()
}

// told is a reader that ends with its context and tells how much was read.
type told struct {
	ctx  context.Context
	from io.Reader
	tell func(int64)
}

func (t *told) Read(p []byte) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := t.from.Read(p)
	t.tell(int64(n))
	return n, err
}

// archiveReader reads an archive from its beginning to its end and checks every file in it.
type archiveReader struct {
	tar   *tar.Reader
	about About
	sums  map[string]string // of the files read, by name
}

// errArchive is what is wrong with an archive that nobody should restore; its text is for the details.
type errArchive struct{ why string }

func (e errArchive) Error() string { return e.why }

func badArchive(format string, args ...any) error { return errArchive{fmt.Sprintf(format, args...)} }

// openArchive reads what the archive says of itself.
func openArchive(from io.Reader) (*archiveReader, error) {
	r := &archiveReader{tar: tar.NewReader(from), sums: map[string]string{}}
	header, err := r.tar.Next()
	if err != nil || header.Name != archiveAbout {
		return nil, badArchive("it is not a backup of Duban")
	}
	content, err := r.small(header)
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(content, &r.about); err != nil || r.about.Format < 1 {
		return nil, badArchive("%s cannot be read", archiveAbout)
	}
	return r, nil
}

// sumsLimit bounds what is read into memory: the sums of a million files.
const sumsLimit = 256 << 20

func (r *archiveReader) small(header *tar.Header) ([]byte, error) {
	if header.Size > sumsLimit {
		return nil, badArchive("%s is too large", header.Name)
	}
	h := sha256.New()
	content, err := io.ReadAll(io.TeeReader(r.tar, h))
	if err != nil {
		return nil, badArchive("%s: %v", header.Name, err)
	}
	r.read(header.Name, h)
	return content, nil
}

func (r *archiveReader) read(name string, h hash.Hash) { r.sums[name] = hex.EncodeToString(h.Sum(nil)) }

// unpack hands over every file after the first, then checks all of them against the sums. What was handed over counts only when it returns nil.
func (r *archiveReader) unpack(ctx context.Context, tell func(int64), put func(name string, content io.Reader) error) error {
	for {
		header, err := r.tar.Next()
		if errors.Is(err, io.EOF) {
			return badArchive("it ends before its sums")
		}
		if err != nil {
			return badArchive("%v", err)
		}
		if header.Name == archiveSums {
			content, err := r.small(header)
			if err != nil {
				return err
			}
			return r.check(string(content))
		}
		if err := r.admit(header); err != nil {
			return err
		}
		h := sha256.New()
		from := &sourceError{from: r.tar}
		err = put(header.Name, &told{ctx, io.TeeReader(from, h), tell})
		switch {
		case from.err != nil:
			return badArchive("%s: %v", header.Name, from.err)
		case err != nil:
			return err
		}
		r.read(header.Name, h)
	}
}

// sourceError keeps the error of the archive apart from those of the disk that is written to.
type sourceError struct {
	from io.Reader
	err  error
}

func (s *sourceError) Read(p []byte) (int, error) {
	n, err := s.from.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		s.err = err
	}
	return n, err
}

// admit lets only those files pass that a backup has, each once.
func (r *archiveReader) admit(header *tar.Header) error {
	name := header.Name
	below, isEvidence := strings.CutPrefix(name, archiveEvidence+"/")
	_, twice := r.sums[name]
	switch {
	case header.Typeflag != tar.TypeReg, twice:
		return badArchive("%q does not belong into a backup", name)
	case isEvidence && fs.ValidPath(below) && below != "." && path.Clean(below) == below:
		return nil
	case name == archiveKey, name == archiveDatabase:
		return nil
	}
	return badArchive("%q does not belong into a backup", name)
}

// check compares the sums of what was read with those that the archive names.
func (r *archiveReader) check(sums string) error {
	delete(r.sums, archiveSums)
	named := 0
	for lines := bufio.NewScanner(strings.NewReader(sums)); lines.Scan(); named++ {
		sum, name, _ := strings.Cut(lines.Text(), "  ")
		switch got, there := r.sums[name]; {
		case !there:
			return badArchive("%q is missing", name)
		case got != sum:
			return badArchive("%q is not what was put into it", name)
		}
	}
	if named != len(r.sums) {
		return badArchive("it holds files without a sum")
	}
	for _, name := range []string{archiveAbout, archiveKey, archiveDatabase} {
		if _, there := r.sums[name]; !there {
			return badArchive("%q is missing", name)
		}
	}
	return nil
}
