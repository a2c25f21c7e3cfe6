package app

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// keyLength is the length of the record key in bytes. In its file it stands in hexadecimal digits.
const keyLength = 32

// readKey reads the key that seals the record and hides telephone numbers.
func readKey(path string) ([]byte, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, trouble("cli.key_missing", "path", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read the record key: %w", err)
	}
	key, err := hex.DecodeString(strings.TrimSpace(string(content)))
	if err != nil || len(key) != keyLength {
		return nil, trouble("cli.key_damaged", "path", path)
	}
	return key, nil
}

// keepKey makes a new key where there is none; one that is there already stays, as a record may have been sealed with it.
func keepKey(path string) ([]byte, error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return readKey(path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create the folder of the record key: %w", err)
	}
	key := make([]byte, keyLength)
	rand.Read(key)
	return key, writeKey(path, key)
}

func writeKey(path string, key []byte) (err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write the record key: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if _, err := f.WriteString(hex.EncodeToString(key) + "\n"); err != nil {
		return fmt.Errorf("write the record key: %w", err)
	}
	return f.Sync()
}
