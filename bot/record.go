package bot

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"duban"
	"duban/export"
	"duban/store"
	"duban/text"
	"duban/work"
)

// recordPage is how many entries of the record a page shows.
const recordPage = 10

// recordWidth is how many characters of the details of an entry are shown; the spreadsheet has all of them.
const recordWidth = 60

// recordKinds are the kinds of events by which the record is narrowed down, as they are offered.
var recordKinds = []struct {
	name   string
	events []duban.Event
}{
	{"work", []duban.Event{duban.EventIssued, duban.EventAccepted, duban.EventProgress, duban.EventSubmitted, duban.EventEvidence, duban.EventWithdrawn,
		duban.EventReturned, duban.EventClosed, duban.EventMilestone, duban.EventPromised}},
	{"reminders", []duban.Event{duban.EventReminded, duban.EventEscalated, duban.EventUrged, duban.EventMissed, duban.EventNoticeDrafted,
		duban.EventNoticeIssued, duban.EventNoticeDropped, duban.EventNoticeAnswered}},
	{"steering", []duban.Event{duban.EventDeadlineChanged, duban.EventReassigned, duban.EventChanged, duban.EventTransferred, duban.EventSuspended,
		duban.EventResumed, duban.EventCancelled, duban.EventReopened, duban.EventRemarked, duban.EventExtensionAsked, duban.EventExtensionGranted,
		duban.EventExtensionRefused, duban.EventDeclined, duban.EventObjected}},
	{"announcements", []duban.Event{duban.EventAnnounced, duban.EventRead, duban.EventPaused, duban.EventContinued, duban.EventStopped,
		duban.EventRetried, duban.EventCorrected, duban.EventRecalled}},
	{"people", []duban.Event{duban.EventInvited, duban.EventJoined, duban.EventDenied, duban.EventRevoked, duban.EventUnreachable,
		duban.EventReachable, duban.EventRosterChanged, duban.EventAbsent, duban.EventAbsenceEnded, duban.EventHandedOver, duban.EventErased, duban.EventEraseAsked, duban.EventEraseRefused}},
}

// recordView is what of the record somebody looks at. It travels in the buttons, so that each works however old it is.
type recordView struct {
	unit, person, task int64
	period, kind       string
	page               int
}

// arg writes all but the unit, which the button carries as its subject.
func (r recordView) arg() string {
	return strings.Join([]string{strconv.FormatInt(r.person, 36), strconv.FormatInt(r.task, 36), r.period, r.kind, itoa(r.page)}, ".")
}

func recordViewOf(c call) (recordView, bool) {
	parts := strings.Split(c.arg, ".")
	if len(parts) != 5 {
		return recordView{}, false
	}
	person, err1 := strconv.ParseInt(parts[0], 36, 64)
	task, err2 := strconv.ParseInt(parts[1], 36, 64)
	page, err3 := strconv.Atoi(parts[4])
	r := recordView{unit: c.id, person: person, task: task, period: parts[2], kind: parts[3], page: page}
	_, _, typed := typedPeriod(r.period)
	known := (r.period == "" || typed || slices.Contains(recordPeriods, r.period)) && (r.kind == "" || r.events() != nil)
	return r, err1 == nil && err2 == nil && err3 == nil && page >= 0 && known
}

func (r recordView) events() []duban.Event {
	for _, k := range recordKinds {
		if k.name == r.kind {
			return k.events
		}
	}
	return nil
}

func (r recordView) wish(p *page) work.RecordWish {
	w := work.RecordWish{Unit: r.unit, Person: r.person, Task: r.task, Events: r.events()}
	w.From, w.To = recordDays(r.period, p.Desk.Calendar.Today(p.now))
	return w
}

// showRecord is /record. What is wanted may follow it: a code, a unit, a name, a period.
func (v *visit) showRecord(rest string) error {
	return v.read(func(p *page) error {
		r, unknown, err := p.recordCalled(rest)
		if err != nil {
			return err
		}
		if unknown != "" {
			v.say("record.unknown", "word", shorten(unknown, 40))
			return nil
		}
		return v.sendRecord(p, r, 0)
	})
}

// recordCalled understands the words after /record and returns those that say nothing to it.
func (p *page) recordCalled(rest string) (r recordView, unknown string, err error) {
	var others []string
	days, words := text.Days(rest)
	if len(days) > 0 {
		var ok bool
		if r.period, ok = periodOf(days, p.Desk.Calendar.Today(p.now)); !ok {
			return r, rest, nil
		}
	}
	for _, word := range strings.Fields(words) {
		if period, ok := p.recordPeriod(word); ok {
			r.period = period
			continue
		}
		task, err := p.tx.TaskByCode(word)
		if err == nil {
			r.task = task.ID
			continue
		}
		if duban.CodeOf(err) != duban.NotFound {
			return r, "", err
		}
		others = append(others, word)
	}
	for _, word := range others {
		exact, near, err := p.unitsCalled(word, duban.ActRecord)
		if err != nil {
			return r, "", err
		}
		people, err := p.tx.AllNamed(word)
		if err != nil {
			return r, "", err
		}
		switch units := append(exact, near...); {
		case len(people) == 1:
			r.person = people[0].ID
		case len(exact) == 1, len(units) == 1:
			r.unit = units[0].ID
		default:
			return r, word, nil
		}
	}
	return r, "", nil
}

// pressRecord shows another part of the record in place of the one whose button was pressed.
func (v *visit) pressRecord(c call) error {
	r, ok := recordViewOf(c)
	if !ok {
		v.answer("press.stale")
		return nil
	}
	return v.read(func(p *page) error { return v.sendRecord(p, r, v.about.MessageID) })
}

// pressRecordFile has what is looked at sent as a spreadsheet.
func (v *visit) pressRecordFile(c call) error {
	r, ok := recordViewOf(c)
	if !ok {
		v.answer("press.stale")
		return nil
	}
	var wish work.RecordWish
	err := v.read(func(p *page) error {
		wish = r.wish(p)
		return nil
	})
	if err != nil {
		return err
	}
	if err := v.Desk.AskRecord(v.ctx, v.who, wish); err != nil {
		return err
	}
	v.say("export.coming", "table", v.word("export.record"))
	return nil
}

// pressRecordUnit chooses a unit: the visitor's own ones and those below them.
func (v *visit) pressRecordUnit(c call) error {
	return v.chooseForRecord(c, "recunit", "record.which_unit", func(p *page) ([]option, error) { return p.recordUnits() },
		func(id int64) recordView { return recordView{unit: id} })
}

// pressRecordWho chooses a person of the unit that is looked at.
func (v *visit) pressRecordWho(c call) error {
	return v.chooseForRecord(c, "recwho", "record.which_person", func(p *page) ([]option, error) {
		if ok, err := work.May(p.tx, p.actor(), duban.ActRecord, c.id); err != nil || !ok {
			return nil, err
		}
		return p.peopleOf(c.id)
	}, func(id int64) recordView { return recordView{unit: c.id, person: id} })
}

func (v *visit) chooseForRecord(c call, verb, key string, options func(*page) ([]option, error), chosen func(int64) recordView) error {
	picked, ok := pickOf(c.arg)
	if !ok {
		v.answer("press.stale")
		return nil
	}
	return v.read(func(p *page) error {
		if !picked.Turns {
			return v.sendRecord(p, chosen(picked.ID), v.about.MessageID)
		}
		all, err := options(p)
		if err != nil {
			return err
		}
		if len(all) == 0 {
			v.answer("record.none_to_choose")
			return nil
		}
		v.send(Outgoing{Text: p.text(key), Keyboard: p.choices(verb, c.id, all, picked.Page), Edit: v.about.MessageID})
		return nil
	})
}

// recordUnits returns the units whose record the reader may see.
func (p *page) recordUnits() ([]option, error) {
	all, err := p.tx.Units()
	if err != nil {
		return nil, err
	}
	var units []duban.Unit
	for _, u := range all {
		ok, err := work.May(p.tx, p.actor(), duban.ActRecord, u.ID)
		if err != nil {
			return nil, err
		}
		if ok {
			units = append(units, u)
		}
	}
	return unitsOf(units), nil
}

func (v *visit) sendRecord(p *page, r recordView, edit int64) error {
	filter, err := p.Desk.RecordFilter(p.tx, p.actor(), r.wish(p))
	if err != nil {
		return err
	}
	all, err := p.tx.RecordCount(filter)
	if err != nil {
		return err
	}
	last := max(all-1, 0) / recordPage
	r.page = min(r.page, last)
	entries, err := p.tx.RecordPage(filter, recordPage, r.page*recordPage)
	if err != nil {
		return err
	}
	heading, err := p.recordHeading(r, all)
	if err != nil {
		return err
	}
	lines := []text.HTML{heading}
	e := export.Export{Tx: p.tx, Calendar: p.Desk.Calendar, Lights: p.Desk.Policy.Lights, Lang: p.lang, Discreet: true}
	for _, l := range e.Lines(entries) {
		lines = append(lines, p.recordLine(l))
	}
	if all == 0 {
		lines = append(lines, p.text("record.empty"))
	}
	v.send(Outgoing{Text: text.Join(lines...), Keyboard: p.recordKeyboard(r, last), Edit: edit})
	return nil
}

// recordHeading says what of the record is shown.
func (p *page) recordHeading(r recordView, all int) (text.HTML, error) {
	var chosen []string
	if r.unit != 0 {
		unit, err := p.tx.Unit(r.unit)
		if err != nil {
			return "", err
		}
		chosen = append(chosen, unit.Name)
	}
	if r.person != 0 {
		person, err := p.tx.Person(r.person)
		if err != nil {
			return "", err
		}
		chosen = append(chosen, person.Name)
	}
	if r.task != 0 {
		task, err := p.tx.Task(r.task)
		if err != nil {
			return "", err
		}
		chosen = append(chosen, task.Code)
	}
	if r.period != "" {
		chosen = append(chosen, p.periodWord(r.period))
	}
	if r.kind != "" {
		chosen = append(chosen, p.word("record.kind."+r.kind))
	}
	if len(chosen) == 0 {
		chosen = append(chosen, p.word("record.everything"))
	}
	return p.text("record.heading", "what", strings.Join(chosen, " · "), "n", all), nil
}

// recordLine is one entry: when, what, which item, whose, by whom, and the rest as far as a line of a telephone goes.
func (p *page) recordLine(l export.Line) text.HTML {
	about := []string{}
	for _, part := range []string{l.Task, l.Unit, l.Person} {
		if part != "" {
			about = append(about, part)
		}
	}
	line := p.text("record.line", "at", p.moment(l.At), "event", l.What, "about", strings.Join(about, " · "))
	if l.Actor != "" && l.Actor != l.Person {
		line += p.text("record.by", "actor", l.Actor)
	}
	if l.Details != "" {
		line += p.text("record.details", "details", shorten(l.Details, recordWidth))
	}
	return line
}

func (p *page) recordKeyboard(r recordView, last int) Keyboard {
	with := func(label string, change func(*recordView)) Button {
		to := r
		to.page = 0
		change(&to)
		return button(label, "record", to.unit, to.arg())
	}
	chip := func(key, value, now string, set func(*recordView, string)) Button {
		if value == now {
			return with(p.word("record.chosen", "what", p.word(key)), func(to *recordView) { set(to, "") })
		}
		return with(p.word(key), func(to *recordView) { set(to, value) })
	}
	var kinds, times []Button
	for _, k := range recordKinds {
		kinds = append(kinds, chip("record.kind."+k.name, k.name, r.kind, func(to *recordView, s string) { to.kind = s }))
	}
	for _, period := range recordPeriods {
		times = append(times, chip("export.period."+period, period, r.period, func(to *recordView, s string) { to.period = s }))
	}
	if _, _, typed := typedPeriod(r.period); typed {
		times = append(times, with(p.word("record.chosen", "what", p.periodWord(r.period)), func(to *recordView) { to.period = "" }))
	} else {
		times = append(times, button(p.word("record.button_days"), "recdays", r.unit))
	}
	k := append(rows(3, kinds...), rows(4, times...)...)
	who := []Button{button(p.word("record.button_unit"), "recunit", 0, turnSign+"0")}
	if r.unit != 0 {
		who = append(who, button(p.word("record.button_person"), "recwho", r.unit, turnSign+"0"))
	}
	if r != (recordView{page: r.page}) {
		who = append(who, with(p.word("record.button_all"), func(to *recordView) { *to = recordView{} }))
	}
	k = append(k, who)
	if last > 0 {
		turn := func(label string, page int) Button {
			return with(label, func(to *recordView) { to.page = (page + last + 1) % (last + 1) })
		}
		k = append(k, []Button{
			turn(p.word("button.page_before"), r.page-1), turn(p.word("button.page", "at", r.page+1, "of", last+1), r.page), turn(p.word("button.page_after"), r.page+1),
		})
	}
	return append(k, []Button{button(p.word("record.button_file"), "recfile", r.unit, r.arg())})
}

// recordFilter is the part of the record that a letter brings as a spreadsheet, as far as the reader may see it now.
func (p *page) recordFilter(wish *work.RecordWish) (*store.RecordFilter, error) {
	filter, err := p.Desk.RecordFilter(p.tx, p.actor(), *wish)
	return &filter, err
}

// renderRecord makes the spreadsheet of a part of the record.
func (p *page) renderRecord(wanted work.ExportNews) (Outgoing, error) {
	data, err := p.table(wanted)
	switch {
	case duban.CodeOf(err) == duban.NotAllowed:
		return Outgoing{}, untrue("no longer allowed")
	case errors.Is(err, errTooLarge):
		return Outgoing{Text: p.text("export.too_large", "table", p.tableWord(wanted))}, nil
	case err != nil:
		return Outgoing{}, err
	}
	name := p.tableWord(wanted) + "_" + p.Desk.Calendar.Today(p.now).String() + ".xlsx"
	return Outgoing{Text: p.text("record.caption"), Document: &Document{Name: name, Data: data}}, nil
}
