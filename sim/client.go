package sim

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"os"
	"syscall"
)

// Client sends requests to a Telegram in memory, by the same code as over HTTP. It waits on channels and timers only, honours the
// context of the request, and fails the way an http.Client does. It fits go-telegram/bot's HttpClient. The host of the address does not
// matter.
type Client struct{ telegram *Telegram }

// Client returns a client in memory.
func (t *Telegram) Client() *Client { return &Client{t} }

// Do answers one request. Errors are a *url.Error around the context's error or a broken connection.
func (c *Client) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, failure(r, err)
	}
	defer closeBody(r)
	trace := httptrace.ContextClientTrace(r.Context())
	if c.telegram.refuses(r) {
		return nil, failure(r, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)})
	}
	answered := make(chan reply, 1)
	go func() { answered <- c.telegram.handle(r) }()
	select {
	case answer := <-answered:
		return respond(r, trace, answer)
	case <-r.Context().Done():
		wrote(trace)
		return nil, failure(r, r.Context().Err())
	}
}

func respond(r *http.Request, trace *httptrace.ClientTrace, answer reply) (*http.Response, error) {
	wrote(trace)
	if err := r.Context().Err(); err != nil {
		return nil, failure(r, err)
	}
	if answer.lost != kept {
		return nil, failure(r, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)})
	}
	if trace != nil && trace.GotFirstResponseByte != nil {
		trace.GotFirstResponseByte()
	}
	return &http.Response{
		Status:        fmt.Sprintf("%d %s", answer.status, http.StatusText(answer.status)),
		StatusCode:    answer.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        answer.header,
		Body:          io.NopCloser(bytes.NewReader(answer.body)),
		ContentLength: int64(len(answer.body)),
		Request:       r,
	}, nil
}

func wrote(trace *httptrace.ClientTrace) {
	if trace != nil && trace.WroteRequest != nil {
		trace.WroteRequest(httptrace.WroteRequestInfo{})
	}
}

func failure(r *http.Request, err error) error {
	op := r.Method[:1] + string(bytes.ToLower([]byte(r.Method[1:])))
	return &url.Error{Op: op, URL: r.URL.String(), Err: err}
}

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// IsReset tells whether an error is a connection that broke after the request was written.
func IsReset(err error) bool { return errors.Is(err, syscall.ECONNRESET) }
