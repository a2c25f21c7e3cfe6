package config

import (
	"errors"
	"fmt"
	"math"
	"net"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // the zone of the organisation must be known also where the system brings no zone files: in a bare container, on Windows
)

const sqlitePrefix = "sqlite:"

var (
	tokenForm  = regexp.MustCompile(`^\d{6,12}:[A-Za-z0-9_-]{30,50}$`)
	secretForm = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`) // what setWebhook takes as secret_token
	clockForm  = regexp.MustCompile(`^([01]\d|2[0-3]):[0-5]\d$`)
	stepForm   = regexp.MustCompile(`^\d{1,4}(wd|d|h|m|s)$`)
	zeroStep   = regexp.MustCompile(`^0+[a-z]`)
	daysForm   = regexp.MustCompile(`^(\d{1,4})d$`)
)

// A parser turns the text of a value into the value; its error is advice, lower case, and quotes the text unless that is a secret.

func anyText(text string) (string, error) { return text, nil }

func nonEmpty(text string) (string, error) {
	if text == "" {
		return "", errors.New("write a path, it must not be empty")
	}
	return text, nil
}

func token(text string) (Secret, error) {
	text = strings.TrimSpace(text)
	if text != "" && !tokenForm.MatchString(text) {
		return "", errors.New("this is no bot token: write it as @BotFather gave it, digits, a colon and about 35 letters (123456789:AA…)")
	}
	return Secret(text), nil
}

func webhookSecret(text string) (Secret, error) {
	text = strings.TrimSpace(text)
	if text != "" && !secretForm.MatchString(text) {
		return "", errors.New("write 1 to 256 characters, only A-Z a-z 0-9 _ and -, such as the output of `openssl rand -hex 32`")
	}
	return Secret(text), nil
}

func apiURL(text string) (string, error) {
	if !isURL(text, "https", "http") {
		return "", fmt.Errorf("write an address such as https://api.telegram.org, not %q", text)
	}
	return strings.TrimRight(text, "/"), nil
}

// proxyURL keeps the address out of its advice, since a proxy's password stands in it.
func proxyURL(text string) (Secret, error) {
	if text != "" && !isURL(text, "http", "https", "socks5") {
		return "", errors.New("write http://host:port, https://host:port or socks5://host:port, with user:password@ before the host where the proxy asks for it")
	}
	return Secret(text), nil
}

func webhookURL(text string) (string, error) {
	if text == "" || isURL(text, "https") {
		return text, nil
	}
	if isURL(text, "http") && onLoopback(text) {
		return text, nil
	}
	return "", fmt.Errorf("write an https address (http is for this machine only), or nothing for long polling, not %q", text)
}

func isURL(text string, schemes ...string) bool {
	parsed, err := url.Parse(text)
	return err == nil && slices.Contains(schemes, parsed.Scheme) && parsed.Hostname() != ""
}

func onLoopback(text string) bool {
	parsed, err := url.Parse(text)
	if err != nil {
		return false
	}
	host := parsed.Hostname()
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func address(text string) (string, error) {
	_, port, err := net.SplitHostPort(text)
	if err != nil {
		return "", fmt.Errorf("write host:port such as 127.0.0.1:8080, not %q%s", text, fullWidthHint(text))
	}
	if n, err := strconv.Atoi(port); err != nil || n < 0 || n > 65535 {
		return "", fmt.Errorf("the port must be a number from 0 to 65535, not %q", port)
	}
	return text, nil
}

func database(text string) (string, error) {
	path, isSQLite := strings.CutPrefix(text, sqlitePrefix)
	if !isSQLite || path == "" {
		return "", fmt.Errorf("write sqlite: and the path of the database file, such as sqlite:data/duban.db, not %q", text)
	}
	if strings.HasPrefix(path, ":memory:") || strings.Contains(path, "?") {
		return "", fmt.Errorf("write the plain path of a file after sqlite:, without options, not %q", text)
	}
	return text, nil
}

func timezone(text string) (string, error) {
	if text == "" || text == "Local" {
		return "", fmt.Errorf("write the name of a time zone such as Asia/Shanghai, not %q", text)
	}
	if _, err := time.LoadLocation(text); err != nil {
		return "", fmt.Errorf("there is no time zone %q: write a name such as Asia/Shanghai or Europe/Berlin", text)
	}
	return text, nil
}

func clock(text string) (string, error) {
	if !clockForm.MatchString(text) {
		return "", fmt.Errorf("write a time as HH:MM in 24 hours, such as 08:30, not %q%s", text, fullWidthHint(text))
	}
	return text, nil
}

func step(text string) (string, error) {
	if !stepForm.MatchString(text) {
		return "", fmt.Errorf("write a number with wd (working days), d, h, m or s, such as 3wd or 30m, not %q", text)
	}
	return text, nil
}

func positiveStep(text string) (string, error) {
	if zeroStep.MatchString(text) {
		return "", fmt.Errorf("write a step longer than zero, or off, not %q", text)
	}
	return step(text)
}

func steps(text string) ([]string, error) {
	if text == "" || isOff(text) {
		return nil, nil
	}
	all := strings.Split(text, ",")
	for i := range all {
		one, err := step(strings.TrimSpace(all[i]))
		if err != nil {
			return nil, err
		}
		all[i] = one
	}
	return all, nil
}

// window is at least the five working days in which a unit may object to its assessment.
func window(text string) (string, error) {
	days, working := strings.CutSuffix(text, "wd")
	if n, err := strconv.Atoi(days); !working || err != nil || n < 5 || n > 60 || !stepForm.MatchString(text) {
		return "", fmt.Errorf("write working days from 5wd to 60wd, such as 10wd, not %q", text)
	}
	return text, nil
}

// linkValidity is at least a minute, so that a link can be used at all, and at most 90 days, since a link that lies about is a key.
func linkValidity(text string) (time.Duration, error) {
	valid, err := time.ParseDuration(text)
	if days := daysForm.FindStringSubmatch(text); days != nil {
		n, _ := strconv.Atoi(days[1]) // one to four digits
		valid, err = time.Duration(n)*24*time.Hour, nil
	}
	if err != nil {
		return 0, fmt.Errorf("write a time such as 72h, 30m or 7d, not %q", text)
	}
	if valid < time.Minute || valid > 90*24*time.Hour {
		return 0, fmt.Errorf("write a time from 1m to 90d, not %q", text)
	}
	return valid, nil
}

func oneOf(words ...string) func(string) (string, error) {
	return func(text string) (string, error) {
		if slices.Contains(words, text) {
			return text, nil
		}
		return "", fmt.Errorf("write one of %s, not %q", strings.Join(words, ", "), text)
	}
}

// pace reads an upper bound on messages by time; 0 is none.
func pace(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0 && n <= math.MaxInt32) { // negated, so that NaN is refused
		return 0, fmt.Errorf("write a number, or 0 for no bound, not %q", text)
	}
	return n, nil
}

// paidPace is what Telegram lets through for payment: allow_paid_broadcast of the Bot API.
func paidPace(text string) (float64, error) {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || !(n >= 0 && n <= 1000) {
		return 0, fmt.Errorf("write a number up to 1000, or 0 to pay for nothing, not %q", text)
	}
	return n, nil
}

func wholeUpTo(most int) func(string) (int, error) {
	return func(text string) (int, error) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 || n > most {
			return 0, fmt.Errorf("write a whole number from 0 to %d, not %q", most, text)
		}
		return n, nil
	}
}

// onOff takes the words that people and YAML know for yes and no.
func onOff(text string) (bool, error) {
	switch {
	case slices.Contains([]string{"on", "true", "yes"}, strings.ToLower(text)):
		return true, nil
	case isOff(text):
		return false, nil
	default:
		return false, fmt.Errorf("write on or off, not %q", text)
	}
}

// off says that a quiet time is switched off, which is the opposite of what was written for it.
func off(text string) (bool, error) {
	on, err := onOff(text)
	return !on, err
}

// offOr takes off as the empty value and leaves everything else to parse.
func offOr(parse func(string) (string, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		if isOff(text) {
			return "", nil
		}
		value, err := parse(text)
		if err != nil {
			return "", fmt.Errorf("%w (off is possible too)", err)
		}
		return value, nil
	}
}

func isOff(text string) bool {
	return slices.Contains([]string{"off", "false", "no"}, strings.ToLower(text))
}

func fullWidthHint(text string) string {
	if strings.ContainsRune(text, '：') {
		return ": the colon is full-width (：), type the half-width one (:)"
	}
	return ""
}
