package bot

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"

	"duban"
	"duban/export"
	"duban/sheet"
	"duban/text"
	"duban/work"
)

// maxUpload is the largest file that a bot can send, in bytes. Telegram says 50 MB; the form around the file takes a little.
const maxUpload = 50_000_000 - 4096

// renderExport makes the table that the reader asked for, as it is now and as far as the reader may have it now.
func (p *page) renderExport(l duban.Letter) (Outgoing, error) {
	var wanted work.ExportNews
	if err := json.Unmarshal([]byte(l.Data), &wanted); err != nil {
		return Outgoing{}, err
	}
	if wanted.Record != nil {
		return p.renderRecord(wanted)
	}
	if ok, err := work.May(p.tx, p.actor(), duban.ActExport, wanted.Unit); err != nil {
		return Outgoing{}, err
	} else if !ok {
		return Outgoing{}, untrue("no longer allowed")
	}
	unit, err := p.tx.Unit(wanted.Unit)
	if err != nil {
		return Outgoing{}, err
	}
	data, err := p.table(wanted)
	switch {
	case errors.Is(err, errTooLarge):
		return Outgoing{Text: p.text("export.too_large", "table", p.tableWord(wanted))}, nil
	case err != nil:
		return Outgoing{}, err
	}
	return Outgoing{Text: p.exportCaption(wanted, unit), Document: &Document{Name: p.exportName(wanted, unit), Data: data}}, nil
}

// table writes a table into memory. What internal tasks are about stays in the office.
func (p *page) table(wanted work.ExportNews) ([]byte, error) {
	e := export.Export{
		Tx: p.tx, Calendar: p.Desk.Calendar, Lights: p.Desk.Policy.Lights, Lang: p.lang,
		Filter:       export.Filter{Unit: wanted.Unit, From: wanted.From, To: wanted.To, Announcement: wanted.Announcement},
		Organisation: p.Desk.Policy.Organisation, Discreet: true,
	}
	if wanted.Record != nil {
		filter, err := p.recordFilter(wanted.Record)
		if err != nil {
			return nil, err
		}
		e.Filter.Record = filter
	}
	file := limited{most: maxUpload}
	err := e.Write(&file, sheet.XLSX, export.Table(wanted.Table))
	return file.content.Bytes(), err
}

func (p *page) tableWord(wanted work.ExportNews) string {
	return p.word(tableKey(export.Table(wanted.Table)))
}

func (p *page) exportCaption(wanted work.ExportNews, unit duban.Unit) text.HTML {
	switch {
	case wanted.Announcement != 0:
		return p.text("export.caption_receipts", "n", wanted.Announcement, "unit", unit.Name)
	case wanted.Period != "":
		return p.text("export.caption_period", "table", p.tableWord(wanted), "unit", unit.Name, "period", p.word("export.period."+wanted.Period))
	}
	return p.text("export.caption", "table", p.tableWord(wanted), "unit", unit.Name)
}

// exportName names the file by what is in it and the day, so that one kept for later is found again.
func (p *page) exportName(wanted work.ExportNews, unit duban.Unit) string {
	parts := []string{p.tableWord(wanted), unit.Name, p.Desk.Calendar.Today(p.now).String()}
	return strings.NewReplacer("/", "-", `\`, "-", " ", "").Replace(strings.Join(parts, "_")) + ".xlsx"
}

// errTooLarge ends the writing of a file that Telegram would not take.
var errTooLarge = errors.New("the file is larger than a bot can send")

// limited is a buffer that refuses to grow beyond a size.
type limited struct {
	content bytes.Buffer
	most    int
}

// Write is for io.Writer.
func (l *limited) Write(p []byte) (int, error) {
	if l.content.Len()+len(p) > l.most {
		return 0, errTooLarge
	}
	return l.content.Write(p)
}
