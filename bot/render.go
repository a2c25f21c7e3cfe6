package bot

import (
	"context"
	"encoding/json"
	"time"

	"duban"
	"duban/store"
	"duban/text"
	"duban/work"
)

// renderers has one line for each kind of news: how it reads for its reader at the moment it leaves. An *Undeliverable ends a letter whose
// news is no longer true.
var renderers = map[duban.NewsKind]func(*page, duban.Letter) (Outgoing, error){
	duban.NewsCard:         (*page).renderCard,
	duban.NewsReminder:     (*page).renderReminder,
	duban.NewsUnsigned:     (*page).renderUnsigned,
	duban.NewsDue:          (*page).renderDue,
	duban.NewsHalfway:      (*page).renderHalfway,
	duban.NewsPromise:      (*page).renderPromise,
	duban.NewsMilestone:    (*page).renderMilestone,
	duban.NewsPending:      (*page).renderPending,
	duban.NewsUrge:         (*page).renderUrge,
	duban.NewsDraft:        (*page).renderDraft,
	duban.NewsNotice:       (*page).renderNotice,
	duban.NewsNoticeBack:   (*page).renderNoticeBack,
	duban.NewsResponse:     (*page).renderResponse,
	duban.NewsDeputy:       (*page).renderDeputy,
	duban.NewsLate:         (*page).renderLate,
	duban.NewsDigest:       (*page).renderDigest,
	duban.NewsReview:       (*page).renderReview,
	duban.NewsPassed:       (*page).renderPassed,
	duban.NewsReturned:     (*page).renderReturned,
	duban.NewsChanged:      (*page).renderChanged,
	duban.NewsAnnouncement: (*page).renderAnnouncement,
	duban.NewsReceipt:      (*page).renderReceipt,
	duban.NewsProgress:     (*page).renderProgress,
	duban.NewsAnnounceAsk:  (*page).renderAnnounceAsk,
	duban.NewsAnnounceNote: (*page).renderAnnounceNote,
	duban.NewsCorrection:   (*page).renderCorrection,
	duban.NewsRecall:       (*page).renderRecall,
	duban.NewsJoined:       (*page).renderAboutPerson,
	duban.NewsNotMe:        (*page).renderAboutPerson,
	duban.NewsUnreachable:  (*page).renderAboutPerson,
	duban.NewsFeedback:     (*page).renderAboutPerson,
	duban.NewsQuestion:     (*page).renderQuestion,
	duban.NewsReply:        (*page).renderReply,
	duban.NewsQuarantine:   (*page).renderQuarantine,
	duban.NewsOffline:      (*page).renderOffline,
	duban.NewsRevoked:      (*page).renderRevoked,
	duban.NewsCalendar:     (*page).renderCalendar,
	duban.NewsNoNotice:     (*page).renderNoNotice,
	duban.NewsExport:       (*page).renderExport,
	duban.NewsTrouble:      (*page).renderTrouble,
	duban.NewsRecordHead:   (*page).renderRecordHead,
	duban.NewsErasure:      (*page).renderErasure,
	duban.NewsApproval:     (*page).renderApproval,
	duban.NewsApproved:     (*page).renderApproved,
	duban.NewsPlan:         (*page).renderPlan,
	duban.NewsSteered:      (*page).renderSteered,
	duban.NewsRequest:      (*page).renderRequest,
	duban.NewsDecided:      (*page).renderDecided,
	duban.NewsCollecting:   (*page).renderCollecting,
	duban.NewsAssess:       (*page).renderAssess,
	duban.NewsBoard:        (*page).renderBoard,
	duban.NewsHandover:     (*page).renderHandover,
	duban.NewsReport:       (*page).renderReport,
	duban.NewsReportDraft:  (*page).renderReport,
	duban.NewsGroupCopy:    (*page).renderGroupCopy,
	duban.NewsGroupCount:   (*page).renderGroupCount,
	duban.NewsGroupFix:     (*page).renderGroupFix,
	duban.NewsGroupDay:     (*page).renderGroupDay,
	duban.NewsGroupTold:    (*page).renderGroupTold,
	duban.NewsGroupHint:    (*page).renderGroupHint,
	duban.NewsGroupLeave:   (*page).renderGroupLeave,
}

// Render writes a letter for its reader as things stand now, in the reader's language.
func (b *Bot) Render(ctx context.Context, l duban.Letter) (Outgoing, error) {
	if l.Kind == duban.NewsAnswer {
		return b.renderAnswer(ctx, l)
	}
	render, ok := renderers[l.Kind]
	if !ok {
		return Outgoing{}, &Undeliverable{State: duban.Failed, Reason: "unknown kind"}
	}
	var out Outgoing
	err := b.store().Read(ctx, func(tx *store.Tx) error {
		p, err := b.reader(tx, l)
		if err != nil {
			return err
		}
		out, err = render(p, l)
		if out.ChatID == 0 {
			out.ChatID = p.account.TelegramID
		}
		return err
	})
	return out, err
}

// reader finds who reads a letter. Without an active account there is nobody to send it to, and that is told.
func (b *Bot) reader(tx *store.Tx, l duban.Letter) (*page, error) {
	p := &page{Bot: b, tx: tx, lang: b.Lang, now: tx.Now}
	if l.PersonID == 0 {
		p.account.TelegramID = l.ChatID
		return p, nil
	}
	account, err := tx.AccountOfPerson(l.PersonID)
	if duban.CodeOf(err) == duban.NotFound {
		return nil, &Undeliverable{State: duban.Failed, Reason: reasonNotJoined}
	}
	if err != nil {
		return nil, err
	}
	p.account, p.lang = account, text.Lang(account.Lang)
	p.reader, err = tx.Person(l.PersonID)
	return p, err
}

// reasonNotJoined is why a letter to somebody without an account fails.
const reasonNotJoined = "not_joined"

// untrue ends a letter that says what is no longer so.
func untrue(why string) error { return &Undeliverable{State: duban.Cancelled, Reason: why} }

// letterItem reads what a letter is about.
func (p *page) letterItem(l duban.Letter) (item, error) {
	it, err := p.item(l.AssignmentID)
	if duban.CodeOf(err) == duban.NotFound {
		return it, untrue("gone")
	}
	return it, err
}

func (p *page) renderCard(l duban.Letter) (Outgoing, error) {
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
	known := err == nil && card.ChatID == p.account.TelegramID
	if !known && !p.does(it) {
		return Outgoing{}, untrue("not the owner")
	}
	if !known && it.State == duban.CalledOff {
		return Outgoing{}, untrue("cancelled")
	}
	out := p.cardOf(it)
	sees, err := p.sees(it)
	if err != nil {
		return Outgoing{}, err
	}
	if !sees {
		out.Text, out.Keyboard = p.text(p.movedOn(it), "code", it.Task.Code, "title", p.title(it), "owner", it.Owner.Name), nil
	}
	if known {
		out.Edit = card.MessageID
	}
	return out, nil
}

// push is a reminder under the card of an item: short, with the buttons for what can be done at once, replacing the one before.
func (p *page) push(l duban.Letter, key, keyForOthers string) (Outgoing, error) {
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	if !it.State.OnUnit() {
		return Outgoing{}, untrue("done meanwhile")
	}
	if !p.mine(it) {
		key = keyForOthers
	}
	out := Outgoing{
		Text:    text.Join(p.lateLabel(l), p.deputyMark(it), p.text(key, "title", p.title(it), "code", it.Task.Code, "unit", it.Unit.Name, "owner", it.Owner.Name, "due", p.due(it.Assignment), "light", p.lightWord(it.Assignment))),
		Reminds: work.CardSubject(it.ID),
	}
	card, err := p.tx.Card(work.CardSubject(it.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo, out.Delete = card.MessageID, p.replaceable(card)
	}
	out.Keyboard = p.pushButtons(it)
	return out, nil
}

// deletable is how long Telegram lets a bot delete its own messages.
const deletable = 47 * time.Hour

func (p *page) replaceable(card store.Card) int64 {
	if p.now.Sub(card.ReminderAt) > deletable {
		return 0
	}
	return card.ReminderID
}

// pushButtons are the buttons of a reminder: the owner's for the owner and who acts for him, for anybody else what his own rights give on that item.
func (p *page) pushButtons(it item) Keyboard {
	if !p.does(it) {
		return p.stewardButtons(it, false)
	}
	if it.Support {
		return p.supportButtons(it)
	}
	if it.State == duban.Issued {
		return Keyboard{{p.do("accept", it), p.do("submit", it)}, {p.do("progress", it)}}
	}
	return Keyboard{{p.do("submit", it), p.do("progress", it)}}
}

// lateAfter is how long after its moment news is labelled late.
const lateAfter = 5 * time.Minute

func (p *page) lateLabel(l duban.Letter) text.HTML {
	if l.Due.IsZero() || p.now.Sub(l.Due) <= lateAfter {
		return ""
	}
	return p.text("push.late", "at", p.moment(l.Due))
}

// renderReminder reminds the unit of a deadline, or a reviewer of a submission.
func (p *page) renderReminder(l duban.Letter) (Outgoing, error) {
	if l.SubmissionID != 0 {
		return p.remindReviewer(l)
	}
	return p.push(l, "push.reminder", "push.reminder_others")
}

func (p *page) renderUnsigned(l duban.Letter) (Outgoing, error) {
	it, err := p.letterItem(l)
	if err != nil {
		return Outgoing{}, err
	}
	if it.State != duban.Issued {
		return Outgoing{}, untrue("signed meanwhile")
	}
	return p.push(l, "push.unsigned", "push.unsigned_others")
}

func (p *page) renderDue(l duban.Letter) (Outgoing, error) {
	return p.push(l, "push.due", "push.due_others")
}

func (p *page) renderUrge(l duban.Letter) (Outgoing, error) {
	var news work.UrgedNews
	if err := json.Unmarshal([]byte(l.Data), &news); err == nil && news.By != 0 {
		return p.renderUrged(l, news)
	}
	return p.push(l, "push.urge", "push.urge_others")
}

// renderLate merges what was due while the program was down into one message, without what has been done meanwhile.
func (p *page) renderLate(l duban.Letter) (Outgoing, error) {
	var late duban.LateNews
	if err := json.Unmarshal([]byte(l.Data), &late); err != nil {
		return Outgoing{}, err
	}
	var still []duban.Assignment
	seen := map[int64]bool{}
	for _, rung := range late.Items {
		a, err := p.tx.Assignment(rung.AssignmentID)
		if err != nil {
			return Outgoing{}, err
		}
		if !seen[a.ID] && rung.Rung.Holds(a.State) {
			seen[a.ID] = true
			still = append(still, a)
		}
	}
	if len(still) == 0 {
		return Outgoing{}, untrue("done meanwhile")
	}
	list := listing{page: p}
	if err := list.add("late.heading", still); err != nil {
		return Outgoing{}, err
	}
	if list.left > 0 {
		list.lines = append(list.lines, p.text("list.more", "n", list.left))
	}
	return list.out(), nil
}

// listLimit is how many items one message lists.
const listLimit = 10

// listLine is one item in a list: number, light, title, deadline.
func (p *page) listLine(n int, it item) text.HTML {
	return p.text("list.line", "n", n, "light", p.lightWord(it.Assignment), "title", p.title(it), "due", p.due(it.Assignment), "unit", p.unitFor(it))
}

func (p *page) remindReviewer(l duban.Letter) (Outgoing, error) {
	sub, it, files, err := p.submission(l.SubmissionID)
	if err != nil {
		return Outgoing{}, err
	}
	if !toDecide(sub, it) {
		return Outgoing{}, untrue("decided meanwhile")
	}
	waits, err := p.waitsForReview(l, sub, it)
	if err != nil {
		return Outgoing{}, err
	}
	out := Outgoing{
		Text: text.Join(p.lateLabel(l), waits), Keyboard: p.reviewButtons(sub, it, files, ""), Reminds: work.ReviewSubject(sub.ID),
	}
	card, err := p.tx.Card(work.ReviewSubject(sub.ID), p.reader.ID)
	if err == nil && card.ChatID == p.account.TelegramID {
		out.ReplyTo, out.Delete = card.MessageID, p.replaceable(card)
	}
	return out, nil
}
