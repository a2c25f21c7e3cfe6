package config

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

func TestASecretIsNeverPrinted(t *testing.T) {
	c := Default()
	c.Telegram.Token = sampleToken
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%10.3s"} {
		fmt.Fprintf(&out, verb+verb+"\n", c.Telegram.Token, *c)
	}
	fmt.Fprintln(&out, c.Telegram.Token, c)
	asJSON, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	asYAML, err := yaml.Dump(c)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(asJSON)
	out.Write(asYAML)
	slog.New(slog.NewTextHandler(&out, nil)).Info("configured", "token", c.Telegram.Token, "telegram", c.Telegram)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("configured", "token", c.Telegram.Token, "telegram", c.Telegram)
	for _, form := range []string{sampleToken, sampleToken[:9], sampleToken[10:], fmt.Sprintf("%x", sampleToken), fmt.Sprintf("%X", sampleToken)} {
		if strings.Contains(out.String(), form) {
			t.Errorf("%s can be read in:\n%s", form, out.String())
		}
	}
	if c.Telegram.Token.Reveal() != sampleToken {
		t.Error("Reveal does not give the token")
	}
}

func TestAWrongTokenIsNotRepeatedInTheError(t *testing.T) {
	for _, wrong := range []string{"123456789 :AAEhBOweik6ad9r_QXMENQ", "hunter2", "socks5//u:hunter2@h"} {
		_, err := loadText(t, fmt.Sprintf("telegram: {token: %q, proxy: %q, webhook: {secret: %q}}\n", wrong, wrong, wrong+" "+wrong))
		var problems Problems
		if !errors.As(err, &problems) || len(problems) != 3 {
			t.Fatalf("got %v", err)
		}
		if strings.Contains(err.Error(), wrong) {
			t.Errorf("%q can be read in %v", wrong, err)
		}
	}
}

// writeSecret writes a file of the given mode and returns its path.
func writeSecret(t *testing.T, folder, text string, mode os.FileMode) string {
	t.Helper()
	path := filepath.Join(folder, "secret")
	if err := os.WriteFile(path, []byte(text), mode); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(path, mode); err != nil { // whatever the umask
		t.Fatal(err)
	}
	return path
}

func TestSecretsAreReadFromFilesAndTrimmed(t *testing.T) {
	path := writeSecret(t, t.TempDir(), "\ufeff"+sampleToken+"\r\n", 0o400)
	c := mustLoadText(t, "telegram: {token_file: "+path+"}\n")
	if c.Telegram.Token.Reveal() != sampleToken {
		t.Error("the token is not that of the file")
	}
	c = mustLoadText(t, "", "DUBAN_TELEGRAM_TOKEN_FILE="+path)
	if c.Telegram.Token.Reveal() != sampleToken {
		t.Error("the token is not that of the file in the environment")
	}
}

func TestTheEnvironmentsSecretReplacesTheFilesInEitherForm(t *testing.T) {
	other := strings.Replace(sampleToken, "1", "9", 1)
	path := writeSecret(t, t.TempDir(), sampleToken, 0o600)
	c := mustLoadText(t, "telegram: {token_file: "+path+"}\n", "DUBAN_TELEGRAM_TOKEN="+other)
	if c.Telegram.Token.Reveal() != other {
		t.Error("the file's token_file won over the environment's token")
	}
	c = mustLoadText(t, "telegram: {token: \""+other+"\"}\n", "DUBAN_TELEGRAM_TOKEN_FILE="+path)
	if c.Telegram.Token.Reveal() != sampleToken {
		t.Error("the file's token won over the environment's token_file")
	}
}

func TestASecretGivenTwiceIsRefused(t *testing.T) {
	_, err := loadText(t, "telegram:\n  token: \""+sampleToken+"\"\n  token_file: x\n")
	if err == nil || err.Error() != "c.yaml:3:15: telegram.token_file: set this or telegram.token, not both" {
		t.Errorf("got %v", err)
	}
	_, err = Load("", []string{"DUBAN_TELEGRAM_WEBHOOK_SECRET=abc", "DUBAN_TELEGRAM_WEBHOOK_SECRET_FILE=x"})
	if err == nil || err.Error() != "DUBAN_TELEGRAM_WEBHOOK_SECRET_FILE: telegram.webhook.secret_file: set this or telegram.webhook.secret, not both" {
		t.Errorf("got %v", err)
	}
}

func TestASecretFileThatOthersCanReadIsRefused(t *testing.T) {
	for _, mode := range []os.FileMode{0o640, 0o604, 0o444} {
		path := writeSecret(t, t.TempDir(), sampleToken, mode)
		_, err := loadText(t, "", "DUBAN_TELEGRAM_TOKEN_FILE="+path)
		want := "DUBAN_TELEGRAM_TOKEN_FILE: telegram.token_file: " + path + " can be read by others on this machine: run `chmod 600 " + path + "`"
		if err == nil || err.Error() != want {
			t.Errorf("%o: got %v, want %s", mode, err, want)
		}
	}
}

func TestSystemdGuardsItsCredentialsItself(t *testing.T) {
	folder := t.TempDir()
	path := writeSecret(t, folder, sampleToken, 0o440)
	c := mustLoadText(t, "", "DUBAN_TELEGRAM_TOKEN_FILE="+path, "CREDENTIALS_DIRECTORY="+folder)
	if c.Telegram.Token.Reveal() != sampleToken {
		t.Error("the credential was not read")
	}
	if _, err := loadText(t, "", "DUBAN_TELEGRAM_TOKEN_FILE="+path, "CREDENTIALS_DIRECTORY="+folder+"2"); err == nil {
		t.Error("a file beside the credentials was taken")
	}
}

func TestASecretFileThatHoldsNoSecretIsExplained(t *testing.T) {
	empty := writeSecret(t, t.TempDir(), " \n", 0o600)
	large := writeSecret(t, t.TempDir(), strings.Repeat("1", secretFileLimit+1), 0o600)
	folder := t.TempDir()
	cases := map[string]string{
		empty:                         " is empty: put the secret into it",
		large:                         " is larger than 4096 bytes: put the secret alone into the file",
		folder:                        " is not a file: name the file that holds the secret",
		filepath.Join(folder, "none"): ": no such file or directory",
	}
	for path, want := range cases {
		_, err := loadText(t, "", "DUBAN_TELEGRAM_TOKEN_FILE="+path)
		if err == nil || !strings.HasSuffix(err.Error(), path+want) {
			t.Errorf("got %v, want …%s", err, path+want)
		}
	}
}

func TestTheLogMasksTokensLinksAndGivenSecrets(t *testing.T) {
	const secret = `p@ss"wörd&<1>`
	for _, format := range []string{"text", "json"} {
		var out bytes.Buffer
		log := Logger(&out, Log{Level: "info", Format: format}, secret, "", "abc")
		log.Debug("not at this level")
		log.Info("get https://api.telegram.org/bot"+sampleToken+"/getMe",
			"err", errors.New("dial: "+secret), "escaped", strings.Replace(sampleToken, ":", "%3A", 1), "query", "p%40ss%22w%C3%B6rd%26%3C1%3E",
			"link", "https://t.me/duban_bot?start=i_Qm9vdHN0cmFwMTIzNDU2Nzg", "text", "/start i_Qm9vdHN0cmFwMTIzNDU2Nzg", "abc", "kept")
		got := out.String()
		for _, leak := range []string{sampleToken[10:], "wörd", "p%40ss", "Qm9vdHN0", "not at this level"} {
			if strings.Contains(got, leak) {
				t.Errorf("%s: %s can be read in %s", format, leak, got)
			}
		}
		for _, kept := range []string{"api.telegram.org/bot" + mask + "/getMe", "duban_bot?start=" + mask, "abc"} {
			if !strings.Contains(got, kept) {
				t.Errorf("%s: %s is missing in %s", format, kept, got)
			}
		}
		if format == "json" && !json.Valid(out.Bytes()) {
			t.Errorf("the masked line is no JSON: %s", got)
		}
	}
}

func TestATokenInAFileThatOthersCanReadIsPointedOut(t *testing.T) {
	folder := t.TempDir()
	written := writeSecret(t, folder, "telegram:\n  token: \""+sampleToken+"\"\n", 0o644)
	want := written + ":2:10: telegram.token: others on this machine can read it"
	if err := Exposed(written); err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("got %v, want %s…", err, want)
	}
	if err := os.Chmod(written, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Exposed(written); err != nil {
		t.Errorf("nobody else can read it, and yet: %v", err)
	}
	if err := Exposed(writeSecret(t, t.TempDir(), string(Example()), 0o644)); err != nil {
		t.Errorf("there is no secret in it, and yet: %v", err)
	}
}
