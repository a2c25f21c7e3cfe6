package bot

import (
	"slices"
	"strings"
	"unicode/utf8"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// taskQuestion is what a step of a draft asks, with its chips and the way back.
func (v *visit) taskQuestion(d taskDraft) (Outgoing, error) {
	key := "task.ask." + d.Step
	if d.Step == askTitle && d.Edits {
		key = "task.ask.retitle"
	}
	out := Outgoing{Text: text.Join(v.drawnSoFar(d), v.text(key))}
	var err error
	switch d.Step {
	case askTo:
		out.Keyboard, err = v.audienceChips(d)
	case askDue:
		out.Keyboard = v.dueChips("draftdue", d.ID, calendar.Due{})
	case askEvidence:
		out.Keyboard = v.evidenceChips(d)
	case askReview:
		out.Keyboard = Keyboard{{v.setButton(d, "review.yes", "r1"), v.setButton(d, "review.no", "r0")}}
	case askPriority:
		out.Keyboard = Keyboard{{v.setButton(d, "priority.normal", "p0"), v.setButton(d, "priority.urgent", "p1"), v.setButton(d, "priority.critical", "p2")}}
	case askWay:
		out.Keyboard = Keyboard{{v.setButton(d, "completion.all", "c0"), v.setButton(d, "completion.any", "c1")}}
	case askEdit:
		out.Keyboard = v.fieldChips(d)
	}
	out.Keyboard = append(out.Keyboard, v.backAndStop(d))
	return out, err
}

// backAndStop is the last row of each step: ◀返回 where there is a step before, and 取消.
func (v *visit) backAndStop(d taskDraft) []Button {
	stop := button(v.word("announce.button_cancel"), "draft", d.ID, "stop")
	if d.Step == askTitle && !d.Edits {
		return []Button{stop}
	}
	return []Button{button(v.word("announce.button_back"), "draft", d.ID, "back"), stop}
}

// drawnSoFar repeats what is known of a draft while the rest is asked.
func (v *visit) drawnSoFar(d taskDraft) text.HTML {
	var lines []text.HTML
	if d.Row.Title != "" && d.Step != askTitle {
		lines = append(lines, v.text("task.so_far.title", "title", shorten(d.Row.Title, 60)))
	}
	if d.Row.Units != "" && d.Step != askTo {
		lines = append(lines, v.text("task.so_far.to", "to", shorten(v.audienceOf(d.Row.Units), 80)))
	}
	if due := d.offeredDue(v.Desk.Calendar, v); !due.IsZero() && d.Step != askDue {
		lines = append(lines, v.text("task.so_far.due", "due", v.dueWord(due)))
	}
	return text.Join(lines...)
}

// audienceOf writes the words of a row for whom it is, as people read them.
func (v *visit) audienceOf(units string) string {
	words := strings.Split(units, "、")
	for i, word := range words {
		switch {
		case word == "all":
			words[i] = v.word("announce.audience_all")
		case text.Has("task.every." + word):
			words[i] = v.word("task.every." + word)
		}
	}
	return strings.Join(words, v.word("people.comma"))
}

// chipSign begins the argument of a chip for many units; that of a unit is its id, see pickOf.
const chipSign = "!"

// recentAudiences is how many of the audiences of earlier items are offered.
const recentAudiences = 2

// audiencesOffered are the words for many units, in the order of their chips.
var audiencesOffered = []string{string(duban.SchoolCommittee), string(duban.GeneralBranch), string(duban.Branch), "all"}

// audienceChips offer for whom an item may be: lately used ones, kinds of unit, regions, and the units in pages.
func (v *visit) audienceChips(d taskDraft) (Keyboard, error) {
	var k Keyboard
	err := v.read(func(p *page) error {
		near, err := p.unitsLike(d.Unknown)
		if err != nil {
			return err
		}
		k = append(k, p.choices("draftto", d.ID, unitsOf(near), 0)...)
		recent, err := p.tx.Audiences(v.person.ID, recentAudiences)
		if err != nil {
			return err
		}
		for i, words := range recent {
			k = append(k, []Button{button(v.word("task.button.recent", "to", shorten(v.audienceOf(words), 30)), "draftto", d.ID, chipSign+"h"+itoa(i))})
		}
		many, err := v.manyChips(p, d)
		if err != nil {
			return err
		}
		k = append(append(k, rows(2, many...)...), []Button{button(v.word("task.button.units"), "draftto", d.ID, turnSign+"0")})
		return nil
	})
	return k, err
}

func (v *visit) manyChips(p *page, d taskDraft) ([]Button, error) {
	var many []Button
	for i, word := range audiencesOffered {
		if ok, err := p.reaches(word); err != nil {
			return nil, err
		} else if ok {
			many = append(many, button(v.audienceOf(word), "draftto", d.ID, chipSign+"k"+itoa(i)))
		}
	}
	regions, err := p.tx.Regions()
	if err != nil {
		return nil, err
	}
	for i, region := range regions[:min(len(regions), 2*pageSize)] {
		if ok, err := p.reaches(region); err != nil {
			return nil, err
		} else if ok {
			many = append(many, button(region, "draftto", d.ID, chipSign+"g"+itoa(i)))
		}
	}
	return many, nil
}

// reaches reports whether words mean units to which the reader may issue.
func (p *page) reaches(words string) (bool, error) {
	n, err := p.Desk.AudienceSize(p.tx, p.actor(), words)
	return n > 0, err
}

// pressDraftTo takes a chip for whom an item is.
func (v *visit) pressDraftTo(c call) error {
	d, ok, err := v.taskDraft(c.id)
	if err != nil || !ok || c.arg == "" {
		return err
	}
	if chosen, ok := pickOf(c.arg); ok {
		if chosen.Turns {
			return v.offerUnitsFor(d, chosen.Page)
		}
		return v.unitChosen(d, chosen.ID)
	}
	chip, ok := strings.CutPrefix(c.arg, chipSign)
	if !ok || chip == "" {
		v.answer("press.stale")
		return nil
	}
	words, err := v.audienceChip(chip[:1], atoi(chip[1:]))
	if err != nil {
		return err
	}
	if words == "" {
		v.answer("press.stale")
		return nil
	}
	d.Row.Units = words
	return v.taskNext(d)
}

// audienceChip is what a chip stands for; empty for one that has become stale.
func (v *visit) audienceChip(kind string, i int) (words string, err error) {
	err = v.read(func(p *page) error {
		var from []string
		switch kind {
		case "k":
			from = audiencesOffered
		case "g":
			from, err = p.tx.Regions()
		case "h":
			from, err = p.tx.Audiences(v.person.ID, recentAudiences)
		}
		if i < len(from) && err == nil {
			words = from[i]
		}
		return err
	})
	return words, err
}

// offerUnitsFor lists the units to choose from, in pages.
func (v *visit) offerUnitsFor(d taskDraft, pageNo int) error {
	return v.read(func(p *page) error {
		units, err := p.unitsToIssueTo()
		if err != nil {
			return err
		}
		k := p.choices("draftto", d.ID, unitsOf(units), pageNo)
		v.replace(Outgoing{Text: text.Join(v.drawnSoFar(d), v.text("task.ask.units")), Keyboard: append(k, []Button{
			button(v.word("announce.button_back"), "draft", d.ID, askTo), button(v.word("announce.button_cancel"), "draft", d.ID, "stop"),
		})})
		return nil
	})
}

// unitsToIssueTo are the units below the topmost one to which the reader may issue, as far as two levels.
func (p *page) unitsToIssueTo() ([]duban.Unit, error) {
	top, err := p.topUnit(duban.ActIssue)
	if err != nil {
		return nil, err
	}
	below, err := p.tx.UnitsBelow(top)
	if err != nil {
		return nil, err
	}
	var units []duban.Unit
	for _, u := range below {
		if u.Kind != duban.IndustryCommittee && (u.ID == top || u.ParentID == top) {
			units = append(units, u)
		}
	}
	return units, nil
}

func (v *visit) unitChosen(d taskDraft, id int64) error {
	return v.inPage(func(p *page) (func() error, error) {
		unit, err := p.tx.Unit(id)
		if err != nil {
			return nil, err
		}
		name, err := p.uniqueName(unit)
		d.Row.Units = instead(d.Row.Units, d.Unknown, name)
		d.Unknown = ""
		return func() error { return v.taskNext(d) }, err
	})
}

// instead puts a name in the place of the word that nobody knows, or of all words.
func instead(units, unknown, name string) string {
	words := strings.Split(units, "、")
	i := slices.Index(words, unknown)
	if i < 0 || unknown == "" {
		return name
	}
	words[i] = name
	return strings.Join(words, "、")
}

// uniqueName names a unit so that it is found again: by its name alone, or behind the one above it where others are called alike.
func (p *page) uniqueName(u duban.Unit) (string, error) {
	same, err := p.tx.UnitsNamed(u.Name)
	if err != nil || len(same) == 1 {
		return u.Name, err
	}
	return p.fullName(u)
}

// unitsLike finds the units to which the reader may issue whose names have the characters of a word in their order, as people shorten names: 五中.
func (p *page) unitsLike(word string) ([]duban.Unit, error) {
	if utf8.RuneCountInString(word) < 2 {
		return nil, nil
	}
	all, err := p.tx.Units()
	if err != nil {
		return nil, err
	}
	var like []duban.Unit
	for _, u := range all {
		if len(like) == choicePage || !shortens(word, u.Name) {
			continue
		}
		if ok, err := work.May(p.tx, p.actor(), duban.ActIssue, u.ID); err != nil {
			return nil, err
		} else if ok && u.Kind != duban.IndustryCommittee {
			like = append(like, u)
		}
	}
	return like, nil
}

// shortens reports whether a name has all characters of a word, in their order.
func shortens(word, name string) bool {
	left := []rune(word)
	for _, r := range name {
		if len(left) > 0 && r == left[0] {
			left = left[1:]
		}
	}
	return len(left) == 0
}

// inPage reads something and then does what follows outside of the snapshot.
func (v *visit) inPage(fn func(*page) (func() error, error)) error {
	var then func() error
	err := v.read(func(p *page) (err error) {
		then, err = fn(p)
		return err
	})
	if err != nil || then == nil {
		return err
	}
	return then()
}

// evidenceOffered are the evidence rules in the order of their chips. Photos are possible and stand last.
var evidenceOffered = []duban.Evidence{{Kind: duban.NoEvidence}, {Kind: duban.TextEvidence}, {Kind: duban.FileEvidence}, {Kind: duban.PhotosEvidence, Min: 1}, {Kind: duban.PhotosEvidence, Min: 3}}

func (v *visit) evidenceChips(d taskDraft) Keyboard {
	var chips []Button
	for i, e := range evidenceOffered {
		chips = append(chips, button(v.word("evidence."+string(e.Kind), "n", e.Min), "draftset", d.ID, "e"+itoa(i)))
	}
	return rows(3, chips...)
}

func (v *visit) setButton(d taskDraft, key, arg string) Button {
	return button(v.word(key), "draftset", d.ID, arg)
}

// fieldChips are what may be changed of a draft.
func (v *visit) fieldChips(d taskDraft) Keyboard {
	fields := []string{askTitle, askDuty, askTo, askDue, askEvidence, askReview, askPriority, askBasis, askReviewer, askSupports, askWay,
		askMilestones}
	if d.Row.Priority == duban.Critical {
		fields = append(fields, askLoud)
	}
	var chips []Button
	for _, field := range fields {
		chips = append(chips, button(v.word("task.field."+field), "draft", d.ID, field))
	}
	return rows(3, chips...)
}
