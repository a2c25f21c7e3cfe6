package imports_test

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/assess"
	"duban/imports"
	"duban/internal/cast"
	"duban/sheet"
	"duban/store"
	"duban/text"
	"duban/work"
)

// openRound opens the assessment of the desk's year.
func openRound(tb testing.TB, d *work.Desk) duban.AssessmentRound {
	tb.Helper()
	now := d.At
	if now.IsZero() {
		now = time.Now()
	}
	round, err := d.OpenAssessment(context.Background(), duban.Console, work.Opening{Year: d.Calendar.Today(now).Year, Until: d.WindowEnd(now, duban.ObjectWithin)})
	if err != nil {
		tb.Fatal(err)
	}
	return round
}

// form is the form of a round as it is sent, in a format and a language.
func form(tb testing.TB, d *work.Desk, round duban.AssessmentRound, format sheet.Format, lang text.Lang) string {
	tb.Helper()
	rules := assess.Default()
	f := imports.PartsForm{Lang: lang, Organisation: "滨江市", Year: round.Year, Parts: append(rules.Entered(), assess.Bonus, assess.Negative), Most: rules.Most}
	cast.Read(tb, d, func(tx *store.Tx) (err error) {
		f.Units, err = work.Proposable(tx, duban.Console, round)
		return err
	})
	var out bytes.Buffer
	if err := sheet.Write(&out, format, f.Sheet()); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func TestAFormOfPointsThatComesBackAsItWasChangesNothing(t *testing.T) {
	d := cast.Open(t)
	round := openRound(t, d)
	filled := "年度,单位,年终考核,述职评议,加分,扣分,依据,述职评议依据,加分依据,扣分依据\n" +
		",市第五中学党委,90.25,88,1.5,,考评组评分,述职测评表,省级表彰,\n,实验小学党委,91,,,2,考评组评分,,,一次未报送\n"
	if done := mustImport(t, d, mustOpen(t, "分值.csv", filled), work.ImportOptions{}); !done.Done || done.New != 2 {
		t.Fatalf("%+v %+v", done.ImportResult, done.Wrong)
	}
	odd := func(tx *store.Tx) error {
		a, err := tx.AssessmentIn(round.ID, mustUnit(t, tx, "实验小学党委"))
		if err != nil {
			return err
		}
		return tx.PutScorePart(a.ID, duban.ScorePart{Part: "rally", Points: 80_00, Reason: "=HYPERLINK(1) \n第二行"})
	}
	if err := d.Store.Write(context.Background(), odd); err != nil {
		t.Fatal(err)
	}
	for _, lang := range text.Langs {
		for _, format := range []sheet.Format{sheet.XLSX, sheet.CSV} {
			l := mustOpen(t, "分值表", form(t, d, round, format, lang))
			if l.Kind != sheet.KindParts || len(l.Unread) > 0 {
				t.Fatalf("%s %s: it was taken for %q, %v unread", lang, format, l.Kind, l.Unread)
			}
			same := mustImport(t, d, l, work.ImportOptions{})
			if same.Unchanged != 2 || len(same.Wrong)+len(same.Warned)+len(same.Gone) > 0 {
				t.Errorf("%s %s: %+v %+v", lang, format, same.ImportResult, same.Wrong)
			}
		}
	}
}

func mustUnit(tb testing.TB, tx *store.Tx, name string) int64 {
	tb.Helper()
	all, err := tx.Units()
	at := slices.IndexFunc(all, func(u duban.Unit) bool { return u.Name == name })
	if err != nil || at < 0 {
		tb.Fatal(err, at)
	}
	return all[at].ID
}

func TestPointsThatChangeAreShownInWords(t *testing.T) {
	d := cast.Open(t)
	openRound(t, d)
	mustImport(t, d, mustOpen(t, "一.csv", "单位,年终考核,依据\n市第五中学党委,90,考评组评分\n实验小学党委,91,考评组评分\n"), work.ImportOptions{})
	done := mustImport(t, d, mustOpen(t, "二.csv", "单位,年终考核,加分,依据\n市第五中学党委,92,1,复核\n"), work.ImportOptions{DryRun: true})
	var said []string
	for _, c := range done.Differences(text.ZH) {
		said = append(said, c.Of+" "+c.What)
	}
	want := []string{"市第五中学党委 年终考核：90 → 92", "市第五中学党委 年终考核依据：考评组评分 → 复核", "市第五中学党委 加分：（无） → 1"}
	if !slices.Equal(said, want) || !slices.Equal(done.Gone, []string{"实验小学党委"}) {
		t.Errorf("it says %q, gone are %v", said, done.Gone)
	}
}

func TestWrongPointsComeBackWithWhatToDo(t *testing.T) {
	d := cast.Open(t)
	openRound(t, d)
	for _, lang := range text.Langs {
		list := "单位,年终考核,民主评议,加分,依据\n市第五中学党委,101,,,考评组\n市五中,90,,,考评组\n实验小学党委,90,80,6,\n"
		done := mustImport(t, d, mustOpen(t, "分值.csv", list), work.ImportOptions{DryRun: true})
		if done.WrongRows != 3 || done.Right != 0 || len(done.Wrong) != 5 {
			t.Fatalf("%d rows wrong, %d right, %+v", done.WrongRows, done.Right, done.Wrong)
		}
		for _, c := range done.Wrong {
			if said := c.In(lang) + c.Heading(lang); strings.Contains(said, "⟦") || strings.Contains(said, "{") {
				t.Errorf("line %d reads %q", c.Line, said)
			}
		}
		back, err := done.Annotated("", lang)
		if rows := strings.Split(string(back), "\r\n"); err != nil || !strings.Contains(rows[0], "问题") || !strings.Contains(rows[2], "市第五中学党委") {
			t.Errorf("what comes back is\n%s\n%v", back, err)
		}
	}
}
