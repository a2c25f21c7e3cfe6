package bot

import (
	"context"
	"errors"

	"duban"
	"duban/export"
	"duban/sheet"
	"duban/work"
)

// A package is sent in parts with so much evidence each, in bytes, which leaves room for the workbook and the index; and in so many parts at most. A larger
// one is made in the office.
const (
	partOfPackage = 40_000_000
	partsAtMost   = 10
)

// sendPackage has the package of a unit sent.
func (v *visit) sendPackage(assessment int64) error {
	wanted := work.Package{Assessment: assessment}
	err := v.onAssessment(assessment, func(p *page, a duban.Assessment) error {
		y, err := p.yearEnd(a)
		if err != nil {
			return err
		}
		wanted.Evidence = len(y.Evidence)
		if parts := y.Split(partOfPackage); parts <= partsAtMost {
			wanted.Parts = parts
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.Desk.AskPackage(v.ctx, v.who, wanted); err != nil {
		return err
	}
	v.answer("assess.package_coming")
	return nil
}

func (p *page) yearEnd(a duban.Assessment) (*export.YearEnd, error) {
	e := p.exports()
	s, err := e.Assessed(a)
	if err != nil {
		return nil, err
	}
	return e.YearEnd(s)
}

// packageFile is a part of the package of a unit as a zip: the workbook in the first one, evidence, and the index of all evidence. Evidence that was handed
// in after the package was divided would be in a part that is sent already, or in none; so it has to be asked for again.
func (p *page) packageFile(a duban.Assessment, news work.AssessNews) (Outgoing, error) {
	y, err := p.yearEnd(a)
	if err != nil {
		return Outgoing{}, err
	}
	if a.Computed.IsZero() {
		return p.notComputed(y.Assessed), nil
	}
	parts := y.Split(partOfPackage)
	switch {
	case news.Parts == 0:
		return p.packageBook(y)
	case news.Parts != parts, news.Evidence != len(y.Evidence):
		return Outgoing{Text: p.text("assess.package_changed", "unit", y.Unit.Name, "year", y.Year)}, nil
	}
	file := limited{most: maxUpload}
	switch err := y.WritePackage(context.Background(), &file, p.EvidenceDir, news.Part); {
	case errors.Is(err, errTooLarge):
		return p.packageBook(y)
	case err != nil:
		return Outgoing{}, err
	}
	name, caption := "assess.package_name", "assess.package_caption"
	switch {
	case parts > 1 && news.Part == 1:
		name, caption = "assess.package_part_name", "assess.package_first"
	case parts > 1:
		name, caption = "assess.package_part_name", "assess.package_part"
	}
	about := []any{"unit", y.Unit.Name, "year", y.Year, "part", news.Part, "parts", parts}
	return Outgoing{
		Text:     p.text(caption, about...),
		Document: &Document{Name: export.FileName(p.word(name, about...)) + ".zip", Data: file.content.Bytes()},
	}, nil
}

// packageBook is the workbook of a package whose evidence is too much to be sent. Its index has every hash, and where each file lies in the office.
func (p *page) packageBook(y *export.YearEnd) (Outgoing, error) {
	about := []any{"unit", y.Unit.Name, "year", y.Year}
	out := Outgoing{Text: p.text("assess.package_too_large", about...)}
	file := limited{most: maxUpload}
	switch err := y.WriteAlone(&file); {
	case errors.Is(err, errTooLarge):
		return out, nil
	case err != nil:
		return Outgoing{}, err
	}
	out.Document = &Document{Name: export.FileName(p.word("assess.package_name", about...)) + "." + string(sheet.XLSX), Data: file.content.Bytes()}
	return out, nil
}
