package bot

import (
	"regexp"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/work"
)

// taskReader reads an item as it is typed in one line, in any order: 报送年度总结 @各学校党委 12月5日前 需文件.
type taskReader struct {
	cal    *calendar.Calendar
	now    time.Time
	knows  func(words string) (bool, error) // whether words name units or people
	row    *work.TaskRow
	proof  bool // evidence was said
	due    calendar.Reading
	titles []string
}

// readTask reads what was typed into a row, which keeps what the text does not say. Lines after the first are the duty.
func (v *visit) readTask(typed string, row *work.TaskRow) (*taskReader, error) {
	r := &taskReader{cal: v.Desk.Calendar, now: v.now, row: row}
	first, rest, _ := strings.Cut(typed, "\n")
	err := v.read(func(p *page) error {
		r.knows = func(words string) (bool, error) { return v.Desk.KnowsAudience(p.tx, v.who, words) }
		return r.line(first)
	})
	if rest = strings.TrimSpace(rest); rest != "" {
		row.Duty = rest
		if r.due.Outcome == calendar.None {
			r.due = v.Desk.Calendar.ParseDue(rest, v.now)
		}
	}
	if r.due.Outcome != calendar.None {
		row.Due = dueSaid(r.due)
	}
	return r, err
}

// dueSaid keeps a deadline so that it means the same later on; what is not settled yet is kept as it was said.
func dueSaid(r calendar.Reading) string {
	if r.Outcome == calendar.Understood {
		return work.DueText(r.Due)
	}
	return r.Phrase
}

func (r *taskReader) line(typed string) error {
	words := strings.Fields(typed)
	for len(words) > 0 {
		n, err := r.audience(words)
		if err != nil {
			return err
		}
		if n == 0 {
			if left := r.options(words[0]); left != "" {
				r.titles = append(r.titles, left)
			}
			n = 1
		}
		words = words[n:]
	}
	rest := strings.Join(r.titles, " ")
	r.due = r.cal.ParseDue(rest, r.now)
	if r.due.Outcome == calendar.None {
		r.title(rest)
		return nil
	}
	before, after, _ := strings.Cut(rest, r.due.Phrase)
	r.title(trimMarks(before) + " " + strings.TrimLeft(after, dueTails))
	return nil
}

func (r *taskReader) title(said string) {
	if said = strings.Trim(strings.Join(strings.Fields(said), " "), titleSigns); said != "" {
		r.row.Title = said
	}
}

// titleSigns are the signs that are left over around a title, dueTails those behind a deadline.
const (
	titleSigns = " ,，;；、。.:：|｜-—"
	dueTails   = " 前内,，;；、。"
)

// marksLeft are the words before a deadline that only announce it.
var marksLeft = regexp.MustCompile(`(?i)(?:^|[\s,，;；。])?(?:请务必于|务必于|请于|请在|截止时间|截止日期|截止到|截止|截至|时限|期限|最迟|限于|限|于|在|\b(?:by|before|until|due|deadline|no later than))[:：\s]*$`)

func trimMarks(before string) string { return marksLeft.ReplaceAllString(before, "") }

// atSigns begin the words for whom it is.
var atSigns = []string{"@", "＠"}

// longestAudience is how many words a name behind @ may have.
const longestAudience = 6

// audience takes the words behind @ and says how many: as many as name units or people, else one that nobody knows.
func (r *taskReader) audience(words []string) (int, error) {
	said, ok := afterAt(words[0])
	if !ok {
		return 0, nil
	}
	most := min(len(words), longestAudience)
	for i := 1; i < most; i++ {
		if _, another := afterAt(words[i]); another {
			most = i
		}
	}
	for n := most; n > 0; n-- {
		phrase := strings.TrimSpace(strings.Join(append([]string{said}, words[1:n]...), " "))
		known, err := r.knows(unitWords(phrase))
		if err != nil {
			return 0, err
		}
		if known {
			r.addAudience(phrase)
			return n, nil
		}
	}
	if said == "" && len(words) > 1 {
		said = words[1]
		r.addAudience(said)
		return 2, nil
	}
	r.addAudience(said)
	return 1, nil
}

func afterAt(word string) (string, bool) {
	for _, sign := range atSigns {
		if said, ok := strings.CutPrefix(word, sign); ok {
			return said, true
		}
	}
	return "", false
}

func (r *taskReader) addAudience(phrase string) {
	words := unitWords(phrase)
	if r.row.Units != "" && words != "" {
		words = r.row.Units + "、" + words
	}
	r.row.Units = words
}

var betweenNames = regexp.MustCompile(`[、,;；，\n]+`)

// unitWords writes the names of units and people as a row has them, with the identifiers of words that mean many.
func unitWords(phrase string) string {
	var words []string
	for _, part := range betweenNames.Split(phrase, -1) {
		part = strings.TrimSpace(strings.Trim(strings.TrimSpace(part), "@＠"))
		if id, many := sheet.UnitsWord(part); many {
			part = id
		}
		if part != "" {
			words = append(words, part)
		}
	}
	return strings.Join(words, "、")
}

// options takes what a word says at its end about how the item is to be done, also several things with commas between them, and returns the rest.
func (r *taskReader) options(word string) string {
	parts := betweenNames.Split(word, -1)
	for len(parts) > 0 && (parts[len(parts)-1] == "" || r.option(parts[len(parts)-1])) {
		word = strings.TrimRight(strings.TrimSuffix(strings.TrimRight(word, "、,;；，"), parts[len(parts)-1]), "、,;；，")
		parts = parts[:len(parts)-1]
	}
	return word
}

// needs are the words before what evidence is asked for.
var needs = []string{"#", "需要", "须附", "需附", "须", "需", "附"}

// named are the options that carry a value behind their name, after a colon. Bare says which values are taken without one; nil: none.
var named = []struct {
	names []string
	bare  func(value string) bool
	put   func(*work.TaskRow, string)
}{
	{[]string{"依据", "basis"}, looksOfficial, func(row *work.TaskRow, value string) { row.Basis = value }},
	{[]string{"审核人", "reviewer"}, looksLikeName, func(row *work.TaskRow, value string) { row.Reviewer = value }},
	{[]string{"责任人", "owner"}, nil, func(row *work.TaskRow, value string) { row.Owner = value }},
	{[]string{"要求", "duty"}, nil, func(row *work.TaskRow, value string) { row.Duty = value }},
	{[]string{"类别", "category"}, nil, func(row *work.TaskRow, value string) { row.Category = value }},
}

func looksOfficial(value string) bool {
	return strings.ContainsAny(value, "〔《[【（(") || strings.Contains(value, "号")
}

func looksLikeName(value string) bool { return len([]rune(value)) <= 4 }

// flags are the options that are a word alone.
var flags = map[string]func(*work.TaskRow){
	"不审核": notReviewed, "免审": notReviewed, "无需审核": notReviewed, "不需审核": notReviewed, "#noreview": notReviewed,
	"需审核": reviewed, "#review": reviewed,
	"#internal": internal, "内部事项": internal,
}

func notReviewed(row *work.TaskRow) { row.Review = false }
func reviewed(row *work.TaskRow)    { row.Review = true }
func internal(row *work.TaskRow)    { row.Internal = true }

func (r *taskReader) option(word string) bool {
	if set, known := flags[strings.ToLower(word)]; known {
		set(r.row)
		return true
	}
	if id, ok := sheet.PriorityWord(strings.TrimPrefix(word, "#")); ok && duban.Priority(id) != duban.Normal {
		r.row.Priority = duban.Priority(id)
		return true
	}
	for _, need := range needs {
		said, ok := strings.CutPrefix(word, need)
		if !ok {
			continue
		}
		if rule, photos, ok := sheet.EvidenceWord(said); ok {
			r.row.Evidence, r.proof = duban.Evidence{Kind: duban.EvidenceKind(rule), Min: photos}, true
			return true
		}
	}
	return r.named(word)
}

// named takes an option with its value, such as 审核人李敏 or reviewer:LM.
func (r *taskReader) named(word string) bool {
	for _, option := range named {
		for _, name := range option.names {
			value, ok := strings.CutPrefix(word, name)
			if !ok || value == "" {
				continue
			}
			bare := strings.TrimLeft(value, ":：")
			if bare != "" && (bare != value || option.bare != nil && option.bare(value)) {
				option.put(r.row, bare)
				return true
			}
		}
	}
	return false
}
