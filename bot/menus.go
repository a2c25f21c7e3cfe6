package bot

import (
	"context"
	"errors"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/store"
	"duban/text"
)

// menuLangs are the languages for which Telegram keeps a menu of commands; the empty one is for all others.
var menuLangs = []struct {
	code string
	lang text.Lang
}{{"zh", text.ZH}, {"en", text.EN}}

// PublishMenus sets the menus of commands: what everybody may for everybody, and more in the chats of those whose posts allow more.
func (b *Bot) PublishMenus(ctx context.Context, c *Client) error {
	var posts map[int64][]duban.Post
	err := b.store().Read(ctx, func(tx *store.Tx) error {
		var err error
		posts, err = chatsWithRights(tx)
		return err
	})
	if err != nil {
		return err
	}
	errs := []error{b.publish(ctx, c, &models.BotCommandScopeDefault{}, nil)}
	for chat, held := range posts {
		errs = append(errs, b.PublishMenu(ctx, c, chat, held))
	}
	return errors.Join(errs...)
}

// PublishMenu sets the menu of commands in one chat by the posts that its person holds.
func (b *Bot) PublishMenu(ctx context.Context, c *Client, chat int64, posts []duban.Post) error {
	return b.publish(ctx, c, &models.BotCommandScopeChat{ChatID: chat}, posts)
}

func (b *Bot) publish(ctx context.Context, c *Client, scope models.BotCommandScope, posts []duban.Post) error {
	errs := []error{c.SetCommands(ctx, botCommands(b.Lang, posts), scope, "")}
	for _, l := range menuLangs {
		errs = append(errs, c.SetCommands(ctx, botCommands(l.lang, posts), scope, l.code))
	}
	return errors.Join(errs...)
}

func botCommands(lang text.Lang, posts []duban.Post) []models.BotCommand {
	var all []models.BotCommand
	for _, c := range CommandMenu(lang, posts) {
		all = append(all, models.BotCommand{Command: c[0], Description: c[1]})
	}
	return all
}

// chatsWithRights returns the posts of everybody who has joined and may more than everybody, by chat.
func chatsWithRights(tx *store.Tx) (map[int64][]duban.Post, error) {
	accounts, err := tx.Accounts()
	if err != nil {
		return nil, err
	}
	chats := map[int64][]duban.Post{}
	for _, a := range accounts {
		posts, err := tx.Posts(a.PersonID)
		if err != nil {
			return nil, err
		}
		if len(CommandMenu(text.EN, posts)) > len(CommandMenu(text.EN, nil)) {
			chats[a.TelegramID] = posts
		}
	}
	return chats, nil
}
