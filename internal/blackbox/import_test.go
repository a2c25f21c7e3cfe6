package blackbox

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// yearList is a list of so many items for a unit that nobody has joined from.
func yearList(code string, n int) []byte {
	var b strings.Builder
	b.WriteString("编号,事项,责任要求,责任单位,完成时限\n")
	for i := range n {
		fmt.Fprintf(&b, "%s-%05d,第%d项工作,按照通知要求逐项落实并报送佐证材料,滨江师范学院文学院党总支,%d-12-%02d\n", code, i, i, time.Now().Year()+1, 1+i%28)
	}
	return []byte(b.String())
}

// TestAnImportOfThousandsLeavesOthersTheirTurnAndGoesOnAfterAKill imports a long list in the chat. While it runs somebody else signs for items; the
// program is killed in the middle of the next list and started again.
func TestAnImportOfThousandsLeavesOthersTheirTurnAndGoesOnAfterAKill(t *testing.T) {
	together(t)
	rows := forms(4000, 10_000)
	p := build(t, "")
	p.run("import", "roster", example(t, "roster.csv"))
	p.start()
	admin, officer := p.joins("JY002"), p.joins("JY006")
	const own = 40
	few := strings.ReplaceAll(string(yearList("OWN", own)), "滨江师范学院文学院党总支", "滨江师范学院党委")
	if err := os.WriteFile(filepath.Join(p.dir, "few.csv"), []byte(few), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("import", "tasks", "few.csv")
	p.sees(officer, fmt.Sprintf("OWN-%05d", own-1))

	admin.Document("甲清单.csv", yearList("A", rows), "")
	p.sees(admin, fmt.Sprintf("交办%d项", rows))
	p.press(admin, "导入")
	p.sees(admin, "正在导入“甲清单.csv”")
	began, signed, longest := time.Now(), 0, time.Duration(0)
	for signed < own && admin.Find("已导入任务清单“甲清单.csv”") == nil {
		code, pressed := fmt.Sprintf("OWN-%05d", signed), time.Now()
		p.pressOn(officer, code, "签收")
		p.seesOn(officer, code, "已签收")
		longest = max(longest, time.Since(pressed))
		signed++
	}
	p.sees(admin, "已导入任务清单“甲清单.csv”")
	t.Logf("while %d items were imported in %s, %d presses of somebody else were answered, the slowest within %s",
		rows, time.Since(began).Round(time.Millisecond), signed, longest.Round(time.Millisecond))
	if signed < 3 {
		t.Errorf("%d presses were answered while the import ran", signed)
	}

	admin.Document("乙清单.csv", yearList("B", rows), "")
	p.sees(admin, "已试读任务清单“乙清单.csv”")
	p.press(admin, "导入")
	p.sees(admin, "正在导入“乙清单.csv”")
	p.kill()
	p.start()
	end := p.sees(admin, "已导入任务清单“乙清单.csv”").Body()
	if !strings.Contains(end, "接续完成") {
		t.Errorf("nothing is said of the interruption:\n%s", end)
	}
	p.run("export", "ledger", "-o", "ledger.csv")
	ledger, err := os.ReadFile(filepath.Join(p.dir, "ledger.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{"A-", "B-"} {
		if n := strings.Count(string(ledger), "\n"+code); n != rows {
			t.Errorf("the ledger has %d items %s…, want %d", n, code, rows)
		}
	}
}
