package sim

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// call is one request to the bot's API, with its parameters checked.
type call struct {
	ctx     context.Context
	method  string
	params  map[string]any
	uploads map[string]*upload
}

// reply is what goes back over the wire. lost means that the connection breaks instead.
type reply struct {
	status int
	header http.Header
	body   []byte
	lost   lossKind
}

type lossKind int

const (
	kept lossKind = iota
	lostReset
)

// apiError is an answer with ok false.
type apiError struct {
	code        int
	description string
	retryAfter  int
	migrateTo   int64
	// violation is true when the bot broke a rule that it could have known.
	violation bool
	wait      time.Duration
}

func (e *apiError) Error() string { return e.description }

// refuse is an answer that a correct bot can get.
func refuse(code int, format string, args ...any) *apiError {
	prefix := map[int]string{400: "Bad Request: ", 401: "Unauthorized", 403: "Forbidden: ", 404: "Not Found", 409: "Conflict: "}[code] //nolint:misspell // the words of the server
	return &apiError{code: code, description: prefix + fmt.Sprintf(format, args...)}
}

// broken is an answer that only a mistaken bot gets.
func broken(format string, args ...any) *apiError {
	e := refuse(400, format, args...)
	e.violation = true
	return e
}

func (c *call) has(name string) bool { _, ok := c.params[name]; return ok }

func (c *call) text(name string) string {
	text, _ := c.params[name].(string)
	return text
}

func (c *call) int(name string) int64 {
	n, _ := c.params[name].(json.Number)
	i, _ := n.Int64()
	return i
}

func (c *call) flag(name string) bool {
	b, _ := c.params[name].(bool)
	return b
}

// into decodes an object parameter into v and reports whether it was given.
func (c *call) into(name string, v any) bool {
	value, ok := c.params[name]
	if !ok {
		return false
	}
	raw, err := json.Marshal(value)
	return err == nil && json.Unmarshal(raw, v) == nil
}

// serve runs a request whose token and path were right: schema, faults, pace, effect.
func (t *Telegram) serve(ctx context.Context, name string, given map[string]any, uploads map[string]*upload) reply {
	started := time.Now()
	c := &call{ctx: ctx, method: name, uploads: uploads}
	spec := t.schema.Methods[t.schema.lower[strings.ToLower(name)]]
	if spec == nil {
		return t.answer(c, started, given, nil, &apiError{code: 404, description: "Not Found: method not found", violation: true})
	}
	c.method = spec.Name
	attach(spec, given, uploads)
	typed, problems := t.schema.checkParams(spec, given)
	c.params = typed
	fault := t.faultFor(c)
	if fault.delay > 0 && !sleep(ctx, t.closed, fault.delay) {
		return reply{lost: lostReset}
	}
	if fault.before {
		return t.fail(c, started, fault)
	}
	result, err := t.perform(c, problems)
	if err != nil && err.wait > 0 {
		sleep(ctx, t.closed, err.wait)
	}
	r := t.answer(c, started, typed, result, err)
	if fault.after {
		return fault.spoil(r)
	}
	return r
}

// perform has the effect of a call. An effect that is absorbed by flood control comes late.
func (t *Telegram) perform(c *call, problems []string) (json.RawMessage, *apiError) {
	if len(problems) > 0 {
		return nil, broken("%s", strings.Join(problems, "; "))
	}
	if c.method == "getUpdates" {
		return t.getUpdates(c)
	}
	do := methods[c.method]
	if do == nil {
		return nil, broken("the simulated Telegram does not know %s", c.method)
	}
	if err := t.keepPace(c); err != nil {
		return nil, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	result, failed := do(t, c)
	if failed != nil {
		return nil, failed
	}
	raw := mustMarshal(result)
	t.checkAnswer(c.method, raw)
	return raw, nil
}

// answer writes the envelope and notes the request.
func (t *Telegram) answer(c *call, started time.Time, params map[string]any, result json.RawMessage, err *apiError) reply {
	r := reply{status: 200, header: http.Header{"Content-Type": {"application/json"}}}
	outcome := "ok"
	if err == nil {
		var b bytes.Buffer
		b.WriteString(`{"ok":true,"result":`)
		b.Write(result)
		b.WriteByte('}')
		r.body = b.Bytes()
	} else {
		r.status, r.body = err.code, err.envelope()
		outcome = err.description
		if err.retryAfter > 0 {
			r.header.Set("Retry-After", strconv.Itoa(err.retryAfter))
		}
	}
	t.noteRequest(c, started, params, r.status, outcome, err)
	return r
}

func (e *apiError) envelope() []byte {
	type parameters struct {
		RetryAfter int   `json:"retry_after,omitempty"`
		MigrateTo  int64 `json:"migrate_to_chat_id,omitempty"`
	}
	envelope := struct {
		OK          bool        `json:"ok"`
		Code        int         `json:"error_code"`
		Description string      `json:"description"`
		Parameters  *parameters `json:"parameters,omitempty"`
	}{Code: e.code, Description: e.description}
	if e.retryAfter > 0 || e.migrateTo != 0 {
		envelope.Parameters = &parameters{e.retryAfter, e.migrateTo}
	}
	return mustMarshal(envelope)
}

// checkAnswer compares what the simulation says with the schema, so that it cannot lie about Telegram.
func (t *Telegram) checkAnswer(method string, raw json.RawMessage) {
	if !t.checkOutput {
		return
	}
	for _, wrong := range t.schema.checkAny(t.schema.Methods[method].Returns, decodeAny(raw), method+" answer") {
		t.log.violations = append(t.log.violations, "simulation: "+wrong)
	}
}

func decodeAny(raw []byte) any {
	var v any
	d := json.NewDecoder(bytes.NewReader(raw))
	d.UseNumber()
	if err := d.Decode(&v); err != nil {
		return err.Error()
	}
	return v
}

// mustMarshal encodes values of this package, which cannot fail.
func mustMarshal(v any) json.RawMessage {
	raw, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("simulated Telegram: encode %T: %v", v, err))
	}
	return raw
}

// sleep waits and reports false when it was interrupted.
func sleep(ctx context.Context, closed <-chan struct{}, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-closed:
	}
	return false
}
