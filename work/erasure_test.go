package work_test

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// everywhere calls fn with each value of each table, as text.
func everywhere(t *testing.T, d *work.Desk, fn func(place, value string)) {
	t.Helper()
	db, err := sql.Open("sqlite", d.Store.Path())
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	tables := columnOf(t, db, `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'`)
	for _, table := range tables {
		for _, column := range columnOf(t, db, fmt.Sprintf(`SELECT name FROM pragma_table_info('%s')`, table)) {
			for _, value := range columnOf(t, db, fmt.Sprintf(`SELECT COALESCE(CAST("%s" AS TEXT), '') FROM "%s"`, column, table)) {
				fn(table+"."+column, value)
			}
		}
	}
}

func columnOf(t *testing.T, db *sql.DB, query string) (all []string) {
	t.Helper()
	rows, err := db.Query(query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			t.Fatal(err)
		}
		all = append(all, s)
	}
	return all
}

func mustDo(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestAfterAnErasureNothingPersonalIsLeftInAnyTable(t *testing.T) {
	ctx := context.Background()
	const chat = 5550001234
	d := cast.Open(t)
	admin, second, officer := cast.Join(t, d, "LM", 1), cast.Join(t, d, "HJ", 2), cast.Join(t, d, "WF", chat)
	row := work.TaskRow{Code: "DJ-1", Title: "报送总结", Duty: "按模板报送", Units: "市第五中学党委", Due: "2099-12-04", Evidence: duban.Evidence{Kind: duban.TextEvidence}, Review: true}
	item := cast.Issue(t, d, duban.Console, row)[0]
	mustDo(t, d.Feedback(ctx, officer, "机密甲"))
	_, err := d.Remark(ctx, cast.Join(t, d, "CGD", 3), item.ID, "请王芳同志抓紧")
	mustDo(t, err)
	mustDo(t, d.Store.Write(ctx, func(tx *store.Tx) error {
		person := officer.PersonID
		if _, err := tx.AddDraft(person, "机密乙"); err != nil {
			return err
		}
		if err := tx.SaveDialog(store.Dialog{TelegramID: chat, Name: "feedback", Step: "x", Data: "机密丙", StartedAt: tx.Now, ExpiresAt: tx.Now}); err != nil {
			return err
		}
		return tx.Record(admin, duban.Entry{Event: duban.EventAnswered, Note: "已请王芳补交"})
	}))
	asked, err := d.AskErasure(ctx, admin, officer.PersonID)
	mustDo(t, err)
	if again, err := d.AskErasure(ctx, second, officer.PersonID); err != nil || again.ID != asked.ID {
		t.Errorf("asked twice: %+v, %v", again, err)
	}
	if _, err := d.AgreeErasure(ctx, admin, asked.ID, "#"); duban.CodeOf(err) != duban.OwnRequest {
		t.Errorf("the asker agreed: %v", err)
	}
	if _, err := d.AgreeErasure(ctx, officer, asked.ID, "#"); duban.CodeOf(err) != duban.NotAllowed {
		t.Errorf("the person agreed: %v", err)
	}
	var promised store.Erased
	cast.Read(t, d, func(tx *store.Tx) (err error) {
		promised, err = tx.Personal(officer.PersonID)
		return err
	})
	done, err := d.AgreeErasure(ctx, second, asked.ID, "已删除人员#1")
	mustDo(t, err)
	if done.Notes < promised.Notes || done.Notes == 0 || done.Words != promised.Words {
		t.Errorf("erased %+v, and said %+v", done.Erased, promised)
	}
	everywhere(t, d, func(place, value string) {
		for _, word := range []string{"王芳", "机密", fmt.Sprint(chat)} {
			if strings.Contains(value, word) && place != "record.hash" && place != "record.prev" {
				t.Errorf("%s still holds %q: %.200q", place, word, value)
			}
		}
	})
	cast.Read(t, d, func(tx *store.Tx) error {
		if found, err := tx.Audit(); err != nil || found.Erased != done.Notes {
			t.Errorf("the record: %+v, %v", found, err)
		}
		return nil
	})
	if _, err := d.AgreeErasure(ctx, second, asked.ID, "#"); duban.CodeOf(err) != duban.AlreadyDone {
		t.Errorf("agreed twice: %v", err)
	}
}

func TestWhereNobodyElseCouldAgreeAnErasureIsNotAskedFor(t *testing.T) {
	d := cast.Open(t)
	admin := cast.Join(t, d, "LM", 1)
	officer := cast.Person(t, d, "WF")
	if _, err := d.AskErasure(context.Background(), admin, officer.ID); duban.CodeOf(err) != duban.NobodyElse {
		t.Errorf("one administrator alone: %v", err)
	}
	if _, err := d.AskErasure(context.Background(), admin, admin.PersonID); duban.CodeOf(err) != duban.NotAllowed {
		t.Errorf("the own data: %v", err)
	}
}
