package duban

// Action is something that needs a right.
type Action string

// The actions of the table of rights.
const (
	ActImport   Action = "import"   // roster, calendar
	ActIssue    Action = "issue"    // tasks to units below
	ActOwn      Action = "own"      // sign, report and submit what one owns
	ActBehalf   Action = "behalf"   // the same on behalf of the owner
	ActReview   Action = "review"   // pass or return
	ActAnnounce Action = "announce" // announcements
	ActSee      Action = "see"      // open items and their states
	ActInvite   Action = "invite"   // invitations, revoking
	ActExport   Action = "export"   // spreadsheets
	ActUrge     Action = "urge"     // 催办
)

// Scope says how far a right reaches from the unit of the post.
type Scope int

// The scopes, narrowest first.
const (
	Nowhere   Scope = iota
	OwnUnit         // the unit of the post
	Below           // units below it, not the unit itself
	Subtree         // the unit and everything below it
	OwnSchool       // the subtree of the unit, for posts of a school committee
)

// rights is the table of product rules: who may do what, and how far.
var rights = map[Action]map[Role]Scope{
	ActImport:   {Admin: Subtree},
	ActIssue:    {Admin: Subtree, Secretary: OwnSchool, Officer: OwnSchool},
	ActOwn:      {Admin: OwnUnit, Leader: OwnUnit, Secretary: OwnUnit, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActBehalf:   {Admin: Subtree, Secretary: OwnUnit},
	ActReview:   {Admin: Subtree, Leader: Subtree, Secretary: Below},
	ActAnnounce: {Admin: Subtree, Leader: Subtree, Secretary: OwnSchool},
	ActSee:      {Admin: Subtree, Leader: Subtree, Secretary: Subtree, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActInvite:   {Admin: Subtree},
	ActExport:   {Admin: Subtree, Leader: Subtree},
	ActUrge:     {Admin: Subtree, Leader: Subtree, Secretary: Subtree},
}

// Right returns how far a role's right to an action reaches.
func Right(action Action, role Role) Scope { return rights[action][role] }

// Covers reports whether a scope that starts at a post's unit reaches a unit `depth` levels below it. A negative depth means that the unit
// is not in the subtree.
func (s Scope) Covers(depth int) bool {
	switch s {
	case OwnUnit:
		return depth == 0
	case Below:
		return depth > 0
	case Subtree, OwnSchool:
		return depth >= 0
	}
	return false
}

// HasRight reports whether any of the posts gives the right anywhere at all, as menus and /help need it.
func HasRight(action Action, posts []Post) bool {
	for _, p := range posts {
		if p.Active && Right(action, p.Role) != Nowhere {
			return true
		}
	}
	return false
}
