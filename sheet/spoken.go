package sheet

// UnitsWord returns the identifier of a word that means many units at once, such as 各学校党委 or all schools: all, or a kind of unit.
func UnitsWord(text string) (string, bool) { return find(unitWords, text) }

// PriorityWord returns the priority that a word means: normal, urgent or critical.
func PriorityWord(text string) (string, bool) { return find(priorities, text) }

// EvidenceWord returns the evidence rule that words mean, none, text, file or photos, and how many photos.
func EvidenceWord(text string) (rule string, photos int, ok bool) {
	if clean(text) == "" {
		return "", 0, false
	}
	rule, photos, reason := evidence(text)
	return rule, photos, reason == ""
}
