package store

import (
	"testing"
	"time"

	"duban"
)

// TestAnnouncementsOfBeforeAreKept migrates a database in which something was announced before announcements had all their states.
func TestAnnouncementsOfBeforeAreKept(t *testing.T) {
	db := migrated(t, 4,
		`INSERT INTO person (id, code, name, active) VALUES (1, 'A', '王芳', 1)`,
		`INSERT INTO announcement (id, sender_id, from_chat, message_ids, summary, receipt, audience, send_at, created_at, state)
			VALUES (7, 1, 9, '[5]', '开会', 'read', '{"all":true}', 1000, 1000, 'sent')`,
		`INSERT INTO receipt (announcement_id, person_id, delivered_at) VALUES (7, 1, 2000)`,
		`INSERT INTO request (kind, announcement_id, asker_id, asked_at, state, needs) VALUES ('announce', 7, 1, 1000, 'granted', 'second_admin')`,
	)
	n, err := scanAnnouncement(db.QueryRowContext(ctx, `SELECT `+announcementColumns+` FROM announcement n WHERE n.id = 7`))
	if err != nil || n.Summary != "开会" || n.State != duban.AnnouncementSent || !n.Audience.All || n.Content != duban.ContentOther {
		t.Errorf("the announcement became %+v, %v", n, err)
	}
	r, err := scanReceipt(db.QueryRowContext(ctx, `SELECT `+receiptColumns+` FROM receipt r`))
	if err != nil || !r.DeliveredAt.Equal(time.UnixMilli(2000)) || r.Recall != duban.NotRecalled {
		t.Errorf("the receipt became %+v, %v", r, err)
	}
}
