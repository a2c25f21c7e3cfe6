package work

import (
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// How long a chat to which no unit is bound keeps the bot.
const (
	// hintAfter leaves an administrator who binds at once, and a group that has only become another chat, without a hint.
	hintAfter = 10 * time.Second
	stayFor   = 24 * time.Hour
	// leaveAfter is how long after its last word the bot leaves, so that the word arrives before.
	leaveAfter = 10 * time.Second
)

// StayNews is the data of what is said in a chat to which no unit is bound, and of leaving it.
type StayNews struct {
	Title   string `json:"title"`
	Channel bool   `json:"channel,omitempty"`
	Last    bool   `json:"last,omitempty"` // the word before leaving
}

// GroupJoined notes that the bot was put into a group. Where no unit is bound it says once what to do, and leaves after a day with a word before, unless a
// unit is bound meanwhile. At is when it was put there: the same news twice counts once.
func (d *Desk) GroupJoined(tx *store.Tx, chat int64, title string, at time.Time) error {
	if bound, err := GroupIsBound(tx, chat); err != nil || bound {
		return err
	}
	say := func(kind duban.NewsKind, last bool, after time.Duration) duban.Notice {
		n := stayNotice(chat, kind, StayNews{Title: title, Last: last}, at)
		n.NotBefore = tx.Now.Add(after)
		return n
	}
	return errorsOf(
		tx.Post(say(duban.NewsGroupHint, false, hintAfter)),
		tx.Post(say(duban.NewsGroupHint, true, stayFor)),
		tx.Post(say(duban.NewsGroupLeave, true, stayFor+leaveAfter)))
}

// ChannelJoined notes that the bot was put into a channel, which it leaves at once: whatever stands in a channel is read by people who are not known.
func (d *Desk) ChannelJoined(tx *store.Tx, chat int64, title string, at time.Time) error {
	return tx.Post(stayNotice(chat, duban.NewsGroupLeave, StayNews{Title: title, Channel: true, Last: true}, at))
}

func stayNotice(chat int64, kind duban.NewsKind, news StayNews, at time.Time) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("%s:%d:%d:%t", kind, chat, at.Unix(), news.Last), Kind: kind, Lane: duban.LaneReminder, ChatID: chat, Data: toJSON(news),
	}
}

// GroupIsBound reports whether a unit is bound to a chat or to a topic of it, whether or not something can be posted there now.
func GroupIsBound(tx *store.Tx, chat int64) (bool, error) {
	all, err := tx.GroupsOfChat(chat)
	for _, g := range all {
		if g.Bound() {
			return true, err
		}
	}
	return false, err
}

// GroupRemoved notes that the bot was removed from a chat, or has left it: nothing is said there any more.
func (d *Desk) GroupRemoved(tx *store.Tx, chat int64) error {
	return errorsOf(tx.CancelStay(chat, "removed"), d.LoseGroup(tx, chat, 0, duban.GroupKicked))
}

// GroupLeft records that the bot has left a chat by itself. What an administrator had asked to bind there and not bound is over.
func (d *Desk) GroupLeft(tx *store.Tx, l duban.Letter) error {
	news, err := fromJSON[StayNews](l.Data)
	if err != nil {
		return err
	}
	err = eachGroup(tx, l.ChatID, 0, duban.GroupKicked, func(g duban.Group) error {
		if g.State != duban.GroupAsked {
			return nil
		}
		g.State = duban.GroupUnbound
		return tx.SaveGroup(g)
	})
	why := "not_bound"
	if news.Channel {
		why = "channel"
	}
	return errorsOf(err, tx.Record(duban.System, duban.Entry{Event: duban.EventGroupLeft, Facts: duban.Facts{"reason": why}, Note: news.Title}))
}
