package scheduler

import "context"

// mindReceipts reminds of receipts that are still missing and tells the senders of announcements when the time limit is reached.
func (s *Scheduler) mindReceipts(ctx context.Context) error {
	_, err := s.desk.MindReceipts(ctx)
	return err
}
