package config

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"slices"
)

// Marks returns for each option, by its dotted path, a short digest of its value under a key. Two configurations differ in the options whose marks
// differ; no value can be read from a mark, so that they may be kept where secrets must not be.
func (c *Config) Marks(key []byte) map[string]string {
	marks := make(map[string]string, len(options))
	for _, o := range options {
		value := o.get(c)
		if s, ok := value.(Secret); ok {
			value = s.Reveal()
		}
		mac := hmac.New(sha256.New, key)
		fmt.Fprintf(mac, "configuration %s %v", o.path, value)
		marks[o.path] = hex.EncodeToString(mac.Sum(nil)[:8])
	}
	return marks
}

// Changed returns the paths of the options whose marks differ, in order. An option that only one side knows is none: it came or went with a
// version of the program.
func Changed(before, after map[string]string) []string {
	var changed []string
	for _, path := range slices.Sorted(maps.Keys(after)) {
		if old, known := before[path]; known && old != after[path] {
			changed = append(changed, path)
		}
	}
	return changed
}
