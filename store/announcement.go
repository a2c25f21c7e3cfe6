package store

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"time"

	"duban"
)

const announcementColumns = `n.id, n.sender_id, n.from_chat, n.message_ids, n.content, n.words_at, n.summary, n.receipt, n.receipt_due,
	n.audience, n.task_id, n.send_at, n.urgent, n.created_at, n.state, n.paused_why, n.resumed_at, n.version, n.correction, n.recalled_at,
	n.next_at, n.reminded_at, n.to_groups`

func scanAnnouncement(s scanner) (duban.Announcement, error) {
	var n duban.Announcement
	var ids, audience, correction string
	var due, task, resumed, recalled, next, reminded sql.NullInt64
	var sendAt, created int64
	err := s.Scan(&n.ID, &n.SenderID, &n.FromChat, &ids, &n.Content, &n.WordsAt, &n.Summary, &n.Receipt, &due, &audience, &task, &sendAt,
		&n.Urgent, &created, &n.State, &n.PausedWhy, &resumed, &n.Version, &correction, &recalled, &next, &reminded, &n.ToGroups)
	if err != nil {
		return n, err
	}
	n.ReceiptDue, n.SendAt, n.CreatedAt, n.TaskID = fromNull(due), fromMS(sendAt), fromMS(created), task.Int64
	n.ResumedAt, n.RecalledAt, n.NextAt, n.RemindedAt = fromNull(resumed), fromNull(recalled), fromNull(next), fromNull(reminded)
	if err := json.Unmarshal([]byte(ids), &n.MessageIDs); err != nil {
		return n, err
	}
	if correction != "" {
		if err := json.Unmarshal([]byte(correction), &n.Correction); err != nil {
			return n, err
		}
	}
	return n, json.Unmarshal([]byte(audience), &n.Audience)
}

// Announcement returns an announcement by id.
func (tx *Tx) Announcement(id int64) (duban.Announcement, error) {
	return one(tx, scanAnnouncement, `SELECT `+announcementColumns+` FROM announcement n WHERE n.id = $1`, id)
}

// Announcements returns the newest announcements, at most limit.
func (tx *Tx) Announcements(limit int) ([]duban.Announcement, error) {
	return many(tx, scanAnnouncement, `SELECT `+announcementColumns+` FROM announcement n ORDER BY n.id DESC`+limited(limit))
}

// AddAnnouncement adds an announcement and returns its id.
func (tx *Tx) AddAnnouncement(n duban.Announcement) (int64, error) {
	ids, err := json.Marshal(n.MessageIDs)
	if err != nil {
		return 0, err
	}
	audience, err := json.Marshal(n.Audience)
	if err != nil {
		return 0, err
	}
	return one(tx, scalar[int64], `
		INSERT INTO announcement (sender_id, from_chat, message_ids, content, words_at, summary, receipt, receipt_due, audience, task_id,
			send_at, urgent, created_at, state, next_at, to_groups)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
		RETURNING id`,
		n.SenderID, n.FromChat, string(ids), cmp.Or(n.Content, duban.ContentOther), n.WordsAt, n.Summary, n.Receipt, ms(n.ReceiptDue),
		string(audience), ref(n.TaskID), ms(n.SendAt), n.Urgent, ms(tx.Now), n.State, ms(n.NextAt), n.ToGroups)
}

// SaveAnnouncement saves how far an announcement has come, its correction and when its receipts are looked at.
func (tx *Tx) SaveAnnouncement(n duban.Announcement) error {
	correction := ""
	if n.Version > 0 {
		body, err := json.Marshal(n.Correction)
		if err != nil {
			return err
		}
		correction = string(body)
	}
	_, err := tx.exec(`
		UPDATE announcement
		SET summary = $1, send_at = $2, state = $3, paused_why = $4, resumed_at = $5, version = $6, correction = $7, recalled_at = $8,
			next_at = $9, reminded_at = $10
		WHERE id = $11`,
		n.Summary, ms(n.SendAt), n.State, n.PausedWhy, ms(n.ResumedAt), n.Version, correction, ms(n.RecalledAt), ms(n.NextAt),
		ms(n.RemindedAt), n.ID)
	return err
}

// AnnouncementsDue returns the announcements whose receipts are to be looked at by now.
func (tx *Tx) AnnouncementsDue() ([]duban.Announcement, error) {
	return many(tx, scanAnnouncement, `
		SELECT `+announcementColumns+`
		FROM announcement n
		WHERE n.next_at <= $1
		ORDER BY n.next_at`, ms(tx.Now))
}

// AnnouncementsBy returns the newest announcements of a person, at most limit.
func (tx *Tx) AnnouncementsBy(sender int64, limit int) ([]duban.Announcement, error) {
	return many(tx, scanAnnouncement, `
		SELECT `+announcementColumns+`
		FROM announcement n
		WHERE n.sender_id = $1
		ORDER BY n.id DESC`+limited(limit), sender)
}

// UrgedAt returns when the missing receipts of an announcement were last asked for; zero: never.
func (tx *Tx) UrgedAt(announcement int64) (time.Time, error) {
	at, err := one(tx, scalar[sql.NullInt64], `SELECT urged_at FROM announcement WHERE id = $1`, announcement)
	return fromNull(at), err
}

// SetUrgedAt notes that the missing receipts of an announcement are asked for now.
func (tx *Tx) SetUrgedAt(announcement int64) error {
	_, err := tx.exec(`UPDATE announcement SET urged_at = $1 WHERE id = $2`, ms(tx.Now), announcement)
	return err
}

const receiptColumns = `r.announcement_id, r.person_id, r.delivered_at, r.failure, r.confirmed_at, r.answer, r.urged_at,
	r.version, r.corrected_at, r.recall, r.fix_failure`

func scanReceipt(s scanner) (duban.Receipt, error) {
	var r duban.Receipt
	var delivered, confirmed, urged, corrected sql.NullInt64
	err := s.Scan(&r.AnnouncementID, &r.PersonID, &delivered, &r.Failure, &confirmed, &r.Answer, &urged, &r.Version, &corrected, &r.Recall,
		&r.FixFailure)
	r.DeliveredAt, r.ConfirmedAt, r.UrgedAt, r.CorrectedAt = fromNull(delivered), fromNull(confirmed), fromNull(urged), fromNull(corrected)
	return r, err
}

// Receipt returns one recipient of an announcement.
func (tx *Tx) Receipt(announcement, person int64) (duban.Receipt, error) {
	return one(tx, scanReceipt, `SELECT `+receiptColumns+` FROM receipt r WHERE r.announcement_id = $1 AND r.person_id = $2`, announcement, person)
}

// Receipts returns every recipient of an announcement, by code of the person.
func (tx *Tx) Receipts(announcement int64) ([]duban.Receipt, error) {
	return many(tx, scanReceipt, `
		SELECT `+receiptColumns+`
		FROM receipt r
		JOIN person p ON p.id = r.person_id
		WHERE r.announcement_id = $1
		ORDER BY p.code`, announcement)
}

// SaveReceipt adds a recipient of an announcement, or saves what has become of one.
func (tx *Tx) SaveReceipt(r duban.Receipt) error {
	_, err := tx.exec(`
		INSERT INTO receipt (announcement_id, person_id, delivered_at, failure, confirmed_at, answer, urged_at, version, recall,
			corrected_at, fix_failure)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
		ON CONFLICT (announcement_id, person_id) DO UPDATE SET
			delivered_at = excluded.delivered_at, failure = excluded.failure, confirmed_at = excluded.confirmed_at,
			answer = excluded.answer, urged_at = excluded.urged_at, version = excluded.version, recall = excluded.recall,
			corrected_at = excluded.corrected_at, fix_failure = excluded.fix_failure`,
		r.AnnouncementID, r.PersonID, ms(r.DeliveredAt), r.Failure, ms(r.ConfirmedAt), r.Answer, ms(r.UrgedAt), r.Version, r.Recall,
		ms(r.CorrectedAt), r.FixFailure)
	return err
}

// Tally counts the recipients of an announcement by what has become of them.
func (tx *Tx) Tally(announcement int64) (duban.Tally, error) {
	return one(tx, func(s scanner) (duban.Tally, error) {
		var t duban.Tally
		err := s.Scan(&t.All, &t.Delivered, &t.Failed, &t.Confirmed, &t.Corrected, &t.Erased, &t.Marked, &t.Unrecalled)
		t.Waiting = t.All - t.Delivered - t.Failed
		return t, err
	}, `
		SELECT COUNT(*), COUNT(delivered_at), COUNT(*) FILTER (WHERE failure <> '' AND delivered_at IS NULL), COUNT(confirmed_at),
			COUNT(*) FILTER (WHERE delivered_at IS NOT NULL AND version > 0 AND version >= (SELECT version FROM announcement WHERE id = $1)),
			COUNT(*) FILTER (WHERE recall = 'erased'), COUNT(*) FILTER (WHERE recall = 'marked'), COUNT(*) FILTER (WHERE recall = 'failed')
		FROM receipt
		WHERE announcement_id = $1`, announcement)
}
