package bot

import (
	"errors"
	"slices"
	"testing"
	"time"

	"duban/calendar"
	"duban/sheet"
)

func TestAFileThatTelegramWouldNotTakeIsGivenUp(t *testing.T) {
	one := sheet.Sheet{Name: "台账", Columns: []sheet.Column{{Title: "事项"}}, Rows: sheet.Rows(slices.Repeat([][]any{{"自查"}}, 100))}
	whole := limited{most: maxUpload}
	if err := sheet.Write(&whole, sheet.XLSX, one); err != nil || whole.content.Len() == 0 {
		t.Fatalf("%d bytes: %v", whole.content.Len(), err)
	}
	short := limited{most: whole.content.Len() - 1}
	if err := sheet.Write(&short, sheet.XLSX, one); !errors.Is(err, errTooLarge) || short.content.Len() > short.most {
		t.Errorf("%d of %d bytes were kept: %v", short.content.Len(), short.most, err)
	}
}

func TestAPeriodHasItsFirstAndItsLastDay(t *testing.T) {
	day := func(year int, month time.Month, day int) calendar.Date {
		return calendar.Date{Year: year, Month: month, Day: day}
	}
	for _, c := range []struct {
		period          string
		today, from, to calendar.Date
	}{
		{thisYear, day(2026, 11, 23), day(2026, 1, 1), day(2026, 12, 31)},
		{thisQuarter, day(2026, 11, 23), day(2026, 10, 1), day(2026, 12, 31)},
		{thisQuarter, day(2026, 3, 31), day(2026, 1, 1), day(2026, 3, 31)},
		{thisMonth, day(2028, 2, 29), day(2028, 2, 1), day(2028, 2, 29)},
		{thisMonth, day(2026, 12, 1), day(2026, 12, 1), day(2026, 12, 31)},
		{allTime, day(2026, 11, 23), calendar.Date{}, calendar.Date{}},
	} {
		if from, to := daysOf(c.period, c.today); from != c.from || to != c.to {
			t.Errorf("%s of %s is %s to %s", c.period, c.today, from, to)
		}
	}
}
