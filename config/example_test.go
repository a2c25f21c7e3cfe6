package config

import (
	"bytes"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"
)

const examplePath = "../config.example.yaml"

func TestTheExampleLoadsAsItStandsAndEqualsTheDefaults(t *testing.T) {
	got, err := Load(examplePath, nil)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(Default(), got); diff != "" {
		t.Errorf("the example differs from the defaults (-default +example):\n%s", diff)
	}
}

func TestTheExampleThatInitWritesIsTheOneInTheRepository(t *testing.T) {
	onDisk, err := os.ReadFile(examplePath)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(onDisk, Example()) {
		t.Error("config.example.yaml and config/example.yaml differ: copy one over the other")
	}
}

func TestEveryOptionStandsInTheExampleUnderAComment(t *testing.T) {
	var document yaml.Node
	if err := yaml.Load(Example(), &document); err != nil {
		t.Fatal(err)
	}
	explained := map[string]bool{}
	collect(document.Content[0], "", "", explained)
	for _, o := range options {
		commented, there := explained[o.path]
		switch {
		case !there:
			t.Errorf("%s does not stand in the example", o.path)
		case !commented:
			t.Errorf("%s stands in the example without a comment above it or its group", o.path)
		}
	}
}

// collect notes each path of the example and whether a comment stands above it, above the options before it, or above its group.
func collect(node *yaml.Node, path, comment string, explained map[string]bool) {
	for i := 0; i+1 < len(node.Content); i += 2 {
		key, value := node.Content[i], node.Content[i+1]
		if key.HeadComment != "" {
			comment = key.HeadComment
		}
		at := join(path, key.Value)
		explained[at] = comment != ""
		if value.Kind == yaml.MappingNode {
			collect(value, at, comment, explained)
		}
	}
}

func TestEveryFieldCanBeSetByExactlyOneOption(t *testing.T) {
	samples := map[string]string{
		"telegram.token": sampleToken, "telegram.api_url": "http://127.0.0.1:1", "telegram.proxy": "socks5://h:1",
		"telegram.webhook.url": "https://example.org/hook", "telegram.webhook.listen": ":8443", "telegram.webhook.secret": "abcdef",
		"database": "sqlite:x", "organisation.timezone": "Europe/Berlin", "organisation.language": "en",
		"quiet": "off", "quiet.working_days_only": "off", "reminders.daily_cap": "5", "approval.issue": "on", "reports.weekly": "off", "reports.monthly": "off", "reports.quarterly": "off", "reports.half_yearly": "off", "reports.per_task": "off", "approval.second_admin_above": "5", "assessment.window": "10wd", "backup.at": "05:05",
		"joining.link_valid": "5h", "joining.second_factor": "last4", "log.level": "debug", "log.format": "json", "web.listen": ":5",
		"reminders.unsigned": "5d", "reminders.before_due": "5d",
		"reminders.overdue.notice": "5d", "reminders.overdue.repeat": "5d", "reminders.overdue.draft_notice": "5d",
		"organisation.office_end": "05:05", "quiet.from": "05:05", "quiet.to": "05:05", "digest": "05:05", "reminders.at": "05:05",
	}
	touched := map[string]string{}
	for _, o := range options {
		c := Default()
		sample := samples[o.path]
		if sample == "" {
			sample = "5"
		}
		if err := o.set(c, sample); err != nil {
			t.Errorf("%s: %v", o.path, err)
			continue
		}
		changed := changedFields("", reflect.ValueOf(*Default()), reflect.ValueOf(*c))
		if len(changed) != 1 {
			t.Errorf("%s changes %v, want one field", o.path, changed)
			continue
		}
		if other := touched[changed[0]]; other != "" {
			t.Errorf("%s and %s both set %s", other, o.path, changed[0])
		}
		touched[changed[0]] = o.path
	}
	for _, field := range leaves("", reflect.TypeFor[Config]()) {
		if touched[field] == "" {
			t.Errorf("no option sets %s", field)
		}
	}
}

func changedFields(path string, a, b reflect.Value) []string {
	if a.Kind() != reflect.Struct {
		if reflect.DeepEqual(a.Interface(), b.Interface()) {
			return nil
		}
		return []string{path}
	}
	var all []string
	for i := range a.NumField() {
		all = append(all, changedFields(path+"."+a.Type().Field(i).Name, a.Field(i), b.Field(i))...)
	}
	return all
}

func leaves(path string, t reflect.Type) []string {
	if t.Kind() != reflect.Struct {
		return []string{path}
	}
	var all []string
	for i := range t.NumField() {
		all = append(all, leaves(path+"."+t.Field(i).Name, t.Field(i).Type)...)
	}
	return all
}

func TestNoTwoOptionsShareAVariable(t *testing.T) {
	seen := map[string]string{}
	for _, o := range options {
		name := variableOf(o.path)
		if other := seen[name]; other != "" {
			t.Errorf("%s and %s are both %s", other, o.path, name)
		}
		seen[name] = o.path
		if strings.ToUpper(name) != name {
			t.Errorf("%s is not in capitals", name)
		}
	}
}
