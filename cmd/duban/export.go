package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"duban/app"
)

type exporting struct {
	file, unit, from, to string
	announcement         int64
}

func (c *cli) export() *cobra.Command {
	var o exporting
	const usage = "export ledger|record|matrix|roster|receipts|lists -o FILE.xlsx|FILE.csv [--unit NAME] [--announcement N] [--from DATE] [--to DATE]"
	cmd := c.verb(usage, "cli.export.short", cobra.ExactArgs(1),
		func(ctx context.Context, args []string) error { return c.doExport(ctx, app.Table(args[0]), o) })
	cmd.Flags().StringVarP(&o.file, "output", "o", "", c.say("cli.export.output"))
	cmd.Flags().StringVar(&o.unit, "unit", "", c.say("cli.export.unit"))
	cmd.Flags().Int64Var(&o.announcement, "announcement", 0, c.say("cli.export.announcement"))
	cmd.Flags().StringVar(&o.from, "from", "", c.say("cli.export.from"))
	cmd.Flags().StringVar(&o.to, "to", "", c.say("cli.export.to"))
	return cmd
}

func (c *cli) doExport(ctx context.Context, table app.Table, o exporting) error {
	if !slices.Contains(app.Tables, table) {
		return usageError{app.WrongCall("cli.export.tables", "table", string(table))}
	}
	if o.file == "" {
		return usageError{app.WrongCall("cli.export.no_file")}
	}
	if table == app.Receipts && o.announcement == 0 {
		return usageError{app.WrongCall("cli.export.no_announcement")}
	}
	x := app.Extract{Unit: o.unit, Announcement: o.announcement}
	var err error
	if x.From, err = app.Day(o.from); err != nil {
		return usageError{err}
	}
	if x.To, err = app.Day(o.to); err != nil {
		return usageError{err}
	}
	return c.open(ctx, func(office *app.Office) error {
		if err := office.Export(ctx, table, o.file, x); err != nil {
			return err
		}
		c.print("cli.export.done", "file", o.file)
		return nil
	})
}
