package config

import (
	"strings"
	"time"
)

// option is one line of the table of everything that can be set.
type option struct {
	path string // dotted, as in the file
	list bool   // a sequence is possible; its elements reach set joined with commas
	access
}

// access is how a field of the configuration is written from text, with advice as its error, and read.
type access struct {
	set func(*Config, string) error
	get func(*Config) any
}

// options stands in the order of the example file. A path that is the beginning of others (quiet) takes a single word instead of the group;
// it stands behind its group so that in the environment, where both can be set, the word is the last.
var options = []option{
	{path: "telegram.token", access: into(func(c *Config) *Secret { return &c.Telegram.Token }, token)},
	{path: "telegram.token_file", access: into(func(c *Config) *string { return &c.Telegram.TokenFile }, anyText)},
	{path: "telegram.api_url", access: into(func(c *Config) *string { return &c.Telegram.APIURL }, apiURL)},
	{path: "telegram.proxy", access: into(func(c *Config) *Secret { return &c.Telegram.Proxy }, proxyURL)},
	{path: "telegram.webhook.url", access: into(func(c *Config) *string { return &c.Telegram.Webhook.URL }, webhookURL)},
	{path: "telegram.webhook.listen", access: into(func(c *Config) *string { return &c.Telegram.Webhook.Listen }, emptyOr(address))},
	{path: "telegram.webhook.secret", access: into(func(c *Config) *Secret { return &c.Telegram.Webhook.Secret }, webhookSecret)},
	{path: "telegram.webhook.secret_file", access: into(func(c *Config) *string { return &c.Telegram.Webhook.SecretFile }, anyText)},
	{path: "telegram.pace.overall_per_second", access: into(func(c *Config) *float64 { return &c.Telegram.Pace.OverallPerSecond }, pace)},
	{path: "telegram.pace.chat_per_second", access: into(func(c *Config) *float64 { return &c.Telegram.Pace.ChatPerSecond }, pace)},
	{path: "telegram.pace.group_per_minute", access: into(func(c *Config) *float64 { return &c.Telegram.Pace.GroupPerMinute }, pace)},
	{path: "telegram.pace.paid_per_second", access: into(func(c *Config) *float64 { return &c.Telegram.Pace.PaidPerSecond }, paidPace)},
	{path: "database", access: into(func(c *Config) *string { return &c.Database }, database)},
	{path: "organisation.name", access: into(func(c *Config) *string { return &c.Organisation.Name }, anyText)},
	{path: "organisation.timezone", access: into(func(c *Config) *string { return &c.Organisation.Timezone }, timezone)},
	{path: "organisation.language", access: into(func(c *Config) *string { return &c.Organisation.Language }, oneOf("zh-CN", "en"))},
	{path: "organisation.office_end", access: into(func(c *Config) *string { return &c.Organisation.OfficeEnd }, clock)},
	{path: "quiet.from", access: quietOn(into(func(c *Config) *string { return &c.Quiet.From }, clock))},
	{path: "quiet.to", access: quietOn(into(func(c *Config) *string { return &c.Quiet.To }, clock))},
	{path: "quiet.working_days_only", access: quietOn(into(func(c *Config) *bool { return &c.Quiet.WorkingDaysOnly }, onOff))},
	{path: "quiet", access: into(func(c *Config) *bool { return &c.Quiet.Off }, off)},
	{path: "digest", access: into(func(c *Config) *string { return &c.Digest }, offOr(clock))},
	{path: "reminders.unsigned", list: true, access: into(func(c *Config) *[]string { return &c.Reminders.Unsigned }, steps)},
	{path: "reminders.before_due", list: true, access: into(func(c *Config) *[]string { return &c.Reminders.BeforeDue }, steps)},
	{path: "reminders.overdue.notice", access: into(func(c *Config) *string { return &c.Reminders.Overdue.Notice }, offOr(step))},
	{path: "reminders.overdue.repeat", access: into(func(c *Config) *string { return &c.Reminders.Overdue.Repeat }, offOr(positiveStep))},
	{path: "reminders.overdue.draft_notice", access: into(func(c *Config) *string { return &c.Reminders.Overdue.DraftNotice }, offOr(step))},
	{path: "reminders.at", access: into(func(c *Config) *string { return &c.Reminders.At }, clock)},
	{path: "reminders.daily_cap", access: into(func(c *Config) *int { return &c.Reminders.DailyCap }, wholeUpTo(1000))},
	{path: "approval.issue", access: into(func(c *Config) *bool { return &c.Approval.Issue }, onOff)},
	{path: "approval.second_admin_above", access: into(func(c *Config) *int { return &c.Approval.SecondAdminAbove }, wholeUpTo(1_000_000))},
	{path: "reports.weekly", access: into(func(c *Config) *bool { return &c.Reports.Weekly }, onOff)},
	{path: "reports.monthly", access: into(func(c *Config) *bool { return &c.Reports.Monthly }, onOff)},
	{path: "reports.quarterly", access: into(func(c *Config) *bool { return &c.Reports.Quarterly }, onOff)},
	{path: "reports.half_yearly", access: into(func(c *Config) *bool { return &c.Reports.HalfYearly }, onOff)},
	{path: "reports.per_task", access: into(func(c *Config) *bool { return &c.Reports.PerTask }, onOff)},
	{path: "joining.link_valid", access: into(func(c *Config) *time.Duration { return &c.Joining.LinkValid }, linkValidity)},
	{path: "joining.second_factor", access: into(func(c *Config) *string { return &c.Joining.SecondFactor }, oneOf("none", "contact", "last4"))},
	{path: "evidence.dir", access: into(func(c *Config) *string { return &c.Evidence.Dir }, nonEmpty)},
	{path: "assessment.rules", access: into(func(c *Config) *string { return &c.Assessment.Rules }, anyText)},
	{path: "assessment.window", access: into(func(c *Config) *string { return &c.Assessment.Window }, window)},
	{path: "backup.dir", access: into(func(c *Config) *string { return &c.Backup.Dir }, offOr(anyText))},
	{path: "backup.at", access: into(func(c *Config) *string { return &c.Backup.At }, clock)},
	{path: "backup.keep", access: into(func(c *Config) *int { return &c.Backup.Keep }, wholeUpTo(10_000))},
	{path: "backup.weekly", access: into(func(c *Config) *int { return &c.Backup.Weekly }, wholeUpTo(10_000))},
	{path: "backup.hourly", access: into(func(c *Config) *int { return &c.Backup.Hourly }, wholeUpTo(10_000))},
	{path: "web.listen", access: into(func(c *Config) *string { return &c.Web.Listen }, offOr(emptyOr(address)))},
	{path: "log.level", access: into(func(c *Config) *string { return &c.Log.Level }, oneOf("debug", "info", "warn", "error"))},
	{path: "log.format", access: into(func(c *Config) *string { return &c.Log.Format }, oneOf("text", "json"))},
	{path: "record.key_file", access: into(func(c *Config) *string { return &c.Record.KeyFile }, nonEmpty)},
}

// into pairs a field with the parser of its text.
func into[T any](field func(*Config) *T, parse func(string) (T, error)) access {
	return access{
		set: func(c *Config, text string) error {
			value, err := parse(text)
			if err != nil {
				return err
			}
			*field(c) = value
			return nil
		},
		get: func(c *Config) any { return *field(c) },
	}
}

// quietOn switches the quiet time on with each of its parts: whoever writes its hours wants it.
func quietOn(part access) access {
	return access{get: part.get, set: func(c *Config, text string) error {
		if err := part.set(c, text); err != nil {
			return err
		}
		c.Quiet.Off = false
		return nil
	}}
}

func emptyOr(parse func(string) (string, error)) func(string) (string, error) {
	return func(text string) (string, error) {
		if text == "" {
			return "", nil
		}
		return parse(text)
	}
}

func optionAt(path string) (option, bool) {
	for _, o := range options {
		if o.path == path {
			return o, true
		}
	}
	return option{}, false
}

// isGroup says whether options lie below the path.
func isGroup(path string) bool {
	for _, o := range options {
		if strings.HasPrefix(o.path, path+".") {
			return true
		}
	}
	return false
}

// childrenOf lists the names that may stand directly below the path, the empty path being the top of the file.
func childrenOf(path string) []string {
	prefix := ""
	if path != "" {
		prefix = path + "."
	}
	var names []string
	for _, o := range options {
		rest, below := strings.CutPrefix(o.path, prefix)
		if !below || rest == "" {
			continue
		}
		name, _, _ := strings.Cut(rest, ".")
		if len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	return names
}

// suggestion is what somebody who wrote name below group may have meant, as a dotted path, or empty.
func suggestion(group, name string) string {
	if near := nearest(name, childrenOf(group)); near != "" {
		return join(group, near)
	}
	for _, o := range options {
		if strings.HasSuffix(o.path, "."+name) {
			return o.path
		}
	}
	return ""
}

func join(group, name string) string {
	if group == "" {
		return name
	}
	return group + "." + name
}

// nearest returns the word that a slip of the finger turns into name, or nothing when all are too far away.
func nearest(name string, words []string) string {
	name = strings.ReplaceAll(strings.ToLower(name), "-", "_")
	best, least := "", 1+len(name)/3
	for _, word := range words {
		if d := distance(name, word); d <= least && (best == "" || d < least) {
			best, least = word, d
		}
	}
	return best
}

// distance counts the insertions, deletions and replacements between two words.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replace := diagonal
			if a[i] != b[j] {
				replace++
			}
			diagonal = row[j+1]
			row[j+1] = min(replace, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
