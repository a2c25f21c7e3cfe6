package scheduler

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/internal/cast"
	"duban/store"
)

// backups counts the backups that are asked for, and lets them fail.
type backups struct {
	made  []string
	lacks int
	fail  error
}

func (b *backups) make(context.Context) (int, error) {
	b.made = append(b.made, time.Now().In(cast.Shanghai).Format("01-02 15:04"))
	return b.lacks, b.fail
}

// everyMinute runs the duty each minute until an instant.
func (st *stage) everyMinute(b *backups, until string) {
	st.tb.Helper()
	for end := moment(st.tb, until); time.Now().Before(end); time.Sleep(time.Minute) {
		if err := st.sched.backUp(context.Background()); err != nil && !errors.Is(err, b.fail) {
			st.tb.Fatal(err)
		}
	}
}

func TestABackupIsMadeOnceADayAndMadeUpAfterAStop(t *testing.T) {
	play(t, "2026-10-12 10:00", nil, func(t *testing.T, st *stage) {
		b := &backups{}
		st.everyMinute(b, "2026-10-12 10:05") // without a folder for them there are none
		st.sched.Backup = &Backup{At: calendar.Clock{Hour: 2, Minute: 30}, Make: b.make}
		st.everyMinute(b, "2026-10-14 02:00")
		at(t, "2026-10-14 11:00")
		st.everyMinute(b, "2026-10-14 12:00")
		st.same("made", b.made, "10-12 10:05", "10-13 02:30", "10-14 11:00")
		if got := st.sched.Health().Backups; !got.Good.Equal(moment(t, "2026-10-14 11:00")) || got.Failed != 0 {
			t.Errorf("health says %+v", got)
		}
	})
}

func TestASmallBackupIsMadeEachHourInWhichNoFullOneWas(t *testing.T) {
	play(t, "2026-10-12 00:20", nil, func(t *testing.T, st *stage) {
		full, small := &backups{}, &backups{}
		st.sched.Backup = &Backup{At: calendar.Clock{Hour: 2}, Make: full.make, Hourly: small.make}
		st.everyMinute(full, "2026-10-12 04:30")
		at(t, "2026-10-12 07:45")
		st.everyMinute(full, "2026-10-12 08:10")
		st.same("full", full.made, "10-12 00:20", "10-12 02:00")
		st.same("small", small.made, "10-12 01:00", "10-12 03:00", "10-12 04:00", "10-12 07:45", "10-12 08:00")
	})
}

func TestABackupThatFailsIsTriedAgainEachHourAndToldTheSecondTime(t *testing.T) {
	play(t, "2026-10-12 02:00", []string{"LM"}, func(t *testing.T, st *stage) {
		b := &backups{}
		st.sched.Backup = &Backup{At: calendar.Clock{Hour: 2, Minute: 30}, Make: b.make}
		st.everyMinute(b, "2026-10-12 02:10")
		b.fail = errors.New("the disk is full")
		st.everyMinute(b, "2026-10-12 05:00")
		st.same("made", b.made, "10-12 02:00", "10-12 02:30", "10-12 03:30", "10-12 04:30")
		if got := st.sched.Health().Backups; got.Failed != 3 || !got.Good.Equal(moment(t, "2026-10-12 02:00")) {
			t.Errorf("health says %+v", got)
		}
		st.same("told", st.letters(duban.NewsTrouble), "10-12 03:30 trouble → LM", "10-12 03:30 trouble → HJ")
		st.everyMinute(b, "2026-10-14 02:00")
		st.same("told", st.letters(duban.NewsTrouble), "10-12 03:30 trouble → LM", "10-12 03:30 trouble → HJ", "10-13 03:30 trouble → LM", "10-13 03:30 trouble → HJ")
		b.fail = nil
		st.everyMinute(b, "2026-10-14 02:40")
		if got := st.sched.Health().Backups; got.Failed != 0 || !got.Good.Equal(moment(t, "2026-10-14 02:30")) {
			t.Errorf("health says %+v", got)
		}
	})
}

func TestABackupCutShortByTheEndIsNoFailure(t *testing.T) {
	play(t, "2026-10-12 10:00", nil, func(t *testing.T, st *stage) {
		ctx, cancel := context.WithCancel(context.Background())
		st.sched.Backup = &Backup{Make: func(context.Context) (int, error) {
			cancel()
			return 0, errors.New("cut short")
		}}
		if err := st.sched.backUp(ctx); err != nil {
			t.Fatal(err)
		}
		cast.Read(t, st.desk, func(tx *store.Tx) error {
			noted, err := tx.Backups()
			if noted != (store.Backups{}) {
				t.Errorf("noted %+v", noted)
			}
			return err
		})
	})
}

func TestAtNightTheLogIsEmptiedAndDamageIsTold(t *testing.T) {
	play(t, "2026-10-12 03:40", []string{"LM"}, func(t *testing.T, st *stage) {
		st.issueMany(200, moment(t, "2026-12-12 15:00"))
		ctx, path := context.Background(), st.desk.Store.Path()
		if err := st.sched.upkeep(ctx); err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(path + "-wal"); err != nil || info.Size() > 0 {
			t.Errorf("the log: %v %v", info, err)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		spoilLastPages(t, path, info.Size())
		if err := st.sched.upkeep(ctx); !errors.Is(err, store.ErrDamaged) || !st.sched.Health().Damaged {
			t.Fatalf("damage: %v, health %+v", err, st.sched.Health())
		}
		st.same("told", st.letters(duban.NewsTrouble), "10-12 03:40 trouble → LM", "10-12 03:40 trouble → HJ")
	})
}

// spoilLastPages damages pages of tables that the test does not need any more.
func spoilLastPages(tb testing.TB, path string, size int64) {
	tb.Helper()
	f, err := os.OpenFile(filepath.Clean(path), os.O_RDWR, 0)
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	for _, page := range []int64{2, 3} {
		if _, err := f.WriteAt(make([]byte, 64), size-page*4096); err != nil {
			tb.Fatal(err)
		}
	}
}
