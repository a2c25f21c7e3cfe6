package export

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"time"

	"duban"
	"duban/sheet"
	"duban/text"
)

// Trouble is what is wrong with a piece of evidence.
type Trouble string

// What can be wrong with a piece of evidence.
const (
	NoTrouble   Trouble = ""
	FileMissing Trouble = "missing" // its bytes are no longer in the folder
	FileChanged Trouble = "changed" // its bytes are not those that were handed in
)

// WriteEvidence writes a zip of the evidence from the evidence folder, each file checked against its SHA-256 as it is copied, with the index and the head
// of the record. It returns what is wrong with which piece, by its number in the list from 0; such pieces are left out, or where their bytes are others
// kept as they are, and named in the index.
func (y *YearEnd) WriteEvidence(ctx context.Context, w io.Writer, dir string) (map[int]Trouble, error) {
	z := zip.NewWriter(w)
	found, err := y.addEvidence(ctx, z, dir, whole)
	if err != nil {
		return found, err
	}
	return found, z.Close()
}

// whole is the number of the part of a package that is in one.
const whole = 0

// Split divides the evidence into parts of at most so many bytes each, one file at least, and returns how many there are. Each piece of evidence notes its
// part; of a package that is in one, 1 is returned and nothing noted.
func (y *YearEnd) Split(most int64) int {
	part, size := 1, int64(0)
	for i := range y.Evidence {
		e := &y.Evidence[i]
		if e.Place == "" {
			continue
		}
		if size > 0 && size+e.Size > most {
			part, size = part+1, 0
		}
		size, e.Part = size+e.Size, part
	}
	if part > 1 {
		return part
	}
	for i := range y.Evidence {
		y.Evidence[i].Part = whole
	}
	return 1
}

// WritePackage writes a part of the package as a zip, from 1 to what Split returned: the workbook in the first one, its own evidence, and the index of all
// evidence in each. Unpacked into one folder the parts make the whole package.
func (y *YearEnd) WritePackage(ctx context.Context, w io.Writer, dir string, part int) error {
	z := zip.NewWriter(w)
	if part == 1 {
		out, err := z.CreateHeader(&zip.FileHeader{Name: FileName(y.Unit.Name) + ".xlsx", Method: zip.Store, Modified: y.Tx.Now})
		if err != nil {
			return err
		}
		if err := y.Write(out); err != nil {
			return err
		}
	}
	if _, err := y.addEvidence(ctx, z, dir, part); err != nil {
		return err
	}
	return z.Close()
}

// addEvidence adds the evidence of a part to the zip, and looks whether that of the others is what was handed in, so that the index says it of all.
func (y *YearEnd) addEvidence(ctx context.Context, z *zip.Writer, dir string, part int) (map[int]Trouble, error) {
	found := map[int]Trouble{}
	for i, e := range y.Evidence {
		if err := ctx.Err(); err != nil {
			return found, err
		}
		if e.Place == "" {
			continue
		}
		create := z.CreateHeader
		if e.Part != whole && e.Part != part {
			create = discarded
		}
		trouble, err := copyEvidence(create, dir, e)
		if err != nil {
			return found, fmt.Errorf("add %s to the evidence: %w", e.Place, err)
		}
		if trouble != NoTrouble {
			found[i] = trouble
		}
	}
	return found, y.closing(z, found)
}

func discarded(*zip.FileHeader) (io.Writer, error) { return io.Discard, nil }

// packed are kinds of file that are packed already.
var packed = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".zip": true, ".rar": true, ".7z": true, ".docx": true, ".xlsx": true, ".pptx": true, ".pdf": true,
	".mp4": true, ".mov": true, ".ogg": true, ".oga": true, ".mp3": true, ".m4a": true}

func copyEvidence(create func(*zip.FileHeader) (io.Writer, error), dir string, e Evidence) (Trouble, error) {
	if !filepath.IsLocal(filepath.FromSlash(e.Path)) {
		return FileMissing, nil
	}
	in, err := os.Open(filepath.Join(dir, filepath.FromSlash(e.Path)))
	if errors.Is(err, fs.ErrNotExist) {
		return FileMissing, nil
	}
	if err != nil {
		return NoTrouble, err
	}
	defer in.Close()
	header := &zip.FileHeader{Name: e.Place, Method: zip.Deflate, Modified: e.At}
	if e.Kind == duban.PhotoFile || packed[path.Ext(e.Place)] {
		header.Method = zip.Store
	}
	out, err := create(header)
	if err != nil {
		return NoTrouble, err
	}
	sum := sha256.New()
	if _, err := io.Copy(io.MultiWriter(out, sum), in); err != nil {
		return NoTrouble, err
	}
	if !bytes.Equal(sum.Sum(nil), e.SHA256) {
		return FileChanged, nil
	}
	return NoTrouble, nil
}

// closing adds the index and the head of the record to the zip.
func (y *YearEnd) closing(z *zip.Writer, found map[int]Trouble) error {
	out, err := z.CreateHeader(&zip.FileHeader{Name: y.word("assess.sheet.evidence") + ".csv", Method: zip.Deflate, Modified: y.Tx.Now})
	if err != nil {
		return err
	}
	if err := sheet.Write(out, sheet.CSV, y.index(y.Evidence, inPackage, found)); err != nil {
		return err
	}
	out, err = z.CreateHeader(&zip.FileHeader{Name: y.word("assess.sheet.head") + ".txt", Method: zip.Deflate, Modified: y.Tx.Now})
	if err != nil {
		return err
	}
	_, err = io.WriteString(out, y.HeadLine()+"\r\n")
	return err
}

// HeadLine says up to which entry of the record the package tells, with its hash, by which it can be compared with the record later.
func (y *YearEnd) HeadLine() string {
	return text.Word(y.Lang, "assess.head", "at", y.Tx.Now.In(y.Calendar.Zone()).Format(time.DateTime), "n", int(y.head.Seq), "hash", hex.EncodeToString(y.head.Hash))
}
