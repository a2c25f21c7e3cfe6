package bench

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/app"
	"duban/calendar"
	"duban/config"
	"duban/store"
)

// BenchmarkServe starts the built program on a database full of open assignments: from the start of the process until /readyz says yes is one
// operation. Then it runs for a few seconds, over more than one look at the due index, and tells what it takes: the resident memory now and at
// its highest, the heap of Go, and how long a read of /metrics takes, which counts all assignments.
func BenchmarkServe(b *testing.B) {
	binary := filepath.Join(b.TempDir(), "duban")
	build := exec.CommandContext(b.Context(), "go", "build", "-trimpath", "-ldflags", "-s -w", "-o", binary, "duban/cmd/duban")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("build: %v\n%s", err, out)
	}
	for _, assignments := range []int{10_000, 1_000_000} {
		if assignments > 10_000 && !large() {
			continue
		}
		b.Run(fmt.Sprint("assignments=", assignments), func(b *testing.B) {
			cfg := mustConfig(b, mustCrew(b, 0))
			mustFill(b, cfg, assignments)
			s := &served{binary: binary, folder: filepath.Dir(cfg.SQLitePath())}
			var stopping time.Duration
			for b.Loop() {
				b.StopTimer()
				s.configure(b, cfg)
				b.StartTimer()
				s.start(b)
				b.StopTimer()
				stopping += s.stop(b)
				b.StartTimer()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ready-ms")
			b.ReportMetric(float64(stopping.Microseconds())/1000/float64(b.N), "stop-ms")
			s.configure(b, cfg)
			s.start(b)
			s.rest(b)
			s.stop(b)
			if info, err := os.Stat(cfg.SQLitePath()); err == nil {
				b.ReportMetric(float64(info.Size())/(1<<20), "database-MB")
			}
		})
	}
}

// mustFill puts open assignments into an empty database: 1,000 schools, each with an officer who has joined, and as many tasks as it takes. All
// have been signed for, and none is due within the next hundred days.
func mustFill(b *testing.B, cfg *config.Config, assignments int) {
	b.Helper()
	ctx := b.Context()
	office, err := app.Open(ctx, cfg)
	if err != nil {
		b.Fatal(err)
	}
	defer office.Close()
	must := func(fn func(tx *store.Tx) error) {
		if err := office.Store.Write(ctx, fn); err != nil {
			b.Fatal(err)
		}
	}
	var schools []duban.Assignment
	must(func(tx *store.Tx) (err error) {
		schools, err = openSchools(tx, 1000)
		return err
	})
	cal := office.Desk.Calendar
	issued := time.Now().AddDate(0, 0, -10)
	for n := range assignments / len(schools) {
		due := calendar.Due{Date: calendar.DateOf(time.Now()).Add(103 + n%200)}
		must(func(tx *store.Tx) error {
			task, err := tx.AddTask(duban.Task{
				Code: fmt.Sprint("T-", n), Title: "报送年度总结", Duty: "按模板报送", Evidence: duban.Evidence{Kind: duban.NoEvidence}, Review: true, Priority: duban.Normal,
			})
			for _, a := range schools {
				if err != nil {
					return err
				}
				a.TaskID, a.State, a.Due, a.OriginalDue, a.IssuedAt, a.ActedUntil = task, duban.Accepted, due, due, issued, issued
				a.NextAction = time.Now().AddDate(0, 0, 100+n%200)
				_, err = tx.AddAssignment(a, cal.End(due))
			}
			return err
		})
	}
}

// openSchools adds schools with an officer each, and returns whose an assignment to each would be.
func openSchools(tx *store.Tx, n int) ([]duban.Assignment, error) {
	root, err := tx.AddUnit(duban.Unit{Name: committee, Kind: duban.IndustryCommittee})
	if err != nil {
		return nil, err
	}
	schools := make([]duban.Assignment, n)
	for i := range schools {
		unit, err := tx.AddUnit(duban.Unit{Name: fmt.Sprintf("第%d中学党委", i+1), Kind: duban.SchoolCommittee, ParentID: root})
		if err != nil {
			return nil, err
		}
		person, err := tx.AddPerson(duban.Person{Code: fmt.Sprint("P", i), Name: fmt.Sprint("专干", i+1)})
		if err != nil {
			return nil, err
		}
		if _, err := tx.SetPost(person, unit, duban.Officer); err != nil {
			return nil, err
		}
		if _, err := tx.Bind(person, int64(i+1), "zh-CN"); err != nil {
			return nil, err
		}
		schools[i] = duban.Assignment{UnitID: unit, OwnerID: person}
	}
	return schools, nil
}

// served is the built program with its folder.
type served struct {
	binary, folder, web string
	process             *exec.Cmd
}

// configure leads the program to a Telegram that it has not polled yet: one that is asked again within three seconds for what it has told
// already holds its answer back.
func (s *served) configure(b *testing.B, cfg *config.Config) {
	b.Helper()
	c := mustCrew(b, 0)
	s.web = freeAddress(b)
	text := fmt.Sprintf("telegram:\n  token: %q\n  api_url: %s\ndatabase: %s\norganisation: {name: %s}\ndigest: off\n"+
		"evidence: {dir: %s}\nrecord: {key_file: %s}\nweb: {listen: %s}\nlog: {level: error}\n", c.tg.Token(), c.url, cfg.Database,
		committee, cfg.Evidence.Dir, cfg.Record.KeyFile, s.web)
	if err := os.WriteFile(filepath.Join(s.folder, "config.yaml"), []byte(text), 0o600); err != nil {
		b.Fatal(err)
	}
}

// start starts the program and returns when it is ready.
func (s *served) start(b *testing.B) {
	b.Helper()
	s.process = exec.Command(s.binary, "serve")
	s.process.Dir, s.process.Stdout, s.process.Stderr = s.folder, os.Stderr, os.Stderr
	// The program takes every variable that begins with its name for an option.
	s.process.Env = slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "DUBAN_") })
	if err := s.process.Start(); err != nil {
		b.Fatal(err)
	}
	waitUntil(b, "the program is ready", func() bool {
		status, _ := s.get("/readyz")
		return status == http.StatusOK
	})
}

// stop asks the program to end and returns how long that took.
func (s *served) stop(b *testing.B) time.Duration {
	b.Helper()
	began := time.Now()
	if err := s.process.Process.Signal(os.Interrupt); err != nil {
		b.Fatal(err)
	}
	if err := s.process.Wait(); err != nil {
		b.Fatalf("serve ended with %v", err)
	}
	return time.Since(began)
}

// get asks the program; 0 is no answer.
func (s *served) get(path string) (int, []byte) {
	answer, err := http.Get("http://" + s.web + path)
	if err != nil {
		return 0, nil
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return 0, nil
	}
	return answer.StatusCode, body
}

// aWhile is two looks of the scheduler at the due index.
const aWhile = 11 * time.Second

// rest lets the program run and reports what it takes.
func (s *served) rest(b *testing.B) {
	b.Helper()
	time.Sleep(aWhile)
	b.ReportMetric(s.memory(b, "VmRSS"), "rss-MB")
	began := time.Now()
	status, figures := s.get("/metrics")
	if status != http.StatusOK {
		b.Fatalf("/metrics: %d", status)
	}
	b.ReportMetric(float64(time.Since(began).Microseconds())/1000, "metrics-ms")
	b.ReportMetric(figure(b, figures, "go_memstats_heap_inuse_bytes")/(1<<20), "heap-MB")
	b.ReportMetric(s.memory(b, "VmHWM"), "peak-rss-MB")
}

// memory reads what the kernel says about the process, in MiB.
func (s *served) memory(b *testing.B, name string) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.process.Process.Pid))
	if err != nil {
		b.Skip("only Linux tells the memory of a process: ", err)
	}
	for line := range strings.Lines(string(status)) {
		if rest, ok := strings.CutPrefix(line, name+":"); ok {
			kilobytes, err := strconv.ParseFloat(strings.Fields(rest)[0], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kilobytes / 1024
		}
	}
	b.Fatalf("no %s in the status of the process", name)
	return 0
}

// figure reads one figure of /metrics.
func figure(b *testing.B, text []byte, name string) float64 {
	b.Helper()
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		if rest, ok := strings.CutPrefix(lines.Text(), name+" "); ok {
			v, err := strconv.ParseFloat(rest, 64)
			if err != nil {
				b.Fatal(err)
			}
			return v
		}
	}
	b.Fatalf("no %s in /metrics", name)
	return 0
}

func freeAddress(b *testing.B) string {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}
