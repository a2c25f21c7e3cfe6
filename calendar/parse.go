package calendar

import (
	"regexp"
	"strconv"
	"strings"
	"time"
)

var dayAndTime = regexp.MustCompile(`^(?:(\d{4})[-/.年])?(\d{1,2})[-/.月](\d{1,2})[日号]?[T ]?(?:(\d{1,2}):(\d{2})(?::(\d{2}))?)?$`)

// ParseDue reads a deadline from what a person typed at now.
func (c *Calendar) ParseDue(text string, now time.Time) Reading {
	text = strings.TrimSpace(text)
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return c.reading(c.DueAt(t), now)
	}
	m := dayAndTime.FindStringSubmatch(text)
	if m == nil {
		return Reading{Outcome: None}
	}
	today := c.Today(now)
	d := Date{Year: today.Year, Month: time.Month(atoi(m[2])), Day: atoi(m[3])}
	if m[1] != "" {
		d.Year = atoi(m[1])
	} else if d.Before(today) {
		d.Year++
	}
	hour, minute, second := atoi(m[4]), atoi(m[5]), atoi(m[6])
	if !d.Valid() || hour > 23 || minute > 59 || second > 59 {
		return Reading{Outcome: None}
	}
	if m[4] == "" {
		return c.reading(Due{Date: d}, now)
	}
	return c.reading(Due{Date: d, Instant: d.at(hour, minute, second, c.zone)}, now)
}

func (c *Calendar) reading(d Due, now time.Time) Reading {
	return Reading{Outcome: Understood, Due: d, Provisional: c.IsProvisional(d.Date), Past: c.Overdue(d, now)}
}

func atoi(s string) int {
	n, _ := strconv.Atoi(s)
	return n
}
