package work

import (
	"context"
	"fmt"
	"slices"

	"duban"
	"duban/store"
)

// AnnounceAskSubject names the live card of a request to announce before those who may agree to it.
func AnnounceAskSubject(request int64) string { return fmt.Sprintf("announce_ask:%d", request) }

// AnnounceAskNews is the data of NewsAnnounceAsk.
type AnnounceAskNews struct {
	Request int64 `json:"request"`
}

// askToAnnounce lays an announcement before the administrators other than its sender.
func (d *Desk) askToAnnounce(tx *store.Tx, who duban.Actor, n duban.Announcement, people int) error {
	deciders, err := AnnounceDeciders(tx, who.PersonID)
	if err != nil {
		return err
	}
	if len(deciders) == 0 {
		return duban.Refuse(duban.NoApprover)
	}
	r := duban.Request{Kind: duban.AskAnnounce, AnnouncementID: n.ID, AskerID: who.PersonID, AskedAt: tx.Now, State: duban.Agreed, Needs: duban.SeatSecondAdmin}
	if r.ID, err = tx.AddRequest(r); err != nil {
		return err
	}
	facts := duban.Facts{"request": r.ID, "seat": string(r.Needs), "people": people}
	entry := duban.Entry{Event: duban.EventApprovalAsked, AnnouncementID: n.ID, PersonID: who.PersonID, Facts: facts, Note: n.Summary}
	if err := tx.Record(who, entry); err != nil {
		return err
	}
	for _, p := range deciders {
		if err := tx.Post(announceAsk(r, p.ID)); err != nil {
			return err
		}
	}
	return showProgress(tx, n, tx.Now)
}

// AnnounceDeciders returns who may agree to what somebody announces.
func AnnounceDeciders(tx *store.Tx, asker int64) ([]duban.Person, error) {
	unit, err := unitInCharge(tx, asker)
	if err != nil {
		return nil, err
	}
	return without(asker)(Administrators(tx, unit))
}

// unitInCharge is the unit whose administrators decide on what somebody announces: that of the first post, of somebody who has left every post the root.
func unitInCharge(tx *store.Tx, asker int64) (int64, error) {
	unit, err := FirstUnit(tx, asker)
	if err != nil || unit.ID != 0 {
		return unit.ID, err
	}
	all, err := tx.Units()
	for _, u := range all {
		if u.ParentID == 0 {
			return u.ID, err
		}
	}
	return 0, err
}

// asksMinded is how many requests that wait are looked through at once.
const asksMinded = 500

// AnnounceAsks returns the requests to announce that wait for a second administrator, longest waiting first.
func AnnounceAsks(tx *store.Tx) ([]duban.Request, error) {
	waiting, err := tx.WaitingRequests(asksMinded)
	return slices.DeleteFunc(waiting, func(r duban.Request) bool { return r.Kind != duban.AskAnnounce }), err
}

// MindAnnounceAsks shows anew the announcements that have waited for a second administrator for a working day or longer, and returns how many they
// are. On days off it shows nothing.
func (d *Desk) MindAnnounceAsks(ctx context.Context) (int, error) {
	shown := 0
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		shown = 0
		today := d.Calendar.Today(tx.Now)
		waiting, err := AnnounceAsks(tx)
		if err != nil || !d.Calendar.IsWorkingDay(today) {
			return err
		}
		for _, r := range waiting {
			if d.Calendar.WorkingDaysBetween(d.Calendar.Today(r.AskedAt), today) < 1 {
				continue
			}
			if err := showAnnounceAsk(tx, r); err != nil {
				return err
			}
			if err := recordReminded(tx, duban.NewsAnnounceAsk, duban.Entry{AnnouncementID: r.AnnouncementID}); err != nil {
				return err
			}
			shown++
		}
		return nil
	})
	return shown, err
}

// showAnnounceAsk sends the card of a request to announce anew, also to whoever has become an administrator meanwhile.
func showAnnounceAsk(tx *store.Tx, r duban.Request) error {
	deciders, err := AnnounceDeciders(tx, r.AskerID)
	if err != nil {
		return err
	}
	for _, p := range deciders {
		if err := errorsOf(tx.DropCard(AnnounceAskSubject(r.ID), p.ID), tx.Post(announceAsk(r, p.ID))); err != nil {
			return err
		}
	}
	return nil
}

func announceAsk(r duban.Request, reader int64) duban.Notice {
	return duban.Notice{
		Key: fmt.Sprintf("announce_ask:%d:%d", r.ID, reader), Kind: duban.NewsAnnounceAsk, Lane: duban.LaneAnswer, PersonID: reader,
		AnnouncementID: r.AnnouncementID, Data: toJSON(AnnounceAskNews{r.ID}),
	}
}

// MayAgreeToAnnounce says whether an actor may decide on a request to announce: an administrator in charge of the sender's unit other than the sender.
func MayAgreeToAnnounce(tx *store.Tx, who duban.Actor, r duban.Request) error {
	if r.Kind != duban.AskAnnounce {
		return duban.Refuse(duban.NotFound)
	}
	if who.PersonID == r.AskerID {
		return duban.Refuse(duban.OwnRequest)
	}
	unit, err := unitInCharge(tx, r.AskerID)
	if err != nil {
		return err
	}
	return mustMay(tx, who, duban.ActSecondPerson, unit)
}

// AgreeToAnnounce lets an announcement go out that waits for a second administrator (同意发送), at its moment or now, to whoever is in its audience now.
func (d *Desk) AgreeToAnnounce(ctx context.Context, who duban.Actor, request int64) (duban.Request, error) {
	return d.decideAnnounce(ctx, who, request, duban.StepGrant, "")
}

// RefuseToAnnounce does not let an announcement go out (不同意发送), with the reason.
func (d *Desk) RefuseToAnnounce(ctx context.Context, who duban.Actor, request int64, reason string) (duban.Request, error) {
	reason, err := given(reason)
	if err != nil {
		return duban.Request{}, err
	}
	return d.decideAnnounce(ctx, who, request, duban.StepRefuse, reason)
}

func (d *Desk) decideAnnounce(ctx context.Context, who duban.Actor, request int64, step duban.AnnouncementStep, reason string) (duban.Request, error) {
	var after duban.Request
	err := d.write(ctx, who, func(tx *store.Tx) error {
		r, err := tx.Request(request)
		if err != nil {
			return err
		}
		after = r
		if err := MayAgreeToAnnounce(tx, who, r); err != nil {
			return err
		}
		if !r.State.Waits() {
			return duban.Refuse(duban.AlreadyDone, "at", r.DecidedAt)
		}
		n, err := tx.Announcement(r.AnnouncementID)
		if err != nil {
			return err
		}
		if n.State, err = n.State.After(step); err != nil {
			return err
		}
		r.DecidedBy, r.DecidedAt, r.Answer = who.PersonID, tx.Now, reason
		if step == duban.StepGrant {
			r.State, err = duban.Granted, d.grantAnnounce(tx, who, r, n)
		} else {
			r.State, err = duban.Refused, d.refuseAnnounce(tx, who, r, n)
		}
		after = r
		return errorsOf(err, tx.SaveRequest(r), refreshAnnounceAsk(tx, r))
	})
	return after, err
}

// mayReachMore says whether an announcement may go to more people than it has reached. So many that a second administrator has to agree it reaches only
// when one has.
func (d *Desk) mayReachMore(tx *store.Tx, who duban.Actor, n duban.Announcement, people int) error {
	t, err := tx.Tally(n.ID)
	if err != nil || people == 0 || who.Trusted() || !d.Policy.AnnounceNeedsSecond(t.Delivered+people) {
		return err
	}
	asked, err := tx.RequestsOfAnnouncement(n.ID)
	if err != nil || slices.ContainsFunc(asked, func(r duban.Request) bool { return r.State == duban.Granted }) {
		return err
	}
	return duban.Refuse(duban.NeedsSecond)
}

func (d *Desk) grantAnnounce(tx *store.Tx, who duban.Actor, r duban.Request, n duban.Announcement) error {
	sender := duban.Actor{PersonID: n.SenderID, Via: duban.ViaChat}
	reach, err := ReachOf(tx, sender, n.Audience)
	if err != nil {
		return err
	}
	if len(reach.People) == 0 {
		return duban.Refuse(duban.NothingToDo)
	}
	if err := d.schedule(tx, &n); err != nil {
		return err
	}
	facts := duban.Facts{"request": r.ID, "seat": string(r.Needs)}
	return errorsOf(tx.SaveAnnouncement(n),
		tx.Record(who, duban.Entry{Event: duban.EventApproved, AnnouncementID: n.ID, PersonID: r.AskerID, Facts: facts}),
		announceTo(tx, sender, n, reach),
		tellSender(tx, n, AnnounceNote{What: NoteGranted, Person: who.PersonID}, 0, tx.Now))
}

func (d *Desk) refuseAnnounce(tx *store.Tx, who duban.Actor, r duban.Request, n duban.Announcement) error {
	facts := duban.Facts{"request": r.ID, "seat": string(r.Needs)}
	return errorsOf(tx.SaveAnnouncement(n),
		tx.Record(who, duban.Entry{Event: duban.EventApprovalRefused, AnnouncementID: n.ID, PersonID: r.AskerID, Facts: facts, Note: r.Answer}),
		showProgress(tx, n, tx.Now),
		tellSender(tx, n, AnnounceNote{What: NoteRefused, Person: who.PersonID, Reason: r.Answer}, 0, tx.Now))
}

// retractAnnouncement takes back an announcement that waits for a second administrator.
func (d *Desk) retractAnnouncement(tx *store.Tx, who duban.Actor, n duban.Announcement) error {
	n.State = duban.AnnouncementStopped
	all, err := tx.RequestsOfAnnouncement(n.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if !r.State.Waits() {
			continue
		}
		r.State, r.DecidedBy, r.DecidedAt = duban.Retracted, who.PersonID, tx.Now
		if err := errorsOf(tx.SaveRequest(r), refreshAnnounceAsk(tx, r)); err != nil {
			return err
		}
	}
	return errorsOf(tx.SaveAnnouncement(n), showProgress(tx, n, tx.Now),
		tx.Record(who, duban.Entry{Event: duban.EventRetracted, AnnouncementID: n.ID, PersonID: n.SenderID}))
}

// refreshAnnounceAsk makes every card of a request to announce show how it stands.
func refreshAnnounceAsk(tx *store.Tx, r duban.Request) error {
	return repost(tx, AnnounceAskSubject(r.ID), func(reader int64) duban.Notice { return announceAsk(r, reader) })
}
