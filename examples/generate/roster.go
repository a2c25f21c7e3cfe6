package main

import (
	"fmt"
	"strings"

	"duban/sheet"
)

const committee = "滨江市教育行业党委"

// unit is a unit of the invented city with its people: the posts stand in the
// order of names.
type unit struct {
	name, parent, kind, region string
	posts                      string // separated by 、
}

// school is a school committee: general branches with their branches, and
// branches directly below.
type school struct {
	name, region string
	general      map[string][]string
	order        []string // of the general branches
	branches     []string
}

var schools = []school{
	{name: "滨江师范学院", region: "城东片区", order: []string{"文学院", "数学与信息学院"},
		general: map[string][]string{
			"文学院":     {"文学院教工党支部", "文学院学生党支部"},
			"数学与信息学院": {"数学与信息学院教工党支部"},
		}, branches: []string{"机关党支部"}},
	{name: "滨江职业技术学院", region: "高新片区", order: []string{"机电工程系"},
		general:  map[string][]string{"机电工程系": {"机电工程系教工党支部", "机电工程系学生党支部"}},
		branches: []string{"经济管理系党支部", "机关后勤党支部"}},
	{name: "滨江市第一中学", region: "城东片区", order: []string{"高中部"},
		general:  map[string][]string{"高中部": {"高一年级党支部", "高二年级党支部", "高三年级党支部"}},
		branches: []string{"行政党支部"}},
	{name: "滨江市第二中学", region: "城西片区", branches: []string{"文科党支部", "理科党支部", "行政后勤党支部"}},
	{name: "滨江市第三中学", region: "高新片区", branches: []string{"教学党支部", "行政党支部"}},
	{name: "滨江市实验中学", region: "城东片区", branches: []string{"第一党支部", "第二党支部"}},
	{name: "滨江市外国语学校", region: "高新片区", branches: []string{"小学部党支部", "中学部党支部"}},
	{name: "滨江市工业学校", region: "城西片区", branches: []string{"专业课教师党支部", "基础课教师党支部"}},
	{name: "滨江市卫生学校", region: "城西片区", branches: []string{"护理教研党支部", "行政党支部"}},
	{name: "滨江市实验小学", region: "城东片区", branches: []string{"本部党支部", "东校区党支部"}},
	{name: "滨江市育才小学", region: "城西片区", branches: []string{"低年级党支部", "高年级党支部"}},
	{name: "滨江市特殊教育学校", region: "高新片区", branches: []string{"教学党支部", "康复党支部"}},
}

// people are invented; the numbers that go with them belong to nobody.
const people = `周明远 沈嘉宁 陆文清 何晓岚
顾建平 王芳 李思源 赵敏 孙国栋 钱雨桐 吴志强 郑丽华 冯海涛 褚静怡
卫东升 蒋雅琴 韩立军 杨晨曦 朱秀英 秦伟杰 许文博 吕佳慧
施永康 张桂兰 孔德明 曹雪梅 严振华 华晓峰 金玉珍 魏长青
陶新民 姜海燕 戚少华 谢婉清 邹立群
柏青松 水静波 窦文斌 章淑芬
云志远 苏丽娜 潘俊杰 葛春晓
奚国强 范晓燕 彭家豪 郎玉洁
鲁卫国 韦雪琴 昌盛林 马丽君
苗建华 方雅芝 俞文涛 任秋菊
袁世平 柳春燕 鲍国华 史玉兰
唐立新 费晓梅 廉志刚 岑美玲
薛国庆 雷雨晴 贺建民
倪素芬`

// units lists the city from the top down.
func units() []unit {
	all := []unit{{name: committee, kind: "行业党委", posts: "行业党委书记、管理员、管理员、党建专干"}}
	for _, s := range schools {
		school := s.name + "党委"
		all = append(all, unit{school, committee, "学校党委", s.region, "党委书记、党建专干"})
		for _, g := range s.order {
			general := s.name + g + "党总支"
			all = append(all, unit{general, school, "党总支", s.region, "支部书记、党建专干"})
			for _, b := range s.general[g] {
				all = append(all, unit{s.name + b, general, "党支部", s.region, "支部书记"})
			}
		}
		for _, b := range s.branches {
			all = append(all, unit{s.name + b, school, "党支部", s.region, "支部书记"})
		}
	}
	return append(all, unit{"滨江市教育局机关党支部", committee, "党支部", "", "支部书记"})
}

var rosterColumns = []sheet.Column{
	{Title: "单位", Width: 36}, {Title: "上级单位", Width: 28}, {Title: "单位类型", Width: 11}, {Title: "片区", Width: 11},
	{Title: "姓名", Width: 10}, {Title: "职务", Width: 14}, {Title: "手机号", Width: 14}, {Title: "工号", Width: 9},
}

func rosterSheet() sheet.Sheet {
	return sheet.Sheet{Name: "党务干部名册", Columns: rosterColumns, Rows: sheet.Rows(rosterRows())}
}

// rosterRows gives each post the next person. The officer of the last school
// holds a second post there, as happens in small schools.
func rosterRows() [][]any {
	names, next := strings.Fields(people), 0
	var rows [][]any
	for _, u := range units() {
		for _, post := range strings.Split(u.posts, "、") {
			person := next
			if u.name == "滨江市特殊教育学校教学党支部" {
				person = next - 1
			} else {
				next++
			}
			rows = append(rows, []any{
				u.name, u.parent, u.kind, u.region, names[person], post,
				fmt.Sprintf("1990000%04d", person+1), fmt.Sprintf("JY%03d", person+1),
			})
		}
	}
	return rows
}
