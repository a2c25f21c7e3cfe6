package duban

// Action is something that needs a right.
type Action string

// The actions of the table of rights.
const (
	ActImport       Action = "import"        // roster, calendar, rule packs
	ActIssue        Action = "issue"         // tasks to units; an officer's need the secretary's approval
	ActApprove      Action = "approve"       // issuing, where approval is on
	ActPlan         Action = "plan"          // skip a date of what others put into the recurring plan, and end it
	ActOwn          Action = "own"           // sign, report and submit what one owns
	ActBehalf       Action = "behalf"        // the same on behalf of the owner
	ActAsk          Action = "ask"           // ask for more time, or say that an item is not the unit's duty
	ActAgree        Action = "agree"         // agree to what officers of the own school ask for, draw up or decline
	ActExtend       Action = "extend"        // decide on a first extension of up to FarExtension working days
	ActExtendFar    Action = "extend_far"    // decide on longer and further ones
	ActDecline      Action = "decline"       // say for the unit that an item is not its duty
	ActSettle       Action = "settle"        // decide on a declined item: it stands, or another unit gets it
	ActReassign     Action = "reassign"      // give an item to somebody else of the same unit
	ActReview       Action = "review"        // pass or return
	ActSuspend      Action = "suspend"       // suspend and resume
	ActCancel       Action = "cancel"        // cancel
	ActReopen       Action = "reopen"        // 回头看
	ActArchive      Action = "archive"       // put what is closed out of the way before that happens by itself
	ActDraftNotice  Action = "draft_notice"  // draft and edit notices of level 3 to 5
	ActNotice3      Action = "notice_3"      // issue a notice of level 3
	ActNotice45     Action = "notice_45"     // issue notices of level 4 and 5
	ActRemark       Action = "remark"        // 批示
	ActAbsence      Action = "absence"       // say that somebody else is away, and who acts for them
	ActAnnounce     Action = "announce"      // announcements
	ActSee          Action = "see"           // open items, their states and names
	ActSeeLights    Action = "see_lights"    // how many items of a unit stand how, without titles or names
	ActInvite       Action = "invite"        // invitations, revoking
	ActExport       Action = "export"        // spreadsheets
	ActRecord       Action = "record"        // the tracking record
	ActUrge         Action = "urge"          // 催办
	ActPropose      Action = "propose"       // propose an assessment
	ActAssess       Action = "assess"        // decide on an assessment
	ActObject       Action = "object"        // object to the own unit's assessment
	ActOwnAssess    Action = "own_assess"    // see the own unit's assessment
	ActBackup       Action = "backup"        // back up, erase
	ActSecondPerson Action = "second_person" // confirm what another administrator sends to many
)

// Actions lists every action, so that a test walks the whole table.
var Actions = []Action{ActImport, ActIssue, ActApprove, ActPlan, ActOwn, ActBehalf, ActAsk, ActAgree, ActExtend, ActExtendFar, ActDecline, ActSettle,
	ActReassign, ActReview, ActSuspend, ActCancel, ActReopen, ActArchive, ActDraftNotice, ActNotice3, ActNotice45, ActRemark, ActAbsence, ActAnnounce,
	ActSee, ActSeeLights, ActInvite, ActExport, ActRecord, ActUrge, ActPropose, ActAssess, ActObject, ActOwnAssess, ActBackup,
	ActSecondPerson}

// Scope says how far a right reaches from the unit of the post.
type Scope int

// The scopes, narrowest first.
const (
	Nowhere    Scope = iota
	OwnUnit          // the unit of the post
	Below            // units below it, not the unit itself
	Subtree          // the unit and everything below it
	OwnSchool        // the subtree of the unit, for posts of a school committee
	Everywhere       // every unit of the organisation
)

// rights is the table of product rules: who may do what, and how far.
var rights = map[Action]map[Role]Scope{
	ActImport:       {Admin: Subtree},
	ActIssue:        {Admin: Subtree, Secretary: OwnSchool, Officer: OwnSchool},
	ActApprove:      {Leader: Subtree},
	ActPlan:         {Admin: Subtree},
	ActOwn:          {Admin: OwnUnit, Leader: OwnUnit, Secretary: OwnUnit, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActBehalf:       {Admin: Subtree, Secretary: OwnUnit},
	ActAsk:          {Secretary: OwnUnit, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActAgree:        {Secretary: OwnSchool},
	ActExtend:       {Admin: Subtree, Leader: Subtree},
	ActExtendFar:    {Leader: Subtree},
	ActDecline:      {Secretary: OwnSchool},
	ActSettle:       {Admin: Subtree},
	ActReassign:     {Admin: Subtree, Secretary: OwnSchool},
	ActReview:       {Admin: Subtree, Leader: Subtree, Secretary: Below},
	ActSuspend:      {Leader: Subtree},
	ActCancel:       {Admin: Subtree, Leader: Subtree},
	ActReopen:       {Admin: Subtree, Leader: Subtree},
	ActArchive:      {Admin: Subtree},
	ActDraftNotice:  {Admin: Subtree},
	ActNotice3:      {Admin: Subtree, Leader: Subtree},
	ActNotice45:     {Leader: Subtree},
	ActRemark:       {Leader: Subtree},
	ActAbsence:      {Admin: Subtree, Secretary: OwnSchool},
	ActAnnounce:     {Admin: Subtree, Leader: Subtree, Secretary: OwnSchool},
	ActSee:          {Admin: Subtree, Leader: Everywhere, Secretary: Subtree, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActSeeLights:    {Admin: Subtree, Leader: Everywhere, Secretary: Everywhere, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActInvite:       {Admin: Subtree},
	ActExport:       {Admin: Subtree, Leader: Subtree},
	ActRecord:       {Admin: Subtree, Leader: Everywhere, Secretary: Subtree, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActUrge:         {Admin: Subtree, Leader: Subtree, Secretary: Subtree},
	ActPropose:      {Admin: Subtree},
	ActAssess:       {Leader: Subtree},
	ActObject:       {Secretary: OwnSchool},
	ActOwnAssess:    {Admin: Subtree, Leader: Everywhere, Secretary: Subtree, Officer: OwnUnit, BranchSecretary: OwnUnit},
	ActBackup:       {Admin: Subtree},
	ActSecondPerson: {Admin: Subtree},
}

// byDeputy are the rights that somebody who acts for a person who is away has by that person's posts. What is decided once and cannot be taken back
// stays with the person.
var byDeputy = map[Action]bool{
	ActBehalf: true, ActAsk: true, ActAgree: true, ActDecline: true, ActExtend: true, ActExtendFar: true, ActReassign: true, ActReview: true,
	ActSee: true, ActSeeLights: true, ActUrge: true,
}

// ByDeputy reports whether a deputy has a right by the posts of the one who is away.
func (a Action) ByDeputy() bool { return byDeputy[a] }

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
	case Everywhere:
		return true
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
