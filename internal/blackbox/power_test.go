package blackbox

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"duban/sim"
)

// TestF04_PowerCuts lets the database lie in a file system of its own, in an image. Under load the program is held for a moment and the image copied:
// what has not been synced is not in it, as after a power cut. The copy is mounted, and everything that anybody had been shown has to be in it.
func TestF04_PowerCuts(t *testing.T) {
	together(t)
	cuts, schools := forms(2, 50), forms(4, 13)
	p := build(t, "reminders: {daily_cap: 0}\n")
	disk := filepath.Join(t.TempDir(), "disk.img")
	mustFileSystem(t, disk)
	data := filepath.Join(p.dir, "data")
	must(t, exec.Command("mv", data, data+".before"))
	mustMount(t, disk, data)
	must(t, exec.Command("cp", "-a", data+".before/.", data))
	must(t, exec.Command("sync"))
	tr := p.mustTraffic(schools)
	lost, told := 0, 0
	tr.run(func() {
		for range cuts {
			time.Sleep(time.Duration(forms(1500, 1000)) * time.Millisecond)
			n, missing := p.cut(tr, disk)
			told, lost = told+n, lost+missing
		}
	})
	o := tr.judge()
	p.stop()
	if lost > 0 {
		t.Errorf("%d of %d were lost", lost, told)
	}
	tell(t, fmt.Sprintf("%d power cuts by the image of an ext4, %s", cuts, tr.load()),
		"0 lost of %d things that had been shown to somebody; file system, database and record whole %d of %d times; %s", told, cuts, cuts, o)
}

func must(t *testing.T, c *exec.Cmd) {
	t.Helper()
	if out, err := c.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", c.Args, err, out)
	}
}

// mustFileSystem makes an image with an ext4 in it, or skips the test where nobody may mount one.
func mustFileSystem(t *testing.T, image string) {
	t.Helper()
	if os.Getuid() != 0 {
		t.Skip("only root can mount an image")
	}
	if _, err := os.Stat("/dev/loop-control"); err != nil {
		t.Skip("there are no loop devices: ", err)
	}
	must(t, exec.Command("truncate", "-s", "1G", image))
	must(t, exec.Command("mkfs.ext4", "-q", image))
	probe := t.TempDir()
	if out, err := exec.Command("mount", "-o", "loop", image, probe).CombinedOutput(); err != nil {
		t.Skipf("an image cannot be mounted here: %s", out)
	}
	must(t, exec.Command("umount", probe))
}

// mustMount mounts an image until the test ends.
func mustMount(t *testing.T, image, folder string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o700); err != nil {
		t.Fatal(err)
	}
	must(t, exec.Command("mount", "-o", "loop", image, folder))
	t.Cleanup(func() { must(t, exec.Command("umount", "--lazy", folder)) })
}

// cut copies the disk at an instant, looks whether it is whole, and counts what somebody had been shown by then and what of that is missing.
func (p *program) cut(tr *traffic, disk string) (told, missing int) {
	p.t.Helper()
	if err := p.serve.Process.Signal(syscall.SIGSTOP); err != nil {
		p.t.Error(err)
		return 0, 0
	}
	time.Sleep(20 * time.Millisecond) // what the disk is at finishes
	shown := tr.shown()
	image := disk + ".cut"
	out, err := exec.Command("cp", "--sparse=always", disk, image).CombinedOutput()
	if err := p.serve.Process.Signal(syscall.SIGCONT); err != nil {
		p.t.Error(err)
	}
	if err != nil {
		p.t.Errorf("copy the disk: %v %s", err, out)
		return 0, 0
	}
	after := *p
	after.dir = filepath.Join(p.t.TempDir(), "after")
	events := map[string]bool{}
	data := filepath.Join(after.dir, "data")
	for _, c := range []*exec.Cmd{
		exec.Command("mkdir", "-p", data), exec.Command("cp", filepath.Join(p.dir, "config.yaml"), after.dir), exec.Command("mount", "-o", "loop", image, data),
	} {
		if out, err := c.CombinedOutput(); err != nil {
			p.t.Errorf("%v: %v %s", c.Args, err, out)
			return 0, 0
		}
	}
	defer exec.Command("umount", data).Run()
	after.run("verify")
	for _, row := range after.exported("record") {
		events[row["编号"]+" "+row["事件"]+" "+row["单位"]] = true
	}
	for _, one := range shown {
		if !events[one] {
			p.t.Errorf("after a cut the record lacks %s", one)
			missing++
		}
	}
	return len(shown), missing
}

// shown lists what somebody has been told: events of the record, by item and school.
func (tr *traffic) shown() (all []string) {
	for i, person := range tr.officers {
		for _, m := range person.Messages() {
			_, rest, ok := strings.Cut(m.Body(), "KK-")
			if !ok || !strings.Contains(m.Body(), "📝") {
				continue
			}
			number, _, _ := strings.Cut(rest, ".")
			code := "KK-" + number + "."
			for piece, event := range map[string]string{"进展60%": "进展", "已签收（": "签收", "已办结": "办结"} {
				if strings.Contains(m.Body(), piece) {
					all = append(all, code+" "+event+" "+tr.schools[i])
				}
			}
			all = append(all, code+" 交办 "+tr.schools[i])
		}
	}
	return all
}

// TestF16_ASecondServe starts a second `serve` on the same database.
func TestF16_ASecondServe(t *testing.T) {
	p := build(t, "")
	p.start()
	longest := time.Duration(0)
	for range forms(3, 50) {
		began := time.Now()
		if out := p.refused(1, "serve"); out == "" {
			t.Error("it says nothing")
		}
		longest = max(longest, time.Since(began))
	}
	if longest > 5*time.Second {
		t.Errorf("it took %s", longest)
	}
	tell(t, "a second `serve` on the same database", "refused within %s, with what to do; the first goes on", longest.Round(time.Millisecond))
}

// TestF24_ADatabaseLockedByAnother lets another process hold the lock of the database for longer than anybody waits for it.
func TestF24_ADatabaseLockedByAnother(t *testing.T) {
	together(t)
	locked := time.Duration(forms(7, 30)) * time.Second
	p := build(t, "reminders: {daily_cap: 0}\n")
	tr := p.mustTraffic(forms(3, 13))
	tr.run(func() {
		time.Sleep(2 * time.Second)
		release := mustLock(t, filepath.Join(p.dir, "data", "duban.db"))
		pending := 0
		for end := time.Now().Add(locked); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
			pending = max(pending, p.tg.Pending())
		}
		release()
		time.Sleep(2 * time.Second)
		if p.diesWithin(0) {
			t.Error("the program has ended")
		}
	})
	o := tr.judge()
	if o.extra > 0 {
		t.Errorf("%d second copies", o.extra)
	}
	tell(t, fmt.Sprintf("the database is locked by another process for %s, %s", locked, tr.load()), "no crash; %s", o)
}

// TestF21_ABacklogOfADay lets as many updates wait as Telegram keeps, and looks how long they take and what memory.
func TestF21_ABacklogOfADay(t *testing.T) {
	backlog, people := forms(2000, 100_000), forms(50, 500)
	p := build(t, "")
	p.start()
	p.stop()
	var all []*sim.Person
	for range people {
		all = append(all, p.tg.NewPerson("路人", "", sim.Started()))
	}
	for i := range backlog {
		all[i%people].Send("收到，我们会按时上报年度总结。")
	}
	began := time.Now()
	p.start()
	waits := func(what string, within time.Duration, holds func() bool) time.Duration {
		p.eventually(within, what, holds)
		return time.Since(began)
	}
	taken := waits("all is taken in", 2*time.Minute, func() bool { return p.tg.Pending() == 0 })
	peak := p.peakMemory()
	handled := waits("all is handled", 10*time.Minute, func() bool { return p.figure("duban_updates_handled_total") >= float64(backlog) })
	peak = max(peak, p.peakMemory())
	asker := p.tg.NewPerson("路人", "", sim.Started())
	asked := time.Now()
	asker.Send("/help")
	if _, err := asker.WaitText(10*time.Second, ""); err != nil {
		t.Error(err)
	}
	answered := time.Since(asked)
	if long && (taken > 30*time.Second || peak > 150) {
		t.Errorf("taken in after %s, %.0f MiB", taken, peak)
	}
	tell(t, fmt.Sprintf("%d updates wait", backlog), "in the inbox %s after the start, handled after %s; at most %.0f MiB of memory; a message after that is answered within %s",
		taken.Round(100*time.Millisecond), handled.Round(100*time.Millisecond), peak, answered.Round(time.Millisecond))
}

// figure reads one figure of the metrics.
func (p *program) figure(name string) float64 {
	_, metrics := p.get("/metrics")
	for line := range strings.Lines(metrics) {
		var value float64
		if n, _ := fmt.Sscanf(line, name+" %g", &value); n == 1 {
			return value
		}
	}
	return 0
}

// peakMemory is the most resident memory that the program has had, in MiB; 0 where the system does not tell.
func (p *program) peakMemory() float64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.serve.Process.Pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		var kilobytes float64
		if n, _ := fmt.Sscanf(line, "VmHWM: %g kB", &kilobytes); n == 1 {
			return kilobytes / 1024
		}
	}
	return 0
}
