package bot

import (
	"context"
	"strings"

	"github.com/go-telegram/bot/models"

	"duban"
	"duban/store"
	"duban/text"
	"duban/work"
)

// guest is somebody who is not bound: he can open an invitation, say 是我 or 不是我, share his own contact, and nothing else. For everything else
// there is one neutral sentence, which says nothing about who is known.
type guest struct {
	*Bot
	ctx        context.Context
	who        duban.Actor
	telegramID int64
	lang       text.Lang
}

func (b *Bot) guest(ctx context.Context, u *models.User) guest {
	return guest{Bot: b, ctx: ctx, who: work.Stranger, telegramID: u.ID, lang: text.LangOf(u.LanguageCode, b.Lang)}
}

// stranger answers a message of somebody who is not bound.
func (b *Bot) stranger(ctx context.Context, m *models.Message) ([]Outgoing, error) {
	g := b.guest(ctx, m.From)
	if m.Contact != nil {
		return g.sharedContact(m)
	}
	typed := strings.TrimSpace(m.Text)
	if payload, ok := strings.CutPrefix(typed, "/start "); ok && !isFromGroup(payload) {
		return g.opened(strings.TrimSpace(payload))
	}
	if out, handled, err := g.factor(typed); handled || err != nil {
		return out, err
	}
	return g.neutral()
}

// strangerPressed answers a button of somebody who is not bound: the two under an invitation.
func (b *Bot) strangerPressed(ctx context.Context, q *models.CallbackQuery) ([]Outgoing, error) {
	g := b.guest(ctx, &q.From)
	call, err := parseCall(q.Data)
	if err == nil && call.verb == "me" && q.Message.Message != nil {
		b.Press(q.ID, "", false)
		out, err := g.saysWho(call.arg == "yes")
		return append(g.closed(q.Message.Message, len(out)), out...), err
	}
	b.Press(q.ID, text.Word(g.lang, "press.stale"), false)
	verb := call.verb
	if _, ours := buttons[verb]; !ours {
		verb = ""
	}
	return nil, b.Desk.PressDenied(ctx, g.who, g.telegramID, verb, duban.NotBound)
}

func (g guest) saysWho(me bool) ([]Outgoing, error) {
	if me {
		return g.isMe(work.Proof{})
	}
	return g.isNotMe()
}

// closed takes the buttons away from an invitation that has been answered.
func (g guest) closed(m *models.Message, answers int) []Outgoing {
	if answers == 0 {
		return nil
	}
	return g.say(Outgoing{Text: text.Escape(m.Text), Edit: int64(m.ID)})
}

// neutral says the one sentence, at most twice in an hour, with the button to share one's own contact.
func (g guest) neutral() ([]Outgoing, error) {
	may, err := g.Desk.MayAnswer(g.ctx, g.telegramID)
	if err != nil || !may {
		return nil, err
	}
	return g.say(Outgoing{Text: text.Say(g.lang, "stranger.neutral"), Menu: &Menu{Contact: text.Word(g.lang, "button.contact")}}), nil
}

func (g guest) say(o Outgoing) []Outgoing {
	o.ChatID = g.telegramID
	return []Outgoing{o}
}

// opened shows whom an invitation is for: a masked name and the unit, and asks whether it is he. A link that is not good gets the neutral
// sentence, whatever the reason.
func (g guest) opened(payload string) ([]Outgoing, error) {
	found, err := g.Desk.OpenInvitation(g.ctx, g.who, g.telegramID, payload)
	if out, again, err := g.again(err); again || err != nil {
		return out, err
	}
	if err != nil {
		return nil, err
	}
	return g.say(Outgoing{
		Text: text.Say(g.lang, "join.is_it_you", "name", masked(found.Person.Name), "unit", found.Unit.Name),
		Keyboard: Keyboard{{
			button(text.Word(g.lang, "button.me"), "me", 0, "yes"), button(text.Word(g.lang, "button.not_me"), "me", 0, "no"),
		}},
	}), nil
}

// again answers what is refused with the neutral sentence.
func (g guest) again(err error) ([]Outgoing, bool, error) {
	switch duban.CodeOf(err) {
	case duban.LinkInvalid:
		out, err := g.neutral()
		return out, true, err
	case "":
		return nil, false, nil
	}
	return nil, false, err
}

// masked hides all but the first character of a name.
func masked(name string) string {
	r := []rune(name)
	if len(r) < 2 {
		return name
	}
	return string(r[:1]) + strings.Repeat("*", len(r)-1)
}

func (g guest) isMe(proof work.Proof) ([]Outgoing, error) {
	joined, err := g.Desk.Join(g.ctx, g.who, g.telegramID, string(g.lang), proof)
	if duban.CodeOf(err) == duban.EvidenceNeeded {
		return g.askFactor(), nil
	}
	if out, again, err := g.again(err); again || err != nil {
		return out, err
	}
	if err != nil {
		return nil, err
	}
	return g.greet(joined), nil
}

func (g guest) askFactor() []Outgoing {
	if g.Desk.Policy.SecondFactor == duban.ContactFactor {
		return g.say(Outgoing{Text: text.Say(g.lang, "join.factor_contact"), Menu: &Menu{Contact: text.Word(g.lang, "button.contact")}})
	}
	return g.say(Outgoing{Text: text.Say(g.lang, "join.factor_last4")})
}

// factor takes the four digits that were asked for.
func (g guest) factor(typed string) ([]Outgoing, bool, error) {
	if g.Desk.Policy.SecondFactor != duban.Last4Factor || len(typed) != 4 || strings.Trim(typed, "0123456789") != "" {
		return nil, false, nil
	}
	out, err := g.isMe(work.Proof{Last4: typed})
	return out, true, err
}

func (g guest) isNotMe() ([]Outgoing, error) {
	if err := g.Desk.NotMe(g.ctx, g.who, g.telegramID); err != nil {
		if duban.CodeOf(err) == duban.Internal {
			return nil, err
		}
	}
	return g.say(Outgoing{Text: text.Say(g.lang, "join.not_me")}), nil
}

// sharedContact joins by telephone number. Only one's own card counts, sent by oneself and not forwarded: its user id is filled in by Telegram's
// server, its number by nobody else.
func (g guest) sharedContact(m *models.Message) ([]Outgoing, error) {
	if m.Contact.UserID != g.telegramID || m.ForwardOrigin != nil || m.ViaBot != nil || m.ExternalReply != nil {
		return g.neutral()
	}
	phone := e164(m.Contact.PhoneNumber)
	joined, err := g.joinWith(phone)
	if duban.CodeOf(err) == duban.EvidenceNeeded {
		return g.askFactor(), nil
	}
	if out, again, err := g.again(err); again || err != nil {
		return out, err
	}
	if err != nil {
		return nil, err
	}
	return g.greet(joined), nil
}

// joinWith joins by the invitation that was opened, where the number is asked for as a second factor, and else by the number alone.
func (g guest) joinWith(phone string) (work.Joined, error) {
	if g.Desk.Policy.SecondFactor == duban.ContactFactor {
		joined, err := g.Desk.Join(g.ctx, g.who, g.telegramID, string(g.lang), work.Proof{Phone: phone})
		if duban.CodeOf(err) != duban.LinkInvalid {
			return joined, err
		}
	}
	return g.Desk.JoinByContact(g.ctx, g.who, g.telegramID, string(g.lang), phone)
}

// e164 writes a telephone number as the roster keeps it. Telegram leaves out the plus sign.
func e164(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if digits == "" {
		return ""
	}
	if len(digits) == 11 && digits[0] == '1' {
		return "+86" + digits
	}
	return "+" + digits
}

// greet says who one is now, what is open, and in one sentence how it works.
func (g guest) greet(j work.Joined) []Outgoing {
	v := &visit{Bot: g.Bot, ctx: g.ctx, account: j.Account, person: j.Person, posts: j.Posts, lang: g.lang}
	g.Menu(j.Account.TelegramID, j.Posts)
	roles := ""
	g.store().Read(g.ctx, func(tx *store.Tx) error {
		for i, post := range j.Posts {
			unit, err := tx.Unit(post.UnitID)
			if err != nil {
				return err
			}
			if i > 0 {
				roles += "、"
			}
			roles += unit.Name + " " + text.Word(g.lang, "role."+string(post.Role))
		}
		return nil
	})
	return g.say(Outgoing{
		Text: v.text("greeting.joined", "name", j.Person.Name, "roles", roles, "n", len(j.Open)), Menu: v.menu(),
	})
}
