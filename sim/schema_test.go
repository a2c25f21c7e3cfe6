package sim

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

func TestRequestsThatBreakTheBotAPIAreViolations(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	wang.Start("")
	id := wang.ID()
	for name, c := range map[string]struct {
		method string
		params params
		says   string
	}{
		"unknown method":     {"sendTelepathy", params{}, "Not Found: method not found"},
		"unknown parameter":  {"sendMessage", params{"chat_id": id, "text": "a", "txet": "b"}, `unknown parameter "txet"`},
		"missing parameter":  {"sendMessage", params{"text": "a"}, "Bad Request: chat_id is empty"},
		"wrong type":         {"deleteMessage", params{"chat_id": id, "message_id": "first"}, `"first" is not Integer`},
		"boolean":            {"sendMessage", params{"chat_id": id, "text": "a", "protect_content": 7}, "protect_content: 7 is not Boolean"},
		"unknown field":      {"sendMessage", params{"chat_id": id, "text": "a", "reply_parameters": params{"message_id": 1, "x": 1}}, `no field "x"`},
		"wrong nested type":  {"sendMessage", params{"chat_id": id, "text": "a", "reply_markup": params{"inline_keyboard": params{}}}, "not a list"},
		"too many commands":  {"setMyCommands", params{"commands": commands(101)}, "101 items, allowed are 0-100"},
		"long toast":         {"answerCallbackQuery", params{"callback_query_id": "1", "text": strings.Repeat("长", 201)}, "201 characters"},
		"range":              {"getUpdates", params{"limit": 101}, "101, allowed are 1-100"},
		"one-photo album":    {"sendMediaGroup", params{"chat_id": id, "media": []any{params{"type": "photo", "media": "x"}}}, "an album must include 2-10 items"},
		"missing text":       {"sendMessage", params{"chat_id": id}, "Bad Request: message text is empty"},
		"big album":          {"sendMediaGroup", params{"chat_id": id, "media": slices.Repeat([]any{params{"type": "photo", "media": "x"}}, 11)}, "Bad Request: too many messages to send as an album"},
		"discriminator":      {"setMessageReaction", params{"chat_id": id, "message_id": 1, "reaction": []any{params{"type": "emotion", "emoji": "👍"}}}, "reaction[0]"},
		"scope":              {"setMyCommands", params{"commands": commands(1), "scope": params{"type": "chat"}}, `needs "chat_id"`},
		"unsimulated method": {"getMyStarBalance", params{}, "does not know getMyStarBalance"},
	} {
		t.Run(name, func(t *testing.T) { wantViolation(t, tg, c.says, c.method, c.params) })
	}
}

func commands(n int) []Command {
	all := make([]Command, n)
	for i := range all {
		all[i] = Command{Command: "tasks", Description: "我的任务"}
	}
	return all
}

func TestParametersMayComeInEveryFormThatTelegramTakes(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "", WithID(7))
	wang.Start("")
	address := "http://telegram.invalid/bot" + tg.Token() + "/SENDmessage"
	form := url.Values{"chat_id": {"7"}, "text": {"你好"}, "reply_markup": {`{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`}}
	var multi bytes.Buffer
	w := multipart.NewWriter(&multi)
	for name, values := range form {
		if err := w.WriteField(name, values[0]); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ query, kind, body string }{
		"query":     {form.Encode(), "", ""},
		"form":      {"", "application/x-www-form-urlencoded", form.Encode()},
		"multipart": {"", w.FormDataContentType(), multi.String()},
		"json":      {"", "application/json; charset=utf-8", `{"chat_id":7,"text":"你好","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`},
		"mixed":     {"chat_id=7", "application/json", `{"text":"你好","reply_markup":"{\"inline_keyboard\":[[{\"text\":\"a\",\"callback_data\":\"b\"}]]}"}`},
	} {
		t.Run(name, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodPost, address+"?"+c.query, strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", c.kind)
			if a := mustAnswer(t, tg, r); !a.OK {
				t.Fatal(a.Description)
			}
			want(t, wang.Last().Text, "你好")
			want(t, wang.Last().Buttons()[0], "a")
		})
	}
}

func TestARevokedTokenIsUnauthorized(t *testing.T) {
	tg := mustTelegram(t, Options{})
	r := mustRequest(t, tg, "getMe", params{})
	tg.SetToken("7000000001:new")
	a := mustAnswer(t, tg, r)
	want(t, a.Code, 401)
	want(t, a.Description, "Unauthorized") //nolint:misspell // the word of the server
	mustAsk[any](t, tg, "getMe", params{})
}

func TestAWrongTokenOrPathIsRefused(t *testing.T) {
	tg := mustTelegram(t, Options{})
	for path, code := range map[string]int{
		"/bot123:abc/getMe":       401,
		"/bot" + tg.Token():       404,
		"/" + tg.Token() + "/x":   404,
		"/file/bot" + tg.Token():  404,
		"/file/bot123:abc/photos": 401,
	} {
		r, err := http.NewRequest(http.MethodGet, "http://telegram.invalid"+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		want(t, mustAnswer(t, tg, r).Code, code)
	}
}
