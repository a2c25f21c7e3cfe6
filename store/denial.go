package store

import "time"

// Denied reports whether a denial of a Telegram user was noted within the last so much time.
func (tx *Tx) Denied(telegramID int64, within time.Duration) (bool, error) {
	return one(tx, scalar[bool], `SELECT EXISTS (SELECT 1 FROM denial WHERE telegram_id = $1 AND denied_at > $2)`, telegramID, ms(tx.Now.Add(-within)))
}

// NoteDenied notes a denial of a Telegram user and reports whether it is the first within so much time. What is older is forgotten.
func (tx *Tx) NoteDenied(telegramID int64, within time.Duration) (bool, error) {
	if _, err := tx.exec(`DELETE FROM denial WHERE denied_at <= $1`, ms(tx.Now.Add(-within))); err != nil {
		return false, err
	}
	n, err := tx.exec(`
		INSERT INTO denial (telegram_id, denied_at)
		VALUES ($1, $2)
		ON CONFLICT (telegram_id) DO NOTHING`, telegramID, ms(tx.Now))
	return n > 0, err
}
