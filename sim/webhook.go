package sim

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

// How long the wait after a failed delivery may get.
const (
	firstRetry = time.Second
	lastRetry  = 60 * time.Second
	// longestRetryAfter is what a longer Retry-After of the bot is cut to.
	longestRetryAfter = time.Hour
)

// webhook is where updates are posted to. Each lane is delivered in order, different lanes at the same time.
type webhook struct {
	url       string
	secret    string
	most      int
	setAt     time.Time
	busy      map[string]bool
	active    int
	stop      chan struct{}
	lastError string
	lastAt    time.Time
}

var secretChars = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func (t *Telegram) setWebhook(c *call) (any, *apiError) {
	address, secret := c.text("url"), c.text("secret_token")
	if address == "" {
		return t.deleteWebhook(c)
	}
	if err := checkWebhookURL(address); err != nil {
		return nil, err
	}
	if secret != "" && !secretChars.MatchString(secret) {
		return nil, broken("secret token contains unallowed characters")
	}
	if time.Since(t.hook.setAt) < time.Second {
		return nil, tooMany(1)
	}
	t.allow(c)
	t.dropHook()
	t.dismissPoller("terminated by setWebhook request")
	if c.flag("drop_pending_updates") {
		t.queue.keep(func(*update) bool { return false })
	}
	most := 40
	if c.has("max_connections") {
		most = int(c.int("max_connections"))
	}
	t.hook = webhook{url: address, secret: secret, most: most, setAt: time.Now(), busy: map[string]bool{}, stop: make(chan struct{})}
	t.deliverWebhook()
	return true, nil
}

// checkWebhookURL wants https on one of Telegram's ports. Plain http is let through on loopback, as a local Bot API server does.
func checkWebhookURL(address string) *apiError {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return broken("bad webhook: invalid URL specified")
	}
	if ip := net.ParseIP(u.Hostname()); u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()) {
		return nil
	}
	if u.Scheme != "https" {
		return broken("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if !slices.Contains([]string{"", "80", "88", "443", "8443"}, u.Port()) {
		return broken("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
	}
	return nil
}

func (t *Telegram) deleteWebhook(c *call) (any, *apiError) {
	t.dropHook()
	if c.flag("drop_pending_updates") {
		t.queue.keep(func(*update) bool { return false })
	}
	return true, nil
}

func (t *Telegram) dropHook() {
	if t.hook.stop != nil {
		close(t.hook.stop)
	}
	t.hook = webhook{}
}

// webhookInfo is a WebhookInfo.
type webhookInfo struct {
	URL            string   `json:"url"`
	Certificate    bool     `json:"has_custom_certificate"`
	Pending        int      `json:"pending_update_count"`
	LastErrorDate  int64    `json:"last_error_date,omitempty"`
	LastError      string   `json:"last_error_message,omitempty"`
	MaxConnections int      `json:"max_connections,omitempty"`
	Allowed        []string `json:"allowed_updates,omitempty"`
}

func (t *Telegram) getWebhookInfo(*call) (any, *apiError) {
	t.queue.expire(time.Now())
	info := webhookInfo{URL: t.hook.url, Pending: len(t.queue.pending), MaxConnections: t.hook.most, Allowed: t.queue.allowed}
	if t.hook.lastError != "" {
		info.LastError, info.LastErrorDate = t.hook.lastError, t.hook.lastAt.Unix()
	}
	return info, nil
}

// deliverWebhook begins to deliver every lane that has something and is not being delivered. The lock is held.
func (t *Telegram) deliverWebhook() {
	if t.hook.url == "" || t.isClosed() {
		return
	}
	for _, u := range t.queue.pending {
		if t.hook.active >= t.hook.most {
			return
		}
		if t.hook.busy[u.lane] {
			continue
		}
		t.hook.busy[u.lane] = true
		t.hook.active++
		t.delivering.Add(1)
		go t.deliverLane(u.lane, t.hook.stop)
	}
}

// deliverLane posts the updates of one lane in order until there are none.
func (t *Telegram) deliverLane(lane string, stop chan struct{}) {
	defer t.delivering.Done()
	wait := firstRetry
	for {
		u, address, secret := t.nextOf(lane, stop)
		if u == nil {
			return
		}
		after, err := t.postUpdate(u, address, secret, stop)
		if err == nil {
			t.delivered(u, stop)
			wait = firstRetry
			continue
		}
		t.failedDelivery(err, stop)
		if after == 0 {
			after = wait
			wait = min(2*wait, lastRetry)
		}
		if !sleepUntil(stop, t.closed, after) {
			t.endLane(lane, stop)
			return
		}
	}
}

// nextOf is the oldest update of a lane, nil when there is none and the lane ends.
func (t *Telegram) nextOf(lane string, stop chan struct{}) (u *update, address, secret string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hook.stop != stop {
		return nil, "", ""
	}
	t.queue.expire(time.Now())
	for _, u := range t.queue.pending {
		if u.lane == lane {
			return u, t.hook.url, t.hook.secret
		}
	}
	t.leaveLane(lane)
	return nil, "", ""
}

func (t *Telegram) leaveLane(lane string) {
	delete(t.hook.busy, lane)
	t.hook.active--
	t.deliverWebhook()
}

func (t *Telegram) endLane(lane string, stop chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hook.stop == stop {
		delete(t.hook.busy, lane)
		t.hook.active--
	}
}

func (t *Telegram) delivered(u *update, stop chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hook.stop == stop {
		t.queue.keep(func(other *update) bool { return other != u })
	}
}

func (t *Telegram) failedDelivery(err error, stop chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.hook.stop == stop {
		t.hook.lastError, t.hook.lastAt = err.Error(), time.Now()
	}
}

// postUpdate posts one update. after is how long the bot asked to wait, 0 when it did not.
func (t *Telegram) postUpdate(u *update, address, secret string, stop chan struct{}) (after time.Duration, err error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go func() {
		select {
		case <-stop:
		case <-t.closed:
		case <-ctx.Done():
		}
		cancel()
	}()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(u.encode()))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	answer, err := t.options.WebhookClient.Do(r)
	if err != nil {
		return 0, wording("Connection failed")
	}
	defer func() { _ = answer.Body.Close() }()
	body, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<20))
	if answer.StatusCode/100 == 2 {
		return 0, t.answeredInBody(body)
	}
	seconds, _ := strconv.Atoi(answer.Header.Get("Retry-After"))
	return min(time.Duration(seconds)*time.Second, longestRetryAfter), wording("Wrong response from the webhook: %s", answer.Status)
}

// answeredInBody notes a call in the answer to a webhook, which Telegram would execute: the bot is not meant to make any.
func (t *Telegram) answeredInBody(body []byte) error {
	if bytes.Contains(body, []byte(`"method"`)) {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.log.violations = append(t.log.violations, "the answer to a webhook contained a call: "+short(string(body)))
	}
	return nil
}

func sleepUntil(stop, closed <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-stop:
	case <-closed:
	}
	return false
}
