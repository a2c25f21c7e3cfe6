package duban

import "time"

// Event names what a record entry (跟踪记载) is about.
type Event string

// The events of the record. Package text has a word for each under "event.<name>".
const (
	EventIssued          Event = "issued"           // 交办
	EventAccepted        Event = "accepted"         // 签收
	EventProgress        Event = "progress"         // 进展
	EventSubmitted       Event = "submitted"        // 上报
	EventEvidence        Event = "evidence"         // 佐证
	EventWithdrawn       Event = "withdrawn"        // 撤回
	EventReturned        Event = "returned"         // 退回
	EventClosed          Event = "closed"           // 办结
	EventReminded        Event = "reminded"         // 提醒
	EventEscalated       Event = "escalated"        // 升级
	EventUrged           Event = "urged"            // 催办
	EventMissed          Event = "missed"           // 未提醒
	EventDeadlineChanged Event = "deadline_changed" // 延期
	EventReassigned      Event = "reassigned"       // 转派
	EventChanged         Event = "changed"          // 变更
	EventDelivered       Event = "delivered"        // 送达
	EventDeliveryFailed  Event = "delivery_failed"  // 未送达
	EventAnnounced       Event = "announced"        // 公告
	EventRead            Event = "read"             // 已阅
	EventInvited         Event = "invited"          // 邀请
	EventJoined          Event = "joined"           // 加入
	EventDenied          Event = "denied"           // 拒绝
	EventRevoked         Event = "revoked"          // 解绑
	EventUnreachable     Event = "unreachable"      // 失联
	EventReachable       Event = "reachable"        // 恢复
	EventImported        Event = "imported"         // 导入
	EventRosterChanged   Event = "roster_changed"   // 名册
	EventFeedback        Event = "feedback"         // 意见
	EventAsked           Event = "asked"            // 提问
	EventAnswered        Event = "answered"         // 答复
	EventQuarantined     Event = "quarantined"      // 隔离
	EventOutage          Event = "outage"           // 离线
	EventCalendarYear    Event = "calendar_year"    // 放假安排
	EventCalendarDay     Event = "calendar_day"     // 日期更正
	EventVacation        Event = "vacation"         // 学校假期
)

// Events lists every event.
var Events = []Event{EventIssued, EventAccepted, EventProgress, EventSubmitted, EventEvidence, EventWithdrawn, EventReturned, EventClosed,
	EventReminded, EventEscalated, EventUrged, EventMissed, EventDeadlineChanged, EventReassigned, EventChanged, EventDelivered,
	EventDeliveryFailed, EventAnnounced, EventRead, EventInvited, EventJoined, EventDenied, EventRevoked, EventUnreachable, EventReachable,
	EventImported, EventRosterChanged, EventFeedback, EventAsked, EventAnswered, EventQuarantined, EventOutage, EventCalendarYear,
	EventCalendarDay, EventVacation}

// Entry is one line of the record. Entries are only ever appended; each carries the HMAC of the one before.
//
// Facts are short identifiers and numbers that nobody would ask to have erased. Note is free text or personal data; it enters the chain as
// a salted digest, so that it can be erased without breaking the chain.
type Entry struct {
	Seq            int64
	At             time.Time
	Event          Event
	Actor          int64 // person, 0 for the program or the console
	Via            Via
	UnitID         int64
	PersonID       int64
	TaskID         int64
	AssignmentID   int64
	AnnouncementID int64
	Facts          Facts
	Note           string
	Prev, Hash     []byte
}

// Facts are the details of an entry, by name.
type Facts map[string]any
