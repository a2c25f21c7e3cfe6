package chatpage_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"duban/sim"
	"duban/sim/chatpage"
)

// stage is a page with two people on it.
type stage struct {
	t        *testing.T
	telegram *sim.Telegram
	li, wang *sim.Person
	server   *httptest.Server
}

func mustStage(t *testing.T) *stage {
	t.Helper()
	tg := sim.New(sim.Options{TB: t})
	s := &stage{t: t, telegram: tg, li: tg.NewPerson("李敏", "", sim.Started()), wang: tg.NewPerson("王芳", "", sim.Started())}
	page := &chatpage.Page{
		Telegram: tg, Left: s.li.ID(), Right: s.wang.ID(), About: map[int64]string{s.wang.ID(): "党建专干"}, Zone: "Asia/Shanghai",
		Offers: []chatpage.Offer{{Name: "清单.xlsx", Make: func(time.Time) ([]byte, error) { return []byte("made"), nil }}},
	}
	s.server = httptest.NewServer(page.Handler())
	t.Cleanup(s.server.Close)
	return s
}

// bot calls a method as the bot does.
func (s *stage) bot(method string, params map[string]any) {
	s.t.Helper()
	body, err := json.Marshal(params)
	if err != nil {
		s.t.Fatal(err)
	}
	request, err := http.NewRequest(http.MethodPost, "https://telegram/bot"+s.telegram.Token()+"/"+method, bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	answer, err := s.telegram.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		s.t.Fatalf("%s: %s", method, answer.Status)
	}
}

// does sends a deed and returns the status.
func (s *stage) does(path string, deed map[string]any) int {
	s.t.Helper()
	body, err := json.Marshal(deed)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := http.Post(s.server.URL+path, "application/json", bytes.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	return answer.StatusCode
}

// get returns a status, the headers and the body.
func (s *stage) get(path string) (int, http.Header, string) {
	s.t.Helper()
	answer, err := http.Get(s.server.URL + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.StatusCode, answer.Header, string(body)
}

// stream opens the stream of events for one phone and returns what reads until an event has a piece in it.
func (s *stage) stream(person *sim.Person) (until func(piece string) string) {
	s.t.Helper()
	return s.streamOf(strconv.FormatInt(person.ID(), 10))
}

func (s *stage) streamOf(phone string) (until func(piece string) string) {
	s.t.Helper()
	answer, err := http.Get(s.server.URL + "/events?phone=" + phone)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { answer.Body.Close() })
	lines := bufio.NewScanner(answer.Body)
	lines.Buffer(nil, 1<<20)
	return func(piece string) string {
		for lines.Scan() {
			if strings.Contains(lines.Text(), piece) {
				return lines.Text()
			}
		}
		s.t.Fatalf("the stream ended without %q: %v", piece, lines.Err())
		return ""
	}
}

func TestAPhoneSeesAtOnceWhatTheBotSendsAndHowAPressIsAnswered(t *testing.T) {
	s := mustStage(t)
	until := s.stream(s.wang)
	until("党建专干")
	s.bot("sendMessage", map[string]any{
		"chat_id": s.wang.ID(), "text": "<b>卡片</b> 1 &lt; 2", "parse_mode": "HTML",
		"reply_markup": map[string]any{"inline_keyboard": [][]any{{map[string]any{"text": "签收", "callback_data": "accept:1"}}}},
	})
	if event := until("签收"); !strings.Contains(event, `\u003cb\u003e卡片\u003c/b\u003e 1 \u0026lt; 2`) {
		t.Errorf("the page is told %s", event)
	}
	if status := s.does("/press", map[string]any{"person": s.wang.ID(), "message": s.wang.Last().ID, "row": 0, "column": 0}); status != http.StatusNoContent {
		t.Fatalf("a press is answered with %d", status)
	}
	s.bot("answerCallbackQuery", map[string]any{"callback_query_id": s.pressed(), "text": "已签收", "show_alert": true})
	if event := until("已签收"); !strings.Contains(event, `"alert":true`) || !strings.Contains(event, `"answered":{`) {
		t.Errorf("the answer to a press is told as %s", event)
	}
}

func TestAPhoneTurnsToAGroupOfItsOwnerAndToNoOther(t *testing.T) {
	s := mustStage(t)
	group := s.telegram.NewGroup("党建群", s.li, s.wang)
	other := s.telegram.NewGroup("外人的群", s.li)
	address := fmt.Sprintf("%d/%d", s.wang.ID(), group.ID())
	until := s.streamOf(address)
	if event := until("党建群"); !strings.Contains(event, `"members":2`) || strings.Contains(event, "外人的群") {
		t.Errorf("the phone shows %s", event)
	}
	if status := s.does("/send", map[string]any{"person": s.wang.ID(), "chat": group.ID(), "text": "大家好"}); status != http.StatusNoContent {
		t.Fatalf("writing into the group is answered with %d", status)
	}
	until("大家好")
	if messages := s.wang.Messages(); len(messages) != 0 {
		t.Errorf("what was said in the group stands in the private chat: %v", messages)
	}
	for _, path := range []string{"/send", "/read"} {
		if status := s.does(path, map[string]any{"person": s.wang.ID(), "chat": other.ID(), "text": "x"}); status != http.StatusNotFound {
			t.Errorf("%s in a group that the owner is not in is answered with %d", path, status)
		}
	}
	if status, _, _ := s.get(fmt.Sprintf("/events?phone=%d/%d", s.wang.ID(), other.ID())); status != http.StatusNotFound {
		t.Errorf("looking into a group that the owner is not in is answered with %d", status)
	}
}

// pressed fetches the id of the newest press, as the bot does.
func (s *stage) pressed() string {
	s.t.Helper()
	request, err := http.NewRequest(http.MethodGet, "https://telegram/bot"+s.telegram.Token()+"/getUpdates", http.NoBody)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, err := s.telegram.Client().Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer answer.Body.Close()
	var got struct {
		Result []struct {
			Press struct {
				ID string `json:"id"`
			} `json:"callback_query"`
		}
	}
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil || len(got.Result) == 0 {
		s.t.Fatal("no press has arrived", err)
	}
	return got.Result[len(got.Result)-1].Press.ID
}

func TestWhatIsDoneOnAPhoneReachesTheChat(t *testing.T) {
	s := mustStage(t)
	wang := s.wang.ID()
	s.bot("sendMessage", map[string]any{"chat_id": wang, "text": "卡片", "reply_markup": map[string]any{"keyboard": [][]any{{map[string]any{"text": "待办"}}}}})
	card := s.wang.Last().ID
	for path, deed := range map[string]map[string]any{
		"/send": {"person": wang, "text": "收到", "reply_to": card},
		"/tap":  {"person": wang, "text": "待办"},
		"/give": {"person": wang, "text": "清单.xlsx"},
		"/read": {"person": wang},
	} {
		if status := s.does(path, deed); status != http.StatusNoContent {
			t.Errorf("%s is answered with %d", path, status)
		}
	}
	said := map[string]int{}
	for _, m := range s.wang.Messages() {
		switch {
		case m.Document != nil:
			said[m.Document.FileName]++
		case m.ReplyTo != nil:
			said[m.Text+" to "+m.ReplyTo.Text]++
		default:
			said[m.Text]++
		}
	}
	for _, want := range []string{"收到 to 卡片", "待办", "清单.xlsx"} {
		if said[want] != 1 {
			t.Errorf("the chat has %v, without %q", said, want)
		}
	}
}

func TestWhatCannotBeDoneIsRefusedWithTheReason(t *testing.T) {
	s := mustStage(t)
	wang := s.wang.ID()
	for path, refused := range map[string]struct {
		deed   map[string]any
		status int
	}{
		"/send":    {map[string]any{"person": 1, "text": "谁"}, http.StatusNotFound},
		"/press":   {map[string]any{"person": wang, "message": 77}, http.StatusUnprocessableEntity},
		"/tap":     {map[string]any{"person": wang, "text": "没有"}, http.StatusUnprocessableEntity},
		"/give":    {map[string]any{"person": wang, "text": "没有.xlsx"}, http.StatusUnprocessableEntity},
		"/open":    {map[string]any{"person": wang, "text": "https://elsewhere.example"}, http.StatusUnprocessableEntity},
		"/correct": {map[string]any{"person": wang, "message": 77, "text": "x"}, http.StatusUnprocessableEntity},
		"/remove":  {map[string]any{"person": wang, "message": 77}, http.StatusUnprocessableEntity},
	} {
		if status := s.does(path, refused.deed); status != refused.status {
			t.Errorf("%s is answered with %d, want %d", path, status, refused.status)
		}
	}
}

func TestSeveralFilesAreAnAlbumWhoseCaptionStandsOnce(t *testing.T) {
	s := mustStage(t)
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	if err := form.WriteField("deed", `{"person":`+strconv.FormatInt(s.wang.ID(), 10)+`,"text":"三份材料"}`); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"一.txt", "二.txt", "三.txt"} {
		file, err := form.CreateFormFile("file", name)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(file, name)
	}
	form.Close()
	answer, err := http.Post(s.server.URL+"/upload", form.FormDataContentType(), &body)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	messages := s.wang.Messages()
	if answer.StatusCode != http.StatusNoContent || len(messages) != 3 {
		t.Fatalf("%s, %d messages", answer.Status, len(messages))
	}
	for i, m := range messages {
		if m.MediaGroupID == "" || m.MediaGroupID != messages[0].MediaGroupID || (m.Caption == "三份材料") != (i == 0) {
			t.Errorf("message %d is of album %q with the caption %q", i, m.MediaGroupID, m.Caption)
		}
	}
}

func TestAFileIsSavedAndNeverRunInThePage(t *testing.T) {
	s := mustStage(t)
	m := s.wang.Document("看 我.html", []byte("<script>alert(1)</script>"), "")
	status, header, body := s.get("/file/" + m.Document.FileID)
	if status != http.StatusOK || body != "<script>alert(1)</script>" {
		t.Fatalf("%d %q", status, body)
	}
	if got := header.Get("Content-Disposition"); got != "attachment; filename*=UTF-8''%E7%9C%8B%20%E6%88%91.html" {
		t.Errorf("the file comes as %q", got)
	}
	if header.Get("Content-Type") != "application/octet-stream" || header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("the file comes as %v", header)
	}
	if status, _, _ := s.get("/file/none"); status != http.StatusNotFound {
		t.Errorf("a file that is not there is answered with %d", status)
	}
	if status, _, body := s.get("/offer/" + "清单.xlsx"); status != http.StatusOK || body != "made" {
		t.Errorf("what is at hand comes as %d %q", status, body)
	}
}

func TestThePageTakesNothingFromElsewhere(t *testing.T) {
	s := mustStage(t)
	for _, path := range []string{"/", "/static/page.js", "/static/page.css", "/static/phone.css", "/static/chat.css"} {
		status, header, body := s.get(path)
		if status != http.StatusOK || !strings.HasPrefix(header.Get("Content-Security-Policy"), "default-src 'self'") {
			t.Errorf("%s: %d with the policy %q", path, status, header.Get("Content-Security-Policy"))
		}
		for _, word := range []string{"https://", "@import", "style=\"", "onclick="} {
			if strings.Contains(body, word) {
				t.Errorf("%s contains %q", path, word)
			}
		}
	}
}
