package web_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/prometheus/client_golang/prometheus/testutil/promlint"

	"duban"
	"duban/internal/cast"
	"duban/web"
	"duban/work"
)

// well is the vitals of a program that is well.
func well() web.Vitals {
	now := time.Now()
	return web.Vitals{Loops: []web.Loop{{Name: "scheduler", Ticked: now, Within: time.Minute}}, LastPoll: now}
}

func mustServe(tb testing.TB, v web.Vitals) http.Handler {
	tb.Helper()
	d := cast.Open(tb)
	cast.Issue(tb, d, duban.Console, work.TaskRow{Line: 2, Code: "T-1", Title: "年度总结", Duty: "提交总结", Units: "school_committee", Due: "次年12月31日前"})
	server := &web.Server{Store: d.Store, Vitals: func() web.Vitals { return v }, Version: "test"}
	return server.Handler()
}

func get(tb testing.TB, h http.Handler, path string) (int, string) {
	tb.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(tb.Context(), http.MethodGet, path, http.NoBody))
	body, err := io.ReadAll(w.Result().Body)
	if err != nil {
		tb.Fatal(err)
	}
	return w.Code, string(body)
}

func TestHealthAndReadinessSayWhatIsWrong(t *testing.T) {
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	for name, c := range map[string]struct {
		change         func(*web.Vitals)
		healthy, ready int
		reason         string
	}{
		"all is well":            {func(*web.Vitals) {}, 200, 200, ""},
		"the scheduler hangs":    {func(v *web.Vitals) { v.Loops[0].Ticked = ago(2 * time.Minute) }, 503, 503, "the scheduler has not turned for 120 s"},
		"the scheduler is new":   {func(v *web.Vitals) { v.Loops[0].Ticked = time.Time{} }, 503, 503, "the scheduler has not turned yet"},
		"no poll yet":            {func(v *web.Vitals) { v.LastPoll = time.Time{} }, 200, 503, "no poll has succeeded yet"},
		"no poll for long":       {func(v *web.Vitals) { v.LastPoll = ago(100 * time.Second) }, 200, 503, "no poll has succeeded for 100 s"},
		"a poll within a minute": {func(v *web.Vitals) { v.LastPoll = ago(80 * time.Second) }, 200, 200, ""},
		"the token is refused":   {func(v *web.Vitals) { v.TokenRefused = ago(time.Second) }, 200, 503, "telegram refuses the token"},
		"the webhook is not set": {func(v *web.Vitals) { v.Webhook, v.LastPoll = true, time.Time{} }, 200, 503, "the webhook is not set yet"},
		"a quiet webhook":        {func(v *web.Vitals) { v.Webhook, v.Arriving, v.LastPoll = true, ago(time.Hour), time.Time{} }, 200, 200, ""},
		"the clock is wrong":     {func(v *web.Vitals) { v.Troubles = []string{"the clock is wrong"} }, 200, 503, "the clock is wrong"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				v := well()
				c.change(&v)
				h := mustServe(t, v)
				if code, body := get(t, h, "/healthz"); code != c.healthy {
					t.Errorf("/healthz is %d %s, want %d", code, body, c.healthy)
				}
				code, body := get(t, h, "/readyz")
				if code != c.ready {
					t.Errorf("/readyz is %d %s, want %d", code, body, c.ready)
				}
				var said struct {
					OK      bool
					Reasons []string
				}
				if err := json.Unmarshal([]byte(body), &said); err != nil {
					t.Fatal(err)
				}
				if said.OK != (c.ready == 200) || c.reason != "" && !slices.Contains(said.Reasons, c.reason) {
					t.Errorf("/readyz says %s, want %q", body, c.reason)
				}
			})
		})
	}
}

func TestHealthIsRefusedWhenTheDatabaseDoesNotAnswer(t *testing.T) {
	d := cast.Open(t)
	server := &web.Server{Store: d.Store, Vitals: well}
	if err := d.Store.Close(); err != nil {
		t.Fatal(err)
	}
	if code, body := get(t, server.Handler(), "/healthz"); code != 503 || !strings.Contains(body, "the database does not answer") {
		t.Errorf("/healthz is %d %s", code, body)
	}
}

func TestAWarningIsToldAndMakesNothingUnready(t *testing.T) {
	v := well()
	v.Warnings, v.BackupsFailed, v.LastBackup = []string{"the last 2 attempts at a backup failed"}, 2, time.UnixMilli(1_800_000_000_000)
	h := mustServe(t, v)
	for _, path := range []string{"/healthz", "/readyz"} {
		if code, body := get(t, h, path); code != http.StatusOK || !strings.Contains(body, `"warnings":["the last 2 attempts at a backup failed"]`) {
			t.Errorf("%s is %d %s", path, code, body)
		}
	}
	_, body := get(t, h, "/metrics")
	for _, line := range []string{"duban_last_backup_timestamp_seconds 1.8e+09", "duban_backup_failures 2"} {
		if !strings.Contains(body, line) {
			t.Errorf("%s is missing", line)
		}
	}
}

// busy has a figure of every kind.
func busy() web.Vitals {
	v := well()
	v.Sends = []web.Sends{{duban.LaneAnswer, "delivered", 7}, {duban.LaneReminder, "delivered", 3}, {duban.LaneReminder, "unreachable", 1}}
	v.Lateness = []web.Lateness{{
		Lane: duban.LaneReminder, Bounds: []time.Duration{time.Second, 10 * time.Second}, Buckets: []int64{2, 1}, Count: 4, Sum: 20 * time.Second,
	}}
	v.Counters = []web.Counter{
		{Name: "poll_errors_total", Help: "Polls that failed.", N: 2},
		{Name: "evidence_files_total", Help: "Files by what became of them.", Label: "outcome", Value: "stored", N: 5},
		{Name: "evidence_files_total", Help: "Files by what became of them.", Label: "outcome", Value: "lost", N: 1},
	}
	return v
}

func TestFiguresTellWhatTheDatabaseAndThePartsTell(t *testing.T) {
	code, body := get(t, mustServe(t, busy()), "/metrics")
	if code != 200 {
		t.Fatal(code, body)
	}
	for _, want := range []string{
		`duban_assignments{state="issued"} 2`,
		`duban_assignments_overdue 0`,
		`duban_outbox_waiting{lane="reminder"} 2`,
		`duban_inbox_waiting 0`,
		`duban_sends_total{lane="reminder",outcome="unreachable"} 1`,
		`duban_letter_lateness_seconds_bucket{lane="reminder",le="1"} 2`,
		`duban_letter_lateness_seconds_bucket{lane="reminder",le="10"} 3`,
		`duban_letter_lateness_seconds_bucket{lane="reminder",le="+Inf"} 4`,
		`duban_letter_lateness_seconds_sum{lane="reminder"} 20`,
		`duban_evidence_files_total{outcome="stored"} 5`,
		`duban_poll_errors_total 2`,
		`duban_token_accepted 1`,
		`duban_build_info{go_version="go`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
	for _, name := range []string{"duban_last_poll_timestamp_seconds", "duban_last_commit_timestamp_seconds", `duban_last_tick_timestamp_seconds{loop="scheduler"}`} {
		if strings.Contains(body, name+" 0\n") || !strings.Contains(body, name+" 1.") {
			t.Errorf("%s tells no moment", name)
		}
	}
}

func TestFiguresKeepTheRulesOfNaming(t *testing.T) {
	_, body := get(t, mustServe(t, busy()), "/metrics")
	problems, err := promlint.New(strings.NewReader(body)).Lint()
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range problems {
		if strings.HasPrefix(p.Metric, "duban_") {
			t.Errorf("%s: %s", p.Metric, p.Text)
		}
	}
}

func TestNoFigureNamesAPersonOrAUnit(t *testing.T) {
	_, body := get(t, mustServe(t, busy()), "/metrics")
	for _, row := range cast.Roster {
		if strings.Contains(body, row.Name) || strings.Contains(body, row.Unit) {
			t.Errorf("/metrics names %s or %s", row.Name, row.Unit)
		}
	}
}
