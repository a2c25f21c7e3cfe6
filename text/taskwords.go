package text

import (
	"regexp"
	"strings"
)

// TaskOption is what a word says, beside title, deadline and units, in a line that draws up an item.
type TaskOption string

// The options of such a line.
const (
	OptionEvidence TaskOption = "evidence" // with what is asked for: 文件, photos3
	OptionReviewed TaskOption = "reviewed"
	OptionUnread   TaskOption = "unreviewed" // closed on report
	OptionInternal TaskOption = "internal"
	OptionBasis    TaskOption = "basis"
	OptionReviewer TaskOption = "reviewer"
	OptionOwner    TaskOption = "owner"
	OptionDuty     TaskOption = "duty"
	OptionCategory TaskOption = "category"
	OptionAny      TaskOption = "any"      // any one of the units may do it
	OptionAll      TaskOption = "all"      // each of them has to
	OptionSupports TaskOption = "supports" // the supporting units
)

// taskFlags are the options that are a word alone.
var taskFlags = map[string]TaskOption{
	"不审核": OptionUnread, "免审": OptionUnread, "无需审核": OptionUnread, "不需审核": OptionUnread, "#noreview": OptionUnread,
	"任一完成": OptionAny, "任一单位完成": OptionAny, "任一完成即可": OptionAny, "任一单位完成即可": OptionAny, "#any": OptionAny, "全部完成": OptionAll, "#all": OptionAll,
	"需审核": OptionReviewed, "#review": OptionReviewed, "内部事项": OptionInternal, "#internal": OptionInternal,
}

// taskValues are the options with a value behind a colon. Bare says which values are taken without one; nil: none.
var taskValues = []struct {
	option TaskOption
	names  []string
	bare   func(value string) bool
}{
	{OptionBasis, []string{"依据", "basis"}, looksOfficial},
	{OptionReviewer, []string{"审核人", "reviewer"}, looksLikeName},
	{OptionOwner, []string{"责任人", "owner"}, nil},
	{OptionDuty, []string{"要求", "duty"}, nil},
	{OptionCategory, []string{"类别", "category"}, nil},
	{OptionSupports, []string{"协办单位", "协办", "supporting", "support"}, nil},
}

func looksOfficial(value string) bool {
	return strings.ContainsAny(value, "〔《[【（(") || strings.Contains(value, "号")
}

func looksLikeName(value string) bool { return len([]rune(value)) <= 4 }

// taskNeeds are the words before what evidence is asked for, longest first.
var taskNeeds = []string{"需要", "须附", "需附", "须", "需", "附", "#"}

// ReadTaskOption reads one word of a line that draws up an item. The value of OptionEvidence is yet to be looked at: what is no evidence is no option.
func ReadTaskOption(word string) (option TaskOption, value string, ok bool) {
	if option, ok := taskFlags[strings.ToLower(word)]; ok {
		return option, "", true
	}
	for _, o := range taskValues {
		for _, name := range o.names {
			rest, found := strings.CutPrefix(word, name)
			value := strings.TrimLeft(rest, ":：")
			if found && value != "" && (value != rest || o.bare != nil && o.bare(value)) {
				return o.option, value, true
			}
		}
	}
	if value := AfterNeed(word); value != word && value != "" {
		return OptionEvidence, value, true
	}
	return "", "", false
}

// AfterNeed returns what is asked for where a word says that something is needed: 文件 of 需文件, file of #file; else the word itself.
func AfterNeed(word string) string {
	for _, need := range taskNeeds {
		if value, found := strings.CutPrefix(word, need); found {
			return value
		}
	}
	return word
}

// besideDue are the words before a deadline that only announce it, and the signs and words behind it.
var (
	beforeDue = regexp.MustCompile(`(?i)(?:^|[\s,，;；。])?(?:请务必于|务必于|请于|请在|截止时间|截止日期|截止到|截止|截至|时限|期限|最迟|限于|限|于|在|\b(?:by|before|until|due|deadline|no later than))[:：\s]*$`)
	afterDue  = " 前内,，;；、。"
	besides   = " ,，;；、。.:：|｜-—"
)

// BesideDeadline joins what stands before and behind a deadline in a line, without the words that only announce it.
func BesideDeadline(before, after string) string {
	return Tidy(beforeDue.ReplaceAllString(before, "") + " " + strings.TrimLeft(after, afterDue))
}

// Tidy takes the signs and spaces away that are left over around a title.
func Tidy(title string) string {
	return strings.Trim(strings.Join(strings.Fields(title), " "), besides)
}

// noticeHeading is the usual heading of a notice: 关于报送…的通知.
var noticeHeading = regexp.MustCompile(`^关于(?:做好|开展|印发|转发)?(.+?)(?:工作)?的(?:紧急|补充)?(?:通知|函|通告|公告|提示|提醒)$`)

// SubjectOf finds what a notice asks for in its heading: 报送总结 in 关于报送总结的通知. Any other heading is returned as it is.
func SubjectOf(heading string) string {
	heading = strings.TrimRight(heading, "：:。；;，, ")
	if m := noticeHeading.FindStringSubmatch(heading); m != nil {
		return m[1]
	}
	return heading
}

// supportSigns are the words before @ that make the units behind it supporting ones.
var supportSigns = []string{"协办单位", "协办", "配合", "supporting", "support"}

// CutSupport takes the word for supporting units from before an @, such as in 协办@实验小学, and reports whether there was one.
func CutSupport(word string) (string, bool) {
	for _, sign := range supportSigns {
		if rest, ok := strings.CutPrefix(strings.ToLower(word), sign); ok {
			return strings.TrimLeft(word[len(word)-len(rest):], ":："), true
		}
	}
	return word, false
}

var milestonesSaid = regexp.MustCompile(`(?i)[，,；;。]?\s*(?:节点|milestones|stages)\s*[:：]\s*(.+[%％])[。；;，,]?`)

// TakeMilestones takes the milestones out of what was typed, such as 节点：方案制定:11-30:30%；中期检查:12-10:60%.
func TakeMilestones(typed string) (rest, milestones string) {
	at := milestonesSaid.FindStringSubmatchIndex(typed)
	if at == nil {
		return typed, ""
	}
	return strings.TrimSpace(typed[:at[0]] + " " + typed[at[1]:]), typed[at[2]:at[3]]
}
