package sim

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"duban/sim/golden"
)

func TestATranscriptReadsLikeTheChat(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang, li := tg.NewPerson("王芳", ""), tg.NewPerson("李处", "")
		time.Sleep(time.Hour)
		li.Start("")
		tg.Mark()
		wang.Start("i_0123456789")
		send := func(p *Person, text string, more params) Message {
			all := params{"chat_id": p.ID(), "text": text, "parse_mode": "HTML"}
			for name, value := range more {
				all[name] = value
			}
			return mustAsk[Message](t, tg, "sendMessage", all)
		}
		keys := params{"inline_keyboard": [][]params{{{"text": "签收", "callback_data": "a"}, {"text": "上报完成", "callback_data": "b"}}, {{"text": "详情", "callback_data": "c"}}}}
		card := send(wang, "<b>年度总结</b>\n截止：2026-12-04", params{"reply_markup": keys})
		send(wang, "第二件", params{"reply_markup": keys})
		send(wang, "请选择", params{"reply_markup": params{"keyboard": [][]params{{{"text": "我的任务"}}}}})
		time.Sleep(90 * time.Second)
		if err := wang.PressOn(&card, "上报完成"); err != nil {
			t.Fatal(err)
		}
		q := polled(t, tg, params{"offset": -1})[0].CallbackQuery
		mustAsk[any](t, tg, "answerCallbackQuery", params{"callback_query_id": q.ID, "text": "请发佐证"})
		wang.ReplyDocument(&card, "总结.docx", []byte("x"), "已完成")
		wang.Album("现场", PhotoItem([]byte("1")), PhotoItem([]byte("2")))
		mustAsk[any](t, tg, "editMessageText", params{"chat_id": wang.ID(), "message_id": card.ID, "text": "年度总结\n已上报"})
		mustAsk[any](t, tg, "pinChatMessage", params{"chat_id": wang.ID(), "message_id": card.ID})
		gone := send(wang, "提醒 "+tg.Link("i_9"), params{"reply_parameters": params{"message_id": card.ID}, "reply_markup": params{"remove_keyboard": true}})
		mustAsk[any](t, tg, "deleteMessage", params{"chat_id": wang.ID(), "message_id": gone.ID})
		send(li, "待审核：市五中 上报「年度总结」", params{"reply_markup": keys})
		li.Forward(wang.Send("请看"))
		if err := li.Press("签收"); err != nil {
			t.Fatal(err)
		}
		wang.ShareContact(wang)
		wang.Block()
		golden.Check(t, "transcript", tg.Transcript())
		want(t, strings.Contains(tg.Transcript(li), "王芳"), false)
	})
}

func TestAPageSeesAChat(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	_, before := tg.Changed()
	m := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "<b>卡</b> &lt;i&gt;", "parse_mode": "HTML", "reply_markup": button("签收", "a")})
	mustAsk[any](t, tg, "pinChatMessage", params{"chat_id": wang.ID(), "message_id": m.ID})
	want(t, tg.Changes() > before, true)
	want(t, tg.Portraits()[0].Unread, 1)
	wang.Reply(wang.Message(m.ID), "收到")
	wang.Document("a.txt", []byte("a"), "")
	v := wang.View(0)
	want(t, len(v.Messages), 5)
	want(t, v.Messages[1].HTML, "<b>卡</b> &lt;i&gt;")
	want(t, v.Messages[1].Buttons[0][0].Label, "签收")
	want(t, v.Messages[2].Service, "pinned")
	want(t, v.Messages[3].Mine && v.Messages[3].Quote.ID == m.ID && v.Messages[3].Quote.Text == "卡 <i>", true)
	want(t, v.Messages[4].File.Name, "a.txt")
	want(t, v.Pinned.ID, m.ID)
	want(t, tg.Portraits()[0].Unread, 0)
	raw, err := json.Marshal(v)
	if err != nil || !strings.Contains(string(raw), `"title":"督办"`) {
		t.Errorf("%s %v", raw, err)
	}
}

func TestWaitingForAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := mustStart(t, tg, "王芳")
		go func() {
			time.Sleep(time.Second)
			ask(t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "已签收"})
		}()
		m, err := wang.WaitText(time.Minute, "签收")
		if err != nil {
			t.Fatal(err)
		}
		want(t, m.Text, "已签收")
		_, err = wang.WaitText(time.Minute, "退回")
		want(t, errors.Is(err, context.DeadlineExceeded), true)
		wantError(t, err, `王芳 waited for "退回"; the last message was "已签收"`)
	})
}

func TestTheCommandMenuIsTheNarrowestOneInThePersonsLanguage(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang, smith := mustStart(t, tg, "王芳"), tg.NewPerson("John", "Smith", Speaks("en"))
	set := func(name string, more params) {
		more["commands"] = []Command{{Command: name, Description: name}}
		mustAsk[bool](t, tg, "setMyCommands", more)
	}
	set("all", params{})
	set("all_en", params{"language_code": "en"})
	set("own", params{"scope": params{"type": "chat", "chat_id": wang.ID()}})
	want(t, wang.Commands()[0].Command, "own")
	want(t, smith.Commands()[0].Command, "all_en")
	mustAsk[bool](t, tg, "deleteMyCommands", params{"scope": params{"type": "chat", "chat_id": wang.ID()}})
	want(t, wang.Commands()[0].Command, "all")
	want(t, len(mustAsk[[]Command](t, tg, "getMyCommands", params{"language_code": "en"})), 1)
	wantViolation(t, tg, "BOT_COMMAND_INVALID", "setMyCommands", params{"commands": []Command{{Command: "Tasks", Description: "x"}}})
	mustAsk[bool](t, tg, "setChatMenuButton", params{"chat_id": wang.ID(), "menu_button": params{"type": "default"}})
	mustAsk[bool](t, tg, "setMyDescription", params{"description": "督办"})
	mustAsk[bool](t, tg, "sendChatAction", params{"chat_id": wang.ID(), "action": "typing"})
	wantViolation(t, tg, "wrong parameter action", "sendChatAction", params{"chat_id": wang.ID(), "action": "sleeping"})
}

// failedTB notes what would have failed a test.
type failedTB struct {
	errors   int
	cleanups []func()
}

func (f *failedTB) Helper()               {}
func (f *failedTB) Cleanup(do func())     { f.cleanups = append(f.cleanups, do) }
func (f *failedTB) Errorf(string, ...any) { f.errors++ }

func TestAViolationFailsTheTestAtItsEnd(t *testing.T) {
	tb := &failedTB{}
	tg := New(Options{TB: tb})
	ask(t, tg, "sendMessage", params{"text": "x"})
	ask(t, tg, "sendMessage", params{"chat_id": 1, "text": "x"})
	want(t, tb.errors, 0)
	for _, do := range tb.cleanups {
		do()
	}
	want(t, tb.errors, 1)
}
