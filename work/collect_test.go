package work_test

import (
	"errors"
	"testing"

	"duban"
	"duban/internal/cast"
	"duban/store"
	"duban/work"
)

// piece is a file that somebody sends, as the message of that number.
func piece(message int64, kind duban.FileKind, unique string) duban.File {
	return duban.File{Kind: kind, FileID: "f" + unique, UniqueID: unique, Size: 10, ChatID: 1, MessageID: message}
}

func photosTask(n int) work.TaskRow {
	row := summary
	row.Code, row.Evidence, row.Review = "DJ-90", duban.Evidence{Kind: duban.PhotosEvidence, Min: n}, true
	return row
}

func TestStartingOverDetachesTheFilesAndSaysSo(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	a := cast.Issue(t, d, duban.Console, photosTask(2))[0]
	if _, err := d.StartOver(ctx, owner, a.ID); duban.CodeOf(err) != duban.NothingToDo {
		t.Errorf("with nothing collected: %v", err)
	}
	first := mustSubmit(t, d, owner, a.ID, piece(1, duban.PhotoFile, "a"))
	if first.Missing != duban.PhotosMissing {
		t.Fatalf("missing %q", first.Missing)
	}
	if _, err := d.StartOver(ctx, owner, a.ID); err != nil {
		t.Fatal(err)
	}
	second := mustSubmit(t, d, owner, a.ID, piece(2, duban.PhotoFile, "b"))
	if second.Files != 1 || second.Missing != duban.PhotosMissing {
		t.Errorf("after beginning anew there are %d files, missing %q", second.Files, second.Missing)
	}
	if done := mustSubmit(t, d, owner, a.ID, piece(3, duban.PhotoFile, "c")); !done.Submitted() || done.Files != 2 {
		t.Errorf("%+v", done)
	}
	cast.Read(t, d, func(tx *store.Tx) error {
		old, err := tx.Files(first.Submission.ID)
		if err != nil || len(old) != 1 {
			t.Errorf("%d files are left of what was dropped (%v)", len(old), err)
		}
		entries, err := tx.RecordOf(a.ID)
		dropped := 0
		for _, e := range entries {
			if e.Event == duban.EventEvidence && e.Facts["dropped"] != nil {
				dropped++
			}
		}
		if dropped != 1 {
			t.Errorf("the record says %d times that files were dropped", dropped)
		}
		return err
	})
}

func TestTheSamePhotoThreeTimesIsOnePhoto(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	a := cast.Issue(t, d, duban.Console, photosTask(3))[0]
	for message := range int64(3) {
		if done := mustSubmit(t, d, owner, a.ID, piece(message+1, duban.PhotoFile, "a")); done.Submitted() {
			t.Fatalf("submitted with %d copies of a photo", message+1)
		}
	}
}

func TestWhatIsHeldIsHandedInOnlyWhenItIsSaid(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	row := photosTask(1)
	row.Evidence = duban.Evidence{Kind: duban.FileEvidence}
	a := cast.Issue(t, d, duban.Console, row)[0]
	for message, r := range []work.Report{
		{Files: []duban.File{piece(1, duban.DocumentFile, "a")}, More: true},
		{Files: []duban.File{piece(2, duban.DocumentFile, "b")}},
	} {
		done, err := d.Submit(ctx, owner, a.ID, r)
		if err != nil || !done.Held || done.Files != message+1 {
			t.Fatalf("report %d: held %v, %d files, %v", message+1, done.Held, done.Files, err)
		}
	}
	if done, err := d.Submit(ctx, owner, a.ID, work.Report{}); err != nil || !done.Submitted() || done.Files != 2 {
		t.Errorf("%+v, %v", done, err)
	}
}

func TestAnInternalItemTakesNoFiles(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	row := photosTask(1)
	row.Internal, row.Evidence = true, duban.Evidence{Kind: duban.NoEvidence}
	a := cast.Issue(t, d, duban.Console, row)[0]
	_, err := d.Submit(ctx, owner, a.ID, work.Report{Files: []duban.File{piece(1, duban.PhotoFile, "a")}})
	if duban.CodeOf(err) != duban.NoFiles {
		t.Errorf("%v", err)
	}
}

func TestAZeroReportNeedsAReviewerWhereAFileIsAskedFor(t *testing.T) {
	for review, want := range map[bool]duban.Missing{true: duban.NothingMissing, false: duban.FileMissing} {
		d := cast.Open(t)
		owner := cast.Join(t, d, "WF", 5)
		row := photosTask(1)
		row.Evidence, row.Review = duban.Evidence{Kind: duban.FileEvidence}, review
		a := cast.Issue(t, d, duban.Console, row)[0]
		done, err := d.Submit(ctx, owner, a.ID, work.Report{Text: "零报告", Zero: true})
		if err != nil || done.Missing != want {
			t.Errorf("review %v: missing %q, %v", review, done.Missing, err)
		}
	}
}

func TestEachPartOfAnUpdateCountsOnce(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	a := cast.Issue(t, d, duban.Console, photosTask(1))[0]
	err := d.Store.Write(ctx, func(tx *store.Tx) error {
		_, err := tx.Receive(store.Update{UpdateID: 7, Raw: []byte(`{}`)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	owner.Cause = 1
	for _, step := range []struct {
		part     int
		repeated bool
	}{{0, false}, {1, false}, {0, true}, {2, false}, {1, true}, {2, true}} {
		owner.Part = step.part
		_, err := d.Progress(ctx, owner, a.ID, 10, "在办")
		if errors.Is(err, duban.ErrRepeated) != step.repeated || err != nil && !step.repeated {
			t.Errorf("part %d: %v, repeated should be %v", step.part, err, step.repeated)
		}
	}
}

func TestAPromiseIsKeptWithItsTimeAndEndsWithTheReport(t *testing.T) {
	d := cast.Open(t)
	owner := cast.Join(t, d, "WF", 5)
	row := photosTask(1)
	row.Evidence, row.Due = duban.Evidence{Kind: duban.NoEvidence}, "2099-12-31"
	a := cast.Issue(t, d, duban.Console, row)[0]
	done, err := d.Promise(ctx, owner, a.ID, work.Promise{Text: "明天下午交", When: "明天下午交", Percent: 40})
	if err != nil || done.By.IsZero() || !done.Assignment.PromisedAt.Equal(done.AskedAt) || done.Assignment.Percent != 40 {
		t.Fatalf("%+v, %v", done, err)
	}
	if done, err = d.Promise(ctx, owner, a.ID, work.Promise{Text: "晚点报", When: "晚点报"}); err != nil || !done.By.IsZero() || done.Assignment.PromisedAt.IsZero() {
		t.Errorf("a promise without a time: %+v, %v", done, err)
	}
	if done := mustSubmit(t, d, owner, a.ID); !done.Assignment.PromisedAt.IsZero() {
		t.Errorf("still to be asked at %s", done.Assignment.PromisedAt)
	}
	if _, err := d.Promise(ctx, owner, a.ID, work.Promise{Text: "明天", When: "明天"}); duban.CodeOf(err) != duban.WrongState {
		t.Errorf("a promise after the report: %v", err)
	}
}

func mustSubmit(t *testing.T, d *work.Desk, who duban.Actor, id int64, files ...duban.File) work.Reported {
	t.Helper()
	done, err := d.Submit(ctx, who, id, work.Report{Files: files})
	if err != nil {
		t.Fatal(err)
	}
	return done
}
