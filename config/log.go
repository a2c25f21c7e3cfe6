package config

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/url"
	"regexp"
	"strconv"
	"strings"
)

// knownSecrets have a form by which they are found wherever they come from: a bot's token, also escaped as in an address, and the
// payload of a joining link.
var knownSecrets = []struct {
	form *regexp.Regexp
	mask string
}{
	{regexp.MustCompile(`\d{6,}(:|%3[Aa])[A-Za-z0-9_-]{30,}`), mask},
	{regexp.MustCompile(`([?&]start=|/start )[A-Za-z0-9_-]{16,64}`), "${1}" + mask},
}

// Logger returns the program's log. Every line passes through Masked, so that neither the secrets given nor anything that looks like a
// bot token is written, whatever an error of a library contains.
func Logger(w io.Writer, c Log, secrets ...Secret) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.Level)) // Load has checked it, the zero value is info
	how := &slog.HandlerOptions{Level: level}
	masked := Masked(w, secrets...)
	if c.Format == "json" {
		return slog.New(slog.NewJSONHandler(masked, how))
	}
	return slog.New(slog.NewTextHandler(masked, how))
}

// Masked returns a writer that masks secrets in what is written to w. Each call of Write must hold whole lines, as those of slog do: a
// secret that is split over two calls is not seen.
func Masked(w io.Writer, secrets ...Secret) io.Writer {
	return maskingWriter{to: w, given: replacer(secrets)}
}

type maskingWriter struct {
	to    io.Writer
	given *strings.Replacer
}

// Write reports the length of what it was given, not of what it wrote, as callers compare it with their own.
func (m maskingWriter) Write(line []byte) (int, error) {
	masked := m.given.Replace(string(line))
	for _, s := range knownSecrets {
		masked = s.form.ReplaceAllString(masked, s.mask)
	}
	if _, err := io.WriteString(m.to, masked); err != nil {
		return 0, err
	}
	return len(line), nil
}

// replacer masks each secret as it is and in the forms that logging and addresses give it.
func replacer(secrets []Secret) *strings.Replacer {
	var pairs []string
	for _, s := range secrets {
		text := s.Reveal()
		if len(text) < 4 {
			continue // it would take ordinary words apart and is no secret anyway
		}
		for _, form := range []string{text, quoted(text), jsonText(text), url.QueryEscape(text), url.PathEscape(text)} {
			pairs = append(pairs, form, mask)
		}
	}
	return strings.NewReplacer(pairs...)
}

func quoted(text string) string {
	q := strconv.Quote(text)
	return q[1 : len(q)-1]
}

func jsonText(text string) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false) // as slog does
	_ = encoder.Encode(text)     // a string always encodes
	return strings.Trim(b.String(), "\"\n")
}
