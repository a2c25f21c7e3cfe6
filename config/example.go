package config

import _ "embed"

//go:embed example.yaml
var example []byte

// Example returns the text of config.example.yaml: every option with its default and what it means. `duban init` writes it where there
// is no configuration yet.
func Example() []byte {
	return append([]byte(nil), example...)
}
