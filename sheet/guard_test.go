package sheet

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

func TestWorkThatSpinsIsGivenUpAndWorkThatPanicsIsADamagedFile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		_, err := guarded(func(deadline time.Time) (int, error) {
			if left := time.Until(deadline); left != maxTime {
				t.Errorf("it is told that %v are left", left)
			}
			time.Sleep(2 * maxTime)
			return 1, nil
		})
		if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason != TooSlow {
			t.Errorf("got %v", err)
		}
		if took := time.Since(began); took != maxTime+time.Second {
			t.Errorf("it was given up after %v", took)
		}
		_, err = guarded(func(time.Time) (int, error) { panic("a library cannot cope") })
		if r, ok := errors.AsType[*Refusal](err); !ok || r.Reason != Damaged {
			t.Errorf("got %v", err)
		}
		time.Sleep(maxTime) // until the work that was given up has ended
	})
}
