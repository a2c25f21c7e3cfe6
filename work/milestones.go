package work

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"duban"
	"duban/calendar"
)

var (
	betweenMilestones = regexp.MustCompile(`[;；\n]+|([%％])\s*[,，、]`)
	milestoneParts    = regexp.MustCompile(`^(.+?)\s*[:：]\s*(.+?)\s*[:：]\s*\p{Han}*(\d{1,3})\s*[%％]?$`)
)

// milestones reads the milestones of a row (节点) and lays them on the lead units, which report for all. A task that is known was typed when it was
// made, so that a list that comes again means the same days.
func (m *resolver) milestones(row TaskRow, before duban.Task, targets []target, due calendar.Due) ([]target, error) {
	typed := strings.TrimSpace(row.Milestones)
	if typed == "" {
		return targets, nil
	}
	at := m.tx.Now
	if before.ID != 0 {
		at = before.CreatedAt
	}
	var plan []duban.Milestone
	for _, part := range strings.Split(betweenMilestones.ReplaceAllString(typed, "$1\n"), "\n") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		one, reason := m.milestone(part, at)
		if reason != "" {
			m.problem(row.Line, ColumnMilestones, reason, part)
			return targets, nil
		}
		plan = append(plan, one)
	}
	if n, wrong := duban.CheckMilestones(plan, due); wrong != duban.MilestonesRight && !due.IsZero() {
		m.problem(row.Line, ColumnMilestones, milestoneReasons[wrong], plan[n].Title)
		return targets, nil
	}
	if n := firstPast(plan, m.desk.Calendar.Today(m.tx.Now)); n >= 0 && before.ID == 0 {
		m.problem(row.Line, ColumnMilestones, MilestoneWhen, plan[n].Title)
	}
	for i := range targets {
		if !targets[i].support {
			targets[i].milestones = plan
		}
	}
	return targets, nil
}

var milestoneReasons = map[duban.MilestoneProblem]ProblemReason{
	duban.MilestonePercent: MilestonePercent, duban.MilestoneAfterDue: MilestoneLate, duban.MilestoneBackwards: MilestoneOrder,
	duban.MilestoneTwice: MilestoneOrder,
}

func firstPast(plan []duban.Milestone, today calendar.Date) int {
	for i, m := range plan {
		if m.Date.Before(today) {
			return i
		}
	}
	return -1
}

// milestone reads one milestone: what is to be done, until which day, and how much of the whole that is.
func (m *resolver) milestone(typed string, at time.Time) (duban.Milestone, ProblemReason) {
	parts := milestoneParts.FindStringSubmatch(typed)
	if parts == nil {
		return duban.Milestone{}, MilestoneUnread
	}
	r := m.desk.Calendar.ParseDue(parts[2], at)
	if r.Outcome != calendar.Understood {
		return duban.Milestone{}, MilestoneWhen
	}
	percent, err := strconv.Atoi(parts[3])
	if err != nil {
		return duban.Milestone{}, MilestoneUnread
	}
	return duban.Milestone{Title: parts[1], Date: r.Due.Date, Percent: percent}, ""
}

// milestonesText writes the milestones of the lead units of a task so that they are read again as these.
func milestonesText(all []duban.Assignment) string {
	for _, a := range all {
		if len(a.Milestones) == 0 {
			continue
		}
		parts := make([]string, len(a.Milestones))
		for i, m := range a.Milestones {
			parts[i] = fmt.Sprintf("%s:%s:%d%%", m.Title, m.Date, m.Percent)
		}
		return strings.Join(parts, "；")
	}
	return ""
}
