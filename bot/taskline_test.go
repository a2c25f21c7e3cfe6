package bot

import (
	"slices"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/work"
)

// knownNames are the units and people of the lines below.
var knownNames = []string{"all", "school_committee", "branch", "市五中党委", "实验小学党委", "城东片区", "王芳", "No. 5 Middle School"}

func readLine(t *testing.T, typed string) (work.TaskRow, *taskReader) {
	t.Helper()
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	row := work.TaskRow{Review: true}
	r := &taskReader{cal: cal, now: time.Date(2026, 11, 23, 9, 0, 0, 0, zone), row: &row, knows: func(words string) (bool, error) {
		for _, word := range betweenNames.Split(words, -1) {
			if !slices.Contains(knownNames, word) {
				return false, nil
			}
		}
		return words != "", nil
	}}
	if err := r.line(typed); err != nil {
		t.Fatal(err)
	}
	if r.due.Outcome != calendar.None {
		row.Due = dueSaid(r.due)
	}
	return row, r
}

func TestALineIsReadInAnyOrder(t *testing.T) {
	file := duban.Evidence{Kind: duban.FileEvidence}
	want := work.TaskRow{Title: "报送年度总结", Units: "school_committee", Due: "2026-12-05", Evidence: file, Review: true}
	for _, typed := range []string{
		"报送年度总结 @各学校党委 12月5日前 需文件",
		"@各学校党委 12月5日前 报送年度总结 需文件",
		"需文件 12月5日前 @各学校党委 报送年度总结",
		"请于12月5日前 报送年度总结，需文件 ＠各学校党委",
		"报送年度总结 @ 各学校党委 截止12月5日 #文件",
		"报送年度总结 @学校党委 12.5前 附文件",
	} {
		if got, _ := readLine(t, typed); got != want {
			t.Errorf("%s\ngives %+v", typed, got)
		}
	}
}

func TestALineSaysHowItIsToBeDone(t *testing.T) {
	for _, test := range []struct {
		typed string
		want  work.TaskRow
	}{
		{"拍摄现场 @市五中党委、王芳 三个工作日内 需照片3张 不审核 加急", work.TaskRow{Title: "拍摄现场", Units: "市五中党委、王芳", Due: "2026-11-26",
			Evidence: duban.Evidence{Kind: duban.PhotosEvidence, Min: 3}, Priority: duban.Urgent}},
		{"报送名单 @城东片区 @王芳 明天下午3点 依据〔2026〕3号 审核人李敏 特急", work.TaskRow{Title: "报送名单", Units: "城东片区、王芳",
			Due: "2026-11-24T15:00:00+08:00", Basis: "〔2026〕3号", Reviewer: "李敏", Priority: duban.Critical, Review: true}},
		{"报送党员、群众名册 @全部 12月5日 责任人:王芳 要求:按模板", work.TaskRow{Title: "报送党员、群众名册", Units: "all", Due: "2026-12-05",
			Owner: "王芳", Duty: "按模板", Review: true}},
		{"Report stock @all schools by Fri 17:00 #file", work.TaskRow{Title: "Report stock", Units: "school_committee", Due: "2026-11-27T17:00:00+08:00",
			Evidence: duban.Evidence{Kind: duban.FileEvidence}, Review: true}},
		{"Count the chairs @No. 5 Middle School, 王芳 in 3 working days #noreview #urgent reviewer:LM", work.TaskRow{Title: "Count the chairs",
			Units: "No. 5 Middle School、王芳", Due: "2026-11-26", Priority: duban.Urgent, Reviewer: "LM"}},
		{"上报党费 @各学校党委 每月25日前", work.TaskRow{Title: "上报党费", Units: "school_committee", Due: "每月25日前", Review: true}},
		{"依据方案开展检查 @某某中学 尽快", work.TaskRow{Title: "依据方案开展检查", Units: "某某中学", Due: "尽快", Review: true}},
		{"需要文件柜的单位统计", work.TaskRow{Title: "需要文件柜的单位统计", Review: true}},
		{"", work.TaskRow{Review: true}},
		{"@", work.TaskRow{Review: true}},
	} {
		if got, _ := readLine(t, test.typed); got != test.want {
			t.Errorf("%s\ngives %+v\nwant  %+v", test.typed, got, test.want)
		}
	}
}

func FuzzALineNeverPanics(f *testing.F) {
	f.Add("报送年度总结 @各学校党委 12月5日前 需文件，，")
	f.Add("@@、 #、 依据: 需")
	zone := time.FixedZone("Asia/Shanghai", 8*3600)
	cal := calendar.New(zone, calendar.Clock{Hour: 18})
	f.Fuzz(func(t *testing.T, typed string) {
		row := work.TaskRow{}
		r := &taskReader{cal: cal, now: time.Date(2026, 11, 23, 9, 0, 0, 0, zone), row: &row, knows: func(string) (bool, error) { return len(typed)%2 == 0, nil }}
		if err := r.line(typed); err != nil {
			t.Fatal(err)
		}
	})
}
