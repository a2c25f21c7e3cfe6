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

// theParts is what the points of an assessment are called among what can be imported.
const theParts = "parts"

type importing struct {
	app.ImportOptions
	errors string
	undo   int64
}

func (c *cli) importing() *cobra.Command {
	var o importing
	cmd := c.verb("import roster|tasks|plan|parts|calendar FILE [--dry-run] [--errors OUT.xlsx] | import --undo N", "cli.import.short",
		func(cmd *cobra.Command, args []string) error { return importArgs(cmd, args, o) },
		func(ctx context.Context, args []string) error {
			if o.undo != 0 {
				return c.undoImport(ctx, o)
			}
			return c.doImport(ctx, args[0], args[1], o)
		})
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, c.say("cli.import.dry_run"))
	cmd.Flags().BoolVar(&o.Draft, "draft", false, c.say("cli.import.draft"))
	cmd.Flags().StringVar(&o.errors, "errors", "", c.say("cli.import.errors"))
	cmd.Flags().Int64Var(&o.undo, "undo", 0, c.say("cli.import.undo"))
	return cmd
}

// importArgs asks for a kind and a file, unless an import is to be undone.
func importArgs(cmd *cobra.Command, args []string, o importing) error {
	if o.undo != 0 {
		return cobra.NoArgs(cmd, args)
	}
	return cobra.ExactArgs(2)(cmd, args)
}

// undoImport takes an import back, and says what stays.
func (c *cli) undoImport(ctx context.Context, o importing) error {
	if o != (importing{undo: o.undo}) {
		return usageError{app.WrongCall("cli.import.undo_alone")}
	}
	return c.open(ctx, func(office *app.Office) error {
		undone, err := office.UndoImport(ctx, o.undo)
		if err != nil {
			return err
		}
		c.print("cli.import.undone", "name", undone.Import.File, "n", undone.Steps)
		for _, left := range undone.Left {
			what := strings.TrimSpace(left.Code + " " + left.Name + " " + left.Unit)
			fmt.Fprintln(c.out, "  "+c.say("cli.import.undone_left", "what", what, "why", c.say("import.undo."+string(left.Reason))))
		}
		return nil
	})
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
		return c.tellImport(office, kind, done, o)
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

func (c *cli) tellImport(office *app.Office, kind string, done app.Imported, o importing) error {
	c.print("cli.import.counts", "new", done.New, "changed", done.Changed, "unchanged", done.Unchanged, "wrong", done.WrongRows)
	if done.Issued > 0 && len(done.Wrong) == 0 {
		c.print("cli.import.issued", "n", done.Issued)
	}
	if done.Cut.Rows > 0 {
		c.print("cli.import.cut", "id", done.Cut.Import, "n", done.Cut.Rows)
	}
	c.tellDifference(done)
	for _, left := range done.LeftAsTheyAre() {
		fmt.Fprintln(c.out, "  "+left.In(c.lang))
	}
	c.tellWarnings(done)
	if len(done.Gone) > 0 {
		c.print(gone(kind), "n", len(done.Gone), "names", strings.Join(done.Gone[:min(len(done.Gone), 20)], ", "))
	}
	if len(done.Wrong) == 0 {
		c.print(verdict(o.DryRun))
		if done.Import != 0 {
			c.print("cli.import.number", "id", done.Import)
		}
		return nil
	}
	return c.tellWrong(office, done, o)
}

// tellDifference says how columns were read, what changes, and what the file no longer has.
func (c *cli) tellDifference(done app.Imported) {
	for _, g := range done.Guessed {
		fmt.Fprintln(c.out, "  "+c.say("cli.import.guessed", "title", g.Title, "shown", g.Shown))
	}
	if len(done.Unread) > 0 {
		fmt.Fprintln(c.out, "  "+c.say("cli.import.unread", "columns", strings.Join(done.Unread, ", ")))
	}
	changes := done.Differences(c.lang)
	for _, d := range changes[:min(len(changes), shownProblems)] {
		fmt.Fprintln(c.out, "  "+c.say("cli.import.change", "of", d.Of, "what", d.What))
	}
	if more := len(changes) - shownProblems; more > 0 {
		fmt.Fprintln(c.out, "  "+c.say("cli.import.more", "n", more))
	}
	missing := done.MissingIn(c.lang)
	if len(missing) > 0 {
		c.print("cli.import.missing", "n", len(done.Missing))
	}
	for _, m := range missing[:min(len(missing), shownProblems)] {
		fmt.Fprintln(c.out, "  "+m)
	}
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

// gone says who or what the file no longer has.
func gone(kind string) string {
	if kind == theParts {
		return "cli.import.gone_units"
	}
	return "cli.import.gone"
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
		if meant := w.Meant(c.lang); meant != "" {
			fmt.Fprintln(c.problems, c.say("cli.import.meant", "meant", meant))
		}
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
