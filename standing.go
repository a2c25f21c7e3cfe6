package duban

// TaskDone reports whether a task is done, given all its assignments: every lead unit is done, or with CompleteAny one of them. Supporting units do not
// count, nor does what was called off; and what nobody has done is not done.
func TaskDone(t Task, all []Assignment) bool {
	done, left := 0, 0
	for _, a := range all {
		switch {
		case a.Support, a.State == CalledOff:
		case a.State.Done():
			done++
		default:
			left++
		}
	}
	return done > 0 && (left == 0 || t.Completion == CompleteAny)
}

// Following is what follows for an assignment from what was done to another one of its task.
type Following struct {
	Assignment Assignment // as it is before
	Verb       Verb       // VerbConclude, VerbRelieve or VerbRecall
}

// Followings returns what follows for the other assignments of a task once a lead one was closed, called off, or is worked on again. All are the
// assignments of the task as they are then. With CompleteAny the other lead units are relieved by the first that is done. Supporting units are closed
// with the last lead unit, and relieved when there is none left. What was ended in this way comes back when its reason is gone.
func Followings(t Task, all []Assignment, lead Assignment) []Following {
	done, left := TaskDone(t, all), leadsLeft(all)
	var follow []Following
	for _, a := range all {
		verb := afterLead(t, a, lead)
		if a.Support {
			verb = withLeads(a, done, left)
		}
		if verb != "" && a.ID != lead.ID {
			follow = append(follow, Following{a, verb})
		}
	}
	return follow
}

// afterLead returns what follows for a lead unit from what became of another.
func afterLead(t Task, a, other Assignment) Verb {
	switch {
	case t.Completion == CompleteAny && other.State.Done() && a.State.Open():
		return VerbRelieve
	case a.State == CalledOff && a.FollowsID == other.ID && !other.State.Done():
		return VerbRecall
	}
	return ""
}

// withLeads returns what follows for a supporting unit from how the lead units stand.
func withLeads(a Assignment, done bool, left int) Verb {
	switch {
	case done && a.State.Open():
		return VerbConclude
	case !done && left == 0 && a.State.Open():
		return VerbRelieve
	case !done && left > 0 && a.FollowsID != 0 && !a.State.Open():
		return VerbRecall
	}
	return ""
}

// leadsLeft counts the lead units whose assignments were not called off.
func leadsLeft(all []Assignment) int {
	n := 0
	for _, a := range all {
		if !a.Support && a.State != CalledOff {
			n++
		}
	}
	return n
}

// PartDone reports whether a supporting unit has reported its part as done. Then nothing is asked of it any more: the lead unit reports for all.
func (a Assignment) PartDone() bool { return a.Support && a.State.OnUnit() && a.Percent >= 100 }
