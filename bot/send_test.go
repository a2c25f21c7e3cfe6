package bot

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"duban/sim"
	"duban/text"
)

func mustDo(tb testing.TB, f *office, o Outgoing) Arrival {
	tb.Helper()
	a, err := f.client.Send(tb.Context(), o)
	if err != nil {
		tb.Fatal(err)
	}
	return a
}

func TestAMessageCarriesButtonsOrAMenu(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "<b>年度总结</b> &amp; 附件", Silent: true, Keyboard: Keyboard{
		{{Label: "签收", Data: "a:1"}, {Label: "详情", URL: "https://t.me/DubanBot?start=x"}},
	}})
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "请选择", Menu: &Menu{Rows: [][]string{{"收到", "已完成"}}, Contact: "发送我的号码"}})
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "好", Menu: &Menu{Remove: true}})
	wantAll(t, f.texts(wang.ID()), []string{"年度总结 & 附件", "请选择", "好"})
	events := f.tg.Events(wang.ID(), sim.Sent)
	want(t, events[0].Message.ReplyMarkup.Rows[0][1].URL, "https://t.me/DubanBot?start=x")
	want(t, events[1].Keyboard != nil, true)
	want(t, events[2].KeyboardGone, true)
}

func TestAnEditChangesTheMessageAndASecondOneIsASuccessToo(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	id := mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "未签收", Keyboard: Keyboard{{{Label: "签收", Data: "a:1"}}}}).MessageID
	for range 2 {
		want(t, mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "已签收", Edit: id}).MessageID, id)
	}
	want(t, len(f.tg.Delivered(wang.ID())), 1)
	want(t, len(f.tg.Events(wang.ID(), sim.Edited)), 1)
}

func TestAMessageToEditThatIsGoneIsSentAnew(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	o := Outgoing{ChatID: wang.ID(), Text: "未签收"}
	id := mustDo(t, f, o).MessageID
	if err := f.client.Delete(t.Context(), wang.ID(), id); err != nil {
		t.Fatal(err)
	}
	o.Edit, o.Text = id, "已签收"
	a := mustDo(t, f, o)
	want(t, a.MessageID > id, true)
	wantAll(t, f.texts(wang.ID()), []string{"未签收", "已签收"})
	f.tg.Forgive()
}

func TestAMessageToReplyToThatIsGoneIsNoObstacle(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "提醒", ReplyTo: 4711})
	wantAll(t, f.texts(wang.ID()), []string{"提醒"})
}

func TestMarkupThatDoesNotParseIsSentAsPlainText(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "<b>总结</i> &lt;附件&gt;"})
	wantAll(t, f.texts(wang.ID()), []string{"总结 <附件>"})
	f.tg.Forgive()
}

func TestATextIsCutBeforeTelegramRefusesIt(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	long := text.HTML(strings.Repeat("<b>一行二十个字的清单，清单，清单。</b>\n", 500))
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: long})
	id := mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "清单"}).MessageID
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: long, Edit: id})
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: long, Document: &Document{Name: "清单.xlsx", Data: []byte("PK")}})
	for _, m := range f.tg.Delivered(wang.ID()) {
		if body := m.Body(); body != "清单" && !strings.HasSuffix(body, "…") {
			t.Errorf("not cut: %d characters", len([]rune(body)))
		}
	}
}

func TestADocumentIsUploadedWithItsNameAndCaption(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "<b>台账</b>", Document: &Document{Name: "台账 2026.xlsx", Data: []byte("PK\x03\x04")}, Keyboard: Keyboard{{{Label: "详情", Data: "d"}}}})
	m := f.tg.Delivered(wang.ID())[0]
	want(t, m.Document.FileName, "台账 2026.xlsx")
	want(t, m.Caption, "台账")
	file, _ := f.tg.File(m.Document.FileID)
	want(t, string(file.Data), "PK\x03\x04")
}

func TestAnAlbumGoesInGroupsThatTelegramTakesAndTheTextStandsForIt(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang, li := f.person("王芳"), f.person("李处")
	var album []Media
	for range 12 {
		m := wang.Photo([]byte("现场"), "")
		album = append(album, Media{"photo", m.Photo[len(m.Photo)-1].FileID})
	}
	for _, name := range []string{"一.docx", "二.docx"} {
		album = append(album, Media{"document", wang.Document(name, []byte(name), "").Document.FileID})
	}
	album = append(album, Media{"photo", album[0].FileID})
	o := Outgoing{ChatID: li.ID(), Text: "待审核", Album: album, Keyboard: Keyboard{{{Label: "通过", Data: "p"}}}}
	want(t, o.messages(), 16)
	a := mustDo(t, f, o)
	var methods []string
	for _, r := range f.tg.Requests("sendMediaGroup", "sendPhoto", "sendDocument", "sendMessage") {
		methods = append(methods, r.Method)
	}
	wantAll(t, methods, []string{"sendMediaGroup", "sendMediaGroup", "sendMediaGroup", "sendMessage"})
	want(t, len(a.All), 16)
	want(t, a.MessageID, a.All[15])
	if err := li.Press("通过"); err != nil {
		t.Error(err)
	}
}

func TestACopyCarriesOurButtons(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	li, wang := f.person("李处"), f.person("王芳")
	original := li.Send("关于报送年度总结的通知")
	read := Keyboard{{{Label: "已阅", Data: "r"}}}
	mustDo(t, f, Outgoing{ChatID: wang.ID(), Copy: &Copy{li.ID(), []int64{int64(original.ID)}}, Keyboard: read})
	wantAll(t, f.texts(wang.ID()), []string{"关于报送年度总结的通知"})
	if err := wang.Press("已阅"); err != nil {
		t.Error(err)
	}
}

func TestACopiedAlbumIsFollowedByAMessageWithOurButtons(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	li, wang := f.person("李处"), f.person("王芳")
	var ids []int64
	for _, m := range li.Album("通知", sim.PhotoItem([]byte("1")), sim.PhotoItem([]byte("2"))) {
		ids = append(ids, int64(m.ID))
	}
	a := mustDo(t, f, Outgoing{ChatID: wang.ID(), Copy: &Copy{li.ID(), ids}, Text: "请点已阅", Keyboard: Keyboard{{{Label: "已阅", Data: "r"}}}})
	want(t, len(a.All), 3)
	want(t, len(f.tg.Delivered(wang.ID())), 3)
	if err := wang.Press("已阅"); err != nil {
		t.Error(err)
	}
}

func TestAGroupThatMigratedGetsTheMessageUnderItsNewID(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	group := f.tg.NewBasicGroup("党务群", wang)
	before := group.ID()
	after := group.Migrate(wang)
	a := mustDo(t, f, Outgoing{ChatID: before, Text: "通知"})
	want(t, a.ChatID, after)
	wantAll(t, f.texts(after), []string{"通知"})
}

func TestASecondPartWaitsForItsTurnInsteadOfRepeatingTheFirst(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		wang := f.person("王芳")
		id := wang.Photo([]byte("现场"), "").Photo[0].FileID
		f.tg.Break(sim.Fault{Trouble: sim.TooManyRequests, Methods: []string{"sendMessage"}, RetryAfter: 7, Times: 1})
		started := time.Now()
		mustDo(t, f, Outgoing{ChatID: wang.ID(), Text: "待审核", Album: []Media{{"photo", id}, {"photo", id}}})
		want(t, time.Since(started), 7*time.Second)
		want(t, len(f.tg.Delivered(wang.ID())), 3)
	})
}

func TestWhatArrivedInPartIsTold(t *testing.T) {
	f := mustOffice(t, sim.Options{}, freely)
	wang := f.person("王芳")
	id := wang.Photo([]byte("现场"), "").Photo[0].FileID
	f.tg.Break(sim.Fault{Trouble: sim.Answer, Code: 403, Description: "Forbidden: bot was blocked by the user", Methods: []string{"sendMessage"}})
	_, err := f.client.Send(t.Context(), Outgoing{ChatID: wang.ID(), Text: "待审核", Album: []Media{{"photo", id}, {"photo", id}}})
	part, ok := errors.AsType[*partly](err)
	want(t, ok, true)
	want(t, len(part.all), 2)
}

func TestALargeFileForManyIsUploadedOnce(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		f := mustOffice(t, sim.Options{}, freely)
		large := &Document{Name: "台账.xlsx", Data: bytes.Repeat([]byte("表"), uploadFrom)}
		for range 5 {
			o := plainly(f.person("人"), "台账")
			o.Document = large
			if _, err := f.client.Do(t.Context(), o); err != nil {
				t.Fatal(err)
			}
		}
		byName := 0
		for _, r := range f.tg.Requests("sendDocument") {
			if _, named := r.Params["document"].(string); named {
				byName++
			}
		}
		want(t, byName, 4)
		want(t, len(f.tg.Delivered(0)), 5)
		for _, m := range f.tg.Delivered(0) {
			want(t, m.Document.FileSize, int64(len(large.Data)))
		}
	})
}
