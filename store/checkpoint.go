package store

import (
	"context"
	"fmt"

	"golang.org/x/sys/unix"
)

// Checkpoint brings what was committed from the log beside the database into its file and empties the log, which grows while somebody reads for
// long. It reports false when somebody who reads was in the way; the next one makes up for it.
func (s *Store) Checkpoint(ctx context.Context) (done bool, err error) {
	db, err := openHandle(s.path, "rw", false, 1)
	if err != nil {
		return false, err
	}
	defer db.Close()
	if _, err := db.ExecContext(ctx, `PRAGMA busy_timeout = 1000`); err != nil { // those who write wait as long as this one waits for readers
		return false, fmt.Errorf("empty the log of the database: %w", err)
	}
	var busy, logged, moved int
	if err := db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &logged, &moved); err != nil {
		s.notice(err)
		return false, fmt.Errorf("empty the log of the database: %w", err)
	}
	return busy == 0, nil
}

// Free returns how many bytes are free for the program on the disk of a folder or file.
func Free(path string) (int64, error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(path, &disk); err != nil {
		return 0, fmt.Errorf("look at %s: %w", path, err)
	}
	return int64(disk.Bavail) * disk.Bsize, nil
}
