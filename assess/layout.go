package assess

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"duban"
)

// read is the layout of the file, and what has to fit together in it.
func (r *reader) read(node *yaml.Node) {
	rules := &r.rules
	r.group(node, "", fields{
		"version": r.version(&rules.Version),
		"source":  r.text(&rules.Source),
		"weights": r.weights,
		"daily": r.checked(r.below(fields{
			"signing": r.below(r.scale(&rules.Signing.Scale, fields{
				"within": r.days(&rules.Signing.Within), "late": r.points(&rules.Signing.Late),
			})),
			"on_time": r.checked(r.below(r.scale(&rules.OnTime.Scale, fields{
				"late": list(r, &rules.OnTime.Late, func(b *Band) fields {
					return fields{"up_to": r.days(&b.UpTo), "points": r.points(&b.Points)}
				}),
				"beyond": r.points(&rules.OnTime.Beyond), "never": r.points(&rules.OnTime.Never),
				"critical_times": r.whole(&rules.OnTime.CriticalTimes, 1, 10),
			})), r.checkLate),
			"quality": r.below(r.scale(&rules.Quality.Scale, fields{
				"free_returns": r.whole(&rules.Quality.FreeReturns, 0, 10), "each": r.points(&rules.Quality.Each),
			})),
			"periodic": r.checked(r.below(r.scale(&rules.Periodic.Scale, fields{
				"words": r.words(&rules.Periodic.Words), "missing": r.points(&rules.Periodic.Missing), "made_up": r.points(&rules.Periodic.MadeUp),
			})), r.checkPeriodic),
			"rectification": r.below(r.scale(&rules.Rectification.Scale, fields{
				"words": r.words(&rules.Rectification.Words), "late": r.points(&rules.Rectification.Late),
			})),
		}), r.checkMax),
		"exempt": r.below(fields{
			"vacation": r.onOff(&rules.Exempt.Vacation), "suspension": r.onOff(&rules.Exempt.Suspension),
			"short_notice": r.days(&rules.Exempt.ShortNotice), "undelivered": r.onOff(&rules.Exempt.Undelivered),
			"unreachable": r.onOff(&rules.Exempt.Unreachable), "outage": r.onOff(&rules.Exempt.Outage),
		}),
		"incomplete": r.words(&rules.Incomplete),
		"bonus":      r.points(&rules.Bonus),
		"negative":   r.points(&rules.Negative),
		"grades": r.checked(list(r, &rules.Grades, func(g *Grade) fields {
			return fields{"name": r.text(&g.Name), "from": r.points(&g.From)}
		}), r.checkGrades),
	})
}

var versionForm = regexp.MustCompile(`^[\p{L}\p{N}][\p{L}\p{N}._-]{0,39}$`)

func (r *reader) version(into *string) func(*yaml.Node, string) {
	return scalar(r, into, "write letters, digits, dots, strokes and underscores, 40 at most, such as 2026-1", func(s string) (string, bool) {
		return s, versionForm.MatchString(s)
	})
}

func (r *reader) scale(into *Scale, others fields) fields {
	others["max"], others["per"], others["least"] = r.points(&into.Max), r.whole(&into.Per, 1, 10_000), r.whole(&into.Least, 1, 10_000)
	return others
}

// checked reads a field, and when nothing in it was wrong looks whether it fits together.
func (r *reader) checked(read func(*yaml.Node, string), fits func() string) func(*yaml.Node, string) {
	return func(node *yaml.Node, path string) {
		before := len(r.problems)
		read(node, path)
		if len(r.problems) > before {
			return
		}
		if advice := fits(); advice != "" {
			r.problem(node, path, advice)
		}
	}
}

// weights reads the parts of the total in the order of the file.
func (r *reader) weights(node *yaml.Node, path string) {
	if node.Kind != yaml.MappingNode {
		r.problem(node, path, "write parts with their percent below it, one a line and indented")
		return
	}
	sum, daily := 0, false
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], target(node.Content[i+1])
		option := path + "." + key.Value
		var w Weight
		switch {
		case !slices.Contains(Parts, key.Value):
			r.problem(key, option, "there is no such part; there are "+strings.Join(Parts, ", "))
			continue
		case slices.ContainsFunc(r.rules.Weights, func(w Weight) bool { return w.Part == key.Value }):
			r.problem(key, option, "this is set twice: remove one of the two")
			continue
		}
		w.Part = key.Value
		r.whole(&w.Percent, 0, 100)(value, option)
		r.rules.Weights = append(r.rules.Weights, w)
		sum, daily = sum+w.Percent, daily || w.Part == Daily
	}
	if sum != 100 || !daily {
		r.problem(node, path, fmt.Sprintf("the weights have to make 100 together with daily among them; they make %d", sum))
	}
}

func (r *reader) checkMax() string {
	sum := duban.Points(0)
	for _, e := range duban.Elements {
		sum += r.rules.Scale(e).Max
	}
	if sum != Full {
		return "the five max have to make 100 together; they make " + sum.String()
	}
	return ""
}

func (r *reader) checkLate() string {
	o := r.rules.OnTime
	for i := 1; i < len(o.Late); i++ {
		if o.Late[i].UpTo <= o.Late[i-1].UpTo || o.Late[i].Points < o.Late[i-1].Points {
			return "days and points of late have to grow from entry to entry"
		}
	}
	if last := o.Late[len(o.Late)-1]; o.Beyond < last.Points || o.Never < o.Beyond {
		return "beyond has to cost at least as much as late, and never at least as much as beyond"
	}
	return ""
}

func (r *reader) checkPeriodic() string {
	if p := r.rules.Periodic; p.MadeUp > p.Missing {
		return "what is made up may not cost more than what is missing"
	}
	return ""
}

func (r *reader) checkGrades() string {
	grades := r.rules.Grades
	for i := 1; i < len(grades); i++ {
		if grades[i].From >= grades[i-1].From {
			return "write the grades best first, each from fewer points on than the one before"
		}
	}
	if grades[len(grades)-1].From != 0 {
		return "the last grade has to be from 0"
	}
	return ""
}
