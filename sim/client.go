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
	"strings"
	"syscall"
)

// Client sends requests to a Telegram in memory, by the same code as over HTTP. It waits on channels and timers only, honours the
// context of the request, and calls the WroteRequest hook of net/http/httptrace. It fits go-telegram/bot's HttpClient, and as an
// http.RoundTripper into an http.Client. The host of the address does not matter.
type Client struct{ telegram *Telegram }

// Client returns a client in memory.
func (t *Telegram) Client() *Client { return &Client{t} }

// Do answers one request. Errors are those of an http.Client: a *url.Error, with the address in it, around the context's error or a
// broken connection.
func (c *Client) Do(r *http.Request) (*http.Response, error) {
	response, err := c.RoundTrip(r)
	if err != nil {
		op := r.Method[:1] + strings.ToLower(r.Method[1:])
		return nil, &url.Error{Op: op, URL: r.URL.String(), Err: err}
	}
	return response, nil
}

// RoundTrip answers one request, with the bare errors that a transport gives.
func (c *Client) RoundTrip(r *http.Request) (*http.Response, error) {
	defer closeBody(r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	trace := httptrace.ContextClientTrace(r.Context())
	if c.telegram.refuses(r) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	answered := make(chan reply, 1)
	go func() { answered <- c.telegram.handle(r) }()
	select {
	case answer := <-answered:
		return respond(r, trace, answer)
	case <-r.Context().Done():
		wrote(trace)
		return nil, r.Context().Err()
	}
}

func respond(r *http.Request, trace *httptrace.ClientTrace, answer reply) (*http.Response, error) {
	wrote(trace)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if answer.lost != kept {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ECONNRESET)}
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

func closeBody(r *http.Request) {
	if r.Body != nil {
		_ = r.Body.Close()
	}
}

// IsReset tells whether an error is a connection that broke after the request was written.
func IsReset(err error) bool { return errors.Is(err, syscall.ECONNRESET) }
