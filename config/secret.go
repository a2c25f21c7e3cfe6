package config

import (
	"fmt"
	"io"
	"log/slog"
)

// Secret is text that must not be seen: printing, logging and encoding it show a mask. Reveal is the one way to its content.
type Secret string

const mask = "[redacted]"

// Reveal returns the content, for the one place that needs it.
func (s Secret) Reveal() string { return string(s) }

// String returns the mask, or nothing when there is no secret, so that "not set" can be told from "set".
func (s Secret) String() string {
	if s == "" {
		return ""
	}
	return mask
}

// GoString is String, for %#v.
func (s Secret) GoString() string { return s.String() }

// Format is String for every verb and flag, also for those that would take the text apart, such as %x.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, s.String()) }

// MarshalJSON encodes the mask.
func (s Secret) MarshalJSON() ([]byte, error) { return []byte(`"` + s.String() + `"`), nil }

// MarshalText encodes the mask, for YAML, XML and everything else that asks for text.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue logs the mask.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }
