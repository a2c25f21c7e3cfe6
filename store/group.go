package store

import (
	"database/sql"
	"time"

	"duban"
)

const groupColumns = `g.id, g.chat_id, g.topic_id, g.unit_id, g.title, g.state, g.reason, g.bound_by, g.daily, g.shown`

func groupFields(g *duban.Group, unit *sql.NullInt64) []any {
	return []any{&g.ID, &g.ChatID, &g.TopicID, unit, &g.Title, &g.State, &g.Reason, &g.BoundBy, &g.Daily, &g.Shown}
}

func scanGroup(s scanner) (g duban.Group, err error) {
	var unit sql.NullInt64
	err = s.Scan(groupFields(&g, &unit)...)
	g.UnitID = unit.Int64
	return g, err
}

// Group returns a work group by id.
func (tx *Tx) Group(id int64) (duban.Group, error) {
	return one(tx, scanGroup, `SELECT `+groupColumns+` FROM work_group g WHERE g.id = $1`, id)
}

// GroupAt returns the work group of a chat and topic.
func (tx *Tx) GroupAt(chat, topic int64) (duban.Group, error) {
	return one(tx, scanGroup, `SELECT `+groupColumns+` FROM work_group g WHERE g.chat_id = $1 AND g.topic_id = $2`, chat, topic)
}

// GroupsOfChat returns every work group of a chat, one for each topic that was named.
func (tx *Tx) GroupsOfChat(chat int64) ([]duban.Group, error) {
	return many(tx, scanGroup, `SELECT `+groupColumns+` FROM work_group g WHERE g.chat_id = $1 ORDER BY g.topic_id`, chat)
}

// BoundGroups returns every work group that belongs to a unit, also those to which nothing can be posted now.
func (tx *Tx) BoundGroups() ([]duban.Group, error) {
	return many(tx, scanGroup, `SELECT `+groupColumns+` FROM work_group g WHERE g.state IN ('bound', 'lost') ORDER BY g.id`)
}

// AddGroup adds a work group and returns its id.
func (tx *Tx) AddGroup(g duban.Group) (int64, error) {
	return one(tx, scalar[int64], `
		INSERT INTO work_group (chat_id, topic_id, unit_id, title, state, reason, bound_by, daily)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		RETURNING id`, g.ChatID, g.TopicID, ref(g.UnitID), g.Title, g.State, g.Reason, g.BoundBy, g.Daily)
}

// SaveGroup saves how a work group stands.
func (tx *Tx) SaveGroup(g duban.Group) error {
	_, err := tx.exec(`
		UPDATE work_group
		SET unit_id = $1, title = $2, state = $3, reason = $4, bound_by = $5, daily = $6, shown = $7
		WHERE id = $8`, ref(g.UnitID), g.Title, g.State, g.Reason, g.BoundBy, g.Daily, g.Shown, g.ID)
	return err
}

// TakeGroupAnswer reports whether a work group may be answered once more, when the last answer is at least so long ago, and notes that it is.
func (tx *Tx) TakeGroupAnswer(id int64, apart time.Duration) (bool, error) {
	n, err := tx.exec(`UPDATE work_group SET answered_at = $1 WHERE id = $2 AND COALESCE(answered_at, 0) <= $3`, ms(tx.Now), id, ms(tx.Now.Add(-apart)))
	return n > 0, err
}

// MoveGroups gives the work groups of a chat and what waits for them its new id. Messages that were sent there stay behind, so that none of them is
// edited any more. What is noted as sent in this very transaction has gone to the new chat already.
func (tx *Tx) MoveGroups(from, to int64) error {
	tx.posted = true
	for _, statement := range []string{
		`UPDATE work_group SET state = 'unbound' WHERE chat_id = $1
			AND EXISTS (SELECT 1 FROM work_group o WHERE o.chat_id = $2 AND o.topic_id = work_group.topic_id)`,
		`UPDATE work_group SET chat_id = $2 WHERE chat_id = $1
			AND NOT EXISTS (SELECT 1 FROM work_group o WHERE o.chat_id = $2 AND o.topic_id = work_group.topic_id)`,
		`UPDATE outbox SET state = 'cancelled', done_at = COALESCE(done_at, $3), reason = 'group_moved', chat_id = $2
			WHERE chat_id = $1 AND kind = 'group_count' AND message_id IS NOT NULL AND COALESCE(done_at, 0) <> $3`,
		`UPDATE outbox SET message_id = NULL, chat_id = $2 WHERE chat_id = $1 AND kind <> 'group_fix' AND COALESCE(done_at, 0) <> $3`,
	} {
		if _, err := tx.exec(statement, from, to, ms(tx.Now)); err != nil {
			return err
		}
	}
	return nil
}

const groupCopyColumns = `c.delivered_at, c.failure, c.version, c.corrected_at, c.recall, c.fix_failure`

func scanGroupCopy(s scanner) (c duban.GroupCopy, err error) {
	var unit, delivered, corrected sql.NullInt64
	err = s.Scan(append(groupFields(&c.Group, &unit), &delivered, &c.Failure, &c.Version, &corrected, &c.Recall, &c.FixFailure)...)
	c.Group.UnitID, c.DeliveredAt, c.CorrectedAt = unit.Int64, fromNull(delivered), fromNull(corrected)
	return c, err
}

// SaveGroupCopy keeps what has become of an announcement in a work group.
func (tx *Tx) SaveGroupCopy(announcement int64, c duban.GroupCopy) error {
	_, err := tx.exec(`
		INSERT INTO group_copy (announcement_id, group_id, delivered_at, failure, version, corrected_at, recall, fix_failure)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (announcement_id, group_id) DO UPDATE SET
			delivered_at = excluded.delivered_at, failure = excluded.failure, version = excluded.version,
			corrected_at = excluded.corrected_at, recall = excluded.recall, fix_failure = excluded.fix_failure`,
		announcement, c.Group.ID, ms(c.DeliveredAt), c.Failure, c.Version, ms(c.CorrectedAt), c.Recall, c.FixFailure)
	return err
}

// GroupCopy returns what has become of an announcement in one work group.
func (tx *Tx) GroupCopy(announcement, group int64) (duban.GroupCopy, error) {
	return one(tx, scanGroupCopy, `
		SELECT `+groupColumns+`, `+groupCopyColumns+`
		FROM group_copy c
		JOIN work_group g ON g.id = c.group_id
		WHERE c.announcement_id = $1 AND c.group_id = $2`, announcement, group)
}

// GroupCopies returns the work groups that an announcement is posted to.
func (tx *Tx) GroupCopies(announcement int64) ([]duban.GroupCopy, error) {
	return many(tx, scanGroupCopy, `
		SELECT `+groupColumns+`, `+groupCopyColumns+`
		FROM group_copy c
		JOIN work_group g ON g.id = c.group_id
		WHERE c.announcement_id = $1
		ORDER BY g.id`, announcement)
}

// CloseGroupCopies notes for every work group in which an announcement neither stands nor failed to stand why it does not come any more. A copy that may
// have arrived is noted as one of which nobody knows.
func (tx *Tx) CloseGroupCopies(announcement int64, why string) error {
	_, err := tx.exec(`
		UPDATE group_copy
		SET failure = CASE WHEN EXISTS (
				SELECT 1
				FROM outbox
				WHERE announcement_id = $3 AND kind = 'group_copy' AND done_at IS NULL AND `+mayHaveArrived+`
					AND notice_key LIKE 'group_copy:%:' || CAST(group_copy.group_id AS TEXT) || ':%') THEN $1 ELSE $2 END
		WHERE announcement_id = $3 AND delivered_at IS NULL AND failure = ''`, duban.FailureUnknown, why, announcement)
	return err
}

// CancelStay ends what waits to be said in a chat about the bot being there, and that it leaves.
func (tx *Tx) CancelStay(chat int64, why string) error {
	_, err := tx.exec(`
		UPDATE outbox
		SET state = 'cancelled', done_at = $1, reason = $2
		WHERE chat_id = $3 AND kind IN ('group_hint', 'group_leave') AND state IN ('queued', 'unknown')`, ms(tx.Now), why, chat)
	return err
}

// GroupMessages returns our messages in work groups that belong to an announcement, oldest first.
func (tx *Tx) GroupMessages(announcement int64) ([]Message, error) {
	return many(tx, scanMessage, `
		SELECT `+messageColumns+`
		FROM message
		WHERE announcement_id = $1 AND kind IN ('group_copy', 'group_count')
		ORDER BY chat_id, message_id`, announcement)
}
