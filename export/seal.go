package export

import (
	"duban"
	"duban/sheet"
	"duban/text"
)

// sealed says at the foot of a table how long the record was when the table was made, and its check code: `duban verify --head` tells later whether the record
// still holds what this table was made from. An empty record has none.
func (e Export) sealed(s sheet.Sheet, err error) (sheet.Sheet, error) {
	if err != nil {
		return s, err
	}
	head, err := e.Tx.RecordHead()
	if err != nil || head.Seq == 0 {
		return s, err
	}
	s.Note = text.Word(e.Lang, "export.head", "n", head.Seq, "head", duban.Head{Seq: head.Seq, Check: duban.CheckCode(head.Hash)})
	return s, nil
}
