package bot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/sim"
	"duban/text"
)

const secretToken = "7000000001:AAthis-is-the-secret-of-the-bot_0123456"

// doerFunc is a client of which a test decides what it answers.
type doerFunc func(*http.Request) (*http.Response, error)

func (f doerFunc) Do(r *http.Request) (*http.Response, error) { return f(r) }

func answering(status int, body string) doerFunc {
	return func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: -1, Request: r}, nil
	}
}

// everyCall makes each kind of call and returns the errors, nil where the trouble does not matter to the call.
func everyCall(ctx context.Context, c *Client) []error {
	_, me := c.Me(ctx)
	_, send := c.Do(ctx, Outgoing{ChatID: 1, Text: "x"})
	_, upload := c.Do(ctx, Outgoing{ChatID: 1, Document: &Document{Name: "x", Data: []byte("x")}})
	_, album := c.Do(ctx, Outgoing{ChatID: 1, Album: []Media{{"photo", "a"}, {"photo", "b"}}})
	_, edit := c.Do(ctx, Outgoing{ChatID: 1, Edit: 5, Text: "x"})
	_, file := c.Download(ctx, "file", io.Discard)
	_, place := c.wire.download(ctx, "documents/"+secretToken, io.Discard)
	_, info := c.WebhookInfo(ctx)
	poll := c.wire.call(ctx, pollPatience, "getUpdates", nil, &[]int{})
	return []error{me, send, upload, album, edit, file, place, info, poll, c.SetWebhook(ctx, "https://example.org", "s"),
		c.DeleteWebhook(ctx), c.Delete(ctx, 1, 2), c.pin(ctx, 1, 2), c.SetCommands(ctx, nil, nil, "")}
}

func TestNoErrorHoldsTheToken(t *testing.T) {
	_, secret, _ := strings.Cut(secretToken, ":")
	page := "<html>no such page: /bot" + secretToken + "/getMe</html>"
	echo := `{"ok":false,"error_code":400,"description":"Bad Request: /bot` + secretToken + ` and ` + url.QueryEscape(secretToken) + `"}`
	troubles := map[string]Doer{
		"a page that repeats the path, 502":  answering(502, page),
		"a page that repeats the path, 404":  answering(404, page),
		"a page that repeats the path, 200":  answering(200, page),
		"a description that repeats it":      answering(400, echo),
		"truncated JSON":                     answering(200, `{"ok":true,"result":{"message_id":"`+secretToken),
		"a result of another form":           answering(200, `{"ok":true,"result":"`+secretToken+`"}`),
		"a client with words of its own":     doerFunc(func(r *http.Request) (*http.Response, error) { return nil, fmt.Errorf("giving up on %s", r.URL) }),
		"an error that wraps the address":    doerFunc(func(r *http.Request) (*http.Response, error) { return nil, wrapped(r) }),
		"a body that breaks off with a text": doerFunc(breaksOff),
	}
	for name, doer := range troubles {
		t.Run(name, func(t *testing.T) {
			var log bytes.Buffer
			c := mustClient(t, ClientOptions{Token: secretToken + "\n", APIURL: "https://api.example.org/", Doer: doer, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			for _, err := range everyCall(t.Context(), c) {
				noSecret(t, err, secret)
			}
			c.AnswerPress(t.Context(), "1", "x", false)
			if strings.Contains(log.String(), secret) {
				t.Errorf("the log holds the token: %s", log.String())
			}
		})
	}
}

func wrapped(r *http.Request) error {
	return &url.Error{Op: "Post", URL: r.URL.String(), Err: fmt.Errorf("retry: %w", &url.Error{Op: "Post", URL: r.URL.String(), Err: context.DeadlineExceeded})}
}

func breaksOff(r *http.Request) (*http.Response, error) {
	body := io.NopCloser(io.MultiReader(strings.NewReader(`{"ok":`), brokenReader{errors.New("lost " + r.URL.String())}))
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: body, Request: r}, nil
}

type brokenReader struct{ err error }

func (b brokenReader) Read([]byte) (int, error) { return 0, b.err }

// noSecret looks at an error as every way of printing it shows it, and at all that it wraps.
func noSecret(tb testing.TB, err error, secret string) {
	tb.Helper()
	if err == nil {
		return
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		tb.Errorf("the error leads to the address: %v", u.Op)
	}
	for _, shown := range []string{err.Error(), fmt.Sprintf("%+v", err), fmt.Sprintf("%#v", err)} {
		if strings.Contains(shown, secret) {
			tb.Errorf("the error holds the token: %s", shown)
		}
	}
}

func TestNoErrorOfTheNetworkHoldsTheToken(t *testing.T) {
	_, secret, _ := strings.Cut(secretToken, ":")
	refused := httptest.NewServer(http.NotFoundHandler())
	refused.Close()
	elsewhere := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		t.Errorf("the token was carried elsewhere: %s %s", r.URL.Path, r.Referer())
	}))
	defer elsewhere.Close()
	redirect := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusTemporaryRedirect)
	}))
	defer redirect.Close()
	for name, o := range map[string]ClientOptions{
		"connection refused":             {APIURL: refused.URL},
		"redirect":                       {APIURL: redirect.URL},
		"unknown host":                   {APIURL: "http://no-such-host.invalid"},
		"a proxy that is not there":      {APIURL: "http://api.example.org", Proxy: refused.URL},
		"a socks proxy not there":        {APIURL: "http://api.example.org", Proxy: "socks5://127.0.0.1:1"},
		"https where there is only http": {APIURL: strings.Replace(redirect.URL, "http", "https", 1)},
	} {
		t.Run(name, func(t *testing.T) {
			o.Token = secretToken
			c := mustClient(t, o)
			for _, err := range everyCall(t.Context(), c) {
				noSecret(t, err, secret)
			}
		})
	}
}

func TestWrongOptionsAreNamedAndNotRepeated(t *testing.T) {
	good := ClientOptions{Token: secretToken, APIURL: "https://api.telegram.org"}
	for name, c := range map[string]struct {
		change func(*ClientOptions)
		names  string
	}{
		"empty token":           {func(o *ClientOptions) { o.Token = "" }, "telegram.token"},
		"token with a space":    {func(o *ClientOptions) { o.Token = secretToken[:20] + " " + secretToken[20:] }, "telegram.token"},
		"token with a per cent": {func(o *ClientOptions) { o.Token = secretToken + "%" }, "telegram.token"},
		"address without host":  {func(o *ClientOptions) { o.APIURL = "api.telegram.org" }, "telegram.api_url"},
		"address of files":      {func(o *ClientOptions) { o.APIURL = "ftp://" + secretToken }, "telegram.api_url"},
		"proxy without scheme":  {func(o *ClientOptions) { o.Proxy = "user:" + secretToken + "@host" }, "telegram.proxy"},
		"proxy that is no URL":  {func(o *ClientOptions) { o.Proxy = "http://[::1" + secretToken }, "telegram.proxy"},
	} {
		t.Run(name, func(t *testing.T) {
			o := good
			c.change(&o)
			_, err := NewClient(o)
			if err == nil || !strings.Contains(err.Error(), c.names) {
				t.Fatalf("got %v, want an error that names %s", err, c.names)
			}
			if strings.Contains(err.Error(), secretToken[12:20]) {
				t.Errorf("the error repeats the option: %v", err)
			}
		})
	}
}

func TestATokenFromAFileWithANewlineWorks(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	c := mustClient(t, ClientOptions{Token: " " + f.tg.Token() + "\r\n", APIURL: "http://telegram.invalid/", Doer: f.tg.Client()})
	me, err := c.Me(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, me.Username, f.tg.Username())
}

func TestTheClientGoesThroughAProxy(t *testing.T) {
	tg := sim.New(sim.Options{TB: t})
	var through int
	proxy := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		through++
		tg.ServeHTTP(w, r)
	}))
	defer proxy.Close()
	c := mustClient(t, ClientOptions{Token: tg.Token(), APIURL: "http://telegram.invalid", Proxy: proxy.URL})
	if _, err := c.Me(t.Context()); err != nil {
		t.Fatal(err)
	}
	want(t, through, 1)
}

func TestASuccessStaysOneWhateverElseIsInTheAnswer(t *testing.T) {
	body := `{"ok":true,"result":{"message_id":77,"paid_media":{"star_count":1,"paid_media":[{"type":"live_photo"}]},"chat":"?"}}`
	c := mustClient(t, ClientOptions{Token: secretToken, APIURL: "http://telegram.invalid", Doer: answering(200, body)})
	id, err := c.Do(t.Context(), Outgoing{ChatID: 1, Text: "x"})
	if err != nil {
		t.Fatal(err)
	}
	want(t, id, int64(77))
}

func TestACallThatIsNeverAnsweredEnds(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		c := mustClient(t, ClientOptions{Token: secretToken, APIURL: "http://telegram.invalid", Doer: doerFunc(func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})})
		for what, o := range map[time.Duration]Outgoing{
			sendPatience: {ChatID: 1, Text: "x"},
			filePatience: {ChatID: 1, Document: &Document{Name: "x"}},
		} {
			started := time.Now()
			_, err := c.Do(t.Context(), o)
			want(t, errors.Is(err, context.DeadlineExceeded), true)
			want(t, time.Since(started), what)
		}
	})
}

func TestAPressThatIsTooOldIsNoTrouble(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	var log bytes.Buffer
	f.client.log = slog.New(slog.NewTextHandler(&log, nil))
	f.client.AnswerPress(t.Context(), "no-such-press", strings.Repeat("好", 300), true)
	want(t, log.String(), "")
	f.tg.Forgive()
}

func TestAFileIsFetchedByteForByte(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	data := bytes.Repeat([]byte("总结"), 100_000)
	m := wang.Document("总 结?.docx", data, "")
	var got bytes.Buffer
	n, err := f.client.Download(t.Context(), m.Document.FileID, &got)
	if err != nil {
		t.Fatal(err)
	}
	want(t, n, int64(len(data)))
	want(t, bytes.Equal(got.Bytes(), data), true)
}

func TestAFileThatIsTooLargeIsNotFetched(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	m := f.person("王芳").HugeDocument("影像.zip", duban.MaxFile+1, "")
	_, err := f.client.Download(t.Context(), m.Document.FileID, io.Discard)
	want(t, errors.Is(err, ErrTooLarge), true)
}

func TestADownloadEndsAtTheLimitWhateverWasPromised(t *testing.T) {
	c := mustClient(t, ClientOptions{Token: secretToken, APIURL: "http://telegram.invalid", Doer: doerFunc(func(r *http.Request) (*http.Response, error) {
		if strings.HasSuffix(r.URL.Path, "getFile") {
			return answering(200, `{"ok":true,"result":{"file_id":"a","file_unique_id":"b","file_size":5,"file_path":"a/b"}}`)(r)
		}
		return &http.Response{StatusCode: 200, Body: io.NopCloser(endless{}), ContentLength: -1, Request: r}, nil
	})})
	var got bytes.Buffer
	_, err := c.Download(t.Context(), "a", &got)
	want(t, errors.Is(err, ErrTooLarge), true)
	want(t, got.Len() <= duban.MaxFile+1, true)
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestDeletingWhatIsGoneIsNoError(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	id, err := f.client.Do(t.Context(), Outgoing{ChatID: wang.ID(), Text: text.Escape("提醒")})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := f.client.Delete(t.Context(), wang.ID(), id); err != nil {
			t.Error(err)
		}
	}
}
