package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"time"
)

// Arrival is what a sending has left in the chat.
type Arrival struct {
	ChatID    int64 // another than asked for when a group has migrated
	MessageID int64 // the message that stands for the whole: the edited one, the text below an album, the only one
	All       []int64
}

// partly is the error of a sending of several requests of which the first has arrived and a later one has not.
type partly struct {
	err error
	all []int64
}

func (p *partly) Error() string { return "only a part arrived: " + p.err.Error() }

// request is one call that a sending needs.
type request struct {
	method   string
	params   map[string]any
	document *Document
	// spare is true when the rest is worth sending without it: a reviewer decides even when Telegram has forgotten a photo.
	spare bool
}

// Do sends one piece of news and returns the id of the message. See Send.
func (c *Client) Do(ctx context.Context, o Outgoing) (int64, error) {
	a, err := c.Send(ctx, o)
	return a.MessageID, err
}

// Send sends one piece of news. What is too long is cut at a line; a message to edit or to reply to that is gone, a group that has migrated
// markup that does not parse and a message that can no longer be deleted are each overcome by a second request, since the first had no effect. The error is for Classify.
func (c *Client) Send(ctx context.Context, o Outgoing) (Arrival, error) {
	const tries = 4
	plain, late := false, error(nil)
	for range tries {
		arrival, err := c.sendOnce(ctx, o, plain)
		outcome := Classify(err, o)
		switch {
		case outcome.Verdict == NotModified:
			return Arrival{ChatID: o.ChatID, MessageID: o.Edit, All: []int64{o.Edit}}, nil
		case outcome.Verdict == EditGone && o.onlyButtons():
			return Arrival{ChatID: o.ChatID, MessageID: o.Edit, All: []int64{o.Edit}}, nil
		case outcome.Verdict == EraseLate && o.Words != nil:
			o.Edit, o.Erase, o.EditOnly, late = o.Erase, 0, true, err
		case late != nil && (outcome.Verdict == EditGone || outcome.Verdict == Rejected):
			return Arrival{}, late
		case outcome.Verdict == EditGone && o.EditOnly:
			return arrival, err
		case outcome.Verdict == EditGone:
			o.Edit = 0
		case outcome.Verdict == ReplyGone:
			o.ReplyTo = 0
		case outcome.Verdict == Migrated && (o.EditOnly || o.Erase != 0):
			return Arrival{}, stayedBehind(o)
		case outcome.Verdict == Migrated:
			o.Edit, o.ReplyTo = 0, 0
			c.log.Warn("a group has another id now", "from", o.ChatID, "to", outcome.ChatID)
			o.ChatID = outcome.ChatID
		case outcome.Verdict == BadMarkup && !plain:
			c.log.Error("bug: markup that does not parse was sent as plain text", "subject", o.Subject, "error", err)
			plain = true
		default:
			return arrival, err
		}
	}
	return Arrival{}, &Refusal{Method: "send", Code: 400, Description: "no way of sending worked"}
}

// stayedBehind is why a message cannot be changed that was sent before its group became another chat: by its number there is another one now.
func stayedBehind(o Outgoing) error {
	if o.Erase != 0 {
		return &Refusal{Method: "deleteMessage", Code: 400, Description: "message can't be deleted"}
	}
	return &Refusal{Method: "editMessageText", Code: 400, Description: "message to edit not found"}
}

// partPause is how long a later part of a sending waits for its turn at most.
const partPause = 30 * time.Second

// sendOnce makes the requests of one sending, one after the other. After the first has arrived, a 429 is waited for here: giving up would
// send the first part again.
func (c *Client) sendOnce(ctx context.Context, o Outgoing, plain bool) (Arrival, error) {
	arrival := Arrival{ChatID: o.ChatID}
	for _, r := range requestsFor(o, plain) {
		ids, err := c.perform(ctx, r)
		if outcome := Classify(err, o); outcome.Verdict == Throttled && len(arrival.All) > 0 && outcome.After <= partPause {
			if pause(ctx, outcome.After) {
				ids, err = c.perform(ctx, r)
			}
		}
		if r.spare && Classify(err, o).Verdict == Rejected {
			c.log.Warn("files were left out of a message", "error", err)
			continue
		}
		if err != nil && len(arrival.All) > 0 {
			return arrival, &partly{err, arrival.All}
		}
		if err != nil {
			return arrival, err
		}
		arrival.All = append(arrival.All, ids...)
		arrival.MessageID = standsFor(o, ids, arrival.MessageID)
	}
	return arrival, nil
}

// standsFor picks the message that stands for the whole: the last request's first.
func standsFor(o Outgoing, ids []int64, before int64) int64 {
	switch {
	case o.Edit != 0:
		return o.Edit
	case len(ids) > 0:
		return ids[0]
	}
	return before
}

// pause waits and reports false when the context ended first.
func pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// perform makes one request and returns the ids of the messages that it made.
func (c *Client) perform(ctx context.Context, r request) ([]int64, error) {
	raw, err := c.post(ctx, r)
	if err != nil {
		return nil, err
	}
	return messageIDs(raw), nil
}

func (c *Client) post(ctx context.Context, r request) ([]byte, error) {
	if r.document != nil {
		return c.uploads.post(ctx, c, r)
	}
	body, err := json.Marshal(r.params)
	if err != nil {
		return nil, fmt.Errorf("%s: encode: %w", r.method, err)
	}
	return c.wire.post(ctx, sendPatience, r.method, "application/json", body)
}

// upload sends a request with the bytes of its document.
func (c *Client) upload(ctx context.Context, r request) ([]byte, error) {
	contentType, body, err := formOf(r)
	if err != nil {
		return nil, fmt.Errorf("%s: encode: %w", r.method, err)
	}
	return c.wire.post(ctx, filePatience, r.method, contentType, body)
}

// messageIDs reads the ids out of a success: of a message, of several, or none. A success stays one whatever else is in it.
func messageIDs(raw []byte) []int64 {
	type message struct {
		ID int64 `json:"message_id"`
	}
	var one struct{ Result message }
	if json.Unmarshal(raw, &one) == nil && one.Result.ID != 0 {
		return []int64{one.Result.ID}
	}
	var several struct{ Result []message }
	if json.Unmarshal(raw, &several) != nil {
		return nil
	}
	var ids []int64
	for _, m := range several.Result {
		ids = append(ids, m.ID)
	}
	return ids
}

// formOf writes a request with a file as a form.
func formOf(r request) (contentType string, body []byte, err error) {
	var b bytes.Buffer
	form := multipart.NewWriter(&b)
	for name, value := range r.params {
		text, ok := value.(string)
		if !ok {
			raw, err := json.Marshal(value)
			if err != nil {
				return "", nil, err
			}
			text = string(raw)
		}
		if err := form.WriteField(name, text); err != nil {
			return "", nil, err
		}
	}
	file, err := form.CreateFormFile(r.document.kind(), r.document.Name)
	if err != nil {
		return "", nil, err
	}
	if _, err := file.Write(r.document.Data); err != nil {
		return "", nil, err
	}
	err = form.Close() // writes the last line of the body
	return form.FormDataContentType(), b.Bytes(), err
}
