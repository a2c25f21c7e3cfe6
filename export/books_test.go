package export_test

import (
	"bytes"
	"strings"
	"testing"

	"duban"
	"duban/assess"
	"duban/calendar"
	"duban/export"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
	"duban/text"
	"duban/work"
)

// books writes every workbook that can be taken away, by name: the tables, the reports of each kind, a handover, and what is made for an assessment.
func books(tb testing.TB, d *work.Desk, lang text.Lang, announcement int64) map[string][]byte {
	tb.Helper()
	all := map[string][]byte{}
	for _, table := range export.Tables {
		all[string(table)] = written(tb, d, at(3, 12, 9, 0), sheet.XLSX, table, func(e *export.Export) {
			e.Filter.Announcement, e.Lang = announcement, lang
		})
	}
	cast.Read(tb, d, func(tx *store.Tx) error {
		e := from(tx, d, at(3, 12, 9, 0))
		e.Organisation, e.Lang = d.Policy.Organisation, lang
		for _, kind := range duban.ReportKinds {
			var out bytes.Buffer
			if err := e.Report(&out, reported(tb, d, tx, kind)); err != nil {
				return err
			}
			all["report_"+string(kind)] = out.Bytes()
		}
		var err error
		if all["handover"], err = handedOver(e); err != nil {
			return err
		}
		return assessedBooks(e, d, all)
	})
	return all
}

// reported is a report about what was due in March, with the figures of that.
func reported(tb testing.TB, d *work.Desk, tx *store.Tx, kind duban.ReportKind) duban.Report {
	tb.Helper()
	from := calendar.Date{Year: 2026, Month: 3, Day: 1}
	r := duban.Report{Kind: kind, Period: "2026-03", From: from, To: from.AddMonths(1).Add(-1), MadeAt: tx.Now}
	units, err := tx.Units()
	if err != nil {
		tb.Fatal(err)
	}
	var ids []int64
	var items []duban.Assignment
	for _, u := range units {
		own, err := tx.InSubtree(u.ID)
		if err != nil {
			tb.Fatal(err)
		}
		if ids = append(ids, u.ID); u.ParentID == 0 {
			items = append(items, own...)
		}
	}
	c := duban.Counting{From: r.From, To: r.To, Since: r.From, Calendar: d.Calendar, Lights: d.Policy.Lights, Now: tx.Now}
	r.UnitID, r.Figures = ids[0], c.FiguresOf(ids, items, func(unit int64) int64 { return unit })
	return r
}

func handedOver(e export.Export) ([]byte, error) {
	var h export.Handover
	err := e.Tx.EveryAssignment(e.Tx.Now.AddDate(-1, 0, 0), e.Tx.Now.AddDate(1, 0, 0), func(a duban.Assignment) error {
		if a.State.Done() {
			h.Done = append(h.Done, a.ID)
		} else {
			h.Open = append(h.Open, a.ID)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	sheets, err := e.Handover(h)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	err = sheet.WriteBook(&out, sheets)
	return out.Bytes(), err
}

// assessedBooks writes the package of a school for the end of the year, and what it is shown before anything is decided.
func assessedBooks(e export.Export, d *work.Desk, all map[string][]byte) error {
	rules := d.AssessRules()
	proposals, err := work.Propose(e.Tx, d.Calendar, rules, 2026)
	if err != nil {
		return err
	}
	units, err := e.Tx.UnitsNamed("市第五中学党委")
	if err != nil {
		return err
	}
	p, err := proposals.For(units[0].ID)
	if err != nil {
		return err
	}
	a := export.Assessed{
		Unit: units[0], Year: 2026, Rules: rules, Lines: p.Lines, Score: assess.ScoreOf(rules, p.Lines, nil),
		Assessment: duban.Assessment{UnitID: units[0].ID, Counted: p.Counted, NotYet: p.NotYet},
	}
	var pack, score bytes.Buffer
	y, err := e.YearEnd(a)
	if err != nil {
		return err
	}
	if err := y.Write(&pack); err != nil {
		return err
	}
	all["year_end"] = pack.Bytes()
	err = e.WriteScore(&score, a)
	all["score"] = score.Bytes()
	return err
}

func TestNoWorkbookHasAFormulaOrALink(t *testing.T) {
	d, announcement := hostile(t)
	for _, lang := range text.Langs {
		for name, data := range books(t, d, lang, announcement) {
			parts := unzipped(t, data)
			for _, mark := range []string{"<f>", "<f ", "<hyperlink", "externalLink", "ddeLink", `t="str"`} {
				if strings.Contains(parts, mark) {
					t.Errorf("the workbook %s in %s has %s", name, lang, mark)
				}
			}
		}
	}
}

func TestAReportEndsWithTheSumOfItsUnits(t *testing.T) {
	d := year(t)
	data := books(t, d, text.ZH, announce(t, d))["report_monthly"]
	rows := mustRows(t, mustExcel(t, data), "月报 2026-03")
	if len(rows) != 6 || rows[0][0] != "责任单位" || rows[5][0] != "合计" {
		t.Fatalf("the rows are %v", rows)
	}
	// T-1 was due on 6 March and reported late on the 10th after one return; T-2 is due in April.
	for column, want := range map[string]string{"本期到期": "1", "按时上报": "0", "超期上报": "1", "逾期未报": "0", "退回次数": "1", "本期交办": "3"} {
		for i, heading := range rows[0] {
			if heading == column && rows[5][i] != want {
				t.Errorf("%s is %s, want %s", column, rows[5][i], want)
			}
		}
	}
}

func TestEverySheetButTheMatrixPrintsOnePageWide(t *testing.T) {
	d := year(t)
	all := books(t, d, text.ZH, announce(t, d))
	delete(all, string(export.MatrixTable)) // a column for each task
	for name, data := range all {
		book := mustExcel(t, data)
		for _, one := range book.GetSheetList() {
			layout, err := book.GetPageLayout(one)
			if err != nil {
				t.Fatal(err)
			}
			props, err := book.GetSheetProps(one)
			if err != nil {
				t.Fatal(err)
			}
			if !*props.FitToPage || *layout.FitToWidth != 1 || *layout.Orientation != "landscape" {
				t.Errorf("%s of %s is %s and goes over several pages across", one, name, *layout.Orientation)
			}
		}
	}
}
