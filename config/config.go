// Package config reads what an operator may set: one YAML file, every key of it also as an environment variable, secrets also from
// files of their own. It knows the defaults, checks every value, and reports all that is wrong at once, each with its place and with what
// to write instead.
package config

import (
	"strings"
	"time"
)

// Config holds every option with its value after defaults, file and environment. Clocks are "HH:MM" in the organisation's zone, steps are
// a number with wd (working days), d, h, m or s; both are checked here and kept as text, so that the caller gives them their meaning.
// Paths are relative to the working directory.
type Config struct {
	Telegram     Telegram
	Database     string // "sqlite:" and a path; see SQLitePath
	Organisation Organisation
	Quiet        Quiet
	Digest       string // clock of the daily summary, empty when there is none
	Reminders    Reminders
	Approval     Approval
	Reports      Reports
	Joining      Joining
	Evidence     Evidence
	Assessment   Assessment
	Backup       Backup
	Web          Web
	Log          Log
	Record       Record
}

// Telegram says how the Bot API is reached. Token and Webhook.Secret hold the content of their files when they were given as files.
type Telegram struct {
	Token     Secret
	TokenFile string
	APIURL    string // without a slash at the end
	Proxy     Secret // an address that may carry a password, hence a secret; empty for none
	Webhook   Webhook
	Pace      Pace
}

// Webhook is how Telegram delivers updates when URL is set; with an empty URL they are polled.
type Webhook struct {
	URL        string
	Listen     string // host:port of the handler
	Secret     Secret // what Telegram sends back in X-Telegram-Bot-Api-Secret-Token
	SecretFile string
}

// Pace bounds what the whole process sends, so that Telegram does not have to.
type Pace struct {
	OverallPerSecond float64
	ChatPerSecond    float64
	GroupPerMinute   float64
	// PaidPerSecond lets announcements leave beside these bounds for 0.1 Telegram Stars each, up to so many a second; 0: nothing is paid for.
	PaidPerSecond float64
}

// Organisation describes whose tasks these are.
type Organisation struct {
	Name      string
	Timezone  string // IANA name, known to time.LoadLocation
	Language  string // zh-CN or en: for whoever has chosen none
	OfficeEnd string // clock at which a deadline without a time is due
}

// Quiet is the time in which nothing is pushed to anybody. Off lifts the non-working days too; the other fields mean nothing then.
type Quiet struct {
	Off             bool
	From            string
	To              string
	WorkingDaysOnly bool
}

// Reminders is the ladder that an open task climbs. An empty list or step leaves that rung out.
type Reminders struct {
	Unsigned  []string // steps after issue without a signature
	BeforeDue []string // steps before the deadline
	Overdue   Overdue
	At        string // clock of the reminders that are counted in days
	DailyCap  int    // pushes for one person and day, 0 for no cap
}

// Overdue holds the steps after the deadline.
type Overdue struct {
	Notice      string
	Repeat      string // never zero: a rung that repeats at once would not end
	DraftNotice string
}

// Approval says what needs a second pair of eyes.
type Approval struct {
	Issue            bool // a leader approves before a task of an administrator is issued
	SecondAdminAbove int  // recipients above which a second administrator confirms what one sends, 0 for never
}

// Reports says which reports are made by themselves; each goes to the office, those of a month, a half-year and a year also to the secretaries of the
// units. HalfYearly stands for both of the latter.
type Reports struct {
	Weekly, Monthly, Quarterly, HalfYearly, PerTask bool
}

// Joining governs how a person is bound to a Telegram account.
type Joining struct {
	LinkValid    time.Duration
	SecondFactor string // none, contact or last4
}

// Evidence says where submitted files are kept.
type Evidence struct {
	Dir string
}

// Assessment names the file with the rules of the year-end assessment, empty for the shipped ones, and says how long units check what is proposed.
type Assessment struct {
	Rules  string
	Window string // working days such as 5wd
}

// Backup says when backups are made by themselves, where they go and how many are kept; an empty Dir makes none. Besides the daily ones there are
// hourly ones without evidence.
type Backup struct {
	Dir    string
	At     string // clock of the daily backup
	Keep   int    // daily ones; 0 keeps all
	Weekly int    // older daily ones, the newest of each week
	Hourly int    // 0 makes none
}

// Web is where health, metrics and pages are served; an empty Listen serves none.
type Web struct {
	Listen string
}

// Log shapes the program's own log: Level is debug, info, warn or error, Format is text or json.
type Log struct {
	Level  string
	Format string
}

// Record names the file with the key of the record's chain, which lies outside the database on purpose.
type Record struct {
	KeyFile string
}

// Default returns the configuration of a file in which nothing is set.
func Default() *Config {
	return &Config{
		Telegram: Telegram{
			APIURL: "https://api.telegram.org",
			Pace:   Pace{OverallPerSecond: 25, ChatPerSecond: 1, GroupPerMinute: 18},
		},
		Database:     "sqlite:data/duban.db",
		Organisation: Organisation{Timezone: "Asia/Shanghai", Language: "zh-CN", OfficeEnd: "18:00"},
		Quiet:        Quiet{From: "21:00", To: "07:00", WorkingDaysOnly: true},
		Digest:       "08:30",
		Reminders: Reminders{
			Unsigned:  []string{"1wd", "2wd"},
			BeforeDue: []string{"3wd", "1wd", "0d"},
			Overdue:   Overdue{Notice: "1wd", Repeat: "1wd", DraftNotice: "3wd"},
			At:        "09:00",
			DailyCap:  3,
		},
		Reports:    Reports{Weekly: true, Monthly: true, Quarterly: true, HalfYearly: true, PerTask: true},
		Joining:    Joining{LinkValid: 72 * time.Hour, SecondFactor: "none"},
		Evidence:   Evidence{Dir: "data/evidence"},
		Assessment: Assessment{Window: "5wd"},
		Backup:     Backup{At: "02:30", Keep: 14, Weekly: 8, Hourly: 24},
		Web:        Web{Listen: "127.0.0.1:8080"},
		Log:        Log{Level: "info", Format: "text"},
		Record:     Record{KeyFile: "data/record.key"},
	}
}

// SQLitePath returns the path of the database file.
func (c *Config) SQLitePath() string {
	return strings.TrimPrefix(c.Database, sqlitePrefix)
}
