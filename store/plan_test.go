package store

import (
	"strings"
	"testing"
	"time"

	"duban"
)

// TestNoQueryOfEveryDayReadsAWholeTable asks SQLite how it would run each query that a press, a pass or a letter needs. An index that leaves out
// rows is only used when the query repeats its condition.
func TestNoQueryOfEveryDayReadsAWholeTable(t *testing.T) {
	s := mustOpen(t)
	o := mustPeople(t, s)
	a := mustIssue(t, s, o)
	now := time.Now()
	mustWrite(t, s, func(tx *Tx) error {
		ask := func(_ any, err error) {
			if err != nil && duban.CodeOf(err) != duban.NotFound && err != duban.ErrRepeated {
				t.Error(err)
			}
		}
		two := func(_, _ any, err error) { ask(nil, err) }
		ask(tx.AccountOfTelegram(1))
		ask(tx.AccountOfPerson(1))
		ask(tx.Bind(o.person, 1, "en"))
		ask(tx.SetUnreachable(1, "x"))
		ask(tx.Invited([]byte{1}))
		ask(tx.UseInvitation([]byte{1}, 1))
		ask(nil, tx.DropInvitations(1))
		ask(tx.Stranger(1))
		ask(tx.PeopleWithPhone("+861"))
		ask(tx.PersonByCode("x"))
		ask(tx.Posts(1))
		ask(tx.Holders(1, duban.Admin))
		ask(tx.HoldersAbove(1, duban.Admin))
		ask(tx.Depth(1, 1))
		ask(tx.Assignment(1))
		ask(tx.AssignmentsOf(1))
		ask(tx.OpenOf(1))
		ask(tx.Waiting(10))
		ask(tx.InSubtree(1))
		ask(tx.DueActions(now, 10))
		two(tx.LateActions(now))
		ask(tx.NextDue())
		ask(nil, tx.SaveAssignment(a, now))
		ask(nil, tx.Plan(1, now, now, 0))
		ask(tx.OpenSubmission(1))
		ask(tx.LastSubmission(1))
		ask(tx.Files(1))
		ask(tx.UsesElsewhere(duban.File{UniqueID: "u", SHA256: []byte{1}, SubmissionID: 1}))
		ask(tx.AlbumAssignment(1, "x"))
		ask(tx.CountOverdue(now))
		ask(tx.WantedFiles(1))
		ask(tx.RecordOf(1))
		ask(tx.RecordHead())
		ask(tx.Receive(Update{Raw: []byte{1}}))
		ask(tx.NewUpdates(0, 1))
		ask(nil, tx.Claim(1, 0))
		ask(nil, tx.Done(1))
		ask(tx.ForgetUpdates(now, now, 1))
		ask(tx.InboxState())
		ask(nil, tx.Post(duban.Notice{Key: "a", Kind: duban.NewsAnswer, PersonID: o.person}))
		ask(tx.LetterByKey("x"))
		ask(tx.ReadyLetters(0, now, 0, 1))
		ask(tx.WaitingLetters(0, now, 0, 1))
		ask(tx.NextLetter())
		ask(tx.MarkSending(1))
		ask(nil, tx.MarkSent(1, 1))
		ask(tx.Interrupted())
		ask(nil, tx.CancelPushes(1, "x"))
		ask(tx.Pushes(1, "2026-10-12"))
		ask(tx.Merge("x", "y"))
		ask(tx.ForgetLetters(now, 1))
		ask(tx.OutboxState())
		ask(tx.MessageAt(1, 1))
		ask(tx.ForgetMessages(now, 1))
		ask(tx.Card("x", 1))
		ask(tx.CardsOf("x"))
		ask(tx.Receipt(1, 1))
		ask(tx.Tally(1))
		ask(tx.VacationsOf(1))
		ask(tx.CalendarEdition())
		return nil
	})
	for query := range s.writer.stmts {
		// "sent" is the list of letters that a statement brings along. Adding a row looks at those that refer to it only in the plan; the newest entry is the first that a scan from the end meets.
		if strings.HasPrefix(strings.TrimSpace(query), "INSERT") || strings.HasSuffix(query, "ORDER BY seq DESC LIMIT 1") {
			continue
		}
		for _, step := range explain(t, s, query) {
			if strings.HasPrefix(step, "SCAN ") && !strings.Contains(step, "USING") && !strings.Contains(step, "CONSTANT ROW") && step != "SCAN sent" {
				t.Errorf("%s in %s", step, query)
			}
		}
	}
}

func explain(t *testing.T, s *Store, query string) []string {
	t.Helper()
	rows, err := s.writer.conn.QueryContext(ctx, "EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "$"))...)
	if err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	defer rows.Close()
	var steps []string
	for rows.Next() {
		var id, parent, unused int
		var detail string
		must(t, rows.Scan(&id, &parent, &unused, &detail))
		steps = append(steps, detail)
	}
	must(t, rows.Err())
	return steps
}
