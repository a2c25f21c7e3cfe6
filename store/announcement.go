package store

import (
	"database/sql"
	"encoding/json"
	"time"

	"duban"
)

const announcementColumns = `n.id, n.sender_id, n.from_chat, n.message_ids, n.summary, n.receipt, n.receipt_due, n.audience, n.send_at,
	n.created_at, n.state`

func scanAnnouncement(s scanner) (duban.Announcement, error) {
	var n duban.Announcement
	var ids, audience string
	var due sql.NullInt64
	var sendAt, created int64
	err := s.Scan(&n.ID, &n.SenderID, &n.FromChat, &ids, &n.Summary, &n.Receipt, &due, &audience, &sendAt, &created, &n.State)
	if err != nil {
		return n, err
	}
	n.ReceiptDue, n.SendAt, n.CreatedAt = fromNull(due), fromMS(sendAt), fromMS(created)
	if err := json.Unmarshal([]byte(ids), &n.MessageIDs); err != nil {
		return n, err
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
		INSERT INTO announcement (sender_id, from_chat, message_ids, summary, receipt, receipt_due, audience, send_at, created_at, state)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		RETURNING id`,
		n.SenderID, n.FromChat, string(ids), n.Summary, n.Receipt, ms(n.ReceiptDue), string(audience), ms(n.SendAt), ms(tx.Now), n.State)
}

// SetAnnouncementState saves how far an announcement has come.
func (tx *Tx) SetAnnouncementState(id int64, state duban.AnnouncementState) error {
	_, err := tx.exec(`UPDATE announcement SET state = $1 WHERE id = $2`, state, id)
	return err
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

const receiptColumns = `r.announcement_id, r.person_id, r.delivered_at, r.failure, r.confirmed_at, r.answer, r.urged_at`

func scanReceipt(s scanner) (duban.Receipt, error) {
	var r duban.Receipt
	var delivered, confirmed, urged sql.NullInt64
	err := s.Scan(&r.AnnouncementID, &r.PersonID, &delivered, &r.Failure, &confirmed, &r.Answer, &urged)
	r.DeliveredAt, r.ConfirmedAt, r.UrgedAt = fromNull(delivered), fromNull(confirmed), fromNull(urged)
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
		INSERT INTO receipt (announcement_id, person_id, delivered_at, failure, confirmed_at, answer, urged_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (announcement_id, person_id) DO UPDATE SET
			delivered_at = excluded.delivered_at, failure = excluded.failure, confirmed_at = excluded.confirmed_at,
			answer = excluded.answer, urged_at = excluded.urged_at`,
		r.AnnouncementID, r.PersonID, ms(r.DeliveredAt), r.Failure, ms(r.ConfirmedAt), r.Answer, ms(r.UrgedAt))
	return err
}

// Tally counts the recipients of an announcement by what has become of them.
func (tx *Tx) Tally(announcement int64) (duban.Tally, error) {
	return one(tx, func(s scanner) (duban.Tally, error) {
		var t duban.Tally
		err := s.Scan(&t.All, &t.Delivered, &t.Failed, &t.Confirmed)
		t.Waiting = t.All - t.Delivered - t.Failed
		return t, err
	}, `
		SELECT COUNT(*), COUNT(delivered_at), COUNT(*) FILTER (WHERE failure <> '' AND delivered_at IS NULL), COUNT(confirmed_at)
		FROM receipt
		WHERE announcement_id = $1`, announcement)
}
