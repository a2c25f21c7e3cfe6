package bot

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/store"
	"duban/text"
	"duban/work"
)

// groupAnswers is how often a work group is told to ask in private.
const groupAnswers = 20 * time.Second

// handleGroup takes what happens in a chat of several people. Of what people write only commands and replies to the bot are read, and nothing about
// anybody is ever answered there.
func (b *Bot) handleGroup(ctx context.Context, seq int64, m *models.Message) ([]Outgoing, error) {
	if change := b.groupChange(m); change != nil {
		return nil, b.store().Write(ctx, change)
	}
	asked := b.askedInGroup(m)
	switch {
	case asked == "":
		return nil, nil
	case asked != "bind" && asked != "unbind":
		return b.sendToPrivate(ctx, m)
	case m.From == nil || m.From.IsBot || m.SenderChat != nil:
		return b.inGroup(m, "group.anonymous"), nil
	}
	v, err := b.visitor(ctx, seq, m.From.ID)
	if duban.CodeOf(err) == duban.NotBound {
		return b.strangerBinds(ctx, m)
	}
	if err != nil {
		return nil, err
	}
	if !v.has(duban.ActInvite) {
		return b.inGroup(m, "group.who_may"), nil
	}
	if asked == "unbind" {
		return v.unbindHere(m)
	}
	return v.bindHere(m)
}

// groupChange is what a service message of a group changes; nil when it is none.
func (b *Bot) groupChange(m *models.Message) func(*store.Tx) error {
	switch {
	case m.MigrateToChatID != 0:
		return func(tx *store.Tx) error { return b.Desk.MoveGroup(tx, m.Chat.ID, m.MigrateToChatID) }
	case m.MigrateFromChatID != 0:
		return func(tx *store.Tx) error { return b.Desk.MoveGroup(tx, m.MigrateFromChatID, m.Chat.ID) }
	case m.NewChatTitle != "":
		return func(tx *store.Tx) error { return b.Desk.RenameGroup(tx, m.Chat.ID, m.NewChatTitle) }
	case m.ForumTopicClosed != nil:
		return ofTopic(m, b.Desk.LoseGroup)
	case m.ForumTopicReopened != nil:
		return ofTopic(m, b.Desk.FindGroup)
	}
	return nil
}

func ofTopic(m *models.Message, do func(*store.Tx, int64, int64, duban.GroupReason) error) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		g, err := tx.GroupAt(m.Chat.ID, int64(m.MessageThreadID))
		if err != nil {
			return ignoreGone(err)
		}
		return do(tx, m.Chat.ID, g.ID, duban.GroupTopicClosed)
	}
}

// askedInGroup is the command of ours that was typed in a group, or "reply" for an answer to a message of the bot; empty for everything else, commands
// to other bots too.
func (b *Bot) askedInGroup(m *models.Message) string {
	if word, _, _ := strings.Cut(strings.ReplaceAll(m.Text, "\n", " "), " "); strings.HasPrefix(word, "/") {
		name, to, named := strings.Cut(strings.ToLower(word[1:]), "@")
		if named && to != strings.ToLower(b.Username) {
			return ""
		}
		if name == "bind" || name == "unbind" || slices.ContainsFunc(commands(), func(c command) bool { return c.name == name }) {
			return name
		}
		return ""
	}
	if r := m.ReplyToMessage; r != nil && r.From != nil && r.From.IsBot && strings.EqualFold(r.From.Username, b.Username) {
		return "reply"
	}
	return ""
}

// sendToPrivate answers a question in a work group with the way into the private chat. In a group of nobody the bot is silent.
func (b *Bot) sendToPrivate(ctx context.Context, m *models.Message) ([]Outgoing, error) {
	var may bool
	err := b.store().Write(ctx, func(tx *store.Tx) error {
		g, err := tx.GroupAt(m.Chat.ID, threadOf(m))
		if err != nil || !g.Bound() {
			return ignoreGone(err)
		}
		may, err = tx.TakeGroupAnswer(g.ID, groupAnswers)
		return err
	})
	if err != nil || !may {
		return nil, err
	}
	out := b.inGroup(m, "group.in_private")
	out[0].Keyboard = b.intoPrivate("group.button_private", linkTasks)
	return out, nil
}

func (b *Bot) strangerBinds(ctx context.Context, m *models.Message) ([]Outgoing, error) {
	may, err := b.Desk.MayAnswer(ctx, m.From.ID)
	if err != nil || !may {
		return nil, err
	}
	return b.inGroup(m, "group.who_may"), nil
}

// inGroup answers a message where it stands, in the language of the organisation.
func (b *Bot) inGroup(m *models.Message, key string, args ...any) []Outgoing {
	return []Outgoing{{ChatID: m.Chat.ID, Thread: threadOf(m), ReplyTo: int64(m.ID), Text: text.Say(b.Lang, key, args...)}}
}

// threadOf is the topic in which a message stands; 0 in the general one, which has no number to send to. A reply in a group without topics has a thread too.
func threadOf(m *models.Message) int64 {
	if !m.IsTopicMessage {
		return 0
	}
	return int64(m.MessageThreadID)
}

// groupTitle is what a group is called, with the topic where its beginning says so.
func groupTitle(m *models.Message) string {
	if r := m.ReplyToMessage; m.IsTopicMessage && r != nil && r.ForumTopicCreated != nil {
		return m.Chat.Title + " / " + r.ForumTopicCreated.Name
	}
	return m.Chat.Title
}

// groupMembership notices that the bot was put into a chat or removed from it, may not write there, or may again.
func (b *Bot) groupMembership(ctx context.Context, m *models.ChatMemberUpdated) error {
	was, is := inChat(m.OldChatMember), inChat(m.NewChatMember)
	at := time.Unix(int64(m.Date), 0)
	return b.store().Write(ctx, func(tx *store.Tx) error {
		switch {
		case !is:
			return b.Desk.GroupRemoved(tx, m.Chat.ID)
		case m.Chat.Type == models.ChatTypeChannel:
			return b.Desk.ChannelJoined(tx, m.Chat.ID, m.Chat.Title, at)
		case muted(m.NewChatMember):
			return b.Desk.LoseGroup(tx, m.Chat.ID, 0, duban.GroupNoRights)
		}
		if err := b.Desk.FindGroup(tx, m.Chat.ID, 0, duban.GroupKicked); err != nil || was {
			return err
		}
		return b.Desk.GroupJoined(tx, m.Chat.ID, m.Chat.Title, at)
	})
}

// inChat reports whether somebody with such a membership is in the chat.
func inChat(m models.ChatMember) bool {
	switch m.Type {
	case models.ChatMemberTypeBanned, models.ChatMemberTypeLeft:
		return false
	case models.ChatMemberTypeRestricted:
		return m.Restricted != nil && m.Restricted.IsMember
	}
	return true
}

func muted(m models.ChatMember) bool {
	return m.Type == models.ChatMemberTypeRestricted && m.Restricted != nil && !m.Restricted.CanSendMessages
}

// lostGroup notes that a letter to a group did not arrive because nothing does.
func (b *Bot) lostGroup(tx *store.Tx, l duban.Letter, reason string) error {
	why := duban.GroupReason(reason)
	if !slices.Contains(duban.GroupReasons, why) {
		return nil
	}
	g, err := groupOf(tx, l)
	if err != nil {
		return ignoreGone(err)
	}
	return b.Desk.LoseGroup(tx, g.ChatID, g.ID, why)
}

// deliveredToGroup notes that a letter has arrived in a group.
func (b *Bot) deliveredToGroup(tx *store.Tx, l duban.Letter, o Outgoing, message int64) error {
	switch l.Kind {
	case duban.NewsAnswer, duban.NewsGroupHint:
		return nil
	case duban.NewsGroupLeave:
		return b.Desk.GroupLeft(tx, l)
	}
	g, err := groupOf(tx, l)
	if err != nil {
		return ignoreGone(err)
	}
	became := duban.NotRecalled
	if o.Erase != 0 {
		became = recalledAs(message)
	}
	return b.Desk.GroupDelivered(tx, l, g.ID, o.Version, became)
}

// groupOf finds the work group of a letter: by what it says, or for an answer by its chat.
func groupOf(tx *store.Tx, l duban.Letter) (duban.Group, error) {
	if l.Kind == duban.NewsAnswer {
		all, err := tx.GroupsOfChat(l.ChatID)
		if err != nil || len(all) == 0 {
			return duban.Group{ChatID: l.ChatID}, err
		}
		return all[0], nil
	}
	var news work.GroupNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return duban.Group{}, err
	}
	return tx.Group(news.Group)
}

// The ways from a group into the private chat: what the link begins the chat with.
const (
	linkTasks    = "to_tasks"
	linkAnnounce = "to_announce_" // the id of an announcement follows
)

func (b *Bot) intoPrivate(key, link string) Keyboard {
	return Keyboard{{{Label: text.Word(b.Lang, key), URL: "https://t.me/" + b.Username + "?start=" + link}}}
}

// announcementLinked reads the id out of a link to an announcement.
func announcementLinked(payload string) (int64, bool) {
	digits, ok := strings.CutPrefix(strings.TrimSpace(payload), linkAnnounce)
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, ok && err == nil
}

// isFromGroup reports whether a link is one that stands in groups, and so says nothing about who follows it.
func isFromGroup(payload string) bool {
	_, announcement := announcementLinked(payload)
	return announcement || strings.TrimSpace(payload) == linkTasks
}

// fromGroup is what a link in a group opens for somebody who has joined.
func (v *visit) fromGroup(payload string) (open func() error, ok bool) {
	if id, ok := announcementLinked(payload); ok {
		return func() error { return v.openAnnouncement(id) }, true
	}
	return func() error { return v.showTasks("") }, isFromGroup(payload)
}

// openAnnouncement shows an announcement with the button for its receipt to whoever got it and has not confirmed it yet.
func (v *visit) openAnnouncement(id int64) error {
	r, err := v.Desk.AskForReceipt(v.ctx, v.who, id)
	switch {
	case duban.CodeOf(err) == duban.NotFound:
		v.say("group.not_for_you")
		return nil
	case errors.Is(err, duban.ErrRepeated):
		return nil
	case err == nil && !r.ConfirmedAt.IsZero():
		v.say("group.confirmed", "at", v.moment(r.ConfirmedAt))
	}
	return err
}
