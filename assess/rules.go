// Package assess computes what a year-end assessment proposes for a unit: from its items and what the record says about them to lines, each with the
// entries on which it rests, and from the lines and what people decided and entered to a score. It is pure, and by rules that an organisation can
// replace; nothing in it is decided by itself.
//
// Only results of work enter: when something was signed for, reported, returned, closed. How often somebody opens, reads or presses anything does not.
package assess

import (
	_ "embed"
	"sync"

	"duban"
)

// Rules are the rules of an assessment, by version.
type Rules struct {
	Version string
	Source  string
	Weights []Weight // of the parts of the total, together 100

	Signing       Signing
	OnTime        OnTime
	Quality       Quality
	Periodic      Periodic
	Rectification Rectification
	Exempt        Exempt

	// Incomplete are kinds of return (duban.Fault), and words of returns that have none, by which what was reported in time is in time no longer, once it
	// is handed in again after the deadline.
	Incomplete []string
	Bonus      duban.Points // the most that may be added by hand
	Negative   duban.Points // the most that may be taken by hand
	Grades     []Grade      // best first

	body string
}

// Body is the text from which the rules were read.
func (r Rules) Body() string { return r.body }

// Weight is how many percent of the total a part makes.
type Weight struct {
	Part    string
	Percent int
}

// Daily is the part that is computed from the record; Bonus and Negative are those beside the weights.
const (
	Daily    = "daily"
	Bonus    = "bonus"
	Negative = "negative"
)

// Parts lists the parts of which a total can be made: the computed one, and those that a person enters. Package text has a word for each under
// "part.<name>".
var Parts = []string{Daily, "year_end", "duty_report", "rally", "appraisal"}

// Scale is the greatest points of an element, the number of items for which its deductions are meant, and how many items a unit counts as at least.
type Scale struct {
	Max   duban.Points
	Per   int
	Least int
}

// Signing judges how soon items are signed for.
type Signing struct {
	Scale
	Within int // working days from when the unit heard of it
	Late   duban.Points
}

// Band is what lateness of up to so many working days costs.
type Band struct {
	UpTo   int
	Points duban.Points
}

// OnTime judges whether items are reported in time.
type OnTime struct {
	Scale
	Late          []Band // by growing days
	Beyond        duban.Points
	Never         duban.Points
	CriticalTimes int
}

// Quality judges how often what was reported had to be returned.
type Quality struct {
	Scale
	FreeReturns int
	Each        duban.Points
}

// Periodic judges items that come round, found by words of their category or title.
type Periodic struct {
	Scale
	Words   []string
	Missing duban.Points
	MadeUp  duban.Points
}

// Rectification judges findings to be put right, found by words of their category or title.
type Rectification struct {
	Scale
	Words []string
	Late  duban.Points
}

// Exempt says what does not count against a unit.
type Exempt struct {
	Vacation, Suspension, Undelivered, Unreachable, Outage bool
	ShortNotice                                            int // working days; 0: off
}

// Grade is the name of a grade, from so many points on.
type Grade struct {
	Name string
	From duban.Points
}

// Scale returns the scale of an element.
func (r Rules) Scale(e duban.Element) Scale {
	switch e {
	case duban.Signing:
		return r.Signing.Scale
	case duban.OnTime:
		return r.OnTime.Scale
	case duban.Quality:
		return r.Quality.Scale
	case duban.Periodic:
		return r.Periodic.Scale
	case duban.Rectification:
		return r.Rectification.Scale
	}
	return Scale{}
}

// Entered lists the parts that a person enters and without which there is no total, each out of 100.
func (r Rules) Entered() []string {
	var parts []string
	for _, w := range r.Weights {
		if w.Part != Daily && w.Percent > 0 {
			parts = append(parts, w.Part)
		}
	}
	return parts
}

// Most returns the most points that may be entered for a part, and whether there is such a part.
func (r Rules) Most(part string) (duban.Points, bool) {
	switch part {
	case Bonus:
		return r.Bonus, r.Bonus > 0
	case Negative:
		return r.Negative, r.Negative > 0
	}
	for _, w := range r.Weights {
		if w.Part == part && part != Daily {
			return Full, true
		}
	}
	return 0, false
}

// Full is the greatest score, of the whole and of each part that is entered.
const Full duban.Points = 100_00

// Grade returns the name of the grade of a total.
func (r Rules) Grade(total duban.Points) string {
	for _, g := range r.Grades {
		if total >= g.From {
			return g.Name
		}
	}
	return ""
}

//go:embed default.yaml
var shipped []byte

// Default returns the rules that are shipped.
var Default = sync.OnceValue(func() Rules {
	r, err := Parse("default.yaml", shipped)
	if err != nil {
		panic(err) // a test reads them
	}
	return r
})

// Shipped returns the file of the shipped rules, to be copied and changed.
func Shipped() []byte { return shipped }
