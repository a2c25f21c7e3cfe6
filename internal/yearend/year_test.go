package yearend

import (
	"archive/zip"
	"encoding/hex"
	"fmt"
	"io"
	"math"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"duban"
	"duban/app"
	"duban/store"
	"duban/work"
)

func TestTheYearOfASmallCityGivesPackagesThatAgreeWithTheRawRecord(t *testing.T) {
	playYear(t, size{schools: 4, branches: 1, tasks: 48}, 1)
}

// playYear plays a year, assesses it, makes its packages and compares all of them with the raw record.
func playYear(t *testing.T, s size, seed uint64) {
	began := time.Now()
	c := found(t, s, seed)
	c.year()
	opened := at("2026-01-05", "09:00")
	c.live(opened.Add(-time.Hour))
	c.fetch(opened.Add(-time.Minute))
	t.Logf("played in %s: %v", time.Since(began).Round(time.Millisecond), c.did)
	decided := c.assess(opened)
	dir := t.TempDir()
	began = time.Now()
	var packed []app.Packed
	wish := app.YearEnd{Year: theYear, Dir: dir, Tell: func(p app.Packed) { packed = append(packed, p) }}
	if err := c.office.MakeYearEnd(ctx, wish); err != nil {
		t.Fatal(err)
	}
	t.Logf("packed %d units in %s", len(packed), time.Since(began).Round(time.Millisecond))
	if len(packed) != s.schools {
		t.Fatalf("%d packages", len(packed))
	}
	r := readRaw(t, c.config.SQLitePath(), opened)
	exempt := map[string]int{}
	for _, p := range packed {
		unit := int64(0)
		for id, name := range r.names {
			if name == p.Unit {
				unit = id
			}
		}
		v := r.school(unit)
		for _, l := range v.lines {
			exempt[strings.Join(strings.Split(l, "|")[:3], " ")]++
		}
		c.compareBook(filepath.Join(dir, p.Unit+".xlsx"), p.Unit, unit, v, r, decided[p.Unit])
		c.compareEvidence(filepath.Join(dir, p.Unit+".zip"), unit, r)
	}
	t.Logf("lines by kind: %v", exempt)
}

// outcome is what people have decided about a school.
type outcome struct {
	changed map[string]duban.Points // by line: element, code and unit
	total   duban.Points
}

// assess goes through the round in January: the first line of each school is objected to and lowered, the second one changed by the office, the others
// accepted.
func (c *city) assess(opened time.Time) map[string]outcome {
	c.t.Helper()
	must := func(err error) {
		c.t.Helper()
		if err != nil {
			c.t.Fatal(err)
		}
	}
	round, err := c.desk.Past(opened).OpenAssessment(ctx, duban.Console, work.Opening{Year: theYear, Until: c.desk.WindowEnd(opened, duban.ObjectWithin)})
	must(err)
	standings := func() (all []work.Standing) {
		must(c.desk.Store.Read(ctx, func(tx *store.Tx) (err error) { all, err = work.Standings(tx, round); return err }))
		return all
	}
	decided := map[string]outcome{}
	d := c.desk.Past(opened.Add(time.Hour))
	for i, s := range standings() {
		o := outcome{changed: map[string]duban.Points{}}
		var costs []duban.ScoreLine
		for _, l := range s.Lines {
			if l.Points > 1 {
				costs = append(costs, l)
			}
		}
		if len(costs) > 1 {
			secretary := c.secretary(s.Unit.ID)
			objection, err := d.ObjectToLine(ctx, secretary, costs[0].ID, "情况特殊")
			must(err)
			_, err = d.AnswerObjection(ctx, duban.Console, objection.ID, work.Verdict{Upheld: true, Points: costs[0].Points / 2, Answer: "部分采纳"})
			must(err)
			_, err = d.ChangeLine(ctx, duban.Console, costs[1].ID, 0, "已核实")
			must(err)
			o.changed[c.lineKey(costs[0])], o.changed[c.lineKey(costs[1])] = costs[0].Points/2, 0
		}
		if s.Open > min(len(costs), 2) || len(costs) < 2 && s.Open > 0 {
			_, err := d.AcceptLines(ctx, duban.Console, s.Assessment.ID)
			must(err)
		}
		for k, part := range s.Score.Missing {
			must(d.EnterPart(ctx, duban.Console, s.Assessment.ID, part, duban.Points(60_00+100*(i%40)+k), "考评组评分"))
		}
		decided[s.Unit.Name] = o
	}
	end := at("2026-01-20", "09:00")
	_, err = c.desk.Past(end).CloseAssessment(ctx, duban.Console, round.ID)
	must(err)
	_, err = c.desk.Past(end.Add(time.Hour)).DecideAssessment(ctx, duban.Console, round.ID, "同意")
	must(err)
	for _, s := range standings() {
		o := decided[s.Unit.Name]
		o.total = s.Assessment.Total
		decided[s.Unit.Name] = o
	}
	return decided
}

func (c *city) secretary(unit int64) duban.Actor {
	var who duban.Actor
	err := c.desk.Store.Read(ctx, func(tx *store.Tx) error {
		people, err := work.Secretaries(tx, unit)
		if len(people) > 0 {
			who = c.actors[people[0].ID]
		}
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return who
}

func (c *city) lineKey(l duban.ScoreLine) string {
	key := ""
	err := c.desk.Store.Read(ctx, func(tx *store.Tx) error {
		a, err := tx.Assignment(l.AssignmentID)
		if err != nil {
			return err
		}
		task, err := tx.Task(a.TaskID)
		if err != nil {
			return err
		}
		unit, err := tx.Unit(a.UnitID)
		key = elementWords[string(l.Element)] + "|" + task.Code + "|" + unit.Name
		return err
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return key
}

var elementWords = map[string]string{"signing": "签收", "on_time": "按时办结", "quality": "办理质量", "periodic": "定期工作", "rectification": "问题整改"}

// compareBook opens a workbook by another program and compares its figures with the oracle's.
func (c *city) compareBook(path, name string, unit int64, v verdict, r *raw, o outcome) {
	c.t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer book.Close()
	sheet := func(name string) [][]string {
		rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil || len(rows) == 0 {
			c.t.Fatalf("%s has no %s: %v", path, name, err)
		}
		return rows[1:]
	}
	want := func(what string, got, want any) {
		c.t.Helper()
		if fmt.Sprint(got) != fmt.Sprint(want) {
			c.t.Errorf("%s, %s: %v in the workbook, %v by the raw record", name, what, got, want)
		}
	}

	sum := map[string][]string{}
	for _, row := range sheet("汇总") {
		sum[row[0]] = append(row, "", "")
	}
	want("items", sum["应办事项"][1], v.given)
	want("how they were done", sum["应办事项"][2], fmt.Sprintf("按时%d，超期%d，逾期未办%d，在办%d，撤销%d", v.inTime, v.late, v.missed, v.open, v.off))
	for element, word := range elementWords {
		want("items counted for "+word, sum[word][2][strings.Index(sum[word][2], "按"):], fmt.Sprintf("按%d件计", v.counted[element]))
	}

	lines := sheet("考评明细")
	var got []string
	proposed, counts := map[string]float64{}, map[string]float64{}
	for _, row := range lines {
		row = append(row, make([]string, 16)...)
		got = append(got, strings.Join([]string{row[1], row[2], row[4], row[9]}, "|"))
		proposed[row[1]] += number(row[8])
		counts[row[1]] += number(row[11])
		key := row[1] + "|" + row[2] + "|" + row[4]
		if points, changed := o.changed[key]; changed {
			want("changed line "+key, number(row[11]), float64(points)/100)
		} else if row[11] != row[8] {
			c.t.Errorf("%s: the line %s counts %s, proposed was %s", name, key, row[11], row[8])
		}
		if strings.TrimSpace(row[15]) == "" {
			c.t.Errorf("%s: the line %s rests on nothing", name, key)
		}
	}
	var expected []string
	for _, l := range v.lines {
		f := strings.Split(l, "|")
		expected = append(expected, strings.Join([]string{elementWords[f[0]], f[3], f[4], exemptWords[f[2]]}, "|"))
	}
	slices.Sort(got)
	slices.Sort(expected)
	if !slices.Equal(got, expected) {
		c.t.Errorf("%s: lines in the workbook only: %v, by the raw record only: %v", name, without(got, expected), without(expected, got))
	}
	dailyProposed, dailyCounts := 0.0, 0.0
	for element, most := range map[string]float64{"signing": 5, "on_time": 35, "quality": 25, "periodic": 25, "rectification": 10} {
		word := elementWords[element]
		dailyProposed += math.Max(0, most-proposed[word])
		left := math.Max(0, most-counts[word])
		dailyCounts += left
		want("what is left of "+word, number(sum[word][1]), round(left))
	}
	want("daily work as proposed", round(dailyProposed), v.daily)
	want("daily work as decided", number(sum["日常考评得分"][1]), round(dailyCounts))
	total := 0.4*dailyCounts + 0.4*number(sum["年终考核"][1]) + 0.1*number(sum["述职评议"][1]) + 0.1*number(sum["项目拉练"][1])
	want("total", number(sum["总分"][1]), math.Round(math.Round(total*10000)/100)/100)
	want("total decided", number(sum["总分"][1]), float64(o.total)/100)

	want("rows of the ledger", len(sheet("台账")), v.given+v.off)
	entries := 0
	ours := map[int64]bool{}
	for _, it := range r.items {
		ours[it.id] = slices.Contains(r.above[it.unit], unit) && strings.HasPrefix(it.due, "2025-")
	}
	for _, e := range r.rows {
		inYear := strings.HasPrefix(dateOf(e.at), "2025-")
		if ours[e.assignment] || inYear && (slices.Contains(r.above[e.unit], unit) || e.event == "outage") {
			entries++
		}
	}
	want("entries of the record", len(sheet("跟踪记载")), entries)
	figures := map[string]int{}
	for _, row := range sheet("分项统计") {
		figures[row[0]] += int(number(row[2]))
	}
	for _, by := range []string{"按月份", "按类别", "按单位", "按责任人"} {
		want("items "+by, figures[by], v.given)
	}
}

var exemptWords = map[string]string{
	"": "", "vacation": "时限在学校假期内", "suspended": "经批准中止", "short_notice": "通知时间不足", "undelivered": "未送达", "unreachable": "责任人无法联系", "outage": "系统离线",
	"reviewer": "审核超时", "extended": "已同意延期", "asked": "按时申请延期，答复迟于时限", "overturned": "退回异议成立",
}

func number(s string) float64 { n, _ := strconv.ParseFloat(s, 64); return n }

func round(f float64) float64 { return math.Round(f*100) / 100 }

func without(a, b []string) []string {
	left := slices.Clone(b)
	return slices.DeleteFunc(slices.Clone(a), func(s string) bool {
		if i := slices.Index(left, s); i >= 0 {
			left = slices.Delete(left, i, i+1)
			return true
		}
		return false
	})
}

// compareEvidence looks whether the zip holds exactly the files of which the record says that they were stored, byte for byte.
func (c *city) compareEvidence(path string, unit int64, r *raw) {
	c.t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		c.t.Fatal(err)
	}
	defer z.Close()
	want := map[string]int{}
	for _, it := range r.items {
		if !slices.Contains(r.above[it.unit], unit) || !strings.HasPrefix(it.due, "2025-") {
			continue
		}
		for _, e := range r.about[it.id] {
			if e.event == "evidence" && e.facts["file"] == "stored" {
				want[e.facts["sha256"].(string)]++
			}
		}
	}
	files := 0
	for _, f := range z.File {
		if !strings.Contains(f.Name, "/") {
			continue
		}
		files++
		in, err := f.Open()
		if err != nil {
			c.t.Fatal(err)
		}
		content, err := io.ReadAll(in)
		in.Close()
		if err != nil {
			c.t.Fatal(err)
		}
		want[hex.EncodeToString(sum(content))]--
		if strings.ContainsAny(f.Name, `:?*"<>|\`) {
			c.t.Errorf("the name %q is not safe", f.Name)
		}
	}
	for hash, n := range want {
		if n != 0 {
			c.t.Errorf("%s: %+d files of %s", path, n, hash)
		}
	}
	if len(z.File)-files != 2 {
		c.t.Errorf("%s holds %d files beside the evidence, want the index and the head", path, len(z.File)-files)
	}
}
