package bot

import (
	"duban"
	"duban/store"
)

// Hooks are what the sender needs of the bot: words for a letter, and what follows from its fate.
func (b *Bot) Hooks() SenderHooks {
	return SenderHooks{
		Render: b.Render,
		Delivered: func(tx *store.Tx, l duban.Letter, o Outgoing, message int64) error {
			if o.ChatID < 0 {
				return b.deliveredToGroup(tx, l, o, message)
			}
			switch l.Kind {
			case duban.NewsAnnouncement:
				return b.Desk.DeliveredCopy(tx, l, o.Version)
			case duban.NewsCorrection:
				return b.Desk.Corrected(tx, l)
			case duban.NewsRecall:
				return b.Desk.Recalled(tx, l, recalledAs(message))
			}
			return b.Desk.Delivered(tx, l, message == o.Edit)
		},
		Failed:   b.Desk.Failed,
		Migrated: b.Desk.MoveGroup,
		Unreachable: func(tx *store.Tx, l duban.Letter, reason string) error {
			if l.ChatID < 0 {
				return b.lostGroup(tx, l, reason)
			}
			person, err := readerOf(tx, l)
			if err != nil || person == 0 {
				return err
			}
			return b.Desk.LoseReach(tx, person, reason)
		},
	}
}

// recalledAs tells a message that was deleted from one that could only be marked, which is then the message that stands for the sending.
func recalledAs(message int64) duban.Recall {
	if message == 0 {
		return duban.RecallErased
	}
	return duban.RecallMarked
}

// readerOf is whose chat a letter goes to; 0 when nobody is bound to it.
func readerOf(tx *store.Tx, l duban.Letter) (int64, error) {
	if l.PersonID != 0 {
		return l.PersonID, nil
	}
	account, err := tx.AccountOfTelegram(l.ChatID)
	if duban.CodeOf(err) == duban.NotFound {
		return 0, nil
	}
	return account.PersonID, err
}
