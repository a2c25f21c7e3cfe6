package config

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const secretFileLimit = 4096 // bytes; a token has fifty

// secretOption is a secret that may lie in a file of its own, named by the option with _file behind its name.
type secretOption struct {
	path  string
	value func(*Config) *Secret
	file  func(*Config) *string
}

var secrets = []secretOption{
	{
		path:  "telegram.token",
		value: func(c *Config) *Secret { return &c.Telegram.Token },
		file:  func(c *Config) *string { return &c.Telegram.TokenFile },
	},
	{
		path:  "telegram.webhook.secret",
		value: func(c *Config) *Secret { return &c.Telegram.Webhook.Secret },
		file:  func(c *Config) *string { return &c.Telegram.Webhook.SecretFile },
	},
}

func (s secretOption) filePath() string { return s.path + "_file" }

// refuseBoth reports a secret that is given twice in the same source, as nobody could say which one counts.
func (l *loader) refuseBoth() {
	for _, s := range secrets {
		if *s.value(l.config) != "" && *s.file(l.config) != "" {
			l.problemOf(s.filePath(), "set this or "+s.path+", not both")
			l.forget(s)
		}
	}
}

// forget drops what was said about a secret so far, in both of its forms.
func (l *loader) forget(s secretOption) {
	*s.value(l.config), *s.file(l.config) = "", ""
}

// readSecrets fills the secrets that are given as files.
func (l *loader) readSecrets(environ []string) {
	for _, s := range secrets {
		path := *s.file(l.config)
		if path == "" || *s.value(l.config) != "" {
			continue
		}
		text, err := secretFromFile(path, protectedFolders(environ))
		if err != nil {
			l.problemOf(s.filePath(), err.Error())
			continue
		}
		o, _ := optionAt(s.path)
		l.set(o, text, l.given[s.filePath()])
	}
}

// secretFromFile reads a secret and refuses a file that others could read as well. In a protected folder the permission bits mean something
// else and are not looked at.
func secretFromFile(path string, protected []string) (string, error) {
	file, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	if !info.Mode().IsRegular() {
		return "", fmt.Errorf("%s is not a file: name the file that holds the secret", path)
	}
	if othersMayRead(info.Mode()) && !isBelow(path, protected) {
		return "", fmt.Errorf("%s can be read by others on this machine: run `chmod 600 %s`", path, path)
	}
	content, err := io.ReadAll(io.LimitReader(file, secretFileLimit+1))
	if err != nil {
		return "", fmt.Errorf("read %s: %w", path, err)
	}
	if len(content) > secretFileLimit {
		return "", fmt.Errorf("%s is larger than %d bytes: put the secret alone into the file", path, secretFileLimit)
	}
	text := strings.TrimSpace(strings.TrimPrefix(string(content), "\ufeff"))
	if text == "" {
		return "", fmt.Errorf("%s is empty: put the secret into it", path)
	}
	return text, nil
}

func othersMayRead(mode os.FileMode) bool {
	return runtime.GOOS != "windows" && mode.Perm()&0o044 != 0 // Windows has no such bits, Go makes them up
}

// protectedFolders are those whose access is governed otherwise: systemd's credentials (an access list, which shows as a group bit) and the
// secrets of a container (mounted 0444 by default, where nobody else lives).
func protectedFolders(environ []string) []string {
	folders := []string{"/run/secrets"}
	for _, entry := range environ {
		if folder, ok := strings.CutPrefix(entry, "CREDENTIALS_DIRECTORY="); ok && folder != "" {
			folders = append(folders, folder)
		}
	}
	return folders
}

func isBelow(path string, folders []string) bool {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return false
	}
	for _, folder := range folders {
		if rest, err := filepath.Rel(folder, absolute); err == nil && filepath.IsLocal(rest) {
			return true
		}
	}
	return false
}

// Exposed returns a Problem when the configuration at the path has a secret written into it and others on this machine can read the file. Load
// takes such a file all the same; `duban check` warns of it.
func Exposed(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("look at configuration: %w", err)
	}
	if !othersMayRead(info.Mode()) {
		return nil
	}
	l := loader{config: Default(), given: map[string]Place{}}
	if err := l.readFile(path); err != nil {
		return err
	}
	for _, s := range secrets {
		if *s.value(l.config) != "" {
			advice := fmt.Sprintf("others on this machine can read it: run `chmod 600 %s`, or move it to a file and set %s", path, s.filePath())
			return Problem{Place: l.given[s.path], Option: s.path, Advice: advice}
		}
	}
	return nil
}
