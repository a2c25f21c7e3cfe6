package export

import (
	"encoding/hex"
	"fmt"
	"path"
	"path/filepath"
	"slices"

	"duban"
	"duban/sheet"
)

// Evidence is one file that was handed in, and its place in the package.
type Evidence struct {
	duban.File
	Assignment duban.Assignment
	Submission duban.SubmissionState
	Place      string // in the package; empty where the bytes are not here, or stay in the office
	Part       int    // of a package in several parts, from 1; 0 of one that is whole
}

// evidence lists every file that was handed in for items, by item and in the order in which they were sent. Of an internal item no file goes where the
// export is discreet, nor its name.
func (n names) evidence(items []duban.Assignment) ([]Evidence, error) {
	var all []Evidence
	folders := Names{}
	for _, a := range items {
		files, err := n.Tx.FilesFor(a.ID)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			continue
		}
		task := n.tasks[a.TaskID]
		withheld := n.Discreet && task.Internal
		folder := folders.Take(task.Code + "_" + n.units[a.UnitID])
		for i, f := range files {
			e := Evidence{File: f.File, Assignment: a, Submission: f.Submission}
			switch {
			case withheld:
				e.Name = ""
			case f.State == duban.FileStored:
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

// whereabouts says to what the places in an index of evidence lead.
type whereabouts string

const (
	inPackage whereabouts = "package" // the zip that goes with the index
	inOffice  whereabouts = "office"  // the evidence folder of the office
)

// index (佐证索引) is every piece of evidence with its SHA-256 and its place. Found says what is wrong with which, by its number from 0.
func (n names) index(all []Evidence, at whereabouts, found map[int]Trouble) sheet.Sheet {
	s := sheet.Sheet{
		Name: n.word("assess.sheet.evidence"),
		Columns: []sheet.Column{
			n.column("export.number", sheet.Number, 5), n.column("export.code", sheet.Text, 11), n.column("export.task", sheet.Text, 22),
			n.column("export.responsible_unit", sheet.Text, 17), n.column("assess.file.at", sheet.DateTime, 0), n.column("assess.file.name", sheet.Text, 22),
			n.column("assess.file.size", sheet.Number, 10), n.column("assess.file.sum", sheet.Text, 35),
			n.column("assess.file.place."+string(at), sheet.Text, 30), n.column("assess.file.submission", sheet.Text, 8), n.column("assess.file.kept", sheet.Text, 8),
		},
		At: n.now(),
	}
	split := slices.ContainsFunc(all, func(e Evidence) bool { return e.Part > 0 })
	if split {
		s.Columns = append(s.Columns, n.column("assess.file.part", sheet.Number, 5))
	}
	var rows [][]any
	for i, e := range all {
		task, place := n.tasks[e.Assignment.TaskID], e.Place
		if at == inOffice {
			place = e.Path
		}
		row := []any{
			i + 1, task.Code, n.title(task), n.units[e.Assignment.UnitID], n.moment(e.At), nameOf(e.File), e.Size, hex.EncodeToString(e.SHA256), place,
			n.word("assess.submission." + string(e.Submission)), n.kept(e, at, found[i]),
		}
		if split {
			row = append(row, part(e))
		}
		rows = append(rows, row)
	}
	s.Rows = sheet.Rows(rows)
	return s
}

// part is in which part of a package a file is; nothing for one that is in none.
func part(e Evidence) any {
	if e.Part == 0 {
		return nil
	}
	return e.Part
}

func (n names) kept(e Evidence, at whereabouts, t Trouble) string {
	switch {
	case t != NoTrouble:
		return n.word("assess.file." + string(t))
	case e.State != duban.FileStored:
		return n.word("assess.file.not_kept")
	case e.Place == "" && at == inPackage:
		return n.word("assess.file.withheld")
	}
	return n.word("assess.file.kept." + string(at))
}
