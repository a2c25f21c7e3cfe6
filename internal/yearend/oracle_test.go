package yearend

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	_ "modernc.org/sqlite"
)

// The oracle reads the raw rows and counts days one by one. It shares nothing with the program: neither its calendar nor its rules, which stand here
// again as numbers.

// free and worked are the days of 2025 on which the notice of the State Council's office gives other than the weekday says.
var (
	free   = "01-01 01-28 01-29 01-30 01-31 02-03 02-04 04-04 05-01 05-02 05-05 06-02 10-01 10-02 10-03 10-06 10-07 10-08"
	worked = "01-26 02-08 04-27 09-28 10-11"
)

type date = string // 2025-03-14

func works(d date) bool {
	t, err := time.Parse(time.DateOnly, d)
	if err != nil {
		panic(err)
	}
	special := strings.HasPrefix(d, "2025-")
	switch {
	case special && strings.Contains(free, d[5:]) || d == "2026-01-01" || d == "2026-01-02":
		return false
	case special && strings.Contains(worked, d[5:]) || d == "2026-01-04":
		return true
	}
	return t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
}

func next(d date) date {
	t, _ := time.Parse(time.DateOnly, d)
	return t.AddDate(0, 0, 1).Format(time.DateOnly)
}

// between counts the working days after a and up to b, one by one.
func between(a, b date) int {
	n := 0
	for d := a; d < b; {
		if d = next(d); works(d) {
			n++
		}
	}
	return n
}

func plusDays(d date, n int) date {
	for n > 0 {
		if d = next(d); works(d) {
			n--
		}
	}
	return d
}

func dateOf(ms int64) date { return time.UnixMilli(ms).In(zone).Format(time.DateOnly) }

// row is one raw entry of the record.
type row struct {
	seq, at                  int64
	event                    string
	unit, person, assignment int64
	facts                    map[string]any
	note                     string
}

// deadline is a day, or an instant of it.
type deadline struct {
	day date
	end int64 // milliseconds from which it is over
}

func readDeadline(v any) (deadline, bool) {
	s, _ := v.(string)
	if t, err := time.ParseInLocation(time.DateOnly, s, zone); err == nil {
		return deadline{s, t.AddDate(0, 0, 1).UnixMilli()}, true
	}
	t, err := time.Parse(time.RFC3339, s)
	return deadline{t.In(zone).Format(time.DateOnly), t.UnixMilli()}, err == nil
}

// judged is what the oracle makes of one item and one element.
type judged struct {
	element, finding, exempt string
	raw                      float64
}

// raw is all that the oracle reads.
type raw struct {
	rows  []row
	about map[int64][]row // by item
	items []rawItem
	gone  map[int64][][2]int64
	down  [][2]int64
	free  map[int64][][2]date // vacations by unit
	above map[int64][]int64   // a unit and the units above it
	names map[int64]string
	now   int64
}

type rawItem struct {
	id, unit              int64
	state                 string
	support               bool
	code, title, category string
	due                   date
	dueEnd, submitted     int64
}

func readRaw(t testing.TB, path string, now time.Time) *raw {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	r := &raw{about: map[int64][]row{}, gone: map[int64][][2]int64{}, free: map[int64][][2]date{}, above: map[int64][]int64{}, names: map[int64]string{}, now: now.UnixMilli()}
	each(t, db, `SELECT r.seq, r.at, r.event, r.unit_id, r.person_id, r.assignment_id, r.facts, COALESCE(n.note, '') FROM record r LEFT JOIN record_note n ON n.seq = r.seq ORDER BY r.seq`,
		func(scan func(...any) error) error {
			var e row
			var facts string
			if err := scan(&e.seq, &e.at, &e.event, &e.unit, &e.person, &e.assignment, &facts, &e.note); err != nil {
				return err
			}
			r.rows = append(r.rows, e)
			return json.Unmarshal([]byte(facts), &r.rows[len(r.rows)-1].facts)
		})
	each(t, db, `SELECT a.id, a.unit_id, a.state, a.support, t.code, t.title, t.category, a.due_date, a.due_end, COALESCE(a.submitted_at, 0) FROM assignment a JOIN task t ON t.id = a.task_id`,
		func(scan func(...any) error) error {
			var i rawItem
			err := scan(&i.id, &i.unit, &i.state, &i.support, &i.code, &i.title, &i.category, &i.due, &i.dueEnd, &i.submitted)
			r.items = append(r.items, i)
			return err
		})
	each(t, db, `SELECT v.unit_id, v.from_date, v.to_date FROM vacation v WHERE v.ended_at IS NULL`, func(scan func(...any) error) error {
		var unit int64
		var from, to date
		err := scan(&unit, &from, &to)
		r.free[unit] = append(r.free[unit], [2]date{from, to})
		return err
	})
	each(t, db, `SELECT descendant_id, ancestor_id FROM unit_closure`, func(scan func(...any) error) error {
		var below, above int64
		err := scan(&below, &above)
		r.above[below] = append(r.above[below], above)
		return err
	})
	each(t, db, `SELECT id, name FROM unit`, func(scan func(...any) error) error {
		var id int64
		var name string
		err := scan(&id, &name)
		r.names[id] = name
		return err
	})
	r.spans()
	return r
}

func each(t testing.TB, db *sql.DB, query string, fn func(func(...any) error) error) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows.Scan); err != nil {
			t.Fatal(err)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

const forever = int64(1) << 60

func (r *raw) spans() {
	for _, e := range r.rows {
		r.about[e.assignment] = append(r.about[e.assignment], e)
		switch e.event {
		case "unreachable":
			r.gone[e.person] = append(r.gone[e.person], [2]int64{e.at, forever})
		case "reachable":
			if n := len(r.gone[e.person]); n > 0 {
				r.gone[e.person][n-1][1] = e.at
			}
		case "outage":
			r.down = append(r.down, [2]int64{int64(e.facts["from"].(float64)), int64(e.facts["to"].(float64))})
		}
	}
}

func (r *raw) inVacation(unit int64, d date) bool {
	for _, above := range r.above[unit] {
		for _, v := range r.free[above] {
			if v[0] <= d && d <= v[1] {
				return true
			}
		}
	}
	return false
}

func (r *raw) away(person, moment int64) bool {
	return slices.ContainsFunc(r.gone[person], func(s [2]int64) bool { return s[0] <= moment && moment < s[1] })
}

// judge goes through the entries of one item once for each question.
func (r *raw) judge(it rawItem) (found []judged, due deadline, heard bool, reported bool) {
	mine := slices.DeleteFunc(slices.Clone(r.about[it.id]), func(e row) bool { return e.at > r.now })
	last := -1
	for i, e := range mine {
		if e.event == "issued" {
			last = i
		}
	}
	if last < 0 {
		return nil, due, false, false
	}
	mine = mine[last:]
	if i := slices.IndexFunc(mine, func(e row) bool { return e.event == "reopened" }); i >= 0 {
		mine = mine[:i]
	}
	due, _ = readDeadline(mine[0].facts["due"])
	setAt, critical := mine[0].at, mine[0].facts["priority"] == "critical"
	var before deadline
	type attempt struct {
		at         int64
		returned   bool
		incomplete bool
		until      deadline
		slow       bool
	}
	var tries []attempt
	heardAt, signedAt, returnsAll := int64(0), int64(0), 0
	hear := func(at int64) {
		if heardAt == 0 {
			heardAt = at
		}
	}
	sign := func(at int64) {
		hear(at)
		if signedAt == 0 {
			signedAt = at
		}
	}
	var waits, halts [][2]int64
	shut := func(spans [][2]int64, at int64) {
		if n := len(spans); n > 0 && spans[n-1][1] == forever {
			spans[n-1][1] = at
		}
	}
	owners := [][2]int64{{mine[0].at, mine[0].person}}
	for _, e := range mine {
		to, hasTo := readDeadline(e.facts["to"])
		switch e.event {
		case "delivered":
			hear(e.at)
		case "accepted":
			sign(e.at)
		case "submitted":
			sign(e.at)
			tries = append(tries, attempt{at: e.at})
		case "withdrawn":
			if n := len(tries); n > 0 && !tries[n-1].returned {
				tries = tries[:n-1]
			}
		case "returned":
			a := &tries[len(tries)-1]
			fault, byButton := e.facts["fault"]
			a.returned, a.incomplete = true, fault == "incomplete" || !byButton && strings.Contains(e.note, "缺")
			if until, ok := readDeadline(e.facts["due"]); ok && until.end > due.end {
				a.until = until
			}
			_, a.slow = e.facts["reviewer_late"]
			returnsAll++
		case "objection_answered":
			shut(waits, e.at)
			if e.facts["granted"] == true && len(tries) > 0 && tries[len(tries)-1].returned {
				tries[len(tries)-1].returned = false
			}
		case "extension_asked", "objected":
			waits = append(waits, [2]int64{e.at, forever})
		case "decline_asked":
			sign(e.at)
			waits = append(waits, [2]int64{e.at, forever})
		case "extension_refused", "retracted", "stood":
			shut(waits, e.at)
		case "extension_granted":
			shut(waits, e.at)
			if before.day == "" {
				before = due
			}
			due = to
		case "suspended":
			halts = append(halts, [2]int64{e.at, forever})
		case "resumed":
			shut(halts, e.at)
		case "reassigned":
			owners = append(owners, [2]int64{e.at, e.person})
		case "deadline_changed":
			switch {
			case !hasTo:
			case e.facts["reason"] == "returned":
				tries[len(tries)-1].until = to
			case e.facts["reason"] == "suspended", e.facts["corrected"] == true, e.at < due.end:
				if to.end < due.end {
					setAt = e.at
				}
				due = to
			}
		}
	}
	heard, reported = heardAt != 0, len(tries) > 0
	if due.end > r.now {
		return nil, due, heard, reported
	}
	ownerAt := func(t int64) int64 {
		who := int64(0)
		for _, o := range owners {
			if o[0] <= t {
				who = o[1]
			}
		}
		return who
	}

	// Signing.
	if heard {
		until := r.now
		finding := "unsigned"
		if signedAt != 0 {
			until, finding = signedAt, "signed_late"
		}
		if between(dateOf(heardAt), dateOf(until)) > 2 {
			lastDay := plusDays(dateOf(heardAt), 2)
			j := judged{"signing", finding, "", 0.2}
			end, _ := readDeadline(lastDay)
			if r.away(ownerAt(end.end), end.end) {
				j.exempt = "unreachable"
			} else if r.inVacation(it.unit, lastDay) {
				j.exempt = "vacation"
			}
			found = append(found, j)
		}
	}

	// In time.
	element := "on_time"
	if strings.Contains(it.category+it.title, "整改") {
		element = "rectification"
	} else if slices.ContainsFunc([]string{"三会一课", "主题党日", "组织生活", "民主评议", "党费"}, func(w string) bool { return strings.Contains(it.category, w) || strings.Contains(it.title, w) }) {
		element = "periodic"
	}
	cost := func(finding string, days int) float64 {
		switch {
		case element == "rectification":
			return 1
		case element == "periodic" && finding == "never":
			return 1
		case element == "periodic":
			return 0.5
		}
		points := 2.0
		if finding != "never" && days <= 10 {
			points = 1
		}
		if finding != "never" && days <= 3 {
			points = 0.5
		}
		if critical {
			points *= 2
		}
		return points
	}
	type late struct {
		finding string
		days    int
		by      deadline
		at      int64
		slow    bool
	}
	name := func(days int) string {
		if days > 10 {
			return "made_up"
		}
		return "late"
	}
	measure := func(by deadline) *late {
		if len(tries) == 0 || tries[len(tries)-1].returned {
			l := late{"never", 0, by, r.now, false}
			if len(tries) > 0 && tries[len(tries)-1].until.day != "" {
				l.by = tries[len(tries)-1].until
			}
			if r.now < l.by.end {
				return nil
			}
			l.days = between(l.by.day, dateOf(r.now))
			return &l
		}
		var worst *late
		if first := tries[0]; first.at >= by.end {
			days := between(by.day, dateOf(first.at))
			worst = &late{name(days), days, by, first.at, false}
		}
		for i := 1; i < len(tries); i++ {
			was := tries[i-1]
			if !was.returned || !was.incomplete {
				continue
			}
			against := by
			if was.until.day != "" {
				against = was.until
			}
			if tries[i].at >= against.end {
				days := between(against.day, dateOf(tries[i].at))
				if worst == nil || days > worst.days {
					worst = &late{"incomplete", days, against, tries[i].at, was.slow && was.until.day == ""}
				}
			}
		}
		return worst
	}
	l := measure(due)
	switch {
	case l != nil:
		found = append(found, func() judged {
			j := judged{element, l.finding, "", cost(l.finding, l.days)}
			known := max(heardAt, setAt)
			if heardAt == 0 {
				known = setAt
			}
			officeEnd := l.by.end
			if t, _ := time.ParseInLocation(time.DateOnly, l.by.day, zone); t.AddDate(0, 0, 1).UnixMilli() == l.by.end {
				officeEnd = t.Add(18 * time.Hour).UnixMilli()
			}
			in := func(s [2]int64, t int64) bool { return s[0] <= t && t < s[1] }
			switch {
			case slices.ContainsFunc(halts, func(s [2]int64) bool { return in(s, l.by.end-1) }):
				j.exempt = "suspended"
			case heardAt == 0 || heardAt >= l.by.end:
				j.exempt = "undelivered"
			case r.inVacation(it.unit, l.by.day):
				j.exempt = "vacation"
			case between(dateOf(known), due.day) < 3:
				j.exempt = "short_notice"
			case l.slow:
				j.exempt = "reviewer"
			case r.away(ownerAt(l.by.end), l.by.end):
				j.exempt = "unreachable"
			case l.finding != "never" && slices.ContainsFunc(r.down, func(s [2]int64) bool {
				return (in(s, l.by.end) || in(s, officeEnd)) && dateOf(l.at) <= plusDays(dateOf(s[1]), 1)
			}):
				j.exempt = "outage"
			}
			if j.exempt != "" {
				return j
			}
			waited := 0
			for _, w := range waits {
				from, to := max(l.by.day, dateOf(w[0])), dateOf(l.at)
				if w[1] != forever {
					to = min(to, dateOf(w[1]))
				}
				waited += between(from, to)
			}
			if waited == 0 {
				return j
			}
			days := l.days - waited
			if days <= 0 {
				j.exempt = "asked"
				return j
			}
			if l.finding == "late" || l.finding == "made_up" {
				j.finding = name(days)
			}
			j.raw = cost(j.finding, days)
			return j
		}())
	case before.day != "":
		if l := measure(before); l != nil {
			found = append(found, judged{element, l.finding, "extended", cost(l.finding, l.days)})
		}
	}

	// Returns.
	standing := 0
	for _, a := range tries {
		if a.returned {
			standing++
		}
	}
	overturned := 0
	for _, e := range mine {
		if e.event == "objection_answered" && e.facts["granted"] == true {
			overturned++
		}
	}
	if reported && standing > 1 {
		found = append(found, judged{"quality", "returned", "", 0.5 * float64(standing-1)})
	} else if reported && standing+overturned > 1 {
		found = append(found, judged{"quality", "returned", "overturned", 0.5 * float64(standing+overturned-1)})
	}
	return found, due, heard, reported
}

// verdict is what the oracle makes of a school.
type verdict struct {
	lines   []string // element, finding, exempt, code and unit, sorted
	lost    map[string]float64
	daily   float64
	counted map[string]int
	// of the items whose deadline lies in the year, as they stand
	given, inTime, late, missed, open, off int
}

// school judges all items of a school, and of what is below it.
func (r *raw) school(id int64) verdict {
	v := verdict{lost: map[string]float64{}, counted: map[string]int{}}
	for _, it := range r.items {
		if !slices.Contains(r.above[it.unit], id) || it.state == "draft" || it.state == "pending_approval" {
			continue
		}
		if strings.HasPrefix(it.due, "2025-") {
			v.tally(it, r.now)
		}
		if it.state == "cancelled" || it.state == "declined" || it.support {
			continue
		}
		found, due, heard, reported := r.judge(it)
		if !strings.HasPrefix(due.day, "2025-") || due.end > r.now {
			continue
		}
		kinds := map[string]judged{}
		main := ""
		for _, j := range found {
			kinds[j.element] = j
			if j.element != "signing" && j.element != "quality" {
				main = j.element
			}
			v.lines = append(v.lines, strings.Join([]string{j.element, j.finding, j.exempt, it.code, r.names[it.unit]}, "|"))
			if j.exempt == "" {
				v.lost[j.element] += j.raw
			}
		}
		if main == "" {
			main = "on_time"
			if strings.Contains(it.category+it.title, "整改") {
				main = "rectification"
			} else if strings.Contains(it.category, "三会一课") || strings.Contains(it.category+it.title, "主题党日") {
				main = "periodic"
			}
		}
		count := func(element string, there bool) {
			j, line := kinds[element]
			if there && (!line || j.exempt == "" || j.exempt == "extended" || j.exempt == "overturned") {
				v.counted[element]++
			}
		}
		count("signing", heard)
		count(main, true)
		count("quality", reported)
	}
	slices.Sort(v.lines)
	for element, max := range map[string]float64{"signing": 5, "on_time": 35, "quality": 25, "periodic": 25, "rectification": 10} {
		per := 20.0
		if element == "rectification" {
			per = 10
		}
		share := v.lost[element] * per / math.Max(5, float64(v.counted[element]))
		v.daily += math.Max(0, max-math.Round(share*100)/100)
	}
	v.daily = math.Round(v.daily*100) / 100
	return v
}

func (v *verdict) tally(it rawItem, _ int64) {
	if it.state == "cancelled" {
		v.off++
		return
	}
	v.given++
	onUnit := it.state == "issued" || it.state == "accepted" || it.state == "returned"
	switch {
	case it.submitted != 0 && it.submitted >= it.dueEnd:
		v.late++
	case it.submitted != 0:
		v.inTime++
	case onUnit:
		v.missed++
	default:
		v.open++
	}
}

func (v verdict) String() string {
	return fmt.Sprintf("daily %.2f, counted %v, lost %v, %d lines", v.daily, v.counted, v.lost, len(v.lines))
}
