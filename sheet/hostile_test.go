package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"strings"
	"testing"

	"duban/sheet"
)

// part is one entry of an archive made by hand: its content, followed by space
// up to the size when that is more.
type part struct {
	name, content string
	size          int
}

func mustArchive(tb testing.TB, parts ...part) []byte {
	tb.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	packed := map[string]packedPart{} // equal parts are packed once, for speed
	for _, p := range parts {
		key := fmt.Sprint(p.size, p.content)
		if _, done := packed[key]; !done {
			packed[key] = pack(tb, p)
		}
		entry, err := w.CreateRaw(&zip.FileHeader{
			Name: p.name, Method: zip.Deflate, CRC32: packed[key].sum,
			CompressedSize64: uint64(len(packed[key].bytes)), UncompressedSize64: uint64(max(p.size, len(p.content))),
		})
		if err != nil {
			tb.Fatal(err)
		}
		entry.Write(packed[key].bytes)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.Bytes()
}

type packedPart struct {
	bytes []byte
	sum   uint32
}

// pack deflates a part. Space is deflated twice, a MiB at a time: the second
// time looks back at the first, and so can be repeated as often as it takes.
func pack(tb testing.TB, p part) packedPart {
	tb.Helper()
	var out bytes.Buffer
	squeezed, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		tb.Fatal(err)
	}
	sum := crc32.NewIEEE()
	put := func(data []byte) (packed []byte) {
		before := out.Len()
		squeezed.Write(data)
		squeezed.Flush()
		sum.Write(data)
		return out.Bytes()[before:]
	}
	put([]byte(p.content))
	space := bytes.Repeat([]byte(" "), 1<<20)
	left := max(0, p.size-len(p.content))
	put(space[:left%len(space)])
	if left >= len(space) {
		put(space)
	}
	if left >= 2*len(space) {
		again := bytes.Clone(put(space))
		for range left/len(space) - 2 {
			out.Write(again)
			sum.Write(space)
		}
	}
	if err := squeezed.Close(); err != nil {
		tb.Fatal(err)
	}
	return packedPart{bytes: out.Bytes(), sum: sum.Sum32()}
}

// The bombs are real: what the directory promises does come out.
func TestPackedPartsUnpackToTheirSize(t *testing.T) {
	for _, p := range []part{{content: "x"}, {size: 1 << 20}, {content: "abc", size: 3<<20 + 7}, {size: 50 << 20}} {
		p.name = "p"
		data := mustArchive(t, p)
		archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			t.Fatal(err)
		}
		content, err := archive.File[0].Open()
		if err != nil {
			t.Fatal(err)
		}
		if n, err := io.Copy(io.Discard, content); err != nil || n != int64(max(p.size, len(p.content))) {
			t.Errorf("%d bytes of %d: %v", n, p.size, err)
		}
	}
}

// mustSheet is a minimal workbook around the rows of one sheet.
func mustSheet(tb testing.TB, sheetData string, more ...part) []byte {
	tb.Helper()
	return mustArchive(tb, append([]part{
		{name: "[Content_Types].xml", content: `<Types/>`},
		{name: "_rels/.rels", content: `<Relationships><Relationship Id="rId1" Type="http://x/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{name: "xl/workbook.xml", content: `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{name: "xl/_rels/workbook.xml.rels", content: `<Relationships><Relationship Id="rId1" Type="http://x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`},
		{name: "xl/worksheets/sheet1.xml", content: sheetData},
	}, more...)...)
}

func inlineRow(number int, values ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `<row r="%d">`, number)
	for i, v := range values {
		fmt.Fprintf(&b, `<c r="%c%d" t="inlineStr"><is><t>%s</t></is></c>`, 'A'+i, number, v)
	}
	return b.String() + "</row>"
}

func worksheet(rows string) string {
	return `<?xml version="1.0"?><worksheet><sheetData>` + rows + `</sheetData></worksheet>`
}

// hostileFiles are files that must be refused, by the reason.
func hostileFiles(tb testing.TB) map[string]struct {
	data   []byte
	reason sheet.Reason
} {
	good := worksheet(inlineRow(1, "单位", "姓名", "职务", "工号") + inlineRow(2, "市五中党委", "王芳", "专干", "D01"))
	whole := mustSheet(tb, good)
	var bomb []part
	for i := range 200 {
		bomb = append(bomb, part{name: fmt.Sprintf("xl/media/%d.bin", i), size: 10 << 20})
	}
	var many []part
	for i := range 3000 {
		many = append(many, part{name: fmt.Sprint("p/", i)})
	}
	type file = struct {
		data   []byte
		reason sheet.Reason
	}
	return map[string]file{
		"nothing":               {nil, sheet.Empty},
		"only space":            {[]byte(" \r\n\t"), sheet.Empty},
		"too big":               {make([]byte, 21<<20), sheet.TooBig},
		"old xls":               {[]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 workbook"), sheet.OldFormat},
		"password":              {[]byte("\xD0\xCF\x11\xE0 E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00"), sheet.Encrypted},
		"web page":              {[]byte("\n<html><table><tr><td>单位</td></tr></table></html>"), sheet.OldFormat},
		"xml of 2003":           {[]byte(`<?xml version="1.0"?><Workbook/>`), sheet.OldFormat},
		"pdf":                   {[]byte("%PDF-1.7"), sheet.NotASheet},
		"binary":                {[]byte("abc\x00def"), sheet.NotASheet},
		"control characters":    {[]byte("a,b\x01c\n"), sheet.NotASheet},
		"no encoding":           {[]byte("a,\xFF\xFF\xFFb\n"), sheet.BadEncoding},
		"xlsb":                  {mustArchive(tb, part{name: "xl/workbook.bin", content: "x"}), sheet.OldFormat},
		"ods":                   {mustArchive(tb, part{name: "mimetype", content: "application/vnd.oasis.opendocument.spreadsheet"}, part{name: "content.xml", content: "<d/>"}), sheet.OtherFormat},
		"numbers":               {mustArchive(tb, part{name: "Index/Document.iwa", content: "x"}), sheet.OtherFormat},
		"a text document":       {mustArchive(tb, part{name: "word/document.xml", content: "<d/>"}), sheet.NotASheet},
		"an archive":            {mustArchive(tb, part{name: "a.txt", content: "x"}), sheet.NotASheet},
		"truncated archive":     {whole[:len(whole)/2], sheet.Damaged},
		"only a signature":      {[]byte("PK\x03\x04"), sheet.Damaged},
		"macros":                {mustSheet(tb, good, part{name: "xl/vbaProject.bin", content: "x"}), sheet.Macros},
		"external links":        {mustSheet(tb, good, part{name: "xl/externalLinks/externalLink1.xml", content: "<x/>"}), sheet.ExternalLinks},
		"500 MiB sheet":         {mustSheet(tb, "", part{name: "xl/worksheets/sheet2.xml", size: 500 << 20}), sheet.ZipBomb},
		"200 parts of 10 MiB":   {mustSheet(tb, good, bomb...), sheet.ZipBomb},
		"one large part":        {mustSheet(tb, good, part{name: "xl/worksheets/sheet2.xml", size: 33 << 20}), sheet.ZipBomb},
		"shared strings":        {mustSheet(tb, good, part{name: "xl/sharedStrings.xml", size: 17 << 20}), sheet.ZipBomb},
		"thousands of parts":    {mustArchive(tb, many...), sheet.TooManyParts},
		"a million empty rows":  {mustSheet(tb, worksheet(strings.Repeat("<row/>", 1_000_000))), sheet.TooManyRows},
		"a million empty cells": {mustSheet(tb, worksheet("<row>"+strings.Repeat("<c/>", 1_100_000)+"</row>")), sheet.TooManyCells},
		"far right":             {mustSheet(tb, worksheet(`<row r="1"><c r="XFD1"><v>1</v></c></row>`)), sheet.TooManyColumns},
		"truncated part":        {mustSheet(tb, good[:len(good)-40]), sheet.Damaged},
		"empty part":            {mustSheet(tb, ""), sheet.Damaged},
		"no such string":        {mustSheet(tb, worksheet(`<row r="1"><c r="A1" t="s"><v>9</v></c></row>`)), sheet.Damaged},
		"own entities":          {mustSheet(tb, `<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>`), sheet.Damaged},
		"unknown entity":        {mustSheet(tb, worksheet(`<row><c><v>&a;</v></c></row>`)), sheet.Damaged},
		"rows going backwards":  {mustSheet(tb, worksheet(`<row r="5"/><row r="2"/>`)), sheet.Damaged},
		"no such cell":          {mustSheet(tb, worksheet(`<row r="1"><c r="1A"><v>1</v></c></row>`)), sheet.Damaged},
		"merged nonsense":       {mustSheet(tb, strings.Replace(good, "</worksheet>", `<mergeCell ref="B2"/></worksheet>`, 1)), sheet.Damaged},
		"merged without end": {mustSheet(tb, strings.Replace(
			worksheet(rowsOf(40_000)), "</worksheet>", strings.Repeat(`<mergeCell ref="A1:A1048576"/>`, 10_000)+"</worksheet>", 1)), sheet.TooManyCells},
		"csv of commas":       {bytes.Repeat([]byte(","), 5<<20), sheet.TooManyCells},
		"csv of rows":         {bytes.Repeat([]byte("a\n"), 60_000), sheet.TooManyRows},
		"csv far right":       {[]byte(strings.Repeat(",", 300) + "a\n"), sheet.TooManyColumns},
		"csv unpaired quote":  {[]byte("a,\"b\nc,d\n"), sheet.Damaged},
		"csv swallowing rows": {[]byte("a,b\"c\nd,\"e\nf,g\n,h\"\n"), sheet.Damaged},
	}
}

func rowsOf(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `<row r="%d"><c r="A%d"><v>1</v></c></row>`, i+1, i+1)
	}
	return b.String()
}

func TestHostileFilesAreRefusedWithAReason(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	for name, tt := range hostileFiles(t) {
		t.Run(name, func(t *testing.T) {
			_, err := sheet.Open("list.xlsx", tt.data)
			var refusal *sheet.Refusal
			if !errors.As(err, &refusal) {
				t.Fatalf("error %v", err)
			}
			if refusal.Reason != tt.reason {
				t.Errorf("refused for %s, want %s: %v", refusal.Reason, tt.reason, err)
			}
		})
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("temporary files left: %v %v", left, err)
	}
}

// A part may turn out longer than the archive's directory says.
func TestAPartThatLiesAboutItsSizeIsRefused(t *testing.T) {
	data := mustSheet(t, worksheet(inlineRow(1, "单位", "姓名", "职务", "工号")), part{name: "xl/sharedStrings.xml", content: "<sst><si><t>", size: 1 << 20})
	directory := bytes.LastIndex(data, []byte("xl/sharedStrings.xml")) - 46
	copy(data[directory+24:], []byte{16, 0, 0, 0}) // the unpacked size in the central directory
	var refusal *sheet.Refusal
	if _, err := sheet.Open("list.xlsx", data); !errors.As(err, &refusal) || refusal.Reason != sheet.Damaged {
		t.Errorf("error %v", err)
	}
}

func TestEmptyCellsFarRightCostNothing(t *testing.T) {
	var b strings.Builder
	b.WriteString(inlineRow(1, "单位", "姓名", "职务", "工号"))
	b.WriteString(inlineRow(2, "市五中党委", "王芳", "专干", "D01"))
	for i := 3; i < 20_000; i++ {
		fmt.Fprintf(&b, `<row r="%d"><c r="XFD%d" s="1"/></row>`, i, i)
	}
	book := mustRead(t, string(mustSheet(t, worksheet(b.String()))))
	if rows := mustRoster(t, book); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
	if _, err := book.Annotate(sheet.Notes{Problems: map[int]string{2: "请补充手机号"}}); err != nil {
		t.Error(err)
	}
}

func TestEachReasonIsListedOnce(t *testing.T) {
	seen := map[sheet.Reason]bool{}
	for _, reason := range append(sheet.RefusalReasons(), sheet.ProblemReasons()...) {
		if reason == "" || seen[reason] {
			t.Errorf("reason %q", reason)
		}
		seen[reason] = true
	}
}

func TestARefusalSaysItsLimitAndItsRow(t *testing.T) {
	err := &sheet.Refusal{Reason: sheet.MissingColumns, Limit: 3, Line: 7, Columns: []string{"姓名", "工号"}}
	if want := "spreadsheet refused: missing columns (limit 3) at row 7: 姓名, 工号"; err.Error() != want {
		t.Errorf("%q, want %q", err.Error(), want)
	}
}

func BenchmarkRefusing(b *testing.B) {
	for name, tt := range hostileFiles(b) {
		b.Run(strings.ReplaceAll(name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				sheet.Open("list.xlsx", tt.data)
			}
		})
	}
}
