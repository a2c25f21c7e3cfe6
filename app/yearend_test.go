package app_test

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"duban"
	"duban/app"
	"duban/assess"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// yearOf2025 is an office with one item of 2025 for each school of the cast, and two files of evidence with the first.
func yearOf2025(t *testing.T) (*house, *app.Office) {
	t.Helper()
	ctx, h := context.Background(), mustHouse(t)
	if err := app.Init(context.Background(), h.config); err != nil {
		t.Fatal(err)
	}
	office, err := app.Open(ctx, h.config)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { office.Close() })
	at := func(day, hour int) *work.Desk {
		return office.Desk.Past(time.Date(2025, 3, day, hour, 0, 0, 0, cast.Shanghai))
	}
	rows := append([]work.RosterRow(nil), cast.Roster...)
	rows[6].Unit, rows[7].Unit = "实验/小学:党委", "实验/小学:党委"
	if _, err := at(1, 9).ImportRoster(ctx, duban.Console, rows, work.ImportOptions{}); err != nil {
		t.Fatal(err)
	}
	all := cast.Issue(t, at(3, 9), duban.Console, work.TaskRow{
		Line: 2, Code: "T-1", Title: "=cmd|' /C calc'!A0", Duty: "按要求完成", Units: "school_committee", Due: "2025-03-14", Evidence: duban.Evidence{Kind: duban.FileEvidence},
	})
	files := []duban.File{
		{Kind: duban.DocumentFile, FileID: "a", UniqueID: "a", Name: "总结.docx", ChatID: 1, MessageID: 1, Size: 3},
		{Kind: duban.PhotoFile, FileID: "b", UniqueID: "b", ChatID: 1, MessageID: 2, Size: 3},
	}
	if _, err := at(12, 9).Submit(ctx, duban.Console, all[0].ID, work.Report{Files: files}); err != nil {
		t.Fatal(err)
	}
	err = office.Store.Write(ctx, func(tx *store.Tx) error {
		wanted, err := tx.WantedFiles(10)
		for i, f := range wanted {
			content := []byte(fmt.Sprint("content ", i))
			hash := sha256.Sum256(content)
			f.SHA256, f.Path = hash[:], fmt.Sprintf("0%d/%d.jpg", i, f.ID)
			full := filepath.Join(h.config.Evidence.Dir, f.Path)
			err = errors.Join(err, os.MkdirAll(filepath.Dir(full), 0o700), os.WriteFile(full, content, 0o600), tx.StoreFile(f.ID, f.Path, f.SHA256, int64(len(content))))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return h, office
}

// packs makes packages and returns what was told of each.
func packs(t *testing.T, o *app.Office, y app.YearEnd) ([]app.Packed, error) {
	t.Helper()
	var told []app.Packed
	y.Year, y.Tell = 2025, func(p app.Packed) { told = append(told, p) }
	err := o.MakeYearEnd(context.Background(), y)
	return told, err
}

func TestEverySchoolGetsAWorkbookAndItsEvidence(t *testing.T) {
	_, office := yearOf2025(t)
	dir := filepath.Join(t.TempDir(), "2025")
	told, err := packs(t, office, app.YearEnd{Dir: dir})
	if err != nil || len(told) != 2 || told[0].Items != 1 || told[0].Evidence != 2 || told[0].Troubles != 0 || told[1].Of != 2 {
		t.Fatalf("%+v %v", told, err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	want := []string{".duban-yearend.json", "实验_小学_党委.xlsx", "实验_小学_党委.zip", "市第五中学党委.xlsx", "市第五中学党委.zip"}
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("the folder holds %v", names)
	}
	book, err := excelize.OpenFile(filepath.Join(dir, "市第五中学党委.xlsx"))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	if got := fmt.Sprint(book.GetSheetList()); got != "[汇总 分项统计 考评明细 台账 跟踪记载 佐证索引]" {
		t.Errorf("sheets %s", got)
	}
	for _, name := range book.GetSheetList() {
		rows, err := book.GetRows(name)
		if err != nil {
			t.Fatal(err)
		}
		for i := range rows {
			for k := range rows[i] {
				cell, _ := excelize.CoordinatesToCellName(k+1, i+1)
				if formula, _ := book.GetCellFormula(name, cell); formula != "" {
					t.Errorf("%s %s holds the formula %s", name, cell, formula)
				}
			}
		}
	}
	z, err := zip.OpenReader(filepath.Join(dir, "市第五中学党委.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	held := map[string]string{}
	for _, f := range z.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		content, _ := io.ReadAll(in)
		in.Close()
		held[f.Name] = string(content)
	}
	if held["T-1_市第五中学党委/001_总结.docx"] != "content 0" || held["T-1_市第五中学党委/002_photo.jpg"] != "content 1" {
		t.Errorf("the zip holds %v", held)
	}
	if !strings.Contains(held["佐证索引.csv"], "总结.docx") || !strings.Contains(held["记载校验.txt"], "校验码") {
		t.Errorf("the zip holds %v", held)
	}
}

// TestACallThatBrokeOffIsGoneOnWith breaks off after the first package, and damages it the second time.
func TestACallThatBrokeOffIsGoneOnWith(t *testing.T) {
	_, office := yearOf2025(t)
	dir := t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	err := office.MakeYearEnd(ctx, app.YearEnd{Year: 2025, Dir: dir, Tell: func(app.Packed) { cancel() }})
	if !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	told, err := packs(t, office, app.YearEnd{Dir: dir})
	if err != nil || !told[0].Before || told[1].Before {
		t.Fatalf("%+v %v", told, err)
	}
	if told, err = packs(t, office, app.YearEnd{Dir: dir}); err != nil || told[0].Before || told[1].Before {
		t.Errorf("what was finished is made anew: %+v %v", told, err)
	}
	ctx, cancel = context.WithCancel(context.Background())
	if err := office.MakeYearEnd(ctx, app.YearEnd{Year: 2025, Dir: dir, Tell: func(app.Packed) { cancel() }}); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "市第五中学党委.zip"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if told, err = packs(t, office, app.YearEnd{Dir: dir}); err != nil || told[0].Before {
		t.Errorf("a damaged file is made anew: %+v %v", told, err)
	}
}

func TestEvidenceThatIsMissingOrChangedIsNamed(t *testing.T) {
	h, office := yearOf2025(t)
	first, second := filepath.Join(h.config.Evidence.Dir, "00", "1.jpg"), filepath.Join(h.config.Evidence.Dir, "01", "2.jpg")
	if err := errors.Join(os.Remove(first), os.WriteFile(second, []byte("other"), 0o600)); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	told, err := packs(t, office, app.YearEnd{Dir: dir, Unit: "市第五中学党委"})
	if err != nil || len(told) != 1 || told[0].Troubles != 2 {
		t.Fatalf("%+v %v", told, err)
	}
	z, err := zip.OpenReader(filepath.Join(dir, "市第五中学党委.zip"))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	in, err := z.Open("佐证索引.csv")
	if err != nil {
		t.Fatal(err)
	}
	index, _ := io.ReadAll(in)
	if !strings.Contains(string(index), "缺失") || !strings.Contains(string(index), "与上报时不一致") {
		t.Errorf("the index says\n%s", index)
	}
}

func TestWrongRulesAreToldWithTheirPlace(t *testing.T) {
	h := mustHouse(t)
	if err := app.Init(context.Background(), h.config); err != nil {
		t.Fatal(err)
	}
	h.config.Assessment.Rules = filepath.Join(t.TempDir(), "rules.yaml")
	if err := app.WriteRules(h.config.Assessment.Rules); err != nil {
		t.Fatal(err)
	}
	office, err := app.Open(context.Background(), h.config)
	if err != nil {
		t.Fatal(err)
	}
	if got := office.Desk.AssessRules(); got.Version != assess.Default().Version {
		t.Errorf("the rules are %s", got.Version)
	}
	office.Close()
	if app.WriteRules(h.config.Assessment.Rules) == nil {
		t.Error("rules that are there already were written over")
	}
	wrong := strings.Replace(string(assess.Shipped()), "late: 0.2", "late: much", 1)
	if err := os.WriteFile(h.config.Assessment.Rules, []byte(wrong), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := app.Open(context.Background(), h.config); err == nil || !strings.Contains(err.Error(), "rules.yaml:27:11: daily.signing.late: write points") {
		t.Errorf("got %v", err)
	}
}
