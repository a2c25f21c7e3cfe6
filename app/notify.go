package app

import (
	"context"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

// notify tells systemd how the service is (sd_notify(3)). Without systemd there is nobody to tell, and one who does not listen is no reason
// to stop.
func notify(state string) {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	if strings.HasPrefix(socket, "@") {
		socket = "\x00" + socket[1:]
	}
	conn, err := net.DialUnix("unixgram", nil, &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = conn.Write([]byte(state)) // nothing could be done about it
}

// feedWatchdog tells systemd twice in each of its periods that the program is well, for as long as it is.
func feedWatchdog(ctx context.Context, well func() bool) {
	period, err := strconv.ParseInt(os.Getenv("WATCHDOG_USEC"), 10, 64)
	if err != nil || period <= 0 {
		<-ctx.Done()
		return
	}
	ticker := time.NewTicker(time.Duration(period) * time.Microsecond / 2)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if well() {
				notify("WATCHDOG=1")
			}
		}
	}
}
