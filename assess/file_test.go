package assess

import (
	"bytes"
	"strings"
	"testing"

	"duban"
)

func TestTheShippedRulesAreComplete(t *testing.T) {
	r, err := Parse("default.yaml", Shipped())
	if err != nil {
		t.Fatal(err)
	}
	if r.Version == "" || r.Source == "" || r.Body() != string(Shipped()) {
		t.Errorf("version %q, source %q", r.Version, r.Source)
	}
	if got := r.OnTime; len(got.Late) != 2 || got.Late[0] != (Band{3, 50}) || got.Never != 2_00 || got.CriticalTimes != 2 || got.Max != 35_00 {
		t.Errorf("on time: %+v", got)
	}
	if !r.Exempt.Outage || r.Exempt.ShortNotice != 3 || r.Signing.Late != 20 || len(r.Grades) != 4 {
		t.Errorf("%+v", r)
	}
}

func TestWhatIsWrongInTheRulesIsNamedWithItsPlace(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"late: 0.2", "late: 0.234", "rules.yaml:27:11: daily.signing.late: write points"},
		{"late: 0.2", "late: -1", "daily.signing.late: write points"},
		{"within: 2wd ", "within: 2d ", "daily.signing.within: write working days such as 3wd"},
		{"  rally: 10", "  rally: 20", "weights: the weights have to make 100 together with daily among them; they make 110"},
		{"  rally: 10", "  parade: 10", "weights.parade: there is no such part; there are daily"},
		{"    max: 35", "    max: 45", "daily: the five max have to make 100 together; they make 110"},
		{"    max: 35", "    max: 35\n    max: 35", "daily.on_time.max: this is set twice"},
		{"points: 1}", "points: 0.1}", "daily.on_time: days and points of late have to grow"},
		{"    never: 2", "    never: 1", "daily.on_time: beyond has to cost at least as much as late"},
		{"made_up: 0.5 ", "made_up: 1.5 ", "daily.periodic: what is made up may not cost more"},
		{"bonus: 5\n", "", "bonus: this is missing"},
		{"bonus: 5", "bonuses: 5", "bonuses: there is no such option; there are bonus, daily"},
		{"    words: [整改]", "    words: 整改", "daily.rectification.words: write a list of words"},
		{"vacation: on", "vacation: perhaps", "exempt.vacation: write on or off"},
		{`version: "duban-2"`, `version: ""`, "version: write letters, digits"},
		{"{name: 一般, from: 60}", "{name: 一般, from: 85}", "grades: write the grades best first"},
		{"{name: 差, from: 0}", "{name: 差, from: 10}", "grades: the last grade has to be from 0"},
		{"    free_returns: 1", "    free_returns: one", "daily.quality.free_returns: write a whole number from 0 to 10"},
		{"weights:", "weights", "this is no YAML"},
	} {
		if !bytes.Contains(Shipped(), []byte(c.from)) {
			t.Fatalf("the shipped rules have no %q", c.from)
		}
		_, err := Parse("rules.yaml", bytes.Replace(Shipped(), []byte(c.from), []byte(c.to), 1))
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v, want %q", c.to, err, c.want)
		}
	}
	if _, err := Parse("rules.yaml", []byte("[]")); err == nil {
		t.Error("a list is taken for rules")
	}
	if _, err := Parse("rules.yaml", nil); err == nil {
		t.Error("nothing is taken for rules")
	}
	if _, err := Parse("rules.yaml", []byte("\xff\xfe")); err == nil {
		t.Error("what is not UTF-8 is taken for rules")
	}
}

func TestPointsAreReadAndWrittenTheSame(t *testing.T) {
	for _, s := range []string{"0", "0.5", "0.05", "35", "99.99", "100"} {
		p, ok := duban.ParsePoints(s)
		if !ok || p.String() != s {
			t.Errorf("%s is read as %s", s, p)
		}
	}
	for _, s := range []string{"", "-1", "1.", "1.234", "a", "1e3", "1,5", "99999"} {
		if p, ok := duban.ParsePoints(s); ok {
			t.Errorf("%q is read as %s", s, p)
		}
	}
}
