package config

import (
	"errors"
	"path/filepath"
)

// Load returns the configuration: the defaults, over them the file, over it the environment (entries as os.Environ gives them). An empty
// path means that there is no file. The error is of type Problems when values are wrong, and wraps fs.ErrNotExist when the file is missing.
// Whether everything is there that `duban serve` needs is asked with CheckServe, since most commands need less.
func Load(path string, environ []string) (*Config, error) {
	l := loader{config: Default(), given: map[string]Place{}}
	if path != "" {
		if err := l.readFile(path); err != nil {
			return nil, err
		}
	}
	l.refuseBoth()
	l.readEnvironment(environ)
	l.refuseBoth()
	l.readSecrets(environ)
	l.checkTogether()
	if len(l.problems) > 0 {
		l.problems.sort()
		return nil, l.problems
	}
	return l.config, nil
}

// loader gathers values and everything that is wrong with them.
type loader struct {
	config   *Config
	file     string
	given    map[string]Place // of the options that were set, the last place
	problems Problems
}

func (l *loader) set(o option, text string, at Place) {
	l.given[o.path] = at
	if err := o.set(l.config, text); err != nil {
		l.problems = append(l.problems, Problem{Place: at, Option: o.path, Advice: err.Error()})
	}
}

func (l *loader) problem(line, column int, option, advice string) {
	at := Place{File: l.file, Line: line, Column: column}
	l.problems = append(l.problems, Problem{Place: at, Option: option, Advice: advice})
}

// problemOf reports a problem of an option at the place where it was set.
func (l *loader) problemOf(path, advice string) {
	l.problems = append(l.problems, Problem{Place: l.given[path], Option: path, Advice: advice})
}

// checkTogether looks at what only several options together can get wrong.
func (l *loader) checkTogether() {
	quiet := l.config.Quiet
	if !quiet.Off && quiet.From == quiet.To {
		l.problemOf("quiet.to", "quiet.from and quiet.to are the same time: write two times, or quiet: off")
	}
	if within(l.config.Backup.Dir, l.config.Evidence.Dir) {
		l.problemOf("backup.dir", "the folder lies in that of evidence.dir, so each backup would hold those before it: write another one")
	}
}

// within reports whether a folder is another one or lies below it, as far as their names tell; an empty name is none.
func within(folder, other string) bool {
	if folder == "" {
		return false
	}
	inner, innerErr := filepath.Abs(folder)
	outer, outerErr := filepath.Abs(other)
	path, err := filepath.Rel(outer, inner)
	return errors.Join(innerErr, outerErr, err) == nil && filepath.IsLocal(path)
}

// CheckServe returns the Problems that keep `duban serve` from running: no token, or half a webhook. It returns nil when there are none.
func (c *Config) CheckServe() error {
	var missing Problems
	need := func(option, advice string) {
		missing = append(missing, Problem{Option: option, Advice: advice})
	}
	if c.Telegram.Token == "" {
		need("telegram.token", "there is no bot token: get one from @BotFather and set telegram.token_file, telegram.token or DUBAN_TELEGRAM_TOKEN")
	}
	if c.Telegram.Webhook.URL != "" && c.Telegram.Webhook.Listen == "" {
		need("telegram.webhook.listen", "telegram.webhook.url is set: say also where to listen, such as 127.0.0.1:8443")
	}
	if c.Telegram.Webhook.URL != "" && c.Telegram.Webhook.Secret == "" {
		need("telegram.webhook.secret", "telegram.webhook.url is set: set a secret too, so that nobody but Telegram can deliver updates")
	}
	if len(missing) > 0 {
		return missing
	}
	return nil
}
