package calendar

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// longestYearFile is more than any file of one year's days needs, in bytes.
const longestYearFile = 1 << 20

// ErrYearFile is what ParseYear's errors are.
var ErrYearFile = errors.New("file of holidays")

// ParseYear reads a year from a file in UTF-8. JSON is either what Year is written as, or the form that public data sets use
// (year, papers, days of name, date, isOffDay). CSV has a heading with 日期 (or date), optionally 至 (to), 名称 (name) and 类型
// (type), where 休 or off and 班 or work say what the day is. A file that names no notice is taken to follow the one given.
func ParseYear(data []byte, notice string) (Year, error) {
	if len(data) > longestYearFile {
		return Year{}, fmt.Errorf("%w: larger than %d bytes", ErrYearFile, longestYearFile)
	}
	data = bytes.TrimSpace(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")))
	parse := parseYearCSV
	if bytes.HasPrefix(data, []byte("{")) {
		parse = parseYearJSON
	}
	year, err := parse(data)
	if err != nil {
		return Year{}, fmt.Errorf("%w: %w", ErrYearFile, err)
	}
	if year.Notice == "" {
		year.Notice = notice
	}
	return year, nil
}

func parseYearJSON(data []byte) (Year, error) {
	var file struct {
		Year   int      `json:"year"`
		Notice string   `json:"notice"`
		Papers []string `json:"papers"`
		Days   []struct {
			Day
			Date  Date  `json:"date"`
			IsOff *bool `json:"isOffDay"`
		} `json:"days"`
	}
	if err := json.Unmarshal(data, &file); err != nil {
		return Year{}, err
	}
	year := Year{Year: file.Year, Notice: file.Notice}
	if year.Notice == "" && len(file.Papers) > 0 {
		year.Notice = file.Papers[0]
	}
	for i, entry := range file.Days {
		day := entry.Day
		if day.From.IsZero() {
			day.From = entry.Date
		}
		if entry.IsOff != nil {
			day.Off = *entry.IsOff
		}
		if day.From.IsZero() {
			return Year{}, fmt.Errorf("day %d has no date", i+1)
		}
		year.Days = append(year.Days, day)
	}
	if !plausibleYear(year.Year) {
		return Year{}, errors.New("no year")
	}
	return year, nil
}

// yearColumns are the headings of a file in CSV, in any order.
var yearColumns = map[string][]string{
	"from": {"日期", "开始", "date", "from"},
	"to":   {"至", "结束", "to"},
	"name": {"名称", "节日", "name"},
	"kind": {"类型", "安排", "type", "kind", "off", "isoffday"},
}

// dayKinds are the words for a day off and a day worked.
var dayKinds = map[string]bool{
	"休": true, "放假": true, "off": true, "holiday": true, "true": true, "1": true,
	"班": false, "上班": false, "work": false, "workday": false, "false": false, "0": false,
}

func parseYearCSV(data []byte) (Year, error) {
	reader := csv.NewReader(bytes.NewReader(data))
	reader.FieldsPerRecord, reader.TrimLeadingSpace = -1, true
	heading, err := reader.Read()
	if err != nil {
		return Year{}, errors.New("no heading")
	}
	column := columnsOf(heading)
	if column["from"] < 0 || column["kind"] < 0 {
		return Year{}, errors.New("the heading needs 日期 (date) and 类型 (type)")
	}
	var year Year
	for line := 2; ; line++ {
		record, err := reader.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			return Year{}, err
		}
		day, err := dayOfRecord(record, column)
		if err != nil {
			return Year{}, fmt.Errorf("line %d: %w", line, err)
		}
		year.Days = append(year.Days, day)
	}
	if len(year.Days) == 0 {
		return Year{}, errors.New("no days")
	}
	year.Year = mostCommonYear(year.Days)
	return year, nil
}

func columnsOf(heading []string) map[string]int {
	column := map[string]int{}
	for key, names := range yearColumns {
		column[key] = slices.IndexFunc(heading, func(cell string) bool {
			return slices.Contains(names, strings.ToLower(strings.TrimSpace(cell)))
		})
	}
	return column
}

func dayOfRecord(record []string, column map[string]int) (Day, error) {
	cell := func(key string) string {
		if i := column[key]; i >= 0 && i < len(record) {
			return strings.TrimSpace(record[i])
		}
		return ""
	}
	day := Day{Name: cell("name")}
	off, known := dayKinds[strings.ToLower(cell("kind"))]
	if !known {
		return Day{}, fmt.Errorf("%q is neither 休 (off) nor 班 (work)", cell("kind"))
	}
	day.Off = off
	var err error
	if day.From, err = dateOfCell(cell("from")); err != nil {
		return Day{}, err
	}
	if cell("to") != "" {
		day.To, err = dateOfCell(cell("to"))
	}
	return day, err
}

// dateOfCell reads 2027-01-01, 2027/1/1 and 2027年1月1日.
func dateOfCell(cell string) (Date, error) {
	fields := strings.FieldsFunc(cell, func(r rune) bool { return strings.ContainsRune("-/.年月日 ", r) })
	if len(fields) != 3 {
		return Date{}, fmt.Errorf("%q is no date", cell)
	}
	date := Date{atoi(fields[0]), time.Month(atoi(fields[1])), atoi(fields[2])}
	if !plausibleYear(date.Year) || !date.Valid() {
		return Date{}, fmt.Errorf("%q is no date", cell)
	}
	return date, nil
}

func mostCommonYear(days []Day) int {
	counts, best := map[int]int{}, 0
	for _, day := range days {
		counts[day.From.Year]++
		if counts[day.From.Year] > counts[best] {
			best = day.From.Year
		}
	}
	return best
}
