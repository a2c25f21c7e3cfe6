package imports

import (
	"duban/calendar"
	"duban/sheet"
)

// ReadYear reads the arrangement of a year's holidays from a file: JSON, CSV, or the text of the notice. What looks wrong about it comes back as
// problems. A file that is not taken at all gives an error that Refusal puts into words.
func ReadYear(name string, data []byte) (calendar.Year, []calendar.Problem, error) {
	text, err := sheet.DecodeText(data)
	if err != nil {
		return calendar.Year{}, nil, err
	}
	year, err := calendar.ParseYear(text, name)
	if err == nil {
		return year, year.Problems(), nil
	}
	if read, problems := calendar.ParseNotice(string(text), 0); len(read.Days) > 0 {
		return read, problems, nil
	}
	return calendar.Year{}, nil, err
}
