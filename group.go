package duban

import "time"

// Group (工作群) is a chat of several people, or one topic of it, in which what concerns a unit is posted. Nothing about a person ever is.
type Group struct {
	ID      int64
	ChatID  int64
	TopicID int64 // 0: the chat itself, or the general topic of a forum
	UnitID  int64 // 0: not bound yet
	Title   string
	State   GroupState
	Reason  GroupReason // why nothing can be posted, for GroupLost
	BoundBy int64       // the person who asked to bind it, then who bound it
	Daily   bool        // it gets a line on every working day
	Shown   string      // what the line of the day says: the day and the counts
}

// GroupState says how a group stands.
type GroupState string

// The states of a group.
const (
	GroupAsked   GroupState = "asked"   // an administrator has asked to bind it and has not chosen its unit yet
	GroupBound   GroupState = "bound"   // it belongs to a unit
	GroupLost    GroupState = "lost"    // it belongs to a unit, but nothing can be posted
	GroupUnbound GroupState = "unbound" // the bot is silent there
)

// Bound reports whether a group belongs to a unit, whether or not something can be posted there now.
func (g Group) Bound() bool { return g.State == GroupBound || g.State == GroupLost }

// WorthTrying reports whether something may arrive in a group: one that takes messages, or of which nobody would tell when it does again.
func (g Group) WorthTrying() bool {
	return g.State == GroupBound || g.State == GroupLost && g.Reason.MayPass()
}

// GroupReason says why nothing can be posted to a group.
type GroupReason string

// The reasons. Those of the chat hold for all of its topics.
const (
	GroupKicked      GroupReason = "kicked"         // the bot was removed
	GroupDeleted     GroupReason = "chat_deleted"   // the chat is gone
	GroupNotFound    GroupReason = "chat_not_found" // Telegram does not know the chat
	GroupNoRights    GroupReason = "no_rights"      // the bot may not write
	GroupTopicClosed GroupReason = "topic_closed"   // the topic takes no messages
	GroupTopicGone   GroupReason = "topic_gone"     // the topic was deleted
)

// OfChat reports whether a reason is about the whole chat and not about one topic of it.
func (r GroupReason) OfChat() bool { return r != GroupTopicClosed && r != GroupTopicGone }

// MayPass reports whether nobody tells the bot when the reason is over, so that it has to try now and then.
func (r GroupReason) MayPass() bool { return r == GroupNoRights || r == GroupTopicClosed }

// GroupReasons lists every reason.
var GroupReasons = []GroupReason{GroupKicked, GroupDeleted, GroupNotFound, GroupNoRights, GroupTopicClosed, GroupTopicGone}

// GroupCopy is one group that an announcement is posted to. Without DeliveredAt and Failure it is on its way.
type GroupCopy struct {
	Group       Group
	DeliveredAt time.Time
	Failure     string // why it does not stand there
	Version     int    // which correction it has; see Announcement.Version
	CorrectedAt time.Time
	Recall      Recall
	FixFailure  string // why it was not corrected or called back
}

// Failed reports whether a copy does not stand in its group and is not on its way.
func (c GroupCopy) Failed() bool { return c.DeliveredAt.IsZero() && c.Failure != "" }

// TakesGroups reports whether an audience is one of whole units, so that an announcement to it may stand in their work groups too. One to people, a
// role or what is not handed in concerns a part of them, and stays between the bot and each.
func (a Audience) TakesGroups() bool {
	return !a.IsZero() && a.TaskID == 0 && a.Role == "" && len(a.People) == 0
}
