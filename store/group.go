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
		`UPDATE outbox SET state = 'cancelled', reason = 'group_moved', chat_id = $2
			WHERE chat_id = $1 AND kind = 'group_count' AND message_id IS NOT NULL AND COALESCE(done_at, 0) <> $3`,
		`UPDATE outbox SET message_id = NULL, chat_id = $2 WHERE chat_id = $1 AND kind <> 'group_fix' AND COALESCE(done_at, 0) <> $3`,
	} {
		if _, err := tx.exec(statement, from, to, ms(tx.Now)); err != nil {
			return err
		}
	}
	return nil
}

// SaveGroupCopy keeps what has become of an announcement in a work group.
func (tx *Tx) SaveGroupCopy(announcement, group int64, delivered bool, failure string) error {
	at := time.Time{}
	if delivered {
		at = tx.Now
	}
	_, err := tx.exec(`
		INSERT INTO group_copy (announcement_id, group_id, delivered_at, failure)
		VALUES ($1, $2, $3, $4)
		ON CONFLICT (announcement_id, group_id) DO UPDATE SET
			delivered_at = COALESCE(group_copy.delivered_at, excluded.delivered_at), failure = excluded.failure`,
		announcement, group, ms(at), failure)
	return err
}

// GroupCopies returns the work groups that an announcement is posted to.
func (tx *Tx) GroupCopies(announcement int64) ([]duban.GroupCopy, error) {
	return many(tx, func(s scanner) (c duban.GroupCopy, err error) {
		var unit, delivered sql.NullInt64
		err = s.Scan(append(groupFields(&c.Group, &unit), &delivered, &c.Failure)...)
		c.Group.UnitID, c.Delivered = unit.Int64, delivered.Valid
		return c, err
	}, `
		SELECT `+groupColumns+`, c.delivered_at, c.failure
		FROM group_copy c
		JOIN work_group g ON g.id = c.group_id
		WHERE c.announcement_id = $1
		ORDER BY g.id`, announcement)
}

// GroupMessages returns our messages in work groups that belong to an announcement, oldest first.
func (tx *Tx) GroupMessages(announcement int64) ([]Message, error) {
	return many(tx, scanMessage, `
		SELECT `+messageColumns+`
		FROM message
		WHERE announcement_id = $1 AND kind IN ('group_copy', 'group_count')
		ORDER BY chat_id, message_id`, announcement)
}
