package bot_test

import (
	"context"
	"testing"
	"time"

	"duban/store"
	"duban/text"
	"duban/work"
)

func TestAdministratorsHearOfTrouble(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.tg.Mark()
		made := time.Now().Add(-48 * time.Hour)
		for _, news := range []work.TroubleNews{
			{What: work.BackupFailing, Since: made}, {What: work.DatabaseDamaged}, {What: work.DiskLow, Free: 321 << 20},
			{What: work.BackupLacking, N: 12}, {What: work.RecordBroken, N: 3},
		} {
			s.trouble(news)
		}
		s.chat("trouble", admin)
	})
}

func TestTroubleThatIsOverIsNotTold(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		since := time.Now().Add(-48 * time.Hour)
		err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error { return tx.SetBackups(store.Backups{Good: time.Now()}) })
		if err != nil {
			t.Fatal(err)
		}
		s.trouble(work.TroubleNews{What: work.BackupFailing, Since: since})
		if admin.Find("未能完成备份") != nil {
			t.Error("a backup is missed although it was made meanwhile")
		}
	})
}

func TestWithoutAnyBackupNoDateIsNamed(t *testing.T) {
	play(t, func(s *stage) {
		admin := s.join("LM")
		s.trouble(work.TroubleNews{What: work.BackupFailing})
		if admin.Find("尚未能完成任何备份") == nil {
			t.Error("it is not told")
		}
	})
}

func TestEveryTroubleHasItsSentence(t *testing.T) {
	for _, trouble := range work.Troubles {
		if !text.Has("news.trouble." + string(trouble)) {
			t.Errorf("there is no sentence for %s", trouble)
		}
	}
}

// trouble tells the administrators of something that is wrong.
func (s *stage) trouble(news work.TroubleNews) {
	s.t.Helper()
	err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error { return s.desk.TellTrouble(tx, news) })
	if err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}
