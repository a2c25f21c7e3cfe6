package assess

import (
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"duban"
	"duban/calendar"
)

var shanghai = time.FixedZone("Asia/Shanghai", 8*3600)

var office = sync.OnceValue(func() *calendar.Calendar { return calendar.New(shanghai, calendar.Clock{Hour: 18}) })

// when is an instant of 2026 such as "03-02 09:00".
func when(tb testing.TB, s string) time.Time {
	tb.Helper()
	t, err := time.ParseInLocation("2006-01-02 15:04", "2026-"+s, shanghai)
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// told is one entry of a story: when, what, and its facts as alternating names and values. A fact called note is the note.
type told struct {
	at    string
	event duban.Event
	facts []any
}

const (
	owner    = 7
	theUnit  = 3
	theItem  = 21
	yearsEnd = "12-20 09:00"
)

// record makes entries of a story. Their numbers are 1, 2, 3 …
func record(tb testing.TB, story []told) []duban.Entry {
	tb.Helper()
	var all []duban.Entry
	for i, s := range story {
		e := duban.Entry{Seq: int64(i + 1), At: when(tb, s.at), Event: s.event, UnitID: theUnit, PersonID: owner, AssignmentID: theItem, Facts: duban.Facts{}}
		for k := 0; k < len(s.facts); k += 2 {
			name, value := s.facts[k].(string), s.facts[k+1]
			if name == "note" {
				e.Note = value.(string)
				continue
			}
			if n, ok := value.(int); ok {
				value = float64(n)
			}
			e.Facts[name] = value
		}
		all = append(all, e)
	}
	return all
}

// basic begins a story: issued on Monday 2 March, arrived at once, due on Friday 13 March.
func basic(more ...told) []told {
	return append([]told{
		{"03-02 09:00", duban.EventIssued, []any{"due", "2026-03-13", "priority", "normal"}},
		{"03-02 09:01", duban.EventDelivered, []any{"news", "card"}},
	}, more...)
}

func signed(at string) told    { return told{at, duban.EventAccepted, nil} }
func submitted(at string) told { return told{at, duban.EventSubmitted, nil} }
func closed(at string) told    { return told{at, duban.EventClosed, nil} }

// inTime is signed and reported in time.
func inTime(more ...told) []told {
	return basic(append([]told{signed("03-03 09:00"), submitted("03-12 10:00")}, more...)...)
}

// found is what a case expects of one line.
type found struct {
	element duban.Element
	finding duban.Finding
	exempt  duban.Exemption
	days    int
	raw     string
	seqs    []int64
}

var cases = []struct {
	name      string
	story     []told
	category  string
	vacation  [2]string
	elsewhere []told // entries about nobody's item: outages, people out of reach
	want      []found
}{
	{name: "done in time", story: inTime(closed("03-16 09:00"))},
	{name: "the reviewer was slow, the unit was in time", story: inTime(closed("04-16 09:00"))},
	{name: "still with the reviewer at the end of the year", story: inTime()},
	{name: "signed on the second working day", story: basic(signed("03-04 17:00"), submitted("03-12 10:00"))},
	{
		name: "signed on the third working day", story: basic(signed("03-05 09:00"), submitted("03-12 10:00")),
		want: []found{{duban.Signing, duban.FoundSignedLate, "", 3, "0.2", []int64{1, 2, 3}}},
	},
	{
		name: "signed only by reporting, and late", story: basic(submitted("03-12 10:00"), closed("03-13 10:00")),
		want: []found{{duban.Signing, duban.FoundSignedLate, "", 8, "0.2", []int64{1, 2, 3, 4}}},
	},
	{
		name: "neither signed nor done", story: basic(),
		want: []found{
			{duban.Signing, duban.FoundUnsigned, "", 201, "0.2", []int64{1, 2}},
			{duban.OnTime, duban.FoundNever, "", 192, "2", []int64{1, 2}},
		},
	},
	{
		name: "one working day late", story: basic(signed("03-03 09:00"), submitted("03-16 10:00"), closed("03-17 09:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 1, "0.5", []int64{1, 2, 4, 5}}},
	},
	{
		name: "three working days late", story: basic(signed("03-03 09:00"), submitted("03-18 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 3, "0.5", []int64{1, 2, 4}}},
	},
	{
		name: "four working days late", story: basic(signed("03-03 09:00"), submitted("03-19 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 4, "1", []int64{1, 2, 4}}},
	},
	{
		name: "missed, and made up long after", story: basic(signed("03-03 09:00"), submitted("03-30 10:00")),
		want: []found{{duban.OnTime, duban.FoundMadeUp, "", 11, "2", []int64{1, 2, 4}}},
	},
	{
		name: "critical, one day late", story: append([]told{{"03-02 09:00", duban.EventIssued, []any{"due", "2026-03-13", "priority", "critical"}}},
			basic(signed("03-03 09:00"), submitted("03-16 10:00"))[1:]...),
		want: []found{{duban.OnTime, duban.FoundLate, "", 1, "1", []int64{1, 2, 4}}},
	},
	{
		name: "an instant missed by an hour", story: append([]told{{"03-02 09:00", duban.EventIssued, []any{"due", "2026-03-13T07:00:00Z"}}},
			basic(signed("03-03 09:00"), submitted("03-13 16:00"))[1:]...),
		want: []found{{duban.OnTime, duban.FoundLate, "", 0, "0.5", []int64{1, 2, 4}}},
	},
	{
		name:  "returned once for its form, handed in again after the deadline",
		story: inTime(told{"03-13 15:00", duban.EventReturned, []any{"note", "格式不规范", "due", "2026-03-13"}}, submitted("03-17 10:00"), closed("03-18 09:00")),
	},
	{
		name:  "returned as incomplete, handed in again in time",
		story: inTime(told{"03-12 15:00", duban.EventReturned, []any{"note", "材料不全", "due", "2026-03-13"}}, submitted("03-13 10:00"), closed("03-16 09:00")),
	},
	{
		name:  "returned as incomplete, handed in again after the deadline",
		story: inTime(told{"03-12 15:00", duban.EventReturned, []any{"note", "材料不全", "due", "2026-03-13"}}, submitted("03-17 10:00"), closed("03-18 09:00")),
		want:  []found{{duban.OnTime, duban.FoundIncomplete, "", 2, "0.5", []int64{1, 2, 4, 5, 6, 7}}},
	},
	{
		name:  "returned as incomplete by a button, handed in again after the deadline",
		story: inTime(told{"03-12 15:00", duban.EventReturned, []any{"note", "Incomplete", "fault", "incomplete", "due", "2026-03-13"}}, submitted("03-17 10:00"), closed("03-18 09:00")),
		want:  []found{{duban.OnTime, duban.FoundIncomplete, "", 2, "0.5", []int64{1, 2, 4, 5, 6, 7}}},
	},
	{
		name:  "returned by a button for its form, whose words would speak of something missing",
		story: inTime(told{"03-12 15:00", duban.EventReturned, []any{"note", "缺签字或盖章", "fault", "seal", "due", "2026-03-13"}}, submitted("03-17 10:00"), closed("03-18 09:00")),
	},
	{
		name: "returned as incomplete with a later deadline, and in time by that",
		story: inTime(told{"03-12 15:00", duban.EventReturned, []any{"note", "材料不全", "due", "2026-03-18"}},
			told{"03-12 15:00", duban.EventDeadlineChanged, []any{"from", "2026-03-13", "to", "2026-03-18", "reason", "returned"}}, submitted("03-18 10:00")),
	},
	{
		name:  "returned as incomplete by a reviewer who was late",
		story: inTime(told{"03-20 15:00", duban.EventReturned, []any{"note", "材料不全", "due", "2026-03-13", "reviewer_late", 3}}, submitted("03-23 10:00")),
		want:  []found{{duban.OnTime, duban.FoundIncomplete, duban.ExemptReviewer, 6, "1", []int64{1, 2, 4, 5, 6}}},
	},
	{
		name:  "returned and never handed in again",
		story: inTime(told{"03-12 15:00", duban.EventReturned, []any{"note", "内容不符要求", "due", "2026-03-13"}}),
		want:  []found{{duban.OnTime, duban.FoundNever, "", 192, "2", []int64{1, 2, 4, 5}}},
	},
	{
		name: "returned three times",
		story: inTime(told{"03-12 11:00", duban.EventReturned, []any{"note", "格式不规范"}}, submitted("03-12 12:00"), told{"03-12 13:00", duban.EventReturned, []any{"note", "格式不规范"}},
			submitted("03-12 14:00"), told{"03-12 15:00", duban.EventReturned, []any{"note", "格式不规范"}}, submitted("03-12 16:00")),
		want: []found{{duban.Quality, duban.FoundReturned, "", 3, "1", []int64{1, 2, 5, 7, 9}}},
	},
	{
		name: "returned twice, one of them wrongly",
		story: inTime(told{"03-12 11:00", duban.EventReturned, []any{"note", "格式不规范"}}, submitted("03-12 12:00"), told{"03-12 13:00", duban.EventReturned, []any{"note", "格式不规范"}},
			told{"03-12 14:00", duban.EventObjected, nil}, told{"03-12 15:00", duban.EventObjectionAnswered, []any{"granted", true}}, closed("03-12 16:00")),
		want: []found{{duban.Quality, duban.FoundReturned, duban.ExemptOverturned, 2, "0.5", []int64{1, 2, 5, 7, 10}}},
	},
	{
		name:  "taken back and handed in late",
		story: inTime(told{"03-12 10:05", duban.EventWithdrawn, nil}, submitted("03-16 10:00")),
		want:  []found{{duban.OnTime, duban.FoundLate, "", 1, "0.5", []int64{1, 2, 6}}},
	},
	{
		name: "more time was granted, and it was enough",
		story: basic(signed("03-03 09:00"), told{"03-10 09:00", duban.EventExtensionAsked, []any{"from", "2026-03-13", "to", "2026-03-18"}},
			told{"03-11 09:00", duban.EventExtensionGranted, []any{"from", "2026-03-13", "to", "2026-03-18"}}, submitted("03-17 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, duban.ExemptExtended, 2, "0.5", []int64{1, 2, 5, 6}}},
	},
	{
		name: "more time was granted, and it was not enough",
		story: basic(signed("03-03 09:00"), told{"03-10 09:00", duban.EventExtensionAsked, nil},
			told{"03-11 09:00", duban.EventExtensionGranted, []any{"to", "2026-03-18"}}, submitted("03-19 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 1, "0.5", []int64{1, 2, 6}}},
	},
	{
		name: "more time was refused, in time",
		story: basic(signed("03-03 09:00"), told{"03-10 09:00", duban.EventExtensionAsked, nil}, told{"03-11 09:00", duban.EventExtensionRefused, nil},
			submitted("03-16 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 1, "0.5", []int64{1, 2, 6}}},
	},
	{
		name: "asked in time, refused after the deadline, done at once",
		story: basic(signed("03-03 09:00"), told{"03-12 09:00", duban.EventExtensionAsked, nil}, told{"03-18 09:00", duban.EventExtensionRefused, nil},
			submitted("03-18 17:00")),
		want: []found{{duban.OnTime, duban.FoundLate, duban.ExemptAsked, 3, "0.5", []int64{1, 2, 4, 5, 6}}},
	},
	{
		name: "asked in time, refused after the deadline, done a day later",
		story: basic(signed("03-03 09:00"), told{"03-12 09:00", duban.EventExtensionAsked, nil}, told{"03-18 09:00", duban.EventExtensionRefused, nil},
			submitted("03-19 17:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 1, "0.5", []int64{1, 2, 4, 5, 6}}},
	},
	{
		name: "the office gave another deadline in time",
		story: basic(signed("03-03 09:00"), told{"03-10 09:00", duban.EventDeadlineChanged, []any{"from", "2026-03-13", "to", "2026-03-20"}},
			submitted("03-20 10:00")),
	},
	{
		name: "a new date after the deadline is only for making up",
		story: basic(signed("03-03 09:00"), told{"03-16 09:00", duban.EventDeadlineChanged, []any{"from", "2026-03-13", "to", "2026-03-20"}},
			submitted("03-18 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 3, "0.5", []int64{1, 2, 5}}},
	},
	{
		name: "an earlier deadline at short notice",
		story: basic(signed("03-03 09:00"), told{"03-09 09:00", duban.EventDeadlineChanged, []any{"from", "2026-03-13", "to", "2026-03-10"}},
			submitted("03-11 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, duban.ExemptShort, 1, "0.5", []int64{1, 2, 4, 5}}},
	},
	{
		name: "a slip of the office was corrected",
		story: basic(told{"03-02 10:00", duban.EventDeadlineChanged, []any{"from", "2026-03-13", "to", "2026-03-31", "corrected", true}},
			signed("03-03 09:00"), submitted("03-31 10:00")),
	},
	{
		name: "suspended with approval when it was due", story: basic(signed("03-03 09:00"), told{"03-11 09:00", duban.EventSuspended, nil}),
		want: []found{{duban.OnTime, duban.FoundNever, duban.ExemptSuspended, 192, "2", []int64{1, 2, 4}}},
	},
	{
		name: "suspended, resumed with a later deadline, done by that",
		story: basic(signed("03-03 09:00"), told{"03-11 09:00", duban.EventSuspended, nil},
			told{"03-18 09:00", duban.EventDeadlineChanged, []any{"to", "2026-03-20", "reason", "suspended"}}, told{"03-18 09:00", duban.EventResumed, nil},
			submitted("03-20 09:00")),
	},
	{
		name: "due in a vacation", story: basic(signed("03-03 09:00"), submitted("03-16 10:00")), vacation: [2]string{"2026-03-09", "2026-03-20"},
		want: []found{{duban.OnTime, duban.FoundLate, duban.ExemptVacation, 1, "0.5", []int64{1, 2, 4}}},
	},
	{
		name: "heard of in a vacation", story: basic(signed("03-09 09:00"), submitted("03-12 10:00")), vacation: [2]string{"2026-03-01", "2026-03-06"},
		want: []found{{duban.Signing, duban.FoundSignedLate, duban.ExemptVacation, 5, "0.2", []int64{1, 2, 3}}},
	},
	{
		name: "two working days of notice",
		story: []told{
			{"03-11 09:00", duban.EventIssued, []any{"due", "2026-03-13"}}, {"03-11 09:01", duban.EventDelivered, nil}, signed("03-11 10:00"),
			submitted("03-16 09:00"),
		},
		want: []found{{duban.OnTime, duban.FoundLate, duban.ExemptShort, 1, "0.5", []int64{1, 2, 4}}},
	},
	{
		name: "arrived late, so that little time was left",
		story: []told{
			{"03-02 09:00", duban.EventIssued, []any{"due", "2026-03-13"}}, {"03-12 09:01", duban.EventDelivered, nil}, signed("03-12 10:00"),
			submitted("03-16 09:00"),
		},
		want: []found{{duban.OnTime, duban.FoundLate, duban.ExemptShort, 1, "0.5", []int64{1, 2, 4}}},
	},
	{
		name:  "never arrived",
		story: []told{{"03-02 09:00", duban.EventIssued, []any{"due", "2026-03-13"}}, {"03-02 09:01", duban.EventDeliveryFailed, nil}},
		want:  []found{{duban.OnTime, duban.FoundNever, duban.ExemptUndelivered, 192, "2", []int64{1, 2}}},
	},
	{
		name:  "never arrived, yet signed, so that it was known",
		story: []told{{"03-02 09:00", duban.EventIssued, []any{"due", "2026-03-13"}}, {"03-02 09:01", duban.EventDeliveryFailed, nil}, signed("03-03 09:00")},
		want:  []found{{duban.OnTime, duban.FoundNever, "", 192, "2", []int64{1, 3}}},
	},
	{
		name: "its owner could not be reached when it was due", story: basic(signed("03-03 09:00"), submitted("03-20 10:00")),
		elsewhere: []told{{"03-10 09:00", duban.EventUnreachable, nil}, {"03-19 09:00", duban.EventReachable, nil}},
		want:      []found{{duban.OnTime, duban.FoundLate, duban.ExemptUnreachable, 5, "1", []int64{1, 2, 4, 101, 102}}},
	},
	{
		name: "its owner could not be reached long before", story: basic(signed("03-03 09:00"), submitted("03-16 10:00")),
		elsewhere: []told{{"03-04 09:00", duban.EventUnreachable, nil}, {"03-05 09:00", duban.EventReachable, nil}},
		want:      []found{{duban.OnTime, duban.FoundLate, "", 1, "0.5", []int64{1, 2, 4}}},
	},
	{
		name: "the program was down when it was due", story: basic(signed("03-03 09:00"), submitted("03-16 10:00")),
		elsewhere: []told{{"03-16 08:00", duban.EventOutage, []any{"from", 1773388800000, "to", 1773619200000}}}, // 03-13 16:00 to 03-16 08:00
		want:      []found{{duban.OnTime, duban.FoundLate, duban.ExemptOutage, 1, "0.5", []int64{1, 2, 4, 101}}},
	},
	{
		name: "the program was down when it was due, and it was made up a week later", story: basic(signed("03-03 09:00"), submitted("03-23 10:00")),
		elsewhere: []told{{"03-16 08:00", duban.EventOutage, []any{"from", 1773388800000, "to", 1773619200000}}},
		want:      []found{{duban.OnTime, duban.FoundLate, "", 6, "1", []int64{1, 2, 4}}},
	},
	{
		name: "a periodic item is missing", story: basic(signed("03-03 09:00")), category: "三会一课",
		want: []found{{duban.Periodic, duban.FoundNever, "", 192, "1", []int64{1, 2}}},
	},
	{
		name: "a periodic item was made up", story: basic(signed("03-03 09:00"), submitted("03-18 10:00")), category: "三会一课",
		want: []found{{duban.Periodic, duban.FoundLate, "", 3, "0.5", []int64{1, 2, 4}}},
	},
	{
		name: "a finding was put right late", story: basic(signed("03-03 09:00"), submitted("03-18 10:00")), category: "交叉检查整改",
		want: []found{{duban.Rectification, duban.FoundLate, "", 3, "1", []int64{1, 2, 4}}},
	},
	{
		name:  "done, reopened, and done again late: the first time counts",
		story: inTime(closed("03-13 09:00"), told{"05-04 09:00", duban.EventReopened, nil}, submitted("06-30 09:00")),
	},
	{
		name: "came from another unit, in time by its new deadline",
		story: append(basic(told{"03-03 09:00", duban.EventTransferred, nil}), told{"03-03 09:00", duban.EventIssued, []any{"due", "2026-03-31", "transferred", true}},
			told{"03-03 09:01", duban.EventDelivered, nil}, signed("03-04 09:00"), submitted("03-31 09:00")),
	},
	{
		name: "declined in time, it stands, and was done a day after the office had answered late",
		story: basic(told{"03-04 09:00", duban.EventDeclineAsked, nil}, told{"03-04 10:00", duban.EventDeclined, nil}, told{"03-17 09:00", duban.EventStood, nil},
			submitted("03-18 10:00")),
		want: []found{{duban.OnTime, duban.FoundLate, "", 1, "0.5", []int64{1, 2, 3, 5, 6}}},
	},
}

func TestWhatTheRecordSaysBecomesTheLinesOfTheTable(t *testing.T) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			got := propose(t, c.story, c.category, c.vacation, c.elsewhere)
			var lines []found
			for _, l := range got.Lines {
				lines = append(lines, found{l.Element, l.Finding, l.Exempt, l.Days, l.Raw.String(), l.Seqs})
			}
			if !reflect.DeepEqual(lines, c.want) {
				t.Errorf("got  %v\nwant %v", lines, c.want)
			}
		})
	}
}

func propose(tb testing.TB, story []told, category string, vacation [2]string, elsewhere []told) Proposal {
	tb.Helper()
	it := Item{
		Task: duban.Task{Title: "年度总结", Category: category}, Entries: record(tb, story),
		Assignment: duban.Assignment{ID: theItem, UnitID: theUnit, State: duban.Accepted},
	}
	facts := Facts{Vacations: map[int64]calendar.Vacations{}}
	if vacation[0] != "" {
		from, _ := calendar.ParseDate(vacation[0])
		to, _ := calendar.ParseDate(vacation[1])
		facts.Vacations[theUnit] = calendar.Vacations{{Name: "寒假", From: from, To: to}}
	}
	for _, e := range record(tb, elsewhere) {
		e.Seq += 100
		facts.Learn(e)
	}
	return Propose(Default(), office(), Year(2026), []Item{it}, facts, when(tb, yearsEnd))
}

func TestEveryFindingAndEveryExemptionHasACase(t *testing.T) {
	findings, exemptions, elements := map[duban.Finding]bool{}, map[duban.Exemption]bool{}, map[duban.Element]bool{}
	for _, c := range cases {
		for _, f := range c.want {
			findings[f.finding], exemptions[f.exempt], elements[f.element] = true, true, true
		}
	}
	for _, f := range duban.Findings {
		if !findings[f] {
			t.Errorf("no case shows %s", f)
		}
	}
	for _, x := range duban.Exemptions {
		if !exemptions[x] {
			t.Errorf("no case shows %s", x)
		}
	}
	if len(elements) != len(duban.Elements) {
		t.Errorf("the cases show %v", slices.Collect(maps.Keys(elements)))
	}
}

// TestNothingThatMeasuresTheUseOfTheBotEnters puts entries of every other kind between those of a story, by the owner and by others, has everybody join and
// be reached now and then, and many more messages arrive, and expects the same proposal.
func TestNothingThatMeasuresTheUseOfTheBotEnters(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var others []duban.Event
	for _, e := range duban.Events {
		if _, counts := readers[e]; !counts && !slices.Contains(Events, e) {
			others = append(others, e)
		}
	}
	for _, use := range []duban.Event{duban.EventRead, duban.EventReminded, duban.EventProgress, duban.EventAsked, duban.EventFeedback, duban.EventUrged, duban.EventEvidence, duban.EventReviewedEvidence} {
		if !slices.Contains(others, use) {
			t.Fatalf("%s enters", use)
		}
	}
	for _, c := range cases {
		before := propose(t, c.story, c.category, c.vacation, c.elsewhere)
		entries := record(t, c.story)
		var noisy []duban.Entry
		for _, e := range entries {
			for range random.IntN(4) {
				noise := e
				noise.Seq, noise.Event, noise.Via = 1000+random.Int64N(1000), others[random.IntN(len(others))], duban.ViaChat
				noise.Facts, noise.Note = duban.Facts{"percent": float64(random.IntN(100)), "minutes": float64(random.IntN(1e6))}, "材料不全"
				noisy = append(noisy, noise)
			}
			e.Via, e.Actor = duban.ViaConsole, random.Int64N(100)
			if e.Event == duban.EventAccepted {
				e.Facts["minutes"] = float64(random.IntN(1e6))
			}
			noisy = append(noisy, e)
			if e.Event == duban.EventDelivered {
				noisy = append(noisy, slices.Repeat([]duban.Entry{e}, random.IntN(4))...)
			}
		}
		it := Item{Task: duban.Task{Title: "年度总结", Category: c.category}, Entries: noisy, Assignment: duban.Assignment{ID: theItem, UnitID: theUnit, State: duban.Accepted}}
		facts := Facts{Vacations: map[int64]calendar.Vacations{}}
		if c.vacation[0] != "" {
			from, _ := calendar.ParseDate(c.vacation[0])
			to, _ := calendar.ParseDate(c.vacation[1])
			facts.Vacations[theUnit] = calendar.Vacations{{From: from, To: to}}
		}
		colleague := int64(99)
		facts.Learn(duban.Entry{Seq: 90, At: when(t, "01-05 09:00"), Event: duban.EventJoined, PersonID: owner})
		for _, e := range record(t, c.elsewhere) {
			for _, use := range []duban.Event{duban.EventJoined, duban.EventUnreachable, duban.EventReachable} {
				facts.Learn(duban.Entry{Seq: 200 + e.Seq, At: e.At, Event: use, PersonID: colleague})
			}
			e.Seq += 100
			facts.Learn(e)
		}
		for range random.IntN(4) {
			facts.Learn(duban.Entry{Seq: 300, At: when(t, "12-01 09:00"), Event: duban.EventJoined, PersonID: owner})
		}
		after := Propose(Default(), office(), Year(2026), []Item{it}, facts, when(t, yearsEnd))
		if !reflect.DeepEqual(before, after) {
			t.Errorf("%s: %v became %v", c.name, before.Lines, after.Lines)
		}
	}
}

func TestWhatIsNotJudgedIsLeftOut(t *testing.T) {
	story := record(t, basic())
	for name, change := range map[string]func(*Item){
		"called off":              func(it *Item) { it.Assignment.State = duban.CalledOff },
		"declined":                func(it *Item) { it.Assignment.State = duban.Declined },
		"not issued":              func(it *Item) { it.Assignment.State = duban.Draft },
		"supported only":          func(it *Item) { it.Assignment.Support = true },
		"of another year":         func(it *Item) { it.Entries[0].Facts["due"] = "2025-12-31" },
		"of the year to come":     func(it *Item) { it.Entries[0].Facts["due"] = "2027-01-01" },
		"nothing in the record":   func(it *Item) { it.Entries = nil },
		"due after the last look": func(it *Item) { it.Entries[0].Facts["due"] = "2026-12-31" },
	} {
		it := Item{Entries: slices.Clone(story), Assignment: duban.Assignment{State: duban.Issued}}
		it.Entries[0].Facts = maps.Clone(it.Entries[0].Facts)
		change(&it)
		p := Propose(Default(), office(), Year(2026), []Item{it}, Facts{}, when(t, yearsEnd))
		if len(p.Lines) > 0 || len(p.Counted) > 0 || p.NotYet != map[bool]int{true: 1}[name == "due after the last look"] {
			t.Errorf("%s: %+v", name, p)
		}
	}
}

// TestUnitsWithMoreItemsDoNotLoseMoreForTheSameShare gives one unit ten times the items of another, with the same share of each story.
func TestUnitsWithMoreItemsDoNotLoseMoreForTheSameShare(t *testing.T) {
	late, good := record(t, basic(signed("03-03 09:00"), submitted("03-16 10:00"))), record(t, inTime())
	daily := func(times int) duban.Points {
		var items []Item
		for range times {
			items = append(items, Item{Entries: late, Assignment: duban.Assignment{State: duban.Closed}}, Item{Entries: good, Assignment: duban.Assignment{State: duban.Closed}})
		}
		p := Propose(Default(), office(), Year(2026), items, Facts{}, when(t, yearsEnd))
		return ScoreOf(Default(), p.Lines, nil).Daily
	}
	if small, large := daily(4), daily(40); small != large || small != 95_00 {
		t.Errorf("%s with 8 items, %s with 80", small, large)
	}
}

func TestASingleSlipOfAUnitWithFewItemsIsNotTheWhole(t *testing.T) {
	p := propose(t, basic(signed("03-03 09:00"), submitted("03-16 10:00")), "", [2]string{}, nil)
	if got := p.Lines[0].Points.String(); got != "2" { // 0.5 × 20 / 5
		t.Errorf("one item, one day late: %s", got)
	}
}

func TestAnElementNeverCostsMoreThanItHas(t *testing.T) {
	var lines []duban.ScoreLine
	for _, e := range duban.Elements {
		lines = append(lines, duban.ScoreLine{Element: e, Points: 90_00})
	}
	if s := ScoreOf(Default(), lines, nil); s.Daily != 0 || len(s.Missing) != 3 {
		t.Errorf("%+v", s)
	}
}

func TestTheTotalIsTheWeightedSumAndStaysWithinItsBounds(t *testing.T) {
	rules := Default()
	entered := func(points ...duban.Points) []duban.ScorePart {
		var all []duban.ScorePart
		for i, part := range append(rules.Entered(), Bonus, Negative) {
			all = append(all, duban.ScorePart{Part: part, Points: points[i]})
		}
		return all
	}
	lost := []duban.ScoreLine{{Element: duban.OnTime, Points: 5_00}, {Element: duban.Quality, Points: 3_00, Decision: duban.LineChanged, Decided: 1_00}}
	for _, c := range []struct {
		parts []duban.ScorePart
		want  duban.Points
		grade string
	}{
		{entered(90_00, 80_00, 70_00, 0, 0), 88_60, "较好"},       // 94 × 40 % + 90 × 40 % + 8 + 7
		{entered(90_00, 80_00, 70_00, 9_00, 1_00), 92_60, "好"},  // a bonus of 5 at most
		{entered(100_00, 100_00, 100_00, 5_00, 0), 100_00, "好"}, // never above 100
		{entered(10_00, 10_00, 10_00, 0, 50_00), 33_60, "差"},    // 10 at most are taken
	} {
		s := ScoreOf(rules, lost, c.parts)
		if s.Total != c.want || rules.Grade(s.Total) != c.grade || len(s.Missing) > 0 {
			t.Errorf("%v make %s %s, want %s %s", c.parts, s.Total, rules.Grade(s.Total), c.want, c.grade)
		}
	}
}

func TestTheMedianIsNotToldOfTwo(t *testing.T) {
	for _, c := range []struct {
		scores []duban.Points
		want   duban.Points
		told   bool
	}{
		{nil, 0, false},
		{[]duban.Points{90_00, 80_00}, 0, false},
		{[]duban.Points{90_00, 60_00, 80_00}, 80_00, true},
		{[]duban.Points{90_00, 60_00, 80_00, 81_01}, 80_51, true},
	} {
		if got, told := Median(c.scores); got != c.want || told != c.told {
			t.Errorf("the median of %v is %s, %v", c.scores, got, told)
		}
	}
}

// TestReportingEarlierNeverCostsMore moves the report of an item day by day through the year.
func TestReportingEarlierNeverCostsMore(t *testing.T) {
	for _, category := range []string{"", "三会一课", "整改"} {
		before := duban.Points(0)
		for day := when(t, "03-03 10:00"); day.Before(when(t, "12-19 00:00")); day = day.AddDate(0, 0, 1) {
			p := propose(t, basic(signed("03-02 10:00"), submitted(day.Format("01-02 15:04"))), category, [2]string{}, nil)
			cost := duban.Points(0)
			for _, l := range p.Lines {
				cost += l.Raw
			}
			if cost < before {
				t.Fatalf("%s: reported on %s it costs %s, a day earlier %s", category, day, cost, before)
			}
			before = cost
		}
	}
}
