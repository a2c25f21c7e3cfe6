package bot

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"duban/store"
)

// maxUpdate is the largest body that the webhook reads; an update of Telegram has at most half of it.
const maxUpdate = 1 << 20

// secretHeader carries the secret that SetWebhook agreed on.
const secretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Webhook takes updates that Telegram posts. It answers 200 when the update is on disk; when the disk does not take it, 503, so that
// Telegram posts it again. Without a secret it refuses everything.
type Webhook struct {
	Secret  string
	Store   *store.Store
	Stats   *Stats
	Log     *slog.Logger
	Arrived func() // called after an update was stored
}

// ServeHTTP takes one update. The answer is empty, since Telegram would carry out a method named in it.
func (h *Webhook) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.genuine(r) {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		w.WriteHeader(http.StatusUnsupportedMediaType)
		return
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxUpdate))
	if err != nil {
		w.WriteHeader(bodyTrouble(err))
		return
	}
	update, ok := received(raw)
	if !ok {
		h.Log.Warn("the webhook got something that is no update", "bytes", len(raw))
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if err := h.keep(r, update); err != nil {
		h.Log.Error("store an update", "error", err)
		w.Header().Set("Retry-After", "5")
		w.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// genuine compares the secrets by their sums, so that the time it takes tells nothing.
func (h *Webhook) genuine(r *http.Request) bool {
	want, got := sha256.Sum256([]byte(h.Secret)), sha256.Sum256([]byte(r.Header.Get(secretHeader)))
	return subtle.ConstantTimeCompare(want[:], got[:]) == 1 && h.Secret != ""
}

func bodyTrouble(err error) int {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return http.StatusRequestEntityTooLarge
	}
	return http.StatusBadRequest
}

func (h *Webhook) keep(r *http.Request, u store.Update) error {
	var isNew bool
	var at time.Time
	err := h.Store.Write(r.Context(), func(tx *store.Tx) (err error) {
		if isNew, err = tx.Receive(u); err != nil {
			return err
		}
		at = tx.Now
		return tx.SetMetaTime(MetaLastPoll, tx.Now)
	})
	if err != nil {
		return err
	}
	h.Stats.count(func(f *Figures) {
		f.LastPoll = at
		if isNew {
			f.Received++
		} else {
			f.Repeated++
		}
	})
	if h.Arrived != nil {
		h.Arrived()
	}
	return nil
}
