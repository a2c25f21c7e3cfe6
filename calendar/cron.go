package calendar

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/robfig/cron/v3"
)

// cronField is all that a field may consist of. Everything else, time zones above all, is refused before the parser sees
// it: a zone without a line behind it makes the parser panic.
var cronField = regexp.MustCompile(`^[0-9A-Za-z*,/-]{1,60}$`)

// shortCrons spells out the names that cron knows for common lines. @every is not among them: it has no wall time.
var shortCrons = map[string]string{
	"@hourly": "0 * * * *", "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@weekly": "0 0 * * 0",
	"@monthly": "0 0 1 * *", "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *",
}

var cronParser = cron.NewParser(cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.Dow)

// cronHorizon is how far ahead a cron line is looked at in one go, and cronReach how often, so that a 29 February is found
// over the turn of a century that has none.
const (
	cronHorizon = 5
	cronReach   = 3
)

func parseCronRule(line string) (Rule, error) {
	if full, ok := shortCrons[line]; ok {
		line = full
	}
	if _, err := parseCron(line); err != nil {
		return Rule{}, err
	}
	return Rule{Every: EveryCron, Cron: line}, nil
}

// parseCron reads a cron line of five fields behind a guard: no input makes it panic, and a line that never comes due is
// an error.
func parseCron(line string) (schedule cron.Schedule, err error) {
	defer func() {
		if caught := recover(); caught != nil {
			schedule, err = nil, fmt.Errorf("%w: cron line %q is malformed", ErrRule, line)
		}
	}()
	fields := strings.Fields(line)
	if len(fields) != 5 {
		return nil, fmt.Errorf("%w: cron line %q: want five fields: minute hour day month weekday", ErrRule, line)
	}
	for _, field := range fields {
		if !cronField.MatchString(field) {
			return nil, fmt.Errorf("%w: cron line %q: %q is no field", ErrRule, line, field)
		}
	}
	fields[4] = sundayAsZero(fields[4])
	schedule, err = cronParser.Parse(strings.Join(fields, " "))
	if err != nil {
		return nil, fmt.Errorf("%w: cron line %q: %w", ErrRule, line, err)
	}
	if nextWall(schedule, time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)).IsZero() {
		return nil, fmt.Errorf("%w: cron line %q: %w", ErrRule, line, errNever)
	}
	return schedule, nil
}

var errNever = errors.New("there is no such day")

// sundayAsZero rewrites a 7 in the field of weekdays, which the parser does not know, to the 0 it means.
func sundayAsZero(field string) string {
	parts := strings.Split(field, ",")
	for i, part := range parts {
		if part == "7" {
			parts[i] = "0"
			continue
		}
		span, step, stepped := strings.Cut(part, "/")
		from, found := strings.CutSuffix(span, "-7")
		if !found {
			continue
		}
		parts[i] = weekdaysUntilSunday(from, step, stepped)
	}
	return strings.Join(parts, ",")
}

func weekdaysUntilSunday(from, step string, stepped bool) string {
	first, every := atoi(from), 1
	if stepped {
		every = atoi(step)
	}
	if first < 0 || first > 7 || every < 1 || len(from) != 1 {
		return from + "-7"
	}
	var days []string
	for day := first; day <= 7; day += every {
		days = append(days, fmt.Sprint(day%7))
	}
	return strings.Join(days, ",")
}

// nextWall returns the first time the schedule names after t, zero for none. Times are wall times written as if in UTC, so
// that the schedule never meets a change of clocks.
func nextWall(schedule cron.Schedule, t time.Time) time.Time {
	for range cronReach {
		if next := schedule.Next(t); !next.IsZero() {
			return next
		}
		t = t.AddDate(cronHorizon, 0, 0)
	}
	return time.Time{}
}
