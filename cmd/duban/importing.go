package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duban/app"
)

// importLimit is more than a spreadsheet may have; what is above it is not read to the end.
const importLimit = 21 << 20

// shownProblems is how many problems the terminal is told; all of them stand in the file of --errors.
const shownProblems = 100

type importing struct {
	app.ImportOptions
	errors string
}

func (c *cli) importing() *cobra.Command {
	var o importing
	cmd := c.verb("import roster|tasks|plan|calendar FILE [--dry-run] [--errors OUT.xlsx]", "cli.import.short", cobra.ExactArgs(2),
		func(ctx context.Context, args []string) error { return c.doImport(ctx, args[0], args[1], o) })
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, c.say("cli.import.dry_run"))
	cmd.Flags().BoolVar(&o.Draft, "draft", false, c.say("cli.import.draft"))
	cmd.Flags().StringVar(&o.errors, "errors", "", c.say("cli.import.errors"))
	return cmd
}

func (c *cli) doImport(ctx context.Context, kind, path string, o importing) error {
	switch {
	case kind != theCalendar && !slices.Contains(app.Lists, kind):
		return usageError{app.WrongCall("cli.import.kinds", "kind", kind)}
	case o.Draft && kind != "tasks":
		return usageError{app.WrongCall("cli.import.draft_of_roster")}
	case o.errors != "" && kind == theCalendar:
		return usageError{app.WrongCall("cli.import.errors_of_calendar")}
	}
	data, err := readFile(path)
	if err != nil {
		return err
	}
	if kind == theCalendar {
		return c.importYear(ctx, path, data, o.DryRun)
	}
	return c.open(ctx, func(office *app.Office) error {
		done, err := office.Import(ctx, kind, path, data, o.ImportOptions)
		if err != nil {
			return err
		}
		return c.tellImport(office, done, o)
	})
}

func readFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(io.LimitReader(f, importLimit))
}

func (c *cli) tellImport(office *app.Office, done app.Imported, o importing) error {
	c.print("cli.import.counts", "new", done.New, "changed", done.Changed, "unchanged", done.Unchanged, "wrong", done.WrongRows)
	if done.Issued > 0 && len(done.Wrong) == 0 {
		c.print("cli.import.issued", "n", done.Issued)
	}
	for _, left := range done.LeftAsTheyAre() {
		fmt.Fprintln(c.out, "  "+left.In(c.lang))
	}
	c.tellWarnings(done)
	if len(done.Gone) > 0 {
		c.print("cli.import.gone", "n", len(done.Gone), "names", strings.Join(done.Gone[:min(len(done.Gone), 20)], ", "))
	}
	if len(done.Wrong) == 0 {
		c.print(verdict(o.DryRun))
		return nil
	}
	return c.tellWrong(office, done, o)
}

func (c *cli) tellWarnings(done app.Imported) {
	warned := done.ToLookAt()
	for _, w := range warned[:min(len(warned), shownProblems)] {
		fmt.Fprintln(c.out, "  "+c.say("cli.import.warned", "line", w.Line, "what", w.In(c.lang)))
	}
	if more := len(warned) - shownProblems; more > 0 {
		fmt.Fprintln(c.out, "  "+c.say("cli.import.more", "n", more))
	}
}

func verdict(dryRun bool) string {
	if dryRun {
		return "cli.import.dry"
	}
	return "cli.import.done"
}

func (c *cli) tellWrong(office *app.Office, done app.Imported, o importing) error {
	for i, w := range done.Wrong {
		if i == shownProblems {
			fmt.Fprintln(c.problems, c.say("cli.import.more", "n", len(done.Wrong)-shownProblems))
			break
		}
		fmt.Fprintln(c.problems, c.say("cli.import.wrong", "line", w.Line, "column", w.Heading(c.lang), "what", w.In(c.lang)))
	}
	fmt.Fprintln(c.problems, c.say("cli.import.nothing"))
	if o.errors == "" {
		fmt.Fprintln(c.problems, c.say("cli.import.hint"))
		return errTold
	}
	marked, err := app.Annotated(done, o.errors, office.Lang())
	if err != nil {
		return err
	}
	if err := os.WriteFile(o.errors, marked, 0o600); err != nil {
		return err
	}
	fmt.Fprintln(c.problems, c.say("cli.import.written", "file", o.errors))
	return errTold
}
