package work

import (
	"strings"

	"duban"
)

// kindWords are the words that name every unit of a kind.
var kindWords = map[string]duban.UnitKind{
	"各学校党委": duban.SchoolCommittee, "学校党委": duban.SchoolCommittee, "各学校": duban.SchoolCommittee, "school_committee": duban.SchoolCommittee,
	"各党总支": duban.GeneralBranch, "党总支": duban.GeneralBranch, "general_branch": duban.GeneralBranch,
	"各党支部": duban.Branch, "党支部": duban.Branch, "各支部": duban.Branch, "支部": duban.Branch, "branch": duban.Branch,
	"行业党委": duban.IndustryCommittee, "industry_committee": duban.IndustryCommittee,
}

// matchUnits finds the units that a word means: 全部, a kind, a unit by its name or by its name behind that of the unit above
// (第一中学党委/第一党支部), or a region. A region means the topmost units in it, since its branches are reached through them.
func matchUnits(all []duban.Unit, word string) ([]duban.Unit, ProblemReason) {
	if word == "全部" || strings.EqualFold(word, "all") {
		return belowRoots(all), ""
	}
	if named := unitsNamed(all, word); len(named) == 1 {
		return named, ""
	} else if len(named) > 1 {
		return nil, AmbiguousUnit
	}
	if kind, ok := kindWords[strings.ToLower(word)]; ok {
		return orNone(filterUnits(all, func(u duban.Unit) bool { return u.Kind == kind }), NoUnits)
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

// sameRegion compares the names of regions with and without 片区.
func sameRegion(a, b string) bool {
	return strings.TrimSuffix(a, "片区") == strings.TrimSuffix(b, "片区")
}
