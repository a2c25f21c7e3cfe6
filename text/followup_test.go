package text

import "testing"

func TestAReviewersQuestionIsToldFromAReasonToReturn(t *testing.T) {
	for typed, question := range map[string]string{
		"追问：盖章了吗": "盖章了吗", "请问 附件在哪里": "附件在哪里", "两次各有多少人参加？": "两次各有多少人参加？", "Ask: who signed it": "who signed it",
		"Was anybody excused?": "Was anybody excused?", "缺少公章": "", "格式不规范，请按模板修改": "", "the seal is missing": "", "同意": "", "asked for more": "",
	} {
		got, ok := FollowUp(typed)
		if ok != (question != "") || ok && got != question {
			t.Errorf("%q: %q %v", typed, got, ok)
		}
	}
}
