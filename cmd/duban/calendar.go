package main

import (
	"context"
	"fmt"

	"duban/app"
)

// theCalendar is what the list of holidays is called among what can be imported.
const theCalendar = "calendar"

// importYear takes over the arrangement of a year's holidays, after showing what it says month by month.
func (c *cli) importYear(ctx context.Context, path string, data []byte, dryRun bool) error {
	return c.open(ctx, func(office *app.Office) error {
		read, err := office.ImportYear(ctx, path, data, dryRun)
		if err != nil {
			return err
		}
		c.tellYear(read)
		switch {
		case !read.Usable:
			fmt.Fprintln(c.problems, c.say("cli.import.year_unusable"))
			return errTold
		case dryRun:
			c.print(verdict(dryRun))
		case !read.Changed:
			c.print("cli.import.year_known")
		default:
			c.print(verdict(dryRun))
		}
		return nil
	})
}

func (c *cli) tellYear(read app.YearRead) {
	c.print("calendar.year", "year", read.Year.Year, "notice", read.Notice)
	for _, line := range read.Months(c.lang) {
		fmt.Fprintln(c.out, "  "+line)
	}
	for _, problem := range read.ProblemsIn(c.lang) {
		fmt.Fprintln(c.problems, "  "+problem)
	}
}
