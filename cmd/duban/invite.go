package main

import (
	"context"
	"encoding/json"

	"github.com/spf13/cobra"

	"duban/app"
)

type inviting struct {
	app.Whom
	format string
	revoke string
}

func (c *cli) invite() *cobra.Command {
	var o inviting
	cmd := c.verb("invite --person CODE | --unit NAME | --all | --revoke CODE [--format text|csv|json]", "cli.invite.short", cobra.NoArgs,
		func(ctx context.Context, _ []string) error { return c.doInvite(ctx, o) })
	cmd.Flags().StringVar(&o.Person, "person", "", c.say("cli.invite.person"))
	cmd.Flags().StringVar(&o.Unit, "unit", "", c.say("cli.invite.unit"))
	cmd.Flags().BoolVar(&o.All, "all", false, c.say("cli.invite.all"))
	cmd.Flags().StringVar(&o.format, "format", "text", c.say("cli.invite.format"))
	cmd.Flags().StringVar(&o.revoke, "revoke", "", c.say("cli.invite.revoke"))
	return cmd
}

func (c *cli) doInvite(ctx context.Context, o inviting) error {
	switch chosen := count(o.Person != "", o.Unit != "", o.All, o.revoke != ""); {
	case chosen != 1:
		return usageError{app.WrongCall("cli.invite.one_of")}
	case o.format != "text" && o.format != "csv" && o.format != "json":
		return usageError{app.WrongCall("cli.invite.formats", "format", o.format)}
	}
	return c.open(ctx, func(office *app.Office) error {
		if o.revoke != "" {
			if err := office.Revoke(ctx, o.revoke); err != nil {
				return err
			}
			c.print("cli.invite.revoked", "code", o.revoke)
			return nil
		}
		links, err := office.Invite(ctx, o.Whom)
		if err != nil {
			return err
		}
		return c.tellLinks(office, links, o.format)
	})
}

func count(chosen ...bool) int {
	n := 0
	for _, c := range chosen {
		if c {
			n++
		}
	}
	return n
}

func (c *cli) tellLinks(office *app.Office, links []app.Link, format string) error {
	switch format {
	case "json":
		encoder := json.NewEncoder(c.out)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(links)
	case "csv":
		return office.LinksCSV(c.out, links)
	}
	if len(links) == 0 {
		c.print("cli.invite.nobody")
	}
	for _, l := range links {
		c.print("cli.invite.line", "name", l.Name, "unit", l.Unit, "link", l.Link, "until", l.ExpiresAt.Format("2006-01-02 15:04"))
	}
	return nil
}
