package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"duban/sim"
)

// shell is a folder in which commands are typed.
type shell struct {
	tb      testing.TB
	folder  string
	environ []string
}

// typed is what a command has left: its exit code and what it wrote.
type typed struct {
	code          int
	out, problems string
}

func mustShell(tb testing.TB) *shell {
	tb.Helper()
	tg := sim.New(sim.Options{TB: tb, Seed: 1})
	server := httptest.NewServer(tg)
	tb.Cleanup(server.Close)
	folder := tb.TempDir()
	at := func(name string) string { return filepath.Join(folder, name) }
	return &shell{tb: tb, folder: folder, environ: []string{
		"LANG=en_GB.UTF-8",
		"DUBAN_DATABASE=sqlite:" + at("data/duban.db"), "DUBAN_RECORD_KEY_FILE=" + at("data/record.key"), "DUBAN_EVIDENCE_DIR=" + at("data/evidence"),
		"DUBAN_TELEGRAM_TOKEN=" + tg.Token(), "DUBAN_TELEGRAM_API_URL=" + server.URL,
	}}
}

// duban types a command. The configuration is named before or after it, as it comes.
func (s *shell) duban(args ...string) typed {
	s.tb.Helper()
	config := []string{"-c", s.path("config.yaml")}
	if len(args)%2 == 0 {
		args = append(config, args...)
	} else {
		args = append(args, config...)
	}
	return s.bare(args...)
}

// bare types a command without naming a configuration.
func (s *shell) bare(args ...string) typed {
	s.tb.Helper()
	var out, problems bytes.Buffer
	c := &cli{out: &out, problems: &problems, environ: s.environ}
	code := c.run(context.Background(), args)
	return typed{code, out.String(), problems.String()}
}

func (s *shell) path(name string) string { return filepath.Join(s.folder, name) }

// must types a command that has to be done.
func (s *shell) must(args ...string) string {
	s.tb.Helper()
	t := s.duban(args...)
	if t.code != exitDone {
		s.tb.Fatalf("duban %s: %d\n%s%s", strings.Join(args, " "), t.code, t.out, t.problems)
	}
	return t.out
}

func example(name string) string { return filepath.Join("..", "..", "examples", name) }

// mustOffice is a shell in which the examples are imported.
func mustOffice(tb testing.TB) *shell {
	tb.Helper()
	s := mustShell(tb)
	s.must("init")
	s.must("import", "roster", example("roster.xlsx"))
	s.must("import", "tasks", example("tasks.xlsx"))
	return s
}

func TestInitWritesConfigurationDatabaseAndKeyOnce(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	for _, name := range []string{"config.yaml", "data/duban.db", "data/record.key"} {
		info, err := os.Stat(s.path(name))
		if err != nil || info.Size() == 0 || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", name, info, err)
		}
	}
	before, err := os.ReadFile(s.path("data/record.key"))
	if err != nil {
		t.Fatal(err)
	}
	if again := s.duban("init"); again.code != exitRefused || !strings.Contains(again.problems, "exists already") {
		t.Errorf("a second init: %+v", again)
	}
	after, err := os.ReadFile(s.path("data/record.key"))
	if err != nil || !bytes.Equal(before, after) {
		t.Errorf("the key was touched: %v", err)
	}
}

func TestTheExamplesAreImportedOnceAndUnchangedAgain(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	if out := s.must("import", "roster", example("roster.xlsx"), "--dry-run"); !strings.Contains(out, "dry run") {
		t.Errorf("dry run said %s", out)
	}
	if out := s.must("import", "roster", example("roster.xlsx")); !strings.HasPrefix(out, "68 new, 0 changed, 0 unchanged, 0 rows wrong") {
		t.Errorf("after a dry run the roster said %s", out)
	}
	if out := s.must("import", "tasks", example("tasks.csv")); !strings.HasPrefix(out, "25 new, 0 changed, 0 unchanged") || !strings.Contains(out, "assignments issued") {
		t.Errorf("the tasks said %s", out)
	}
	for list, file := range map[string]string{"roster": "roster.csv", "tasks": "tasks.xlsx"} {
		if out := s.must("import", list, example(file)); !strings.HasPrefix(out, "0 new, 0 changed,") || strings.Contains(out, "issued") {
			t.Errorf("%s again said %s", list, out)
		}
	}
}

func TestDraftsAreKeptAndNotIssued(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	s.must("import", "roster", example("roster.xlsx"))
	if out := s.must("import", "tasks", example("tasks.xlsx"), "--draft"); strings.Contains(out, "issued") {
		t.Errorf("drafts: %s", out)
	}
	if rows := s.export("ledger"); len(rows) != 1 {
		t.Errorf("the ledger has %d rows of drafts", len(rows)-1)
	}
	if out := s.must("import", "tasks", example("tasks.xlsx")); !strings.Contains(out, "issued") {
		t.Errorf("issuing drafts: %s", out)
	}
}

const wrongTasks = `编号,事项,责任要求,责任单位,完成时限
W-1,年度总结,提交总结,滨江市第一中学党委,2027-12-31
W-2,名单,提交名单,没有这个单位,2027-12-31
W-3,尽快的事,提交材料,全部,尽快
`

func TestAWrongRowKeepsTheWholeFileOut(t *testing.T) {
	s := mustOffice(t)
	file := s.path("wrong.csv")
	if err := os.WriteFile(file, []byte(wrongTasks), 0o600); err != nil {
		t.Fatal(err)
	}
	before := len(s.export("ledger"))
	got := s.duban("import", "tasks", file)
	if got.code != exitRefused || !strings.Contains(got.problems, "row 3, units: ") || !strings.Contains(got.problems, "row 4, deadline: ") {
		t.Errorf("%+v", got)
	}
	if after := len(s.export("ledger")); after != before {
		t.Errorf("the ledger went from %d to %d rows", before, after)
	}
}

func TestTheFileOfErrorsCanBeReadAndSaysWhatIsWrong(t *testing.T) {
	s := mustOffice(t)
	file := s.path("wrong.csv")
	if err := os.WriteFile(file, []byte(wrongTasks), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"out.xlsx", "out.csv"} {
		if got := s.duban("import", "tasks", file, "--errors", s.path(name)); got.code != exitRefused {
			t.Fatalf("%+v", got)
		}
		again := s.duban("import", "tasks", s.path(name))
		if again.code != exitRefused || !strings.Contains(again.out, "2 rows wrong") {
			t.Errorf("%s imported again: %+v", name, again)
		}
	}
	marked, err := os.ReadFile(s.path("out.csv"))
	if err != nil || !strings.Contains(string(marked), "问题") || !strings.Contains(string(marked), "没有这个单位") {
		t.Errorf("%s %v", marked, err)
	}
}

func TestAFileThatIsNoSheetIsRefusedInWords(t *testing.T) {
	s := mustOffice(t)
	file := s.path("letter.pdf")
	if err := os.WriteFile(file, []byte("%PDF-1.7"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.duban("import", "tasks", file); got.code != exitRefused || !strings.Contains(got.problems, ".xlsx or .csv") {
		t.Errorf("%+v", got)
	}
}

func TestInvitationsInJSONHaveTheFieldsThatScriptsReadOn(t *testing.T) {
	s := mustOffice(t)
	var links []map[string]string
	if err := json.Unmarshal([]byte(s.must("invite", "--person", "JY004", "--format", "json")), &links); err != nil {
		t.Fatal(err)
	}
	if len(links) != 1 || len(links[0]) != 5 {
		t.Fatalf("%v", links)
	}
	l := links[0]
	if l["code"] != "JY004" || l["name"] != "何晓岚" || l["unit"] != "滨江市教育行业党委" || !strings.HasPrefix(l["link"], "https://t.me/DubanBot?start=") {
		t.Errorf("%v", l)
	}
	expires, err := time.Parse(time.RFC3339, l["expires_at"])
	if left := time.Until(expires); err != nil || left < 71*time.Hour || left > 72*time.Hour {
		t.Errorf("good for %s: %v", left, err)
	}
}

func TestInvitationsReachWholeUnitsAndEverybody(t *testing.T) {
	s := mustOffice(t)
	count := func(args ...string) int {
		rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(s.must(append([]string{"invite", "--format", "csv"}, args...)...), "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		return len(rows) - 1
	}
	everybody, unit := count("--all"), count("--unit", "滨江市第一中学党委")
	if everybody <= unit || unit < 2 {
		t.Errorf("%d of %d are invited", unit, everybody)
	}
	if lines := strings.Count(s.must("invite", "--all"), "https://t.me/"); lines != everybody {
		t.Errorf("%d links as text, %d as csv", lines, everybody)
	}
}

func TestWhoIsNotThereCannotBeInvitedOrRevoked(t *testing.T) {
	s := mustOffice(t)
	for _, args := range [][]string{
		{"invite", "--person", "XX999"}, {"invite", "--unit", "没有这个单位"}, {"invite", "--revoke", "XX999"}, {"invite", "--revoke", "JY004"},
	} {
		if got := s.duban(args...); got.code != exitRefused || got.problems == "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

// export exports a table as csv and returns its rows, the headings first.
func (s *shell) export(table string, args ...string) [][]string {
	s.tb.Helper()
	file := s.path(table + ".csv")
	s.must(append([]string{"export", table, "-o", file}, args...)...)
	content, err := os.ReadFile(file)
	if err != nil {
		s.tb.Fatal(err)
	}
	text, marked := strings.CutPrefix(string(content), "\ufeff")
	if !marked {
		s.tb.Errorf("%s has no mark of UTF-8", table)
	}
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		s.tb.Fatal(err)
	}
	return rows
}

func TestExportsHaveTheColumnsThatScriptsReadOn(t *testing.T) {
	s := mustOffice(t)
	for table, columns := range map[string]string{
		"ledger": "编号,事项,责任单位,责任人,原定时限,完成时限,签收时间,上报时间,办结时间,状态,亮灯,提前/超期天数,延期次数,退回次数,退回类型,催办次数",
		"record": "时间,事件,编号,事项,单位,人员,经办,内容",
		"roster": "单位,上级单位,单位类型,片区,姓名,职务,尾号,工号,加入情况,加入时间",
	} {
		rows := s.export(table)
		if got := strings.Join(rows[0], ","); got != columns {
			t.Errorf("%s: %s", table, got)
		}
		if len(rows) < 50 {
			t.Errorf("%s has %d rows", table, len(rows))
		}
	}
	ledger, school := s.export("ledger"), s.export("ledger", "--unit", "滨江市第一中学党委", "--from", "2026-12-04", "--to", "2026-12-04")
	if len(school) < 2 || len(school) >= len(ledger) {
		t.Errorf("%d rows of a school on a day, %d in all", len(school), len(ledger))
	}
	for _, row := range school[1:] {
		if row[5] != "2026-12-04" {
			t.Errorf("a deadline of that day is shown as %q", row[5])
		}
	}
	if matrix := s.export("matrix"); strings.Join(matrix[0][:4], ",") != "责任单位,应办,办结,逾期" || len(matrix[0]) < 10 || len(matrix) < 10 {
		t.Errorf("the matrix is %d by %d: %v", len(matrix), len(matrix[0]), matrix[0])
	}
	for _, table := range []string{"ledger", "matrix", "lists"} {
		s.must("export", table, "-o", s.path(table+".xlsx"))
	}
}

func TestWhatCannotBeExportedIsRefusedWithWhatToDo(t *testing.T) {
	s := mustOffice(t)
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"lists", "-o", s.path("lists.csv")}, ".xlsx"},
		{[]string{"receipts", "-o", s.path("receipts.csv"), "--announcement", "9"}, "no announcement 9"},
	} {
		got := s.duban(append([]string{"export"}, c.args...)...)
		if got.code != exitRefused || !strings.Contains(got.problems, c.want) {
			t.Errorf("%v: %+v", c.args, got)
		}
		if _, err := os.Stat(c.args[2]); err == nil {
			t.Errorf("%v left a file", c.args)
		}
	}
}

func TestVerifyFindsTheRecordWhole(t *testing.T) {
	s := mustOffice(t)
	out := s.must("verify")
	if !strings.Contains(out, "the chain is whole") {
		t.Error(out)
	}
	check := regexp.MustCompile(`[0-9A-F]{4}-[0-9A-F]{4}`).FindString(out)
	count, _, _ := strings.Cut(out, " ")
	s.must("export", "ledger", "-o", s.path("ledger.xlsx")) // is recorded, so that the head is another one
	if out := s.must("verify", "--head", count+":"+check); !strings.Contains(out, count+":"+check+": the record still holds this entry") {
		t.Error(out)
	}
	if got := s.duban("verify", "--head", count+":0000-0000"); got.code != exitRefused || !strings.Contains(got.out, "entry "+count) || !strings.Contains(got.out, "that you kept") {
		t.Errorf("another head: %+v", got)
	}
	if got := s.duban("verify", "--head", "999999:"+check); got.code != exitRefused || !strings.Contains(got.out, "that you kept") {
		t.Errorf("a head beyond the end: %+v", got)
	}
	if got := s.duban("verify", "--head", "x"); got.code != 2 {
		t.Errorf("no head: %+v", got)
	}
	if err := os.WriteFile(s.path("data/record.key"), []byte(strings.Repeat("0f", 32)), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := s.duban("verify"); got.code != exitRefused || !strings.Contains(got.out, "entry 1 (") {
		t.Errorf("with another key: %d %.200s", got.code, got.out)
	}
}

func TestCheckTellsEachThingOnALine(t *testing.T) {
	s := mustOffice(t)
	out := s.must("check")
	if lines := strings.Count(out, "\n"); lines != 7 || strings.Count(out, "ok  ") != 7 {
		t.Error(out)
	}
	s.environ = append(s.environ, "DUBAN_TELEGRAM_WEBHOOK_URL=https://duban.example/hook")
	if got := s.duban("check"); got.code != exitRefused || !strings.Contains(got.out, "WRONG  configuration: ") {
		t.Errorf("%+v", got)
	}
}

func TestADeadlineIsUnderstoodWithoutAConfiguration(t *testing.T) {
	t.Chdir(t.TempDir())
	s := &shell{tb: t}
	for _, c := range []struct {
		said string
		code int
		want string
	}{
		{"2026-12-04 15:00", exitDone, `{"due":"2026-12-04T15:00:00+08:00","precision":"datetime","working_days_left":8,"echo":"截止：2026-12-04（周五）15:00，还有8个工作日"}`},
		{"2026-12-04", exitDone, `{"due":"2026-12-04T00:00:00+08:00","precision":"date","working_days_left":8,"echo":"截止：2026-12-04（周五），还有8个工作日"}`},
		{"2026-11-23", exitDone, `{"due":"2026-11-23T00:00:00+08:00","precision":"date","working_days_left":-1,"echo":"截止：2026-11-23（周一），已超期1个工作日","past":true}`},
		{"每月5日前", exitDone, `{"recurring":"monthly 5","next":"2026-12-05T00:00:00+08:00"}`},
		{"会后7日内", exitDone, `{"ask":"`},
		{"尽快", exitRefused, `{"refused":"“尽快”`},
		{"你好", exitDone, `{"none":true}`},
	} {
		got := s.bare("deadline", c.said, "--json", "--at", "2026-11-24T10:00:00+08:00")
		if got.code != c.code || !strings.HasPrefix(got.out, c.want) || strings.Count(got.out, "\n") != 1 {
			t.Errorf("%s: %d %s", c.said, got.code, got.out)
		}
	}
	if got := s.bare("deadline", "2028年3月1日", "--json", "--at", "2026-11-24T10:00:00+08:00"); !strings.Contains(got.out, `"provisional":true`) {
		t.Errorf("a year without a notice: %s", got.out)
	}
}

const notice2027 = `国务院办公厅关于2027年部分节假日安排的通知
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。1月31日（周日）、2月13日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天。
六、中秋节：9月15日（周三）放假1天。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。`

func (s *shell) file(name, content string) string {
	s.tb.Helper()
	if err := os.WriteFile(s.path(name), []byte(content), 0o600); err != nil {
		s.tb.Fatal(err)
	}
	return s.path(name)
}

func TestTheHolidaysOfAYearAreImportedFromItsNotice(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	due := func() string {
		return s.must("deadline", "2027-02-13前3个工作日", "--at", "2027-01-04T09:00:00+08:00", "--json")
	}
	if said := due(); !strings.Contains(said, `"provisional":true`) {
		t.Errorf("before: %s", said)
	}
	file := s.file("notice.txt", notice2027)
	if out := s.must("import", "calendar", file, "--dry-run"); !strings.Contains(out, "Feb 2027: off 5–11 (春节); worked 13 (Sat)") || !strings.Contains(out, "dry run") {
		t.Errorf("dry run: %s", out)
	}
	if said := due(); !strings.Contains(said, `"provisional":true`) {
		t.Errorf("the dry run counts: %s", said)
	}
	if out := s.must("import", "calendar", file); !strings.Contains(out, "Imported") {
		t.Errorf("import: %s", out)
	}
	if said := due(); strings.Contains(said, "provisional") {
		t.Errorf("after: %s", said)
	}
	if out := s.must("import", "calendar", file); !strings.Contains(out, "nothing was changed") {
		t.Errorf("again: %s", out)
	}
}

func TestHolidaysThatContradictThemselvesAreRefused(t *testing.T) {
	s := mustShell(t)
	s.must("init")
	twice := s.file("twice.csv", "日期,名称,类型\n2027-01-01,元旦,休\n2027-01-01,元旦,班\n")
	if got := s.duban("import", "calendar", twice); got.code != exitRefused || !strings.Contains(got.problems, "both off and worked") {
		t.Errorf("%+v", got)
	}
	if got := s.duban("import", "calendar", s.file("other.csv", "甲,乙\n1,2\n")); got.code != exitRefused || !strings.Contains(got.problems, "holds no holidays") {
		t.Errorf("%+v", got)
	}
	for _, args := range [][]string{{"import", "calendar", twice, "--draft"}, {"import", "calendar", twice, "--errors", "x.xlsx"}, {"import", "year", twice}} {
		if got := s.duban(args...); got.code != exitUsage {
			t.Errorf("%v: %+v", args, got)
		}
	}
}

func TestADeadlineIsReadInTheZoneOfTheConfiguration(t *testing.T) {
	s := mustShell(t)
	s.environ = append(s.environ, "DUBAN_ORGANISATION_TIMEZONE=Europe/Berlin", "DUBAN_ORGANISATION_LANGUAGE=en")
	s.must("init")
	out := s.must("deadline", "2026-12-04 15:00", "--at", "2026-11-24T10:00:00+08:00", "--json")
	if !strings.Contains(out, `"due":"2026-12-04T15:00:00+01:00"`) || !strings.Contains(out, "Fri") {
		t.Error(out)
	}
}

func TestAWrongCallIsToldFromARefusal(t *testing.T) {
	s := mustShell(t)
	for _, args := range [][]string{
		{}, {"bogus"}, {"import"}, {"import", "roster"}, {"import", "people", "x.csv"}, {"import", "roster", "x.csv", "--draft"},
		{"invite"}, {"invite", "--all", "--person", "X"}, {"invite", "--all", "--format", "yaml"}, {"invite", "--alll"},
		{"export", "ledger"}, {"export", "scores", "-o", "x.csv"}, {"export", "receipts", "-o", "x.csv"},
		{"export", "ledger", "-o", "x.csv", "--from", "2026-02-30"}, {"deadline"}, {"deadline", "x", "--at", "noon"}, {"serve", "now"},
	} {
		if got := s.bare(args...); got.code != exitUsage || got.problems == "" {
			t.Errorf("%v: %+v", args, got)
		}
	}
	for _, args := range [][]string{
		{"verify"}, {"serve"}, {"check"}, {"export", "ledger", "-o", s.path("x.csv")}, {"import", "roster", s.path("missing.csv")},
	} {
		if got := s.duban(args...); got.code != exitRefused || got.problems == "" {
			t.Errorf("%v without a configuration: %+v", args, got)
		}
	}
	if got := s.duban("export", "scores", "-o", "x.csv"); !strings.Contains(got.problems, "roster, receipts and lists") {
		t.Errorf("%+v", got)
	}
	s.must("init")
	if got := s.duban("export", "ledger", "-o", s.path("x.pdf")); got.code != exitRefused || !strings.Contains(got.problems, ".xlsx or .csv") {
		t.Errorf("%+v", got)
	}
}

func TestTheTerminalIsSpokenToInItsLanguage(t *testing.T) {
	for locale, want := range map[string]string{
		"LANG=zh_CN.UTF-8": "命令：", "LANG=C": "命令：", "": "命令：", "LANG=en_US.UTF-8": "Commands:", "LANG=de_DE.UTF-8": "Commands:",
		"LC_ALL=en_GB.UTF-8": "Commands:",
	} {
		s := &shell{tb: t, environ: []string{locale}}
		if got := s.bare("--help"); got.code != exitDone || !strings.Contains(got.out, want) {
			t.Errorf("%q: %d %s", locale, got.code, got.out)
		}
	}
}

func TestNoPhraseOfTheHelpIsMissing(t *testing.T) {
	for _, locale := range []string{"LANG=zh_CN.UTF-8", "LANG=en_US.UTF-8"} {
		s := &shell{tb: t, environ: []string{locale}}
		for _, command := range []string{"serve", "init", "check", "import", "invite", "export", "deadline", "verify", "version"} {
			if got := s.bare(command, "--help"); got.code != exitDone || strings.Contains(got.out, "⟦") {
				t.Errorf("%s --help: %d %s", command, got.code, got.out)
			}
		}
	}
}
