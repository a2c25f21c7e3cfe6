package scheduler

import (
	"context"
	"fmt"
	"slices"
	"time"

	"duban"
	"duban/store"
	"duban/work"
)

const digestKey = "digest_date"

// digestItems is how many items the digest of one reader names at most; of the others it tells the number.
const digestItems = 100

// draftScan is how many drafts of notices are counted for the digests.
const draftScan = 1000

// digestPeople is how many digests share one transaction.
const digestPeople = 200

// digest posts the morning digest of each working day, once. One that was missed while the program was down is made up the same day.
func (s *Scheduler) digest(ctx context.Context) error {
	at, today := s.digestDue(time.Now())
	if at.IsZero() {
		return nil
	}
	var last string
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		last, err = tx.Meta(digestKey)
		return err
	})
	switch {
	case err != nil:
		return err
	case last >= today:
		return nil
	case last == "" && time.Since(at) > duban.LateAfter:
		return s.digestDone(ctx, today) // a program that starts for the first time has missed nothing
	}
	news, err := s.collectDigests(ctx)
	if err != nil {
		return fmt.Errorf("collect the digests: %w", err)
	}
	if err := s.postDigests(ctx, news, at, today); err != nil {
		return fmt.Errorf("post the digests: %w", err)
	}
	return s.digestDone(ctx, today)
}

// digestDue returns the moment of today's digest and the day, when that moment has come; else a zero moment.
func (s *Scheduler) digestDue(now time.Time) (at time.Time, today string) {
	cal, policy := s.desk.Calendar, s.desk.Policy
	day := cal.Today(now)
	if policy.Digest == nil || !s.wakes(now) {
		return time.Time{}, ""
	}
	at = day.At(*policy.Digest, cal.Zone())
	if now.Before(at) {
		return time.Time{}, ""
	}
	return at, day.String()
}

// digestDone notes that the digests of a day are posted.
func (s *Scheduler) digestDone(ctx context.Context, today string) error {
	return s.desk.Store.Write(ctx, func(tx *store.Tx) error { return tx.SetMeta(digestKey, today) })
}

func (s *Scheduler) postDigests(ctx context.Context, news []personal, at time.Time, today string) error {
	for some := range slices.Chunk(news, digestPeople) {
		err := s.desk.Store.Write(ctx, func(tx *store.Tx) error {
			for _, p := range some {
				if err := tx.Post(p.digest(at, today)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// digestLetter is the key of somebody's digest of a day.
func digestLetter(day string, person int64) string { return fmt.Sprintf("digest:%s:%d", day, person) }

// personal is the digest of one person.
type personal struct {
	person int64
	news   duban.DigestNews
}

func (p personal) digest(at time.Time, today string) duban.Notice {
	return duban.Notice{
		Key: digestLetter(today, p.person), Kind: duban.NewsDigest, Lane: duban.LaneReminder, PersonID: p.person, Data: toJSON(p.news), Due: at,
	}
}

// collectDigests finds out what belongs into the digest of each person who has joined. It reads one snapshot and returns only those who have
// something to read, by id.
func (s *Scheduler) collectDigests(ctx context.Context) ([]personal, error) {
	var all []personal
	err := s.desk.Store.Read(ctx, func(tx *store.Tx) error {
		c := &collector{round: newRound(tx, s.desk, false), readers: map[int64]*duban.DigestNews{}}
		if err := c.joined(); err != nil {
			return err
		}
		cal := s.desk.Calendar
		until := cal.AddWorkingDays(cal.Today(tx.Now), duban.SoonWithin+1).At(midnight, cal.Zone())
		pressing, err := tx.Pressing(until)
		if err != nil {
			return err
		}
		for _, id := range pressing {
			if err := c.sort(id); err != nil {
				s.log.Error("an assignment is left out of the digests", "assignment", id, "error", err)
			}
		}
		for _, count := range []func() error{c.countDrafts, c.countReports, c.countRequests} {
			if err := count(); err != nil {
				return err
			}
		}
		all = c.result()
		return nil
	})
	return all, err
}

// collector sorts the pressing assignments into the digests of their readers: of the owner, of the secretary who answers for the unit, of the
// reviewers where one is submitted, of the administrators where it has come to a draft of level 3, and of the deputies of all of them.
type collector struct {
	*round
	readers map[int64]*duban.DigestNews
}

func (c *collector) joined() error {
	accounts, err := c.tx.Accounts()
	for _, a := range accounts {
		if a.Unreachable == "" {
			c.readers[a.PersonID] = &duban.DigestNews{}
		}
	}
	return err
}

func (c *collector) sort(id int64) error {
	a, err := c.tx.Assignment(id)
	if err != nil {
		return err
	}
	if a.State == duban.Submitted {
		return c.sortReview(a)
	}
	if duban.DigestOf([]duban.Assignment{a}, c.desk.Calendar, c.tx.Now).Empty() {
		return nil
	}
	secretaries, err := c.holders(a.UnitID, duban.Secretary)
	if err != nil {
		return err
	}
	readers := append([]int64{a.OwnerID}, secretaries...)
	if err := c.markOverdue(a); err != nil {
		return err
	}
	policy, err := c.desk.PolicyFor(c.tx, a)
	if err != nil {
		return err
	}
	if policy.Drafted(a, c.desk.Calendar, c.tx.Now) {
		admins, err := c.holders(a.UnitID, duban.Admin)
		if err != nil {
			return err
		}
		readers = append(readers, admins...)
	}
	if readers, err = c.withDeputies(readers); err != nil {
		return err
	}
	for _, person := range readers {
		if news := c.readers[person]; news != nil {
			news.Items = append(news.Items, a.ID)
		}
	}
	return nil
}

// markOverdue notes for the administrators and leaders in charge that something is overdue; how much they read when the digest goes out.
func (c *collector) markOverdue(a duban.Assignment) error {
	if !a.State.OnUnit() || !c.desk.Calendar.Overdue(a.Due, c.tx.Now) {
		return nil
	}
	for _, role := range []duban.Role{duban.Admin, duban.Leader} {
		holders, err := c.holders(a.UnitID, role)
		if err != nil {
			return err
		}
		for _, person := range holders {
			if news := c.readers[person]; news != nil {
				news.Overdue = true
			}
		}
	}
	return nil
}

// withDeputies adds to readers the deputies of those who are away, and returns each once, by id. Whoever is away has the digest as well.
func (c *collector) withDeputies(readers []int64) ([]int64, error) {
	all := slices.Clone(readers)
	for _, person := range readers {
		deputy, err := c.deputy(person)
		if err != nil {
			return nil, err
		}
		all = append(all, deputy)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

// countDrafts counts for each administrator the drafts of notices that wait to be issued or dropped.
func (c *collector) countDrafts() error {
	drafts, err := c.tx.EscalationDrafts(draftScan)
	if err != nil {
		return err
	}
	for _, e := range drafts {
		a, err := c.tx.Assignment(e.AssignmentID)
		if err != nil {
			return err
		}
		admins, err := c.holders(a.UnitID, duban.Admin)
		if err != nil {
			return err
		}
		for _, person := range admins {
			if news := c.readers[person]; news != nil {
				news.Drafts++
			}
		}
	}
	return nil
}

// countReports counts for the administrators and leaders of each office the drafts of its reports that wait to be issued or dropped.
func (c *collector) countReports() error {
	drafts, err := c.tx.ReportDrafts()
	if err != nil {
		return err
	}
	for _, r := range drafts {
		readers, err := work.OfficeReaders(c.tx, r.UnitID)
		if err != nil {
			return err
		}
		for _, person := range readers {
			if news := c.readers[person]; news != nil {
				news.Reports++
			}
		}
	}
	return nil
}

// requestScan is how many requests that wait are counted for the digests.
const requestScan = 1000

// countRequests counts for each person the requests that wait for him: about items, to issue a task, and to announce.
func (c *collector) countRequests() error {
	waiting, err := c.tx.WaitingRequests(requestScan)
	if err != nil {
		return err
	}
	for _, r := range waiting {
		deciders, err := work.DecidersOf(c.tx, r)
		if err != nil {
			return err
		}
		for _, p := range deciders {
			if news := c.readers[p.ID]; news != nil {
				*waitsIn(news, r.Kind)++
			}
		}
	}
	return nil
}

// waitsIn is the count of a digest to which a kind of request belongs.
func waitsIn(news *duban.DigestNews, kind duban.RequestKind) *int {
	switch kind {
	case duban.AskAnnounce:
		return &news.Asks
	case duban.AskIssue:
		return &news.Issues
	}
	return &news.Decide
}

func (c *collector) sortReview(a duban.Assignment) error {
	task, err := c.task(a.TaskID)
	if err != nil {
		return err
	}
	reviewers, err := work.Reviewers(c.tx, task, a)
	if err != nil {
		return err
	}
	readers, err := c.withDeputies(ids(reviewers))
	if err != nil {
		return err
	}
	for _, person := range readers {
		if news := c.readers[person]; news != nil && person != a.OwnerID {
			news.Reviews = append(news.Reviews, a.ID)
		}
	}
	return nil
}

func (c *collector) result() []personal {
	var all []personal
	for person, news := range c.readers {
		if len(news.Items)+len(news.Reviews)+news.Drafts+news.Reports+news.Asks+news.Decide+news.Issues == 0 && !news.Overdue {
			continue
		}
		news.Items, news.More = cut(news.Items, news.More)
		news.Reviews, news.More = cut(news.Reviews, news.More)
		all = append(all, personal{person, *news})
	}
	slices.SortFunc(all, func(a, b personal) int { return int(a.person - b.person) })
	return all
}

func cut(items []int64, more int) ([]int64, int) {
	if len(items) <= digestItems {
		return items, more
	}
	return items[:digestItems], more + len(items) - digestItems
}
