package bot

import (
	"cmp"
	"regexp"
	"strings"
	"time"

	"duban"
	"duban/calendar"
	"duban/sheet"
	"duban/text"
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
	typed, milestones := text.TakeMilestones(typed)
	row.Milestones = cmp.Or(milestones, row.Milestones)
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
	if r.due.Outcome != calendar.None {
		before, after, _ := strings.Cut(rest, r.due.Phrase)
		rest = text.BesideDeadline(before, after)
	}
	if rest = text.Tidy(rest); rest != "" {
		r.row.Title = rest
	}
	return nil
}

// atSigns begin the words for whom it is.
var atSigns = []string{"@", "＠"}

// longestAudience is how many words a name behind @ may have.
const longestAudience = 6

// audience takes the words behind @ and says how many: as many as name units or people, else one that nobody knows.
func (r *taskReader) audience(words []string) (int, error) {
	said, supports, ok := afterAt(words[0])
	if !ok {
		return 0, nil
	}
	most := min(len(words), longestAudience)
	for i := 1; i < most; i++ {
		if _, _, another := afterAt(words[i]); another {
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
			r.addAudience(phrase, supports)
			return n, nil
		}
	}
	if said == "" && len(words) > 1 {
		said = words[1]
		r.addAudience(said, supports)
		return 2, nil
	}
	r.addAudience(said, supports)
	return 1, nil
}

// afterAt returns what stands behind an @, and whether the word before it makes that supporting units.
func afterAt(word string) (said string, supports, ok bool) {
	word, supports = text.CutSupport(word)
	for _, sign := range atSigns {
		if said, ok := strings.CutPrefix(word, sign); ok {
			return said, supports, true
		}
	}
	return "", false, false
}

func (r *taskReader) addAudience(phrase string, supports bool) {
	into := &r.row.Units
	if supports {
		into = &r.row.Supports
	}
	words := unitWords(phrase)
	if *into != "" && words != "" {
		words = *into + "、" + words
	}
	*into = words
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

func (r *taskReader) option(word string) bool {
	if id, ok := sheet.PriorityWord(strings.TrimPrefix(word, "#")); ok && duban.Priority(id) != duban.Normal {
		r.row.Priority = duban.Priority(id)
		return true
	}
	option, value, ok := text.ReadTaskOption(word)
	switch {
	case !ok:
		return false
	case option == text.OptionEvidence:
		return r.evidence(value)
	}
	takeOption[option](r.row, value)
	return true
}

func (r *taskReader) evidence(said string) bool {
	rule, photos, ok := sheet.EvidenceWord(said)
	if ok {
		r.row.Evidence, r.proof = duban.Evidence{Kind: duban.EvidenceKind(rule), Min: photos}, true
	}
	return ok
}

// takeOption puts an option into a row.
var takeOption = map[text.TaskOption]func(*work.TaskRow, string){
	text.OptionReviewed: func(row *work.TaskRow, _ string) { row.Review = true },
	text.OptionUnread:   func(row *work.TaskRow, _ string) { row.Review = false },
	text.OptionInternal: func(row *work.TaskRow, _ string) { row.Internal = true },
	text.OptionBasis:    func(row *work.TaskRow, value string) { row.Basis = value },
	text.OptionReviewer: func(row *work.TaskRow, value string) { row.Reviewer = value },
	text.OptionOwner:    func(row *work.TaskRow, value string) { row.Owner = value },
	text.OptionDuty:     func(row *work.TaskRow, value string) { row.Duty = value },
	text.OptionAny:      func(row *work.TaskRow, _ string) { row.Completion = duban.CompleteAny },
	text.OptionAll:      func(row *work.TaskRow, _ string) { row.Completion = duban.CompleteAll },
	text.OptionSupports: func(row *work.TaskRow, value string) { row.Supports = unitWords(value) },
	text.OptionCategory: func(row *work.TaskRow, value string) { row.Category = value },
}
