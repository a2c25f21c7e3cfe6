package sim

import (
	"encoding/json"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// maxUpload is the size up to which a bot may send a file.
const maxUpload = 50 << 20

// ServeHTTP answers /bot<token>/<method> and /file/bot<token>/<path>. Parameters may come as JSON, form, multipart or in the query.
func (t *Telegram) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if t.refuses(r) {
		breakOff(w)
		return
	}
	answer := t.handle(r)
	if answer.lost != kept {
		breakOff(w)
		return
	}
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(answer.body)))
	w.WriteHeader(answer.status)
	// The client may be gone; then nobody is left to be told.
	_, _ = w.Write(answer.body)
}

// breakOff resets the connection under an unanswered request.
func breakOff(w http.ResponseWriter) {
	hijacker, ok := w.(http.Hijacker)
	if !ok {
		panic(http.ErrAbortHandler)
	}
	conn, _, err := hijacker.Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

// handle is the one door for requests over HTTP and in memory.
func (t *Telegram) handle(r *http.Request) reply {
	path, isFile := strings.CutPrefix(r.URL.Path, "/file")
	rest, isBot := strings.CutPrefix(path, "/bot")
	token, target, found := strings.Cut(rest, "/")
	if !isBot || !found || target == "" {
		return errorReply(refuse(404, ""))
	}
	if token != t.Token() {
		return errorReply(refuse(401, ""))
	}
	if isFile {
		return t.download(target)
	}
	given, uploads, err := readParams(r)
	if err != nil {
		if ctxErr := r.Context().Err(); ctxErr != nil {
			return reply{lost: lostReset}
		}
		return t.answer(&call{ctx: r.Context(), method: target}, time.Now(), nil, nil, err)
	}
	if answer := t.serve(r.Context(), target, given, uploads); !t.isClosed() {
		return answer
	}
	return reply{lost: lostReset}
}

func errorReply(e *apiError) reply {
	return reply{status: e.code, header: http.Header{"Content-Type": {"application/json"}}, body: e.envelope()}
}

// readParams collects the parameters from wherever a request may carry them.
func readParams(r *http.Request) (map[string]any, map[string]*upload, *apiError) {
	given, uploads := map[string]any{}, map[string]*upload{}
	addForm(given, r.URL.Query())
	kind, attributes, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case r.Body == nil:
		return given, uploads, nil
	case kind == "multipart/form-data":
		err := readMultipart(multipart.NewReader(r.Body, attributes["boundary"]), given, uploads)
		// The server sees a client go only when the body was read to its end.
		_, _ = io.Copy(io.Discard, io.LimitReader(r.Body, maxUpload))
		return given, uploads, err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxUpload))
	if err != nil {
		return nil, nil, broken("read request: %v", err)
	}
	switch kind {
	case "application/json":
		return given, uploads, readJSON(body, given)
	case "application/x-www-form-urlencoded":
		form, err := url.ParseQuery(string(body))
		if err != nil {
			return nil, nil, broken("can't parse form: %v", err)
		}
		addForm(given, form)
	default:
		if len(body) > 0 {
			return nil, nil, broken("unknown content type %q", kind)
		}
	}
	return given, uploads, nil
}

func addForm(given map[string]any, form url.Values) {
	for name, values := range form {
		given[name] = values[0]
	}
}

func readJSON(body []byte, given map[string]any) *apiError {
	if len(body) == 0 {
		return nil
	}
	object, ok := decodeAny(body).(map[string]any)
	if !ok || !json.Valid(body) {
		return broken("can't parse JSON body")
	}
	for name, value := range object {
		if value != nil {
			given[name] = value
		}
	}
	return nil
}

// readMultipart reads the parts of a form. An empty body is a form without parts: go-telegram/bot sends one with getMe.
func readMultipart(parts *multipart.Reader, given map[string]any, uploads map[string]*upload) *apiError {
	total, some := 0, false
	for {
		part, err := parts.NextPart()
		if err == io.EOF || errors.Is(err, io.EOF) && !some { //nolint:errorlint // a wrapped EOF is a body that broke off
			return nil
		}
		some = true
		if err != nil {
			return broken("can't parse multipart body: %v", err)
		}
		data, err := io.ReadAll(io.LimitReader(part, maxUpload+1))
		if err != nil {
			return broken("can't read multipart body: %v", err)
		}
		if total += len(data); len(data) > maxUpload || total > 10*maxUpload {
			return &apiError{code: 413, description: "Request Entity Too Large", violation: true}
		}
		if part.FileName() == "" {
			given[part.FormName()] = string(data)
			continue
		}
		file := &upload{name: part.FileName(), mime: part.Header.Get("Content-Type"), data: data}
		uploads[part.FormName()] = file
	}
}

// attach makes files that are parameters themselves values of these. Other files are attachments, named by attach://.
func attach(spec *entry, given map[string]any, uploads map[string]*upload) {
	for name, file := range uploads {
		if spec.byName[name] != nil {
			given[name] = file
		}
	}
}
