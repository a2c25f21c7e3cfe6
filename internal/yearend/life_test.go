package yearend

import (
	"context"
	"fmt"
	"time"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// kinds are what is issued, with categories and titles of every element.
var kinds = []struct{ title, category string }{
	{"报送材料", "材料"}, {"月度主题党日", "主题党日"}, {"季度党课", "三会一课"}, {"检查问题整改", "交叉检查"}, {"党员信息核对", "台账"}, {"年度述职报告", "述职评议"},
}

// year plans a whole year: what is issued, when vacations are and who cannot be reached.
func (c *city) year() {
	for n := range c.size.tasks {
		issued := at("2025-01-06", "09:00").Add(time.Duration(n) * (350 * 24 * time.Hour) / time.Duration(c.size.tasks))
		issued = c.workday(issued)
		c.plan(issued, func(d *work.Desk, at time.Time) error { return c.issue(d, n, at) })
	}
	c.plan(at("2025-06-02", "09:00"), func(d *work.Desk, _ time.Time) error {
		from, to := calendar.Date{Year: 2025, Month: 7, Day: 5}, calendar.Date{Year: 2025, Month: 8, Day: 31}
		return c.onUnit(school(0), func(u duban.Unit) error {
			_, err := d.AddVacation(ctx, duban.Console, duban.SchoolVacation{Vacation: calendar.Vacation{Name: "暑假", From: from, To: to}, UnitID: u.ID, Source: "校历"})
			return err
		})
	})
	c.plan(at("2025-04-10", "14:00"), func(_ *work.Desk, now time.Time) error {
		return c.desk.Store.WriteAt(ctx, now, func(tx *store.Tx) error { return c.desk.NoteOutage(tx, at("2025-04-09", "16:00"), now) })
	})
	for i := 1; i < c.size.schools; i += 3 {
		c.vanish(fmt.Sprintf("O%d", i), at("2025-03-03", "08:00").AddDate(0, 0, c.random.IntN(200)), 5+c.random.IntN(20))
	}
}

// workday is a moment at the office on the same or the next working day.
func (c *city) workday(t time.Time) time.Time {
	d := c.desk.Calendar.NextWorkingDay(day(t).Add(-1))
	if !d.After(day(t).Add(-1)) {
		d = c.desk.Calendar.AddWorkingDays(day(t).Add(-1), 1)
	}
	return c.onDay(d)
}

func (c *city) onDay(d calendar.Date) time.Time {
	minute := 9*60 + c.random.IntN(8*60)
	return d.At(calendar.Clock{Hour: minute / 60, Minute: minute % 60}, zone).Add(time.Duration(c.random.IntN(60)) * time.Second)
}

// after is some moment so many working days after an instant, and never before it.
func (c *city) after(t time.Time, days int) time.Time {
	if days <= 0 {
		return t.Add(time.Duration(1+c.random.IntN(30)) * time.Minute)
	}
	return c.onDay(c.desk.Calendar.AddWorkingDays(day(t), days))
}

func (c *city) onUnit(name string, do func(duban.Unit) error) error {
	var u duban.Unit
	err := c.desk.Store.Read(ctx, func(tx *store.Tx) error {
		all, err := tx.UnitsNamed(name)
		if len(all) > 0 {
			u = all[0]
		}
		return err
	})
	if err != nil {
		return err
	}
	return do(u)
}

// vanish makes somebody unreachable for so many days.
func (c *city) vanish(code string, from time.Time, days int) {
	to := from.AddDate(0, 0, days)
	var p duban.Person
	var account duban.Account
	err := c.desk.Store.Read(ctx, func(tx *store.Tx) (err error) {
		if p, err = tx.PersonByCode(code); err == nil {
			account, err = tx.AccountOfPerson(p.ID)
		}
		return err
	})
	if err != nil {
		c.did["nobody to vanish"]++
		return
	}
	c.gone[p.ID] = append(c.gone[p.ID], [2]time.Time{from, to})
	c.plan(from, func(_ *work.Desk, at time.Time) error {
		c.did["vanished"]++
		return c.desk.Store.WriteAt(ctx, at, func(tx *store.Tx) error { return c.desk.LoseReach(tx, p.ID, "blocked") })
	})
	c.plan(to, func(_ *work.Desk, at time.Time) error {
		return c.desk.Store.WriteAt(ctx, at, func(tx *store.Tx) error { return c.desk.FindReach(tx, account) })
	})
}

func (c *city) issue(d *work.Desk, n int, now time.Time) error {
	kind := kinds[n%len(kinds)]
	length := []int{1, 2, 5, 8, 10, 15}[c.random.IntN(6)]
	due := c.desk.Calendar.AddWorkingDays(day(now), length)
	row := work.TaskRow{
		Line: 2, Code: fmt.Sprintf("DJ-%03d", n), Title: fmt.Sprintf("%s%d", kind.title, n), Duty: "按要求完成", Category: kind.category, Units: string(duban.SchoolCommittee),
		Due: due.String(), Review: n%3 != 0, Priority: duban.Normal, Evidence: duban.Evidence{Kind: duban.NoEvidence},
	}
	if n%4 == 1 && c.size.branches > 0 {
		row.Units = string(duban.Branch)
	}
	if n%11 == 5 {
		row.Priority = duban.Critical
	}
	if n%5 == 2 {
		row.Due += " 15:00"
	}
	result, err := d.ImportTasks(ctx, duban.Console, []work.TaskRow{row}, work.ImportOptions{})
	if err != nil || len(result.Problems) > 0 {
		return fmt.Errorf("issue %s: %v %w", row.Code, result.Problems, err)
	}
	var all []duban.Assignment
	err = c.desk.Store.Read(ctx, func(tx *store.Tx) error {
		task, err := tx.TaskByCode(row.Code)
		if err != nil {
			return err
		}
		all, err = tx.AssignmentsOf(task.ID)
		return err
	})
	for _, a := range all {
		c.foresee(a, row.Review, now, due, length)
	}
	// Now and then the post is slow, so that an item arrives days after its issue.
	c.post(now.Add(time.Minute))
	c.fetch(now.Add(2 * time.Minute))
	return err
}

// foresee plans what becomes of an item.
func (c *city) foresee(a duban.Assignment, review bool, issued time.Time, due calendar.Date, length int) {
	c.did["issued"]++
	signs := issued
	if roll := c.random.IntN(100); roll < 90 {
		signs = c.after(issued, []int{0, 0, 1, 1, 2, 2, 3, 4, 6}[c.random.IntN(9)])
		c.plan(signs, func(d *work.Desk, _ time.Time) error {
			_, err := c.try2("signed", d.Accept)(a.ID)
			return err
		})
	}
	c.troubles(a, issued, due, length)
	switch roll := c.random.IntN(100); {
	case roll < 62:
		c.report(a.ID, review, latest(signs.Add(time.Minute), c.onDay(c.desk.Calendar.AddWorkingDays(due, -c.random.IntN(max(1, length))))), 0)
	case roll < 92:
		c.report(a.ID, review, latest(signs.Add(time.Minute), c.onDay(c.desk.Calendar.AddWorkingDays(due, 1+c.random.IntN(16)))), 0)
	}
}

func latest(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// try2 makes a verb on an item one that counts what it did.
func (c *city) try2(what string, verb func(context.Context, duban.Actor, int64) (duban.Assignment, error)) func(int64) (bool, error) {
	return func(id int64) (bool, error) {
		_, err := verb(ctx, duban.Console, id)
		return c.try(what, err)
	}
}

// troubles plans what sometimes comes in between: requests for more time, halts, deadlines that are moved, items that are declined or called off.
func (c *city) troubles(a duban.Assignment, issued time.Time, due calendar.Date, length int) {
	owner, joined := c.actors[a.OwnerID]
	later := func(days int) calendar.Due { return calendar.Due{Date: c.desk.Calendar.AddWorkingDays(due, days)} }
	middle := c.after(issued, max(0, length/2))
	switch c.random.IntN(24) {
	case 0, 1, 2:
		if !joined {
			return
		}
		c.plan(middle, func(d *work.Desk, at time.Time) error {
			r, err := d.AskExtension(ctx, owner, a.ID, later(1+c.random.IntN(4)), "等待数据")
			ok, err := c.try("asked", err)
			if ok {
				c.plan(c.after(at, c.random.IntN(8)), func(d *work.Desk, at time.Time) error { return c.decideRequest(d, r.ID, at) })
			}
			return err
		})
	case 3:
		c.plan(middle, func(d *work.Desk, at time.Time) error {
			_, err := d.Suspend(ctx, duban.Console, a.ID, "等待上级文件")
			ok, err := c.try("suspended", err)
			if ok && c.random.IntN(3) > 0 {
				c.plan(c.after(at, 1+c.random.IntN(12)), func(d *work.Desk, _ time.Time) error {
					_, err := d.Resume(ctx, duban.Console, a.ID, calendar.Due{})
					_, err = c.try("resumed", err)
					return err
				})
			}
			return err
		})
	case 4:
		c.plan(middle, func(d *work.Desk, _ time.Time) error {
			_, err := d.SetDeadline(ctx, duban.Console, a.ID, later(2), "会议改期")
			_, err = c.try("moved in time", err)
			return err
		})
	case 5:
		c.plan(c.onDay(c.desk.Calendar.AddWorkingDays(due, 1)), func(d *work.Desk, _ time.Time) error {
			_, err := d.SetDeadline(ctx, duban.Console, a.ID, later(5), "限期补报")
			_, err = c.try("moved late", err)
			return err
		})
	case 6:
		c.plan(c.after(issued, 0), func(d *work.Desk, at time.Time) error {
			if !joined {
				return nil
			}
			r, err := d.Decline(ctx, owner, a.ID, "不属本单位")
			ok, err := c.try("declined", err)
			if ok {
				c.plan(c.after(at, 1+c.random.IntN(7)), func(d *work.Desk, at time.Time) error { return c.decideRequest(d, r.ID, at) })
			}
			return err
		})
	case 7:
		if c.random.IntN(3) == 0 {
			c.plan(middle, func(d *work.Desk, _ time.Time) error {
				_, err := d.Cancel(ctx, duban.Console, a.ID, "并入其他工作")
				_, err = c.try("cancelled", err)
				return err
			})
		}
	}
}

// decideRequest agrees for the secretary where he has to, and then decides.
func (c *city) decideRequest(d *work.Desk, id int64, at time.Time) error {
	if _, err := d.Agree(ctx, duban.Console, id); duban.CodeOf(err) == duban.Internal {
		return err
	}
	var err error
	if c.random.IntN(2) == 0 {
		_, err = d.Grant(ctx, duban.Console, id, work.Grant{})
		_, err = c.try("granted", err)
	} else {
		_, err = d.Turn(ctx, duban.Console, id, "请按要求办理")
		_, err = c.try("turned down", err)
	}
	return err
}

// report hands an item in, and plans its review.
func (c *city) report(id int64, review bool, when time.Time, times int) {
	c.plan(when, func(d *work.Desk, at time.Time) error {
		r := work.Report{Text: "已完成"}
		if c.random.IntN(4) == 0 {
			r.Files = []duban.File{c.evidence(at)}
		}
		done, err := d.Submit(ctx, duban.Console, id, r)
		ok, err := c.try("reported", err)
		if !ok || err != nil {
			return err
		}
		if c.random.IntN(40) == 0 {
			c.plan(at.Add(5*time.Minute), func(d *work.Desk, at time.Time) error {
				ok, err := c.try2("withdrawn", d.Withdraw)(id)
				if ok && times < 4 {
					c.report(id, review, c.after(at, 1+c.random.IntN(3)), times+1)
				}
				return err
			})
			return nil
		}
		if done.Assignment.State == duban.Submitted {
			c.plan(c.after(at, c.random.IntN(6)), func(d *work.Desk, at time.Time) error { return c.review(d, done.Submission.ID, id, at, times) })
		} else if c.random.IntN(60) == 0 {
			c.plan(c.after(at, 5), func(d *work.Desk, at time.Time) error {
				_, err := d.Reopen(ctx, duban.Console, id, "回头看", calendar.Due{})
				ok, err := c.try("reopened", err)
				if ok {
					c.report(id, review, c.after(at, 2+c.random.IntN(6)), times+1)
				}
				return err
			})
		}
		return nil
	})
}

// reasons are why something is returned, by a button or typed: by the first two the credit of being in time may be lost.
var reasons = []work.Comeback{
	{Reason: "材料不全", Fault: duban.FaultIncomplete}, {Reason: "缺附件三"}, {Reason: "缺签字或盖章", Fault: duban.FaultSeal}, {Reason: "格式不规范"},
}

func (c *city) review(d *work.Desk, submission, id int64, now time.Time, times int) error {
	if c.random.IntN(100) < 75 || times > 4 {
		_, err := d.Pass(ctx, duban.Console, submission)
		_, err = c.try("passed", err)
		return err
	}
	a, err := d.Return(ctx, duban.Console, submission, reasons[c.random.IntN(len(reasons))])
	ok, err := c.try("returned", err)
	if !ok || err != nil {
		return err
	}
	owner, joined := c.actors[a.OwnerID]
	if joined && c.random.IntN(5) == 0 {
		c.plan(c.after(now, 0), func(d *work.Desk, at time.Time) error {
			r, err := d.Object(ctx, owner, id, "已符合要求")
			ok, err := c.try("objected", err)
			if ok {
				c.plan(c.after(at, 1+c.random.IntN(3)), func(d *work.Desk, at time.Time) error { return c.decideRequest(d, r.ID, at) })
			}
			return err
		})
	}
	if c.random.IntN(10) > 0 {
		c.report(id, true, c.after(now, 1+c.random.IntN(6)), times+1)
	}
	return nil
}
