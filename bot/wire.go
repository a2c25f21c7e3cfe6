package bot

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"
)

// Doer sends one HTTP request, as an http.Client does.
type Doer interface {
	Do(*http.Request) (*http.Response, error)
}

// How long one call may take: a poll longer than it asked to be held, of which Telegram makes three seconds when it was asked the same just
// before. Telegram may hold a send for 8 seconds by itself.
const (
	pollPatience = 8 * time.Second
	sendPatience = 15 * time.Second
	filePatience = 120 * time.Second
)

// maxAnswer is more than Telegram ever answers: it cuts a batch of updates at 4 MiB.
const maxAnswer = 16 << 20

// placeholder stands for the token everywhere but in the addresses that wire itself builds.
const placeholder = "0:placeholder"

// wire is the one place that knows the token. It puts it into the address of a request, and takes it out of everything that comes back.
type wire struct {
	token string
	base  string
	doer  Doer
}

var tokenForm = regexp.MustCompile(`^\d+:[A-Za-z0-9_-]+$`)

func newWire(o ClientOptions) (*wire, error) {
	token := strings.TrimSpace(o.Token)
	if !tokenForm.MatchString(token) {
		return nil, errors.New("telegram.token: this is not a token of @BotFather, such as 123456789:AAE…")
	}
	base, err := url.Parse(strings.TrimRight(strings.TrimSpace(o.APIURL), "/"))
	if err != nil || base.Host == "" || base.Scheme != "https" && base.Scheme != "http" {
		return nil, errors.New("telegram.api_url: write it as https://HOST or http://HOST")
	}
	w := &wire{token: token, base: base.String(), doer: o.Doer}
	if w.doer != nil {
		return w, nil
	}
	w.doer, err = newDoer(strings.TrimSpace(o.Proxy))
	return w, err
}

// newDoer makes an HTTP client for Telegram. It keeps to HTTP/1.1, so that one stalled connection stalls one call; it closes idle
// connections before the server does, so that few calls meet one that is closing; and it follows no redirect, since that would carry the
// token to somewhere else.
func newDoer(proxy string) (*http.Client, error) {
	find := http.ProxyFromEnvironment
	if proxy != "" {
		address, err := url.Parse(proxy)
		if err != nil || address.Host == "" || address.Scheme != "http" && address.Scheme != "https" && address.Scheme != "socks5" {
			return nil, errors.New("telegram.proxy: write it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT")
		}
		find = http.ProxyURL(address)
	}
	only := new(http.Protocols)
	only.SetHTTP1(true)
	return &http.Client{
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:               find,
			DialContext:         (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout: 10 * time.Second,
			IdleConnTimeout:     20 * time.Second,
			MaxIdleConns:        64,
			MaxIdleConnsPerHost: 32,
			Protocols:           only,
		},
	}, nil
}

// Refusal is an answer of Telegram that says no. Nothing has happened.
type Refusal struct {
	Method      string
	Code        int
	Description string // in Telegram's words, without the token
	RetryAfter  time.Duration
	MigrateTo   int64
}

// Error names the method, the code and Telegram's words.
func (r *Refusal) Error() string { return fmt.Sprintf("%s: %d %s", r.Method, r.Code, r.Description) }

// Broken is a call that Telegram did not answer, or not in a way that can be understood.
type Broken struct {
	Method string
	// Arrived is true when the request was written, so that it may have had its effect.
	Arrived bool
	Status  int // of HTTP, 0 when there was no answer at all
	text    string
	causes  []error
}

// Error tells what went wrong, without the token.
func (b *Broken) Error() string { return b.Method + ": " + b.text }

// Unwrap returns the well-known errors behind it. The others are not handed on, since their text may hold the address and so the token.
func (b *Broken) Unwrap() []error { return b.causes }

// knownCauses are the errors that Broken lets through.
var knownCauses = []error{context.Canceled, context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF, syscall.ECONNREFUSED, syscall.ECONNRESET}

// envelope is how Telegram wraps every answer.
type envelope struct {
	OK          *bool           `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call asks for a method by JSON and decodes the result into dest, unless that is nil. It serves what go-telegram/bot has no method or no
// field for, and the sending of messages: that library decodes the whole message that comes back, so that one kind it does not know would
// turn a success into an error, and the error into a second copy.
func (w *wire) call(ctx context.Context, patience time.Duration, method string, params, dest any) error {
	body, err := json.Marshal(params)
	if err != nil {
		return fmt.Errorf("%s: encode: %w", method, err)
	}
	raw, err := w.post(ctx, patience, method, "application/json", body)
	if err != nil {
		return err
	}
	return w.decode(method, raw, dest)
}

func (w *wire) decode(method string, raw []byte, dest any) error {
	if dest == nil {
		return nil
	}
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil {
		return w.unreadable(method, http.StatusOK, true)
	}
	if err := json.Unmarshal(e.Result, dest); err != nil {
		return &Broken{Method: method, Arrived: true, Status: http.StatusOK, text: "the result has another form than expected"}
	}
	return nil
}

// Do serves go-telegram/bot, which believes that its token is the placeholder.
func (w *wire) Do(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, fmt.Errorf("build the request: %w", err)
	}
	raw, err := w.post(r.Context(), sendPatience, path.Base(r.URL.Path), r.Header.Get("Content-Type"), body)
	if err != nil {
		return nil, err
	}
	return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(raw)), Request: r}, nil
}

// post sends one request and returns the envelope of a success. Every other outcome is a *Refusal or a *Broken.
func (w *wire) post(ctx context.Context, patience time.Duration, method, contentType string, body []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var seen progress
	r, err := http.NewRequestWithContext(seen.trace(ctx), http.MethodPost, w.base+"/bot"+w.token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return nil, w.broken(method, false, err)
	}
	r.Header.Set("Content-Type", contentType)
	answer, err := w.doer.Do(r)
	if err != nil {
		return nil, w.broken(method, seen.mayHaveArrived(), err)
	}
	defer answer.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(answer.Body, maxAnswer))
	if err != nil {
		return nil, w.broken(method, true, err)
	}
	return raw, w.judge(method, answer, raw)
}

// judge returns nil for a success. What is no envelope is no word of Telegram: a page of a proxy must not make a person unreachable.
func (w *wire) judge(method string, answer *http.Response, raw []byte) error {
	var e envelope
	if err := json.Unmarshal(raw, &e); err != nil || e.OK == nil {
		return w.judgePage(method, answer)
	}
	if *e.OK {
		return nil
	}
	if e.Code == 0 {
		e.Code = answer.StatusCode
	}
	return &Refusal{
		Method: method, Code: e.Code, Description: w.scrub(e.Description), MigrateTo: e.Parameters.MigrateTo,
		RetryAfter: max(time.Duration(e.Parameters.RetryAfter)*time.Second, retryHeader(answer)),
	}
}

func (w *wire) judgePage(method string, answer *http.Response) error {
	status := answer.StatusCode
	switch {
	case status == http.StatusTooManyRequests, status == http.StatusRequestEntityTooLarge:
		return &Refusal{Method: method, Code: status, Description: http.StatusText(status), RetryAfter: retryHeader(answer)}
	case status >= 300 && status < 500:
		return w.unreadable(method, status, false)
	}
	return w.unreadable(method, status, true)
}

func (w *wire) unreadable(method string, status int, arrived bool) error {
	return &Broken{Method: method, Arrived: arrived, Status: status, text: fmt.Sprintf("the answer with status %d is not Telegram's", status)}
}

func retryHeader(answer *http.Response) time.Duration {
	seconds, err := strconv.Atoi(answer.Header.Get("Retry-After"))
	if err != nil || seconds < 0 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}

func (w *wire) broken(method string, arrived bool, err error) *Broken {
	if inner, ok := errors.AsType[*url.Error](err); ok {
		err = inner.Err
	}
	b := &Broken{Method: method, Arrived: arrived, text: w.scrub(err.Error())}
	for _, known := range knownCauses {
		if errors.Is(err, known) {
			b.causes = append(b.causes, known)
		}
	}
	return b
}

// scrub takes the token out of a text, also where its colon has been escaped.
func (w *wire) scrub(s string) string {
	_, secret, _ := strings.Cut(w.token, ":")
	return strings.ReplaceAll(strings.ReplaceAll(s, w.token, placeholder), secret, "placeholder")
}

// progress tells how far a request has come.
type progress struct{ connected, written, cut atomic.Bool }

func (p *progress) trace(ctx context.Context) context.Context {
	return httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) { p.connected.Store(true) },
		WroteRequest: func(info httptrace.WroteRequestInfo) {
			if info.Err != nil {
				p.cut.Store(true)
				return
			}
			p.written.Store(true)
		},
	})
}

// mayHaveArrived reports whether a failed request may have had its effect. One that was cut off while it was written has not: Telegram waits
// for the whole of it. One that gave up before it was told how the writing went may have.
func (p *progress) mayHaveArrived() bool {
	return p.written.Load() || p.connected.Load() && !p.cut.Load()
}
