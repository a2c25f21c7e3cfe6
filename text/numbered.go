package text

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

var (
	numberMark = regexp.MustCompile(`(?i)(?:^|[\s,;。、(和]|完成|了)((?:第|任务|事项|#|no\.? ?|item |task )?)(\d{1,2})(?:[-~至]([2-9]))?([项条]?)`)

	// afterNumber shows that a number counts or dates something and names no line: 5日, 3.5, 15:00, 2个.
	afterNumber = regexp.MustCompile(`^(?:\d|[.:/-]\d|\s?(?:[月日号点时天年名人份次个季级页张期成万千百元所家位件场%]| ?percent|周[内后以]))`)

	// apart shows that something stands between a number and the words behind it.
	apart = regexp.MustCompile(`^(?:$|[\s,;.:)、。])`)

	// opensAnswer is how an answer begins that is written close to its number: 2完成, but not 2所学校完成.
	opensAnswer = regexp.MustCompile(`^(?i:完成|已|都|没|未|还|尚|延|申请|正在|在|不|做|办|交|报|搞定|弄|转|请|明|后天|今|收到|差不多|基本|大部分|快|无|零|好|行|推迟|来不及|[a-z])`)

	// numbersAfter is an answer to lines that are named after it: 完成2、3, done 2.
	numbersAfter = regexp.MustCompile(`(?i)^(.*?[^\d\s.:/%,、和第#-])\s*((?:(?:[\s,、和]+)?(?:第|#|no\.? ?)?\d{1,2}\s*[项条]?)+)[。.!]*$`)
	anyNumber    = regexp.MustCompile(`\d{1,2}`)
)

// numbered reads answers to the lines of a list, or returns nil when the text is none. It is all or nothing: a text with a number whose answer
// is not understood is no such list, but for one that has numbers only.
func numbered(said string) []NumberedReply {
	if strings.Contains(said, "?") {
		return nil
	}
	marks := marksIn(said)
	if len(marks) == 0 || trim(said[:marks[0].from]) != "" {
		return numberedAfter(said)
	}
	var all []NumberedReply
	understood := 0 // how many of them have got their answer
	for i, m := range marks {
		end := len(said)
		if i+1 < len(marks) {
			end = marks[i+1].from
		}
		for n := m.first; n <= m.last; n++ {
			all = append(all, NumberedReply{Number: n})
		}
		words := trim(said[m.to:end])
		if words == "" {
			continue
		}
		r := answer(words)
		if order, _ := UnderstandOrder(words); r.Intent == Unclear && order == "" {
			return nil
		}
		for ; understood < len(all); understood++ {
			all[understood].Reply, all[understood].Said = r, words
		}
	}
	if understood > 0 && understood < len(all) {
		return nil
	}
	return all
}

// numberedMark is where one number, or a range such as 1-3, stands in what was said.
type numberedMark struct{ from, to, first, last int }

// marksIn finds the numbers that name lines. A number with words close behind it counts only when they open an answer.
func marksIn(said string) []numberedMark {
	var all []numberedMark
	for _, m := range numberMark.FindAllStringSubmatchIndex(said, -1) {
		after := said[m[1]:]
		named := m[2] < m[3] || m[8] < m[9]
		if afterNumber.MatchString(after) || !named && !apart.MatchString(after) && !opensAnswer.MatchString(after) && !opensOrder(after) {
			continue
		}
		first, err := strconv.Atoi(said[m[4]:m[5]])
		last := first
		if m[6] >= 0 {
			last = int(said[m[6]] - '0')
		}
		if err == nil && first > 0 && first <= last {
			all = append(all, numberedMark{from: m[2], to: m[1], first: first, last: last})
		}
	}
	return all
}

// opensOrder reports whether an order begins at once, as in 2催办.
func opensOrder(after string) bool {
	order, _ := UnderstandOrder(after)
	return order != ""
}

// numberedAfter reads 完成2、3 and done 2. Only answers that need no more than the number can stand so: 延期3 may mean three days.
func numberedAfter(said string) []NumberedReply {
	m := numbersAfter.FindStringSubmatch(said)
	if m == nil {
		return nil
	}
	r := answer(m[1])
	if r.Rest != "" || !slices.Contains([]Intent{Done, NotDone, Ack, Withdraw}, r.Intent) {
		return nil
	}
	var all []NumberedReply
	for _, digits := range anyNumber.FindAllString(m[2], -1) {
		if n, err := strconv.Atoi(digits); err == nil && n > 0 {
			all = append(all, NumberedReply{Number: n, Reply: r, Said: trim(m[1])})
		}
	}
	return all
}

// shared returns the intent that all answers have. A bare 1 is what people type for 收到 too.
func shared(said string, numbers []NumberedReply) Intent {
	for _, n := range numbers[1:] {
		if n.Reply.Intent != numbers[0].Reply.Intent {
			return Unclear
		}
	}
	if numbers[0].Reply.Intent == Unclear {
		return whole[trim(said)]
	}
	return numbers[0].Reply.Intent
}
