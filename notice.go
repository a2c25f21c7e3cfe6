package duban

import "time"

// Lane is the order in which letters leave when there are more than the pace allows: answers first.
type Lane int

// The lanes, most pressing first.
const (
	LaneAnswer Lane = iota
	LaneEscalation
	LaneReminder
	LaneAnnouncement
)

// Lanes lists every lane, most pressing first, with the name it has in metrics.
var Lanes = []struct {
	Lane Lane
	Name string
}{{LaneAnswer, "answer"}, {LaneEscalation, "escalation"}, {LaneReminder, "reminder"}, {LaneAnnouncement, "announcement"}}

// NewsKind says what a notice is about, and so how it is rendered.
type NewsKind string

// The kinds of news. Package bot has a renderer for each.
const (
	NewsAnswer       NewsKind = "answer"        // what a person asked for just now, already in words
	NewsCard         NewsKind = "card"          // the live card of an assignment: sent once, then edited
	NewsReminder     NewsKind = "reminder"      // a deadline comes near
	NewsUnsigned     NewsKind = "unsigned"      // not signed for yet
	NewsDue          NewsKind = "due"           // due now and not reported
	NewsHalfway      NewsKind = "halfway"       // half of a long time is over: how far is it
	NewsMilestone    NewsKind = "milestone"     // the date of a milestone comes near
	NewsPromise      NewsKind = "promise"       // the owner said that it would be done now
	NewsUrge         NewsKind = "urge"          // 催办单, notice of level 2
	NewsDraft        NewsKind = "draft"         // the live card of a notice of level 3 to 5 for those who edit and issue it
	NewsNotice       NewsKind = "notice"        // 通报单, 约谈单, 预警单: a notice of level 3 to 5 that was issued
	NewsNoticeBack   NewsKind = "notice_back"   // a leader wants such a notice changed before it is issued
	NewsResponse     NewsKind = "response"      // what the unit has answered to such a notice
	NewsPending      NewsKind = "pending"       // a request, or an item that its unit has declined, still waits for the reader
	NewsDeputy       NewsKind = "deputy"        // the reader acts for somebody who is away, or no longer does
	NewsLate         NewsKind = "late"          // reminders that were due while the program was down, merged
	NewsDigest       NewsKind = "digest"        // the morning digest
	NewsReview       NewsKind = "review"        // something waits for the reader's decision: sent once, then edited
	NewsPassed       NewsKind = "passed"        // 通过
	NewsReturned     NewsKind = "returned"      // 退回
	NewsChanged      NewsKind = "changed"       // deadline, owner or duty of an item changed
	NewsAnnouncement NewsKind = "announcement"  // a copy of an announcement
	NewsReceipt      NewsKind = "receipt"       // 催未签收: an announcement still waits for the receipt
	NewsProgress     NewsKind = "progress"      // the sender's card of an announcement: sent once, then edited
	NewsJoined       NewsKind = "joined"        // somebody has joined
	NewsNotMe        NewsKind = "not_me"        // somebody opened a link that is not theirs
	NewsUnreachable  NewsKind = "unreachable"   // somebody cannot be reached
	NewsQuarantine   NewsKind = "quarantine"    // an update could not be handled
	NewsOffline      NewsKind = "offline"       // the program was offline
	NewsFeedback     NewsKind = "feedback"      // somebody left an opinion
	NewsQuestion     NewsKind = "question"      // 提问: an owner asks about an item
	NewsReply        NewsKind = "reply"         // the answer to a question
	NewsRevoked      NewsKind = "revoked"       // the reader's account is no longer bound
	NewsCalendar     NewsKind = "calendar"      // an administrator has changed holidays or vacations
	NewsNoNotice     NewsKind = "no_notice"     // the holidays of the coming year are not known yet
	NewsExport       NewsKind = "export"        // a table that the reader asked for, as a file
	NewsTrouble      NewsKind = "trouble"       // something is wrong with backups, the database or its disk
	NewsCollecting   NewsKind = "collecting"    // what has been handed in so far for a submission: sent once, then edited
	NewsRequest      NewsKind = "request"       // a request waits for the reader: sent once, then edited
	NewsDecided      NewsKind = "decided"       // what has become of the reader's request
	NewsApproval     NewsKind = "approval"      // what was drawn up waits for the reader's approval: sent once, then edited
	NewsApproved     NewsKind = "approved"      // what has become of what the reader drew up
	NewsPlan         NewsKind = "plan"          // items of the plan are to be issued
	NewsBoard        NewsKind = "board"         // 待办看板: the reader's open items, pinned, sent once, then edited
	NewsHandover     NewsKind = "handover"      // 交接: a post has changed hands
	NewsSteered      NewsKind = "steered"       // somebody who steers has done something to an item: suspended, cancelled, reopened, remarked …
	NewsAnnounceAsk  NewsKind = "announce_ask"  // an announcement waits for the reader's agreement: sent once, then edited
	NewsAnnounceNote NewsKind = "announce_note" // what has become of the reader's announcement: agreed to, paused by itself, its time limit reached, called back
	NewsCorrection   NewsKind = "correction"    // 更正: the words of a copy are edited
	NewsRecall       NewsKind = "recall"        // a copy is deleted
	NewsGroupCopy    NewsKind = "group_copy"    // an announcement in a work group
	NewsGroupCount   NewsKind = "group_count"   // how many have confirmed it, below it: sent once, then edited
	NewsGroupFix     NewsKind = "group_fix"     // it is corrected or called back there
	NewsGroupDay     NewsKind = "group_day"     // how the unit of a work group stands on a day: sent once, then edited
	NewsGroupTold    NewsKind = "group_told"    // nothing can be posted to a work group, or something can again
	NewsGroupHint    NewsKind = "group_hint"    // no unit is bound to a group with the bot in it: what to do, and that the bot leaves
	NewsGroupLeave   NewsKind = "group_leave"   // the bot leaves a group to which no unit is bound, or a channel
	NewsAssess       NewsKind = "assess"        // how the reader's unit is assessed, or what of an assessment waits for the reader
	NewsReport       NewsKind = "report"        // a part of a report: its text, a picture, the workbook
	NewsRecordHead   NewsKind = "record_head"   // how long the record was on a morning, and the check code of its newest entry
	NewsErasure      NewsKind = "erasure"       // the live card of an erasure for those who decide on it and whoever asked
	NewsReportDraft  NewsKind = "report_draft"  // the live card of the draft of a report for those who edit and issue it
)

// NewsKinds lists every kind, so that a test sees that each has a renderer.
var NewsKinds = []NewsKind{NewsAnswer, NewsCard, NewsReminder, NewsUnsigned, NewsDue, NewsHalfway, NewsMilestone, NewsPromise, NewsUrge, NewsDraft, NewsNotice, NewsNoticeBack,
	NewsResponse, NewsPending, NewsDeputy, NewsLate, NewsDigest, NewsReview,
	NewsPassed, NewsReturned, NewsChanged, NewsAnnouncement, NewsReceipt, NewsProgress, NewsJoined, NewsNotMe, NewsUnreachable,
	NewsQuarantine, NewsOffline, NewsFeedback, NewsQuestion,
	NewsReply, NewsRevoked, NewsCalendar, NewsNoNotice, NewsExport, NewsTrouble, NewsApproval, NewsApproved, NewsPlan, NewsBoard, NewsHandover, NewsSteered, NewsRequest, NewsDecided, NewsCollecting,
	NewsAnnounceAsk, NewsAnnounceNote, NewsCorrection, NewsRecall, NewsAssess, NewsReport, NewsReportDraft, NewsRecordHead, NewsErasure,
	NewsGroupCopy, NewsGroupCount, NewsGroupFix, NewsGroupDay, NewsGroupTold, NewsGroupHint, NewsGroupLeave}

// Notice is news for one person. It is posted in the transaction that causes it and rendered when it is sent.
type Notice struct {
	// Key makes the notice unique: posting the same key twice posts once. A live notice (NewsCard, NewsReview, NewsProgress) that was sent already is
	// queued again by its key, and then edits what was sent.
	Key            string
	Kind           NewsKind
	Lane           Lane
	PersonID       int64 // the reader; 0 when ChatID says where it goes
	ChatID         int64 // 0: the chat of the person's active account
	AssignmentID   int64
	AnnouncementID int64
	SubmissionID   int64
	Data           string // what else the renderer needs, as JSON; may be empty
	NotBefore      time.Time
	// Due is the moment for which the news was meant; zero means now. What leaves more than five minutes after it is labelled late.
	Due time.Time
	// PushDay is the local date on which the notice counts against the reader's daily cap; empty: it does not count.
	PushDay string
}

// LetterState says what has become of a letter. Every letter ends in sent, failed, missed or cancelled.
type LetterState string

// The states of a letter.
const (
	Queued    LetterState = "queued"
	Sending   LetterState = "sending" // about to go out or out; after a crash its outcome is unknown
	Unknown   LetterState = "unknown" // may have arrived; a second and last copy goes out after a minute
	Sent      LetterState = "sent"
	Failed    LetterState = "failed"    // Reason says why
	Missed    LetterState = "missed"    // overtaken
	Cancelled LetterState = "cancelled" // no longer true when it was to be sent
)

// Letter is a notice in the outbox.
type Letter struct {
	Notice
	ID        int64
	State     LetterState
	Attempts  int // requests that may have reached Telegram
	Refusals  int // requests that certainly did not: refused, or never written
	Reason    string
	CreatedAt time.Time
	NextTry   time.Time
	DoneAt    time.Time
	MessageID int64 // of the message in the chat, once sent
}
