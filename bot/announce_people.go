package bot

import (
	"path/filepath"
	"strings"

	"duban"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// listOfPeople is what was made out of the words of a list of people.
type listOfPeople struct {
	found     []int64
	unknown   []string
	ambiguous []string // several people are called so
}

// peopleTyped takes people by their names or staff codes.
func (v *visit) peopleTyped(d announceDraft, typed string) error {
	if typed == "" {
		return v.announceAt(stepNames, d)
	}
	list, err := v.peopleIn(typed)
	if err != nil {
		return err
	}
	return v.peopleFound(d, list)
}

// peopleIn makes out the people in what was typed: with signs or line breaks between them, else with spaces.
func (v *visit) peopleIn(typed string) (listOfPeople, error) {
	words := strings.FieldsFunc(typed, func(c rune) bool { return strings.ContainsRune("、，,；;\n\t", c) })
	list, err := v.makeOut(words)
	if err != nil || len(list.found) > 0 || len(words) > 1 {
		return list, err
	}
	return v.makeOut(strings.Fields(typed))
}

// makeOut finds the people whom words name, among those to whom the visitor may announce.
func (v *visit) makeOut(words []string) (list listOfPeople, err error) {
	err = v.read(func(p *page) error {
		people, err := work.AnnouncesTo(p.tx, v.who)
		list = peopleListed(people, words)
		return err
	})
	return list, err
}

// peopleListed finds people by code, else by their whole name. A part of a name is not enough: a message would go to somebody else.
func peopleListed(people []duban.Person, words []string) (list listOfPeople) {
	byCode, byName := map[string][]int64{}, map[string][]int64{}
	for _, person := range people {
		byCode[squeezed(person.Code)] = append(byCode[squeezed(person.Code)], person.ID)
		byName[squeezed(person.Name)] = append(byName[squeezed(person.Name)], person.ID)
	}
	seen := map[int64]bool{}
	for _, word := range words {
		key := squeezed(word)
		if key == "" {
			continue
		}
		ids := byCode[key]
		if len(ids) == 0 {
			ids = byName[key]
		}
		switch {
		case len(ids) == 0:
			list.unknown = append(list.unknown, strings.TrimSpace(word))
		case len(ids) > 1:
			list.ambiguous = append(list.ambiguous, strings.TrimSpace(word))
		case !seen[ids[0]]:
			seen[ids[0]] = true
			list.found = append(list.found, ids[0])
		}
	}
	return list
}

// peopleFound goes on with the people of a list, or names those who were not made out and asks whether to go on without them.
func (v *visit) peopleFound(d announceDraft, list listOfPeople) error {
	if len(list.unknown)+len(list.ambiguous) == 0 && len(list.found) > 0 {
		return v.announceFor(d, duban.Audience{People: list.found})
	}
	d.People = list.found
	if err := v.begin("announce", stepNames, d); err != nil {
		return err
	}
	var lines []text.HTML
	comma := v.word("people.comma")
	if n := len(list.unknown); n > 0 {
		lines = append(lines, v.text("announce.names_unknown", "n", n, "names", strings.Join(list.unknown[:min(n, namesInUnit)], comma)))
	}
	if n := len(list.ambiguous); n > 0 {
		lines = append(lines, v.text("announce.names_ambiguous", "n", n, "names", strings.Join(list.ambiguous[:min(n, namesInUnit)], comma)))
	}
	k := Keyboard{}
	if len(list.found) > 0 {
		k = append(k, []Button{button(v.word("announce.button_found", "n", len(list.found)), "audience", 0, "found")})
	}
	v.replace(Outgoing{Text: text.Join(append(lines, v.text("announce.names_again"))...), Keyboard: append(k, v.backAndCancel("audience", "back"))})
	return nil
}

// namesInFile takes people from a spreadsheet with their codes or names.
func (v *visit) namesInFile(d announceDraft) error {
	sent := sheetOf(v.message)
	if !sheetNames[strings.ToLower(filepath.Ext(sent.Name))] {
		v.say("announce.names_file")
		return nil
	}
	words, err := v.wordsIn(sent)
	if err != nil {
		return v.refusedSheet(err)
	}
	list, err := v.makeOut(words)
	if err != nil {
		return err
	}
	return v.peopleFound(d, list)
}

func (v *visit) wordsIn(sent sentSheet) ([]string, error) {
	if sent.Size > duban.MaxFile {
		return nil, &sheet.Refusal{Reason: sheet.TooBig, Limit: duban.MaxFile}
	}
	data, err := v.Fetch(sent.File, duban.MaxFile)
	if err != nil {
		return nil, err
	}
	book, err := sheet.Open(sent.Name, data)
	if err != nil {
		return nil, err
	}
	return book.People()
}
