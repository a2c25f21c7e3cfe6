package sim

import (
	"context"
	"testing"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// must fails a test for an error of the library and returns the result otherwise.
func must[T any](tb testing.TB) func(T, error) T {
	return func(result T, err error) T {
		tb.Helper()
		if err != nil {
			tb.Error(err)
		}
		return result
	}
}

func TestTheLibraryUnderstandsEveryAnswer(t *testing.T) {
	tg := mustTelegram(t, Options{})
	li, wang := mustStart(t, tg, "李处"), mustStart(t, tg, "王芳")
	g := tg.NewGroup("党建群", li, wang)
	b, ctx, id := mustBot(t, tg), context.Background(), wang.ID()
	done, sent := must[bool](t), must[*models.Message](t)

	want(t, must[*models.User](t)(b.GetMe(ctx)).Username, "DubanBot")
	scope := &models.BotCommandScopeChat{ChatID: id}
	done(b.SetMyCommands(ctx, &bot.SetMyCommandsParams{Commands: []models.BotCommand{{Command: "tasks", Description: "我的任务"}}, Scope: scope}))
	want(t, must[[]models.BotCommand](t)(b.GetMyCommands(ctx, &bot.GetMyCommandsParams{Scope: scope}))[0].Command, "tasks")
	done(b.DeleteMyCommands(ctx, &bot.DeleteMyCommandsParams{Scope: scope}))
	done(b.SetChatMenuButton(ctx, &bot.SetChatMenuButtonParams{ChatID: id}))
	done(b.SetChatMenuButton(ctx, &bot.SetChatMenuButtonParams{MenuButton: models.MenuButtonCommands{Type: models.MenuButtonTypeCommands}}))
	done(b.SendChatAction(ctx, &bot.SendChatActionParams{ChatID: id, Action: models.ChatActionTyping}))

	no := false
	card := sent(b.SendMessage(ctx, &bot.SendMessageParams{
		ChatID: id, Text: "卡", LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: &no},
		ReplyMarkup: &models.ReplyKeyboardMarkup{Keyboard: [][]models.KeyboardButton{{{Text: "手机号", RequestContact: true}}}, ResizeKeyboard: true},
	}))
	reply := sent(b.SendMessage(ctx, &bot.SendMessageParams{ChatID: id, Text: "催", ReplyParameters: &models.ReplyParameters{ChatID: id, MessageID: card.ID}}))
	want(t, reply.ReplyToMessage.ID, card.ID)
	sent(b.SendMessage(ctx, &bot.SendMessageParams{ChatID: id, Text: "好", ReplyMarkup: &models.ReplyKeyboardRemove{RemoveKeyboard: true}}))
	sent(b.SendMessage(ctx, &bot.SendMessageParams{ChatID: id, Text: "请写原因", ReplyMarkup: &models.ForceReply{ForceReply: true}}))
	sent(b.EditMessageReplyMarkup(ctx, &bot.EditMessageReplyMarkupParams{ChatID: id, MessageID: reply.ID, ReplyMarkup: button("签收", "a")}))
	done(b.PinChatMessage(ctx, &bot.PinChatMessageParams{ChatID: id, MessageID: reply.ID}))
	done(b.SetMessageReaction(ctx, &bot.SetMessageReactionParams{ChatID: id, MessageID: reply.ID, Reaction: []models.ReactionType{{
		Type: models.ReactionTypeTypeEmoji, ReactionTypeEmoji: &models.ReactionTypeEmoji{Emoji: "👌"},
	}}}))
	want(t, must[*models.ChatFullInfo](t)(b.GetChat(ctx, &bot.GetChatParams{ChatID: id})).PinnedMessage.ID, reply.ID)
	done(b.UnpinChatMessage(ctx, &bot.UnpinChatMessageParams{ChatID: id, MessageID: reply.ID}))

	doc := wang.Document("总结.docx", []byte("PK"), "")
	want(t, must[*models.File](t)(b.GetFile(ctx, &bot.GetFileParams{FileID: doc.Document.FileID})).FileSize, 2)
	want(t, must[*models.MessageID](t)(b.CopyMessage(ctx, &bot.CopyMessageParams{ChatID: li.ID(), FromChatID: id, MessageID: doc.ID})).ID > 0, true)
	copies := must[[]models.MessageID](t)(b.CopyMessages(ctx, &bot.CopyMessagesParams{ChatID: li.ID(), FromChatID: id, MessageIDs: []int{doc.ID}}))
	want(t, len(copies), 1)
	sent(b.SendContact(ctx, &bot.SendContactParams{ChatID: id, PhoneNumber: "8621", FirstName: "办公室"}))
	done(b.SetMyDescription(ctx, &bot.SetMyDescriptionParams{Description: "督办"}))
	want(t, must[models.BotDescription](t)(b.GetMyDescription(ctx, &bot.GetMyDescriptionParams{LanguageCode: "en"})).Description, "督办")
	want(t, must[models.MenuButton](t)(b.GetChatMenuButton(ctx, &bot.GetChatMenuButtonParams{ChatID: id})).Type, models.MenuButtonTypeDefault)
	sent(b.ForwardMessage(ctx, &bot.ForwardMessageParams{ChatID: li.ID(), FromChatID: id, MessageID: doc.ID}))
	done(b.DeleteMessages(ctx, &bot.DeleteMessagesParams{ChatID: id, MessageIDs: []int{reply.ID, doc.ID}}))

	owner := must[*models.ChatMember](t)(b.GetChatMember(ctx, &bot.GetChatMemberParams{ChatID: g.ID(), UserID: li.ID()}))
	want(t, owner.Owner.User.ID, li.ID())
	done(b.LeaveChat(ctx, &bot.LeaveChatParams{ChatID: g.ID()}))
	done(b.SetWebhook(ctx, &bot.SetWebhookParams{URL: "https://duban.invalid/hook", SecretToken: "s", AllowedUpdates: []string{"message"}}))
	want(t, must[*models.WebhookInfo](t)(b.GetWebhookInfo(ctx)).URL, "https://duban.invalid/hook")
	done(b.DeleteWebhook(ctx, &bot.DeleteWebhookParams{}))
}
