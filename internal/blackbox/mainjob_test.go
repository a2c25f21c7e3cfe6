package blackbox

import (
	"encoding/csv"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"duban/sim"
)

// patience is how long a step may take when the program is killed in between: a message whose outcome is unknown is sent again after a minute.
const patience = 100 * time.Second

// TestTheMainJobSurvivesKills plays the whole of the main job against the built program, which is killed at five random moments: nothing is lost,
// nothing takes effect twice, and no message arrives in more than two copies.
func TestTheMainJobSurvivesKills(t *testing.T) {
	together(t)
	p := build(t, "reminders: {daily_cap: 0}\n")
	p.importExamples()
	p.start()
	people, links := p.joinTwenty()
	stopKilling := p.killNowAndThen(5)

	officers := p.playOfficers(people)
	p.playReviews(people["JY002"], officers)
	p.announce(people)
	stopKilling()
	p.checkRecord(officers)
	p.checkCopies(people)
	p.checkSecrets(links)
	if took := p.stop(); took > 15*time.Second {
		t.Errorf("SIGTERM took %s", took)
	}
	if out := p.run("verify"); out == "" {
		t.Error("verify says nothing")
	}
}

func (p *program) importExamples() {
	p.t.Helper()
	if out := p.run("import", "roster", example(p.t, "roster.xlsx"), "--dry-run"); !strings.Contains(out, "68") {
		p.t.Errorf("the dry run says %s", out)
	}
	p.run("import", "roster", example(p.t, "roster.xlsx"))
	p.run("import", "tasks", example(p.t, "tasks.xlsx"))
	p.run("import", "tasks", example(p.t, "tasks.csv"))
	p.refused(1, "import", "tasks", example(p.t, "roster.xlsx"))
}

// joinTwenty lets twenty people join by their links: the leader, two administrators, and officers of schools.
func (p *program) joinTwenty() (map[string]*sim.Person, map[string]invitation) {
	p.t.Helper()
	links := p.invitations("--all")
	people := map[string]*sim.Person{}
	for _, code := range p.twenty() {
		one, ok := links[code]
		if !ok {
			p.t.Fatalf("no invitation for %s", code)
		}
		person := p.tg.NewPerson(one.Name, "", sim.Speaks("zh-hans"))
		if err := person.OpenLink(one.Link); err != nil {
			p.t.Fatal(err)
		}
		people[code] = person
	}
	for code, person := range people {
		p.sees(person, "邀请属于")
		p.press(person, "是我")
		p.sees(person, links[code].Name+"，您好")
	}
	if left := p.invitations("--all"); len(left) != len(links)-len(people) {
		p.t.Errorf("%d are still to be invited of %d", len(left), len(links))
	}
	return people, links
}

// twenty are the codes of the leader, the administrators and the officers and secretaries of the first schools.
func (p *program) twenty() []string {
	codes := []string{"JY001", "JY002", "JY003"}
	for _, row := range p.exported("roster") {
		if len(codes) == 20 {
			break
		}
		if role := row["职务"]; role == "党建专干" || role == "党委书记" {
			codes = append(codes, row["工号"])
		}
	}
	return codes
}

// exported reads an export as CSV, by heading.
func (p *program) exported(what string) []map[string]string {
	p.t.Helper()
	file := filepath.Join(p.dir, what+".csv")
	p.run("export", what, "-o", file)
	data, err := os.ReadFile(file)
	if err != nil {
		p.t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(string(data), "\ufeff"))).ReadAll()
	if err != nil {
		p.t.Fatal(err)
	}
	var all []map[string]string
	for _, row := range rows[1:] {
		byHeading := map[string]string{}
		for i, heading := range rows[0] {
			byHeading[heading] = row[i]
		}
		all = append(all, byHeading)
	}
	return all
}

func (p *program) sees(person *sim.Person, piece string) *sim.Message {
	p.t.Helper()
	m, err := person.WaitText(patience, piece)
	if err != nil {
		p.t.Fatalf("%s: %v\n%s", person.Name(), err, p.tg.Transcript(person))
	}
	return m
}

func (p *program) press(person *sim.Person, label string) {
	p.t.Helper()
	if err := person.Press(label); err != nil {
		p.t.Fatalf("%s: %v\n%s", person.Name(), err, p.tg.Transcript(person))
	}
}

// killNowAndThen kills `serve` so many times at random moments and starts it again. The function returned waits for the last of them.
func (p *program) killNowAndThen(times int) (wait func()) {
	done := make(chan struct{})
	random := rand.New(rand.NewPCG(20261123, 5))
	go func() {
		defer close(done)
		for range times {
			time.Sleep(time.Duration(150+random.IntN(900)) * time.Millisecond)
			p.kill()
			p.start()
		}
	}()
	return func() { <-done }
}

// own are the items of this test: one for each evidence rule, all to the school committees.
const own = "编号,事项,责任要求,责任单位,完成时限,佐证要求,是否审核\n" +
	"BB-1,开会,按时参会,各学校党委,2030-12-31,无,否\n" +
	"BB-2,学习情况,报告学习情况,各学校党委,2030-12-31 17:00,文字,否\n" +
	"BB-3,年度总结,报送年度总结,各学校党委,2030-12-31,文件,是\n"

// playOfficers lets every officer finish what the example lists and this test's own list bring, each in another way, and returns the officers.
func (p *program) playOfficers(people map[string]*sim.Person) map[string]*sim.Person {
	p.t.Helper()
	if err := os.WriteFile(filepath.Join(p.dir, "own.csv"), []byte(own), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.run("import", "tasks", "own.csv")
	officers := map[string]*sim.Person{}
	for _, row := range p.exported("ledger") {
		if row["编号"] != "BB-1" {
			continue
		}
		for _, person := range people {
			if person.Name() == row["责任人"] {
				officers[row["责任单位"]] = person
			}
		}
	}
	if len(officers) < 5 {
		p.t.Fatalf("%d officers", len(officers))
	}
	var all sync.WaitGroup
	for _, officer := range officers {
		all.Go(func() { p.playOfficer(officer) })
	}
	all.Wait()
	return officers
}

// playOfficer presses each button once and says each word once: what is pressed while the program is dead waits at Telegram.
func (p *program) playOfficer(officer *sim.Person) {
	p.pressOn(officer, "BB-1", "签收")
	p.sees(officer, "状态：已签收")
	p.pressOn(officer, "BB-1", "上报完成")
	p.seesOn(officer, "BB-1", "已办结")
	p.replyTo(officer, "BB-2", "已完成，组织学习两次，全员参加")
	p.sees(officer, "确认上报")
	officer.Send("确认")
	p.seesOn(officer, "BB-2", "已办结")
	officer.ReplyDocument(p.card(officer, "BB-3"), "总结.docx", []byte("总结 "+officer.Name()), "请审阅")
	p.seesOn(officer, "BB-3", "待审核")
}

// card is the newest card of an item.
func (p *program) card(person *sim.Person, code string) *sim.Message { return p.sees(person, code) }

func (p *program) pressOn(person *sim.Person, code, label string) {
	if err := person.PressOn(p.card(person, code), label); err != nil {
		p.t.Errorf("%s: %v\n%s", person.Name(), err, p.tg.Transcript(person))
		runtime.Goexit()
	}
}

func (p *program) replyTo(person *sim.Person, code, words string) {
	person.Reply(p.card(person, code), words)
}

// seesOn waits until the card of an item says something.
func (p *program) seesOn(person *sim.Person, code, piece string) {
	end := time.Now().Add(patience)
	for time.Now().Before(end) {
		if m := person.Find(code); m != nil && strings.Contains(m.Body(), piece) {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	p.t.Errorf("%s: the card of %s never says %q\n%s", person.Name(), code, piece, p.tg.Transcript(person))
	runtime.Goexit()
}

// playReviews lets an administrator return the first submission and accept all of them.
func (p *program) playReviews(admin *sim.Person, officers map[string]*sim.Person) {
	p.t.Helper()
	first := true
	for unit, officer := range officers {
		card := p.reviewCard(admin, unit)
		if first {
			first = false
			p.must2(admin.PressOn(card, "退回"))
			p.sees(admin, "退回原因")
			admin.Send("缺少公章")
			p.seesOn(officer, "BB-3", "已退回")
			officer.ReplyDocument(p.card(officer, "BB-3"), "总结（盖章）.docx", []byte("盖章 "+officer.Name()), "")
			p.seesOn(officer, "BB-3", "待审核")
			p.eventually(patience, "another review card of "+unit, func() bool {
				again := p.reviewCard(admin, unit)
				card = again
				return again.ID != 0 && strings.Contains(strings.Join(labels(again), " "), "通过")
			})
		}
		p.must2(admin.PressOn(card, "通过"))
		p.seesOn(officer, "BB-3", "已办结")
	}
}

func (p *program) must2(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func labels(m *sim.Message) []string {
	var all []string
	if m.ReplyMarkup == nil {
		return nil
	}
	for _, row := range m.ReplyMarkup.Rows {
		for _, b := range row {
			all = append(all, b.Text)
		}
	}
	return all
}

// reviewCard is the newest card of a unit's submission that still waits.
func (p *program) reviewCard(admin *sim.Person, unit string) *sim.Message {
	p.t.Helper()
	var found *sim.Message
	p.eventually(patience, "a review card of "+unit, func() bool {
		for _, m := range admin.Messages() {
			if strings.Contains(m.Body(), "BB-3") && strings.Contains(m.Body(), unit) && strings.Contains(strings.Join(labels(&m), " "), "通过") {
				found = &m
			}
		}
		return found != nil
	})
	return found
}

// announce lets an administrator send an announcement to everybody and everybody confirm it.
func (p *program) announce(people map[string]*sim.Person) {
	p.t.Helper()
	admin := people["JY002"]
	steps := []struct{ sees, press, say string }{
		{"", "", "/announce"}, {"公告内容", "", "明天上午九点召开工作部署会。"}, {"发送范围", "全部", ""}, {"回执", "已阅", ""}, {"时间", "立即", ""}, {"20人", "确认发送", ""},
	}
	for _, step := range steps {
		if step.sees != "" {
			p.sees(admin, step.sees)
		}
		if step.press != "" {
			p.press(admin, step.press)
		}
		if step.say != "" {
			admin.Send(step.say)
		}
	}
	p.sees(admin, "已送达 20")
	var all sync.WaitGroup
	for _, person := range people {
		all.Go(func() {
			p.eventually(patience, person.Name()+" can confirm", func() bool { return person.Press("已阅") == nil })
		})
	}
	all.Wait()
	p.sees(admin, "已阅 20")
}

// checkRecord compares the record and the ledger with what was done: each thing once.
func (p *program) checkRecord(officers map[string]*sim.Person) {
	p.t.Helper()
	events := map[string]int{}
	for _, row := range p.exported("record") {
		events[row["编号"]+" "+row["事件"]+" "+row["单位"]]++
		if row["事件"] == "已阅" {
			events["已阅"]++
		}
	}
	if events["已阅"] != 20 {
		p.t.Errorf("%d receipts", events["已阅"])
	}
	returned := 0
	for unit := range officers {
		returned += events["BB-3 退回 "+unit]
		for _, code := range []string{"BB-1", "BB-2", "BB-3"} {
			again := 0
			if code == "BB-3" {
				again = events["BB-3 退回 "+unit]
			}
			for event, want := range map[string]int{"交办": 1, "签收": 1, "上报": 1 + again, "办结": 1} {
				if got := events[code+" "+event+" "+unit]; got != want {
					p.t.Errorf("%s %s of %s: %d times, not %d", code, event, unit, got, want)
				}
			}
		}
	}
	if returned != 1 {
		p.t.Errorf("%d returned", returned)
	}
	for _, row := range p.exported("ledger") {
		if strings.HasPrefix(row["编号"], "BB-") && officers[row["责任单位"]] != nil && !strings.Contains(row["状态"], "办结") {
			p.t.Errorf("%s of %s is %s", row["编号"], row["责任单位"], row["状态"])
		}
	}
}

// checkCopies sees that nothing arrived more than twice.
func (p *program) checkCopies(people map[string]*sim.Person) {
	p.t.Helper()
	twice := 0
	for _, person := range people {
		for message, copies := range p.tg.Copies(person.ID()) {
			if copies > 2 {
				p.t.Errorf("%s got %d copies of %.80s", person.Name(), copies, message)
			}
			if copies == 2 {
				twice++
			}
		}
	}
	p.t.Logf("%d messages arrived twice", twice)
}

// checkSecrets sees that neither the token nor the secret of an invitation stands in the log, the metrics or what health says.
func (p *program) checkSecrets(links map[string]invitation) {
	p.t.Helper()
	logged, err := os.ReadFile(p.log.Name())
	if err != nil {
		p.t.Fatal(err)
	}
	_, metrics := p.get("/metrics")
	_, health := p.get("/healthz")
	if !strings.Contains(metrics, "duban_") {
		p.t.Errorf("the metrics are %.200s", metrics)
	}
	told := string(logged) + metrics + health
	_, secret, _ := strings.Cut(p.tg.Token(), ":")
	if strings.Contains(told, secret) {
		p.t.Error("the token is told")
	}
	for _, one := range links {
		if _, payload, _ := strings.Cut(one.Link, "start="); strings.Contains(told, payload) {
			p.t.Errorf("the invitation of %s is told", one.Code)
		}
	}
}
