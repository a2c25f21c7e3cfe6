package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/store"
	"duban/text"
)

// Handle takes one update through the door and returns what is to be answered. Seq is its row in the inbox; whatever is done for it is done
// once. An error means that it could not be handled and is to be tried again.
func (b *Bot) Handle(ctx context.Context, seq int64, u *models.Update) ([]Outgoing, error) {
	switch {
	case u.CallbackQuery != nil:
		return b.handlePress(ctx, seq, u.CallbackQuery)
	case u.MyChatMember != nil:
		return nil, b.handleMembership(ctx, u.MyChatMember)
	case u.Message != nil:
		return b.handleMessage(ctx, seq, u.Message)
	}
	return nil, nil
}

// private reports whether something was said by a person himself in the private chat: not by a channel or an anonymous administrator, for
// whom Telegram puts a stand-in into from, and not in a group, where nothing personal is ever said.
func private(m *models.Message) bool {
	return m.From != nil && !m.From.IsBot && m.SenderChat == nil && m.Chat.Type == models.ChatTypePrivate && m.Chat.ID == m.From.ID
}

func (b *Bot) handleMessage(ctx context.Context, seq int64, m *models.Message) ([]Outgoing, error) {
	if m.Chat.Type == models.ChatTypeGroup || m.Chat.Type == models.ChatTypeSupergroup {
		return b.handleGroup(ctx, seq, m)
	}
	if !private(m) {
		return nil, nil
	}
	v, err := b.visitor(ctx, seq, m.From.ID)
	if duban.CodeOf(err) == duban.NotBound {
		return b.stranger(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	v.message = m
	if err := v.findAbout(m.ReplyToMessage); err != nil {
		return nil, err
	}
	err = v.refused(v.heard())
	return v.out, err
}

func (b *Bot) handlePress(ctx context.Context, seq int64, q *models.CallbackQuery) ([]Outgoing, error) {
	v, err := b.visitor(ctx, seq, q.From.ID)
	if duban.CodeOf(err) == duban.NotBound {
		return b.strangerPressed(ctx, q)
	}
	if err != nil {
		return nil, err
	}
	v.press = q
	if err := v.findPressed(); err != nil {
		return nil, err
	}
	err = v.refused(v.pressed())
	if err == nil {
		b.Press(q.ID, v.toast, v.alert)
	}
	return v.out, err
}

// visitor finds who is at the door. Nobody without an active account passes; that is NotBound.
func (b *Bot) visitor(ctx context.Context, seq, telegramID int64) (*visit, error) {
	v := &visit{Bot: b, ctx: ctx}
	err := b.store().Read(ctx, func(tx *store.Tx) error {
		account, err := tx.AccountOfTelegram(telegramID)
		if duban.CodeOf(err) == duban.NotFound {
			return duban.Refuse(duban.NotBound)
		}
		if err != nil {
			return err
		}
		v.account, v.now, v.lang = account, tx.Now, text.Lang(account.Lang)
		v.who = duban.Actor{PersonID: account.PersonID, AccountID: account.ID, Cause: seq, Via: duban.ViaChat}
		if v.person, err = tx.Person(account.PersonID); err != nil {
			return err
		}
		if v.posts, err = tx.Posts(account.PersonID); err != nil {
			return err
		}
		v.dialog, err = tx.Dialog(telegramID)
		return err
	})
	if err != nil || v.account.Unreachable == "" {
		return v, err
	}
	return v, b.store().Write(ctx, func(tx *store.Tx) error { return b.Desk.FindReach(tx, v.account) })
}

// findAbout finds out what the message that was replied to is about. A message of ours that is not known, because the program ended before it could
// note that it had arrived, still shows the code of its item.
func (v *visit) findAbout(reply *models.Message) error {
	if reply == nil {
		return nil
	}
	if err := v.findMessage(int64(reply.ID)); err != nil || v.aboutSomething() || reply.From == nil || !reply.From.IsBot {
		return err
	}
	return v.findByCode(reply.Text)
}

func (v *visit) aboutSomething() bool {
	m := v.about
	return m.AssignmentID != 0 || m.SubmissionID != 0 || m.AnnouncementID != 0 || len(m.Items) > 0 || m.Data != ""
}

// findByCode takes a message of ours for one about the visitor's open item whose code stands in its first line.
func (v *visit) findByCode(shown string) error {
	line, _, _ := strings.Cut(shown, "\n")
	open, err := v.openItems(func(duban.Assignment) bool { return true })
	for _, it := range open {
		if slices.Contains(strings.Fields(line), it.Task.Code) {
			v.about.AssignmentID = it.ID
		}
	}
	return err
}

// findPressed finds out which of our messages carries the button. Of an old one Telegram tells no more than its id.
func (v *visit) findPressed() error {
	switch {
	case v.press.Message.Message != nil:
		return v.findMessage(int64(v.press.Message.Message.ID))
	case v.press.Message.InaccessibleMessage != nil:
		return v.findMessage(int64(v.press.Message.InaccessibleMessage.MessageID))
	}
	return nil
}

func (v *visit) findMessage(id int64) error {
	err := v.store().Read(v.ctx, func(tx *store.Tx) error {
		m, err := tx.MessageAt(v.account.TelegramID, id)
		v.about = m
		return err
	})
	if duban.CodeOf(err) == duban.NotFound {
		v.about.ChatID, v.about.MessageID = v.account.TelegramID, id
		return nil
	}
	return err
}

// reasonBlocked is why somebody who has blocked the bot cannot be reached.
const reasonBlocked = "blocked"

// handleMembership notices that somebody has blocked the bot or come back.
func (b *Bot) handleMembership(ctx context.Context, m *models.ChatMemberUpdated) error {
	if m.Chat.Type != models.ChatTypePrivate {
		return b.groupMembership(ctx, m)
	}
	return b.store().Write(ctx, func(tx *store.Tx) error {
		account, err := tx.AccountOfTelegram(m.From.ID)
		if err != nil {
			if duban.CodeOf(err) == duban.NotFound {
				return nil
			}
			return err
		}
		if m.NewChatMember.Type == models.ChatMemberTypeBanned {
			return b.Desk.LoseReach(tx, account.PersonID, reasonBlocked)
		}
		return b.Desk.FindReach(tx, account)
	})
}

// outOfDate are the refusals that say that a card shows more than can be done, so that it is shown anew.
var outOfDate = map[duban.Code]bool{duban.AlreadyDone: true, duban.WrongState: true, duban.TooLate: true}

// pressed finds the line of the button table and runs it. A button that nobody knows any more is answered politely.
func (v *visit) pressed() error {
	call, err := parseCall(v.press.Data)
	handler, ok := buttons[call.verb]
	if err != nil || !ok {
		v.answer("press.stale")
		return v.Desk.PressDenied(v.ctx, v.who, v.account.TelegramID, "", duban.NotFound)
	}
	err = handler(v, call)
	switch code := duban.CodeOf(err); {
	case code == duban.NotFound || code == duban.NotAllowed:
		v.answer("press.stale")
		return v.Desk.PressDenied(v.ctx, v.who, v.account.TelegramID, call.verb, code)
	case outOfDate[code] && v.about.AssignmentID != 0:
		if err := v.Desk.ShowCard(v.ctx, v.who, v.about.AssignmentID); err != nil {
			return err
		}
	}
	if err != nil && !errors.Is(err, duban.ErrRepeated) && duban.CodeOf(err) == duban.Internal {
		return fmt.Errorf("press %s: %w", call.verb, err)
	}
	return err
}
