package bot

import (
	"cmp"
	"slices"

	"duban"
	"duban/text"
)

// regions are the numbers, among all regions from 1 on, of those in which the survey has units.
func (s survey) regions() []int64 {
	all, err := s.tx.Regions()
	if err != nil {
		return nil
	}
	var some []int64
	for i, name := range all {
		if slices.ContainsFunc(s.units, func(u duban.Unit) bool { return u.Region == name }) {
			some = append(some, int64(i+1))
		}
	}
	return some
}

// inRegion gives each unit the number of its region; that of units without one is -1.
func (s survey) inRegion() (func(duban.Unit) int64, []string, error) {
	names, err := s.tx.Regions()
	numbers := map[string]int64{"": -1}
	for i, name := range names {
		numbers[name] = int64(i + 1)
	}
	return func(u duban.Unit) int64 { return numbers[u.Region] }, names, err
}

// pressArea shows the regions, or the units of one.
func (v *visit) pressArea(c call) error {
	return v.read(func(p *page) error {
		top, err := p.topUnit(duban.ActSee)
		if err != nil {
			return err
		}
		return v.seen(top, func(s survey) (Outgoing, error) {
			if c.id <= 0 {
				return s.byRegion(nil)
			}
			return s.region(c.id, atoi(c.arg))
		})
	})
}

// byRegion shows each region, worst first, below some lines and buttons of the caller's.
func (s survey) byRegion(lines []text.HTML, above ...[]Button) (Outgoing, error) {
	lines = append([]text.HTML{s.text("overview.heading", "unit", s.root.Name), s.figureLines(s.total())}, append(lines, "")...)
	in, names, err := s.inRegion()
	if err != nil {
		return Outgoing{}, err
	}
	groups := s.grouped(in)
	k := Keyboard(above)
	for _, n := range s.worstFirst(groups) {
		if n < 0 {
			lines = append(lines, s.text("overview.unit", "unit", s.word("overview.no_region"), "tally", s.shortFigures(groups[n])))
			continue
		}
		lines = append(lines, s.text("overview.unit", "unit", names[n-1], "tally", s.shortFigures(groups[n])))
		k = append(k, []Button{button(shorten(names[n-1], 20), "area", n)})
	}
	return s.framed(lines, k, nil), nil
}

// worstFirst puts groups in the order of how many items are red, then orange, and so on.
func (s survey) worstFirst(groups map[int64]figures) []int64 {
	counts := map[int64][]int{}
	var order []int64
	for n, f := range groups {
		order = append(order, n)
		counts[n] = s.byLight(f.open)
	}
	slices.SortFunc(order, func(a, b int64) int { return cmp.Or(slices.Compare(counts[b], counts[a]), cmp.Compare(a, b)) })
	return order
}

// byLight counts items by light, in the order of duban.LightOrder.
func (p *page) byLight(all []duban.Assignment) []int {
	counts := make([]int, len(duban.LightOrder))
	for _, a := range all {
		counts[slices.Index(duban.LightOrder, p.light(a))]++
	}
	return counts
}

// region shows the topmost units of a region, in the order of the roster.
func (s survey) region(n int64, pageNo int) (Outgoing, error) {
	in, names, err := s.inRegion()
	if err != nil || n > int64(len(names)) {
		return Outgoing{}, orNotAllowed(err)
	}
	var top []duban.Unit
	set := map[int64]bool{}
	for _, u := range s.units {
		if in(u) == n && s.under(u.ParentID, set) == 0 {
			top, set[u.ID] = append(top, u), true
		}
	}
	groups := s.grouped(func(u duban.Unit) int64 { return s.under(u.ID, set) })
	lines := []text.HTML{s.text("overview.heading", "unit", names[n-1]), s.figureLines(s.grouped(in)[n]), ""}
	var k Keyboard
	at, from, to := pageOf(len(top), pageNo)
	for _, u := range top[from:to] {
		lines = append(lines, s.text("overview.unit", "unit", u.Name, "tally", s.shortFigures(groups[u.ID])))
		k = append(k, []Button{button(shorten(u.Name, 20), "unit", u.ID)})
	}
	if len(top) > pageSize {
		k = append(k, s.pagesOf("area", n, "", at, lastPage(len(top))))
	}
	return s.framed(lines, k, nil), nil
}
