package bot

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"strings"
	"sync"
)

const (
	uploadsKnown = 256
	uploadFrom   = 64 << 10 // smaller files are quicker uploaded than remembered
)

// uploads knows the larger files that Telegram has got from this process. Telegram spaces uploads of one size and refuses when many of them wait, so
// larger ones go one at a time, and a file for many is uploaded once and named afterwards.
type uploads struct {
	one   sync.Mutex // held while a larger file is uploaded
	mu    sync.Mutex
	ids   map[[sha256.Size]byte]string
	order [][sha256.Size]byte // the oldest first
}

// post sends a document, by its file_id where Telegram has it. Pictures are small.
func (u *uploads) post(ctx context.Context, c *Client, r request) ([]byte, error) {
	if r.document.Photo || len(r.document.Data) < uploadFrom {
		return c.upload(ctx, r)
	}
	sum := sha256.Sum256(append([]byte(r.document.Name+"\x00"), r.document.Data...))
	if raw, known, err := u.name(ctx, c, r, sum); known {
		return raw, err
	}
	u.one.Lock()
	defer u.one.Unlock()
	if raw, known, err := u.name(ctx, c, r, sum); known {
		return raw, err
	}
	raw, err := c.upload(ctx, r)
	if id := uploadedID(raw); err == nil && id != "" {
		u.learn(sum, id)
	}
	return raw, err
}

// name sends a document by its file_id. It reports false when that is not known, or no longer.
func (u *uploads) name(ctx context.Context, c *Client, r request, sum [sha256.Size]byte) (raw []byte, known bool, err error) {
	u.mu.Lock()
	id := u.ids[sum]
	u.mu.Unlock()
	if id == "" {
		return nil, false, nil
	}
	r.document, r.params["document"] = nil, id
	raw, err = c.post(ctx, r)
	delete(r.params, "document")
	if refusal, ok := errors.AsType[*Refusal](err); ok && strings.Contains(refusal.Description, "wrong") {
		u.mu.Lock()
		delete(u.ids, sum)
		u.mu.Unlock()
		return nil, false, nil
	}
	return raw, true, err
}

// learn keeps the file_id of a file, and forgets the oldest when there are many.
func (u *uploads) learn(sum [sha256.Size]byte, id string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.ids == nil {
		u.ids = map[[sha256.Size]byte]string{}
	}
	u.ids[sum] = id
	if u.order = append(u.order, sum); len(u.order) > uploadsKnown {
		delete(u.ids, u.order[0])
		u.order = u.order[1:]
	}
}

// uploadedID reads the file_id of a document out of a success; empty when there is none.
func uploadedID(raw []byte) string {
	var answer struct {
		Result struct {
			Document struct {
				ID string `json:"file_id"`
			} `json:"document"`
		} `json:"result"`
	}
	if json.Unmarshal(raw, &answer) != nil {
		return ""
	}
	return answer.Result.Document.ID
}
