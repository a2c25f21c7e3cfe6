// Command duban is the bot and everything that its operator does at the command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
)

// garbage is by how many per cent the heap may grow between two collections, unless GOGC says otherwise. The heap is small, a few megabytes, so
// that Go's own 100 would collect many times a second under load.
const garbage = 300

func main() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	c := &cli{out: os.Stdout, problems: os.Stderr, environ: os.Environ()}
	code := c.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
