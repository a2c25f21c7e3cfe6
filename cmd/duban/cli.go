package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"duban/app"
	"duban/config"
	"duban/text"
)

// The exit codes: done; refused, or something wrong was found; called the wrong way.
const (
	exitDone = iota
	exitRefused
	exitUsage
)

// cli is one call of the program: where it writes, what it was given.
type cli struct {
	out      io.Writer // what was asked for
	problems io.Writer // what went wrong, and the log
	environ  []string

	lang    text.Lang // of the terminal
	config  string    // path of the configuration
	command bool      // the command line was understood, a command has begun
}

// errTold ends a command that has told what is wrong already.
var errTold = errors.New("something is wrong")

// usageError is a call that the command line could be parsed for and that makes no sense all the same.
type usageError struct{ error }

// run carries out one command line and returns the exit code.
func (c *cli) run(ctx context.Context, args []string) int {
	c.lang = terminalLang(c.environ)
	root := c.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	wrongCall := !c.command
	if u, ok := errors.AsType[usageError](err); ok {
		wrongCall, err = true, u.error
	}
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errTold):
		return exitRefused
	}
	fmt.Fprintf(c.problems, "duban: %s\n", app.Explain(err, c.lang))
	if wrongCall {
		fmt.Fprintln(c.problems, c.say("cli.see_help"))
		return exitUsage
	}
	return exitRefused
}

func (c *cli) say(key string, args ...any) string { return text.Word(c.lang, key, args...) }

func (c *cli) print(key string, args ...any) { fmt.Fprintln(c.out, c.say(key, args...)) }

// root is the table of commands.
func (c *cli) root() *cobra.Command {
	root := &cobra.Command{
		Use: "duban", Short: c.say("cli.short"), SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		Args:              cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return errors.Join(cmd.Help(), usageError{app.NoCommand()})
		},
	}
	root.PersistentFlags().StringVarP(&c.config, "config", "c", "config.yaml", c.say("cli.flag.config"))
	root.PersistentFlags().BoolP("help", "h", false, c.say("cli.flag.help"))
	root.SetOut(c.out)
	root.SetErr(c.problems)
	root.SetUsageTemplate(c.usage())
	root.AddCommand(
		c.serve(),
		c.demo(),
		c.initialise(),
		c.check(),
		c.importing(),
		c.invite(),
		c.export(),
		c.yearEnd(),
		c.deadline(),
		c.backup(),
		c.restore(),
		c.verify(),
		c.erase(),
		c.version(),
	)
	root.InitDefaultHelpCmd()
	for _, cmd := range root.Commands() {
		if cmd.Name() == "help" {
			cmd.Short = c.say("cli.flag.help")
		}
	}
	return root
}

// verb makes a command whose arguments and flags are right once do runs.
func (c *cli) verb(use, short string, args cobra.PositionalArgs, do func(ctx context.Context, args []string) error) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: c.say(short), DisableFlagsInUseLine: true,
		Args: func(cmd *cobra.Command, given []string) error {
			if args(cmd, given) != nil {
				return app.WrongCall("cli.wrong_arguments", "use", use)
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			c.command = true
			return do(cmd.Context(), args)
		},
	}
}

// usage is cobra's template with our words.
func (c *cli) usage() string {
	return strings.NewReplacer(
		"Usage:", c.say("cli.usage"), "Available Commands:", c.say("cli.commands"),
		"Global Flags:", c.say("cli.global_flags"), "Flags:", c.say("cli.flags"), "MORE", c.say("cli.more"),
	).Replace(usageTemplate)
}

const usageTemplate = `Usage:
  {{if .HasAvailableSubCommands}}{{.CommandPath}} COMMAND …{{else}}{{.UseLine}}{{end}}
{{if .HasAvailableSubCommands}}
Available Commands:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding }} {{.Short}}{{end}}{{end}}
{{end}}{{if .HasAvailableLocalFlags}}
Flags:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}{{if .HasAvailableInheritedFlags}}
Global Flags:
{{.InheritedFlags.FlagUsages | trimTrailingWhitespaces}}
{{end}}{{if .HasAvailableSubCommands}}
MORE
{{end}}`

// load reads the configuration.
func (c *cli) load() (*config.Config, error) {
	cfg, err := config.Load(c.config, c.environ)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, app.NoConfig(c.config)
	}
	return cfg, err
}

// open opens the office for one command and closes it after.
func (c *cli) open(ctx context.Context, do func(*app.Office) error) error {
	cfg, err := c.load()
	if err != nil {
		return err
	}
	office, err := app.Open(ctx, cfg)
	if err != nil {
		return err
	}
	return errors.Join(do(office), office.Close())
}

// terminalLang is the language in which the terminal is spoken to: English where the locale names another language than Chinese, else
// Chinese, as one that names none (C, POSIX) tells nothing of who reads.
func terminalLang(environ []string) text.Lang {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		at := slices.IndexFunc(environ, func(entry string) bool { return strings.HasPrefix(entry, name+"=") })
		if at < 0 {
			continue
		}
		switch locale, _, _ := strings.Cut(strings.TrimPrefix(environ[at], name+"="), "."); {
		case locale == "":
			continue
		case locale == "C", locale == "POSIX", strings.HasPrefix(locale, "zh"):
			return text.ZH
		default:
			return text.EN
		}
	}
	return text.ZH
}
