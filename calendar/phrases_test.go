package calendar

import (
	"bufio"
	"os"
	"strings"
	"testing"
)

// rows returns the rows of a table in testdata, split at tabs, without its comments.
func rows(tb testing.TB, name string) [][]string {
	tb.Helper()
	file, err := os.Open("testdata/" + name)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { file.Close() })
	var table [][]string
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, "#") {
			table = append(table, strings.Split(line, "\t"))
		}
	}
	return table
}

// meaning writes a reading in the way of the tables in testdata.
func meaning(r Reading) string {
	switch r.Outcome {
	case None:
		return "none"
	case Ask, Refused:
		return string(r.Outcome) + " " + string(r.Reason)
	case Recurring:
		return "recurring " + r.Rule.String()
	}
	if r.Due.IsDate() {
		return r.Due.Date.String()
	}
	if r.Due.Instant.Second() > 0 {
		return r.Due.Instant.Format("2006-01-02 15:04:05")
	}
	return r.Due.Instant.Format("2006-01-02 15:04")
}

func TestPhrasesThatPeopleTypeMeanWhatTheTableSays(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 10:00:00")
	for _, row := range rows(t, "date-phrases.tsv") {
		phrase, dates, clock := row[0], row[1], row[2]
		got := c.ParseDue(phrase, now)
		if dates == "NONE" {
			if got.Outcome != None {
				t.Errorf("%s: %s, want none", phrase, meaning(got))
			}
			continue
		}
		date, rest, _ := strings.Cut(meaning(got), " ")
		if !strings.Contains(dates, date) || clock != "*" && rest != clock {
			t.Errorf("%s: %s, want %s %s", phrase, meaning(got), dates, clock)
		}
	}
}

func TestPhrasesOfTheOfficeMeanWhatTheTableSays(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	for _, row := range rows(t, "office-phrases.tsv") {
		if got := meaning(c.ParseDue(row[0], now)); got != row[1] {
			t.Errorf("%s: %s, want %s", row[0], got, row[1])
		}
	}
}

func TestOtherWaysToSayADeadlineAreUnderstoodOrAskedFor(t *testing.T) {
	c, now := office(), shanghaiTime(t, "2026-11-23 15:24:00")
	for _, row := range rows(t, "more-phrases.tsv") {
		if got := meaning(c.ParseDue(row[0], now)); got != row[1] {
			t.Errorf("%s: %s, want %s", row[0], got, row[1])
		}
	}
}
