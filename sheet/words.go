package sheet

import (
	"regexp"
	"strconv"
	"strings"
)

// word is one value of a column with a fixed vocabulary: the identifier that
// comes out, the word that is shown when somebody asks what is allowed, and
// other ways of writing it.
type word struct {
	id, shown string
	others    []string
}

var unitKinds = []word{
	{"industry_committee", "行业党委", []string{"教育行业党委", "市教育行业党委", "行业党委办公室"}},
	{"school_committee", "学校党委", []string{"党委", "院校党委", "高校党委", "中小学党委", "基层党委"}},
	{"general_branch", "党总支", []string{"总支", "学校党总支", "党总支部", "直属党总支"}},
	{"branch", "党支部", []string{"支部", "学校党支部", "直属党支部", "直属支部"}},
}

// unitWords are the words of a task list that mean many units at once.
var unitWords = []word{
	{"all", "全部", []string{"全体", "所有", "所有单位", "全部单位", "各单位", "全市", "everyone", "allunits"}},
	{"industry_committee", "行业党委", nil},
	{"school_committee", "各学校党委", []string{"学校党委", "各学校", "各校", "各院校党委", "所有学校党委", "全部学校党委", "allschools", "schools", "schoolcommittees", "allschoolcommittees"}},
	{"general_branch", "各党总支", []string{"党总支", "各总支", "所有党总支", "全部党总支", "generalbranches", "allgeneralbranches"}},
	{"branch", "各党支部", []string{"党支部", "各支部", "支部", "所有党支部", "全部党支部", "各基层党支部", "branches", "allbranches"}},
}

var roles = []word{
	{"admin", "管理员", []string{"系统管理员", "行业党委管理员", "行业党委办公室管理员", "administrator"}},
	{"leader", "行业党委书记", []string{"教育行业党委书记", "市教育行业党委书记", "行业党委领导"}},
	{"secretary", "学校党委书记", []string{"党委书记", "院校党委书记", "committeesecretary"}},
	{"officer", "党建专干", []string{"专干", "党务专干", "学校党建专干", "党建工作专干", "partyaffairsofficer"}},
	{"branch_secretary", "支部书记", []string{"党支部书记", "支书", "党总支书记", "总支书记"}},
}

var yesNo = []word{
	{"yes", "是", []string{"y", "true", "1", "需要", "需审核", "审核", "√", "✓", "✔", "要"}},
	{"no", "否", []string{"n", "false", "0", "不需要", "不审核", "无需审核", "免审", "无", "×", "✗", "不要", "x"}},
}

var priorities = []word{
	{"normal", "一般", []string{"平件", "普通", "正常", "常规"}},
	{"urgent", "加急", []string{"急件", "紧急", "急"}},
	{"critical", "特急", []string{"特急件", "特别紧急"}},
}

var sensitivities = []word{
	{"internal", "内部", []string{"是", "敏感", "内部事项", "y", "yes", "true", "1", "√", "✓"}},
	{"open", "公开", []string{"否", "不敏感", "普通", "一般", "n", "no", "false", "0", "×", "无"}},
}

var completions = []word{
	{"all", "全部", []string{"全部完成", "全部单位", "各单位完成", "均须完成", "每个单位", "everyone", "each"}},
	{"any", "任一", []string{"任一完成", "任一单位", "任一单位完成", "任一单位完成即可", "任意一家", "任何一家", "一家完成即可", "anyone", "one"}},
}

var evidences = []word{
	{"none", "无", []string{"否", "不需要", "无需", "无要求", "不要求", "no", "/", "-"}},
	{"text", "文字", []string{"文字说明", "文字材料", "文字反馈", "文本"}},
	{"file", "文件", []string{"附件", "文档", "材料", "佐证材料", "扫描件", "电子版", "document"}},
	{"photos", "照片N", nil},
}

// find returns the identifier that a cell's word means.
func find(words []word, text string) (string, bool) {
	plain := plainWord(text)
	for _, w := range words {
		if plain == plainWord(w.id) || plain == w.shown {
			return w.id, true
		}
		for _, other := range w.others {
			if plain == other {
				return w.id, true
			}
		}
	}
	return "", false
}

// allowed lists a vocabulary for the person who has to choose from it.
func allowed(words []word) string {
	shown := make([]string, len(words))
	for i, w := range words {
		shown[i] = w.shown
	}
	return strings.Join(shown, "、")
}

var (
	inBrackets = regexp.MustCompile(`\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕`)
	wordSigns  = strings.NewReplacer("_", "", "-", "", "。", "", ".", "", ",", "", "、", "", ":", "", "*", "", "\"", "", "“", "", "”", "")
)

// plainWord is a word without what does not change it: width, case, space,
// brackets and what they hold, signs.
func plainWord(text string) string {
	text = strings.ToLower(squeeze(text))
	if text == "-" || text == "/" {
		return text
	}
	return wordSigns.Replace(inBrackets.ReplaceAllString(text, ""))
}

const maxPhotos = 10 // an album in the chat holds ten

// besideNumber takes away what stands around the number of photos.
var besideNumber = strings.NewReplacer("照片", "", "图片", "", "photos", "", "photo", "", "现场", "", "不少于", "", "至少", "", "≥", "", ">=", "",
	"以上", "", "张", "", "幅", "", "(", "", ")", "", ":", "", "_", "", "x", "", "×", "", "*", "")

var photoNumber = regexp.MustCompile(`\d+|[一二两三四五六七八九十]`)

// evidence returns the rule that a cell asks for: 无, 文字, 文件, or 照片 with a
// number, which is 1 when none is given.
func evidence(text string) (rule string, photos int, reason Reason) {
	if clean(text) == "" {
		return "none", 0, ""
	}
	if rule, ok := find(evidences[:3], text); ok {
		return rule, 0, ""
	}
	plain := strings.ToLower(squeeze(text))
	if !strings.Contains(plain, "照片") && !strings.Contains(plain, "图片") && !strings.Contains(plain, "photo") {
		return "", 0, UnknownWord
	}
	rest := besideNumber.Replace(plain)
	if rest == "" || rest == "n" {
		return "photos", 1, ""
	}
	if photoNumber.FindString(rest) != rest {
		return "", 0, UnknownWord
	}
	n := chineseDigit(rest)
	if n < 1 || n > maxPhotos {
		return "", 0, BadPhotos
	}
	return "photos", n, ""
}

func chineseDigit(text string) int {
	if text == "两" {
		return 2
	}
	if i := strings.Index("一二三四五六七八九十", text); i >= 0 {
		return i/len("一") + 1
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		return -1
	}
	return n
}
