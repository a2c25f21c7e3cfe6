package store

import (
	"strings"
	"time"

	"duban"
)

// never is when a letter goes out that is held until somebody says otherwise.
var never = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

// HoldAnnouncement keeps the copies of an announcement back that have not gone out yet.
func (tx *Tx) HoldAnnouncement(id int64) error {
	_, err := tx.exec(`
		UPDATE outbox
		SET next_try = $1
		WHERE announcement_id = $2 AND kind IN ('announcement', 'group_copy') AND done_at IS NULL AND state IN ('queued', 'unknown')`, ms(never), id)
	return err
}

// ReleaseAnnouncement lets the copies of an announcement go that have not gone out yet, no earlier than an instant. A second copy waits as long as
// second copies do.
func (tx *Tx) ReleaseAnnouncement(id int64, notBefore time.Time) error {
	tx.posted = true
	if notBefore.Before(tx.Now) {
		notBefore = tx.Now
	}
	_, err := tx.exec(`
		UPDATE outbox
		SET next_try = CASE WHEN state = 'unknown' AND $3 > $1 THEN $3 ELSE $1 END
		WHERE announcement_id = $2 AND kind IN ('announcement', 'group_copy') AND done_at IS NULL AND state IN ('queued', 'unknown')`,
		ms(notBefore), id, ms(tx.Now.Add(duban.SecondCopyAfter)))
	return err
}

// CancelAnnouncement ends the copies of an announcement that have not gone out yet, and what urges to confirm it or corrects it.
func (tx *Tx) CancelAnnouncement(id int64, why string) error {
	_, err := tx.exec(`
		UPDATE outbox
		SET state = 'cancelled', done_at = $1, reason = $2
		WHERE announcement_id = $3 AND kind IN ('announcement', 'group_copy', 'receipt', 'correction') AND done_at IS NULL AND state IN ('queued', 'unknown')`,
		ms(tx.Now), why, id)
	return err
}

// mayHaveArrived holds for a letter that waits or is going out, and of which an attempt before this one may have arrived.
const mayHaveArrived = `(state = 'unknown' OR attempts > CASE WHEN state = 'sending' THEN 1 ELSE 0 END)`

// CloseReceipts notes for everybody whom an announcement has neither reached nor failed to reach why it does not come any more, and returns how
// many they are. A copy that may have arrived is noted as one of which nobody knows.
func (tx *Tx) CloseReceipts(announcement int64, why string) (int, error) {
	n, err := tx.exec(`
		UPDATE receipt
		SET failure = CASE WHEN person_id IN (
				SELECT person_id
				FROM outbox
				WHERE announcement_id = $3 AND kind = 'announcement' AND done_at IS NULL AND `+mayHaveArrived+`) THEN $1 ELSE $2 END
		WHERE announcement_id = $3 AND delivered_at IS NULL AND failure = ''`, duban.FailureUnknown, why, announcement)
	return int(n), err
}

// Recipient is somebody to whom an announcement goes, with a unit in which that person has a post or had one; 0: none ever.
type Recipient struct{ Person, Unit int64 }

// RecipientUnits returns to whom an announcement goes, once for each of their units.
func (tx *Tx) RecipientUnits(announcement int64) ([]Recipient, error) {
	return many(tx, func(s scanner) (r Recipient, err error) {
		err = s.Scan(&r.Person, &r.Unit)
		return r, err
	}, `
		SELECT DISTINCT r.person_id, COALESCE(o.unit_id, 0)
		FROM receipt r
		LEFT JOIN post o ON o.person_id = r.person_id
		WHERE r.announcement_id = $1`, announcement)
}

// OpenFor returns the announcements that have still to reach somebody, or to be called back from that person.
func (tx *Tx) OpenFor(person int64) ([]duban.Announcement, error) {
	return many(tx, scanAnnouncement, `
		SELECT `+announcementColumns+`
		FROM announcement n
		JOIN receipt r ON r.announcement_id = n.id AND r.person_id = $1
		WHERE r.delivered_at IS NULL AND r.failure = '' OR n.state = 'recalled' AND r.delivered_at IS NOT NULL AND r.recall = ''
		ORDER BY n.id`, person)
}

// AwaitsGroups reports whether an announcement has still to reach a work group.
func (tx *Tx) AwaitsGroups(announcement int64) (bool, error) {
	return one(tx, scalar[bool], `
		SELECT EXISTS (SELECT 1 FROM group_copy WHERE announcement_id = $1 AND delivered_at IS NULL AND failure = '')`, announcement)
}

// AwaitsDelivery reports whether an announcement has still to reach somebody.
func (tx *Tx) AwaitsDelivery(announcement int64) (bool, error) {
	return one(tx, scalar[bool], `
		SELECT EXISTS (SELECT 1 FROM receipt WHERE announcement_id = $1 AND delivered_at IS NULL AND failure = '')`, announcement)
}

// AwaitsLetters reports whether letters of a kind about an announcement have still to go out.
func (tx *Tx) AwaitsLetters(announcement int64, kind duban.NewsKind) (bool, error) {
	return one(tx, scalar[bool], `
		SELECT EXISTS (SELECT 1 FROM outbox WHERE announcement_id = $1 AND kind = $2 AND done_at IS NULL)`, announcement, kind)
}

// LastCopies counts how many of the last copies of an announcement that ended since an instant have failed, of at most limit. Where the reason lies with
// the recipient alone it is none of either.
func (tx *Tx) LastCopies(announcement int64, since time.Time, limit int) (failed, tried int, err error) {
	type counts struct{ failed, tried int }
	c, err := one(tx, func(s scanner) (c counts, err error) {
		err = s.Scan(&c.failed, &c.tried)
		return c, err
	}, `
		SELECT COUNT(*) FILTER (WHERE state = 'failed'), COUNT(*)
		FROM (
			SELECT state
			FROM outbox
			WHERE announcement_id = $1 AND kind = 'announcement' AND done_at > $2 AND state IN ('sent', 'failed')
				AND reason NOT IN ('`+strings.Join(duban.ReaderFailures, `', '`)+`')
			ORDER BY done_at DESC`+limited(limit)+`) last`, announcement, since.UnixMilli())
	return c.failed, c.tried, err
}

// CopiesOf returns our messages in people's chats that are copies of an announcement or urge to confirm it, oldest first. With a person only that
// person's.
func (tx *Tx) CopiesOf(announcement, person int64) ([]Message, error) {
	return many(tx, scanMessage, `
		SELECT `+messageColumns+`
		FROM message
		WHERE announcement_id = $1 AND kind IN ('announcement', 'receipt') AND (person_id = $2 OR $2 = 0)
		ORDER BY chat_id, message_id`, announcement, person)
}

// NewestTasks returns the newest tasks, at most limit.
func (tx *Tx) NewestTasks(limit int) ([]duban.Task, error) {
	return many(tx, scanTask, `SELECT `+taskColumns+` FROM task t ORDER BY t.id DESC`+limited(limit))
}
