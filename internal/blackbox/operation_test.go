package blackbox

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban/sim"
)

func TestServeRefusesWhatIsNotItsDatabase(t *testing.T) {
	p := build(t, "")
	database := filepath.Join(p.dir, "data", "duban.db")
	whole, err := os.ReadFile(database)
	if err != nil {
		t.Fatal(err)
	}
	for what, data := range map[string][]byte{"empty": {}, "foreign": []byte("not a database at all, whatever its name says"), "cut short": whole[:4096]} {
		if err := os.WriteFile(database, data, 0o600); err != nil {
			t.Fatal(err)
		}
		os.Remove(database + "-wal")
		os.Remove(database + "-shm")
		if out := p.refused(1, "serve"); !strings.Contains(out, "duban.db") {
			t.Errorf("%s: %s", what, out)
		}
	}
	if err := os.Remove(database); err != nil {
		t.Fatal(err)
	}
	if out := p.refused(1, "serve"); !strings.Contains(out, "init") {
		t.Errorf("missing: %s", out)
	}
	p.refused(2, "serve", "--nonsense")
	p.refused(2, "nonsense")
}

func TestASecondServeIsKeptOutAndOtherCommandsWorkMeanwhile(t *testing.T) {
	p := build(t, "")
	p.start()
	p.refused(1, "serve")
	p.refused(1, "init")
	p.run("import", "roster", example(t, "roster.csv"))
	if links := p.invitations("--person", "JY002"); len(links) != 1 {
		t.Errorf("%d invitations", len(links))
	}
	p.run("check")
	p.run("verify")
	if status, _ := p.get("/healthz"); status != http.StatusOK {
		t.Errorf("healthz is %d", status)
	}
}

// TestRemindersComeWhenTheyAreDue lets a ladder of seconds run against the real clock: unsigned, before the deadline, due, notice.
func TestRemindersComeWhenTheyAreDue(t *testing.T) {
	p := build(t, "reminders: {unsigned: [2s], before_due: [3s], overdue: {notice: 2s, repeat: 30s, draft_notice: 4s}, daily_cap: 0}\n")
	p.run("import", "roster", example(t, "roster.csv"))
	p.start()
	officer, secretary, admin := p.joins("JY006"), p.joins("JY005"), p.joins("JY002")
	due := time.Now().Add(9 * time.Second).Format(time.RFC3339)
	list := "编号,事项,责任要求,责任单位,完成时限\nBB-9,应急演练,组织一次应急演练,滨江师范学院党委," + due + "\n"
	if err := os.WriteFile(filepath.Join(p.dir, "list.csv"), []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("import", "tasks", "list.csv")
	p.sees(officer, "BB-9")
	for _, words := range []string{"请签收“应急演练”", "请按时完成“应急演练”", "“应急演练”已到截止时间", "催办单"} {
		p.sees(officer, words)
	}
	p.sees(secretary, "尚未签收")
	p.sees(secretary, "催办单")
	p.sees(admin, "通报单（拟稿）")
}

// joins lets somebody of the example roster join by a link.
func (p *program) joins(code string) *sim.Person {
	p.t.Helper()
	one := p.invitations("--person", code)[code]
	person := p.tg.NewPerson(one.Name, "", sim.Speaks("zh-hans"))
	if err := person.OpenLink(one.Link); err != nil {
		p.t.Fatal(err)
	}
	p.sees(person, "邀请属于")
	p.press(person, "是我")
	p.sees(person, one.Name+"，您好")
	return person
}

func TestAWebhookTakesThePlaceOfPolling(t *testing.T) {
	hook := freeAddress(t)
	p := buildWith(t, fmt.Sprintf("  webhook: {url: %q, listen: %s, secret: a-secret-word}\n", "http://"+hook+"/hook", hook), "")
	p.run("import", "roster", example(t, "roster.csv"))
	p.start()
	p.joins("JY002")
	response, err := http.Post("http://"+hook+"/hook", "application/json", strings.NewReader(`{"update_id":1}`))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	if response.StatusCode != http.StatusUnauthorized && response.StatusCode != http.StatusForbidden {
		t.Errorf("without the secret: %d", response.StatusCode)
	}
}
