package bot

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"
)

// Verdict names what became of a request to Telegram. The strings are labels of metrics.
type Verdict string

// The verdicts.
const (
	Delivered   Verdict = "delivered"
	NotModified Verdict = "not_modified" // the message looks like that already: a success
	Throttled   Verdict = "throttled"    // 429: nothing has happened, After says how long to wait
	Refused     Verdict = "refused"      // it certainly did not arrive: try again
	Ambiguous   Verdict = "ambiguous"    // it may have arrived
	Repeatable  Verdict = "repeatable"   // an edit or a deletion may have arrived: once more does no harm
	Unreachable Verdict = "unreachable"  // the reader cannot be reached; Reason says why
	Migrated    Verdict = "migrated"     // the group has another id now
	EditGone    Verdict = "edit_gone"    // the message to edit is gone: send anew
	ReplyGone   Verdict = "reply_gone"   // the message to reply to is gone: send without
	EraseLate   Verdict = "erase_late"   // the message can no longer be deleted
	BadMarkup   Verdict = "bad_markup"   // our markup is wrong: send as plain text
	Stopped     Verdict = "stopped"      // the token is not good: nothing can be sent
	Rejected    Verdict = "rejected"     // permanent, and somebody has to look why
)

// Outcome is a verdict with what belongs to it.
type Outcome struct {
	Verdict Verdict
	Reason  string // a name such as "blocked", or Telegram's words where there is no name
	After   time.Duration
	ChatID  int64 // the new id of a group that migrated
}

// Classify says what became of a request that returned this error. Code decides first, then Telegram's words. What is not known is
// permanent: it is neither tried for ever nor dropped in silence.
//
// Source of the words: the open server tdlib/telegram-bot-api and the library tdlib/td behind it.
func Classify(err error, o Outgoing) Outcome {
	if err == nil {
		return Outcome{Verdict: Delivered}
	}
	if _, ok := errors.AsType[*partly](err); ok {
		return Outcome{Verdict: Ambiguous, Reason: err.Error()}
	}
	if refusal, ok := errors.AsType[*Refusal](err); ok {
		return ofRefusal(refusal, o)
	}
	if broken, ok := errors.AsType[*Broken](err); ok {
		return ofBroken(broken.Arrived, broken.Error(), o)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Outcome{Verdict: Refused, Reason: err.Error()}
	}
	return Outcome{Verdict: Rejected, Reason: err.Error()}
}

func ofBroken(arrived bool, why string, o Outgoing) Outcome {
	switch {
	case arrived && (o.Edit != 0 || o.Erase != 0 || o.Leave):
		return Outcome{Verdict: Repeatable, Reason: why}
	case arrived:
		return Outcome{Verdict: Ambiguous, Reason: why}
	}
	return Outcome{Verdict: Refused, Reason: why}
}

func ofRefusal(r *Refusal, o Outgoing) Outcome {
	switch {
	case r.Code == http.StatusTooManyRequests:
		return Outcome{Verdict: Throttled, Reason: "too_many_requests", After: max(r.RetryAfter, time.Second)}
	case r.Code >= 500:
		return ofBroken(true, r.Error(), o)
	case r.Code == http.StatusUnauthorized, r.Code == http.StatusMisdirectedRequest:
		return Outcome{Verdict: Stopped, Reason: r.Description}
	case r.Code == http.StatusNotFound && !strings.Contains(r.Description, "method not found"):
		return Outcome{Verdict: Stopped, Reason: r.Description}
	case r.Code == http.StatusConflict:
		return Outcome{Verdict: Refused, Reason: r.Description}
	case r.Code == http.StatusRequestEntityTooLarge:
		return Outcome{Verdict: Rejected, Reason: "too_large"}
	case r.MigrateTo != 0:
		return Outcome{Verdict: Migrated, ChatID: r.MigrateTo}
	}
	return byWords(r, o)
}

// phrase is a part of Telegram's words for one case.
type phrase struct {
	code    int
	words   string
	verdict Verdict
	reason  string
}

var phrases = []phrase{
	{403, "bot was blocked by the user", Unreachable, "blocked"},
	{403, "user is deactivated", Unreachable, "deactivated"},
	{403, "can't initiate conversation with a user", Unreachable, "never_started"},
	{403, "can't send messages to the bot", Rejected, "is_a_bot"},
	{403, "can't send messages to bots", Rejected, "is_a_bot"},
	{403, "bot was kicked from the", Unreachable, "kicked"},
	{403, "bot is not a member of the", Unreachable, "kicked"},
	{403, "the group chat was deleted", Unreachable, "chat_deleted"},
	{400, "chat not found", Unreachable, "chat_not_found"},
	{400, "user not found", Unreachable, "chat_not_found"},
	{400, "PEER_ID_INVALID", Unreachable, "chat_not_found"},
	{400, "TOPIC_CLOSED", Unreachable, "topic_closed"},
	{400, "TOPIC_DELETED", Unreachable, "topic_gone"},
	{400, "message thread not found", Unreachable, "topic_gone"},
	{400, "group chat was deactivated", Unreachable, "chat_deleted"},
	{400, "not enough rights", Unreachable, "no_rights"},
	{400, "have no rights to send", Unreachable, "no_rights"},
	{400, "have no write access", Unreachable, "no_rights"},
	{400, "need administrator rights", Unreachable, "no_rights"},
	{400, "CHAT_WRITE_FORBIDDEN", Unreachable, "no_rights"},
	{400, "message is not modified", NotModified, ""},
	{400, "message to edit not found", EditGone, "edit_gone"},
	{400, "message can't be edited", EditGone, "edit_gone"},
	{400, "there is no text in the message to edit", EditGone, "edit_gone"},
	{400, "there is no caption in the message to edit", EditGone, "edit_gone"},
	{400, "message to delete not found", NotModified, ""},
	{400, "message can't be deleted", EraseLate, "erase_late"},
	{400, "MESSAGE_ID_INVALID", EditGone, "edit_gone"},
	{400, "message to be replied not found", ReplyGone, "reply_gone"},
	{400, "can't parse", BadMarkup, "bad_markup"},
	{400, "message to copy not found", Rejected, "copy_gone"},
	{400, "message can't be copied", Rejected, "copy_gone"},
	{400, "no messages to copy", Rejected, "copy_gone"},
	{400, "message to forward not found", Rejected, "copy_gone"},
	{400, "is too long", Rejected, "too_long"},
	{400, "is empty", Rejected, "empty"},
	{400, "BUTTON_DATA_INVALID", Rejected, "bad_button"},
	{400, "wrong file", Rejected, "file_gone"},
	{400, "wrong remote file", Rejected, "file_gone"},
	{400, "file is too big", Rejected, "too_large"},
}

func byWords(r *Refusal, o Outgoing) Outcome {
	for _, p := range phrases {
		if r.Code != p.code || !strings.Contains(r.Description, p.words) {
			continue
		}
		if p.verdict == EditGone && o.Edit == 0 || p.verdict == ReplyGone && o.ReplyTo == 0 {
			break
		}
		return Outcome{Verdict: p.verdict, Reason: p.reason}
	}
	return Outcome{Verdict: Rejected, Reason: r.Error()}
}
