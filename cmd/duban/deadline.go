package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"duban/app"
	"duban/config"
)

func (c *cli) deadline() *cobra.Command {
	var at string
	var asJSON bool
	var cmd *cobra.Command
	cmd = c.verb("deadline TEXT [--at RFC3339] [--json]", "cli.deadline.short", cobra.MinimumNArgs(1),
		func(ctx context.Context, args []string) error {
			return c.doDeadline(ctx, strings.Join(args, " "), at, asJSON, cmd.Flags().Changed("config"))
		})
	cmd.Flags().StringVar(&at, "at", "", c.say("cli.deadline.at"))
	cmd.Flags().BoolVar(&asJSON, "json", false, c.say("cli.deadline.json"))
	return cmd
}

// doDeadline needs neither configuration nor database; where there are, the zone, office hours, language and the holidays that were added count.
func (c *cli) doDeadline(ctx context.Context, said, at string, asJSON, named bool) error {
	now := time.Now()
	if at != "" {
		var err error
		if now, err = time.Parse(time.RFC3339, at); err != nil {
			return usageError{app.WrongCall("cli.deadline.bad_at", "value", at)}
		}
	}
	cfg, err := c.loadIfThere(named)
	if err != nil {
		return err
	}
	d, err := app.ReadDeadline(ctx, cfg, said, now)
	if err != nil {
		return err
	}
	return c.tellDeadline(d, asJSON)
}

func (c *cli) loadIfThere(named bool) (*config.Config, error) {
	if _, err := os.Stat(c.config); errors.Is(err, fs.ErrNotExist) && !named {
		return config.Load("", c.environ)
	}
	return c.load()
}

func (c *cli) tellDeadline(d app.Deadline, asJSON bool) error {
	lines := d.Lines()
	if asJSON {
		line, err := d.JSON()
		if err != nil {
			return err
		}
		lines = []string{line}
	}
	for _, line := range lines {
		fmt.Fprintln(c.out, line)
	}
	if d.Refused != "" {
		return errTold
	}
	return nil
}
