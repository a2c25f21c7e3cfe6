package bot

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"duban"
	"duban/calendar"
	"duban/text"
	"duban/work"
)

// yearsOffered is how many years can be chosen: the present one and those before.
const yearsOffered = 2

// offerYears offers the years that can be assessed and are not.
func (v *visit) offerYears(p *page) error {
	if !v.has(duban.ActPropose) {
		v.say("assess.none")
		return nil
	}
	var years []Button
	for year := p.Desk.Calendar.Today(p.now).Year; len(years) < yearsOffered; year-- {
		years = append(years, button(strconv.Itoa(year), "assess", int64(year), "year"))
	}
	v.replace(Outgoing{Text: p.text("assess.choose_year"), Keyboard: rows(yearsOffered, years...)})
	return nil
}

// offerRound shows what opening the round of a year means, with a self-check of so many working days, before it is opened.
func (v *visit) offerRound(year int64, days int) error {
	return v.read(func(p *page) error {
		round, err := p.tx.RoundOf(int(year))
		if err == nil {
			out, err := p.roundBoard(round)
			v.replace(out)
			return err
		}
		if duban.CodeOf(err) != duban.NotFound {
			return err
		}
		units, err := work.AssessedUnits(p.tx)
		if err != nil {
			return err
		}
		rules := p.Desk.AssessRules()
		v.replace(Outgoing{
			Text: text.Join(
				p.text("assess.offer", "year", int(year), "n", len(units), "rules", rules.Version), p.windowLine(days),
				p.text("assess.offer_rules", "source", rules.Source),
			),
			Keyboard: append(p.windows(year, days), []Button{button(p.word("button.assess.years"), "assess", 0, "years")}),
		})
		return nil
	})
}

func (p *page) dateWord(d calendar.Date) string { return text.Day(p.lang, d.Year, d.Month, d.Day) }

// windowLine names how long the self-check is to take, and whether that is what the organisation usually gives.
func (p *page) windowLine(days int) text.HTML {
	key := "assess.window"
	if days == p.Desk.SelfCheck() {
		key = "assess.window_usual"
	}
	return p.text(key, "n", days, "until", p.dateWord(p.Desk.WindowEnd(p.now, days)))
}

// windows offers to open the round, and below it how long the self-check may take, what is chosen with a mark.
func (p *page) windows(year int64, chosen int) Keyboard {
	offered := []int{duban.ObjectWithin, 2 * duban.ObjectWithin, 3 * duban.ObjectWithin, p.Desk.SelfCheck()}
	slices.Sort(offered)
	var lengths []Button
	for _, days := range slices.Compact(offered) {
		key := "button.assess.window"
		if days == chosen {
			key = "button.assess.window_chosen"
		}
		lengths = append(lengths, button(p.word(key, "n", days), "assess", year, fmt.Sprintf("window-%d", days)))
	}
	open := button(p.word("button.assess.open", "until", shortDay(p.lang, p.Desk.WindowEnd(p.now, chosen))), "assess", year, fmt.Sprintf("start-%d", chosen))
	return append(Keyboard{{open}}, lengths)
}

// openRound opens the round of a year, with a window of so many working days.
func (v *visit) openRound(year int64, days int) error {
	round, err := v.Desk.OpenAssessment(v.ctx, v.who, work.Opening{Year: int(year), Until: v.Desk.WindowEnd(v.now, days), Tell: v.tellComputed()})
	if err != nil {
		return err
	}
	return v.showBoard(round.ID)
}

// tellComputed says now and then in the message with the button how many units are computed.
func (v *visit) tellComputed() work.Computed {
	told, last := v.tellImport(sentSheet{}, v.about.MessageID), v.now
	return func(done, of int) {
		if now := time.Now(); now.Sub(last) >= toldEach {
			told.say("assess.computing", "done", done, "of", of)
			last = now
		}
	}
}
