package work

import (
	"slices"
	"strings"

	"duban"
)

// allUnits is the word of a task list for every unit below the roots.
const allUnits = "all"

// matchUnits finds the units that a word of a task list means: all, a kind by its identifier, a unit by its name or by its name behind that of
// the unit above (parent/unit), or a region. A region means the topmost units in it, since its branches are reached through them.
func matchUnits(all []duban.Unit, word string) ([]duban.Unit, ProblemReason) {
	if word == allUnits {
		return belowRoots(all), ""
	}
	if slices.Contains(duban.UnitKinds, duban.UnitKind(word)) {
		return orNone(filterUnits(all, func(u duban.Unit) bool { return u.Kind == duban.UnitKind(word) }), NoUnits)
	}
	if named := unitsNamed(all, word); len(named) == 1 {
		return named, ""
	} else if len(named) > 1 {
		return nil, AmbiguousUnit
	}
	return orNone(unitsOfRegion(all, word), UnknownUnit)
}

func orNone(units []duban.Unit, reason ProblemReason) ([]duban.Unit, ProblemReason) {
	if len(units) == 0 {
		return nil, reason
	}
	return units, ""
}

func filterUnits(all []duban.Unit, keep func(duban.Unit) bool) []duban.Unit {
	var kept []duban.Unit
	for _, u := range all {
		if keep(u) {
			kept = append(kept, u)
		}
	}
	return kept
}

// belowRoots leaves out the industry committee itself, which issues and does not receive.
func belowRoots(all []duban.Unit) []duban.Unit {
	return filterUnits(all, func(u duban.Unit) bool { return u.Kind != duban.IndustryCommittee })
}

func unitsNamed(all []duban.Unit, word string) []duban.Unit {
	names := namesOf(all)
	return filterUnits(all, func(u duban.Unit) bool {
		parent := names[u.ParentID]
		return u.Name == word || parent != "" && (parent+"/"+u.Name == word || parent+u.Name == word)
	})
}

func namesOf(all []duban.Unit) map[int64]string {
	names := make(map[int64]string, len(all))
	for _, u := range all {
		names[u.ID] = u.Name
	}
	return names
}

func unitsOfRegion(all []duban.Unit, word string) []duban.Unit {
	regions := map[int64]string{}
	for _, u := range all {
		regions[u.ID] = u.Region
	}
	return filterUnits(all, func(u duban.Unit) bool {
		return u.Region != "" && sameRegion(u.Region, word) && !sameRegion(regions[u.ParentID], word)
	})
}

// sameRegion compares the name of a region with what was typed, which may leave out its end, as people do with 片区.
func sameRegion(region, typed string) bool {
	return region == typed || len([]rune(typed)) >= 2 && strings.HasPrefix(region, typed)
}
