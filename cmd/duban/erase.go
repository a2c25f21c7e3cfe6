package main

import (
	"bufio"
	"context"
	"strings"

	"github.com/spf13/cobra"

	"duban/app"
)

// erase removes the personal data of somebody once the code was typed a second time.
func (c *cli) erase() *cobra.Command {
	var cmd *cobra.Command
	cmd = c.verb("erase CODE", "cli.erase.short", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		return c.open(ctx, func(office *app.Office) error {
			person, err := office.Person(ctx, args[0])
			if err != nil {
				return err
			}
			c.print("cli.erase.confirm", "code", person.Code, "name", person.Name)
			typed, _ := bufio.NewReader(cmd.InOrStdin()).ReadString('\n')
			if strings.TrimSpace(typed) != person.Code {
				c.print("cli.erase.not")
				return errTold
			}
			done, err := office.Erase(ctx, person.Code, c.say("erase.name", "n", person.ID))
			if err != nil {
				return err
			}
			c.print("cli.erase.done", "name", done.Person.Name, "notes", done.Notes, "reports", done.Reports, "answers", done.Answers)
			return nil
		})
	})
	return cmd
}
