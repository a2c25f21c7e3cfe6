package work_test

import (
	"errors"

	"duban"
	"duban/calendar"
	"duban/store"
	"duban/work"
)

// errNothingThere is what a move returns whose object does not exist, such as a request that nobody made.
var errNothingThere = errors.New("nothing there")

// allMoves is every verb about an item.
var allMoves = []move{
	{"sign", (*naive).accept, func(m *match, who duban.Actor, id int64, _ naiveArgs, _ calendar.Due) error {
		return second(m.desk.Accept(ctx, who, id))
	}},
	{"report progress", (*naive).progress, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Progress(ctx, who, id, 0, g.reason))
	}},
	{"promise", (*naive).promise, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Promise(ctx, who, id, work.Promise{Text: g.reason, When: "后天"}))
	}},
	{"submit", (*naive).submit, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Submit(ctx, who, id, work.Report{Text: g.reason}))
	}},
	{"withdraw", (*naive).withdraw, func(m *match, who duban.Actor, id int64, _ naiveArgs, _ calendar.Due) error {
		return second(m.desk.Withdraw(ctx, who, id))
	}},
	{"pass", (*naive).pass, onSubmission(func(m *match, who duban.Actor, sub int64, _ naiveArgs) error {
		return second(m.desk.Pass(ctx, who, sub))
	})},
	{"return", (*naive).giveBack, onSubmission(func(m *match, who duban.Actor, sub int64, g naiveArgs) error {
		return second(m.desk.Return(ctx, who, sub, work.Comeback{Reason: g.reason}))
	})},
	{"ask for more time", (*naive).askExtension, func(m *match, who duban.Actor, id int64, g naiveArgs, due calendar.Due) error {
		return second(m.desk.AskExtension(ctx, who, id, due, g.reason))
	}},
	{"decline", (*naive).decline, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Decline(ctx, who, id, g.reason))
	}},
	{"object", (*naive).object, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Object(ctx, who, id, g.reason))
	}},
	{"agree", (*naive).agree, onRequest(func(m *match, who duban.Actor, request int64, _ naiveArgs) error {
		return second(m.desk.Agree(ctx, who, request))
	})},
	{"refuse", (*naive).turn, onRequest(func(m *match, who duban.Actor, request int64, g naiveArgs) error {
		return second(m.desk.Turn(ctx, who, request, g.reason))
	})},
	{"grant", (*naive).grant, onRequest(func(m *match, who duban.Actor, request int64, _ naiveArgs) error {
		return second(m.desk.Grant(ctx, who, request, work.Grant{}))
	})},
	{"retract", (*naive).retract, func(m *match, who duban.Actor, id int64, _ naiveArgs, _ calendar.Due) error {
		return second(m.desk.Retract(ctx, who, id))
	}},
	{"let stand", (*naive).stand, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Stand(ctx, who, id, g.reason))
	}},
	{"give to another unit", (*naive).transfer, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Transfer(ctx, who, id, work.Destination{UnitID: m.units[g.unit]}))
	}},
	{"reassign", (*naive).reassign, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Reassign(ctx, who, id, m.who[g.owner].PersonID, g.reason))
	}},
	{"suspend", (*naive).suspend, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Suspend(ctx, who, id, g.reason))
	}},
	{"resume", (*naive).resume, func(m *match, who duban.Actor, id int64, _ naiveArgs, _ calendar.Due) error {
		return second(m.desk.Resume(ctx, who, id, calendar.Due{}))
	}},
	{"cancel", (*naive).cancel, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Cancel(ctx, who, id, g.reason))
	}},
	{"reopen", (*naive).reopen, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Reopen(ctx, who, id, g.reason, calendar.Due{}))
	}},
	{"archive", (*naive).archive, func(m *match, who duban.Actor, id int64, _ naiveArgs, _ calendar.Due) error {
		return second(m.desk.Archive(ctx, who, id))
	}},
	{"remark", (*naive).remark, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Remark(ctx, who, id, g.reason))
	}},
	{"urge", (*naive).urge, func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		return second(m.desk.Urge(ctx, who, id, g.reason))
	}},
	{"move the deadline", (*naive).setDeadline, func(m *match, who duban.Actor, id int64, g naiveArgs, due calendar.Due) error {
		return second(m.desk.SetDeadline(ctx, who, id, due, g.reason))
	}},
	{"edit a notice", (*naive).editNotice, onNotice(func(m *match, who duban.Actor, notice int64, g naiveArgs) error {
		return m.desk.EditNotice(ctx, who, notice, g.reason)
	})},
	{"drop a notice", (*naive).dropNotice, onNotice(func(m *match, who duban.Actor, notice int64, _ naiveArgs) error {
		return m.desk.DropNotice(ctx, who, notice)
	})},
	{"draft a notice again", (*naive).draftAgain, onNotice(func(m *match, who duban.Actor, notice int64, _ naiveArgs) error {
		return m.desk.DraftAgain(ctx, who, notice)
	})},
	{"issue a notice", (*naive).issueNotice, onNotice(func(m *match, who duban.Actor, notice int64, _ naiveArgs) error {
		return second(m.desk.IssueNotice(ctx, who, notice, "请立即整改"))
	})},
	{"answer a notice", (*naive).respond, onNotice(func(m *match, who duban.Actor, notice int64, g naiveArgs) error {
		return m.desk.RespondNotice(ctx, who, notice, g.reason)
	})},
	{"approve the issue", (*naive).approve, onApproval(func(m *match, who duban.Actor, request int64, _ naiveArgs) error {
		return second(m.desk.ApproveIssue(ctx, who, request))
	})},
	{"send the issue back", (*naive).sendBack, onApproval(func(m *match, who duban.Actor, request int64, g naiveArgs) error {
		return second(m.desk.SendBackIssue(ctx, who, request, g.reason))
	})},
	{"retract the issue", (*naive).retractIssue, func(m *match, who duban.Actor, id int64, _ naiveArgs, _ calendar.Due) error {
		return second(m.desk.RetractIssue(ctx, who, m.assignment(id).TaskID))
	}},
}

type onObject = func(m *match, who duban.Actor, object int64, g naiveArgs) error

type onItem = func(m *match, who duban.Actor, id int64, g naiveArgs, due calendar.Due) error

// onThe makes a move about the newest thing of an item from what is done to that thing.
func onThe(newest func(*store.Tx, duban.Assignment) (int64, error), do onObject) onItem {
	return func(m *match, who duban.Actor, id int64, g naiveArgs, _ calendar.Due) error {
		var object int64
		m.read(func(tx *store.Tx) (err error) {
			object, err = newest(tx, m.assignment(id))
			if duban.CodeOf(err) == duban.NotFound {
				return nil
			}
			return err
		})
		if object == 0 {
			return errNothingThere
		}
		return do(m, who, object, g)
	}
}

func onSubmission(do onObject) onItem {
	return onThe(func(tx *store.Tx, a duban.Assignment) (int64, error) {
		sub, err := tx.LastSubmission(a.ID)
		return sub.ID, err
	}, do)
}

func onRequest(do onObject) onItem {
	return onThe(func(tx *store.Tx, a duban.Assignment) (int64, error) {
		all, err := tx.RequestsOf(a.ID)
		return lastID(all, func(r duban.Request) int64 { return r.ID }), err
	}, do)
}

func onApproval(do onObject) onItem {
	return onThe(func(tx *store.Tx, a duban.Assignment) (int64, error) {
		all, err := tx.RequestsOfTask(a.TaskID)
		return lastID(all, func(r duban.Request) int64 { return r.ID }), err
	}, do)
}

func onNotice(do onObject) onItem {
	return onThe(func(tx *store.Tx, a duban.Assignment) (int64, error) {
		all, err := tx.EscalationsOf(a.ID)
		return lastID(all, func(e duban.Escalation) int64 { return e.ID }), err
	}, do)
}

func lastID[T any](all []T, id func(T) int64) (newest int64) {
	for _, one := range all {
		newest = max(newest, id(one))
	}
	return newest
}
