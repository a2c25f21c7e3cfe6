package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"duban/app"
	"duban/config"
	"duban/text"
)

func (c *cli) serve() *cobra.Command {
	return c.verb("serve", "cli.serve.short", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		cfg, err := c.load()
		if err != nil {
			return err
		}
		if err := cfg.CheckServe(); err != nil {
			return err
		}
		log := config.Logger(c.problems, cfg.Log, cfg.Telegram.Token, cfg.Telegram.Webhook.Secret, cfg.Telegram.Proxy)
		return app.Run(ctx, cfg, log)
	})
}

func (c *cli) initialise() *cobra.Command {
	return c.verb("init", "cli.init.short", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		written, err := app.WriteConfig(c.config)
		if err != nil {
			return err
		}
		if written {
			c.print("cli.init.config", "path", c.config)
		}
		cfg, err := c.load()
		if err != nil {
			return err
		}
		if err := app.Init(ctx, cfg); err != nil {
			return err
		}
		c.print("cli.init.done", "database", cfg.SQLitePath(), "key", cfg.Record.KeyFile)
		return nil
	})
}

func (c *cli) check() *cobra.Command {
	return c.verb("check", "cli.check.short", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		cfg, err := c.load()
		if err != nil {
			return err
		}
		wrong := false
		for _, f := range app.Check(ctx, cfg, c.config) {
			mark := "cli.check.ok"
			if f.Wrong {
				wrong, mark = true, "cli.check.wrong"
			}
			fmt.Fprintf(c.out, "%s  %s: %s\n", c.say(mark), c.say("cli.check."+f.Subject), f.In(c.lang))
		}
		if wrong {
			return errTold
		}
		return nil
	})
}

func (c *cli) verify() *cobra.Command {
	var words []string
	cmd := c.verb("verify", "cli.verify.short", cobra.NoArgs, func(ctx context.Context, _ []string) error {
		kept, err := heads(words)
		if err != nil {
			return err
		}
		return c.open(ctx, func(office *app.Office) error {
			v, err := office.Verify(ctx, kept...)
			if err != nil {
				return err
			}
			return c.tellVerdict(office, v, kept)
		})
	})
	cmd.Flags().StringArrayVar(&words, "head", nil, c.say("cli.verify.flag.head"))
	return cmd
}

// heads reads the check codes that somebody has kept.
func heads(words []string) ([]app.Head, error) {
	var kept []app.Head
	for _, word := range words {
		h, ok := app.ReadHead(word)
		if !ok {
			return nil, usageError{app.WrongCall("cli.verify.head_bad", "word", word)}
		}
		kept = append(kept, h)
	}
	return kept, nil
}

func (c *cli) tellVerdict(office *app.Office, v app.Verdict, kept []app.Head) error {
	if len(v.Breaks) > 0 {
		c.print("cli.verify.broken", "n", v.Entries)
		for _, b := range v.Breaks {
			c.print("cli.verify.break", "seq", b.Seq, "row", c.rowOf(office, b), "why", c.say("cli.verify.fault."+string(b.Fault), "from", b.From, "to", b.Seq-1, "n", b.N))
		}
		return errTold
	}
	c.print("cli.verify.good", "n", v.Entries, "head", v.Head, "check", v.Check)
	for _, h := range kept {
		c.print("cli.verify.kept", "head", h)
	}
	if v.Heads > 0 {
		c.print("cli.verify.heads", "n", v.Heads)
	}
	if v.Erased > 0 {
		c.print("cli.verify.erased", "n", v.Erased)
	}
	return nil
}

// rowOf says which row a break is at, as the row has it now.
func (c *cli) rowOf(office *app.Office, b app.Break) string {
	event := c.say("cli.verify.no_event")
	switch {
	case b.Event == "":
		return ""
	case text.Has("event." + string(b.Event)):
		event = c.say("event." + string(b.Event))
	}
	return c.say("cli.verify.row", "event", event, "at", b.At.In(office.Desk.Calendar.Zone()).Format("2006-01-02 15:04:05"))
}

func (c *cli) version() *cobra.Command {
	return c.verb("version", "cli.version.short", cobra.NoArgs, func(context.Context, []string) error {
		fmt.Fprintln(c.out, "duban "+app.Version())
		return nil
	})
}
