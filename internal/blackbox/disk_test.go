package blackbox

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"duban/sim"
)

// onSmallDisk puts the folder of the database on a disk in memory of a size, which only root can mount.
func (p *program) onSmallDisk(size string) (data string) {
	p.t.Helper()
	data = filepath.Join(p.dir, "data")
	kept := filepath.Join(p.dir, "data.kept")
	if err := os.Rename(data, kept); err != nil {
		p.t.Fatal(err)
	}
	if err := os.Mkdir(data, 0o700); err != nil {
		p.t.Fatal(err)
	}
	if said, err := exec.Command("mount", "-t", "tmpfs", "-o", "size="+size+",mode=700", "tmpfs", data).CombinedOutput(); err != nil {
		p.t.Skipf("a disk cannot be mounted here: %v %s", err, said)
	}
	p.t.Cleanup(func() {
		p.kill()
		if said, err := exec.Command("umount", data).CombinedOutput(); err != nil {
			p.t.Errorf("%v %s", err, said)
		}
	})
	p.must(exec.Command("cp", "-a", kept+"/.", data))
	return data
}

// fill leaves nothing free on the disk of a folder and returns what takes the room.
func fill(t *testing.T, folder string) (ballast string) {
	t.Helper()
	f, err := os.Create(filepath.Join(folder, "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, size := range []int{1 << 20, 4096, 1} {
		for block := make([]byte, size); err == nil; {
			_, err = f.Write(block)
		}
		err = nil
	}
	return f.Name()
}

// mustIssue issues so many items to the school of an officer, who sees the last of them.
func (p *program) mustIssue(officer *sim.Person, code string, n int) {
	p.t.Helper()
	list := strings.ReplaceAll(string(yearList(code, n)), "滨江师范学院文学院党总支", "滨江师范学院党委")
	if err := os.WriteFile(filepath.Join(p.dir, "issued.csv"), []byte(list), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.run("import", "tasks", "issued.csv")
	p.sees(officer, fmt.Sprintf("%s-%05d", code, n-1))
}

// TestF22_TheDiskIsFull writes while there is no room for anything, then makes room. Presses are left out: Telegram forgets one after 150 s.
func TestF22_TheDiskIsFull(t *testing.T) {
	together(t)
	p := build(t, "")
	data := p.onSmallDisk("24m")
	p.run("import", "roster", example(t, "roster.csv"))
	p.start()
	officer := p.joins("JY006")
	items := 12
	p.mustIssue(officer, "FULL", items)
	ballast := fill(t, data)
	full := time.Duration(forms(5, 600)) * time.Second
	began, strangers, signed := time.Now(), 0, 0
	said := false
	for time.Since(began) < full || !said {
		if time.Since(began) > full+time.Minute {
			t.Fatal("nobody is told that the disk is full")
		}
		status, body := p.get("/readyz")
		said = said || status == http.StatusServiceUnavailable && strings.Contains(body, "the disk of the database is full")
		switch {
		case !said:
			p.tg.NewPerson("陌", "生人").Start(strings.Repeat("x", 64))
			strangers++
		case signed < items:
			p.replyTo(officer, fmt.Sprintf("FULL-%05d", signed), "签收")
			signed++
		}
		time.Sleep(50 * time.Millisecond)
	}
	waiting := p.tg.Pending()
	if waiting == 0 {
		t.Error("Telegram was told that everything had arrived while nothing could be stored")
	}
	if code := p.serve.ProcessState; code != nil {
		t.Fatalf("serve has ended: %v", code)
	}

	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	freed := time.Now()
	p.eventually(time.Minute, "it takes everything that waited", func() bool {
		status, _ := p.get("/readyz")
		return status == http.StatusOK && p.tg.Pending() == 0 && p.figure("duban_updates_received_total") == p.figure("duban_updates_handled_total")
	})
	took := time.Since(freed)
	for i := range signed {
		p.seesOn(officer, fmt.Sprintf("FULL-%05d", i), "已签收")
	}
	p.run("verify")
	if took > 10*time.Second && long {
		t.Errorf("it took %s after there was room", took)
	}
	tell(t, fmt.Sprintf("the disk is full for %s, %d messages meanwhile", full, signed+strangers),
		"told by /readyz; %d updates left with Telegram, 0 lost; everything handled %s after there was room", waiting, took.Round(10*time.Millisecond))
}

// TestF23_TheDiskGivesErrors lets every write of the running program fail, and starts it on a disk that cannot be written to.
func TestF23_TheDiskGivesErrors(t *testing.T) {
	together(t)
	p := build(t, "")
	data := p.onSmallDisk("24m")
	p.run("import", "roster", example(t, "roster.csv"))
	p.start()
	officer := p.joins("JY006")
	p.mustIssue(officer, "ERR", 3)
	failing := time.Now()
	if err := unix.Prlimit(p.serve.Process.Pid, unix.RLIMIT_FSIZE, &unix.Rlimit{Cur: 1, Max: unix.RLIM_INFINITY}, nil); err != nil {
		t.Skipf("the limits of a process cannot be set here: %v", err)
	}
	if err := officer.PressOn(p.card(officer, "ERR-00000"), "签收"); err != nil {
		t.Fatal(err)
	}
	if !p.diesWithin(time.Minute) {
		t.Fatal("serve goes on although nothing can be written")
	}
	ended := time.Since(failing)
	if code := p.serve.ProcessState.ExitCode(); code != 1 {
		t.Errorf("serve ended with exit code %d", code)
	}
	p.must(exec.Command("mount", "-o", "remount,ro", data))
	closed := p.refused(1, "serve")
	if !strings.Contains(closed, "look at the disk") && !strings.Contains(closed, "检查磁盘") {
		t.Errorf("serve does not say what to do:\n%s", closed)
	}
	p.must(exec.Command("mount", "-o", "remount,rw", data))
	p.start()
	p.seesOn(officer, "ERR-00000", "已签收")
	p.run("verify")
	tell(t, "every write fails, then the disk is read-only at the start",
		"ended with exit code 1 %s after the first failure; refused to start: %q; the press counts after the next start",
		ended.Round(10*time.Millisecond), lastLine(closed))
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}

// TestF25_TheDatabaseIsDamaged damages the database of a program that is stopped, and brings it back from a backup.
func TestF25_TheDatabaseIsDamaged(t *testing.T) {
	together(t)
	p := build(t, "")
	p.run("import", "roster", example(t, "roster.csv"))
	p.run("import", "tasks", example(t, "tasks.csv"))
	p.run("backup", "good.tar")
	path := filepath.Join(p.dir, "data", "duban.db")
	p.mustSettle()
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	zeroed := func(from, to int) []byte {
		spoilt := append([]byte(nil), whole...)
		clear(spoilt[from:to])
		return spoilt
	}
	longest := time.Duration(0)
	for what, spoilt := range map[string][]byte{
		"header": zeroed(0, 100), "page": zeroed(4096*20, 4096*40), "truncated": whole[:len(whole)/2/4096*4096], "0 bytes": {}, "missing": nil,
	} {
		for _, name := range []string{path, path + "-wal", path + "-shm"} {
			os.Remove(name)
		}
		if spoilt != nil {
			if err := os.WriteFile(path, spoilt, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		said := p.refused(1, "serve")
		if !strings.Contains(said, "restore") && !strings.Contains(said, "恢复") {
			t.Errorf("%s: serve does not say what to do:\n%s", what, said)
		}
		began := time.Now()
		p.run("restore", "good.tar", "--force")
		p.start()
		longest = max(longest, time.Since(began))
		p.run("verify")
		p.stop()
	}
	tell(t, "the database has a spoilt header, spoilt pages, half of its length, 0 bytes, or is missing",
		"refused to start 5 of 5 times, naming the backup; restored and ready again within %s", longest.Round(10*time.Millisecond))
}

// mustSettle brings all that was written into the file of the database itself.
func (p *program) mustSettle() {
	p.t.Helper()
	p.start()
	p.stop()
}
