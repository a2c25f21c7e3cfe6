package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/export"
	"duban/internal/cast"
	"duban/store"
	"duban/text"
	"duban/work"
)

// withEvidence is the year of the other tests in which each school has handed in so many files more, of 300 bytes each, for an item that was due in June. It
// returns the folder in which they lie.
func withEvidence(t *testing.T, files int) (*work.Desk, string) {
	t.Helper()
	d, dir, ctx := year(t), t.TempDir(), context.Background()
	all := cast.Issue(t, d.Past(at(6, 1, 9, 0)), duban.Console, work.TaskRow{
		Line: 2, Code: "T-3", Title: "党员名册", Duty: "报送名册", Units: "school_committee", Due: "2026-06-12", Evidence: duban.Evidence{Kind: duban.FileEvidence},
	})
	for _, a := range all {
		var report work.Report
		for i := range files {
			id := fmt.Sprintf("%d-%d", a.ID, i)
			report.Files = append(report.Files, duban.File{Kind: duban.DocumentFile, FileID: id, UniqueID: id, Name: "名册.docx", ChatID: 1, MessageID: int64(i + 1), Size: 300})
		}
		if _, err := d.Past(at(6, 10, 9, 0)).Submit(ctx, duban.Console, a.ID, report); err != nil {
			t.Fatal(err)
		}
	}
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		wanted, err := tx.WantedFiles(1000)
		for _, f := range wanted {
			content := []byte(strings.Repeat(fmt.Sprintf("%03d", f.ID), 100))
			sum, name := sha256.Sum256(content), fmt.Sprintf("%d.docx", f.ID)
			if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
				return err
			}
			if err := tx.StoreFile(f.ID, name, sum[:], int64(len(content))); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return d, dir
}

// packageOf is the package of a school for 2026.
func packageOf(e export.Export, d *work.Desk, name string) (*export.YearEnd, error) {
	units, err := e.Tx.UnitsNamed(name)
	if err != nil {
		return nil, err
	}
	return e.YearEnd(export.Assessed{Unit: units[0], Year: 2026, Rules: d.AssessRules(), Score: assess.ScoreOf(d.AssessRules(), nil, nil)})
}

// unpacked is what a zip holds, by name.
func unpacked(t *testing.T, data []byte) map[string][]byte {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	held := map[string][]byte{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		held[f.Name], err = io.ReadAll(in)
		in.Close()
		if err != nil {
			t.Fatal(err)
		}
	}
	return held
}

// indexed reads the index of evidence in a zip, without its heading.
func indexed(t *testing.T, held map[string][]byte) (heading []string, rows [][]string) {
	t.Helper()
	records, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(held["佐证索引.csv"], []byte("\ufeff")))).ReadAll()
	if err != nil || len(records) == 0 {
		t.Fatalf("no index in %v: %v", held, err)
	}
	return records[0], records[1:]
}

// TestALargePackageIsDividedAndEachPartHasTheWholeIndex divides seven files of 300 bytes into parts of 1000 bytes; the bytes of the sixth are lost.
func TestALargePackageIsDividedAndEachPartHasTheWholeIndex(t *testing.T) {
	d, dir := withEvidence(t, 7)
	cast.Read(t, d, func(tx *store.Tx) error {
		y, err := packageOf(from(tx, d, at(7, 1, 9, 0)), d, "市第五中学党委")
		if err != nil {
			return err
		}
		if n := y.Split(1000); n != 3 || len(y.Evidence) != 7 {
			t.Fatalf("%d pieces of evidence in %d parts", len(y.Evidence), n)
		}
		if err := os.Remove(filepath.Join(dir, y.Evidence[5].Path)); err != nil {
			return err
		}
		seen := map[string]int{}
		for part := 1; part <= 3; part++ {
			var out bytes.Buffer
			if err := y.WritePackage(context.Background(), &out, dir, part); err != nil {
				return err
			}
			held := unpacked(t, out.Bytes())
			if _, book := held["市第五中学党委.xlsx"]; book != (part == 1) {
				t.Errorf("part %d holds %v", part, held)
			}
			for i, e := range y.Evidence {
				content, here := held[e.Place]
				if sum := sha256.Sum256(content); here && (e.Part != part || !bytes.Equal(sum[:], e.SHA256)) {
					t.Errorf("%s is in part %d, or its bytes are others", e.Place, part)
				} else if here {
					seen[e.Place]++
				}
				_, rows := indexed(t, held)
				if row := rows[i]; len(rows) != 7 || row[7] != hex.EncodeToString(e.SHA256) || row[8] != e.Place || row[11] != fmt.Sprint(e.Part) ||
					(row[10] == "缺失") != (i == 5) {
					t.Errorf("part %d says of %s %v", part, e.Place, rows[i])
				}
			}
		}
		if len(seen) != 6 {
			t.Errorf("the parts hold %v", seen)
		}
		return nil
	})
}

func TestASmallPackageIsWhole(t *testing.T) {
	d, dir := withEvidence(t, 2)
	cast.Read(t, d, func(tx *store.Tx) error {
		y, err := packageOf(from(tx, d, at(7, 1, 9, 0)), d, "市第五中学党委")
		if err != nil {
			return err
		}
		if n := y.Split(1000); n != 1 {
			t.Errorf("%d parts", n)
		}
		var out bytes.Buffer
		if err := y.WritePackage(context.Background(), &out, dir, 1); err != nil {
			return err
		}
		held := unpacked(t, out.Bytes())
		heading, rows := indexed(t, held)
		if len(held) != 5 || len(rows) != 2 || slices.Contains(heading, "分包") || rows[0][10] != "已附" {
			t.Errorf("%d files, %v %v", len(held), heading, rows)
		}
		return nil
	})
}

// TestEvidenceOfInternalItemsStaysInTheOffice has an item become internal after its evidence was handed in.
func TestEvidenceOfInternalItemsStaysInTheOffice(t *testing.T) {
	d, dir := withEvidence(t, 2)
	err := d.Store.Write(context.Background(), func(tx *store.Tx) error {
		all, err := tx.Tasks()
		if err != nil {
			return err
		}
		task := all[slices.IndexFunc(all, func(t duban.Task) bool { return t.Code == "T-3" })]
		task.Internal = true
		return tx.ChangeTask(task)
	})
	if err != nil {
		t.Fatal(err)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		e := from(tx, d, at(7, 1, 9, 0))
		e.Discreet = true
		y, err := packageOf(e, d, "市第五中学党委")
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := y.WritePackage(context.Background(), &out, dir, 1); err != nil {
			return err
		}
		held := unpacked(t, out.Bytes())
		_, rows := indexed(t, held)
		if len(held) != 3 || len(rows) != 2 || rows[0][8] != "" || rows[0][10] != "内部事项，不附" || strings.Contains(fmt.Sprint(rows), "名册") {
			t.Errorf("%d files, %v", len(held), rows)
		}
		return nil
	})
}

func TestABookOfEvidenceHasTheIndexOfWhatWasDueInItsDays(t *testing.T) {
	d, _ := withEvidence(t, 2)
	date := func(month time.Month, day int) calendar.Date {
		return calendar.Date{Year: 2026, Month: month, Day: day}
	}
	for name, c := range map[string]struct {
		from, to calendar.Date
		school   bool
		rows     int
	}{
		"the half year of a school": {date(1, 1), date(6, 30), true, 2},
		"the half year of the city": {date(1, 1), date(6, 30), false, 4},
		"the other half":            {date(7, 1), date(12, 31), true, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			cast.Read(t, d, func(tx *store.Tx) error {
				e := from(tx, d, at(7, 1, 9, 0))
				if c.school {
					units, err := tx.UnitsNamed("市第五中学党委")
					if err != nil {
						return err
					}
					e.Filter.Unit = units[0].ID
				}
				return e.Report(&out, duban.Report{Kind: duban.HalfYearReport, Period: "2026", From: c.from, To: c.to, MadeAt: tx.Now})
			})
			rows := mustRows(t, mustExcel(t, out.Bytes()), text.Word(text.ZH, "assess.sheet.evidence"))
			if len(rows) != 1+c.rows || rows[0][8] != "办公室存放位置" {
				t.Fatalf("%v", rows)
			}
			for _, row := range rows[1:] {
				if len(row[7]) != 64 || !strings.HasSuffix(row[8], ".docx") || row[10] != "已存" {
					t.Errorf("%v", row)
				}
			}
		})
	}
}
