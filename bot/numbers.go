package bot

import (
	"errors"

	"duban"
	"duban/store"
	"duban/text"
)

// numbersAtMost is how many lines one message can answer.
const numbersAtMost = 30

// saidNumbers does what was said to the lines of the last list, or to those of the list that was replied to, and reports whether there were numbers of
// a list. A bare number opens a card when the list was our last message; a bare 1 after anything else is 收到.
func (v *visit) saidNumbers(reply text.Reply) (bool, error) {
	if len(reply.Numbers) == 0 || len(reply.Numbers) > numbersAtMost {
		return false, nil
	}
	bare := allBare(reply.Numbers)
	if bare && reply.Intent == text.Ack && len(v.about.Items) == 0 && !v.listCameLast() {
		return false, nil
	}
	list, err := v.list()
	switch {
	case err != nil:
		return true, err
	case len(list) == 0 && (bare || reply.Intent != text.Unclear):
		return false, nil
	case len(list) == 0:
		v.say("numbers.no_list")
		return true, v.showTasks("")
	}
	for _, n := range reply.Numbers {
		if n.Number > len(list) {
			v.say("numbers.beyond", "n", n.Number, "most", len(list))
			return true, nil
		}
	}
	if bare {
		return true, v.openCards(list, reply.Numbers)
	}
	return true, v.answerLines(list, reply.Numbers)
}

func allBare(numbers []text.NumberedReply) bool {
	for _, n := range numbers {
		if n.Said != "" {
			return false
		}
	}
	return true
}

// list is what numbers stand for: the list that was replied to, else the last one shown.
func (v *visit) list() ([]int64, error) {
	if len(v.about.Items) > 0 {
		return v.about.Items, nil
	}
	m, err := v.lastOf((*store.Tx).LastList)
	return m.Items, err
}

// listCameLast reports whether our last message to the visitor was a numbered list.
func (v *visit) listCameLast() bool {
	m, err := v.lastOf((*store.Tx).LastMessage)
	return err == nil && len(m.Items) > 0
}

func (v *visit) lastOf(find func(*store.Tx, int64) (store.Message, error)) (m store.Message, err error) {
	err = v.store().Read(v.ctx, func(tx *store.Tx) error {
		m, err = find(tx, v.account.TelegramID)
		if duban.CodeOf(err) == duban.NotFound {
			return nil
		}
		return err
	})
	return m, err
}

// namedByNumber returns the item that the words beside a file name by its number in the last list, and the words without it; 0 when they name none.
func (v *visit) namedByNumber(typed string) (id int64, words string, err error) {
	numbers := text.Understand(typed).Numbers
	if len(numbers) != 1 {
		return 0, "", nil
	}
	list, err := v.list()
	n := numbers[0]
	if err != nil || n.Number > len(list) {
		return 0, "", err
	}
	return list[n.Number-1], n.Said, nil
}

func (v *visit) openCards(list []int64, numbers []text.NumberedReply) error {
	for _, n := range numbers {
		if err := v.openItem(list[n.Number-1]); err != nil {
			return err
		}
	}
	return nil
}

// answerLines does each part as if it were a reply to its item; what is said to be done is confirmed all at once. A part that is refused leaves the
// others alone.
func (v *visit) answerLines(list []int64, numbers []text.NumberedReply) error {
	done, others := parted(numbers)
	if len(done) == 1 {
		done, others = nil, numbers
	}
	if err := v.confirmLines(list, done); err != nil {
		return err
	}
	for _, n := range others {
		v.who.Part++
		err := v.spokenOf(list[n.Number-1], n.Reply, n.Said)
		if err != nil && !refusal(err) {
			return err
		}
		if err != nil {
			v.say("numbers.refused", "n", n.Number, "why", v.whyNot(err))
		}
	}
	v.out = joined(v.out)
	return nil
}

// parted tells what is said to be done, each line once, from everything else.
func parted(numbers []text.NumberedReply) (done, others []text.NumberedReply) {
	seen := map[int]bool{}
	for _, n := range numbers {
		switch {
		case n.Reply.Intent != text.Done && n.Reply.Intent != text.ZeroReport:
			others = append(others, n)
		case !seen[n.Number]:
			seen[n.Number] = true
			done = append(done, n)
		}
	}
	return done, others
}

// confirmLines asks for one confirmation of all lines that are said to be done and lack nothing, and says what the others lack.
func (v *visit) confirmLines(list []int64, numbers []text.NumberedReply) error {
	var ready []dialogItem
	var lacking []text.NumberedReply
	for _, n := range numbers {
		one, ok, err := v.toConfirm(list[n.Number-1], n.Said, n.Reply)
		switch {
		case err != nil && !refusal(err):
			return err
		case err != nil:
			v.say("numbers.refused", "n", n.Number, "why", v.whyNot(err))
		case ok:
			ready = append(ready, one)
		default:
			lacking = append(lacking, n)
		}
	}
	if err := v.tellLacking(list, lacking); err != nil || len(ready) == 0 {
		return err
	}
	return v.askConfirm(ready)
}

// tellLacking says of lines that were said to be done why they cannot be confirmed yet.
func (v *visit) tellLacking(list []int64, lacking []text.NumberedReply) error {
	for _, n := range lacking {
		err := v.about1(list[n.Number-1], func(p *page, it item) error {
			if !it.State.OnUnit() {
				v.say("numbers.not_open", "n", n.Number, "title", p.title(it), "light", p.lightWord(it.Assignment))
				return nil
			}
			missing, err := p.lacks(it, "")
			v.sayOf(it, Keyboard{{p.do("submit", it)}}, "numbers.lacking", "n", n.Number, "title", p.title(it), "missing", v.word("missing.word."+string(missing)))
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// refusal reports whether an error is one that people are told.
func refusal(err error) bool {
	return errors.Is(err, duban.ErrRepeated) || duban.CodeOf(err) != duban.Internal
}

// whyNot is the sentence for a refusal.
func (v *visit) whyNot(err error) string {
	if errors.Is(err, duban.ErrRepeated) {
		return v.word("done.repeated")
	}
	return v.word("refused." + string(duban.CodeOf(err)))
}

// joined makes one message of those in a row that are nothing but words.
func joined(all []Outgoing) []Outgoing {
	var kept []Outgoing
	for _, o := range all {
		last := len(kept) - 1
		if last >= 0 && plain(o) && plain(kept[last]) {
			kept[last].Text = text.Join(kept[last].Text, o.Text)
			kept[last].About = About{}
			continue
		}
		kept = append(kept, o)
	}
	return kept
}

func plain(o Outgoing) bool {
	return o.Text != "" && len(o.Keyboard) == 0 && o.Menu == nil && o.Edit == 0 && len(o.Album) == 0 && o.Document == nil && o.Copy == nil && o.Subject == "" &&
		len(o.About.Items) == 0
}
