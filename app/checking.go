package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"duban/bot"
	"duban/config"
	"duban/text"
)

// Finding is one line of `duban check`: what was looked at, and how it is or what to do.
type Finding struct {
	Subject string // the last part of a key "cli.check.<subject>"
	Wrong   bool
	say     func(text.Lang) string
}

// In says the finding in a language.
func (f Finding) In(lang text.Lang) string { return f.say(lang) }

// What is looked for.
const (
	clockMayDiffer = 30 * time.Second
	diskNeeds      = 500 << 20
	lookWithin     = 15 * time.Second
)

// checker gathers findings.
type checker struct {
	config   *config.Config
	findings []Finding
}

func (c *checker) good(subject, key string, args ...any) { c.add(subject, false, key, args) }

func (c *checker) wrong(subject, key string, args ...any) { c.add(subject, true, key, args) }

func (c *checker) add(subject string, wrong bool, key string, args []any) {
	say := func(lang text.Lang) string { return text.Word(lang, key, args...) }
	c.findings = append(c.findings, Finding{Subject: subject, Wrong: wrong, say: say})
}

func (c *checker) failed(subject string, err error) {
	say := func(lang text.Lang) string { return Explain(err, lang) }
	c.findings = append(c.findings, Finding{Subject: subject, Wrong: true, say: say})
}

// Check looks at everything that `duban serve` needs, one thing after the other: a finding that is wrong keeps none of the others from being
// looked at.
func Check(ctx context.Context, c *config.Config, path string) []Finding {
	k := &checker{config: c}
	k.configuration(path)
	k.database(ctx)
	k.disk()
	k.backup()
	k.clock(ctx)
	k.telegram(ctx)
	return k.findings
}

func (c *checker) configuration(path string) {
	if err := c.config.CheckServe(); err != nil {
		c.failed("config", err)
		return
	}
	if err := config.Exposed(path); err != nil {
		c.failed("config", err)
		return
	}
	c.good("config", "cli.check.config_good", "path", path)
}

// database looks at the file as a whole and at the record, which needs the key.
func (c *checker) database(ctx context.Context) {
	office, err := Open(ctx, c.config)
	if err != nil {
		c.failed("database", err)
		return
	}
	defer office.Close()
	if err := office.Store.Check(ctx); err != nil {
		c.failed("database", err)
		return
	}
	c.good("database", "cli.check.database_good", "path", c.config.SQLitePath())
	c.record(ctx, office)
}

func (c *checker) record(ctx context.Context, office *Office) {
	v, err := office.Verify(ctx)
	switch {
	case err != nil:
		c.failed("record", err)
	case len(v.Breaks) > 0:
		c.wrong("record", "cli.check.record_broken", "n", len(v.Breaks))
	default:
		c.good("record", "cli.check.record_good", "n", v.Entries)
	}
}

// disk looks at the space beside the database and at the folder for evidence.
func (c *checker) disk() {
	folder := filepath.Dir(c.config.SQLitePath())
	var disk unix.Statfs_t
	if err := unix.Statfs(folder, &disk); err != nil {
		c.failed("disk", fmt.Errorf("look at %s: %w", folder, err))
		return
	}
	free := int64(disk.Bavail) * disk.Bsize
	if free < diskNeeds {
		c.wrong("disk", "cli.check.disk_full", "free", text.Size(free), "folder", folder)
		return
	}
	if err := unix.Access(c.config.Evidence.Dir, unix.W_OK); err != nil && !errors.Is(err, fs.ErrNotExist) {
		c.wrong("disk", "cli.check.evidence_closed", "folder", c.config.Evidence.Dir)
		return
	}
	c.good("disk", "cli.check.disk_good", "free", text.Size(free))
}

// backupMayBe is how old the newest of the daily backups may be: one day may have gone wrong, but not two.
const backupMayBe = 50 * time.Hour

func (c *checker) backup() {
	folder := c.config.Backup.Dir
	if folder == "" {
		return
	}
	made, err := newestBackup(folder)
	hours := int(time.Since(made).Hours())
	switch {
	case err != nil:
		c.failed("backup", err)
	case made.IsZero():
		c.wrong("backup", "cli.check.backup_none", "dir", folder)
	case hours > int(backupMayBe.Hours()):
		c.wrong("backup", "cli.check.backup_old", "n", hours, "dir", folder)
	default:
		c.good("backup", "cli.check.backup_good", "n", hours, "dir", folder)
	}
}

// clock compares the clock of this machine with the one that the Bot API shows in its answers.
func (c *checker) clock(ctx context.Context) {
	theirs, ours, err := c.theirClock(ctx)
	switch ahead := ours.Sub(theirs).Round(time.Second); {
	case err != nil:
		c.wrong("clock", "cli.check.clock_unknown", "url", c.config.Telegram.APIURL)
	case ahead.Abs() > clockMayDiffer:
		c.wrong("clock", "cli.check.clock_wrong", "n", int(ahead.Seconds()))
	default:
		c.good("clock", "cli.check.clock_good")
	}
}

func (c *checker) theirClock(ctx context.Context) (theirs, ours time.Time, err error) {
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodHead, c.config.Telegram.APIURL+"/", http.NoBody)
	if err != nil {
		return theirs, ours, err
	}
	client := &http.Client{
		Transport:     c.transport(),
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	answer, err := client.Do(r)
	if err != nil {
		return theirs, ours, err
	}
	defer answer.Body.Close()
	theirs, err = http.ParseTime(answer.Header.Get("Date"))
	return theirs, time.Now(), err
}

func (c *checker) transport() *http.Transport {
	t := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true}
	if proxy, err := url.Parse(c.config.Telegram.Proxy.Reveal()); err == nil && proxy.Host != "" {
		t.Proxy = http.ProxyURL(proxy)
	}
	return t
}

// telegram looks at the token and at how updates are delivered.
func (c *checker) telegram(ctx context.Context) {
	if c.config.Telegram.Token == "" {
		return // the line of the configuration says so
	}
	client, err := telegramClient(c.config)
	if err != nil {
		c.failed("token", err)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, lookWithin)
	defer cancel()
	me, err := client.Me(ctx)
	if err != nil && refuses(err) {
		c.wrong("token", "cli.check.token_refused")
		return
	}
	if err != nil {
		c.failed("token", err)
		return
	}
	c.good("token", "cli.check.token_good", "name", "@"+me.Username)
	c.webhook(ctx, client)
}

func (c *checker) webhook(ctx context.Context, client *bot.Client) {
	info, err := client.WebhookInfo(ctx)
	wanted := c.config.Telegram.Webhook.URL
	switch {
	case err != nil:
		c.failed("webhook", err)
	case wanted == "" && info.URL != "":
		c.wrong("webhook", "cli.check.webhook_left")
	case wanted == "":
		c.good("webhook", "cli.check.webhook_none")
	case info.URL != wanted:
		c.good("webhook", "cli.check.webhook_later")
	case info.LastErrorMessage != "" && info.PendingUpdateCount > 0:
		c.wrong("webhook", "cli.check.webhook_failing", "why", info.LastErrorMessage)
	default:
		c.good("webhook", "cli.check.webhook_good")
	}
}
