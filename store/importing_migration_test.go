package store

import "testing"

// TestImportsOfBeforeCanStillBeUndone migrates a database in which lists were imported before the plan of the year could be.
func TestImportsOfBeforeCanStillBeUndone(t *testing.T) {
	db := migrated(t, 18,
		`INSERT INTO import (id, list_id, kind, file, at, ended_at) VALUES (3, 3, 'tasks', '清单.xlsx', 1000, 2000), (5, 3, 'tasks', '清单.xlsx', 3000, NULL)`,
		`INSERT INTO import_step (id, import_id, thing, thing_id, did, before, after) VALUES (8, 3, 'task', 1, 'added', '', ''), (9, 5, 'task', 1, 'changed', '{}', '{}')`,
		`INSERT INTO task (id, code, title, duty, evidence, review, priority, created_at) VALUES (1, 'A-1', '报送', '报送', 'none', 1, 'normal', 1000)`,
	)
	i, err := scanImport(db.QueryRowContext(ctx, `SELECT `+importColumns+` FROM import i WHERE i.id = 5`))
	if err != nil || i.ListID != 3 || i.File != "清单.xlsx" || i.At.UnixMilli() != 3000 || !i.EndedAt.IsZero() {
		t.Errorf("the import became %+v, %v", i, err)
	}
	s, err := scanStep(db.QueryRowContext(ctx, `SELECT `+stepColumns+` FROM import_step s WHERE s.id = 9`))
	if err != nil || s.ImportID != 5 || s.Thing != TaskThing || s.Did != DidChange || s.Before != "{}" {
		t.Errorf("the step became %+v, %v", s, err)
	}
	task, err := scanTask(db.QueryRowContext(ctx, `SELECT `+taskColumns+` FROM task t WHERE t.id = 1`))
	if err != nil || task.DueText != "" || !task.DueRead.IsZero() {
		t.Errorf("the task became %+v, %v", task, err)
	}
	if _, err := db.ExecContext(ctx, `INSERT INTO import (kind, file, at) VALUES ('plan', '计划.xlsx', 1)`); err != nil {
		t.Error(err)
	}
}
