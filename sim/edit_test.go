package sim

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func TestAnEditThatChangesNothingIsRefused(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	m := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "<b>卡</b>", "parse_mode": "HTML", "reply_markup": button("签收", "a")})
	at := params{"chat_id": wang.ID(), "message_id": m.ID, "text": "<b>卡</b>", "parse_mode": "HTML", "reply_markup": button("签收", "a")}
	wantRefusal(t, tg, 400, "Bad Request: "+notModified, "editMessageText", at)
	at["text"] = "卡"
	want(t, mustAsk[Message](t, tg, "editMessageText", at).EditDate > 0, true)
	delete(at, "reply_markup")
	want(t, mustAsk[Message](t, tg, "editMessageText", at).ReplyMarkup == nil, true)
	delete(at, "text")
	delete(at, "parse_mode")
	wantRefusal(t, tg, 400, "Bad Request: "+notModified, "editMessageReplyMarkup", at)
}

func TestOnlyOwnStandingMessagesCanBeEdited(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	said := wang.Send("您好")
	wantRefusal(t, tg, 400, "Bad Request: message can't be edited", "editMessageText", params{"chat_id": wang.ID(), "message_id": said.ID, "text": "x"})
	wantRefusal(t, tg, 400, "Bad Request: message to edit not found", "editMessageText", params{"chat_id": wang.ID(), "message_id": 9999, "text": "x"})
	doc := wang.Document("a.txt", []byte("a"), "").Document.FileID
	file := mustAsk[Message](t, tg, "sendDocument", params{"chat_id": wang.ID(), "document": doc, "caption": "一"})
	wantRefusal(t, tg, 400, "Bad Request: there is no text in the message to edit", "editMessageText", params{"chat_id": wang.ID(), "message_id": file.ID, "text": "x"})
	want(t, mustAsk[Message](t, tg, "editMessageCaption", params{"chat_id": wang.ID(), "message_id": file.ID, "caption": "二"}).Caption, "二")
	text := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "x"})
	wantRefusal(t, tg, 400, "Bad Request: there is no caption in the message to edit", "editMessageCaption", params{"chat_id": wang.ID(), "message_id": text.ID, "caption": "x"})
	want(t, wang.Find("二").Caption, "二")
}

func TestAPersonCorrectsAMessage(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	m := wang.Send("己完成")
	if err := wang.EditMessage(m, "已完成"); err != nil {
		t.Fatal(err)
	}
	updates := polled(t, tg, params{})
	want(t, updates[2].EditedMessage.Text, "已完成")
	want(t, updates[2].EditedMessage.EditDate > 0, true)
}

func TestAMessageCanBeDeletedFor48Hours(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := mustStart(t, tg, "王芳")
		old := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "旧"})
		time.Sleep(time.Hour)
		young := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "新"})
		theirs := wang.Send("我的")
		time.Sleep(47*time.Hour + time.Second)
		wantRefusal(t, tg, 400, "Bad Request: message can't be deleted for everyone", "deleteMessage", params{"chat_id": wang.ID(), "message_id": old.ID})
		mustAsk[bool](t, tg, "deleteMessages", params{"chat_id": wang.ID(), "message_ids": []int{old.ID, young.ID, theirs.ID, 9999}})
		wantRefusal(t, tg, 400, "Bad Request: message to delete not found", "deleteMessage", params{"chat_id": wang.ID(), "message_id": young.ID})
		want(t, len(wang.Messages()), 2)
	})
}

func TestPinsAndReactions(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	at := func(id int) params { return params{"chat_id": wang.ID(), "message_id": id} }
	a := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "甲"})
	b := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "乙"})
	mustAsk[bool](t, tg, "pinChatMessage", at(a.ID))
	mustAsk[bool](t, tg, "pinChatMessage", at(b.ID))
	want(t, len(wang.Pinned()), 2)
	want(t, mustAsk[models.ChatFullInfo](t, tg, "getChat", params{"chat_id": wang.ID()}).PinnedMessage.Text, "乙")
	mustAsk[bool](t, tg, "unpinChatMessage", at(a.ID))
	wantRefusal(t, tg, 400, "Bad Request: message to unpin not found", "unpinChatMessage", at(a.ID))
	wantRefusal(t, tg, 400, "Bad Request: message to pin not found", "pinChatMessage", at(9999))
	mustAsk[bool](t, tg, "unpinAllChatMessages", params{"chat_id": wang.ID()})
	want(t, len(wang.Pinned()), 0)
	said := wang.Send("完成了")
	mustAsk[bool](t, tg, "setMessageReaction", params{"chat_id": wang.ID(), "message_id": said.ID, "reaction": []params{{"type": "emoji", "emoji": "👌"}}})
	want(t, wang.View(1).Messages[0].Reaction, "👌")
	wantViolation(t, tg, "REACTION_INVALID", "setMessageReaction", params{"chat_id": wang.ID(), "message_id": said.ID, "reaction": []params{{"type": "emoji", "emoji": "✅"}}})
}

// mustPress presses a button and returns the query that the bot gets.
func mustPress(tb testing.TB, tg *Telegram, p *Person, label string) *models.CallbackQuery {
	tb.Helper()
	if err := p.Press(label); err != nil {
		tb.Fatal(err)
	}
	updates := polled(tb, tg, params{"offset": -1})
	return updates[len(updates)-1].CallbackQuery
}

func TestAPressCanBeAnsweredOnceWithin15Seconds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
		tg := mustTelegram(t, Options{})
		wang := mustStart(t, tg, "王芳")
		mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "卡", "reply_markup": button("签收", "a")})
		q := mustPress(t, tg, wang, "签收")
		time.Sleep(15 * time.Second)
		mustAsk[bool](t, tg, "answerCallbackQuery", params{"callback_query_id": q.ID, "text": "已签收", "show_alert": true})
		wantRefusal(t, tg, 400, late, "answerCallbackQuery", params{"callback_query_id": q.ID})
		wantRefusal(t, tg, 400, late, "answerCallbackQuery", params{"callback_query_id": "17"})
		q = mustPress(t, tg, wang, "签收")
		time.Sleep(15*time.Second + time.Millisecond)
		wantRefusal(t, tg, 400, late, "answerCallbackQuery", params{"callback_query_id": q.ID})
		want(t, len(wang.Toasts()), 1)
		want(t, wang.Toasts()[0].Alert, true)
		want(t, len(wang.Unanswered()), 1)
		mustAsk[any](t, tg, "editMessageText", params{"chat_id": wang.ID(), "message_id": q.Message.Message.ID, "text": "已签收"})
		want(t, len(wang.Unanswered()), 0)
	})
}

func TestOnePressUnderTwoUpdateIDs(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "卡", "reply_markup": button("✅ 签收", "a")})
	if err := wang.PressRepeated("签收"); err != nil {
		t.Fatal(err)
	}
	if err := wang.PressTwice("签收"); err != nil {
		t.Fatal(err)
	}
	u := polled(t, tg, params{})[1:]
	want(t, len(u), 4)
	want(t, u[0].ID != u[1].ID && u[0].CallbackQuery.ID == u[1].CallbackQuery.ID, true)
	want(t, u[2].ID != u[3].ID && u[2].CallbackQuery.ID != u[3].CallbackQuery.ID, true)
	wantError(t, wang.Press("退回"), `王芳 sees no button "退回"; there are: [✅ 签收]`)
}

func TestStaleAndForgedPresses(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	card := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "卡", "reply_markup": button("签收", "a")})
	wang.PressData(&card, "approve:999")
	mustAsk[bool](t, tg, "deleteMessage", params{"chat_id": wang.ID(), "message_id": card.ID})
	if err := wang.PressOn(&card, "签收"); err != nil {
		t.Fatal(err)
	}
	u := polled(t, tg, params{})
	want(t, u[1].CallbackQuery.Data, "approve:999")
	want(t, u[1].CallbackQuery.Message.Message.Text, "卡")
	want(t, u[2].CallbackQuery.Message.InaccessibleMessage.MessageID, card.ID)
}

func TestALinkButtonStartsTheBot(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	keys := params{"inline_keyboard": [][]params{{{"text": "加入", "url": tg.Link("i_1")}, {"text": "复制", "copy_text": params{"text": "x"}}}}}
	m := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "卡", "reply_markup": keys})
	if err := wang.PressAt(m.ID, 0, 0); err != nil {
		t.Fatal(err)
	}
	want(t, polled(t, tg, params{})[1].Message.Text, "/start i_1")
	wantError(t, wang.Press("复制"), "the clipboard: x")
	wantError(t, wang.PressAt(m.ID, 1, 0), "no button")
	wantError(t, wang.OpenLink("https://t.me/DubanBot?start=a.b"), "no start link")
}

func TestTheLibrarysButtonsAreUnderstood(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	m := mustSend(t, mustBot(t, tg), &bot.SendMessageParams{ChatID: wang.ID(), Text: "卡", ReplyMarkup: &models.InlineKeyboardMarkup{
		InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "签收", CallbackData: "a"}}},
	}})
	edited, err := mustBot(t, tg).EditMessageText(context.Background(), &bot.EditMessageTextParams{
		ChatID: wang.ID(), MessageID: m.ID, Text: "新卡", ReplyMarkup: button("上报", "b"),
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, edited.ReplyMarkup.InlineKeyboard[0][0].Text, "上报")
}
