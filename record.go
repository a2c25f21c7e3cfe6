package duban

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Event names what a record entry (跟踪记载) is about.
type Event string

// The events of the record. Package text has a word for each under "event.<name>".
const (
	EventIssued            Event = "issued"             // 交办
	EventAccepted          Event = "accepted"           // 签收
	EventProgress          Event = "progress"           // 进展
	EventSubmitted         Event = "submitted"          // 上报
	EventEvidence          Event = "evidence"           // 佐证
	EventWithdrawn         Event = "withdrawn"          // 撤回
	EventReturned          Event = "returned"           // 退回
	EventClosed            Event = "closed"             // 办结
	EventReminded          Event = "reminded"           // 提醒
	EventEscalated         Event = "escalated"          // 升级
	EventUrged             Event = "urged"              // 催办
	EventMissed            Event = "missed"             // 未提醒
	EventDeadlineChanged   Event = "deadline_changed"   // 延期
	EventReassigned        Event = "reassigned"         // 转派
	EventChanged           Event = "changed"            // 变更
	EventDelivered         Event = "delivered"          // 送达
	EventDeliveryFailed    Event = "delivery_failed"    // 未送达
	EventAnnounced         Event = "announced"          // 公告
	EventRead              Event = "read"               // 已阅
	EventInvited           Event = "invited"            // 邀请
	EventJoined            Event = "joined"             // 加入
	EventDenied            Event = "denied"             // 拒绝
	EventRevoked           Event = "revoked"            // 解绑
	EventUnreachable       Event = "unreachable"        // 失联
	EventReachable         Event = "reachable"          // 恢复
	EventImported          Event = "imported"           // 导入
	EventImportUndone      Event = "import_undone"      // 撤销导入
	EventExported          Event = "exported"           // 导出
	EventRosterChanged     Event = "roster_changed"     // 名册
	EventFeedback          Event = "feedback"           // 意见
	EventAsked             Event = "asked"              // 提问
	EventAnswered          Event = "answered"           // 答复
	EventQuarantined       Event = "quarantined"        // 隔离
	EventOutage            Event = "outage"             // 离线
	EventCalendarYear      Event = "calendar_year"      // 放假安排
	EventCalendarDay       Event = "calendar_day"       // 日期更正
	EventVacation          Event = "vacation"           // 学校假期
	EventDrafted           Event = "drafted"            // 立项
	EventApprovalAsked     Event = "approval_asked"     // 送审
	EventApproved          Event = "approved"           // 批准
	EventApprovalRefused   Event = "approval_refused"   // 退回修改
	EventDeclined          Event = "declined"           // 退办
	EventDeclineAsked      Event = "decline_asked"      // 申请退办
	EventStood             Event = "stood"              // 维持
	EventTransferred       Event = "transferred"        // 转办
	EventSuspended         Event = "suspended"          // 中止
	EventResumed           Event = "resumed"            // 恢复
	EventCancelled         Event = "cancelled"          // 撤销
	EventReopened          Event = "reopened"           // 回头看
	EventArchived          Event = "archived"           // 归档
	EventExtensionAsked    Event = "extension_asked"    // 申请延期
	EventAgreed            Event = "agreed"             // 同意上报
	EventExtensionGranted  Event = "extension_granted"  // 同意延期
	EventExtensionRefused  Event = "extension_refused"  // 不同意延期
	EventObjected          Event = "objected"           // 异议
	EventObjectionAnswered Event = "objection_answered" // 异议答复
	EventRetracted         Event = "retracted"          // 撤回申请
	EventNoticeDrafted     Event = "notice_drafted"     // 拟稿
	EventNoticeIssued      Event = "notice_issued"      // 签发
	EventNoticeDropped     Event = "notice_dropped"     // 不发
	EventNoticeAnswered    Event = "notice_answered"    // 回应
	EventRemarked          Event = "remarked"           // 批示
	EventAbsent            Event = "absent"             // 请假
	EventAbsenceEnded      Event = "absence_ended"      // 销假
	EventPromised          Event = "promised"           // 承诺
	EventMilestone         Event = "milestone"          // 节点
	EventReviewedEvidence  Event = "reviewed_evidence"  // 查看佐证
	EventPlanned           Event = "planned"            // 列入计划
	EventHandedOver        Event = "handed_over"        // 交接
	EventPaused            Event = "paused"             // 暂停发送
	EventContinued         Event = "continued"          // 继续发送
	EventStopped           Event = "stopped"            // 停止发送
	EventRetried           Event = "retried"            // 重新发送
	EventCorrected         Event = "corrected"          // 更正
	EventRecalled          Event = "recalled"           // 收回
	EventGroupBound        Event = "group_bound"        // 绑定工作群
	EventGroupUnbound      Event = "group_unbound"      // 解除绑定工作群
	EventGroupLost         Event = "group_lost"         // 工作群失联
	EventGroupFound        Event = "group_found"        // 工作群恢复
	EventGroupLeft         Event = "group_left"         // 退出未绑定的群
	EventGroupChanged      Event = "group_changed"      // 工作群变更
	EventReported          Event = "reported"           // 报表
	EventReportIssued      Event = "report_issued"      // 签发报表
	EventReportDropped     Event = "report_dropped"     // 报表不发
	EventReportEdited      Event = "report_edited"      // 修改报表拟稿
	EventAssessOpened      Event = "assess_opened"      // 考评启动
	EventAssessed          Event = "assessed"           // 考评测算
	EventScored            Event = "scored"             // 考评核定: a line accepted or changed, a part entered
	EventScoreObjected     Event = "score_objected"     // 考评异议
	EventScoreAnswered     Event = "score_answered"     // 考评答复
	EventAssessClosed      Event = "assess_closed"      // 自查截止
	EventAssessReturned    Event = "assess_returned"    // 考评退回
	EventAssessDecided     Event = "assess_decided"     // 考评审定
	EventErased            Event = "erased"             // 删除个人信息
	EventEraseAsked        Event = "erase_asked"        // 申请删除个人信息
	EventEraseRefused      Event = "erase_refused"      // 不同意删除
	EventBackedUp          Event = "backed_up"          // 备份
	EventRestored          Event = "restored"           // 恢复备份
	EventConfigured        Event = "configured"         // 配置变更
)

// Events lists every event.
var Events = []Event{EventIssued, EventAccepted, EventProgress, EventSubmitted, EventEvidence, EventWithdrawn, EventReturned, EventClosed,
	EventReminded, EventEscalated, EventUrged, EventMissed, EventDeadlineChanged, EventReassigned, EventChanged, EventDelivered,
	EventDeliveryFailed, EventAnnounced, EventRead, EventInvited, EventJoined, EventDenied, EventRevoked, EventUnreachable, EventReachable,
	EventImported, EventImportUndone, EventExported, EventRosterChanged, EventFeedback, EventAsked, EventAnswered, EventQuarantined, EventOutage, EventCalendarYear,
	EventCalendarDay, EventVacation, EventDrafted, EventApprovalAsked, EventApproved, EventApprovalRefused, EventDeclined, EventDeclineAsked, EventStood, EventTransferred, EventSuspended, EventResumed, EventCancelled, EventReopened, EventArchived, EventExtensionAsked, EventAgreed, EventExtensionGranted, EventExtensionRefused, EventObjected, EventObjectionAnswered, EventRetracted, EventNoticeDrafted, EventNoticeIssued, EventNoticeDropped, EventNoticeAnswered, EventRemarked, EventAbsent, EventAbsenceEnded, EventPromised, EventMilestone, EventReviewedEvidence, EventPlanned, EventHandedOver, EventPaused, EventContinued, EventStopped, EventRetried, EventCorrected, EventRecalled,
	EventGroupBound, EventGroupUnbound, EventGroupLost, EventGroupFound, EventGroupLeft, EventGroupChanged,
	EventReported, EventReportIssued, EventReportDropped, EventReportEdited,
	EventAssessOpened, EventAssessed, EventScored, EventScoreObjected, EventScoreAnswered, EventAssessClosed, EventAssessReturned, EventAssessDecided,
	EventErased, EventEraseAsked, EventEraseRefused, EventBackedUp, EventRestored, EventConfigured}

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

// CheckCode (校验码) is what people are told of an entry's hash, short enough to be read out: eight hexadecimal digits, as in 9F3A-07C2. It is empty for an
// empty record.
func CheckCode(hash []byte) string {
	if len(hash) < 4 {
		return ""
	}
	return fmt.Sprintf("%X-%X", hash[:2], hash[2:4])
}

// Head is a place of the record as somebody outside has kept it: the number of an entry and its check code.
type Head struct {
	Seq   int64
	Check string
}

// String writes a head as people are told it, such as 12345:9F3A-07C2.
func (h Head) String() string { return fmt.Sprintf("%d:%s", h.Seq, h.Check) }

// ReadHead reads what String writes, in capitals or not. It reports whether it is one.
func ReadHead(said string) (Head, bool) {
	number, check, ok := strings.Cut(strings.ToUpper(strings.TrimSpace(said)), ":")
	seq, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || seq < 1 || !checkCode.MatchString(check) {
		return Head{}, false
	}
	return Head{Seq: seq, Check: check}, true
}

var checkCode = regexp.MustCompile(`^[0-9A-F]{4}-[0-9A-F]{4}$`)
