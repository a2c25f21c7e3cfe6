package bot

import (
	"slices"
	"strings"

	"duban"
)

// chipsOfAudiences is how many audiences of before are offered.
const chipsOfAudiences = 6

// askAudience asks who gets the announcement: audiences of before first, then by what people can be chosen.
func (v *visit) askAudience(d announceDraft) error {
	return v.read(func(p *page) error {
		chips, saved, err := p.audienceChips()
		if err != nil {
			return err
		}
		key, audience := "announce.audience", ""
		if d.Narrows {
			key, chips = "announce.audience_narrow", nil
			if audience, err = p.audienceWord(d.Audience); err != nil {
				return err
			}
		}
		v.replace(Outgoing{Text: v.text(key, "audience", audience), Keyboard: append(rows(2, chips...), v.audienceButtons(d, saved > 0)...)})
		return nil
	})
}

// audienceChips are the audiences under a name, the last used first, of which it returns how many there are, and those of the reader's last
// announcements.
func (p *page) audienceChips() (chips []Button, saved int, err error) {
	named, err := p.tx.SavedAudiences(p.reader.ID, chipsOfAudiences-2)
	if err != nil {
		return nil, 0, err
	}
	var known []duban.Audience
	for _, a := range named {
		known = append(known, a.Audience)
		chips = append(chips, button(p.word("announce.chip_saved", "name", a.Name), "audience", a.ID, "saved"))
	}
	lately, err := p.tx.AnnouncementsBy(p.reader.ID, chipsOfAudiences)
	if err != nil {
		return nil, 0, err
	}
	for _, n := range lately {
		if len(chips) == chipsOfAudiences || slices.ContainsFunc(known, n.Audience.Equal) || n.Audience.Equal(duban.Audience{All: true}) {
			continue
		}
		known = append(known, n.Audience)
		word, err := p.audienceWord(n.Audience)
		if err != nil {
			return nil, 0, err
		}
		chips = append(chips, button(shorten(p.word("announce.chip_again", "audience", word), 30), "audience", n.ID, "again"))
	}
	return chips, len(named), nil
}

func (v *visit) audienceButtons(d announceDraft, saved bool) Keyboard {
	choose := func(key, arg string) Button { return button(v.word(key), "audience", 0, arg) }
	k := Keyboard{
		{choose("announce.audience_all", "all"), choose("announce.audience_unit", "units")},
		{choose("announce.audience_kind", "kinds"), choose("announce.audience_role", "roles")},
		{choose("announce.audience_region", "regions"), choose("announce.audience_people", "names")},
		{choose("announce.audience_task", "tasks")},
	}
	switch {
	case d.Narrows:
		k[0] = k[0][1:]
		return append(k, v.backAndCancel("receipt", "menu"))
	case saved:
		k[3] = append(k[3], choose("announce.button_manage", "manage"))
	}
	return append(k, []Button{v.announceCancel()})
}

// pressAudience chooses who gets the announcement, or opens the list to choose from.
func (v *visit) pressAudience(c call) error {
	d, ok, err := v.draft()
	if err != nil || !ok {
		return err
	}
	switch c.arg {
	case "begin", "back":
		return v.announceAt(stepAudience, d)
	case "narrow":
		d.Narrows = true
		return v.announceAt(stepAudience, d)
	case "material":
		return v.forwardedMaterial(d)
	case "all":
		return v.announceFor(d, duban.Audience{All: true})
	case "units":
		return v.read(func(p *page) error { return v.offerUnits(p, int(c.id)) })
	case "kinds":
		v.offerKinds()
		return nil
	case "roles":
		v.offerRoles()
		return nil
	case "regions":
		return v.chooseRegion()
	case "names":
		return v.announceAt(stepNames, d)
	case "tasks":
		return v.offerTasks("audience", "task")
	case "who", "whoat":
		return v.showReach(d, c)
	}
	return v.audienceChosen(d, c)
}

// audienceChosen takes a choice out of one of the lists.
func (v *visit) audienceChosen(d announceDraft, c call) error {
	switch {
	case c.arg == "unit":
		return v.announceToUnit(d, c.id)
	case c.arg == "kind" && c.id >= 0 && int(c.id) < len(duban.UnitKinds):
		return v.announceFor(d, duban.Audience{Kind: duban.UnitKinds[c.id]})
	case c.arg == "role" && c.id >= 0 && int(c.id) < len(duban.Roles):
		return v.announceFor(d, duban.Audience{Role: duban.Roles[c.id]})
	case c.arg == "region":
		return v.regionChosen(d, int(c.id))
	case c.arg == "found" && len(d.People) > 0:
		return v.announceFor(d, duban.Audience{People: d.People})
	case c.arg == "task":
		return v.offerParts(c.id)
	case strings.HasPrefix(c.arg, partArg):
		return v.partChosen(d, c.id, duban.Part(strings.TrimPrefix(c.arg, partArg)))
	}
	return v.savedChosen(d, c)
}

// forwardedMaterial takes a forwarded message as what it would be without the right to announce.
func (v *visit) forwardedMaterial(d announceDraft) error {
	if d.Held == nil {
		v.answer("press.stale")
		return nil
	}
	if err := v.end(); err != nil {
		return err
	}
	v.dialog.Name = ""
	return v.saidFreely(d.Held.Text, d.Held.Files)
}

// announceFor takes an audience, or adds it to the one there is where that is to be narrowed.
func (v *visit) announceFor(d announceDraft, audience duban.Audience) error {
	if d.Narrows {
		audience = d.Audience.And(audience)
	}
	if audience.TaskID != 0 && d.Task == 0 {
		d.Task = audience.TaskID
	}
	d.Audience, d.Narrows, d.People = audience, false, nil
	return v.announceAt(stepReceipt, d)
}

func (v *visit) offerKinds() {
	var kinds []Button
	for i, kind := range duban.UnitKinds {
		kinds = append(kinds, button(v.word("kind."+string(kind)), "audience", int64(i), "kind"))
	}
	v.replace(Outgoing{Text: v.text("announce.audience_kinds"), Keyboard: append(rows(2, kinds...), v.backAndCancel("audience", "back"))})
}

func (v *visit) offerRoles() {
	var roles []Button
	for i, role := range duban.Roles {
		roles = append(roles, button(v.word("role."+string(role)), "audience", int64(i), "role"))
	}
	v.replace(Outgoing{Text: v.text("announce.audience_roles"), Keyboard: append(rows(2, roles...), v.backAndCancel("audience", "back"))})
}

// regions returns the regions of all units, in order.
func (p *page) regions() ([]string, error) {
	units, err := p.tx.Units()
	var all []string
	for _, u := range units {
		if u.Region != "" {
			all = append(all, u.Region)
		}
	}
	slices.Sort(all)
	return slices.Compact(all), err
}

func (v *visit) chooseRegion() error {
	return v.read(func(p *page) error {
		all, err := p.regions()
		if err != nil {
			return err
		}
		var regions []Button
		for i, region := range all {
			regions = append(regions, button(shorten(region, 20), "audience", int64(i), "region"))
		}
		key := "announce.audience_regions"
		if len(regions) == 0 {
			key = "announce.no_regions"
		}
		v.replace(Outgoing{Text: v.text(key), Keyboard: append(rows(2, regions...), v.backAndCancel("audience", "back"))})
		return nil
	})
}

func (v *visit) regionChosen(d announceDraft, at int) error {
	var all []string
	err := v.read(func(p *page) (err error) {
		all, err = p.regions()
		return err
	})
	switch {
	case err != nil:
		return err
	case at < 0 || at >= len(all):
		v.answer("press.stale")
		return nil
	}
	return v.announceFor(d, duban.Audience{Region: all[at]})
}

func (v *visit) audienceTyped(d announceDraft, typed string) error {
	switch {
	case typed == "":
		return v.announceAt(stepAudience, d)
	case typedIs(typed, "announce.audience_all"):
		return v.announceFor(d, duban.Audience{All: true})
	case typedIs(typed, "announce.audience_unit"):
		return v.read(func(p *page) error { return v.offerUnits(p, 0) })
	}
	for key, arg := range map[string]string{
		"announce.audience_kind": "kinds", "announce.audience_role": "roles", "announce.audience_region": "regions",
		"announce.audience_people": "names", "announce.audience_task": "tasks",
	} {
		if typedIs(typed, key) {
			return v.pressAudience(call{arg: arg})
		}
	}
	for _, kind := range duban.UnitKinds {
		if typedIs(typed, "kind."+string(kind)) {
			return v.announceFor(d, duban.Audience{Kind: kind})
		}
	}
	for _, role := range duban.Roles {
		if typedIs(typed, "role."+string(role)) {
			return v.announceFor(d, duban.Audience{Role: role})
		}
	}
	return v.placeTyped(d, typed)
}

// placeTyped takes a region, a unit, a saved audience or people that were named.
func (v *visit) placeTyped(d announceDraft, typed string) error {
	var regions []string
	var saved []duban.SavedAudience
	err := v.read(func(p *page) (err error) {
		if regions, err = p.regions(); err == nil {
			saved, err = p.tx.SavedAudiences(v.person.ID, 100)
		}
		return err
	})
	if err != nil {
		return err
	}
	if slices.Contains(regions, typed) {
		return v.announceFor(d, duban.Audience{Region: typed})
	}
	for _, a := range saved {
		if a.Name == typed {
			return v.savedChosen(d, call{id: a.ID, arg: "saved"})
		}
	}
	return v.unitTyped(d, typed)
}

// audienceWord names an audience by all that is set of it.
func (p *page) audienceWord(a duban.Audience) (string, error) {
	var words []string
	if a.All {
		words = append(words, p.word("announce.audience_all"))
	}
	if a.UnitID != 0 {
		unit, err := p.tx.Unit(a.UnitID)
		if err != nil {
			return "", err
		}
		words = append(words, p.word("announce.audience_subtree", "unit", unit.Name))
	}
	if a.Region != "" {
		words = append(words, a.Region)
	}
	if a.Kind != "" {
		words = append(words, p.word("kind."+string(a.Kind)))
	}
	if a.Role != "" {
		words = append(words, p.word("role."+string(a.Role)))
	}
	if len(a.People) > 0 {
		words = append(words, p.word("announce.audience_named", "n", len(a.People)))
	}
	if a.TaskID != 0 {
		t, err := p.tx.Task(a.TaskID)
		if err != nil {
			return "", err
		}
		words = append(words, p.word("announce.part."+string(a.Part), "title", p.taskTitle(t)))
	}
	return strings.Join(words, p.word("announce.audience_and")), nil
}
