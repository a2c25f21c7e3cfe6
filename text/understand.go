package text

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// Intent is what somebody means by what he or she typed.
type Intent string

// The intents. Unclear is the zero value: the caller asks, with buttons.
const (
	Unclear    Intent = ""
	Ack        Intent = "ack"         // 收到: signs for the item and does nothing more
	Done       Intent = "done"        // 已完成: to be confirmed before anything is closed
	Partial    Intent = "partial"     // 基本完成, 完成80%
	InProgress Intent = "in_progress" // 正在办
	NotDone    Intent = "not_done"    // 未完成
	Promise    Intent = "promise"     // 明天交
	Extension  Intent = "extension"   // 申请延期
	Decline    Intent = "decline"     // 不是我们单位
	ZeroReport Intent = "zero_report" // 无: a valid completion
	Transfer   Intent = "transfer"    // 转给王芳
	Question   Intent = "question"    // 什么时候要
	Complaint  Intent = "complaint"   // 打不开
	Stop       Intent = "stop"        // 别提醒了
	Query      Intent = "query"       // 待办
	Withdraw   Intent = "withdraw"    // 撤回
	Help       Intent = "help"        // 帮助
	Confirm    Intent = "confirm"     // 确认
	Cancel     Intent = "cancel"      // 取消
)

// restraint lists all intents by how little they settle. When two clauses differ, the earlier intent counts: 已完成，照片明天补 is a promise,
// 收到，已完成 is done.
var restraint = []Intent{
	Extension, Decline, Transfer, NotDone, Partial, Question, Complaint, Withdraw, Promise, InProgress, ZeroReport, Done,
	Stop, Query, Help, Cancel, Confirm, Ack, Unclear,
}

// Reply is what was understood of a message.
type Reply struct {
	Intent  Intent
	Percent int // 1 to 100, or 0 when none was given

	// Rest is what was said besides, from the clause on that shows the intent: of an extension the date asked for, of a transfer the name, of
	// a promise the whole clause, as it holds the time; of what is not done what follows. Full-width letters and digits in it are half-width. It may be understood again: of
	// 确认完成 it is 完成.
	Rest string

	// Numbers are the answers to single lines of a numbered list, as in 2完成 3延期到周五, in the order typed. A bare number has an answer
	// without intent. When all answers have the same intent the reply has it too, else it is Unclear.
	Numbers []NumberedReply
}

// NumberedReply is an answer to one line of a numbered list.
type NumberedReply struct {
	Number int // as typed; the caller checks it against the list it has shown
	Reply  Reply
	Said   string // the words of the answer; empty for a bare number
}

// Understand says what somebody means, by the words alone: what was asked before, and what is to be done about it, is the caller's to know.
// Where the words allow two meanings it takes the one that settles less: 收到 is not 完成; a word of completion is NotDone with a negation, a
// Promise with a time to come, a Question with a question mark. It is safe on any input.
func Understand(s string) Reply {
	said := fold(s)
	if numbers := numbered(said); numbers != nil {
		return Reply{Intent: shared(said, numbers), Numbers: numbers}
	}
	return answer(said)
}

// A text longer than this is a report and no answer: its words belong to what it tells. People put the answer first, so a short first clause
// still counts.
const (
	longestAnswer  = 80 // characters
	longestOpening = 12
)

// answer reads every clause and keeps the one that settles least.
func answer(said string) Reply {
	clauses := clausesOf(said)
	if len(clauses) == 0 {
		return Reply{Intent: gestureIn(said)}
	}
	if utf8.RuneCountInString(said) > longestAnswer {
		clauses = clauses[:1]
		if utf8.RuneCountInString(clauses[0].words) > longestOpening {
			return Reply{}
		}
	}
	best := clauses[0].read()
	for _, c := range clauses[1:] {
		if r := c.read(); slices.Index(restraint, r.Intent) < slices.Index(restraint, best.Intent) {
			best = r
		}
	}
	return best
}

// gestureIn understands a message without any word.
func gestureIn(said string) Intent {
	if strings.ContainsAny(said, gestures) {
		return Ack
	}
	return Unclear
}

// read finds the intent of one clause: as a whole, then by its percentage, then by the table, whose order puts what settles less first.
func (c clause) read() Reply {
	if intent, ok := whole[c.bare()]; ok && (!c.asks || asking[intent]) {
		return Reply{Intent: intent, Rest: c.without(0, len(c.words))}
	}
	if !c.asks && doubleNegation.MatchString(c.words) {
		return Reply{}
	}
	if r, ok := c.percentage(); ok {
		return r
	}
	for _, row := range table {
		if m := row.find(c); m != nil {
			return c.reply(row.intent, m)
		}
	}
	return Reply{}
}

// asking are the intents that a question mark does not change.
var asking = map[Intent]bool{Query: true, Question: true, Help: true}

func (c clause) reply(intent Intent, m []int) Reply {
	switch {
	case intent == Promise:
		return Reply{Intent: intent, Rest: c.besides(0)}
	case intent == NotDone:
		return Reply{Intent: intent, Rest: c.besides(m[1])}
	}
	for group := 2; group < len(m); group += 2 {
		if m[group] >= 0 {
			return Reply{Intent: intent, Rest: trim(c.said[c.at[m[group]]:c.at[m[group+1]]])}
		}
	}
	return Reply{Intent: intent, Rest: c.without(m[0], m[1])}
}

// percentage reads 完成80%, 进度60, 完成了一半 and a bare 80%. A number counts only beside a word of progress: 出勤率95% is none.
func (c clause) percentage() (Reply, bool) {
	n, from, to := c.number()
	if to == 0 || c.asks {
		return Reply{}, false
	}
	underWay := underWay.MatchString(c.words)
	switch word := nearest(progressWords.FindAllStringIndex(c.words, -1), from, to); {
	case word != nil:
		from, to = min(from, word[0]), max(to, word[1])
	case !underWay && strings.TrimSpace(c.words) != strings.TrimSpace(c.words[from:to]):
		return Reply{}, false
	}
	r := Reply{Intent: Partial, Percent: n, Rest: c.without(from, to)}
	switch {
	case n == 0 || c.negatedAt(from) || c.negatedAt(to):
		r.Intent, r.Percent = NotDone, 0
	case n == 100:
		r.Intent = Done
	case underWay:
		r.Intent = InProgress
	}
	return r, true
}

// nearest picks the word that overlaps the number or stands at most three characters away from it.
func nearest(words [][]int, from, to int) []int {
	const threeCharacters = 3 * len("完")
	for _, w := range words {
		if max(w[0], from)-min(w[1], to) <= threeCharacters {
			return w
		}
	}
	return nil
}
