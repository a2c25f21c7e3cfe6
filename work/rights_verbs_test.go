package work_test

import (
	"fmt"
	"slices"
	"testing"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// deed is a verb somebody does about the school: by which rights of the table, and what has to be there first. Ready returns the doing.
type deed struct {
	name  string
	rule  string // actions of the table: & is both, | is either
	ready func(*walk) func(duban.Actor) error
}

// deeds lists the verbs about items and their organisation that need a right, for somebody who does not own the item and asked for nothing himself.
// Those that are left out are everybody's own: settings, feedback, one's own drafts, and what one asked for oneself.
var deeds = []deed{
	{"sign", "behalf", about((*walk).item, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.Accept(ctx, who, id)) })},
	{"report progress", "behalf", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Progress(ctx, who, id, 40, "在办"))
	})},
	{"promise", "behalf", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Promise(ctx, who, id, work.Promise{Text: "周五完成", When: "周五"}))
	})},
	{"submit", "behalf", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Submit(ctx, who, id, work.Report{Text: "已完成"}))
	})},
	{"withdraw", "behalf", about((*walk).submitted, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.Withdraw(ctx, who, id)) })},
	{"start over", "behalf", about((*walk).submitted, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.StartOver(ctx, who, id)) })},
	{"ask a question", "behalf", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Ask(ctx, who, id, "用哪份模板"))
	})},
	{"ask for somebody else", "behalf", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.AskSecretary(ctx, who, id, 0, "请转派"))
	})},
	{"finish a milestone", "behalf", about((*walk).staged, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.FinishMilestone(ctx, who, id, 0)) })},
	{"undo a milestone", "behalf", about((*walk).stageDone, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.UndoMilestone(ctx, who, id, 0)) })},
	{"answer a notice", "behalf", about((*walk).noticed, func(w *walk, who duban.Actor, id int64) error { return w.desk.RespondNotice(ctx, who, id, "已整改") })},

	{"ask for more time", "behalf&ask", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.AskExtension(ctx, who, id, w.later(id, 3), "材料尚未收齐"))
	})},
	{"object to a return", "behalf&ask", about((*walk).returned, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Object(ctx, who, id, "公章齐全"))
	})},
	{"decline", "decline|behalf&ask", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Decline(ctx, who, id, "不属我单位"))
	})},

	{"agree", "agree", about((*walk).asked, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.Agree(ctx, who, w.request(id))) })},
	{"not agree", "agree", about((*walk).asked, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Turn(ctx, who, w.request(id), "时间充裕"))
	})},
	{"retract another's request", "agree", about((*walk).asked, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.Retract(ctx, who, id)) })},
	{"grant a short extension", "extend", about(agreed(3), grant)},
	{"refuse a short extension", "extend", about(agreed(3), turn)},
	{"grant a long extension", "extend_far", about(agreed(6), grant)},
	{"refuse a long extension", "extend_far", about(agreed(6), turn)},
	{"grant a second extension", "extend_far", about((*walk).askedAgain, grant)},
	{"grant more than was asked for", "extend_far", about(agreed(3), func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Grant(ctx, who, w.request(id), work.Grant{Due: w.later(id, 6)}))
	})},
	{"move a deadline", "extend", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.SetDeadline(ctx, who, id, w.later(id, 5), "会议改期"))
	})},
	{"move a deadline far", "extend_far", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.SetDeadline(ctx, who, id, w.later(id, 6), "会议改期"))
	})},
	{"let a declined item stand", "settle", about((*walk).declined, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Stand(ctx, who, id, "属你单位"))
	})},
	{"give a declined item to another unit", "settle", about((*walk).declined, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Transfer(ctx, who, id, work.Destination{UnitID: w.units[theBranch], OwnerID: w.person("LY")}))
	})},

	{"answer a question", "reassign|review", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return w.desk.Answer(ctx, who, id, w.person("WF"), "用新模板")
	})},
	{"correct what another drew up", "issue&settle", about((*walk).item, func(w *walk, who duban.Actor, id int64) error { // an administrator
		return second(w.desk.Correct(ctx, who, w.task(id), calendar.Due{}))
	})},

	{"reassign", "reassign", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Reassign(ctx, who, id, w.person("ZG"), ""))
	})},
	{"pass", "review", about((*walk).submitted, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.Pass(ctx, who, w.submission(id))) })},
	{"return", "review", about((*walk).submitted, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Return(ctx, who, w.submission(id), work.Comeback{Reason: "缺公章"}))
	})},
	{"set a deadline after a return", "review", about((*walk).returned, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.ReturnUntil(ctx, who, w.submission(id), w.later(id, 2)))
	})},
	{"set a far deadline after a return", "review&extend_far", about((*walk).returned, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.ReturnUntil(ctx, who, w.submission(id), w.later(id, 6)))
	})},
	{"ask the unit about a submission", "review", about((*walk).submitted, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.FollowUp(ctx, who, w.submission(id), "哪天开的会"))
	})},
	{"grant an objection", "review", about((*walk).objected, grant)},
	{"refuse an objection", "review", about((*walk).objected, turn)},

	{"suspend", "suspend", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Suspend(ctx, who, id, "上级暂停"))
	})},
	{"resume", "suspend", about((*walk).suspended, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Resume(ctx, who, id, calendar.Due{}))
	})},
	{"cancel", "cancel", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Cancel(ctx, who, id, "不再需要"))
	})},
	{"cancel a task", "cancel", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.CancelTask(ctx, who, w.assignment(id).TaskID, "不再需要"))
	})},
	{"reopen", "reopen", about((*walk).closed, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Reopen(ctx, who, id, "抽查不符", calendar.Due{}))
	})},
	{"archive", "archive", about((*walk).closed, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.Archive(ctx, who, id)) })},
	{"urge", "urge", about((*walk).item, func(w *walk, who duban.Actor, id int64) error { return second(w.desk.Urge(ctx, who, id, "")) })},
	{"ask why", "urge", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Inquire(ctx, who, id, "为何未报"))
	})},
	{"remark", "remark", about((*walk).item, func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.Remark(ctx, who, id, "请抓紧"))
	})},

	{"edit the draft of a notice", "draft_notice|notice_45", about(draft(3), func(w *walk, who duban.Actor, id int64) error {
		return w.desk.EditNotice(ctx, who, w.notice(id), "请立即整改")
	})},
	{"put it before the leader", "draft_notice", about(draft(4), func(w *walk, who duban.Actor, id int64) error {
		return second(w.desk.ReferNotice(ctx, who, w.notice(id)))
	})},
	{"give it back", "notice_45", about(draft(4), func(w *walk, who duban.Actor, id int64) error {
		return w.desk.GiveBackNotice(ctx, who, w.notice(id), "语气过重")
	})},
	{"drop it", "draft_notice|notice_45", about(draft(3), func(w *walk, who duban.Actor, id int64) error { return w.desk.DropNotice(ctx, who, w.notice(id)) })},
	{"draft it again", "draft_notice", about((*walk).dropped, func(w *walk, who duban.Actor, id int64) error { return w.desk.DraftAgain(ctx, who, w.notice(id)) })},
	{"issue a notice of level 3", "notice_3", about(draft(3), issueNotice)},
	{"issue a notice of level 4", "notice_45", about(draft(4), issueNotice)},
	{"issue a notice of level 5", "notice_45", about(draft(5), issueNotice)},

	{"set somebody's absence", "absence", func(w *walk) func(duban.Actor) error {
		return func(who duban.Actor) error { return second(w.desk.SetAbsence(ctx, who, w.absence())) }
	}},
	{"end somebody's absence", "absence", func(w *walk) func(duban.Actor) error {
		b := must(w.desk.SetAbsence(ctx, w.who["ZG"], w.absence()))
		return func(who duban.Actor) error { return second(w.desk.EndAbsence(ctx, who, b.ID)) }
	}},

	{"issue", "issue", func(w *walk) func(duban.Actor) error {
		return func(who duban.Actor) error {
			done, err := w.desk.IssueTask(ctx, who, work.TaskDraft{Row: w.row(duban.NoEvidence)})
			return orOutside(err, done.Problems)
		}
	}},
	{"import tasks", "issue", func(w *walk) func(duban.Actor) error {
		return func(who duban.Actor) error {
			done, err := w.desk.ImportTasks(ctx, who, []work.TaskRow{w.row(duban.NoEvidence)}, work.ImportOptions{})
			return orOutside(err, done.Problems)
		}
	}},
	{"plan", "issue", func(w *walk) func(duban.Actor) error {
		return func(who duban.Actor) error {
			row := w.row(duban.NoEvidence)
			row.Due = "每月25日前"
			_, problems, err := w.desk.AddToPlan(ctx, who, work.TaskDraft{Row: row})
			return orOutside(err, problems)
		}
	}},
	{"import a plan", "issue", func(w *walk) func(duban.Actor) error {
		return func(who duban.Actor) error {
			row := w.row(duban.NoEvidence)
			row.Due = "每月25日前"
			done, err := w.desk.ImportPlan(ctx, who, []work.TaskRow{row}, work.ImportOptions{})
			return orOutside(err, done.Problems)
		}
	}},
	{"skip a date of another's plan", "plan", func(w *walk) func(duban.Actor) error {
		item := w.planned()
		return func(who duban.Actor) error {
			return second(w.desk.SkipPlan(ctx, who, item.ID, calendar.Date{Year: 2026, Month: 12, Day: 25}, "合并办理"))
		}
	}},
	{"end another's plan", "plan", func(w *walk) func(duban.Actor) error {
		item := w.planned()
		return func(who duban.Actor) error { return w.desk.EndPlan(ctx, who, item.ID) }
	}},
	{"approve what an officer issues", "agree", pending("WF", func(*duban.Policy) {}, (*work.Desk).ApproveIssue)},
	{"send back what an officer issues", "agree", pending("WF", func(*duban.Policy) {}, sendBack)},
	{"approve what an administrator issues", "approve", pending("LM", func(p *duban.Policy) { p.ApproveIssue = true }, (*work.Desk).ApproveIssue)},
	{"confirm what goes to many", "second_person", pending("LM", func(p *duban.Policy) { p.SecondAdminAbove = 1 }, (*work.Desk).ApproveIssue)},

	{"invite", "invite", func(w *walk) func(duban.Actor) error {
		return func(who duban.Actor) error { return second(w.desk.Invite(ctx, who, work.InviteWhom{Code: "WF"})) }
	}},
	{"revoke", "invite", func(w *walk) func(duban.Actor) error {
		leaving := w.hire(duban.Officer, theSchool)
		return func(who duban.Actor) error { return w.desk.Revoke(ctx, who, leaving.actor.PersonID) }
	}},
	{"import a roster", "import", func(w *walk) func(duban.Actor) error {
		w.rows++
		code := fmt.Sprint("N", w.rows)
		return func(who duban.Actor) error {
			row := work.RosterRow{Unit: theSchool, Parent: theOffice, Name: code, Role: duban.Officer, Code: code}
			done, err := w.desk.ImportRoster(ctx, who, []work.RosterRow{row}, work.ImportOptions{})
			return orOutside(err, done.Problems)
		}
	}},
	{"note a vacation", "import", func(w *walk) func(duban.Actor) error {
		w.rows++
		v := duban.SchoolVacation{UnitID: w.units[theSchool], Vacation: calendar.Vacation{
			Name: fmt.Sprint("寒假", w.rows), From: calendar.Date{Year: 2027, Month: 1, Day: 20}, To: calendar.Date{Year: 2027, Month: 2, Day: 20},
		}}
		return func(who duban.Actor) error { return second(w.desk.AddVacation(ctx, who, v)) }
	}},
	{"export", "export", func(w *walk) func(duban.Actor) error {
		return func(who duban.Actor) error {
			return w.desk.AskExport(ctx, who, work.ExportNews{Table: "ledger", Unit: w.units[theSchool]})
		}
	}},
}

func TestEveryVerbIsRefusedExactlyWhereTheTableSaysSo(t *testing.T) {
	w := beginWalk(t)
	for _, verb := range deeds {
		w.at("2026-11-23 09:00")
		refused := verb.ready(w) // and left as it is, so that one serves all who may not
		for _, h := range w.holders {
			if h.mayBy(verb.rule) {
				continue
			}
			if err := refused(h.actor); duban.CodeOf(err) != duban.NotAllowed {
				t.Errorf("%s: %s: %v; the table says no", h, verb.name, err)
			}
		}
		for _, h := range w.holders {
			if !h.mayBy(verb.rule) {
				continue
			}
			w.at("2026-11-23 09:00")
			if err := verb.ready(w)(h.actor); err != nil {
				t.Errorf("%s: %s: %v; the table says yes", h, verb.name, err)
			}
		}
	}
}

func TestARightThatEndsWhileAVerbWaitsForItsTurnIsGone(t *testing.T) {
	w := beginWalk(t)
	for _, verb := range deeds {
		w.at("2026-11-23 09:00")
		i := slices.IndexFunc(w.holders, func(h postHolder) bool { return h.mayBy(verb.rule) })
		h, do := w.holders[i], verb.ready(w)
		done := make(chan error, 1)
		w.write(func(tx *store.Tx) error {
			posts, err := tx.Posts(h.actor.PersonID)
			if err != nil {
				return err
			}
			go func() { done <- do(h.actor) }()
			return tx.EndPost(posts[0].ID)
		})
		wantCode(t, <-done, duban.NotAllowed)
		w.write(func(tx *store.Tx) error {
			_, err := tx.SetPost(h.actor.PersonID, w.units[h.place], h.role)
			return err
		})
		if t.Failed() {
			t.Fatalf("%s: %s", h, verb.name)
		}
	}
}
