// Package bot is Duban in Telegram. An update comes in through intake, passes the one door (Bot.Handle), which finds the person, the dialog
// or the line of a table, asks one verb of package work and answers. News goes out through the sender, which renders it when it leaves.
//
// What there is to say, press and type stands in tables: commands, buttons, dialogs, renderers.
package bot

import (
	"log/slog"
	"time"

	"duban"
	"duban/store"
	"duban/text"
	"duban/work"
)

// Bot is the one door between Telegram and the verbs. Its fields are set once, before the first update.
type Bot struct {
	Desk *work.Desk
	Log  *slog.Logger
	// Lang is the organisation's language, for whoever has not chosen another.
	Lang text.Lang
	// Username is the name of the bot in Telegram, for links.
	Username string
	// Press answers a button press, within its seconds. It is best effort: what stands on the card is what counts.
	Press func(id, toast string, alert bool)
	// Menu sets the menu of commands in the chat of somebody who has just joined. It is best effort.
	Menu func(chat int64, posts []duban.Post)
	// Fetch reads a file that somebody sent, for imports. It refuses more than limit bytes as TooLarge.
	Fetch func(fileID string, limit int64) ([]byte, error)
	// PaidAnnouncements says that each message of an announcement costs something, which is shown before it is sent.
	PaidAnnouncements bool
	// EvidenceDir is the folder of the files that were handed in, for the packages of the year's end.
	EvidenceDir string
}

func (b *Bot) store() *store.Store { return b.Desk.Store }

// dialogLife is how long a dialog waits for the next step.
const dialogLife = 30 * time.Minute
