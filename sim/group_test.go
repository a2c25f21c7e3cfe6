package sim

import (
	"testing"

	"github.com/go-telegram/bot/models"
)

func TestInAGroupTheBotSeesOnlyWhatConcernsIt(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := tg.NewPerson("李处", ""), tg.NewPerson("王芳", "")
	g := tg.NewGroup("党建群", li, wang)
	card := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": g.ID(), "text": "通知"})
	g.As(wang).Send("闲聊")
	g.As(wang).Send("/tasks")
	g.As(wang).Reply(&card, "收到")
	g.As(wang).Send("请 @DubanBot 看")
	first := polled(t, tg, params{})
	want(t, len(first), 4)
	g.Promote(li)
	g.As(wang).Send("闲聊")
	g.SayAnonymously("匿名")
	u := polled(t, tg, params{"offset": first[0].ID})
	want(t, len(u), 7)
	want(t, u[0].MyChatMember.NewChatMember.Type, models.ChatMemberTypeMember)
	want(t, u[4].MyChatMember.NewChatMember.Administrator.CanPinMessages, true)
	want(t, u[6].Message.SenderChat.ID, g.ID())
}

func TestAnybodyInAGroupCanPressAButton(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := tg.NewPerson("李处", ""), tg.NewPerson("王芳", "")
	g := tg.NewGroup("党建群", li, wang)
	mustAsk[any](t, tg, "sendMessage", params{"chat_id": g.ID(), "text": "通知", "reply_markup": button("已阅", "r")})
	if err := g.As(wang).Press("已阅"); err != nil {
		t.Fatal(err)
	}
	q := polled(t, tg, params{})[1].CallbackQuery
	want(t, q.From.ID, wang.ID())
	want(t, q.Message.Message.Chat.ID, g.ID())
}

func TestGroupsTheBotCannotWriteTo(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li := tg.NewPerson("李处", "")
	super, basic := tg.NewGroup("新群", li), tg.NewBasicGroup("旧群", li)
	to := func(g *Group) params { return params{"chat_id": g.ID(), "text": "x"} }
	super.Mute(true)
	wantRefusal(t, tg, 400, "Bad Request: not enough rights to send text messages to the chat", "sendMessage", to(super))
	super.Kick(li)
	basic.Kick(li)
	wantRefusal(t, tg, 403, "Forbidden: bot was kicked from the supergroup chat", "sendMessage", to(super))
	wantRefusal(t, tg, 403, "Forbidden: bot was kicked from the group chat", "sendMessage", to(basic))
	basic.AddBot(li)
	mustAsk[bool](t, tg, "leaveChat", params{"chat_id": basic.ID()})
	wantRefusal(t, tg, 403, "Forbidden: bot is not a member of the group chat", "sendMessage", to(basic))
	basic.Delete()
	wantRefusal(t, tg, 403, "Forbidden: the group chat was deleted", "sendMessage", to(basic))
}

func TestAnUpgradedGroupNamesItsNewID(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li := tg.NewPerson("李处", "")
	g := tg.NewBasicGroup("旧群", li)
	old := g.ID()
	moved := g.Migrate(li)
	a := wantRefusal(t, tg, 400, "Bad Request: group chat was upgraded to a supergroup chat", "sendMessage", params{"chat_id": old, "text": "x"})
	want(t, a.Parameters.MigrateTo, moved)
	want(t, mustAsk[Message](t, tg, "sendMessage", params{"chat_id": moved, "text": "x"}).Chat.Type, "supergroup")
	u := polled(t, tg, params{})
	want(t, u[1].Message.MigrateToChatID, moved)
	want(t, u[2].Message.MigrateFromChatID, old)
}

func TestForumTopics(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li := tg.NewPerson("李处", "")
	g := tg.NewGroup("论坛", li)
	g.Promote(li)
	id := g.NewTopic("督办", li)
	m := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": g.ID(), "text": "x", "message_thread_id": id})
	want(t, m.ThreadID == id && m.IsTopicMessage && m.Chat.IsForum, true)
	wantRefusal(t, tg, 400, "Bad Request: message thread not found", "sendMessage", params{"chat_id": g.ID(), "text": "x", "message_thread_id": 1})
	reply := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": g.ID(), "text": "y", "reply_parameters": params{"message_id": m.ID}})
	want(t, reply.ThreadID, id)
	g.As(li).InTopic(id).Send("在题内")
	g.As(li).Send("在题外")
	want(t, len(g.As(li).InTopic(id).Messages()), 4)
	made := mustAsk[models.ForumTopic](t, tg, "createForumTopic", params{"chat_id": g.ID(), "name": "公告"})
	want(t, made.Name, "公告")
}

func TestMembersOfAGroup(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := tg.NewPerson("李处", ""), tg.NewPerson("王芳", "")
	g := tg.NewGroup("党建群", li)
	status := func(id int64) models.ChatMemberType {
		return mustAsk[models.ChatMember](t, tg, "getChatMember", params{"chat_id": g.ID(), "user_id": id}).Type
	}
	want(t, status(li.ID()), models.ChatMemberTypeOwner)
	want(t, status(wang.ID()), models.ChatMemberTypeLeft)
	g.Add(wang)
	want(t, status(wang.ID()), models.ChatMemberTypeMember)
	want(t, mustAsk[int](t, tg, "getChatMemberCount", params{"chat_id": g.ID()}), 3)
	g.Remove(wang)
	want(t, status(wang.ID()), models.ChatMemberTypeLeft)
	want(t, status(tg.BotID()), models.ChatMemberTypeMember)
	want(t, len(mustAsk[[]models.ChatMember](t, tg, "getChatAdministrators", params{"chat_id": g.ID()})), 1)
	u := polled(t, tg, params{})
	want(t, u[1].Message.NewChatMembers[0].ID, wang.ID())
	want(t, u[2].Message.LeftChatMember.ID, wang.ID())
}

func TestATopicIsClosedReopenedAndDeleted(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li := tg.NewPerson("李处", "")
	g := tg.NewGroup("论坛", li)
	id := g.NewTopic("督办", li)
	to := params{"chat_id": g.ID(), "text": "x", "message_thread_id": id}
	g.CloseTopic(id, li)
	wantRefusal(t, tg, 400, "Bad Request: TOPIC_CLOSED", "sendMessage", to)
	g.ReopenTopic(id, li)
	mustAsk[Message](t, tg, "sendMessage", to)
	g.DeleteTopic(id)
	wantRefusal(t, tg, 400, "Bad Request: message thread not found", "sendMessage", to)
	u := polled(t, tg, params{})
	want(t, u[2].Message.ForumTopicClosed != nil && u[2].Message.MessageThreadID == id, true)
	want(t, u[3].Message.ForumTopicReopened != nil, true)
}
