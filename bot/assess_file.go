package bot

import (
	"duban"
	"duban/export"
	"duban/sheet"
)

// sendSheet sends what a unit is shown of its assessment as a file.
func (v *visit) sendSheet(assessment int64) error {
	return v.lookAt(assessment, func(p *page, a duban.Assessment) error {
		out, err := p.sheetFile(a)
		v.send(out)
		return err
	})
}

func (p *page) sheetFile(a duban.Assessment) (Outgoing, error) {
	s, err := p.exports().Assessed(a)
	if err != nil || a.Computed.IsZero() {
		return p.notComputed(s), err
	}
	return p.sheetFileOf(s)
}

func (p *page) sheetFileOf(s export.Assessed) (Outgoing, error) {
	e := p.exports()
	file := limited{most: maxUpload}
	if err := e.WriteScore(&file, s); err != nil {
		return Outgoing{}, err
	}
	name := export.FileName(p.word("assess.file_name", "unit", s.Unit.Name, "year", s.Year)) + "." + string(sheet.XLSX)
	return Outgoing{Text: p.text("assess.file_caption", "unit", s.Unit.Name, "year", s.Year), Document: &Document{Name: name, Data: file.content.Bytes()}}, nil
}
