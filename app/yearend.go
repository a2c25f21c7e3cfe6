package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"duban"
	"duban/assess"
	"duban/export"
	"duban/store"
	"duban/work"
)

// YearEnd is what of the packages of a year is wanted.
type YearEnd struct {
	Year int
	Unit string // name of an assessed unit; empty: all of them
	Dir  string // where the packages go; it is made where it is missing
	// Tell is told of each unit when its package is there, or was there before.
	Tell func(Packed)
}

// Packed is the package of one unit: a workbook and a zip of the evidence.
type Packed struct {
	Number, Of int // of all that are to be made
	Unit       string
	Items      int
	Evidence   int
	Troubles   int  // files of evidence that are missing or not what was handed in
	Before     bool // it was made by a call that broke off
}

// packing is what is kept in the folder while packages are made, so that a call that broke off is gone on with.
type packing struct {
	Year    int                  `json:"year"`
	Rules   string               `json:"rules"`
	Done    bool                 `json:"done"`
	Packed  map[string]packState `json:"packed"` // by unit
	Started time.Time            `json:"started"`
}

type packState struct {
	Packed
	Files map[string]string `json:"files"` // name and SHA-256
}

// packingName is the file that keeps how far packages have come.
const packingName = ".duban-yearend.json"

// MakeYearEnd makes the package of each unit: it streams, so that packages of any size need little memory, and each file is put in place as a whole. What a
// call before has made for the same year and rules, and broke off, is not made again; what was finished is made anew.
func (o *Office) MakeYearEnd(ctx context.Context, y YearEnd) error {
	units, err := o.yearEndUnits(ctx, y)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(y.Dir, 0o700); err != nil {
		return err
	}
	p, err := o.packing(y)
	if err != nil {
		return err
	}
	taken := export.Names{}
	for i, u := range units {
		name := taken.Take(u.Name)
		if err := ctx.Err(); err != nil {
			return err
		}
		state, before := p.Packed[u.Name]
		if before = before && state.stands(y.Dir); !before {
			if state, err = o.pack(ctx, y, u, name); err != nil {
				return fmt.Errorf("pack %s: %w", u.Name, err)
			}
			p.Packed[u.Name] = state
			if err := p.keep(y.Dir); err != nil {
				return err
			}
		}
		state.Number, state.Of, state.Before = i+1, len(units), before
		y.Tell(state.Packed)
	}
	p.Done = true
	if err := p.keep(y.Dir); err != nil {
		return err
	}
	return o.recordExport(ctx, duban.Entry{Facts: duban.Facts{"table": "yearend", "year": y.Year, "units": len(units)}})
}

// yearEndUnits are the units whose packages are made: the assessed ones, or the one that is named.
func (o *Office) yearEndUnits(ctx context.Context, y YearEnd) ([]duban.Unit, error) {
	if y.Unit != "" {
		u, err := o.Unit(ctx, y.Unit)
		return []duban.Unit{u}, err
	}
	var units []duban.Unit
	err := o.Store.Read(ctx, func(tx *store.Tx) (err error) {
		units, err = work.AssessedUnits(tx)
		return err
	})
	if err == nil && len(units) == 0 {
		err = trouble("cli.yearend.no_units")
	}
	return units, err
}

// packing reads how far a call before has come; one for another year or other rules, or that was finished, counts as none.
func (o *Office) packing(y YearEnd) (packing, error) {
	fresh := packing{Year: y.Year, Rules: o.Desk.AssessRules().Version, Packed: map[string]packState{}, Started: time.Now()}
	content, err := os.ReadFile(filepath.Join(y.Dir, packingName))
	if errors.Is(err, fs.ErrNotExist) {
		return fresh, nil
	}
	if err != nil {
		return fresh, err
	}
	var kept packing
	if json.Unmarshal(content, &kept) != nil || kept.Done || kept.Year != fresh.Year || kept.Rules != fresh.Rules || kept.Packed == nil {
		return fresh, nil
	}
	return kept, nil
}

func (p packing) keep(dir string) error {
	content, err := json.MarshalIndent(p, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(filepath.Join(dir, packingName), func(f *os.File) error {
		_, err := f.Write(content)
		return err
	})
}

// stands reports whether the files of a package are there as they were made.
func (s packState) stands(dir string) bool {
	for name, sum := range s.Files {
		f, err := os.Open(filepath.Join(dir, filepath.Base(name)))
		if err != nil {
			return false
		}
		hash := sha256.New()
		_, err = io.Copy(hash, f)
		f.Close()
		if err != nil || hex.EncodeToString(hash.Sum(nil)) != sum {
			return false
		}
	}
	return len(s.Files) > 0
}

// pack makes the package of one unit on one snapshot of the database.
func (o *Office) pack(ctx context.Context, y YearEnd, u duban.Unit, name string) (packState, error) {
	state := packState{Packed: Packed{Unit: u.Name}, Files: map[string]string{}}
	err := o.Store.Read(ctx, func(tx *store.Tx) error {
		e := export.Export{
			Tx: tx, Calendar: o.Desk.Calendar, Lights: o.Desk.Policy.Lights, Lang: o.Lang(), Organisation: o.Desk.Policy.Organisation,
		}
		assessed, err := o.assessed(e, u, y.Year)
		if err != nil {
			return err
		}
		packet, err := e.YearEnd(assessed)
		if err != nil {
			return err
		}
		state.Items, state.Evidence = packet.Items(), len(packet.Evidence)
		if err := state.write(y.Dir, name+".xlsx", packet.Write); err != nil {
			return err
		}
		return state.write(y.Dir, name+".zip", func(w io.Writer) error {
			troubles, err := packet.WriteEvidence(ctx, w, o.Config.Evidence.Dir)
			state.Troubles = len(troubles)
			return err
		})
	})
	return state, err
}

// write puts one file in place and notes its hash.
func (s *packState) write(dir, name string, write func(io.Writer) error) error {
	hash := sha256.New()
	err := writeFile(filepath.Join(dir, name), func(f *os.File) error { return write(io.MultiWriter(f, hash)) })
	s.Files[name] = hex.EncodeToString(hash.Sum(nil))
	return err
}

// assessed is how a unit is assessed: in the round of the year, or where none was opened or has not come to it, as it would be proposed now.
func (o *Office) assessed(e export.Export, u duban.Unit, year int) (export.Assessed, error) {
	round, err := e.Tx.RoundOf(year)
	if err == nil {
		var a duban.Assessment
		if a, err = e.Tx.AssessmentIn(round.ID, u.ID); err == nil && !a.Computed.IsZero() {
			return e.Assessed(a)
		}
	}
	if err != nil && duban.CodeOf(err) != duban.NotFound {
		return export.Assessed{}, err
	}
	rules := o.Desk.AssessRules()
	proposals, err := work.Propose(e.Tx, o.Desk.Calendar, rules, year)
	if err != nil {
		return export.Assessed{}, err
	}
	p, err := proposals.For(u.ID)
	return export.Assessed{
		Unit: u, Year: year, Rules: rules, Lines: p.Lines, Score: assess.ScoreOf(rules, p.Lines, nil),
		Assessment: duban.Assessment{UnitID: u.ID, Counted: p.Counted, NotYet: p.NotYet},
	}, err
}
