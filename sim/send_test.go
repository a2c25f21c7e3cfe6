package sim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// mustStart makes a person who has started the bot.
func mustStart(tb testing.TB, tg *Telegram, name string) *Person {
	tb.Helper()
	p := tg.NewPerson(name, "")
	p.Start("")
	return p
}

func TestAPersonHasANameALanguageAndANumber(t *testing.T) {
	tg := mustTelegram(t, Options{})
	smith := tg.NewPerson("John", "Smith", Called("smith"), Phone("441"), Speaks("en"), WithID(9))
	smith.Send("hello")
	smith.SetLanguage("zh-hans")
	smith.Send("你好")
	u := polled(t, tg, params{})
	want(t, u[0].Message.From.LanguageCode+" "+u[1].Message.From.LanguageCode, "en zh-hans")
	want(t, u[0].Message.From.Username+" "+u[0].Message.Chat.LastName, "smith Smith")
	want(t, smith.PhoneNumber(), "441")
	want(t, tg.Person(9).Name(), "John Smith")
}

func TestUnreadMessagesAreCountedUntilThePersonReadsOrWrites(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	send := func() { mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "x"}) }
	send()
	send()
	want(t, wang.Unread(), 2)
	wang.Read()
	want(t, wang.Unread(), 0)
	send()
	wang.Send("好")
	want(t, wang.Unread(), 0)
}

func TestOldRequestsAreForgottenWhenOnlySomeAreKept(t *testing.T) {
	tg := mustTelegram(t, Options{KeepRequests: 10})
	wang := mustStart(t, tg, "王芳")
	for range 100 {
		mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "x"})
	}
	want(t, len(tg.Requests()) < 20 && tg.Requests()[0].OK(), true)
	want(t, len(wang.Messages()), 101)
}

func TestALengthIsCountedInCharactersAfterParsing(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	full := "<b>" + strings.Repeat("督", maxText) + "</b>"
	mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": full, "parse_mode": "HTML"})
	wantViolation(t, tg, "Bad Request: message is too long", "sendMessage", params{"chat_id": wang.ID(), "text": full + "。", "parse_mode": "HTML"})
	wantViolation(t, tg, "Bad Request: text is too long", "sendMessage", params{"chat_id": wang.ID(), "text": strings.Repeat("x", maxRawText+1)})
	wantViolation(t, tg, "Bad Request: message text is empty", "sendMessage", params{"chat_id": wang.ID(), "text": "<b> </b>\n", "parse_mode": "HTML"})
	wantViolation(t, tg, "Bad Request: can't parse entities: Unclosed start tag at byte offset 2", "sendMessage", params{"chat_id": wang.ID(), "text": "1 <2", "parse_mode": "HTML"})
	wantViolation(t, tg, "Bad Request: unsupported parse_mode", "sendMessage", params{"chat_id": wang.ID(), "text": "x", "parse_mode": "BBCode"})
	wantViolation(t, tg, "ENTITY_BOUNDS_INVALID", "sendMessage", params{"chat_id": wang.ID(), "text": "x", "entities": []Entity{{Type: "bold", Length: 2}}})
	doc := mustAsk[Message](t, tg, "sendDocument", params{"chat_id": wang.ID(), "document": wang.Document("a.txt", []byte("a"), "").Document.FileID, "caption": strings.Repeat("督", maxCaption)})
	want(t, len([]rune(doc.Caption)), maxCaption)
	wantViolation(t, tg, "Bad Request: message caption is too long", "sendDocument", params{"chat_id": wang.ID(), "document": doc.Document.FileID, "caption": strings.Repeat("督", maxCaption+1)})
}

func TestButtonsMustDoExactlyOneThing(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	for says, b := range map[string]params{
		"Bad Request: BUTTON_DATA_INVALID": {"text": "a", "callback_data": strings.Repeat("签", 22)},
		"Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard": {"text": "a"},
		"exactly one action": {"text": "a", "callback_data": "b", "url": "https://a.cn"},
		"Bad Request: can't parse inline keyboard button: button text must be non-empty": {"text": "", "callback_data": "b"},
		"Bad Request: BUTTON_URL_INVALID":                                                {"text": "a", "url": "not a link"},
		"start payload":                                                                  {"text": "a", "url": "https://t.me/DubanBot?start=" + strings.Repeat("a", 65)},
	} {
		wantViolation(t, tg, says, "sendMessage", params{"chat_id": wang.ID(), "text": "x", "reply_markup": params{"inline_keyboard": [][]params{{b}}}})
	}
	many := make([][]params, maxInlineButtons+1)
	for i := range many {
		many[i] = []params{{"text": "a", "callback_data": "b"}}
	}
	wantViolation(t, tg, "Bad Request: reply markup is too long", "sendMessage", params{"chat_id": wang.ID(), "text": "x", "reply_markup": params{"inline_keyboard": many}})
	wantViolation(t, tg, "start payload", "sendMessage", params{"chat_id": wang.ID(), "text": "https://t.me/DubanBot?start=a.b"})
	mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": tg.Link("i_abc"), "reply_markup": button("a", strings.Repeat("签", 21)+"x")})
}

func TestWhoCannotBeReached(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := tg.NewPerson("王芳", "")
	to := params{"chat_id": wang.ID(), "text": "您好"}
	wantRefusal(t, tg, 400, "Bad Request: chat not found", "sendMessage", params{"chat_id": 12345, "text": "x"})
	wantRefusal(t, tg, 403, "Forbidden: bot can't initiate conversation with a user", "sendMessage", to)
	wang.Start("")
	mustAsk[any](t, tg, "sendMessage", to)
	wang.Block()
	wantRefusal(t, tg, 403, "Forbidden: bot was blocked by the user", "sendMessage", to)
	wang.Unblock()
	mustAsk[any](t, tg, "sendMessage", to)
	updates := polled(t, tg, params{})
	want(t, updates[1].MyChatMember.NewChatMember.Type, "kicked")
	want(t, updates[2].MyChatMember.NewChatMember.Type, "member")
	wang.Deactivate()
	wantRefusal(t, tg, 403, "Forbidden: user is deactivated", "sendMessage", to)
	want(t, len(tg.Delivered(wang.ID())), 2)
}

func TestAReplyShowsWhatItAnswers(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	card := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "年度总结"})
	wang.Reply(&card, "收到")
	updates := polled(t, tg, params{})
	want(t, updates[1].Message.ReplyToMessage.Text, "年度总结")
	want(t, updates[1].Message.ReplyToMessage.From.IsBot, true)
	m := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "请补充", "reply_parameters": params{"message_id": card.ID, "quote": "总结"}})
	want(t, m.ReplyTo.ID, card.ID)
	want(t, m.Quote.Position, 2)
	wantRefusal(t, tg, 400, "Bad Request: message to be replied not found", "sendMessage", params{"chat_id": wang.ID(), "text": "x", "reply_parameters": params{"message_id": 9999}})
	mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "x", "reply_parameters": params{"message_id": 9999, "allow_sending_without_reply": true}})
	mustAsk[any](t, tg, "deleteMessage", params{"chat_id": wang.ID(), "message_id": card.ID})
	want(t, wang.Find("请补充").ReplyTo == nil, true)
}

func TestTheReplyKeyboardStaysUntilItIsRemoved(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	keys := params{"keyboard": [][]params{{{"text": "我的任务"}, {"text": "分享手机号", "request_contact": true}}}, "is_persistent": true}
	sent := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "a", "reply_markup": keys})
	mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "b"})
	want(t, wang.Keyboard().IsPersistent, true)
	if err := wang.Tap("任务"); err != nil {
		t.Fatal(err)
	}
	if err := wang.Tap("手机号"); err != nil {
		t.Fatal(err)
	}
	wantError(t, wang.Tap("退出"), "[我的任务] [分享手机号]")
	updates := polled(t, tg, params{})
	want(t, updates[1].Message.Text, "我的任务")
	want(t, updates[2].Message.Contact.UserID, wang.ID())
	want(t, updates[2].Message.Contact.PhoneNumber, wang.PhoneNumber())
	want(t, updates[2].Message.ReplyToMessage.ID, sent.ID)
	mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "c", "reply_markup": params{"remove_keyboard": true}})
	want(t, wang.Keyboard() == nil, true)
	wantRefusal(t, tg, 400, "Bad Request: message can't be edited", "editMessageText", params{"chat_id": wang.ID(), "message_id": sent.ID, "text": "x"})
}

func TestCopiesOfOneMessageAreCounted(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	for _, text := range []string{"一", "二", "一"} {
		mustAsk[any](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": text})
	}
	want(t, fmt.Sprint(tg.Copies(wang.ID())), "map[一:2 二:1]")
}

func TestCopyingAndForwarding(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := mustStart(t, tg, "李处"), mustStart(t, tg, "王芳")
	album := li.Album("通知", PhotoItem([]byte("1")), PhotoItem([]byte("2")))
	note := li.Send("请看")
	from := func(p params) params { p["chat_id"], p["from_chat_id"] = wang.ID(), li.ID(); return p }
	copied := mustAsk[[]messageID](t, tg, "copyMessages", from(params{"message_ids": []int{album[0].ID, album[1].ID, note.ID, 9999}}))
	want(t, len(copied), 3)
	first, second := wang.Message(copied[0].ID), wang.Message(copied[1].ID)
	want(t, first.Caption, "通知")
	want(t, first.MediaGroupID != "" && first.MediaGroupID == second.MediaGroupID && first.MediaGroupID != album[0].MediaGroupID, true)
	want(t, first.ForwardOrigin == nil && first.From.ID == tg.BotID(), true)
	one := mustAsk[messageID](t, tg, "copyMessage", from(params{"message_id": note.ID, "reply_markup": button("已阅", "r")}))
	want(t, slices.Equal(wang.Message(one.ID).Buttons(), []string{"已阅"}), true)
	forwarded := mustAsk[Message](t, tg, "forwardMessage", from(params{"message_id": note.ID}))
	want(t, forwarded.ForwardOrigin.SenderUser.ID, li.ID())
	wantRefusal(t, tg, 400, "Bad Request: message can't be edited", "editMessageText", params{"chat_id": wang.ID(), "message_id": forwarded.ID, "text": "x"})
	wantRefusal(t, tg, 400, "Bad Request: message to copy not found", "copyMessage", from(params{"message_id": 9999}))
	wantRefusal(t, tg, 400, "Bad Request: message to forward not found", "forwardMessage", from(params{"message_id": 9999}))
	wantViolation(t, tg, "strictly increasing", "copyMessages", from(params{"message_ids": []int{note.ID, album[0].ID}}))
}

func TestForwardingManySkipsWhatIsGone(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := mustStart(t, tg, "李处"), mustStart(t, tg, "王芳")
	a, b := li.Send("一"), li.Send("二")
	li.DeleteMessage(a)
	from := params{"chat_id": wang.ID(), "from_chat_id": li.ID(), "message_ids": []int{a.ID, b.ID}}
	want(t, len(mustAsk[[]messageID](t, tg, "forwardMessages", from)), 1)
	want(t, wang.Last().ForwardOrigin.SenderUser.ID, li.ID())
	from["message_ids"] = []int{a.ID}
	wantRefusal(t, tg, 400, "Bad Request: there are no messages to forward", "forwardMessages", from)
}

func TestAPersonQuotesAPart(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	card := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "😀年度总结"})
	wang.ReplyQuoting(&card, "总结", "这一件完成了")
	m := polled(t, tg, params{})[1].Message
	want(t, m.Quote.Text, "总结")
	want(t, m.Quote.Position, 4)
	want(t, wang.View(1).Messages[0].Quote.Text, "总结")
}

func TestAForwardKeepsItsFirstOrigin(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := mustStart(t, tg, "李处"), mustStart(t, tg, "王芳")
	wang.Forward(li.Forward(wang.Send("原文")))
	li.ForwardFrom(wang, "别处的话")
	updates := polled(t, tg, params{})
	want(t, updates[4].Message.ForwardOrigin.MessageOriginUser.SenderUser.ID, wang.ID())
	want(t, updates[5].Message.ForwardOrigin.MessageOriginUser.SenderUser.ID, wang.ID())
}

func TestAForwardedContactStillNamesItsOwner(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := mustStart(t, tg, "李处"), mustStart(t, tg, "王芳")
	wang.Forward(li.ShareContact(li))
	wang.ShareCard("假冒", li.PhoneNumber())
	wang.ShareCard("无人", "100")
	updates := polled(t, tg, params{})
	forwarded, forged, nobody := updates[3].Message, updates[4].Message, updates[5].Message
	want(t, forwarded.Contact.UserID == li.ID() && forwarded.ForwardOrigin != nil, true)
	want(t, forged.Contact.UserID, li.ID())
	want(t, nobody.Contact.UserID, 0)
}

func TestPeopleSendOtherThings(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	wang.Video("课.mp4", []byte("v"), "公开课")
	wang.Voice([]byte("o"))
	wang.Sticker("👌")
	wang.Location(31.2, 121.5)
	u := polled(t, tg, params{})[1:]
	want(t, u[0].Message.Caption == "公开课" && u[0].Message.Video.MimeType == "video/mp4", true)
	want(t, u[1].Message.Voice.FileSize, 1)
	want(t, u[2].Message.Sticker.Emoji, "👌")
	want(t, u[3].Message.Location.Latitude, 31.2)
}

func TestMessageIDsCountThroughAllPrivateChats(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := mustStart(t, tg, "李处"), mustStart(t, tg, "王芳")
	a, b := li.Send("a"), wang.Send("b")
	want(t, b.ID, a.ID+1)
}
