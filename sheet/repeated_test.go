package sheet_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"duban/sheet"
)

// A workbook may name one part again and again, which would be read each time.
func TestAPartThatIsNamedAgainAndAgainIsRefused(t *testing.T) {
	rows := worksheet(strings.Repeat("<row/>", 49_000) + `<row><c t="inlineStr"><is><t>x</t></is></c></row>`)
	for name, parts := range map[string][]part{
		"as a sheet": {
			{name: "xl/workbook.xml", content: `<workbook><sheets>` + strings.Repeat(`<sheet name="S" id="rId1"/>`, 2000) + `</sheets></workbook>`},
			{name: "xl/_rels/workbook.xml.rels", content: `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
			{name: "xl/worksheets/sheet1.xml", content: rows},
		},
		"as shared strings": {
			{name: "xl/workbook.xml", content: `<workbook><sheets><sheet name="S" id="rId1"/></sheets></workbook>`},
			{name: "xl/_rels/workbook.xml.rels", content: `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/>` +
				strings.Repeat(`<Relationship Id="rId2" Type="x/sharedStrings" Target="sharedStrings.xml"/>`, 2000) + `</Relationships>`},
			{name: "xl/worksheets/sheet1.xml", content: worksheet("<row/>")},
			{name: "xl/sharedStrings.xml", content: "<sst>" + strings.Repeat("<a/>", 400_000) + "</sst>"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			all := append([]part{{name: "_rels/.rels", content: `<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`}}, parts...)
			_, err := sheet.Open("list.xlsx", mustArchive(t, all...))
			var refusal *sheet.Refusal
			if !errors.As(err, &refusal) || refusal.Reason != sheet.Damaged {
				t.Errorf("error %v", err)
			}
		})
	}
}

// What other programs than Excel write: 1.3800000001E10 is all of its digits.
func TestANumberWithAnExponentKeepsItsDigits(t *testing.T) {
	cells := `<row r="2">` + `<c r="A2" t="inlineStr"><is><t>市五中党委</t></is></c><c r="B2" t="inlineStr"><is><t>王芳</t></is></c>` +
		`<c r="C2" t="inlineStr"><is><t>专干</t></is></c><c r="D2"><v>2.0261205E7</v></c><c r="E2"><v>1.3800000001E10</v></c></row>`
	book := mustRead(t, string(mustSheet(t, worksheet(inlineRow(1, "单位", "姓名", "职务", "工号", "手机号")+cells))))
	rows, problems, err := book.Roster()
	if err != nil || len(problems) > 0 || len(rows) != 1 || rows[0].Code != "20261205" || rows[0].Phone != "+8613800000001" {
		t.Errorf("%+v, %+v, %v", rows, problems, err)
	}
}

// Workbooks of old Macs count days from 1904, also in a cell that has lost the format of a date.
func TestADeadlineWithoutItsFormatIsCountedAsTheWorkbookCounts(t *testing.T) {
	for system, serial := range map[string]string{"0": "46361", "1": "44899"} { // 2026-12-05
		for style, want := range map[string]string{"0": "2026-12-05", "1": "2026-12-05"} {
			data := mustArchive(t,
				part{name: "_rels/.rels", content: `<Relationships><Relationship Id="rId1" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
				part{name: "xl/workbook.xml", content: `<workbook><workbookPr date1904="` + system + `"/><sheets><sheet name="S" id="rId1"/></sheets></workbook>`},
				part{name: "xl/_rels/workbook.xml.rels", content: `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/styles" Target="styles.xml"/></Relationships>`},
				part{name: "xl/styles.xml", content: `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`},
				part{name: "xl/worksheets/sheet1.xml", content: worksheet(inlineRow(1, "编号", "事项", "责任要求", "责任单位", "完成时限") +
					strings.Replace(inlineRow(2, "1", "总结", "报送", "市五中党委"), "</row>", fmt.Sprintf(`<c r="E2" s="%s"><v>%s</v></c></row>`, style, serial), 1))})
			rows, problems, err := mustRead(t, string(data)).Tasks()
			if err != nil || len(problems) > 0 || len(rows) != 1 || rows[0].Due != want {
				t.Errorf("system %s, style %s: %+v, %+v, %v", system, style, rows, problems, err)
			}
		}
	}
}

func TestATimeOfDayWithoutItsFormatIsNoDeadline(t *testing.T) {
	data := mustSheet(t, worksheet(inlineRow(1, "编号", "事项", "责任要求", "责任单位", "完成时限")+
		strings.Replace(inlineRow(2, "1", "总结", "报送", "市五中党委"), "</row>", `<c r="E2"><v>0.8541666667</v></c></row>`, 1)))
	rows, _, err := mustRead(t, string(data)).Tasks()
	if err != nil || len(rows) != 1 || rows[0].Due != "0.8541666667" {
		t.Errorf("%+v, %v", rows, err)
	}
}
