package app

import (
	"context"
	"net"
	"path/filepath"
	"runtime/debug"
	"testing"
	"time"
)

func TestSystemdIsToldAndFedWhileAllIsWell(t *testing.T) {
	socket := filepath.Join(t.TempDir(), "n")
	conn, err := net.ListenUnixgram("unixgram", &net.UnixAddr{Name: socket, Net: "unixgram"})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	t.Setenv("NOTIFY_SOCKET", socket)
	t.Setenv("WATCHDOG_USEC", "20000")
	hears := func() string {
		buffer := make([]byte, 64)
		if err := conn.SetReadDeadline(time.Now().Add(10 * time.Second)); err != nil {
			t.Fatal(err)
		}
		n, err := conn.Read(buffer)
		if err != nil {
			t.Fatal(err)
		}
		return string(buffer[:n])
	}
	notify("READY=1")
	if got := hears(); got != "READY=1" {
		t.Errorf("heard %q", got)
	}
	asked := make(chan struct{}, 100)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		unwell := true
		feedWatchdog(ctx, func() bool {
			asked <- struct{}{}
			unwell = !unwell
			return unwell
		})
	}()
	<-asked
	<-asked
	if got := hears(); got != "WATCHDOG=1" {
		t.Errorf("heard %q", got)
	}
	cancel()
	<-ended
}

func TestTheVersionNamesTheCommitOfACheckout(t *testing.T) {
	for want, info := range map[string]*debug.BuildInfo{
		"1.2.0, go1.26.8": {GoVersion: "go1.26.8", Main: debug.Module{Version: "v1.2.0"}},
		"devel, commit 0123456789ab, changed, 2026-11-24T10:00:00Z, go1.26.8": {GoVersion: "go1.26.8", Main: debug.Module{Version: "(devel)"}, Settings: []debug.BuildSetting{
			{Key: "vcs.revision", Value: "0123456789abcdef"}, {Key: "vcs.time", Value: "2026-11-24T10:00:00Z"}, {Key: "vcs.modified", Value: "true"},
		}},
	} {
		if got := versionOf(info); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}
