package bot

import (
	"duban"
	"duban/export"
	"duban/imports"
	"duban/sheet"
	"duban/work"
)

// sendForm has the form sent by which the parts of a round are entered in a spreadsheet.
func (v *visit) sendForm(round int64) error {
	if err := v.Desk.AskPartsForm(v.ctx, v.who, round); err != nil {
		return err
	}
	v.answer("assess.form_coming")
	return nil
}

// formFile is the form of a round, with what was entered so far.
func (p *page) formFile(round int64) (Outgoing, error) {
	r, err := p.tx.Round(round)
	if err != nil {
		return Outgoing{}, err
	}
	if !r.Open() {
		return Outgoing{}, untrue("closed meanwhile")
	}
	units, err := work.Proposable(p.tx, p.actor(), r)
	if err != nil {
		return Outgoing{}, err
	}
	if len(units) == 0 {
		return Outgoing{}, untrue("no longer allowed")
	}
	rules, err := work.RulesOf(p.tx, r)
	if err != nil {
		return Outgoing{}, err
	}
	form := imports.PartsForm{
		Lang: p.lang, Organisation: p.Desk.Policy.Organisation, Year: r.Year, Parts: partsOf(rules), Most: rules.Most, Units: units,
	}
	file := limited{most: duban.MaxFile}
	if err := sheet.Write(&file, sheet.XLSX, form.Sheet()); err != nil {
		return Outgoing{}, err
	}
	name := export.FileName(p.word("assess.form_name", "year", r.Year)) + "." + string(sheet.XLSX)
	return Outgoing{Text: p.text("assess.news.form", "year", r.Year, "n", len(units)), Document: &Document{Name: name, Data: file.content.Bytes()}}, nil
}
