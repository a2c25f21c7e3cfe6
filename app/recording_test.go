package app_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"duban"
	"duban/app"
	"duban/store"
)

// operated returns what the record says of what was done at the console, from backups to the configuration.
func (h *house) operated() (said []string) {
	h.tb.Helper()
	h.office(func(o *app.Office) {
		err := o.Store.Read(h.tb.Context(), func(tx *store.Tx) error {
			if _, err := tx.Audit(); err != nil {
				return err
			}
			f := store.RecordFilter{Scope: store.RecordScope{All: true}, Events: []duban.Event{
				duban.EventExported, duban.EventBackedUp, duban.EventRestored, duban.EventConfigured}}
			return tx.EveryEntryOf(f, func(e duban.Entry) error {
				word := string(e.Event)
				for _, name := range []string{"table", "options"} {
					if value, ok := e.Facts[name]; ok {
						word += " " + fmt.Sprint(value)
					}
				}
				if e.Via != duban.ViaConsole || e.Actor != 0 {
					h.tb.Errorf("%s by %d at %s", word, e.Actor, e.Via)
				}
				said = append(said, word)
				return nil
			})
		})
		if err != nil {
			h.tb.Fatal(err)
		}
	})
	return said
}

func (h *house) serveOnce() {
	h.tb.Helper()
	stop := h.serve()
	h.waitReady()
	if err := stop(); err != nil {
		h.tb.Fatal(err)
	}
}

func TestWhatTheOperatorDoesStandsInTheRecord(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.serveOnce()
	h.office(func(o *app.Office) {
		if err := o.Export(t.Context(), "record", filepath.Join(t.TempDir(), "record.xlsx"), app.Extract{}); err != nil {
			t.Fatal(err)
		}
	})
	h.config.Reminders.DailyCap = 7
	h.config.Quiet.WorkingDaysOnly = !h.config.Quiet.WorkingDaysOnly
	h.serveOnce()
	h.serveOnce()
	file := filepath.Join(t.TempDir(), "backup.tar")
	if _, unrecorded, err := app.BackupByHand(t.Context(), h.config, file, app.BackupOptions{}); err != nil || unrecorded != nil {
		t.Fatal(err, unrecorded)
	}
	want := []string{"exported record", "configured quiet.working_days_only, reminders.daily_cap", "backed_up"}
	if got := h.operated(); !slices.Equal(got, want) {
		t.Errorf("recorded %q, want %q", got, want)
	}

	other, _ := h.restored(file)
	other.serveOnce()
	other.serveOnce()
	got := other.operated()
	if len(got) < 3 || !slices.Equal(got[:2], want[:2]) || strings.Count(strings.Join(got, " "), "restored") != 1 {
		t.Errorf("after the restore: %q", got)
	}
}
