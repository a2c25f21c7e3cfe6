package main

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"duban/app"
)

type yearEnd struct {
	unit, dir, rules string
}

func (c *cli) yearEnd() *cobra.Command {
	var o yearEnd
	cmd := c.verb("yearend YEAR [--unit NAME] -o DIR | yearend --write-rules FILE", "cli.yearend.short", cobra.MaximumNArgs(1),
		func(ctx context.Context, args []string) error { return c.doYearEnd(ctx, args, o) })
	cmd.Flags().StringVarP(&o.dir, "output", "o", "", c.say("cli.yearend.output"))
	cmd.Flags().StringVar(&o.unit, "unit", "", c.say("cli.yearend.unit"))
	cmd.Flags().StringVar(&o.rules, "write-rules", "", c.say("cli.yearend.write_rules"))
	return cmd
}

func (c *cli) doYearEnd(ctx context.Context, args []string, o yearEnd) error {
	if o.rules != "" && len(args) == 0 {
		if err := app.WriteRules(o.rules); err != nil {
			return err
		}
		c.print("cli.yearend.rules_written", "file", o.rules)
		return nil
	}
	if len(args) == 0 || o.rules != "" {
		return usageError{app.WrongCall("cli.yearend.no_year")}
	}
	year, err := strconv.Atoi(args[0])
	if err != nil || year < 2000 || year > 2200 {
		return usageError{app.WrongCall("cli.yearend.bad_year", "value", args[0])}
	}
	if o.dir == "" {
		return usageError{app.WrongCall("cli.yearend.no_dir")}
	}
	troubles := 0
	tell := func(p app.Packed) {
		key := "cli.yearend.packed"
		if p.Before {
			key = "cli.yearend.before"
		}
		c.print(key, "k", p.Number, "of", p.Of, "unit", p.Unit, "items", p.Items, "files", p.Evidence)
		if p.Troubles > 0 {
			c.print("cli.yearend.troubles", "n", p.Troubles, "unit", p.Unit)
		}
		troubles += p.Troubles
	}
	err = c.open(ctx, func(office *app.Office) error {
		return office.MakeYearEnd(ctx, app.YearEnd{Year: year, Unit: o.unit, Dir: o.dir, Tell: tell})
	})
	if err == nil && troubles > 0 {
		return errTold
	}
	return err
}
