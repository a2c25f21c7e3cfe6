package main

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"duban/app"
)

type exporting struct {
	file, unit, from, to string
}

func (c *cli) export() *cobra.Command {
	var o exporting
	cmd := c.verb("export ledger|record|roster -o FILE.xlsx|FILE.csv [--unit NAME] [--from DATE] [--to DATE]", "cli.export.short", cobra.ExactArgs(1),
		func(ctx context.Context, args []string) error { return c.doExport(ctx, app.Table(args[0]), o) })
	cmd.Flags().StringVarP(&o.file, "output", "o", "", c.say("cli.export.output"))
	cmd.Flags().StringVar(&o.unit, "unit", "", c.say("cli.export.unit"))
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
	x := app.Extract{Unit: o.unit}
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
