package bot

import (
	"encoding/json"
	"strconv"

	"duban"
	"duban/text"
	"duban/work"
)

// transfer understands 转给王芳 said about an item: whoever may give it to somebody else is asked to confirm, anybody else's wish is put before the
// secretary, with the button that does it.
func (v *visit) transfer(id int64, typed string) error {
	may, to := false, duban.Person{}
	err := v.about1(id, func(p *page, it item) (err error) {
		may = p.may(duban.ActReassign, it)
		name, _ := text.FirstAndRest(text.Understand(typed).Rest)
		to, _, err = p.personNamed(name, it.UnitID)
		return err
	})
	if err != nil {
		return err
	}
	if may {
		return v.steer(steering{Assignment: id, Order: text.OrderGive, Owner: to.ID})
	}
	asked, err := v.Desk.AskSecretary(v.ctx, v.who, id, to.ID, typed)
	if duban.CodeOf(err) == duban.NothingToDo {
		return v.question(id, typed)
	}
	if err != nil {
		return err
	}
	v.say("ask.sent", "name", asked[0].Name)
	return nil
}

// renderQuestion puts a question about an item before those who may answer it; a reply to it goes back.
func (p *page) renderQuestion(l duban.Letter) (Outgoing, error) {
	var news work.QuestionNews
	if err := json.Unmarshal([]byte(l.Data), &news); err != nil {
		return Outgoing{}, err
	}
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	if p.mine(it) {
		return p.wordAbout(l, "news.inquiry")
	}
	out, err := p.wordAbout(l, "news.question")
	if err != nil || news.To == 0 || news.To == it.OwnerID {
		return out, err
	}
	if !p.may(duban.ActReassign, it) {
		return out, nil
	}
	to, err := p.tx.Person(news.To)
	if err != nil {
		return out, err
	}
	out.Keyboard = Keyboard{{button(p.word("button.give_to", "name", to.Name), "giveto", it.ID, strconv.FormatInt(to.ID, 36))}}
	return out, nil
}

// pressGiveTo gives an item to whoever was named in a question.
func (v *visit) pressGiveTo(c call) error {
	pick, ok := pickOf(c.arg)
	if !ok || pick.Turns {
		v.answer("press.stale")
		return nil
	}
	return v.steer(steering{Assignment: c.id, Order: text.OrderGive, Owner: pick.ID})
}
