package text

import (
	"regexp"
	"strings"
)

// Order is what somebody who steers wants done with an item.
type Order string

// The orders.
const (
	OrderUrge    Order = "urge"    // 催办
	OrderDue     Order = "due"     // 延期到周五
	OrderGive    Order = "give"    // 转派给王芳
	OrderSuspend Order = "suspend" // 中止
	OrderResume  Order = "resume"  // 恢复
	OrderCancel  Order = "cancel"  // 撤销
	OrderReopen  Order = "reopen"  // 回头看
	OrderRemark  Order = "remark"  // 批示：……
	OrderArchive Order = "archive" // 归档
	OrderInquire Order = "inquire" // 问原因
)

// orders are the words with which a message begins that is an order. A group is what is said besides.
var orders = []struct {
	order Order
	words *regexp.Regexp
}{
	{OrderUrge, orderWords(`催办?(?:一下|全部)?|请?督促|请?抓紧`, `urge|nudge|remind`)},
	{OrderInquire, orderWords(`问?原因|为什么|为何|什么原因`, `why`)},
	{OrderDue, orderWords(`(?:同意)?(?:延期|改期|延长|延后|推迟|截止(?:时间)?改|时限改)[为到至]?`, `(?:extend|postpone|deadline)(?: to| until)?`)},
	{OrderGive, orderWords(`(?:转派|转办|改派|转)[给由至到]?|改由`, `(?:reassign|give|transfer)(?: it)?(?: to)?`)},
	{OrderSuspend, orderWords(`中止|暂停|暂缓`, `suspend|pause|halt`)},
	{OrderResume, orderWords(`恢复|继续办理`, `resume`)},
	{OrderCancel, orderWords(`撤销|作废`, `cancel|call off`)},
	{OrderReopen, orderWords(`回头看|重新?打开|重办`, `reopen`)},
	{OrderRemark, orderWords(`批示`, `remark`)},
	{OrderArchive, orderWords(`归档`, `archive`)},
}

func orderWords(chinese, english string) *regexp.Regexp {
	return regexp.MustCompile(`(?is)^(?:` + chinese + `|(?:` + english + `)\b)(.*)$`)
}

// UnderstandOrder says what somebody who steers an item wants done with it, and what was said besides: the reason, the name, the date. It is
// "" for what is no order. Whether the speaker may is the caller's to know.
func UnderstandOrder(s string) (Order, string) {
	said := fold(s)
	for _, o := range orders {
		if m := o.words.FindStringSubmatch(said); m != nil {
			return o.order, trim(m[1])
		}
	}
	return "", ""
}

// FirstAndRest splits what was said at the first mark of punctuation: 周五，因材料较多 is 周五 and 因材料较多. Dates and times of day hold no such mark.
func FirstAndRest(s string) (first, rest string) {
	if i := strings.IndexAny(s, ",，;；。\n"); i >= 0 {
		return trim(s[:i]), trim(s[i:])
	}
	return trim(s), ""
}
