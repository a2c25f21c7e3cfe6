package export_test

import (
	"context"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// correct corrects an announcement of 9:00 at 9:30, in the office of a test.
func correct(t *testing.T, d *work.Desk, announcement int64, change func(tx *store.Tx, n *duban.Announcement)) {
	t.Helper()
	err := d.Store.Write(context.Background(), func(tx *store.Tx) error {
		n, err := tx.Announcement(announcement)
		if err != nil {
			return err
		}
		n.Version, n.Correction = 1, duban.Correction{Text: "改期", At: at(3, 2, 9, 30)}
		change(tx, &n)
		return tx.SaveAnnouncement(n)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func receipt(t *testing.T, tx *store.Tx, announcement int64, name string, change func(*duban.Receipt)) {
	t.Helper()
	people, err := tx.PersonNames()
	if err != nil {
		t.Fatal(err)
	}
	for id := range people {
		if people[id] != name {
			continue
		}
		r, err := tx.Receipt(announcement, id)
		if err != nil {
			t.Fatal(err)
		}
		change(&r)
		if err := tx.SaveReceipt(r); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReceiptsTellWhoHasTheCorrectionAndWhatBecameOfTheRecall(t *testing.T) {
	d := cast.Open(t)
	for i, code := range []string{"LM", "WF", "ZG", "SL"} {
		cast.Join(t, d, code, int64(11+i))
	}
	id := announce(t, d)
	correct(t, d, id, func(tx *store.Tx, _ *duban.Announcement) {
		receipt(t, tx, id, "王芳", func(r *duban.Receipt) { r.Version, r.CorrectedAt = 1, at(3, 2, 9, 31) })
		receipt(t, tx, id, "赵刚", func(r *duban.Receipt) { r.FixFailure = "edit_gone" })
	})
	last := func() [][]string {
		var rows [][]string
		for _, r := range receiptRows(t, d, id, nil)[1:] {
			if r[2] != "" {
				rows = append(rows, append(slices.Clone(r[1:2]), r[6:]...))
			}
		}
		return rows
	}
	want := [][]string{{"王芳", "2026-03-02 09:31", "已更正", ""}, {"赵刚", "", "未更正（对方已删除）", ""}}
	if diff := cmp.Diff(want, last()); diff != "" {
		t.Error(diff)
	}
	correct(t, d, id, func(tx *store.Tx, n *duban.Announcement) {
		n.State, n.RecalledAt = duban.AnnouncementRecalled, at(3, 2, 9, 40)
		receipt(t, tx, id, "王芳", func(r *duban.Receipt) { r.Recall = duban.RecallErased })
		receipt(t, tx, id, "赵刚", func(r *duban.Receipt) { r.Recall, r.FixFailure = duban.RecallFailed, "erase_late" })
	})
	want = [][]string{{"王芳", "2026-03-02 09:31", "已更正", "已撤回"}, {"赵刚", "", "未更正", "未能撤回（超过可删除时间）"}}
	if diff := cmp.Diff(want, last()); diff != "" {
		t.Error(diff)
	}
}

func TestReceiptsTellOfWorkGroupsToo(t *testing.T) {
	d := cast.Open(t)
	id := announce(t, d)
	correct(t, d, id, func(tx *store.Tx, _ *duban.Announcement) {
		for i, c := range []duban.GroupCopy{
			{Group: duban.Group{Title: "行业党委群"}, DeliveredAt: at(3, 2, 9, 1), Version: 1, CorrectedAt: at(3, 2, 9, 31)},
			{Group: duban.Group{Title: "五中群"}, DeliveredAt: at(3, 2, 9, 1), FixFailure: "no_rights"},
			{Group: duban.Group{Title: "小学群"}, Failure: "kicked"},
			{Group: duban.Group{Title: "支部群"}},
		} {
			units, err := tx.Units()
			if err != nil {
				t.Fatal(err)
			}
			c.Group.ChatID, c.Group.UnitID, c.Group.State, c.Group.BoundBy = int64(-1-i), units[i].ID, duban.GroupBound, cast.Person(t, d, "LM").ID
			if c.Group.ID, err = tx.AddGroup(c.Group); err != nil {
				t.Fatal(err)
			}
			if err := tx.SaveGroupCopy(id, c); err != nil {
				t.Fatal(err)
			}
		}
	})
	rows := receiptRows(t, d, id, nil)
	want := [][]string{
		{"滨江市教育行业党委", "行业党委群（工作群）", "2026-03-02 09:01", "", "", "", "2026-03-02 09:31", "已更正", ""},
		{"市第五中学党委", "五中群（工作群）", "2026-03-02 09:01", "", "", "", "", "未更正（没有发言权限）", ""},
		{"实验小学党委", "小学群（工作群）", "", "", "", "机器人已被移出", "", "", ""},
		{"高一年级党支部", "支部群（工作群）", "", "", "", "待发送", "", "", ""},
	}
	if diff := cmp.Diff(want, rows[len(rows)-4:]); diff != "" {
		t.Error(diff)
	}
}
