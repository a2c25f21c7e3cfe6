package app

import "duban/text"

// Trouble is an error that the operator can put right by what it says: a key of the catalogues and its placeholders.
type Trouble struct {
	Key  string
	Args []any
}

func trouble(key string, args ...any) *Trouble { return &Trouble{Key: key, Args: args} }

// Error says it in English, for logs; the terminal is told in its own language.
func (t *Trouble) Error() string { return t.In(text.EN) }

// In says it in a language.
func (t *Trouble) In(lang text.Lang) string { return text.Word(lang, t.Key, t.Args...) }

// NoConfig is the trouble of a configuration that is not there.
func NoConfig(path string) error { return trouble("cli.config_missing", "path", path) }

// NoCommand is the trouble of a command line without a command.
func NoCommand() error { return trouble("cli.no_command") }

// WrongCall is the trouble of flags or arguments that do not go together; the key says what is expected.
func WrongCall(key string, args ...any) error { return trouble(key, args...) }
