package bot

import (
	"encoding/json"
	"strings"

	"duban"
	"duban/text"
	"duban/work"
)

// renderHalfway asks how far a long task is, once half of its time is over. A tap is enough for an answer.
func (p *page) renderHalfway(l duban.Letter) (Outgoing, error) {
	out, err := p.push(l, "push.halfway", "push.halfway_others")
	if err != nil {
		return out, err
	}
	it, err := p.letterItem(l)
	if err == nil && p.does(it) {
		out.Keyboard = append(Keyboard{p.percents(it.ID)}, out.Keyboard...)
	}
	return out, err
}

// percents are the buttons for how much of an item is done.
func (p *page) percents(assignment int64) []Button {
	var buttons []Button
	for _, n := range []string{"20", "40", "60", "80"} {
		buttons = append(buttons, button(n+"%", "percent", assignment, n))
	}
	return buttons
}

// renderPromise asks once more for what the owner has promised for now.
func (p *page) renderPromise(l duban.Letter) (Outgoing, error) {
	var news duban.RungNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	if !it.PromisedAt.Equal(news.Moment) {
		return Outgoing{}, untrue("promised anew")
	}
	return p.push(l, "push.promise", "push.promise_others")
}

// renderPending reminds whoever has to act of a request, of an item that its unit has declined, or that a notice of the highest level was not
// answered.
func (p *page) renderPending(l duban.Letter) (Outgoing, error) {
	var news duban.RungNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	if news.Rung == duban.RungRequest {
		return p.pendingRequest(l, it)
	}
	if !news.Rung.Holds(it.State) || news.Rung == duban.RungNoResponse && it.RespondBy.IsZero() {
		return Outgoing{}, untrue("settled meanwhile")
	}
	since := it.DeclinedAt
	if news.Rung == duban.RungNoResponse {
		since = it.RespondBy
	}
	return Outgoing{
		Text: text.Join(p.lateLabel(l), p.text("push."+string(news.Rung), "title", p.title(it), "unit", it.Unit.Name, "owner", it.Owner.Name,
			"at", p.moment(since), "level", p.levelWord(max(it.Level, duban.FirstDraft)))),
		Keyboard: Keyboard{{p.do("card", it)}},
	}, nil
}

func (p *page) pendingRequest(l duban.Letter, it item) (Outgoing, error) {
	request, err := p.tx.OpenRequest(it.ID)
	if duban.CodeOf(err) == duban.NotFound {
		return Outgoing{}, untrue("decided meanwhile")
	}
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		Text: text.Join(p.lateLabel(l), p.text("push.request", "title", p.title(it), "unit", it.Unit.Name, "at", p.moment(request.AskedAt),
			"name", p.nameOf(request.AskerID))),
		Keyboard: append(p.decideButtons(request, it, ""), []Button{p.do("card", it)}), Reminds: work.RequestSubject(request.ID),
	}
	card, err := p.tx.Card(work.RequestSubject(request.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo, out.Delete = card.MessageID, p.replaceable(card)
	}
	return out, nil
}

// waitsForReview says to a reviewer that a submission waits, or to a leader that its reviewers have let it wait for too long.
func (p *page) waitsForReview(l duban.Letter, sub duban.Submission, it item) (text.HTML, error) {
	var news duban.RungNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return "", err
	}
	args := []any{"title", p.title(it), "unit", it.Unit.Name, "at", p.moment(sub.At)}
	if news.Rung != duban.RungOversight {
		return p.text("push.review", args...), nil
	}
	reviewers, err := work.Reviewers(p.tx, it.Task, it.Assignment)
	var names []string
	for _, r := range reviewers {
		names = append(names, r.Name)
	}
	return p.text("push.oversight", append(args, "names", strings.Join(names, p.word("notice.and")))...), err
}
