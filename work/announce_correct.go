package work

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf16"

	"duban"
	"duban/store"
)

// What Telegram takes at most, and what of it the note that something was corrected needs.
const (
	maxWords   = 4096
	maxCaption = 1024
	noteRoom   = 40
)

// CorrectionNews is the data of NewsCorrection.
type CorrectionNews struct {
	Version int `json:"version"`
}

// CorrectAnnouncement (更正) puts other words into an announcement: every copy that has arrived is edited and says so, and what has not gone out yet goes out with
// the new words. Summary stands for it in lists from now on. A message without words is refused as NoWords. It returns how many copies are edited.
func (d *Desk) CorrectAnnouncement(ctx context.Context, who duban.Actor, id int64, words duban.Correction, summary string) (int, error) {
	var edited int
	err := d.conduct(ctx, who, id, duban.StepCorrect, func(tx *store.Tx, n duban.Announcement) error {
		edited = 0
		if err := mayPut(n, words); err != nil {
			return err
		}
		words.At = tx.Now
		n.Version, n.Correction, n.Summary = n.Version+1, words, summary
		if err := tx.SaveAnnouncement(n); err != nil {
			return err
		}
		all, err := tx.Receipts(n.ID)
		if err != nil {
			return err
		}
		for _, r := range all {
			if r.DeliveredAt.IsZero() {
				continue
			}
			edited++
			if err := tx.Post(correctionTo(n, r.PersonID)); err != nil {
				return err
			}
		}
		facts := duban.Facts{"version": n.Version, "copies": edited}
		return errorsOf(fixGroups(tx, n), showProgress(tx, n, tx.Now),
			tx.Record(who, duban.Entry{Event: duban.EventCorrected, AnnouncementID: n.ID, Facts: facts, Note: words.Text}))
	})
	return edited, err
}

func mayPut(n duban.Announcement, words duban.Correction) error {
	if err := n.MayCorrect(); err != nil {
		return err
	}
	limit := maxCaption
	if n.Content == duban.ContentText {
		limit = maxWords
	}
	switch length := len(utf16.Encode([]rune(words.Text))); {
	case strings.TrimSpace(words.Text) == "", n.Version > 0 && words.Text == n.Correction.Text && words.Entities == n.Correction.Entities:
		return duban.Refuse(duban.NothingToDo)
	case length > limit-noteRoom:
		return duban.Refuse(duban.TooLong)
	}
	return nil
}

func correctionTo(n duban.Announcement, person int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("correction:%d:%d:%d", n.ID, person, n.Version), Kind: duban.NewsCorrection, Lane: duban.LaneAnnouncement,
		PersonID: person, AnnouncementID: n.ID, Data: toJSON(CorrectionNews{n.Version}),
	}
}

// RecallNews is the data of NewsRecall: which message of ours is called back, and whether its words stand under a file.
type RecallNews struct {
	Chat    int64 `json:"chat"`
	Message int64 `json:"message"`
	Caption bool  `json:"caption,omitempty"`
	Fixed   bool  `json:"fixed,omitempty"` // it has no words that could be replaced
}

// RecallAnnouncement (收回) deletes every copy of an announcement that has arrived, within the time that Telegram allows, and keeps back what has not gone out. A
// copy that cannot be deleted says that it was called back. It returns how many people have a copy.
func (d *Desk) RecallAnnouncement(ctx context.Context, who duban.Actor, id int64) (int, error) {
	var people int
	err := d.conduct(ctx, who, id, duban.StepRecall, func(tx *store.Tx, n duban.Announcement) error {
		if err := n.MayRecall(tx.Now); err != nil {
			return err
		}
		n.State, n.PausedWhy, n.RecalledAt, n.NextAt = duban.AnnouncementRecalled, "", tx.Now, zeroTime
		kept, err := withhold(tx, n.ID, duban.FailureRecalled)
		if err != nil {
			return err
		}
		found, err := recallCopies(tx, n, 0)
		if err != nil {
			return err
		}
		people = len(found)
		facts := duban.Facts{"copies": people, "kept_back": kept}
		return errorsOf(tx.SaveAnnouncement(n), unseenCopies(tx, n, found), fixGroups(tx, n), recallEnds(tx, n), showProgress(tx, n, tx.Now),
			tx.Record(who, duban.Entry{Event: duban.EventRecalled, AnnouncementID: n.ID, Facts: facts}))
	})
	return people, err
}

// recallEnds tells the sender how many copies could not be called back, when nothing of it is on its way any more. A copy that arrives later is told too.
func recallEnds(tx *store.Tx, n duban.Announcement) error {
	for _, kind := range []duban.NewsKind{duban.NewsRecall, duban.NewsGroupFix} {
		if waits, err := tx.AwaitsLetters(n.ID, kind); err != nil || waits {
			return err
		}
	}
	t, err := tx.Tally(n.ID)
	if err != nil {
		return err
	}
	ended := int64(t.Erased + t.Marked + t.Unrecalled)
	return errorsOf(tellSender(tx, n, AnnounceNote{What: NoteRecalled}, ended, tx.Now), showProgress(tx, n, tx.Now))
}

// recallCopies calls back the copies of an announcement, with a person only that person's, and returns how many parts each person has.
func recallCopies(tx *store.Tx, n duban.Announcement, person int64) (map[int64]int, error) {
	copies, err := tx.CopiesOf(n.ID, person)
	if err != nil {
		return nil, err
	}
	found := map[int64]int{}
	for _, m := range copies {
		part := -1 // not a part of the message itself
		if m.Kind == duban.NewsAnnouncement {
			part = found[m.PersonID]
			found[m.PersonID]++
		}
		if err := tx.Post(recallOf(n, m, part)); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// unseenCopies notes of the copies that were not found, because nobody knows where they are or whether they have arrived, that they could not be called
// back.
func unseenCopies(tx *store.Tx, n duban.Announcement, found map[int64]int) error {
	all, err := tx.Receipts(n.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		arrived := !r.DeliveredAt.IsZero() || r.Failure == duban.FailureUnknown
		if !arrived || found[r.PersonID] > 0 {
			continue
		}
		r.Recall = duban.RecallFailed
		if err := tx.SaveReceipt(r); err != nil {
			return err
		}
	}
	return nil
}

func recallOf(n duban.Announcement, m store.Message, part int) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("recall:%d:%d:%d", n.ID, m.ChatID, m.MessageID), Kind: duban.NewsRecall, Lane: duban.LaneReminder,
		PersonID: m.PersonID, AnnouncementID: n.ID, Data: toJSON(recallNewsOf(n, m, part)),
	}
}

// recallNewsOf says which message is called back, and whether it is a part of the announcement itself, with words of its own.
func recallNewsOf(n duban.Announcement, m store.Message, part int) RecallNews {
	news := RecallNews{Chat: m.ChatID, Message: m.MessageID}
	if part >= 0 && part < len(n.MessageIDs) {
		news.Caption = n.Content == duban.ContentCaption || n.Content == duban.ContentAlbum
		news.Fixed = !n.Content.HasWords()
	}
	return news
}

// fixFailed notes why somebody's copy was not corrected or called back.
func fixFailed(tx *store.Tx, l duban.Letter, reason string) error {
	r, err := tx.Receipt(l.AnnouncementID, l.PersonID)
	if err != nil {
		return ignoreNotFound(err)
	}
	r.FixFailure = reason
	n, err := tx.Announcement(l.AnnouncementID)
	if err != nil {
		return err
	}
	return errorsOf(tx.SaveReceipt(r), showProgress(tx, n, tx.Now.Add(progressPause)))
}
