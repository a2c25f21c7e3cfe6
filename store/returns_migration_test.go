package store

import (
	"testing"

	"duban"
)

// TestReturnsOfBeforeHaveOnlyTheirWords migrates a database in which submissions were given back before it was kept what was wrong with them.
func TestReturnsOfBeforeHaveOnlyTheirWords(t *testing.T) {
	db := migrated(t, 25,
		`INSERT INTO unit (id, name, kind) VALUES (1, '市第五中学党委', 'school_committee')`,
		`INSERT INTO person (id, code, name) VALUES (1, 'ZM', '周敏')`,
		`INSERT INTO task (id, code, title, duty, evidence, review, priority, created_at) VALUES (1, 'A-1', '报送', '报送', 'none', 1, 'normal', 1000)`,
		`INSERT INTO assignment (id, task_id, unit_id, owner_id, state, due_date, due_end, issued_at) VALUES (1, 1, 1, 1, 'returned', '2026-03-13', 2000, 1000)`,
		`INSERT INTO submission (id, assignment_id, person_id, at, body, state, decided_at, reason) VALUES (1, 1, 1, 1500, '', 'returned', 1600, '材料不全')`,
	)
	s, err := scanSubmission(db.QueryRowContext(ctx, `SELECT `+submissionColumns+` FROM submission s WHERE s.id = 1`))
	if err != nil || s.Fault != duban.OtherFault || s.Reason != "材料不全" {
		t.Errorf("the submission became %+v, %v", s, err)
	}
}
