package chart_test

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"duban/chart"
)

var legend = []chart.Shade{{Word: "办结", Colour: chart.Green}, {Word: "办理中", Colour: chart.Blue}, {Word: "逾期", Colour: chart.Red}}

// schools are so many units of which the n-th has n mod 5 done, 3 under way and 1 overdue.
func schools(n int) chart.Bars {
	b := chart.Bars{Title: "周调度：各单位办结情况", Note: "滨江市教育行业党委　截至11月23日09:00　单位：项", Legend: legend}
	for i := range n {
		done := i % 5
		b.Rows = append(b.Rows, chart.Bar{Label: fmt.Sprintf("滨江市第%d中学党委", i+1), Counts: []int{done, 3, 1}, Words: fmt.Sprintf("办结%d 办理中3 逾期1", done)})
	}
	return b
}

func mustDraw(t *testing.T, draw func() ([]byte, error)) image.Image {
	t.Helper()
	data, err := draw()
	if err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("DUBAN_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, filepath.Base(t.Name())+".png"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	picture, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return picture
}

// run is how many pixels of a colour stand in the middle of a bar.
func run(picture image.Image, y int, shade color.RGBA) int {
	n := 0
	for x := range picture.Bounds().Dx() {
		if picture.At(x, y) == shade {
			n++
		}
	}
	return n
}

var red, blue, green = color.RGBA{0xb7, 0x1c, 0x1c, 0xff}, color.RGBA{0x90, 0xca, 0xf9, 0xff}, color.RGBA{0x2e, 0x7d, 0x32, 0xff}

func TestBarsBeginAtZeroAndAreAsLongAsTheirFigures(t *testing.T) {
	b := schools(12)
	picture := mustDraw(t, func() ([]byte, error) { return b.PNG(b.Longest()) })
	if w, h := picture.Bounds().Dx(), picture.Bounds().Dy(); w != chart.Width || h > 1280 {
		t.Errorf("the picture is %d by %d", w, h)
	}
	const first, row, whole = 164 + 36, 70, 720 // the upper edge of the first bar, where no number stands, the next ones, and the longest
	for i, bar := range b.Rows {
		for j, shade := range []color.RGBA{green, blue, red} {
			want := whole * bar.Counts[j] / b.Longest()
			if got := run(picture, first+i*row, shade); got != want {
				t.Errorf("%s shows %d pixels for %d", bar.Label, got, bar.Counts[j])
			}
		}
	}
}

func TestFortySchoolsArePagesThatATelephoneShowsAtFullSize(t *testing.T) {
	b := schools(40)
	pages, units := b.Pages(), 0
	for _, page := range pages {
		picture := mustDraw(t, func() ([]byte, error) { return page.PNG(b.Longest()) })
		if h := picture.Bounds().Dy(); h > 1280 {
			t.Errorf("%s is %d pixels high", page.Title, h)
		}
		units += len(page.Rows)
	}
	if len(pages) != 3 || units != 40 || pages[0].Rows[0].Label != b.Rows[0].Label {
		t.Errorf("%d pages with %d units, the first is %s", len(pages), units, pages[0].Rows[0].Label)
	}
}

func TestNamesThatDifferAtTheirEndOnlyAreToldApart(t *testing.T) {
	draw := func(name string) []byte {
		data, err := chart.Bars{Title: "月报", Legend: legend, Rows: []chart.Bar{{Label: name, Counts: []int{1, 0, 0}, Words: "已报1/到期1　未报0"}}}.PNG(1)
		if err != nil {
			t.Fatal(err)
		}
		return data
	}
	const long = "滨江市经济技术开发区滨江新城片区教育集团"
	if bytes.Equal(draw(long+"第一实验中学党委"), draw(long+"第二实验中学党委")) {
		t.Error("two schools have the same label")
	}
}

func TestALongNoteTakesASecondLineAndAFullPageStillFits(t *testing.T) {
	b := schools(chart.MaxBars)
	short := mustDraw(t, func() ([]byte, error) { return b.PNG(b.Longest()) }).Bounds().Dy()
	b.Note = "今年初至2026-12-06（周日）到期　截至11月30日（周一）09:00　单位：项"
	if long := mustDraw(t, func() ([]byte, error) { return b.PNG(b.Longest()) }).Bounds().Dy(); long <= short || long > 1280 {
		t.Errorf("with a long note the picture is %d pixels high, with a short one %d", long, short)
	}
}

func TestEachPartOfABarHasItsNumberInIt(t *testing.T) {
	b := chart.Bars{Title: "月报", Legend: legend, Rows: []chart.Bar{{Label: "市第五中学党委", Counts: []int{4, 0, 4}, Words: "已报4/到期8　未报4"}}}
	picture := mustDraw(t, func() ([]byte, error) { return b.PNG(b.Longest()) })
	const middle = 164 + 34 + 13
	paper := color.RGBA{0xff, 0xff, 0xff, 0xff}
	for part, x := range map[string]int{"first": chart.Width / 4, "last": chart.Width * 3 / 4} {
		written := 0
		for dx := -20; dx <= 20; dx++ {
			if picture.At(x+dx, middle) == paper {
				written++
			}
		}
		if written == 0 {
			t.Errorf("there is no number in the %s part", part)
		}
	}
}

func TestCurvesStandOnAnAxisFromZero(t *testing.T) {
	v := chart.Curves{
		Title: "近八周进度：应完成与已上报", Note: "滨江市教育行业党委　单位：项", Legend: []chart.Shade{{Word: "应完成", Colour: chart.Amber}, {Word: "已上报", Colour: chart.Green}},
		Days: []string{"10-05", "10-12", "10-19", "10-26", "11-02", "11-09", "11-16", "11-23"}, Lines: [][]int{{0, 5, 9, 14, 20, 26, 31, 40}, {0, 4, 8, 12, 15, 24, 30, 36}},
	}
	picture := mustDraw(t, v.PNG)
	const axis = 164 + 596 - 70
	if n := run(picture, axis, green); n < 8 {
		t.Errorf("a line that begins with nothing does not begin on the axis: %d pixels", n)
	}
	if n := run(picture, 184, color.RGBA{0xff, 0xb3, 0x00, 0xff}); n == 0 {
		t.Error("the largest figure does not reach the end of the axis")
	}
}

func TestAChartOfNothingIsDrawnToo(t *testing.T) {
	mustDraw(t, func() ([]byte, error) { return chart.Bars{Title: "空", Legend: legend}.PNG(0) })
	mustDraw(t, chart.Curves{Title: "空", Legend: legend[:1], Lines: [][]int{{}}}.PNG)
	if pages := (chart.Bars{}).Pages(); len(pages) != 1 {
		t.Errorf("%d pages of nothing", len(pages))
	}
}

func BenchmarkBarsOfFifteenSchools(b *testing.B) {
	bars := schools(15)
	for b.Loop() {
		if _, err := bars.PNG(bars.Longest()); err != nil {
			b.Fatal(err)
		}
	}
}
