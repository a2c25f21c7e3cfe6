// Command duban is the bot and everything that its operator does at the command line.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	c := &cli{out: os.Stdout, problems: os.Stderr, environ: os.Environ()}
	code := c.run(ctx, os.Args[1:])
	stop()
	os.Exit(code)
}
