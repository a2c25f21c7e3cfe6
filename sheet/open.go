package sheet

import (
	"bytes"
	"fmt"
	"path/filepath"
	"time"
)

// Book is a spreadsheet that has been read. It keeps the bytes it came from,
// because Annotate gives the same file back.
type Book struct {
	data      []byte
	format    Format
	separator rune // of a csv
	grids     []*grid
	read      table // the list that was read last
}

// Open reads a spreadsheet of at most 20 MB. The content decides what it is,
// never the name, which is used for the error only: an archive is read as
// xlsx, everything else as csv in UTF-8, UTF-16 or GB18030, separated by
// commas, semicolons or tabs. A file that is not taken gives a *Refusal; a
// hostile one can neither exhaust the memory nor stop the process.
func Open(name string, data []byte) (*Book, error) {
	book, err := guarded(func(deadline time.Time) (*Book, error) { return open(data, deadline) })
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", filepath.Base(name), err)
	}
	return book, nil
}

func open(data []byte, deadline time.Time) (*Book, error) {
	if err := refuseByFirstBytes(data); err != nil {
		return nil, err
	}
	book := &Book{data: data, format: CSV}
	var err error
	if bytes.HasPrefix(data, []byte("PK")) {
		book.format = XLSX
		book.grids, err = readXLSX(data, deadline)
	} else {
		book.grids, book.separator, err = readCSV(data, deadline)
	}
	if err != nil {
		return nil, err
	}
	for _, g := range book.grids {
		if err := g.unmerge(deadline); err != nil {
			return nil, err
		}
	}
	return book, nil
}

// Format says what the file is and therefore what Annotate returns.
func (b *Book) Format() Format { return b.format }

func refuseByFirstBytes(data []byte) error {
	head := bytes.ToLower(bytes.TrimSpace(bytes.TrimPrefix(data[:min(len(data), 512)], utf8BOM)))
	switch {
	case len(data) > maxFile:
		return &Refusal{Reason: TooBig, Limit: maxFile}
	case len(bytes.TrimSpace(data)) == 0:
		return &Refusal{Reason: Empty}
	case bytes.HasPrefix(data, []byte{0xD0, 0xCF, 0x11, 0xE0}):
		return refuseCompoundFile(data)
	case bytes.HasPrefix(head, []byte("<html")), bytes.HasPrefix(head, []byte("<!doctype html")),
		bytes.HasPrefix(head, []byte("<table")), bytes.HasPrefix(head, []byte("<?xml")), bytes.HasPrefix(head, []byte("mime-version:")):
		return &Refusal{Reason: OldFormat}
	case bytes.HasPrefix(data, []byte("%PDF")), bytes.HasPrefix(data, []byte("Rar!")), bytes.HasPrefix(data, []byte{0xFF, 0xD8, 0xFF}),
		bytes.HasPrefix(data, []byte("7z\xBC\xAF")), bytes.HasPrefix(data, []byte("\x89PNG")):
		return &Refusal{Reason: NotASheet}
	}
	return nil
}

// refuseCompoundFile tells a workbook under a password from one of before
// 2007: both are compound files, the former has a stream of this name.
func refuseCompoundFile(data []byte) error {
	stream := []byte("E\x00n\x00c\x00r\x00y\x00p\x00t\x00e\x00d\x00P\x00a\x00c\x00k\x00a\x00g\x00e\x00")
	if bytes.Contains(data, stream) {
		return &Refusal{Reason: Encrypted}
	}
	return &Refusal{Reason: OldFormat}
}
