package work

import (
	"context"
	"fmt"
	"strings"

	"duban"
	"duban/store"
)

// GroupDays lets each work group that wants one have its line of the day, and lets the line show what has changed since. One to which nothing could
// be posted is tried once a day, where nobody would tell the bot that it may post again. The line of a day before stays as it was. It returns how many lines
// are sent or edited.
func (d *Desk) GroupDays(ctx context.Context, day string) (int, error) {
	var posted int
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		posted = 0
		groups, err := tx.BoundGroups()
		if err != nil {
			return err
		}
		for _, g := range groups {
			told, err := d.groupDay(tx, g, day)
			if err != nil {
				return fmt.Errorf("line of the day of group %d: %w", g.ID, err)
			}
			if told {
				posted++
			}
		}
		return nil
	})
	return posted, err
}

func (d *Desk) groupDay(tx *store.Tx, g duban.Group, day string) (told bool, err error) {
	begun := strings.HasPrefix(g.Shown, day+" ")
	if !g.Daily || g.State == duban.GroupLost && (begun || !g.Reason.MayPass()) {
		return false, nil
	}
	counts, err := d.groupCounts(tx, g.UnitID)
	if err != nil {
		return false, err
	}
	shown := day + " " + counts
	if g.Shown == shown {
		return false, nil
	}
	g.Shown = shown
	if err := tx.SaveGroup(g); err != nil {
		return false, err
	}
	return true, tx.Post(duban.Notice{
		Key: fmt.Sprintf("group_day:%d:%s", g.ID, day), Kind: duban.NewsGroupDay, Lane: duban.LaneReminder, ChatID: g.ChatID,
		Data: toJSON(GroupNews{Group: g.ID, Day: day}),
	})
}

// groupCounts writes how many open items of a unit and those below it have which light, to see whether that has changed.
func (d *Desk) groupCounts(tx *store.Tx, unit int64) (string, error) {
	open, err := tx.OpenIn(unit)
	if err != nil {
		return "", err
	}
	counts := map[duban.Light]int{}
	unsigned := 0
	for _, a := range open {
		counts[duban.LightOf(a, d.Policy.Lights, d.Calendar, tx.Now)]++
		if a.State == duban.Issued {
			unsigned++
		}
	}
	return fmt.Sprint(unsigned, counts), nil
}
