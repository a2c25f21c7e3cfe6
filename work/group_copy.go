package work

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/store"
)

// GroupAudience returns the work groups in which an announcement to an audience may stand too: those of units in it to which the actor announces.
func GroupAudience(tx *store.Tx, who duban.Actor, audience duban.Audience) ([]duban.Group, error) {
	if !audience.TakesGroups() {
		return nil, nil
	}
	allowed, err := unitsOf(tx, who, duban.ActAnnounce)
	if err != nil {
		return nil, err
	}
	fits, err := within(tx, audience)
	if err != nil {
		return nil, err
	}
	units, err := tx.Units()
	if err != nil {
		return nil, err
	}
	in := map[int64]bool{}
	for _, u := range units {
		in[u.ID] = allowed[u.ID] && fits(store.PostHolder{Unit: u})
	}
	return groupsWhere(tx, func(g duban.Group) bool { return in[g.UnitID] })
}

// groupCountApart is how often the counter under an announcement in a work group is edited at most.
const (
	groupCountSettles = 3 * time.Second
	groupCountApart   = time.Minute
)

func groupCountKey(announcement, group int64) string {
	return fmt.Sprintf("group_count:%d:%d", announcement, group)
}

// postToGroups posts an announcement to the work groups of its audience. One to which nothing can be posted is noted with the reason.
func postToGroups(tx *store.Tx, n duban.Announcement) error {
	if !n.ToGroups {
		return nil
	}
	groups, err := GroupAudience(tx, duban.Actor{PersonID: n.SenderID}, n.Audience)
	if err != nil {
		return err
	}
	for _, g := range groups {
		c := duban.GroupCopy{Group: g}
		if !g.WorthTrying() {
			c.Failure = string(g.Reason)
		}
		if err := tx.SaveGroupCopy(n.ID, c); err != nil {
			return err
		}
		if c.Failure != "" {
			continue
		}
		if err := tx.Post(groupCopyTo(n, g, 0)); err != nil {
			return err
		}
	}
	return nil
}

// groupCopyTo is the letter that brings an announcement to a work group; the round grows with each retry.
func groupCopyTo(n duban.Announcement, g duban.Group, round int) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("group_copy:%d:%d:%d", n.ID, g.ID, round), Kind: duban.NewsGroupCopy, Lane: duban.LaneAnnouncement, ChatID: g.ChatID,
		AnnouncementID: n.ID, Data: toJSON(GroupNews{Group: g.ID}), NotBefore: n.SendAt,
	}
}

// retryGroups posts an announcement again to the work groups in which it does not stand and to which something may be posted now, and returns how many they
// are.
func retryGroups(tx *store.Tx, n duban.Announcement) (int, error) {
	copies, err := tx.GroupCopies(n.ID)
	if err != nil {
		return 0, err
	}
	tried := 0
	for _, c := range copies {
		if !c.Failed() || !c.Group.WorthTrying() {
			continue
		}
		tried++
		if c.Failure == duban.FailureUnknown {
			c.FixFailure = duban.FailureSecondCopy
		}
		c.Failure = ""
		if err := errorsOf(tx.SaveGroupCopy(n.ID, c), tx.Post(groupCopyTo(n, c.Group, roundAt(tx.Now)))); err != nil {
			return 0, err
		}
	}
	return tried, nil
}

// GroupDelivered notes that something has arrived in a work group, to which the bot can post after all. Below an announcement that asks for a receipt
// the counter follows. Version says which correction it has; what was corrected or called back on its way is so now. Became says what became of a copy that
// was called back.
func (d *Desk) GroupDelivered(tx *store.Tx, l duban.Letter, group int64, version int, became duban.Recall) error {
	if l.Kind == duban.NewsGroupFix {
		return groupFixed(tx, l, became)
	}
	g, err := tx.Group(group)
	if err != nil {
		return ignoreNotFound(err)
	}
	if g.State == duban.GroupLost {
		if err := d.groupIsBack(tx, g); err != nil {
			return err
		}
	}
	if l.Kind != duban.NewsGroupCopy {
		return nil
	}
	n, err := tx.Announcement(l.AnnouncementID)
	if err != nil {
		return err
	}
	c, err := tx.GroupCopy(n.ID, g.ID)
	if err != nil {
		return err
	}
	c.DeliveredAt, c.Failure, c.Version = tx.Now, "", version
	if l.Attempts > 1 {
		c.FixFailure = duban.FailureSecondCopy
	}
	arrived := recordLetter(tx, l, duban.EventDelivered, duban.Facts{})
	if err := errorsOf(tx.SaveGroupCopy(n.ID, c), arrived, showProgress(tx, n, tx.Now.Add(progressPause))); err != nil {
		return err
	}
	if !n.State.Out() || version < n.Version {
		if err := fixGroups(tx, n); err != nil {
			return err
		}
	}
	if !n.State.Out() || n.Receipt == duban.NoReceipt {
		return nil
	}
	return tx.Post(duban.Notice{
		Key: groupCountKey(n.ID, g.ID), Kind: duban.NewsGroupCount, Lane: duban.LaneReminder, ChatID: g.ChatID, AnnouncementID: n.ID,
		Data: toJSON(GroupNews{Group: g.ID}),
	})
}

// groupFailed notes on the sender's card why an announcement does not stand in a work group.
func groupFailed(tx *store.Tx, l duban.Letter, reason string) error {
	return ofGroupCopy(tx, l, func(n duban.Announcement, c *duban.GroupCopy) {
		if !c.DeliveredAt.IsZero() {
			return
		}
		if c.Failure = reason; n.State == duban.AnnouncementRecalled {
			c.Recall = lostToRecall(reason)
		}
	})
}

// lostToRecall says what a recall does to a copy that nobody has seen arrive: one that may have arrived still stands.
func lostToRecall(reason string) duban.Recall {
	if reason == duban.FailureUnknown {
		return duban.RecallFailed
	}
	return duban.NotRecalled
}

// groupFixed notes that the copy in a work group has the corrected words, or what became of it when it was called back.
func groupFixed(tx *store.Tx, l duban.Letter, became duban.Recall) error {
	news, err := fromJSON[GroupFixNews](l.Data)
	if err != nil {
		return err
	}
	facts := duban.Facts{"became": string(became)}
	if became == duban.NotRecalled {
		facts = duban.Facts{"version": news.Version}
	}
	fixed := ofGroupCopy(tx, l, func(_ duban.Announcement, c *duban.GroupCopy) {
		if became != duban.NotRecalled {
			c.Recall = c.Recall.Worse(became).Beside(c.FixFailure)
			return
		}
		c.Version, c.CorrectedAt, c.FixFailure = max(c.Version, news.Version), tx.Now, duban.StillBeside(c.FixFailure)
	})
	return errorsOf(fixed, recordLetter(tx, l, duban.EventDelivered, facts))
}

// groupFixFailed notes why the copy in a work group was not corrected or called back.
func groupFixFailed(tx *store.Tx, l duban.Letter, reason string) error {
	return ofGroupCopy(tx, l, func(n duban.Announcement, c *duban.GroupCopy) {
		c.FixFailure = reason
		if n.State == duban.AnnouncementRecalled {
			c.Recall = duban.RecallFailed
		}
	})
}

// ofGroupCopy changes what is known of the copy that a letter is about, and shows it on the sender's card.
func ofGroupCopy(tx *store.Tx, l duban.Letter, change func(duban.Announcement, *duban.GroupCopy)) error {
	news, err := fromJSON[GroupNews](l.Data)
	if err != nil {
		return err
	}
	n, err := tx.Announcement(l.AnnouncementID)
	if err != nil {
		return err
	}
	c, err := tx.GroupCopy(n.ID, news.Group)
	if err != nil {
		return ignoreNotFound(err)
	}
	change(n, &c)
	if err := errorsOf(tx.SaveGroupCopy(n.ID, c), showProgress(tx, n, tx.Now.Add(progressPause))); err != nil {
		return err
	}
	if n.State != duban.AnnouncementRecalled || l.Kind != duban.NewsGroupFix {
		return nil
	}
	return recallEnds(tx, n)
}

// countInGroups lets the counters under an announcement in work groups show who has confirmed.
func countInGroups(tx *store.Tx, n duban.Announcement) error {
	if !n.ToGroups {
		return nil
	}
	copies, err := tx.GroupCopies(n.ID)
	if err != nil {
		return err
	}
	for _, c := range copies {
		if err := tx.Refresh(groupCountKey(n.ID, c.Group.ID), groupCountSettles, groupCountApart); err != nil {
			return err
		}
	}
	return nil
}

// GroupFixNews is the data of NewsGroupFix: which message is called back, or corrected to which version, in which work group.
type GroupFixNews struct {
	RecallNews
	Group   int64 `json:"group"`
	Version int   `json:"version,omitempty"`
}

// fixGroups lets the copies of an announcement in work groups have its corrected words, or deletes them where it was called back.
func fixGroups(tx *store.Tx, n duban.Announcement) error {
	if !n.ToGroups {
		return nil
	}
	all, err := tx.GroupMessages(n.ID)
	if err != nil {
		return err
	}
	part := map[int64]int{}
	for _, m := range all {
		of, err := fromJSON[GroupNews](m.Data)
		if err != nil {
			return err
		}
		at := -1 // not a part of the message itself
		if m.Kind == duban.NewsGroupCopy {
			at = part[of.Group]
			part[of.Group]++
		}
		if n.State != duban.AnnouncementRecalled && at != n.WordsAt {
			continue
		}
		if err := tx.Post(groupFix(n, of.Group, m, at)); err != nil {
			return err
		}
	}
	if n.State != duban.AnnouncementRecalled {
		return nil
	}
	return unseenInGroups(tx, n)
}

// unseenInGroups notes of copies in work groups of which nobody knows whether they stand there that they were not called back.
func unseenInGroups(tx *store.Tx, n duban.Announcement) error {
	copies, err := tx.GroupCopies(n.ID)
	if err != nil {
		return err
	}
	for _, c := range copies {
		if !c.DeliveredAt.IsZero() || lostToRecall(c.Failure) == c.Recall {
			continue
		}
		c.Recall = lostToRecall(c.Failure)
		if err := tx.SaveGroupCopy(n.ID, c); err != nil {
			return err
		}
	}
	return nil
}

func groupFix(n duban.Announcement, group int64, m store.Message, part int) duban.Notice {
	return duban.Notice{
		Key:  fmt.Sprintf("group_fix:%d:%d:%d:%s:%d", n.ID, m.ChatID, m.MessageID, n.State, n.Version),
		Kind: duban.NewsGroupFix, Lane: duban.LaneReminder, ChatID: m.ChatID, AnnouncementID: n.ID,
		Data: toJSON(GroupFixNews{RecallNews: recallNewsOf(n, m, part), Group: group, Version: n.Version}),
	}
}

// AskForReceipt lets somebody who came from a work group have the announcement with its button once more, if it went to that person and still waits
// for the receipt; otherwise it returns the receipt as it stands, or refuses as NotFound.
func (d *Desk) AskForReceipt(ctx context.Context, who duban.Actor, announcement int64) (duban.Receipt, error) {
	var r duban.Receipt
	err := d.write(ctx, who, func(tx *store.Tx) error {
		n, err := tx.Announcement(announcement)
		if err != nil {
			return err
		}
		if r, err = tx.Receipt(announcement, who.PersonID); err != nil {
			return err
		}
		if !n.State.Out() || n.SendAt.After(tx.Now) {
			return duban.Refuse(duban.NotFound)
		}
		if !r.ConfirmedAt.IsZero() || n.Receipt == duban.NoReceipt {
			return nil
		}
		return tx.Post(duban.Notice{
			Key:  fmt.Sprintf("receipt:%d:%d:%d", announcement, who.PersonID, tx.Now.UnixMilli()),
			Kind: duban.NewsReceipt, Lane: duban.LaneAnswer, PersonID: who.PersonID, AnnouncementID: announcement,
		})
	})
	return r, err
}
