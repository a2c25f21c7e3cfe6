package calendar

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// noticeText writes a year as notices are worded.
func noticeText(y Year) string {
	var text strings.Builder
	fmt.Fprintf(&text, "国务院办公厅关于%d年部分节假日安排的通知\n国办发明电〔%d〕7号\n经国务院批准，现将%d年元旦、春节等放假调休日期的具体安排通知如下。\n", y.Year, y.Year-1, y.Year)
	number := 0
	for i, day := range y.Days {
		if i == 0 || y.Days[i-1].Name != day.Name {
			if i > 0 {
				text.WriteString("。\n")
			}
			fmt.Fprintf(&text, "%s、%s：", chineseDigit(number+1), day.Name)
			number++
		} else {
			text.WriteString("。")
		}
		text.WriteString(noticeDay(y, day.From))
		switch {
		case !day.Off:
			text.WriteString("上班")
		case day.To.IsZero():
			text.WriteString("放假，与周末连休")
		default:
			fmt.Fprintf(&text, "至%s放假调休，共%d天", noticeEnd(y, day), day.From.DaysUntil(day.To)+1)
		}
	}
	return text.String() + "。\n节假日期间，各地区、各部门要妥善安排好值班工作。\n"
}

func noticeDay(y Year, d Date) string {
	year := ""
	if d.Year != y.Year {
		year = fmt.Sprintf("%d年", d.Year)
	}
	return fmt.Sprintf("%s%d月%d日（周%s）", year, d.Month, d.Day, weekdayWord(d.At(Clock{}, time.UTC)))
}

func noticeEnd(y Year, day Day) string {
	switch {
	case day.To.Year != day.From.Year:
		return fmt.Sprintf("%d年%d月%d日（周%s）", day.To.Year, day.To.Month, day.To.Day, weekdayWord(day.To.At(Clock{}, time.UTC)))
	case day.To.Month != day.From.Month:
		return noticeDay(y, day.To)
	}
	return fmt.Sprintf("%d日（周%s）", day.To.Day, weekdayWord(day.To.At(Clock{}, time.UTC)))
}

func TestANoticeReadFromItsTextIsTheShippedYear(t *testing.T) {
	for _, want := range ShippedYears() {
		got, problems := ParseNotice(noticeText(want), 0)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%d (-shipped +read):\n%s", want.Year, diff)
		}
		if len(problems) > 0 {
			t.Errorf("%d: problems %v", want.Year, problems)
		}
	}
}

func TestOldFormsOfTheNoticeAreRead(t *testing.T) {
	for _, sample := range []struct {
		year      int
		text      string
		off, work string
	}{
		{2008, "一、元旦：2007年12月30日—2008年1月1日放假，共3天。其中：1月1日（星期二）为法定节假日，12月30日（星期日）为公休日，12月29日（星期六）公休日调至12月31日（星期一），12月29日（星期六）上班。",
			"2007-12-30 2007-12-31 2008-01-01", "2007-12-29"},
		{2007, "二、春节：2月18日—24日放假，共7天。其中18日、19日、20日为法定假日，将17日（星期六)、18日（星期日)、25日（星期日）三个公休日分别调至21日（星期三)、22日（星期四)、23日（星期五)；24日（星期六）照常公休，17日、25日上班。",
			"2007-02-18 2007-02-19 2007-02-20 2007-02-21 2007-02-22 2007-02-23 2007-02-24", "2007-02-17 2007-02-25"},
		{2014, "三、清明节：4月5日放假，4月7日（星期一）补休。", "2014-04-05 2014-04-07", ""},
		{2008, "九、国庆节：9月27日（星期六）、9月28日（星期日）两个公休日调至9月29日（星期一）、30日（星期二）。", "2008-09-29 2008-09-30", "2008-09-27 2008-09-28"},
	} {
		year, _ := ParseNotice(sample.text, sample.year)
		var off, work []string
		for _, day := range year.Days {
			for _, single := range day.single() {
				if single.Off {
					off = append(off, single.From.String())
				} else {
					work = append(work, single.From.String())
				}
			}
		}
		slices.Sort(off)
		slices.Sort(work)
		if strings.Join(off, " ") != sample.off || strings.Join(work, " ") != sample.work {
			t.Errorf("%s\n off %v, want %s\nwork %v, want %s", sample.text, off, sample.off, work, sample.work)
		}
	}
}

func TestWhatLooksWrongInANoticeIsNamed(t *testing.T) {
	kinds := func(problems []Problem) (kinds []ProblemKind) {
		for _, p := range problems {
			kinds = append(kinds, p.Kind)
		}
		return kinds
	}
	for text, want := range map[string]ProblemKind{
		"":         ProblemNoYear,
		"2027年的安排": ProblemNoDays,
		"2027年\n一、元旦：1月1日（周四）放假。":                ProblemWeekday,
		"2027年\n一、元旦：1月1日放假。1月5日上班。":             ProblemWorked,
		"2027年\n一、元旦：1月1日放假。":                    ProblemMissing,
		"2027年\n七、国庆节：10月1日至31日放假，共31天。":         ProblemTooLong,
		"2027年\n一、元旦：2025年12月31日放假。2025年1月1日上班。": ProblemOutside,
	} {
		_, problems := ParseNotice(text, 0)
		if !slices.Contains(kinds(problems), want) {
			t.Errorf("%q: problems %v, want %s", text, problems, want)
		}
	}
}

func TestAYearIsReadFromAFileInEveryForm(t *testing.T) {
	want := Year{Year: 2027, Notice: "N", Days: []Day{
		{Name: "元旦", From: Date{2027, 1, 1}, Off: true},
		{Name: "元旦", From: Date{2027, 1, 9}},
	}}
	for _, file := range []string{
		`{"year":2027,"notice":"N","days":[{"name":"元旦","from":"2027-01-01","off":true},{"name":"元旦","from":"2027-01-09","off":false}]}`,
		`{"year":2027,"papers":["N"],"days":[{"name":"元旦","date":"2027-01-01","isOffDay":true},{"name":"元旦","date":"2027-01-09","isOffDay":false}]}`,
		"\ufeff日期,名称,类型\n2027-01-01,元旦,休\n2027/1/9,元旦,班\n",
		"type,name,date\noff,元旦,2027-01-01\nwork,元旦,2027年1月9日\n",
	} {
		got, err := ParseYear([]byte(file), "N")
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s:\n%s", file, diff)
		}
	}
	for _, bad := range []string{"", "{", "日期\n", "日期,类型\n2027-02-30,休\n", "日期,类型\n2027-01-01,?\n", `{"year":2027,"days":[{}]}`} {
		if _, err := ParseYear([]byte(bad), "N"); err == nil {
			t.Errorf("%q was taken for a year", bad)
		}
	}
}

func TestAnAddedYearIsNoLongerProvisional(t *testing.T) {
	d := mustDate(t, "2027-01-04")
	before := office()
	if !before.IsProvisional(d) || !before.IsWorkingDay(d) || before.IsWorkingDay(mustDate(t, "2027-02-08")) {
		t.Error("2027 should be provisional and know the days of the law")
	}
	after := New(shanghai(), Clock{18, 0}, Year{Year: 2027, Notice: "N", Days: []Day{{Name: "元旦", From: Date{2027, 1, 1}, To: Date{2027, 1, 4}, Off: true}}})
	if after.IsProvisional(d) || after.IsWorkingDay(d) {
		t.Error("the notice of 2027 does not count")
	}
	if !before.IsWorkingDay(d) {
		t.Error("a calendar changed after it was made")
	}
}

func TestACorrectionOfOneDayCountsAndNamesItsSource(t *testing.T) {
	day := Date{2026, 11, 25}
	c := New(shanghai(), Clock{18, 0}, Year{Year: 2026, Days: []Day{{Name: "校庆", From: day, Off: true, Source: "校办〔2026〕3号"}}})
	mark, ok := c.Mark(day)
	if c.IsWorkingDay(day) || c.IsProvisional(day) || !ok || mark.Source != "校办〔2026〕3号" {
		t.Errorf("mark = %+v, %v", mark, ok)
	}
	if got := c.AddWorkingDays(Date{2026, 11, 23}, 2); got != (Date{2026, 11, 26}) {
		t.Errorf("two working days from 2026-11-23 are %s", got)
	}
}

func TestAdministratorsAreRemindedInDecemberWhenNextYearIsMissing(t *testing.T) {
	c := office()
	for at, want := range map[string]bool{"2026-11-30 23:59:59": false, "2026-12-01 00:00:00": true, "2025-12-15 12:00:00": false} {
		if _, missing := c.NextYearMissing(shanghaiTime(t, at)); missing != want {
			t.Errorf("%s: missing = %v", at, missing)
		}
	}
}
