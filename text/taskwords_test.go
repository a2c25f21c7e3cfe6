package text

import "testing"

func TestWordsOfALineAreToldFromItsTitle(t *testing.T) {
	for _, test := range []struct {
		word   string
		option TaskOption
		value  string
	}{
		{"需文件", OptionEvidence, "文件"}, {"需要照片3张", OptionEvidence, "照片3张"}, {"#photos3", OptionEvidence, "photos3"}, {"不审核", OptionUnread, ""},
		{"#NoReview", OptionUnread, ""}, {"需审核", OptionReviewed, ""}, {"#internal", OptionInternal, ""}, {"依据〔2026〕3号", OptionBasis, "〔2026〕3号"},
		{"依据:工作要点", OptionBasis, "工作要点"}, {"审核人李敏", OptionReviewer, "李敏"}, {"reviewer:LM", OptionReviewer, "LM"}, {"责任人：王芳", OptionOwner, "王芳"},
		{"要求:按模板", OptionDuty, "按模板"}, {"依据方案开展检查", "", ""}, {"责任人培训", "", ""}, {"审核人员名单统计表", "", ""}, {"要求", "", ""}, {"总结", "", ""}, {"需", "", ""},
		{"任一单位完成即可", OptionAny, ""}, {"#any", OptionAny, ""}, {"全部完成", OptionAll, ""}, {"协办:实验小学", OptionSupports, "实验小学"}, {"协办工作", "", ""},
	} {
		option, value, ok := ReadTaskOption(test.word)
		if option != test.option || value != test.value || ok != (test.option != "") {
			t.Errorf("%s gives %s %q %v", test.word, option, value, ok)
		}
	}
}

func TestWhatAnnouncesADeadlineIsNotPartOfTheTitle(t *testing.T) {
	for _, test := range []struct{ before, after, want string }{
		{"报送总结 ", " ", "报送总结"}, {"报送总结，请于", "，", "报送总结"}, {"请务必于", "前报送总结。", "报送总结"}, {"Report stock by ", "", "Report stock"},
		{"总结关于", "", "总结关"}, {"Standby ", "", "Standby"}, {"截止时间：", "报送 总结", "报送 总结"},
	} {
		if got := BesideDeadline(test.before, test.after); got != test.want {
			t.Errorf("%q and %q give %q, want %q", test.before, test.after, got, test.want)
		}
	}
}

func TestTheSubjectOfANoticeIsFoundInItsHeading(t *testing.T) {
	for heading, want := range map[string]string{
		"关于报送2026年度党建工作总结的通知": "报送2026年度党建工作总结", "关于做好安全检查工作的紧急通知：": "安全检查", "明日停水": "明日停水", "关于我": "关于我",
	} {
		if got := SubjectOf(heading); got != want {
			t.Errorf("%s gives %s, want %s", heading, got, want)
		}
	}
}

func TestSupportingUnitsStandBehindTheirWord(t *testing.T) {
	for word, want := range map[string]string{"协办@实验小学": "@实验小学", "Supporting@LM": "@LM", "协办单位：@五中": "@五中", "@五中": "", "会议@五中": ""} {
		rest, ok := CutSupport(word)
		if ok != (want != "") || ok && rest != want {
			t.Errorf("%s gives %q, %v", word, rest, ok)
		}
	}
}

func TestMilestonesAreTakenOutOfWhatWasTyped(t *testing.T) {
	for _, test := range []struct{ typed, rest, milestones string }{
		{"整治 @五中 12月31日前\n节点：方案:11-30:30%；检查:12-10:60％", "整治 @五中 12月31日前", "方案:11-30:30%；检查:12-10:60％"},
		{"Drive @schools stages: Plan:30 Nov:30%; Check:10 Dec:60% #text", "Drive @schools  #text", "Plan:30 Nov:30%; Check:10 Dec:60%"},
		{"报送节点安排 @五中", "报送节点安排 @五中", ""},
	} {
		if rest, milestones := TakeMilestones(test.typed); rest != test.rest || milestones != test.milestones {
			t.Errorf("%q gives %q and %q", test.typed, rest, milestones)
		}
	}
}
