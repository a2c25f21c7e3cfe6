package app_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"duban"
	"duban/app"
	"duban/store"
)

// BenchmarkBackup backs up, and restores, a record of 100,000 entries and 200 files of 100 KB.
func BenchmarkBackup(b *testing.B) {
	h := mustHouse(b)
	h.initialise()
	h.office(func(o *app.Office) {
		for range 100 {
			err := o.Store.Write(context.Background(), func(tx *store.Tx) error {
				for i := range 1000 {
					e := duban.Entry{Event: duban.EventProgress, UnitID: 1, PersonID: 2, AssignmentID: int64(i), Note: "about as long as people write"}
					if err := tx.Record(duban.System, e); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				b.Fatal(err)
			}
		}
	})
	for i := range 200 {
		h.addEvidence(fmt.Sprint(i, strings.Repeat("x", 100_000)))
	}
	file := filepath.Join(b.TempDir(), "backup.tar")
	b.Run("backup", func(b *testing.B) {
		for b.Loop() {
			os.Remove(file)
			done, err := app.Backup(b.Context(), h.config, file, app.BackupOptions{})
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(done.Bytes)
		}
	})
	b.Run("restore", func(b *testing.B) {
		for b.Loop() {
			done, err := app.Restore(b.Context(), app.Into(b.TempDir()), file, app.RestoreOptions{})
			if err != nil || done.Breaks > 0 {
				b.Fatal(done, err)
			}
			b.SetBytes(done.DatabaseBytes + done.EvidenceBytes)
		}
	})
}
