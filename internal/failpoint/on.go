//go:build failpoints

package failpoint

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
)

// chosen is the place at which the program is to end, and how often it has still to be passed.
type chosen struct {
	point Point
	left  atomic.Int64
}

// wish reads FAIL_AT, such as send.arrived:3 for the third time.
var wish = sync.OnceValue(func() *chosen {
	name, times, _ := strings.Cut(os.Getenv("FAIL_AT"), ":")
	c := &chosen{point: Point(name)}
	n, err := strconv.ParseInt(times, 10, 64)
	if err != nil {
		n = 1
	}
	c.left.Store(n)
	return c
})

// At is a place. It ends the program at once when that was asked for, so often as was asked for.
func At(p Point) {
	c := wish()
	if c.point != p || c.left.Add(-1) != 0 {
		return
	}
	if err := syscall.Kill(os.Getpid(), syscall.SIGKILL); err != nil {
		panic(err)
	}
	select {}
}
