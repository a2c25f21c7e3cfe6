package duban

import "time"

// ErasureState says what has become of asking for an erasure.
type ErasureState string

// The states of an erasure. All but the first are final.
const (
	ErasureAsked     ErasureState = "asked"
	ErasureDone      ErasureState = "erased"
	ErasureRefused   ErasureState = "refused"
	ErasureRetracted ErasureState = "retracted"
)

// Erasure (删除个人信息) is that an administrator asks to have the personal data of somebody erased, which another administrator decides on. It cannot be
// taken back.
type Erasure struct {
	ID        int64
	PersonID  int64 // whose data
	AskedBy   int64
	AskedAt   time.Time
	State     ErasureState
	DecidedBy int64 // 0: not yet
	DecidedAt time.Time
}
