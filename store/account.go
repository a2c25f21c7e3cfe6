package store

import (
	"crypto/sha256"
	"database/sql"
	"time"

	"duban"
)

const accountColumns = `a.id, a.person_id, a.telegram_id, a.lang, a.bound_at, a.revoked_at, a.unreachable`

func scanAccount(s scanner) (duban.Account, error) {
	var a duban.Account
	var bound int64
	var revoked sql.NullInt64
	err := s.Scan(&a.ID, &a.PersonID, &a.TelegramID, &a.Lang, &bound, &revoked, &a.Unreachable)
	a.BoundAt, a.RevokedAt = fromMS(bound), fromNull(revoked)
	return a, err
}

// AccountOfTelegram returns the active account of a Telegram user whose person is active.
func (tx *Tx) AccountOfTelegram(telegramID int64) (duban.Account, error) {
	return one(tx, scanAccount, `
		SELECT `+accountColumns+`
		FROM account a
		JOIN person p ON p.id = a.person_id AND p.active
		WHERE a.telegram_id = $1 AND a.revoked_at IS NULL`, telegramID)
}

// AccountOfPerson returns the active account of a person.
func (tx *Tx) AccountOfPerson(person int64) (duban.Account, error) {
	return one(tx, scanAccount, `SELECT `+accountColumns+` FROM account a WHERE a.person_id = $1 AND a.revoked_at IS NULL`, person)
}

// Account returns an account by id, active or not.
func (tx *Tx) Account(id int64) (duban.Account, error) {
	return one(tx, scanAccount, `SELECT `+accountColumns+` FROM account a WHERE a.id = $1`, id)
}

// Accounts returns every active account.
func (tx *Tx) Accounts() ([]duban.Account, error) {
	return many(tx, scanAccount, `SELECT `+accountColumns+` FROM account a WHERE a.revoked_at IS NULL ORDER BY a.id`)
}

// Bind binds a Telegram user to a person and returns the new account. Both must be free.
func (tx *Tx) Bind(person, telegramID int64, lang string) (duban.Account, error) {
	return one(tx, scanAccount, `
		INSERT INTO account (person_id, telegram_id, lang, bound_at)
		VALUES ($1, $2, $3, $4)
		RETURNING id, person_id, telegram_id, lang, bound_at, revoked_at, unreachable`, person, telegramID, lang, ms(tx.Now))
}

// RevokeAccount ends a binding.
func (tx *Tx) RevokeAccount(id int64) error {
	_, err := tx.exec(`UPDATE account SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL`, ms(tx.Now), id)
	return err
}

// SetLang saves the language in which a person reads.
func (tx *Tx) SetLang(account int64, lang string) error {
	_, err := tx.exec(`UPDATE account SET lang = $1 WHERE id = $2`, lang, account)
	return err
}

// SetUnreachable notes why an account cannot be reached, or that it can be again (empty), and reports whether that is news.
func (tx *Tx) SetUnreachable(account int64, why string) (bool, error) {
	n, err := tx.exec(`UPDATE account SET unreachable = $1 WHERE id = $2 AND unreachable <> $1 AND revoked_at IS NULL`, why, account)
	return n > 0, err
}

// AddInvitation keeps the hash of a new invitation.
func (tx *Tx) AddInvitation(secret string, person int64, expires time.Time) error {
	_, err := tx.exec(`INSERT INTO invitation (hash, person_id, created_at, expires_at) VALUES ($1, $2, $3, $4)`,
		HashSecret(secret), person, ms(tx.Now), ms(expires))
	return err
}

// HashSecret returns what is kept of the secret of an invitation.
func HashSecret(secret string) []byte {
	sum := sha256.Sum256([]byte(secret))
	return sum[:]
}

// Invited returns the person to whom an unused, unexpired invitation belongs.
func (tx *Tx) Invited(hash []byte) (duban.Person, error) {
	return one(tx, scanPerson, `
		SELECT `+personColumns+`
		FROM invitation i
		JOIN person p ON p.id = i.person_id AND p.active
		WHERE i.hash = $1 AND i.used_at IS NULL AND i.expires_at > $2`, hash, ms(tx.Now))
}

// UseInvitation uses up an invitation, and with it every other unused one of the person. It reports whether it was still good: of two
// people who race for one link, one gets true.
func (tx *Tx) UseInvitation(hash []byte, telegramID int64) (bool, error) {
	n, err := tx.exec(`
		UPDATE invitation SET used_at = $1, used_by = $2
		WHERE hash = $3 AND used_at IS NULL AND expires_at > $1`, ms(tx.Now), telegramID, hash)
	if err != nil || n != 1 {
		return false, err
	}
	_, err = tx.exec(`
		UPDATE invitation SET used_at = $1, used_by = $2
		WHERE used_at IS NULL AND person_id = (SELECT person_id FROM invitation WHERE hash = $3)`, ms(tx.Now), telegramID, hash)
	return true, err
}

// DropInvitations makes every unused invitation of a person invalid.
func (tx *Tx) DropInvitations(person int64) error {
	_, err := tx.exec(`UPDATE invitation SET expires_at = $1 WHERE person_id = $2 AND used_at IS NULL AND expires_at > $1`, ms(tx.Now), person)
	return err
}

// Stranger is what is kept of a Telegram user who is not bound: how often he was answered and how often he tried a wrong link, in the hour
// that began at Window; and the invitation that he has opened and not yet answered.
type Stranger struct {
	TelegramID      int64
	Window          time.Time
	Answers, Misses int
	Pending         []byte
	PendingAt       time.Time
}

func scanStranger(s scanner) (Stranger, error) {
	var r Stranger
	var window int64
	var pending sql.NullInt64
	err := s.Scan(&r.TelegramID, &window, &r.Answers, &r.Misses, &r.Pending, &pending)
	r.Window, r.PendingAt = fromMS(window), fromNull(pending)
	return r, err
}

// Stranger returns what is kept of a Telegram user who is not bound; the zero value with the id when nothing is.
func (tx *Tx) Stranger(telegramID int64) (Stranger, error) {
	r, err := one(tx, scanStranger, `
		SELECT telegram_id, window_start, answers, misses, pending, pending_at
		FROM stranger
		WHERE telegram_id = $1`, telegramID)
	if duban.CodeOf(err) == duban.NotFound {
		return Stranger{TelegramID: telegramID, Window: tx.Now}, nil
	}
	return r, err
}

// SaveStranger keeps what is known of a Telegram user who is not bound.
func (tx *Tx) SaveStranger(r Stranger) error {
	_, err := tx.exec(`
		INSERT INTO stranger (telegram_id, window_start, answers, misses, pending, pending_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (telegram_id) DO UPDATE SET
			window_start = excluded.window_start, answers = excluded.answers, misses = excluded.misses,
			pending = excluded.pending, pending_at = excluded.pending_at`,
		r.TelegramID, ms(r.Window), r.Answers, r.Misses, r.Pending, ms(r.PendingAt))
	return err
}

// InPlay returns the people with open items who had a message from us, wrote to us, or for whom something was due between two instants.
func (tx *Tx) InPlay(from, to time.Time) ([]int64, error) {
	return many(tx, scalar[int64], `
		SELECT a.person_id
		FROM account a
		WHERE a.revoked_at IS NULL
			AND EXISTS (
				SELECT 1 FROM assignment i
				WHERE i.owner_id = a.person_id AND i.state IN ('issued', 'accepted', 'submitted', 'returned'))
			AND (
				EXISTS (SELECT 1 FROM message m WHERE m.person_id = a.person_id AND m.sent_at BETWEEN $1 AND $2)
				OR EXISTS (SELECT 1 FROM inbox u WHERE u.lane = a.telegram_id AND u.received_at BETWEEN $1 AND $2)
				OR EXISTS (SELECT 1 FROM outbox l WHERE l.person_id = a.person_id AND l.due_at BETWEEN $1 AND $2)
				OR EXISTS (SELECT 1 FROM assignment i WHERE i.owner_id = a.person_id AND i.next_action_at BETWEEN $1 AND $2))
		ORDER BY a.person_id`, ms(from), ms(to))
}
