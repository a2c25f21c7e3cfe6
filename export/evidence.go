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

// Evidence is one file that was handed in, and its place in the package.
type Evidence struct {
	duban.File
	Assignment duban.Assignment
	Submission duban.SubmissionState
	Place      string // in the zip; empty where the bytes are not here
}

// evidence lists every file that was handed in for the items, by item and in the order in which they were sent.
func (y *YearEnd) evidence() ([]Evidence, error) {
	var all []Evidence
	folders := Names{}
	for _, a := range y.items {
		files, err := y.Tx.FilesFor(a.ID)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			continue
		}
		folder := folders.Take(y.tasks[a.TaskID].Code + "_" + y.units[a.UnitID])
		for i, f := range files {
			e := Evidence{File: f.File, Assignment: a, Submission: f.Submission}
			if f.State == duban.FileStored {
				e.Place = path.Join(folder, fmt.Sprintf("%03d_%s", i+1, FileName(nameOf(f.File))))
			}
			all = append(all, e)
		}
	}
	return all, nil
}

// nameOf is the name under which a file was sent; photos and recordings have none.
func nameOf(f duban.File) string {
	if f.Name != "" {
		return f.Name
	}
	return string(f.Kind) + filepath.Ext(f.Path)
}

// index (佐证索引) is every piece of evidence with its SHA-256 and its place in the zip.
func (y *YearEnd) index() (sheet.Sheet, error) {
	return y.indexOf(nil), nil
}

func (y *YearEnd) indexOf(found map[int]Trouble) sheet.Sheet {
	var rows [][]any
	for i, e := range y.Evidence {
		task := y.tasks[e.Assignment.TaskID]
		rows = append(rows, []any{
			i + 1, task.Code, y.title(task), y.units[e.Assignment.UnitID], y.moment(e.At), nameOf(e.File), e.Size, hex.EncodeToString(e.SHA256), e.Place,
			y.word("assess.submission." + string(e.Submission)), y.kept(e, found[i]),
		})
	}
	return sheet.Sheet{
		Name: y.word("assess.sheet.evidence"),
		Columns: []sheet.Column{
			y.column("export.number", sheet.Number, 5), y.column("export.code", sheet.Text, 11), y.column("export.task", sheet.Text, 22),
			y.column("export.responsible_unit", sheet.Text, 17), y.column("assess.file.at", sheet.DateTime, 0), y.column("assess.file.name", sheet.Text, 22),
			y.column("assess.file.size", sheet.Number, 10), y.column("assess.file.sum", sheet.Text, 35), y.column("assess.file.place", sheet.Text, 30),
			y.column("assess.file.submission", sheet.Text, 8), y.column("assess.file.kept", sheet.Text, 8),
		},
		Rows: sheet.Rows(rows), At: y.now(),
	}
}

func (y *YearEnd) kept(e Evidence, t Trouble) string {
	switch {
	case t != NoTrouble:
		return y.word("assess.file." + string(t))
	case e.State != duban.FileStored:
		return y.word("assess.file.not_kept")
	}
	return y.word("assess.file.kept_yes")
}

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
	found, err := y.addEvidence(ctx, z, dir)
	if err != nil {
		return found, err
	}
	return found, z.Close()
}

// WritePackage writes the whole package as one zip: the workbook, and what WriteEvidence writes.
func (y *YearEnd) WritePackage(ctx context.Context, w io.Writer, dir string) error {
	z := zip.NewWriter(w)
	out, err := z.CreateHeader(&zip.FileHeader{Name: FileName(y.Unit.Name) + ".xlsx", Method: zip.Store, Modified: y.Tx.Now})
	if err != nil {
		return err
	}
	if err := y.Write(out); err != nil {
		return err
	}
	if _, err := y.addEvidence(ctx, z, dir); err != nil {
		return err
	}
	return z.Close()
}

func (y *YearEnd) addEvidence(ctx context.Context, z *zip.Writer, dir string) (map[int]Trouble, error) {
	found := map[int]Trouble{}
	for i, e := range y.Evidence {
		if err := ctx.Err(); err != nil {
			return found, err
		}
		if e.Place == "" {
			continue
		}
		trouble, err := copyEvidence(z, dir, e)
		if err != nil {
			return found, fmt.Errorf("add %s to the evidence: %w", e.Place, err)
		}
		if trouble != NoTrouble {
			found[i] = trouble
		}
	}
	return found, y.closing(z, found)
}

// packed are kinds of file that are packed already.
var packed = map[string]bool{".jpg": true, ".jpeg": true, ".png": true, ".zip": true, ".rar": true, ".7z": true, ".docx": true, ".xlsx": true, ".pptx": true, ".pdf": true,
	".mp4": true, ".mov": true, ".ogg": true, ".oga": true, ".mp3": true, ".m4a": true}

func copyEvidence(z *zip.Writer, dir string, e Evidence) (Trouble, error) {
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
	out, err := z.CreateHeader(header)
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
	if err := sheet.Write(out, sheet.CSV, y.indexOf(found)); err != nil {
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
