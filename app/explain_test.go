package app

import (
	"fmt"
	"strings"
	"testing"

	"duban/text"
)

func TestWhatTheStoreRefusesIsSaidInTheLanguageOfTheOperatorWithTheFile(t *testing.T) {
	for _, known := range refusals {
		said := Explain(fmt.Errorf("data/duban.db: %w", known.err), text.ZH)
		if want := "data/duban.db: " + text.Word(text.ZH, known.key); said != want || strings.Contains(said, known.err.Error()) {
			t.Errorf("%v is explained as %q, want %q", known.err, said, want)
		}
	}
}
