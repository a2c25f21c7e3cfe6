package city

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"duban"
	"duban/work"
)

// Those whose telephones are shown first.
const (
	theAdministrator = "李敏"
	theOfficer       = "王芳"
	schoolOfOfficer  = "滨江市第五中学"
)

// posts are the words for roles, as the roster has them.
var posts = map[duban.Role]string{
	duban.Admin: "管理员", duban.Leader: "行业党委书记", duban.Secretary: "党委书记", duban.Officer: "党建专干", duban.BranchSecretary: "支部书记",
}

// families are kinds of school with the branches that each has.
var families = []struct {
	schools, branches string
}{
	{"师范学院 职业技术学院 开放大学", "机关 教工 学生"},
	{"第一中学 第二中学 第三中学 第四中学 第五中学 第六中学 第七中学 第八中学 第九中学 第十中学 第十一中学 第十二中学", "文科教研 理科教研 行政后勤"},
	{"实验中学 外国语学校 高级中学", "第一 第二 行政"},
	{"工业学校 卫生学校 旅游学校 艺术学校", "专业课教师 基础课教师 行政后勤"},
	{"实验小学 育才小学 文昌小学 江湾小学 向阳小学 东风小学 滨河小学 新华小学 长青小学 崇文小学 明德小学 和平小学 青云小学 桥头小学", "低年级 高年级 行政"},
	{"特殊教育学校 机关幼儿园 第一幼儿园 第二幼儿园", "保教 后勤 离退休"},
}

var regions = []string{"城东片区", "城西片区", "高新片区"}

// branchOfficers is how many of the branches have an officer of their own.
const branchOfficers = 95

const (
	surnames = "赵钱孙李周吴郑冯陈褚卫蒋沈韩杨朱秦许何吕施张孔曹严华金魏陶姜谢邹章苏潘葛范彭鲁韦马苗方俞任袁柳鲍史唐薛雷贺倪汤"
	given    = "建国 晓岚 志强 雅琴 明远 丽华 海涛 静怡 立军 晨曦 秀英 伟杰 文博 佳慧 永康 桂兰 德明 雪梅 振华 晓峰 玉珍 长青 新民 海燕 少华 婉清 青松 静波 文斌 淑芬 志远 春晓 国强 家豪 玉洁 卫国 雪琴 盛林 建华 雅芝 文涛 秋菊 世平 春燕 国华 立新 晓梅 志刚 美玲 国庆"
)

// roster is the city as a list of posts, from the top down.
func roster(random *rand.Rand) []work.RosterRow {
	r := &register{names: names(random)}
	r.add(Committee, "", duban.IndustryCommittee, "", duban.Leader, "陈国栋")
	r.add(Committee, "", duban.IndustryCommittee, "", duban.Admin, theAdministrator)
	r.add(Committee, "", duban.IndustryCommittee, "", duban.Admin, "何静")
	r.add(Committee, "", duban.IndustryCommittee, "", duban.Admin, "")
	r.add(Committee, "", duban.IndustryCommittee, "", duban.Officer, "")
	n := 0
	for _, family := range families {
		for _, short := range strings.Fields(family.schools) {
			r.school("滨江市"+short, regions[n%len(regions)], strings.Fields(family.branches))
			n++
		}
	}
	return r.rows
}

type register struct {
	rows     []work.RosterRow
	names    []string
	branches int
}

func (r *register) school(name, region string, branches []string) {
	committee := name + "党委"
	secretary, officer := "", ""
	if name == schoolOfOfficer {
		secretary, officer = "赵刚", theOfficer
	}
	r.add(committee, Committee, duban.SchoolCommittee, region, duban.Secretary, secretary)
	r.add(committee, Committee, duban.SchoolCommittee, region, duban.Officer, officer)
	for _, b := range branches {
		branch := name + b + "党支部"
		r.add(branch, committee, duban.Branch, region, duban.BranchSecretary, "")
		if r.branches < branchOfficers {
			r.add(branch, committee, duban.Branch, region, duban.Officer, "")
		}
		r.branches++
	}
}

// add gives a post to somebody, to the next of the invented names where nobody is named. The telephone numbers belong to nobody.
func (r *register) add(unit, parent string, kind duban.UnitKind, region string, role duban.Role, name string) {
	if name == "" {
		name, r.names = r.names[0], r.names[1:]
	}
	n := len(r.rows) + 1
	r.rows = append(r.rows, work.RosterRow{
		Line: n + 1, Unit: unit, Parent: parent, Kind: kind, Region: region, Name: name, Role: role,
		Phone: fmt.Sprintf("+861990000%04d", n), Code: fmt.Sprintf("JY%03d", n),
	})
}

// names invents names, each once, none of them one that is given by hand.
func names(random *rand.Rand) []string {
	taken := map[string]bool{theAdministrator: true, theOfficer: true, "何静": true, "陈国栋": true, "赵刚": true}
	var all []string
	for _, first := range strings.Fields(given) {
		for _, surname := range surnames {
			if name := string(surname) + first; !taken[name] {
				all = append(all, name)
			}
		}
	}
	random.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	return all
}
