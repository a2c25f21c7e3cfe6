package text

import "testing"

func TestOrdersAreUnderstoodByTheirFirstWords(t *testing.T) {
	for said, want := range map[string][2]string{
		"催办":             {"urge", ""},
		"催办，请抓紧":         {"urge", "请抓紧"},
		"urge please":    {"urge", "please"},
		"延期到周五，因材料较多":    {"due", "周五,因材料较多"},
		"extend to Fri":  {"due", "Fri"},
		"转派给刘洋":          {"give", "刘洋"},
		"转给 王芳":          {"give", "王芳"},
		"reassign to LY": {"give", "LY"},
		"中止 上级另有安排":      {"suspend", "上级另有安排"},
		"恢复":             {"resume", ""},
		"撤销：重复交办":        {"cancel", "重复交办"},
		"cancel":         {"cancel", ""},
		"回头看，材料失实":       {"reopen", "材料失实"},
		"批示：请认真整改。":      {"remark", "请认真整改"},
		"归档":             {"archive", ""},
		"为什么":            {"inquire", ""},
		"收到":             {"", ""},
		"已完成":            {"", ""},
		"取消":             {"", ""},
		"cancelled":      {"", ""},
	} {
		order, rest := UnderstandOrder(said)
		if string(order) != want[0] || rest != want[1] {
			t.Errorf("%s: %q %q, want %q %q", said, order, rest, want[0], want[1])
		}
	}
}

func TestADateIsSplitFromTheReasonAfterIt(t *testing.T) {
	for said, want := range map[string][2]string{
		"周五，因材料较多":            {"周五", "因材料较多"},
		"12月10日15:00":         {"12月10日15:00", ""},
		"Friday, no material": {"Friday", "no material"},
	} {
		if first, rest := FirstAndRest(said); first != want[0] || rest != want[1] {
			t.Errorf("%s: %q %q", said, first, rest)
		}
	}
}
