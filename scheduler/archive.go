package scheduler

import (
	"context"
	"fmt"
)

// archiveBite is how many assignments one transaction archives: each is recorded, which takes longer than forgetting does.
const archiveBite = 100

// archive archives what has been closed for long, in bites, so that nobody waits long for a turn to write.
func (s *Scheduler) archive(ctx context.Context) error {
	for {
		n, err := s.desk.ArchiveOld(ctx, archiveBite)
		if err != nil {
			return fmt.Errorf("archive what is closed: %w", err)
		}
		if n < archiveBite {
			return nil
		}
	}
}
