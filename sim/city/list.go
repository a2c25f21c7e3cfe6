package city

import (
	"bytes"
	"strings"
	"time"

	"duban/sheet"
)

// ListName is what the task list that is at hand is called.
const ListName = "演示任务清单.xlsx"

// listWithin is how long after its making the tasks of the list are due.
const listWithin = 100 * time.Second

// List makes a task list whose tasks are due in a moment, so that it can be seen how they are reminded. Each list has codes of its own.
func (c *City) List(now time.Time) ([]byte, error) {
	local := now.In(c.desk.Calendar.Zone()).Truncate(time.Second)
	due, code := local.Add(listWithin).Format(time.RFC3339), "YS-"+local.Format("150405")
	rows := [][]any{
		{code + "-1", "演示：报送值班安排", "请报送本周值班安排，写明带班领导和值班人员。", "综合", strings.Join(c.Schools, "、"), nil, due, "文字", "是", "特急", "演示"},
		{code + "-2", "演示：确认会议室", "请确认述职评议会会议室可用。", "综合", c.Schools[0], nil, due, "无", "否", "一般", "演示"},
	}
	columns := []sheet.Column{
		{Title: "编号", Width: 15}, {Title: "事项", Width: 24}, {Title: "责任要求", Width: 40}, {Title: "类别", Width: 9}, {Title: "责任单位", Width: 40},
		{Title: "责任人", Width: 9}, {Title: "完成时限", Width: 28}, {Title: "佐证要求", Width: 9}, {Title: "是否审核", Width: 9}, {Title: "优先级", Width: 8},
		{Title: "依据", Width: 14},
	}
	var b bytes.Buffer
	err := sheet.Write(&b, sheet.XLSX, sheet.Sheet{Name: "任务清单", Columns: columns, Rows: sheet.Rows(rows)})
	return b.Bytes(), err
}
