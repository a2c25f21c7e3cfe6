package sheet

import "time"

// guarded runs work on a goroutine of its own, so that a file which makes a
// library panic is a damaged file and one that makes it spin is given up.
func guarded[T any](work func(deadline time.Time) (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	deadline := time.Now().Add(maxTime)
	go func() {
		result := outcome{err: &Refusal{Reason: Damaged}}
		defer func() {
			if recover() != nil {
				result = outcome{err: &Refusal{Reason: Damaged}}
			}
			done <- result
		}()
		result.value, result.err = work(deadline)
	}()

	timer := time.NewTimer(maxTime + time.Second)
	defer timer.Stop()
	select {
	case result := <-done:
		return result.value, result.err
	case <-timer.C:
		var none T
		return none, tooSlow()
	}
}

func tooSlow() error { return &Refusal{Reason: TooSlow, Limit: int64(maxTime / time.Second)} }
