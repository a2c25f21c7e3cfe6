package app

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"duban/assess"
	"duban/config"
)

// rulesOf reads the rules of the year-end assessment that the configuration names; the shipped ones where it names none. What is wrong in the file is
// told with its place.
func rulesOf(c *config.Config) (assess.Rules, error) {
	if c.Assessment.Rules == "" {
		return assess.Default(), nil
	}
	content, err := os.ReadFile(c.Assessment.Rules)
	if err != nil {
		return assess.Rules{}, fmt.Errorf("assessment.rules: %w", err)
	}
	return assess.Parse(c.Assessment.Rules, content)
}

// WriteRules writes the shipped rules of the year-end assessment to a file that is not there yet, to be changed.
func WriteRules(path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return trouble("cli.yearend.rules_exist", "file", path)
	}
	if err != nil {
		return err
	}
	_, err = f.Write(assess.Shipped())
	return errors.Join(err, f.Close())
}
