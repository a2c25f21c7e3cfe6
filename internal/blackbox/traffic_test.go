package blackbox

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/internal/failpoint"
	"duban/sim"
)

// traffic is a load on the program: every second an item is issued to all schools, and the officer of each signs for the card, reports progress by
// a message and hands it in. One item of one school makes four updates, and at least as many messages and edits.
type traffic struct {
	p        *program
	officers []*sim.Person
	schools  []string
	issued   chan struct{} // closed when no more will be issued
	mu       sync.Mutex
	codes    []string
	asked    map[string]int // how often somebody has asked for the prompt of an item, since each asking gets its own
	untold   []string       // items whose card was given up after two tries, with their school
	done     sync.WaitGroup
	updates  int
	began    time.Time
}

// mustTraffic sets up so many schools, each with an officer who has joined. The program runs.
func (p *program) mustTraffic(schools int) *traffic {
	p.t.Helper()
	tr := &traffic{p: p, issued: make(chan struct{}), asked: map[string]int{}, began: time.Now()}
	rows := []string{"单位,上级单位,单位类型,片区,姓名,职务,手机号,工号", "滨江市教育行业党委,,行业党委,,沈嘉宁,管理员,19900000001,A0"}
	for i := range schools {
		tr.schools = append(tr.schools, fmt.Sprintf("第%d中学党委", i+1))
		rows = append(rows, fmt.Sprintf("%s,滨江市教育行业党委,学校党委,,专干%d,党建专干,199100%05d,P%d", tr.schools[i], i+1, i, i))
	}
	p.csv("roster", rows...)
	p.start()
	links := p.invitations("--all")
	for i := range schools {
		one := links[fmt.Sprint("P", i)]
		person := p.tg.NewPerson(one.Name, "", sim.Speaks("zh-hans"))
		p.must2(person.OpenLink(one.Link))
		tr.officers = append(tr.officers, person)
	}
	for _, person := range tr.officers {
		p.sees(person, "邀请属于")
		p.press(person, "是我")
		p.sees(person, "您好")
	}
	return tr
}

// csv writes a list and imports it.
func (p *program) csv(what string, rows ...string) {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, what+".csv"), []byte(strings.Join(rows, "\n")+"\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.eventually(time.Minute, "import "+what, func() bool {
		c := exec.Command(p.binary, "import", what, what+".csv")
		c.Dir = p.dir
		return c.Run() == nil // not while another process holds the database
	})
}

// run lets the traffic flow for as long as something is done to the program, and returns when everybody has finished everything.
func (tr *traffic) run(trouble func()) {
	tr.p.t.Helper()
	for i := range tr.officers {
		tr.done.Go(func() { tr.work(i) })
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		trouble()
	}()
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for running := true; running; {
		tr.issue()
		select {
		case <-tick.C:
		case <-ended:
			running = false
		}
	}
	close(tr.issued)
	tr.done.Wait()
}

func (tr *traffic) issue() {
	code := fmt.Sprintf("KK-%d.", len(tr.codes)+1)
	tr.p.csv("tasks", "编号,事项,责任要求,责任单位,完成时限,佐证要求,是否审核", code+",专项任务"+code+",按时办理,各学校党委,2030-12-31,无,否")
	tr.mu.Lock()
	defer tr.mu.Unlock()
	tr.codes = append(tr.codes, code)
}

// next returns an item that has been issued, waiting for it; "" when there will be no more.
func (tr *traffic) next(n int) string {
	for {
		tr.mu.Lock()
		if n < len(tr.codes) {
			defer tr.mu.Unlock()
			return tr.codes[n]
		}
		tr.mu.Unlock()
		select {
		case <-tr.issued:
			tr.mu.Lock()
			defer tr.mu.Unlock()
			if n < len(tr.codes) {
				return tr.codes[n]
			}
			return ""
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// work does with every item what its officer does. Each button is pressed once and each word said once.
func (tr *traffic) work(officer int) {
	person := tr.officers[officer]
	for n := 0; ; n++ {
		code := tr.next(n)
		if code == "" {
			return
		}
		if tr.gaveUp(person, code) {
			tr.mu.Lock()
			tr.untold = append(tr.untold, code+" "+tr.schools[officer])
			tr.mu.Unlock()
			continue
		}
		tr.pressWhen(person, code, "签收")
		tr.askedForProgress(person, code)
		person.Send("材料已收齐，完成60%")
		tr.wait(person, "shows the progress of "+code, func() bool {
			m := tr.card(person, code)
			return m != nil && strings.Contains(m.Body(), "进展60%")
		})
		tr.pressWhen(person, code, "上报完成")
		tr.wait(person, "shows the end of "+code, func() bool {
			m := tr.card(person, code)
			return m != nil && strings.Contains(m.Body(), "已办结")
		})
		tr.mu.Lock()
		tr.updates += 4
		tr.mu.Unlock()
	}
}

// gaveUp reports whether the card of an item does not come: its second copy is due after a minute, and there is no third.
func (tr *traffic) gaveUp(person *sim.Person, code string) bool {
	for end := time.Now().Add(patience); tr.card(person, code) == nil; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			return true
		}
	}
	return false
}

// askedForProgress presses until the program asks for the progress, as somebody does who gets no answer for a while.
func (tr *traffic) askedForProgress(person *sim.Person, code string) {
	asked := func() bool { return person.Find("请说明“专项任务"+code) != nil }
	for range 5 {
		tr.pressWhen(person, code, "报进展")
		tr.mu.Lock()
		tr.asked[fmt.Sprint(person.ID(), " ", code)]++
		tr.mu.Unlock()
		for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
			if asked() {
				return
			}
		}
	}
	tr.wait(person, "is asked for the progress of "+code, asked)
}

// card is the card of an item, as it stands in the chat now.
func (tr *traffic) card(person *sim.Person, code string) *sim.Message {
	messages := person.Messages()
	for _, m := range slices.Backward(messages) {
		if strings.Contains(m.Body(), code) && strings.Contains(m.Body(), "责任要求") || strings.Contains(m.Body(), "📝") && strings.Contains(m.Body(), code) {
			return &m
		}
	}
	return nil
}

func (tr *traffic) pressWhen(person *sim.Person, code, label string) {
	tr.wait(person, "has the button "+label+" for "+code, func() bool {
		m := tr.card(person, code)
		return m != nil && slices.Contains(labels(m), label) && person.PressOn(m, label) == nil
	})
}

func (tr *traffic) wait(person *sim.Person, what string, holds func() bool) {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if holds() {
			return
		}
	}
	all := strings.Split(tr.p.tg.Transcript(person), "\n")
	tr.p.t.Errorf("%s never %s\n%s", person.Name(), what, strings.Join(all[max(0, len(all)-40):], "\n"))
	runtime.Goexit()
}

// outcome is what the traffic has come to.
type outcome struct {
	items, effects, extra int // extra are second copies
	untold                int // cards given up after two tries, with the reason in the record
	took                  time.Duration
}

// judge compares the record with what was done, and counts copies.
func (tr *traffic) judge() (o outcome) {
	tr.p.t.Helper()
	events := map[string]int{}
	for _, row := range tr.p.exported("record") {
		if strings.HasPrefix(row["编号"], "KK-") {
			events[row["编号"]+" "+row["事件"]+" "+row["单位"]]++
		}
	}
	for _, code := range tr.codes {
		for _, school := range tr.schools {
			if slices.Contains(tr.untold, code+" "+school) {
				o.untold++
				if events[code+" 未送达 "+school] == 0 {
					tr.p.t.Errorf("%s of %s did not come, and nobody was told", code, school)
				}
				continue
			}
			o.items++
			for _, event := range []string{"交办", "签收", "进展", "上报", "办结"} {
				n := events[code+" "+event+" "+school]
				o.effects += n
				if n != 1 {
					tr.p.t.Errorf("%s %s of %s: %d times", code, event, school, n)
				}
			}
		}
	}
	for _, person := range tr.officers {
		for message, copies := range tr.p.tg.Copies(person.ID()) {
			if !strings.Contains(message, "KK-") {
				continue
			}
			asked := tr.askings(person, message)
			o.extra += copies - asked
			if copies > 2*asked {
				tr.p.t.Errorf("%s got %d copies of %.60s", person.Name(), copies, message)
			}
		}
	}
	o.took = time.Since(tr.began)
	tr.p.run("verify")
	tr.p.run("check")
	return o
}

// askings is how often somebody has asked for a message: once, but for the prompt that is asked for again when it does not come.
func (tr *traffic) askings(person *sim.Person, message string) int {
	if !strings.Contains(message, "请说明") {
		return 1
	}
	_, rest, _ := strings.Cut(message, "KK-")
	number, _, _ := strings.Cut(rest, ".")
	return max(1, tr.asked[fmt.Sprint(person.ID(), " KK-", number, ".")])
}

// ready are how long the program took to be ready after each start.
type ready []time.Duration

func (r ready) longest() time.Duration { return slices.Max(append(r, 0)) }

// restart starts the program again and notes how long it took.
func (p *program) restart(all *ready) {
	began := time.Now()
	p.start()
	*all = append(*all, time.Since(began))
}

func forms(short, full int) int {
	if long {
		return full
	}
	return short
}

// together lets the short form of a test run beside others: it mostly waits for the second copy of what was on its way.
func together(t *testing.T) {
	if !long {
		t.Parallel()
	}
}

// tell logs the line of the table for a test, whose number is in its name.
func tell(t *testing.T, load, result string, arguments ...any) {
	t.Helper()
	number, _, _ := strings.Cut(strings.TrimPrefix(t.Name(), "Test"), "_")
	t.Logf("| %s | %s | %s |", number, load, fmt.Sprintf(result, arguments...))
}

// TestF01_KilledAtRandom kills the program again and again under load.
func TestF01_KilledAtRandom(t *testing.T) {
	together(t)
	kills, schools := forms(3, 200), forms(4, 13)
	p := build(t, "reminders: {daily_cap: 0}\n")
	tr := p.mustTraffic(schools)
	var starts ready
	random := rand.New(rand.NewPCG(20261125, 1))
	tr.run(func() {
		for range kills {
			time.Sleep(time.Duration(150+random.IntN(900)) * time.Millisecond)
			p.kill()
			p.restart(&starts)
		}
	})
	o := tr.judge()
	if o.untold > 0 {
		t.Errorf("%d cards did not come", o.untold)
	}
	if starts.longest() > 5*time.Second {
		t.Errorf("one start took %s", starts.longest())
	}
	tell(t, fmt.Sprintf("%d × kill -9 at random, %s", kills, tr.load()), "%s; ready again within %s", o, starts.longest().Round(time.Millisecond))
}

func (o outcome) String() string {
	result := fmt.Sprintf("%d effects of %d, 0 twice; %d second copies, none a third", o.effects, 5*o.items, o.extra)
	if o.untold > 0 {
		result += fmt.Sprintf("; %d cards of %d given up after two interrupted tries, with the reason in the record", o.untold, o.items+o.untold)
	}
	return result
}

// load tells what the traffic was.
func (tr *traffic) load() string {
	seconds := time.Since(tr.began).Seconds()
	return fmt.Sprintf("%.0f updates/s and %.0f messages and edits/s", float64(tr.updates)/seconds, float64(len(tr.p.tg.Events(0, sim.Sent, sim.Edited)))/seconds)
}

// TestF02_KilledWhereItHurts kills the program at each of the named places, between a thing and the note of it.
func TestF02_KilledWhereItHurts(t *testing.T) {
	together(t)
	times, schools := forms(1, 20), forms(4, 13)
	points := failpoint.Points
	if !long {
		points = []failpoint.Point{failpoint.PollReceived, failpoint.IntakeHandled, failpoint.WriteCommitted, failpoint.SendArrived}
	}
	p := build(t, "reminders: {daily_cap: 0}\n")
	p.binary = mustBuildFailpoints(t)
	tr := p.mustTraffic(schools)
	var starts ready
	reached, missed := 0, 0
	random := rand.New(rand.NewPCG(20261125, 2))
	tr.run(func() {
		for range times {
			for _, point := range points {
				p.kill()
				p.failAt = fmt.Sprintf("%s:%d", point, 1+random.IntN(8))
				if point == failpoint.SendRecovering || point == failpoint.SendRecovered {
					p.failAt = string(point)
				}
				p.launch()
				if p.diesWithin(4 * time.Second) {
					reached++
				} else {
					missed++
				}
			}
		}
		p.failAt = ""
		p.kill()
		p.restart(&starts)
	})
	o := tr.judge()
	if missed > reached/20 {
		t.Errorf("%d of %d places were not reached", missed, reached+missed)
	}
	tell(t, fmt.Sprintf("killed %d times at %d named places, %s", reached, len(points), tr.load()), "%s; integrity whole", o)
}

// mustBuildFailpoints builds the program with its fail points.
func mustBuildFailpoints(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "duban")
	if out, err := goBuild("-tags", "failpoints", "-o", binary, "duban/cmd/duban").CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return binary
}

// TestF03_StoppedAgainAndAgain asks the program to end, again and again, under load.
func TestF03_StoppedAgainAndAgain(t *testing.T) {
	together(t)
	stops, schools := forms(3, 100), forms(4, 13)
	p := build(t, "reminders: {daily_cap: 0}\n")
	tr := p.mustTraffic(schools)
	var starts ready
	longest := time.Duration(0)
	random := rand.New(rand.NewPCG(20261125, 3))
	tr.run(func() {
		for range stops {
			time.Sleep(time.Duration(150+random.IntN(900)) * time.Millisecond)
			longest = max(longest, p.stop())
			p.restart(&starts)
		}
	})
	o := tr.judge()
	if o.extra > 0 || longest > 15*time.Second {
		t.Errorf("%d second copies, one stop took %s", o.extra, longest)
	}
	tell(t, fmt.Sprintf("%d × SIGTERM, %s", stops, tr.load()), "%d effects of %d, 0 twice, 0 second copies; ended within %s", o.effects, 5*o.items, longest.Round(time.Millisecond))
}
