package bot

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"
)

func TestClassify(t *testing.T) {
	says := func(code int, words string) error {
		// The library wraps what the client returns, and others may wrap that.
		return fmt.Errorf("send: %w", fmt.Errorf("error do request for method sendMessage, %w", &Refusal{Method: "sendMessage", Code: code, Description: words}))
	}
	message, edit, reply := Outgoing{ChatID: 1}, Outgoing{ChatID: 1, Edit: 5}, Outgoing{ChatID: 1, ReplyTo: 5}
	for _, c := range []struct {
		name    string
		err     error
		out     Outgoing
		verdict Verdict
		reason  string
	}{
		{"accepted", nil, message, Delivered, ""},
		{"blocked", says(403, "Forbidden: bot was blocked by the user"), message, Unreachable, "blocked"},
		{"deactivated", says(403, "Forbidden: user is deactivated"), message, Unreachable, "deactivated"},
		{"never started", says(403, "Forbidden: bot can't initiate conversation with a user"), message, Unreachable, "never_started"},
		{"kicked", says(403, "Forbidden: bot was kicked from the supergroup chat"), message, Unreachable, "kicked"},
		{"left", says(403, "Forbidden: bot is not a member of the group chat"), message, Unreachable, "kicked"},
		{"group deleted", says(403, "Forbidden: the group chat was deleted"), message, Unreachable, "chat_deleted"},
		{"no such chat", says(400, "Bad Request: chat not found"), message, Unreachable, "chat_not_found"},
		{"no rights", says(400, "Bad Request: not enough rights to send text messages to the chat"), message, Unreachable, "no_rights"},
		{"may not write", says(400, "Bad Request: CHAT_WRITE_FORBIDDEN"), message, Unreachable, "no_rights"},
		{"another bot", says(403, "Forbidden: the bot can't send messages to the bot"), message, Rejected, "is_a_bot"},
		{"unknown 403", says(403, "Forbidden: something new"), message, Rejected, "sendMessage: 403 Forbidden: something new"},
		{"unknown 400", says(400, "Bad Request: something new"), message, Rejected, "sendMessage: 400 Bad Request: something new"},
		{"looks like that already", says(400, "Bad Request: message is not modified: specified new message content and reply markup are exactly the same"), edit, NotModified, ""},
		{"edit target gone", says(400, "Bad Request: message to edit not found"), edit, EditGone, "edit_gone"},
		{"edit target closed", says(400, "Bad Request: message can't be edited"), edit, EditGone, "edit_gone"},
		{"gone, but nothing was edited", says(400, "Bad Request: MESSAGE_ID_INVALID"), message, Rejected, "sendMessage: 400 Bad Request: MESSAGE_ID_INVALID"},
		{"reply target gone", says(400, "Bad Request: message to be replied not found"), reply, ReplyGone, "reply_gone"},
		{"markup", says(400, `Bad Request: can't parse entities: Unsupported start tag "x" at byte offset 3`), message, BadMarkup, "bad_markup"},
		{"too long", says(400, "Bad Request: message is too long"), message, Rejected, "too_long"},
		{"caption too long", says(400, "Bad Request: message caption is too long"), message, Rejected, "too_long"},
		{"original gone", says(400, "Bad Request: message to copy not found"), message, Rejected, "copy_gone"},
		{"button", says(400, "Bad Request: BUTTON_DATA_INVALID"), message, Rejected, "bad_button"},
		{"upload too large", says(413, "Request Entity Too Large"), message, Rejected, "too_large"},
		{"token revoked", says(401, "Unauthorized"), message, Stopped, "Unauthorized"},
		{"token malformed", says(404, "Not Found"), message, Stopped, "Not Found"},
		{"token of another server", says(421, "Misdirected Request: unallowed token specified"), message, Stopped, "Misdirected Request: unallowed token specified"},
		{"no such method", says(404, "Not Found: method not found"), message, Rejected, "sendMessage: 404 Not Found: method not found"},
		{"server error", says(500, "Internal Server Error: restart"), message, Ambiguous, "sendMessage: 500 Internal Server Error: restart"},
		{"server error at an edit", says(502, "Bad Gateway"), edit, Repeatable, "sendMessage: 502 Bad Gateway"},
		{"not written", &Broken{Method: "sendMessage", text: "connection refused"}, message, Refused, "sendMessage: connection refused"},
		{"written, then reset", &Broken{Method: "sendMessage", Arrived: true, text: "reset"}, message, Ambiguous, "sendMessage: reset"},
		{"an edit written, then reset", &Broken{Method: "editMessageText", Arrived: true, text: "reset"}, edit, Repeatable, "editMessageText: reset"},
		{"only the album arrived", &partly{says(403, "Forbidden: bot was blocked by the user"), []int64{5}}, message, Ambiguous, "only a part arrived: "},
		{"we stop", context.Canceled, message, Refused, "context canceled"},
		{"a bug of ours", errors.New("json: unsupported type"), message, Rejected, "json: unsupported type"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Classify(c.err, c.out)
			want(t, got.Verdict, c.verdict)
			if c.verdict != Ambiguous || c.reason != "only a part arrived: " {
				want(t, got.Reason, c.reason)
			}
		})
	}
}

func TestClassifyFindsTheWaitAndTheNewChatHoweverWrapped(t *testing.T) {
	flood := fmt.Errorf("outer: %w", &Refusal{Code: 429, RetryAfter: 37 * time.Second})
	want(t, Classify(flood, Outgoing{}), Outcome{Verdict: Throttled, Reason: "too_many_requests", After: 37 * time.Second})
	want(t, Classify(&Refusal{Code: 429}, Outgoing{}).After, time.Second)
	moved := fmt.Errorf("outer: %w", &Refusal{Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -1003})
	want(t, Classify(moved, Outgoing{}), Outcome{Verdict: Migrated, ChatID: -1003})
}

func TestOnlyTelegramsOwnWordsMakeSomebodyUnreachable(t *testing.T) {
	for status, verdict := range map[int]Verdict{403: Refused, 407: Refused, 404: Refused, 401: Refused, 302: Refused, 502: Ambiguous, 200: Ambiguous, 429: Throttled, 413: Rejected} {
		c := mustClient(t, ClientOptions{Token: secretToken, APIURL: "http://telegram.invalid", Doer: answering(status, "<html>Forbidden: bot was blocked by the user</html>")})
		_, err := c.Do(t.Context(), Outgoing{ChatID: 1, Text: "x"})
		if got := Classify(err, Outgoing{}); got.Verdict != verdict {
			t.Errorf("a page with status %d: got %v, want %v", status, got.Verdict, verdict)
		}
	}
}
