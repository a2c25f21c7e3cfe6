package city

import "duban"

// item is one task of the year's plan. Issued and due count working days from today.
type item struct {
	title, duty, category, units, basis string
	owner                               string
	issued, due                         int
	evidence                            duban.EvidenceKind
	review                              bool
	priority                            duban.Priority
	internal                            bool
	second                              bool // issued by the second administrator
	open, waiting                       int  // how many have only signed it, and how many have reported it and wait; the others as it comes
	officer                             fate // how the officer who is shown first stands with it
}

// fate is how somebody stands with an item.
type fate int

// The fates. Chance is what everybody else has.
const (
	chance fate = iota
	finished
	unsigned
	signed
	halfway
	sentBack
	reported
)

const (
	schools  = string(duban.SchoolCommittee)
	branches = string(duban.Branch)
	rules    = "《中国共产党支部工作条例（试行）》"
	plan     = "滨江市教育行业党委年度工作要点"
)

// items is the year's plan, oldest first.
var items = []item{
	{title: "支部工作手册归档", duty: "上年度支部工作手册填写完整，经支部书记核对后交学校党委归档。", category: "台账", units: branches, issued: -236, due: -216, basis: rules, officer: finished},
	{title: "签订一单两书", duty: "签订学校基层党建工作责任清单、书记抓基层党建创新项目承诺书、党建专干履责亮点项目承诺书，报送扫描件。", category: "一单两书", units: schools, issued: -226, due: -204, evidence: duban.FileEvidence, review: true, priority: duban.Urgent, basis: plan, officer: finished},
	{title: "党费收支公示", duty: "公示上年度党费收缴、使用情况，公示期不少于五个工作日。", category: "党费", units: schools, issued: -218, due: -200, evidence: duban.TextEvidence, review: true, second: true, officer: finished},
	{title: "年度发展党员计划", duty: "按程序研究提出年度发展党员计划建议数，到行业党委办公室报送。", category: "发展党员", units: schools, issued: -210, due: -190, review: true, internal: true, second: true, officer: finished},
	{title: "第一季度党课", duty: "组织一次专题党课，主讲人、题目和参加人数据实上报。", category: "三会一课", units: "城东片区", issued: -200, due: -178, evidence: duban.TextEvidence, basis: plan, officer: finished},
	{title: "党组织书记集中培训", duty: "组织本单位基层党组织书记参加集中培训，报告应到、实到人数。", category: "培训", units: schools, issued: -186, due: -164, evidence: duban.TextEvidence, basis: "党员教育培训工作规划", officer: finished},
	{title: "书记创新项目中期检查", duty: "报送书记抓基层党建创新项目进展，说明已完成的措施和存在的困难。", category: "一单两书", units: "城西片区、高新片区", issued: -170, due: -148, evidence: duban.TextEvidence, review: true, second: true, officer: finished},
	{title: "第二季度党员大会", duty: "召开本季度支部党员大会，出席人数、议题和决议记入支部工作手册。", category: "三会一课", units: branches, issued: -150, due: -128, evidence: duban.TextEvidence, basis: rules + "第十一条", officer: finished},
	{title: "七一表彰推荐材料", duty: "推荐先进基层党组织和优秀共产党员，材料经公示后报送。", category: "表彰", units: schools, issued: -136, due: -116, evidence: duban.TextEvidence, review: true, priority: duban.Urgent, second: true, officer: finished},
	{title: "半年工作自查", duty: "对照年度责任清单开展半年自查，列明未完成事项和完成时间。", category: "一单两书", units: schools, issued: -112, due: -94, evidence: duban.TextEvidence, review: true, officer: finished},
	{title: "暑期干部轮训", duty: "安排年轻干部参加暑期轮训，报送参训名额和带队人员。", category: "培训", units: "城东片区", issued: -98, due: -84, evidence: duban.TextEvidence, officer: finished},
	{title: "专干履责亮点项目中期检查", duty: "报送党建专干履责亮点项目进展，附一项阶段成果。", category: "一单两书", units: "城东片区", issued: -84, due: -64, evidence: duban.FileEvidence, review: true, officer: finished},
	{title: "新学期组织生活计划", duty: "报送本学期三会一课、主题党日安排表。", category: "三会一课", units: schools, issued: -62, due: -50, evidence: duban.TextEvidence, review: true, second: true, officer: finished},
	{title: "第三季度党费上缴", duty: "汇总核对本季度党费，按规定足额上缴并登记。", category: "党费", units: schools, issued: -56, due: -42, evidence: duban.TextEvidence, review: true, priority: duban.Urgent, officer: finished},
	{title: "党建专干业务测试", duty: "组织党建专干参加闭卷知识测试，缺考的说明原因并安排补考。", category: "培训", units: schools, issued: -48, due: -36, officer: finished},
	{title: "校际交叉检查", duty: "按分组表到对口学校检查，报送问题清单。", category: "交叉检查", units: "高新片区", issued: -44, due: -28, evidence: duban.TextEvidence, review: true, second: true, officer: finished},
	{title: "党员信息核对", duty: "核对党员信息采集情况，补齐缺项，报告核对人数。", category: "台账", units: schools, issued: -38, due: -20, evidence: duban.TextEvidence, officer: finished},
	{title: "十月主题党日", duty: "围绕年度重点工作开展主题党日，报告日期、主题和参加人数。", category: "主题党日", units: "城西片区", issued: -34, due: -16, evidence: duban.TextEvidence, basis: rules + "第十六条", officer: finished},
	{title: "发展对象情况核查", duty: "核对本单位发展对象培养教育情况，到行业党委办公室查阅并确认。", category: "发展党员", units: "城东片区", issued: -30, due: -11, review: true, internal: true, second: true, officer: finished},
	{title: "交叉检查问题整改", duty: "对照交叉检查反馈逐条整改，报送整改结果和佐证材料。", category: "交叉检查", units: "滨江市第二中学党委、滨江市工业学校党委、滨江市文昌小学党委、滨江市第八中学党委", issued: -26, due: -7, evidence: duban.FileEvidence, review: true, priority: duban.Urgent, officer: finished},
	{title: "年度责任清单自查", duty: "对照学校基层党建工作责任清单逐项自查，形成自查报告，列明未完成事项的原因和完成时间，经党委书记审定后上报。", category: "一单两书", units: schools, issued: -20, due: -3, evidence: duban.TextEvidence, review: true, priority: duban.Urgent, basis: plan, open: 4, officer: finished},
	{title: "第四季度党课", duty: "组织一次专题党课，主讲人、题目和参加人数据实上报。", category: "三会一课", units: "城东片区", issued: -16, due: 1, evidence: duban.TextEvidence, basis: plan, open: 3, officer: finished},
	{title: "项目拉练展示材料", duty: "提交项目拉练展示材料一份，包括项目说明和现场展示安排。", category: "项目拉练", units: schoolOfOfficer + "党委、滨江市师范学院党委、滨江市职业技术学院党委、滨江市第一中学党委、滨江市实验小学党委", issued: -12, due: 4, evidence: duban.FileEvidence, review: true, priority: duban.Urgent, basis: "党组织项目拉练方案", officer: sentBack},
	{title: "述职材料报送", duty: "报送党委书记和党建专干述职报告，实事求是，问题部分不少于三分之一。", category: "述职评议", units: schools, issued: -11, due: 2, evidence: duban.FileEvidence, review: true, priority: duban.Critical, basis: plan, open: 3, waiting: 4, officer: signed},
	{title: "第四季度党员大会", duty: "召开本季度支部党员大会，出席人数、议题和决议记入支部工作手册。", category: "三会一课", units: branches, issued: -10, due: 11, evidence: duban.TextEvidence, basis: rules + "第十一条", officer: finished},
	{title: "党委书记讲党课情况", duty: "报告党委书记本年度讲党课的时间、题目和听课范围；尚未讲的，于时限前完成。", category: "三会一课", units: schools, issued: -8, due: 15, evidence: duban.TextEvidence, review: true, basis: rules + "第十六条", second: true, officer: halfway},
	{title: "述职评议会会务准备", duty: "完成会场、议程、评议表和签到安排，报行业党委书记审定。", category: "述职评议", units: Committee, issued: -5, due: 7, evidence: duban.FileEvidence, review: true, second: true, officer: finished},
	{title: "组织生活会和民主评议党员", duty: "召开年度组织生活会，会前开展谈心谈话，会后形成整改清单；评议只报各等次人数。", category: "组织生活", units: "城西片区、高新片区", issued: -4, due: 22, evidence: duban.FileEvidence, review: true, basis: rules + "第十七条", officer: finished},
	{title: "书记创新项目结题", duty: "提交书记抓基层党建创新项目结题材料，说明目标、措施、成效和可推广的做法。", category: "一单两书", units: schools, issued: -1, due: 9, evidence: duban.FileEvidence, review: true, basis: "书记抓基层党建创新项目承诺书", officer: unsigned},
	{title: "下一年度发展党员计划", duty: "按程序研究提出下一年度发展党员计划建议数，到行业党委办公室报送。", category: "发展党员", units: "城西片区、高新片区", issued: -1, due: 12, review: true, internal: true, second: true, officer: unsigned},
}
