package app

import (
	"fmt"
	"time"

	"duban"
	"duban/calendar"
	"duban/config"
)

// reviewWithin is how many working days a reviewer has before being reminded.
const reviewWithin = 3

// Policy gives the options their meaning: how the organisation is reminded. The configuration has been checked when it was loaded, so an
// error is a value that slipped through.
func Policy(c *config.Config) (duban.Policy, error) {
	digest, err := optionalClock("digest", c.Digest)
	if err != nil {
		return duban.Policy{}, err
	}
	quiet, err := quietOf(c.Quiet, digest)
	if err != nil {
		return duban.Policy{}, err
	}
	ladder, err := ladderOf(c.Reminders)
	if err != nil {
		return duban.Policy{}, err
	}
	window, err := calendar.ParseStep(c.Assessment.Window)
	if err != nil {
		return duban.Policy{}, fmt.Errorf("assessment.window: %w", err)
	}
	return duban.Policy{
		Organisation: c.Organisation.Name,
		Lang:         c.Organisation.Language,
		Ladder:       ladder,
		Lights:       duban.DefaultLights,
		Quiet:        quiet,
		Digest:       digest,
		DailyCap:     c.Reminders.DailyCap,
		ReviewWithin: reviewWithin,
		LinkValid:    c.Joining.LinkValid,
		SecondFactor: duban.SecondFactor(c.Joining.SecondFactor),

		ApproveIssue:     c.Approval.Issue,
		SecondAdminAbove: c.Approval.SecondAdminAbove,

		Reports: duban.Reports{Weekly: c.Reports.Weekly, Monthly: c.Reports.Monthly, Quarterly: c.Reports.Quarterly, HalfYearly: c.Reports.HalfYearly, PerTask: c.Reports.PerTask},

		SelfCheck: window.N,
	}, nil
}

// quietOf holds back until the digest, or without one until the quiet time ends.
func quietOf(q config.Quiet, digest *calendar.Clock) (calendar.Quiet, error) {
	if q.Off {
		return calendar.Quiet{Off: true}, nil
	}
	from, err := clock("quiet.from", q.From)
	if err != nil {
		return calendar.Quiet{}, err
	}
	to, err := clock("quiet.to", q.To)
	return calendar.Quiet{From: from, To: to, WorkingDaysOnly: q.WorkingDaysOnly, Resume: digest}, err
}

func ladderOf(r config.Reminders) (duban.Ladder, error) {
	var l duban.Ladder
	var err error
	if l.Unsigned, err = steps("reminders.unsigned", r.Unsigned); err != nil {
		return l, err
	}
	if l.BeforeDue, err = steps("reminders.before_due", r.BeforeDue); err != nil {
		return l, err
	}
	for _, s := range []struct {
		option, text string
		step         *calendar.Step
	}{
		{"reminders.overdue.notice", r.Overdue.Notice, &l.Notice},
		{"reminders.overdue.repeat", r.Overdue.Repeat, &l.Repeat},
		{"reminders.overdue.draft_notice", r.Overdue.DraftNotice, &l.Draft},
	} {
		if *s.step, err = optionalStep(s.option, s.text); err != nil {
			return l, err
		}
	}
	l.At, err = clock("reminders.at", r.At)
	return l, err
}

func steps(option string, texts []string) ([]calendar.Step, error) {
	var all []calendar.Step
	for _, text := range texts {
		step, err := calendar.ParseStep(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", option, err)
		}
		all = append(all, step)
	}
	return all, nil
}

func optionalStep(option, text string) (calendar.Step, error) {
	if text == "" {
		return calendar.Step{}, nil
	}
	step, err := calendar.ParseStep(text)
	if err != nil {
		return step, fmt.Errorf("%s: %w", option, err)
	}
	return step, nil
}

func clock(option, text string) (calendar.Clock, error) {
	c, err := calendar.ParseClock(text)
	if err != nil {
		return c, fmt.Errorf("%s: %w", option, err)
	}
	return c, nil
}

func optionalClock(option, text string) (*calendar.Clock, error) {
	if text == "" {
		return nil, nil
	}
	c, err := clock(option, text)
	return &c, err
}

// Calendar returns the days and hours of the organisation by the shipped notices. What administrators have added, it learns from the database.
func Calendar(c *config.Config) (*calendar.Calendar, error) {
	zone, err := zoneOf(c)
	if err != nil {
		return nil, err
	}
	officeEnd, err := clock("organisation.office_end", c.Organisation.OfficeEnd)
	if err != nil {
		return nil, err
	}
	return calendar.New(zone, officeEnd), nil
}

func zoneOf(c *config.Config) (*time.Location, error) {
	zone, err := time.LoadLocation(c.Organisation.Timezone)
	if err != nil {
		return nil, fmt.Errorf("organisation.timezone: %w", err)
	}
	return zone, nil
}
