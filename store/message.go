package store

import (
	"database/sql"
	"time"

	"duban"
)

// Message is one of our messages in a chat: what it is about, so that a reply to it or a press on it can be understood.
type Message struct {
	ChatID, MessageID int64
	Kind              duban.NewsKind
	PersonID          int64
	AssignmentID      int64
	AnnouncementID    int64
	SubmissionID      int64
	Data              string
	Items             []int64 // the assignments that its numbered list shows, in order
}

// NoteMessage keeps what one of our messages is about.
func (tx *Tx) NoteMessage(m Message) error {
	_, err := tx.exec(`
		INSERT INTO message (chat_id, message_id, kind, person_id, assignment_id, announcement_id, submission_id, data, items, sent_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (chat_id, message_id) DO UPDATE SET
			kind = excluded.kind, assignment_id = excluded.assignment_id, announcement_id = excluded.announcement_id,
			submission_id = excluded.submission_id, data = excluded.data, items = excluded.items`,
		m.ChatID, m.MessageID, m.Kind, ref(m.PersonID), ref(m.AssignmentID), ref(m.AnnouncementID), ref(m.SubmissionID), m.Data, list(m.Items), ms(tx.Now))
	return err
}

const messageColumns = `chat_id, message_id, kind, person_id, assignment_id, announcement_id, submission_id, data, items`

func scanMessage(s scanner) (Message, error) {
	var m Message
	var person, assignment, announcement, submission sql.NullInt64
	var items string
	err := s.Scan(&m.ChatID, &m.MessageID, &m.Kind, &person, &assignment, &announcement, &submission, &m.Data, &items)
	if err != nil {
		return m, err
	}
	m.PersonID, m.AssignmentID, m.AnnouncementID, m.SubmissionID = person.Int64, assignment.Int64, announcement.Int64, submission.Int64
	m.Items, err = readList(items)
	return m, err
}

// MessageAt returns what one of our messages is about.
func (tx *Tx) MessageAt(chat, message int64) (Message, error) {
	return one(tx, scanMessage, `SELECT `+messageColumns+` FROM message WHERE chat_id = $1 AND message_id = $2`, chat, message)
}

// LastMessage returns our newest message in a chat, the board left aside, which comes by itself.
func (tx *Tx) LastMessage(chat int64) (Message, error) {
	return one(tx, scanMessage, `SELECT `+messageColumns+` FROM message WHERE chat_id = $1 AND kind <> 'board' ORDER BY message_id DESC LIMIT 1`, chat)
}

// LastList returns our newest message in a chat that shows a numbered list, the board left aside.
func (tx *Tx) LastList(chat int64) (Message, error) {
	return one(tx, scanMessage, `
		SELECT `+messageColumns+`
		FROM message
		WHERE chat_id = $1 AND items <> '' AND kind <> 'board'
		ORDER BY message_id DESC
		LIMIT 1`, chat)
}

// ForgetMessages forgets what messages before an instant were about, except those that are still a card, at most limit, and returns how many.
func (tx *Tx) ForgetMessages(before time.Time, limit int) (int64, error) {
	return tx.exec(`
		DELETE FROM message
		WHERE (chat_id, message_id) IN (
			SELECT m.chat_id, m.message_id
			FROM message m
			WHERE m.sent_at < $1 AND NOT EXISTS (
				SELECT 1 FROM card c WHERE c.chat_id = m.chat_id AND c.message_id = m.message_id)`+limited(limit)+`)`, ms(before))
}

// Card is the live message about a subject in somebody's chat, such as the card of an assignment, and the reminder that replies to it.
type Card struct {
	Subject    string
	PersonID   int64
	ChatID     int64
	MessageID  int64
	ReminderID int64
	ReminderAt time.Time
}

func scanCard(s scanner) (Card, error) {
	var c Card
	var reminder, at sql.NullInt64
	err := s.Scan(&c.Subject, &c.PersonID, &c.ChatID, &c.MessageID, &reminder, &at)
	c.ReminderID, c.ReminderAt = reminder.Int64, fromNull(at)
	return c, err
}

// Card returns the live message about a subject in a person's chat.
func (tx *Tx) Card(subject string, person int64) (Card, error) {
	return one(tx, scanCard, `
		SELECT subject, person_id, chat_id, message_id, reminder_id, reminder_at
		FROM card
		WHERE subject = $1 AND person_id = $2`, subject, person)
}

// CardsOf returns every live message about a subject.
func (tx *Tx) CardsOf(subject string) ([]Card, error) {
	return many(tx, scanCard, `
		SELECT subject, person_id, chat_id, message_id, reminder_id, reminder_at
		FROM card
		WHERE subject = $1
		ORDER BY person_id`, subject)
}

// SaveCard keeps where the live message about a subject is.
func (tx *Tx) SaveCard(c Card) error {
	_, err := tx.exec(`
		INSERT INTO card (subject, person_id, chat_id, message_id, reminder_id, reminder_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (subject, person_id) DO UPDATE SET
			chat_id = excluded.chat_id, message_id = excluded.message_id,
			reminder_id = excluded.reminder_id, reminder_at = excluded.reminder_at`,
		c.Subject, c.PersonID, c.ChatID, c.MessageID, ref(c.ReminderID), ms(c.ReminderAt))
	return err
}

// DropCard forgets a live message, so that the next one is sent anew.
func (tx *Tx) DropCard(subject string, person int64) error {
	_, err := tx.exec(`DELETE FROM card WHERE subject = $1 AND person_id = $2`, subject, person)
	return err
}
