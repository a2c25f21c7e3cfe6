package sheet

import (
	"fmt"
	"time"
)

// AnnotateAs is Annotate for whoever wants the other format: what becomes of a csv file is a plain list from its headings on, what becomes of
// a workbook is the sheet that was read.
func (b *Book) AnnotateAs(format Format, notes Notes) ([]byte, error) {
	switch {
	case format == b.format:
		return b.Annotate(notes)
	case format == CSV:
		plain := *b
		plain.format, plain.separator = CSV, ','
		return plain.Annotate(notes)
	}
	t, ok := b.annotated()
	if !ok {
		return nil, fmt.Errorf("annotate: %w", &Refusal{Reason: NoHeading})
	}
	return guarded(func(time.Time) ([]byte, error) { return annotateList(t, notes) })
}
