package sheet

import (
	"fmt"
	"strings"

	"github.com/xuri/excelize/v2"
)

const (
	paperA4 = 9
	// readableWidth is how many characters of a row still can be read on A4 across, where 130 have their full size.
	readableWidth = 250.0
	spreadScale   = 65 // percent, of a sheet that goes over several pages across
)

// printSetup makes the sheet print on A4 across, with its name and the number of the page on each page.
func (x *xlsxWriter) printSetup() error {
	if err := x.pages(); err != nil {
		return err
	}
	side, top, bottom, edge, middle := 0.4, 0.75, 0.6, 0.3, true // inches
	err := x.file.SetPageMargins(x.name, &excelize.PageLayoutMarginsOptions{
		Left: &side, Right: &side, Top: &top, Bottom: &bottom, Footer: &edge, Header: &edge, Horizontally: &middle,
	})
	if err != nil {
		return err
	}
	return x.file.SetHeaderFooter(x.name, x.headerFooter())
}

// pages fits the sheet to one page across, unless that makes it too small to read.
func (x *xlsxWriter) pages() error {
	paper, across, wide, anyHeight, fit, scale, first := paperA4, "landscape", 1, 0, true, uint(spreadScale), uint(1)
	layout := &excelize.PageLayoutOptions{Size: &paper, Orientation: &across, FitToWidth: &wide, FitToHeight: &anyHeight}
	if x.sheet.Form != nil {
		layout.FirstPageNumber = &first
	}
	if x.sheet.width() > readableWidth {
		fit, layout.FitToWidth, layout.AdjustTo = false, nil, &scale
	}
	if err := x.file.SetPageLayout(x.name, layout); err != nil {
		return err
	}
	return x.file.SetSheetProps(x.name, &excelize.SheetPropsOptions{FitToPage: &fit})
}

func (s Sheet) width() float64 {
	all := 0.0
	for _, c := range s.Columns {
		all += c.width()
	}
	return all
}

// headerFooter names a table and the moment it shows above each page. A form says that itself, and its pages are counted for itself.
func (x *xlsxWriter) headerFooter() *excelize.HeaderFooterOptions {
	if x.sheet.Form != nil {
		return &excelize.HeaderFooterOptions{OddFooter: "&L&A&R&P"}
	}
	header := "&L&A"
	if at := x.sheet.At; !at.IsZero() {
		header += "&R" + at.Format(minuteLayout)
	}
	footer := "&C&P / &N"
	if note := x.sheet.Note; note != "" {
		footer = "&L" + strings.ReplaceAll(note, "&", "&&") + "&R&P / &N"
	}
	return &excelize.HeaderFooterOptions{OddHeader: header, OddFooter: footer}
}

// repeatHeadings prints the headings and the frozen columns on each page. It comes after the filter, whose entry in the book it takes as its
// pattern: for each entry that it is asked for, the library looks through the sheets of all others, which takes minutes for two thousand sheets.
func (x *xlsxWriter) repeatHeadings() error {
	repeated := fmt.Sprintf("'%s'!$%d:$%[2]d", x.name, x.headingRow())
	if x.sheet.Frozen > 0 {
		last, err := excelize.ColumnNumberToName(x.sheet.Frozen)
		if err != nil {
			return err
		}
		repeated = fmt.Sprintf("'%s'!$A:$%s,%s", x.name, last, repeated)
	}
	names := x.file.WorkBook.DefinedNames
	titles := names.DefinedName[len(names.DefinedName)-1]
	titles.Name, titles.Data, titles.Hidden = "_xlnm.Print_Titles", repeated, false
	names.DefinedName = append(names.DefinedName, titles)
	return nil
}
