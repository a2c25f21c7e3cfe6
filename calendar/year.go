package calendar

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"time"
)

// Year is what a notice, or an administrator, says about the days of a year. With a Notice it is the whole arrangement of
// that year and replaces what was known of it; without one its Days are single corrections laid over the rest. Days may
// lie in the December before, as those of the State Council's notices sometimes do.
type Year struct {
	Year   int    `json:"year"`
	Notice string `json:"notice,omitempty"`
	Days   []Day  `json:"days"`
}

// Day says of a day, or of a range of days, whether people work on it, what it is called and who said so. To is the last
// day of a range and zero for a single day.
type Day struct {
	Name   string `json:"name,omitempty"`
	From   Date   `json:"from"`
	To     Date   `json:"to,omitzero"`
	Off    bool   `json:"off"`
	Source string `json:"source,omitempty"`
}

// last returns the last day that the entry speaks of.
func (d Day) last() Date {
	if d.To.IsZero() {
		return d.From
	}
	return d.To
}

//go:embed data/notices.json
var shippedNotices []byte

// ShippedYears returns the arrangements of the State Council's notices that come with the program, 2007 to 2026.
func ShippedYears() []Year {
	var years []Year
	if err := json.Unmarshal(shippedNotices, &years); err != nil {
		panic(fmt.Sprintf("embedded notices: %v", err))
	}
	return years
}

// StatutoryDays returns the public holidays of the law for a year, by the rules in force since 2025: 元旦 1 day, 春节 4
// from the eve on, 清明 1, 劳动节 2, 端午 1, 中秋 1, 国庆 3. Without the days that a notice moves, they are what is certain of a
// year that has none yet. Lunar days are known from 1990 to 2100 and left out beyond.
func StatutoryDays(year int) []Day {
	days := []Day{statutory("元旦", Date{year, time.January, 1}, 1)}
	if d, ok := LunarDate(year, 1, 1); ok {
		days = append(days, statutory("春节", d.Add(-1), 4))
		days = append(days, statutory("清明节", qingming(year), 1))
	}
	days = append(days, statutory("劳动节", Date{year, time.May, 1}, 2))
	if d, ok := LunarDate(year, 5, 5); ok {
		days = append(days, statutory("端午节", d, 1))
	}
	if d, ok := LunarDate(year, 8, 15); ok {
		days = append(days, statutory("中秋节", d, 1))
	}
	return append(days, statutory("国庆节", Date{year, time.October, 1}, 3))
}

func statutory(name string, from Date, days int) Day {
	day := Day{Name: name, From: from, Off: true}
	if days > 1 {
		day.To = from.Add(days - 1)
	}
	return day
}
