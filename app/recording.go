package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"duban"
	"duban/config"
	"duban/store"
)

// What the operator does at the console is recorded too, as far as the program sees it: who it was cannot be known, so the entry says 控制台.

// recordExport records that a table was written at the console.
func (o *Office) recordExport(ctx context.Context, e duban.Entry) error {
	e.Event = duban.EventExported
	err := o.Store.Write(ctx, func(tx *store.Tx) error { return tx.Record(duban.Console, e) })
	if err != nil {
		return fmt.Errorf("record the export: %w", err)
	}
	return nil
}

// BackupByHand is Backup at the console, which is recorded once the backup is there. Where that cannot be, such as in a database of another version, the
// backup is good nevertheless, and the second error says why it is not recorded.
func BackupByHand(ctx context.Context, c *config.Config, file string, o BackupOptions) (done Archived, unrecorded, err error) {
	done, err = Backup(ctx, c, file, o)
	if err != nil {
		return done, nil, err
	}
	return done, recordBackup(ctx, c, done), nil
}

func recordBackup(ctx context.Context, c *config.Config, done Archived) error {
	office, err := Open(ctx, c)
	if err != nil {
		return err
	}
	facts := duban.Facts{"size": done.Bytes, "entries": done.Entries}
	err = office.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.Record(duban.Console, duban.Entry{Event: duban.EventBackedUp, Facts: facts})
	})
	return errors.Join(err, office.Close())
}

// restoreNote is the file that a restore leaves beside a database, until the next start has recorded it.
func restoreNote(database string) string { return database + ".restored" }

// restoredFrom is what stands in that file.
type restoredFrom struct {
	At      time.Time `json:"at"`      // of the restore
	MadeAt  time.Time `json:"made_at"` // of the backup
	Entries int64     `json:"entries"` // of the record in it
}

// leaveNote leaves word for the next start. The restore itself cannot be recorded: the schema may be older than this program.
func (r *restore) leaveNote() error {
	content, err := json.Marshal(restoredFrom{At: r.began.UTC(), MadeAt: r.done.MadeAt, Entries: r.done.Entries})
	if err != nil {
		return err
	}
	place := staged(restoreNote(r.config.SQLitePath()))
	if err := os.WriteFile(place, content, 0o600); err != nil {
		return fmt.Errorf("leave word of the restore: %w", err)
	}
	return nil
}

// metaRestored is the key under which the instant of the restore stands that was recorded last, so that a start that is cut short records it once.
const metaRestored = "restored_at"

// recordRestore records a restore at the first start after it.
func (o *Office) recordRestore(ctx context.Context) error {
	place := restoreNote(o.Config.SQLitePath())
	content, err := os.ReadFile(place)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read the word of a restore: %w", err)
	}
	var from restoredFrom
	if err := json.Unmarshal(content, &from); err != nil {
		return fmt.Errorf("read the word of a restore in %s: %w", place, err)
	}
	err = o.Store.Write(ctx, func(tx *store.Tx) error {
		if last, err := tx.MetaTime(metaRestored); err != nil || last.Equal(from.At.Truncate(time.Millisecond)) {
			return err
		}
		facts := duban.Facts{"backup_of": from.MadeAt.In(o.Desk.Calendar.Zone()).Format("2006-01-02 15:04"), "entries": from.Entries}
		if err := tx.Record(duban.Console, duban.Entry{Event: duban.EventRestored, Facts: facts}); err != nil {
			return err
		}
		return tx.SetMetaTime(metaRestored, from.At)
	})
	if err != nil {
		return fmt.Errorf("record a restore: %w", err)
	}
	return os.Remove(place)
}

// metaMarks is the key under which the marks of the configuration of the last start stand.
const metaMarks = "configuration"

// recordConfiguration records which options differ from those of the last start. Their values are not recorded.
func (o *Office) recordConfiguration(ctx context.Context, key []byte) error {
	now := o.Config.Marks(key)
	kept, err := json.Marshal(now)
	if err != nil {
		return err
	}
	err = o.Store.Write(ctx, func(tx *store.Tx) error {
		word, err := tx.Meta(metaMarks)
		if err != nil || word == string(kept) {
			return err
		}
		var before map[string]string
		if word != "" {
			if err := json.Unmarshal([]byte(word), &before); err != nil {
				return err
			}
		}
		if changed := config.Changed(before, now); len(changed) > 0 {
			facts := duban.Facts{"options": strings.Join(changed, ", ")}
			if err := tx.Record(duban.Console, duban.Entry{Event: duban.EventConfigured, Facts: facts}); err != nil {
				return err
			}
		}
		return tx.SetMeta(metaMarks, string(kept))
	})
	if err != nil {
		return fmt.Errorf("record the configuration: %w", err)
	}
	return nil
}
