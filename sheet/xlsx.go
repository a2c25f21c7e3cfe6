package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"strings"
	"time"
)

// Reading goes through the archive part by part without unpacking it to
// memory or disk. The library that writes our files is not used for reading:
// it takes a part that ends too early, or an index that points nowhere, for
// fewer rows, and rows must not be lost silently.

// workbook is an xlsx file with the two tables that its cells refer to.
type workbook struct {
	parts    map[string]*zip.File // by path in lower case, without a leading slash
	walked   map[string]bool
	strings  []string
	formats  []cellFormat
	date1904 bool
	deadline time.Time
	cells    int // read so far
}

// readXLSX returns the visible sheets that have content, in their order.
func readXLSX(data []byte, deadline time.Time) ([]*grid, error) {
	parts, err := openArchive(data)
	if err != nil {
		return nil, err
	}
	w := &workbook{parts: parts, walked: map[string]bool{}, deadline: deadline}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	relations, err := w.relations(main)
	if err != nil {
		return nil, err
	}
	if err := w.readTables(relations); err != nil {
		return nil, err
	}
	sheets, err := w.sheets(main, relations)
	if err != nil {
		return nil, err
	}
	var grids []*grid
	for _, s := range sheets {
		g, err := w.readSheet(s)
		if err != nil {
			return nil, err
		}
		if len(g.lines) > 0 {
			grids = append(grids, g)
		}
	}
	return grids, nil
}

// openArchive lists the parts and refuses by what the directory of the archive
// declares, before anything is unpacked. The reader gives an error when a part
// turns out longer than declared, so the declared sizes can be relied on.
func openArchive(data []byte) (map[string]*zip.File, error) {
	if bytes.Count(data, []byte("PK\x01\x02")) > maxParts {
		return nil, &Refusal{Reason: TooManyParts, Limit: maxParts}
	}
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, &Refusal{Reason: Damaged}
	}
	parts, left := make(map[string]*zip.File, len(archive.File)), uint64(maxUnzip)
	for _, file := range archive.File {
		if file.UncompressedSize64 > left {
			return nil, &Refusal{Reason: ZipBomb, Limit: maxUnzip}
		}
		left -= file.UncompressedSize64
		name := partName(file.Name)
		if err := refuseByPart(name, file); err != nil {
			return nil, err
		}
		if _, twice := parts[name]; !twice {
			parts[name] = file
		}
	}
	return parts, nil
}

func partName(name string) string {
	return strings.TrimPrefix(strings.ToLower(strings.ReplaceAll(name, `\`, "/")), "/")
}

func refuseByPart(name string, file *zip.File) error {
	const encryptedFlag = 1
	switch base := path.Base(name); {
	case file.Flags&encryptedFlag != 0:
		return &Refusal{Reason: Encrypted}
	case strings.HasPrefix(base, "vbaproject"), strings.HasPrefix(name, "xl/macrosheets/"):
		return &Refusal{Reason: Macros}
	case strings.HasPrefix(name, "xl/externallinks/"):
		return &Refusal{Reason: ExternalLinks}
	case name == "xl/workbook.bin":
		return &Refusal{Reason: OldFormat}
	case strings.HasPrefix(name, "index/"), name == "content.xml":
		return &Refusal{Reason: OtherFormat}
	case strings.HasSuffix(base, ".xml") && file.UncompressedSize64 > maxPart:
		return &Refusal{Reason: ZipBomb, Limit: maxPart}
	case base == "sharedstrings.xml" && file.UncompressedSize64 > maxStrings:
		return &Refusal{Reason: ZipBomb, Limit: maxStrings}
	}
	return nil
}

// relation is where a part points to: the kind is the last word of its type.
type relation struct{ id, kind, target string }

func (w *workbook) mainPart() (string, error) {
	relations, err := w.relations("")
	if err != nil {
		return "", err
	}
	for _, r := range relations {
		if _, exists := w.parts[r.target]; exists && r.kind == "officeDocument" && strings.HasPrefix(r.target, "xl/") {
			return r.target, nil
		}
	}
	if _, exists := w.parts["xl/workbook.xml"]; exists {
		return "xl/workbook.xml", nil
	}
	return "", &Refusal{Reason: NotASheet}
}

// relations returns what a part refers to inside the archive; the empty part
// stands for the archive itself.
func (w *workbook) relations(part string) ([]relation, error) {
	folder, base := path.Split(part)
	var found []relation
	err := w.walk(folder+"_rels/"+base+".rels", func(x *walker, e xml.StartElement) error {
		if e.Name.Local != "Relationship" || attr(e, "TargetMode") == "External" {
			return nil
		}
		target := attr(e, "Target")
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/"+folder, target)
		}
		found = append(found, relation{id: attr(e, "Id"), kind: path.Base(attr(e, "Type")), target: partName(target)})
		return nil
	})
	return found, err
}

// readTables reads the shared strings and the number formats.
func (w *workbook) readTables(relations []relation) error {
	for _, r := range relations {
		var err error
		switch r.kind {
		case "sharedStrings":
			err = w.readStrings(r.target)
		case "styles":
			err = w.readFormats(r.target)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

type sheetPart struct{ name, part string }

func (w *workbook) sheets(main string, relations []relation) ([]sheetPart, error) {
	targets := map[string]string{}
	for _, r := range relations {
		if r.kind == "worksheet" {
			targets[r.id] = r.target
		}
	}
	var sheets []sheetPart
	err := w.walk(main, func(x *walker, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			w.date1904 = attr(e, "date1904") == "1" || attr(e, "date1904") == "true"
		case "sheet":
			target, exists := targets[attr(e, "id")]
			if !exists || attr(e, "state") == "hidden" || attr(e, "state") == "veryHidden" {
				return nil
			}
			if _, there := w.parts[target]; !there {
				return &Refusal{Reason: Damaged}
			}
			sheets = append(sheets, sheetPart{name: attr(e, "name"), part: target})
		}
		return nil
	})
	return sheets, err
}

// readStrings reads the table that most text cells point into. Phonetic
// guides beside the text are not part of it.
func (w *workbook) readStrings(part string) error {
	return w.walk(part, func(x *walker, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		if len(w.strings) >= maxCells {
			return &Refusal{Reason: TooManyCells, Limit: maxCells}
		}
		text, err := x.richText()
		w.strings = append(w.strings, text)
		return err
	})
}

// walker goes through the elements of one part. It does not expand entities
// that a document declares itself, and it knows when a part ends too early.
type walker struct {
	decoder  *xml.Decoder
	depth    int
	tokens   int
	deadline time.Time
}

// walk calls visit for each element of a part. A part that does not exist has
// no elements. A visit may read on, up to the end of its element. A part is
// walked once: one that is named again would be read again, as often as a
// hostile file likes.
func (w *workbook) walk(part string, visit func(*walker, xml.StartElement) error) error {
	file, exists := w.parts[part]
	if !exists {
		return nil
	}
	if w.walked[part] {
		return &Refusal{Reason: Damaged}
	}
	w.walked[part] = true
	content, err := file.Open()
	if err != nil {
		return &Refusal{Reason: Damaged}
	}
	defer content.Close()
	x := &walker{decoder: xml.NewDecoder(content), deadline: w.deadline}
	for {
		token, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if element, ok := token.(xml.StartElement); ok {
			if err := visit(x, element); err != nil {
				return err
			}
		}
	}
}

// next returns io.EOF only where the document is complete.
func (x *walker) next() (xml.Token, error) {
	if x.tokens++; x.tokens%4096 == 0 && time.Now().After(x.deadline) {
		return nil, tooSlow()
	}
	token, err := x.decoder.RawToken()
	if err == io.EOF && x.depth == 0 && x.tokens > 1 {
		return nil, io.EOF
	}
	if err != nil {
		return nil, &Refusal{Reason: Damaged}
	}
	switch token.(type) {
	case xml.StartElement:
		if x.depth++; x.depth > maxDepth {
			return nil, &Refusal{Reason: Damaged}
		}
	case xml.EndElement:
		x.depth--
	case xml.Directive:
		return nil, &Refusal{Reason: Damaged}
	}
	return token, nil
}

// richText returns the text inside the element that was just entered, and
// leaves it.
func (x *walker) richText() (string, error) {
	var text strings.Builder
	bottom, inText, phonetic := x.depth-1, false, 0
	for x.depth > bottom {
		token, err := x.next()
		if err != nil {
			return "", ended(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			if token.Name.Local == "rPh" {
				phonetic = x.depth
			}
			inText = token.Name.Local == "t" && phonetic == 0
		case xml.EndElement:
			inText = false
			if x.depth < phonetic {
				phonetic = 0
			}
		case xml.CharData:
			if inText {
				text.Write(token)
			}
		}
	}
	return unescape(text.String()), nil
}

// ended makes the end of the document an error where an element is open.
func ended(err error) error {
	if err == io.EOF {
		return &Refusal{Reason: Damaged}
	}
	return err
}

func attr(e xml.StartElement, local string) string {
	for _, a := range e.Attr {
		if a.Name.Local == local {
			return a.Value
		}
	}
	return ""
}
