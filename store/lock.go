package store

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// ErrLocked is returned by Lock when another `serve` holds the database.
var ErrLocked = errors.New("another `duban serve` is running on this database: stop it first")

// Lock keeps a second server away from the database at path until release is called or the process ends. It locks a file of its own beside
// the database, since opening the database itself would drop SQLite's locks.
func Lock(path string) (release func() error, err error) {
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, 0o600)
	if errors.Is(err, unix.EROFS) || errors.Is(err, unix.EIO) {
		return nil, fmt.Errorf("%w (%v)", ErrUnwritable, err)
	}
	if err != nil {
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, ErrLocked
		}
		return nil, fmt.Errorf("lock the database: %w", err)
	}
	return f.Close, nil
}
