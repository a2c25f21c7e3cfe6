package bot_test

import "testing"

const (
	firstPlan = "编号,事项,责任要求,责任单位,完成时限,佐证要求\n" +
		"N-01,上报党费,按月足额上报,各学校党委,每月25日前,文件\n" +
		"N-02,季度报告,按模板报送,各学校党委,每季度末月20日前,文件\n" +
		"N-03,主题党日,每月开展一次,市第五中学党委,每月第一个周五,照片2\n"
	secondPlan = "编号,事项,责任要求,责任单位,完成时限,佐证要求\n" +
		"N-01,上报党费,按月足额上报,市第五中学党委,每月20日前,文件\n" +
		"N-02,季度报告,按模板报送,各学校党委,每季度末月20日前,文件\n"
)

func TestAPlanThatComesAgainShowsTheDifferenceAndIsUndone(t *testing.T) {
	inBoth(t, "import_plan", func(s *stage, say tongue) {
		admin := s.join("LM")
		s.speak(admin)
		s.tg.Mark()
		s.send(admin, "年度计划.csv", firstPlan)
		s.press(admin, say("导入", "Import"))
		s.send(admin, "年度计划(1).csv", secondPlan)
		s.press(admin, say("移出计划", "out of the plan"))
		s.press(admin, say("确认导入", "Import now"))
		s.say(admin, "/plan")
		s.press(admin, say("撤销本次导入", "Undo this import"))
		s.press(admin, say("确认撤销", "Undo"))
		s.say(admin, "/plan")
	})
}
