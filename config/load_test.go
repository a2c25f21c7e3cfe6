package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const sampleToken = "123456789:AAEhBOweik6ad9r_QXMENQjcrGbqCr4K-bc"

// loadText loads the text as c.yaml in a folder of its own, which becomes the working directory.
func loadText(t *testing.T, text string, environ ...string) (*Config, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	if err := os.WriteFile("c.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load("c.yaml", environ)
}

func mustLoadText(t *testing.T, text string, environ ...string) *Config {
	t.Helper()
	c, err := loadText(t, text, environ...)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestEveryMistakeOfAFileIsReportedAtOnceWithItsPlaceAndWhatToDo(t *testing.T) {
	_, err := loadText(t, `telegram:
  tokn: x
  pace: {overall_per_second: many, chat_per_second: -1}
organisation: {timezone: Asia/Peking, office_end: "25:00", language: zh}
quiet: sometimes
digest: "8点半"
reminders:
  unsigned: [1wd, 2 days]
  overdue: {repeat: 0wd}
  daily_cap: -1
  daily_cap: 3
  at: 09：00
listen: 127.0.0.1:8080
log: verbose
evidence:
  dir: [a, b]
`)
	want := `c.yaml:2:3: telegram.tokn: there is no such option, did you mean telegram.token?
c.yaml:3:30: telegram.pace.overall_per_second: write a number, or 0 for no bound, not "many"
c.yaml:3:53: telegram.pace.chat_per_second: write a number, or 0 for no bound, not "-1"
c.yaml:4:26: organisation.timezone: there is no time zone "Asia/Peking": write a name such as Asia/Shanghai or Europe/Berlin
c.yaml:4:51: organisation.office_end: write a time as HH:MM in 24 hours, such as 08:30, not "25:00"
c.yaml:4:70: organisation.language: write one of zh-CN, en, not "zh"
c.yaml:5:8: quiet: write on or off, not "sometimes"
c.yaml:6:9: digest: write a time as HH:MM in 24 hours, such as 08:30, not "8点半" (off is possible too)
c.yaml:8:13: reminders.unsigned: write a number with wd (working days), d, h, m or s, such as 3wd or 30m, not "2 days"
c.yaml:9:21: reminders.overdue.repeat: write a step longer than zero, or off, not "0wd" (off is possible too)
c.yaml:10:14: reminders.daily_cap: write a whole number from 0 to 1000, not "-1"
c.yaml:11:3: reminders.daily_cap: this is set in line 10 already: remove one of the two
c.yaml:12:7: reminders.at: write a time as HH:MM in 24 hours, such as 08:30, not "09：00": the colon is full-width (：), type the half-width one (:)
c.yaml:13:1: listen: there is no such option, did you mean telegram.webhook.listen?
c.yaml:14:6: log: write the options of this group below it, one a line and indented: level, format
c.yaml:16:8: evidence.dir: write a single value`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileThatIsNoYAMLIsExplained(t *testing.T) {
	cases := map[string]struct{ text, want string }{
		"full-width colons":  {"database：sqlite:x\nweb: {listen： \":1\"}\n", "c.yaml:1:9: database: the colon is full-width (：), type the half-width one (:) and a space\nc.yaml:2:13: listen: the colon is full-width (：), type the half-width one (:) and a space"},
		"one full-width":     {"database：sqlite:x\n", "c.yaml:1:9: database: the colon is full-width (：), type the half-width one (:) and a space"},
		"full-width in flow": {"web: {listen： \":1\"}\n", "c.yaml:1:7: web.listen： \":1\": the colon is full-width (：), type the half-width one (:) and a space"},
		"tab":                {"web:\n\tlisten: \":1\"\n", "c.yaml:2:1: indent with spaces, YAML takes no tabs"},
		"not UTF-8":          {"organisation:\n  name: \"\xca\xd0\"\n", "c.yaml:2:10: the file is not UTF-8 from here on: save it again with the encoding UTF-8"},
		"UTF-16":             {"\xff\xfea\x00", "c.yaml:1:1: the file is not UTF-8 from here on: save it again with the encoding UTF-8"},
		"several documents":  {"database: sqlite:x\n---\ndatabase: sqlite:y\n", "c.yaml: the file holds several documents: keep one, without lines of three dashes"},
		"a list":             {"- database\n", "c.yaml:1:1: write the options of this group below it"},
		"open bracket":       {"reminders:\n  unsigned: [1wd\n  at: \"09:00\"\n", "c.yaml:3:5: this is no YAML: did not find expected ',' or ']'"},
		"control character":  {"database: x\x00\n", "c.yaml: this is no YAML: control characters are not allowed"},
		"too large":          {strings.Repeat("#", sizeLimit+1), "c.yaml: the file is larger than 1 MiB"},
		"unknown at the top": {"colour: red\n", "c.yaml:1:1: colour: there is no such option; there are telegram, database,"},
		"unknown in a group": {"web: {colour: red}\n", "c.yaml:1:7: web.colour: there is no such option; in web there are listen"},
		"alias to itself":    {"telegram: &t\n  webhook: *t\n", "c.yaml:2:3: telegram.webhook.webhook: there is no such option"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := loadText(t, c.text)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got  %v\nwant %s", err, c.want)
			}
		})
	}
}

func TestAnEmptyFileSetsNothing(t *testing.T) {
	for _, text := range []string{"", "# nothing yet\n", "\ufeff", "telegram:\nquiet:\n", "~\n"} {
		if diff := cmp.Diff(Default(), mustLoadText(t, text)); diff != "" {
			t.Errorf("%q (-want +got):\n%s", text, diff)
		}
	}
}

func TestAFileFromNotepadLoads(t *testing.T) {
	c := mustLoadText(t, "\ufefforganisation:\r\n  name: 市教育行业党委：办公室\r\n")
	if c.Organisation.Name != "市教育行业党委：办公室" {
		t.Errorf("name is %q", c.Organisation.Name)
	}
}

func TestWhatCanBeOffIsOffHoweverYAMLReadsTheWord(t *testing.T) {
	for _, word := range []string{"off", "false", "no", "OFF", `"off"`} {
		c := mustLoadText(t, strings.ReplaceAll(`quiet: off
digest: off
approval: {issue: off}
web: {listen: off}
reminders: {unsigned: off, before_due: [], overdue: {notice: off, repeat: off, draft_notice: off}}
`, "off", word))
		want := Default()
		want.Quiet.Off, want.Digest, want.Web.Listen = true, "", ""
		want.Reminders.Unsigned, want.Reminders.BeforeDue, want.Reminders.Overdue = nil, nil, Overdue{}
		if diff := cmp.Diff(want, c); diff != "" {
			t.Errorf("%s (-want +got):\n%s", word, diff)
		}
	}
}

func TestAMissingFileSaysHowToWriteOne(t *testing.T) {
	_, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil)
	if !errors.Is(err, fs.ErrNotExist) || !strings.Contains(err.Error(), "duban init -c") {
		t.Errorf("got %v", err)
	}
}

func TestTheEnvironmentIsOverTheFile(t *testing.T) {
	c := mustLoadText(t, "organisation: {name: 甲, language: zh-CN}\nquiet: off\n",
		"DUBAN_ORGANISATION_LANGUAGE=en", "DUBAN_REMINDERS_UNSIGNED=4h, 1wd", "DUBAN_JOINING_LINK_VALID=7d", "DUBAN_QUIET_FROM=22:30",
		"DUBAN_WEB_LISTEN=", "DUBAN_SERVICE_HOST=10.0.0.1", "DUBAN_PORT=tcp://10.0.0.1:80", "DUBAN_PORT_80_TCP=x", "HOME=x")
	want := Default()
	want.Organisation.Name, want.Organisation.Language = "甲", "en"
	want.Reminders.Unsigned = []string{"4h", "1wd"}
	want.Joining.LinkValid = 7 * 24 * time.Hour
	want.Quiet.From = "22:30"
	if diff := cmp.Diff(want, c); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAFileIsNotNeededWhereTheEnvironmentSaysEverything(t *testing.T) {
	c, err := Load("", []string{"DUBAN_TELEGRAM_TOKEN=" + sampleToken + "\n", "DUBAN_QUIET=off", "DUBAN_QUIET_TO=06:00", "DUBAN_DIGEST=off"})
	if err != nil {
		t.Fatal(err)
	}
	if c.Telegram.Token.Reveal() != sampleToken || !c.Quiet.Off || c.Digest != "" {
		t.Errorf("got %+v", c)
	}
	if err := c.CheckServe(); err != nil {
		t.Error(err)
	}
}

func TestAMistakeInTheEnvironmentNamesTheVariable(t *testing.T) {
	_, err := loadText(t, "log: {level: loud}\n", "DUBAN_DIGEST=noon", "DUBAN_TELEGRAM_TOKN=x", "DUBAN_COLOUR=red")
	want := `c.yaml:1:14: log.level: write one of debug, info, warn, error, not "loud"
DUBAN_COLOUR: there is no such option: remove the variable
DUBAN_DIGEST: digest: write a time as HH:MM in 24 hours, such as 08:30, not "noon" (off is possible too)
DUBAN_TELEGRAM_TOKN: there is no such option, did you mean DUBAN_TELEGRAM_TOKEN?`
	if err == nil {
		t.Fatal("no error")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestValuesOutOfRangeAreRefused(t *testing.T) {
	refused := map[string][]string{
		"telegram.api_url":                 {"api.telegram.org", "ftp://x", "https://"},
		"telegram.proxy":                   {"localhost:1080", "socks4://h:1"},
		"telegram.webhook.url":             {"http://example.org/hook", "x"},
		"telegram.webhook.listen":          {"8443", "h:99999", "h:http"},
		"telegram.webhook.secret":          {"with space", strings.Repeat("a", 257)},
		"telegram.pace.overall_per_second": {"NaN", "Inf", "-1", ""},
		"database":                         {"", "sqlite:", "sqlite::memory:", "sqlite:x?mode=ro", "postgres://h/db", "data/duban.db"},
		"organisation.timezone":            {"", "Local", "UTC+8", "../x"},
		"organisation.office_end":          {"", "24:00", "6:00", "18.00", "off"},
		"reminders.before_due":             {"3", "wd", "99999d", "1w", "1wd,,2wd"},
		"reminders.daily_cap":              {"1.5", "1001", "三"},
		"joining.link_valid":               {"", "59s", "91d", "72", "-1h"},
		"joining.second_factor":            {"", "sms"},
		"evidence.dir":                     {""},
		"assessment.window":                {"", "4wd", "61wd", "5d", "wd", "off"},
		"record.key_file":                  {""},
		"approval.issue":                   {"", "maybe"},
	}
	for path, texts := range refused {
		o, found := optionAt(path)
		if !found {
			t.Fatalf("no option %s", path)
		}
		for _, text := range texts {
			if err := o.set(Default(), text); err == nil {
				t.Errorf("%s takes %q", path, text)
			}
		}
	}
}

func TestWhatPeopleWriteIsTaken(t *testing.T) {
	taken := map[string][]string{
		"telegram.api_url":         {"http://127.0.0.1:8081/", "https://bot.example.org/api"},
		"telegram.proxy":           {"", "socks5://user:p%40ss@10.0.0.1:1080"},
		"telegram.webhook.url":     {"", "https://example.org/hook", "http://127.0.0.1:9/h", "http://localhost:9", "http://[::1]:9"},
		"telegram.webhook.listen":  {"", ":8443", "127.0.0.1:0", "[::1]:80"},
		"reminders.unsigned":       {"10s", "30m", "4h, 2d,3wd", "off", ""},
		"reminders.overdue.repeat": {"10s", "1wd", "off"},
		"joining.link_valid":       {"1m", "90d", "1h30m"},
		"assessment.window":        {"5wd", "60wd"},
	}
	for path, texts := range taken {
		o, _ := optionAt(path)
		for _, text := range texts {
			if err := o.set(Default(), text); err != nil {
				t.Errorf("%s refuses %q: %v", path, text, err)
			}
		}
	}
}

func TestQuietTimeWithoutLengthIsRefused(t *testing.T) {
	_, err := loadText(t, "quiet:\n  from: \"07:00\"\n  to: \"07:00\"\n")
	if err == nil || !strings.HasPrefix(err.Error(), "c.yaml:3:7: quiet.to: quiet.from and quiet.to are the same time") {
		t.Errorf("got %v", err)
	}
}

func TestServeAsksForATokenAndAWholeWebhook(t *testing.T) {
	c := mustLoadText(t, "telegram: {webhook: {url: https://example.org/hook}}\n")
	var problems Problems
	if !errors.As(c.CheckServe(), &problems) || len(problems) != 3 {
		t.Fatalf("got %v", problems)
	}
	for i, option := range []string{"telegram.token", "telegram.webhook.listen", "telegram.webhook.secret"} {
		if problems[i].Option != option {
			t.Errorf("problem %d is about %s, want %s", i, problems[i].Option, option)
		}
	}
}

// FuzzLoad looks for a file that brings the loader down, or a problem that does not say where it is.
func FuzzLoad(f *testing.F) {
	f.Add(Example())
	f.Add([]byte("quiet: off\ndigest: off\n"))
	f.Add([]byte("web：x\n"))
	f.Add([]byte("telegram: &a {webhook: *a}\n"))
	f.Add([]byte("{? [a]: b, <<: {c: d}}"))
	f.Fuzz(func(t *testing.T, content []byte) {
		l := loader{config: Default(), file: "c.yaml", given: map[string]Place{}}
		l.readYAML(content)
		l.checkTogether()
		for _, p := range l.problems {
			if p.Advice == "" || p.File == "" && p.Variable == "" && l.given[p.Option] != (Place{}) {
				t.Errorf("a problem without place or advice: %#v", p)
			}
		}
	})
}

func TestBackupsDoNotGoIntoTheFolderThatTheyHold(t *testing.T) {
	for dir, refused := range map[string]bool{"data/evidence": true, "data/evidence/backup": true, "./data/../data/evidence/x": true, "data/backup": false, "": false, "off": false} {
		_, err := loadText(t, "backup: {dir: \""+dir+"\"}\n")
		if got := err != nil && strings.Contains(err.Error(), "backup.dir"); got != refused || (err != nil) != refused {
			t.Errorf("%q: %v", dir, err)
		}
	}
}
