// Package blackbox holds the tests that know nothing of the program but what it is driven by from outside: the built binary, its command line,
// its configuration, and a Telegram over HTTP.
package blackbox

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/sim"
)

// built is the folder in which TestMain has built the program.
var built string

// TestMain builds the program. With -short nothing is tried here: the race detector sees nothing of another process.
func TestMain(m *testing.M) {
	flag.Parse()
	if testing.Short() {
		os.Exit(0)
	}
	var err error
	if built, err = os.MkdirTemp("", "duban"); err != nil {
		panic(err)
	}
	if out, err := goBuild("-o", filepath.Join(built, "duban"), "duban/cmd/duban").CombinedOutput(); err != nil {
		panic(string(out))
	}
	code := m.Run()
	os.RemoveAll(built)
	os.Exit(code)
}

func goBuild(args ...string) *exec.Cmd {
	return exec.Command("go", append([]string{"build"}, args...)...)
}

// program is the built binary with its folder, and the Telegram it talks to.
type program struct {
	t      *testing.T
	tg     *sim.Telegram
	binary string
	dir    string
	web    string
	serve  *exec.Cmd
	ended  chan struct{} // closed when serve has
	failAt string        // for a binary with fail points
	log    *os.File
}

// build builds the program and sets it up with an empty database. The settings are further lines of the configuration.
func build(t *testing.T, settings string) *program {
	t.Helper()
	return buildWith(t, "", settings)
}

// buildWith is build with further lines of the section telegram.
func buildWith(t *testing.T, telegram, settings string) *program {
	t.Helper()
	p := &program{t: t, dir: t.TempDir(), tg: sim.New(sim.Options{TB: t, Seed: 7}), binary: filepath.Join(built, "duban")}
	server := httptest.NewServer(p.tg)
	t.Cleanup(server.Close)
	p.web = freeAddress(t)
	config := fmt.Sprintf("telegram:\n  token: %q\n  api_url: %s\n  pace: {overall_per_second: 0, chat_per_second: 0, group_per_minute: 0}\n%s"+
		"database: sqlite:data/duban.db\norganisation: {name: 滨江市教育行业党委}\nquiet: off\ndigest: off\nweb: {listen: %s}\n%s",
		p.tg.Token(), server.URL, telegram, p.web, settings)
	if err := os.WriteFile(filepath.Join(p.dir, "config.yaml"), []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	var err error
	if p.log, err = os.Create(filepath.Join(p.dir, "serve.log")); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		p.kill()
		p.log.Close()
		if t.Failed() {
			p.showLog()
		}
	})
	p.run("init")
	return p
}

func (p *program) showLog() {
	data, err := os.ReadFile(p.log.Name())
	if err == nil {
		p.t.Logf("the end of the log:\n%s", data[max(0, len(data)-6000):])
	}
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func example(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("..", "..", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

func (p *program) must(c *exec.Cmd) string {
	p.t.Helper()
	c.Dir, c.Env = p.dir, append(os.Environ(), "LANG=zh_CN.UTF-8")
	var errs bytes.Buffer
	c.Stderr = &errs
	out, err := c.Output()
	if err != nil {
		p.t.Fatalf("%v: %v\n%s%s", c.Args, err, out, errs.String())
	}
	return string(out)
}

// run runs a command of the program that has to succeed, and returns what it prints.
func (p *program) run(args ...string) string {
	p.t.Helper()
	return p.must(exec.Command(p.binary, args...))
}

// refused runs a command of the program that has to end with an exit code, and returns all that it prints.
func (p *program) refused(code int, args ...string) string {
	p.t.Helper()
	c := exec.Command(p.binary, args...)
	c.Dir = p.dir
	out, err := c.CombinedOutput()
	if c.ProcessState.ExitCode() != code {
		p.t.Fatalf("%v: exit code %d, not %d (%v)\n%s", args, c.ProcessState.ExitCode(), code, err, out)
	}
	return string(out)
}

// start starts `serve` and waits until it is ready.
func (p *program) start() {
	p.t.Helper()
	p.launch()
	p.eventually(10*time.Second, "serve is ready", func() bool {
		status, _ := p.get("/readyz")
		return status == http.StatusOK
	})
}

// launch starts `serve`.
func (p *program) launch() {
	p.t.Helper()
	p.serve = exec.Command(p.binary, "serve")
	p.serve.Dir, p.serve.Stdout, p.serve.Stderr = p.dir, p.log, p.log
	p.serve.Env = append(os.Environ(), "FAIL_AT="+p.failAt)
	if err := p.serve.Start(); err != nil {
		p.t.Fatal(err)
	}
	ended := make(chan struct{})
	p.ended = ended
	go func() {
		defer close(ended)
		p.serve.Wait()
	}()
}

// diesWithin reports whether `serve` ends by itself.
func (p *program) diesWithin(d time.Duration) bool {
	select {
	case <-p.ended:
		return true
	case <-time.After(d):
		return false
	}
}

// kill ends `serve` as a power cut would: at once.
func (p *program) kill() {
	if p.serve != nil {
		p.serve.Process.Kill()
		<-p.ended
	}
}

// stop asks `serve` to end and reports how long it took.
func (p *program) stop() time.Duration {
	p.t.Helper()
	begin := time.Now()
	if err := p.serve.Process.Signal(os.Interrupt); err != nil {
		p.t.Fatal(err)
	}
	<-p.ended
	if code := p.serve.ProcessState.ExitCode(); code != 0 {
		p.t.Fatalf("serve ended with exit code %d", code)
	}
	return time.Since(begin)
}

func (p *program) get(path string) (int, string) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.web+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, ""
	}
	defer response.Body.Close()
	var body bytes.Buffer
	body.ReadFrom(response.Body)
	return response.StatusCode, body.String()
}

// eventually waits for something that the program does by itself.
func (p *program) eventually(within time.Duration, what string, holds func() bool) {
	p.t.Helper()
	for end := time.Now().Add(within); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	p.t.Fatalf("not within %s: %s", within, what)
}

// invitation is one line of `duban invite --format json`.
type invitation struct {
	Code, Name, Unit, Link string
	ExpiresAt              time.Time `json:"expires_at"`
}

func (p *program) invitations(args ...string) map[string]invitation {
	p.t.Helper()
	var list []invitation
	if err := json.Unmarshal([]byte(p.run(append([]string{"invite", "--format", "json"}, args...)...)), &list); err != nil {
		p.t.Fatal(err)
	}
	byCode := map[string]invitation{}
	for _, one := range list {
		if !strings.HasPrefix(one.Link, "https://t.me/"+p.tg.Username()+"?start=") {
			p.t.Fatalf("the link of %s is %s", one.Code, one.Link)
		}
		byCode[one.Code] = one
	}
	return byCode
}
