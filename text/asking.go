package text

import (
	"regexp"
	"strings"
)

var (
	// becauseOf begins the reason in what somebody says who asks for more time.
	becauseOf = regexp.MustCompile(`(?i)[，,；;。\s]*(?:因为|由于|原因是?|理由是?|因|\bbecause of\b|\bbecause\b|\bdue to\b|\breason\b)\s*[：:，,]?\s*`)
	// firstPause parts the date from what follows it.
	firstPause = regexp.MustCompile(`[，,；;。]\s*`)
	// lengthOf is a length of time, which counts from the present deadline and not from today.
	lengthOf = regexp.MustCompile(`^(?:再|多|往后)*\s*([0-9]+|[一二两三四五六七八九十]+)\s*(?:个)?\s*(工作日|天|日|周|星期|小时|working days?|days?|weeks?|hours?)(?:内|以内|时间)?$`)
	// toDate are the words between 延期 and the date.
	toDate = regexp.MustCompile(`(?i)^(?:[到至延]+|until|till|to|by)\s*`)
	// objectsTo begins an objection.
	objectsTo = regexp.MustCompile(`(?i)^(?:我们?|本)?(?:单位|校)?(?:有|提出)?异议[，,：:。\s]*|^(?:i |we )?object(?:ion)?\b[,.:\s]*`)
)

// UntilAndWhy parts what somebody says who asks for more time into the date and the reason; either may be empty.
func UntilAndWhy(said string) (date, reason string) {
	said = strings.TrimSpace(said)
	at := becauseOf.FindStringIndex(said)
	if at == nil {
		at = firstPause.FindStringIndex(said)
	}
	if at == nil {
		return toDate.ReplaceAllString(said, ""), ""
	}
	return toDate.ReplaceAllString(strings.TrimSpace(said[:at[0]]), ""), strings.TrimSpace(said[at[1]:])
}

// Within writes a bare length of time such as 再多3个工作日 as the deadline that it means when it is counted from some instant; false for what is no
// length of time.
func Within(said string) (within string, ok bool) {
	m := lengthOf.FindStringSubmatch(said)
	switch {
	case m == nil:
		return "", false
	case m[2][0] < 0x80:
		return "in " + m[1] + " " + m[2], true
	}
	return m[1] + m[2] + "内", true
}

// Objection takes the reason out of words that begin with 异议; false for other words.
func Objection(typed string) (reason string, ok bool) {
	at := objectsTo.FindStringIndex(typed)
	if at == nil {
		return "", false
	}
	return strings.TrimSpace(typed[at[1]:]), true
}

// Ruling is what a reply to the card of a request decides.
type Ruling string

// The rulings.
const (
	NoRuling Ruling = ""
	RulesYes Ruling = "yes"   // 同意
	RulesNo  Ruling = "no"    // 不同意
	Stands   Ruling = "stand" // 维持
	GoesOn   Ruling = "send"  // 转办
)

// rulings are the words by which a ruling begins. That of yes is all that is said.
var rulings = []struct {
	ruling Ruling
	words  *regexp.Regexp
}{
	{RulesNo, regexp.MustCompile(`(?i)^(?:不同意|不批准|不准|不行|不可以|维持退回|disagree|no\b|refused?|not agreed)[，,。.：:\s]*`)},
	{RulesYes, regexp.MustCompile(`(?i)^(?:同意|批准|准予|可以|行|异议成立|agree|agreed|yes|approved?|grant(?:ed)?)[。.!！\s]*$`)},
	{Stands, regexp.MustCompile(`(?i)^(?:维持(?:原交办)?|stands?)[，,。.：:\s]*`)},
	{GoesOn, regexp.MustCompile(`(?i)^(?:转办?给?|转交|transfer(?: to)?)[，,。.：:\s]*`)},
}

// Rules reads what a reply to the card of a request decides, and the reason or the unit that follows.
func Rules(typed string) (Ruling, string) {
	for _, r := range rulings {
		if at := r.words.FindStringIndex(typed); at != nil {
			return r.ruling, strings.TrimSpace(typed[at[1]:])
		}
	}
	return NoRuling, typed
}
