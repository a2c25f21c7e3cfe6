package app_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/app"
	"duban/config"
	"duban/text"
)

// findings runs `duban check` and returns each finding by subject, the wrong ones behind an exclamation mark.
func findings(h *house) map[string]string {
	path := filepath.Join(h.tb.TempDir(), "config.yaml")
	if err := os.WriteFile(path, config.Example(), 0o600); err != nil {
		h.tb.Fatal(err)
	}
	found := map[string]string{}
	for _, f := range app.Check(h.tb.Context(), h.config, path) {
		said := f.In(text.EN)
		if f.Wrong {
			said = "! " + said
		}
		found[f.Subject] = said
	}
	return found
}

func TestCheckFindsNothingWrongInAHouseInOrder(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	found := findings(h)
	for _, subject := range []string{"config", "database", "record", "disk", "clock", "token", "webhook"} {
		if said, there := found[subject]; !there || strings.HasPrefix(said, "!") {
			t.Errorf("%s: %q", subject, said)
		}
	}
	if found["token"] != "@"+h.tg.Username() {
		t.Errorf("the token is said to be %q", found["token"])
	}
}

func TestCheckSaysWhatIsWrongAndWhatToDo(t *testing.T) {
	skewed := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Date", time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat))
	}))
	t.Cleanup(skewed.Close)
	for name, c := range map[string]struct {
		spoil         func(*house)
		subject, says string
	}{
		"no database":     {func(h *house) { h.remove(h.config.SQLitePath()) }, "database", "duban init"},
		"no key":          {func(h *house) { h.remove(h.config.Record.KeyFile) }, "database", "record.key_file"},
		"another key":     {func(h *house) { h.overwrite(h.config.Record.KeyFile, strings.Repeat("ab", 32)) }, "record", "duban verify"},
		"half a key":      {func(h *house) { h.overwrite(h.config.Record.KeyFile, "abcd") }, "database", "not complete"},
		"no token":        {func(h *house) { h.config.Telegram.Token = "" }, "config", "telegram.token"},
		"refused token":   {func(h *house) { h.config.Telegram.Token = "123456789:" + config.Secret(strings.Repeat("x", 35)) }, "token", "refuses"},
		"webhook left":    {func(h *house) { setWebhook(h.tb, h.tg) }, "webhook", "left"},
		"wrong clock":     {func(h *house) { h.config.Telegram.APIURL = skewed.URL }, "clock", "differs from that of the Bot API by 360"},
		"nobody there":    {func(h *house) { h.config.Telegram.APIURL = "http://" + freeAddress(h.tb) }, "clock", "telegram.api_url"},
		"webhook is half": {func(h *house) { h.config.Telegram.Webhook.URL = "https://duban.example/hook" }, "config", "telegram.webhook.listen"},
	} {
		t.Run(name, func(t *testing.T) {
			h := mustHouse(t)
			h.initialise()
			h.importExample("roster", "roster.csv")
			c.spoil(h)
			found := findings(h)
			if said := found[c.subject]; !strings.HasPrefix(said, "! ") || !strings.Contains(said, c.says) {
				t.Errorf("%s: %q, want something about %q", c.subject, said, c.says)
			}
			for _, said := range found {
				if strings.Contains(said, h.tg.Token()) {
					t.Error("a finding contains the token")
				}
			}
		})
	}
}

func (h *house) remove(path string) {
	h.tb.Helper()
	if err := os.Remove(path); err != nil {
		h.tb.Fatal(err)
	}
}

func (h *house) overwrite(path, content string) {
	h.tb.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		h.tb.Fatal(err)
	}
}
