package bot

import (
	"regexp"
	"strings"

	"duban/calendar"
)

var (
	// becauseOf begins the reason in what somebody says who asks for more time.
	becauseOf = regexp.MustCompile(`(?i)[，,；;。\s]*(?:因为|由于|原因是?|理由是?|因|\bbecause of\b|\bbecause\b|\bdue to\b|\breason\b)\s*[：:，,]?\s*`)
	// firstPause parts the date from what follows it.
	firstPause = regexp.MustCompile(`[，,；;。]\s*`)
	// span is a length of time, which counts from the present deadline and not from today.
	span = regexp.MustCompile(`^(?:再|多|往后)*\s*([0-9]+|[一二两三四五六七八九十]+)\s*(?:个)?\s*(工作日|天|日|周|星期|小时|working days?|days?|weeks?|hours?)(?:内|以内|时间)?$`)
	// toDate are the words between 延期 and the date.
	toDate = regexp.MustCompile(`(?i)^(?:[到至延]+|until|till|to|by)\s*`)
	// objectsTo begins an objection.
	objectsTo = regexp.MustCompile(`(?i)^(?:我们?|本)?(?:单位|校)?(?:有|提出)?异议[，,：:。\s]*|^(?:i |we )?object(?:ion)?\b[,.:\s]*`)
)

// untilAndWhy parts what somebody says who asks for more time into the date and the reason; either may be empty.
func untilAndWhy(said string) (date, reason string) {
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

// objection takes the reason out of words that begin with 异议.
func objection(typed string) (reason string, ok bool) {
	at := objectsTo.FindStringIndex(typed)
	if at == nil {
		return "", false
	}
	return strings.TrimSpace(typed[at[1]:]), true
}

// readUntil reads until when more time is asked for; false when nothing was said. A length of time is counted from the present deadline.
func (v *visit) readUntil(said string, present calendar.Due) (calendar.Reading, bool) {
	if said == "" {
		return calendar.Reading{Outcome: calendar.None}, false
	}
	cal := v.Desk.Calendar
	m := span.FindStringSubmatch(said)
	if m == nil {
		r := cal.ParseDue(said, v.now)
		r.Due = storedDue(r.Due)
		return r, true
	}
	within := m[1] + m[2] + "内"
	if m[2][0] < 0x80 {
		within = "in " + m[1] + " " + m[2]
	}
	r := cal.ParseDue(within, cal.Moment(present))
	if r.Due.IsDate() {
		r.Due = v.sameTimeOn(present, r.Due.Date)
	}
	r.Due = storedDue(r.Due)
	return r, true
}
