package store

import (
	"time"

	"duban"
)

// Dialog is a conversation of several steps that a Telegram user is in. It survives a restart.
type Dialog struct {
	TelegramID int64
	Name       string
	Step       string
	Data       string // JSON, read by the steps of the dialog
	StartedAt  time.Time
	ExpiresAt  time.Time
}

// Dialog returns the dialog that a Telegram user is in, expired or not; the zero Name means none.
func (tx *Tx) Dialog(telegramID int64) (Dialog, error) {
	d, err := one(tx, func(s scanner) (Dialog, error) {
		d := Dialog{TelegramID: telegramID}
		var started, expires int64
		err := s.Scan(&d.Name, &d.Step, &d.Data, &started, &expires)
		d.StartedAt, d.ExpiresAt = fromMS(started), fromMS(expires)
		return d, err
	}, `SELECT name, step, data, started_at, expires_at FROM dialog WHERE telegram_id = $1`, telegramID)
	if duban.CodeOf(err) == duban.NotFound {
		return Dialog{TelegramID: telegramID}, nil
	}
	return d, err
}

// SaveDialog keeps the step at which a Telegram user is.
func (tx *Tx) SaveDialog(d Dialog) error {
	_, err := tx.exec(`
		INSERT INTO dialog (telegram_id, name, step, data, started_at, expires_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (telegram_id) DO UPDATE SET
			name = excluded.name, step = excluded.step, data = excluded.data, started_at = excluded.started_at, expires_at = excluded.expires_at`,
		d.TelegramID, d.Name, d.Step, d.Data, ms(d.StartedAt), ms(d.ExpiresAt))
	return err
}

// EndDialog forgets the dialog of a Telegram user.
func (tx *Tx) EndDialog(telegramID int64) error {
	_, err := tx.exec(`DELETE FROM dialog WHERE telegram_id = $1`, telegramID)
	return err
}
