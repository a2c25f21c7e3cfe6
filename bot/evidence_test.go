package bot

import (
	"bytes"
	"context"
	"crypto/sha256"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"duban"
	"duban/calendar"
	"duban/sim"
	"duban/store"
)

// archive is evidence that is fetched for a submission of somebody.
type archive struct {
	*office
	*Evidence
	submission int64
	wang       *sim.Person
	lost       map[int64]string
	stored     []int64
}

func mustArchive(t *testing.T) *archive {
	t.Helper()
	a := &archive{office: mustOffice(t, sim.Options{}, freely), lost: map[int64]string{}}
	a.wang = a.person("王芳")
	person := a.bound(a.wang)
	a.office.write(func(tx *store.Tx) error {
		unit, err := tx.AddUnit(duban.Unit{Name: "市五中", Kind: duban.SchoolCommittee, Active: true})
		if err != nil {
			return err
		}
		task, err := tx.AddTask(duban.Task{Code: "T1", Title: "年度总结", Duty: "报送", Evidence: duban.Evidence{Kind: duban.FileEvidence}, Priority: duban.Normal})
		if err != nil {
			return err
		}
		due := calendar.Due{Date: calendar.Date{Year: 2026, Month: 12, Day: 31}}
		assignment, err := tx.AddAssignment(duban.Assignment{TaskID: task, UnitID: unit, OwnerID: person, State: duban.Issued, Due: due, OriginalDue: due, IssuedAt: tx.Now}, tx.Now.Add(time.Hour))
		if err != nil {
			return err
		}
		a.submission, err = tx.AddSubmission(duban.Submission{AssignmentID: assignment, PersonID: person, State: duban.Collecting})
		return err
	})
	a.Evidence = &Evidence{
		Dir: filepath.Join(t.TempDir(), "evidence"), Client: a.office.client, Store: a.office.store, Stats: a.stats, Log: a.log,
		Stored: func(_ *store.Tx, f duban.File) error {
			a.stored = append(a.stored, f.ID)
			return nil
		},
		Lost: func(_ *store.Tx, f duban.File, reason string) error {
			a.lost[f.ID] = reason
			return nil
		},
	}
	return a
}

// sent notes a document that somebody has sent as proof.
func (a *archive) sent(m *sim.Message) {
	a.tb.Helper()
	a.office.write(func(tx *store.Tx) error {
		_, err := tx.AddFile(duban.File{
			SubmissionID: a.submission, Kind: duban.DocumentFile, FileID: m.Document.FileID, UniqueID: m.Document.FileUniqueID,
			Name: m.Document.FileName, Size: int64(m.Document.FileSize), ChatID: a.wang.ID(), MessageID: int64(m.ID),
		})
		return err
	})
}

func (a *archive) files() (all []duban.File) {
	a.tb.Helper()
	a.office.write(func(tx *store.Tx) (err error) {
		all, err = tx.Files(a.submission)
		return err
	})
	return all
}

// runs fetches for a while.
func (a *archive) runs(d time.Duration) {
	a.tb.Helper()
	a.during(func(ctx context.Context) { a.Evidence.Run(ctx) }, func() { time.Sleep(d) })
}

func TestEvidenceIsStoredByteForByteUnderItsSum(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		a := mustArchive(t)
		data := bytes.Repeat([]byte("佐证"), 50_000)
		a.sent(a.wang.Document("总结.docx", data, ""))
		a.sent(a.wang.Document("同一份.docx", data, ""))
		a.sent(a.wang.Document("空.txt", []byte("x"), ""))
		a.runs(time.Second)
		sum := sha256.Sum256(data)
		for i, f := range a.files() {
			want(t, f.State, duban.FileStored)
			got, err := os.ReadFile(filepath.Join(a.Dir, f.Path))
			if err != nil {
				t.Fatal(err)
			}
			if i < 2 {
				want(t, bytes.Equal(got, data), true)
				want(t, bytes.Equal(f.SHA256, sum[:]), true)
				want(t, f.Path, a.files()[0].Path)
			}
		}
		want(t, len(a.stored), 3)
		want(t, a.stats.Figures().FilesStored, int64(3))
		count := 0
		err := filepath.WalkDir(a.Dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if d.IsDir() {
				want(t, info.Mode().Perm(), 0o700)
				return err
			}
			count++
			want(t, info.Mode().Perm(), 0o600)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want(t, count, 2)
	})
}

func TestEvidenceIsTriedAgainAndHoldsNothingUp(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		a := mustArchive(t)
		broken := a.tg.Break(sim.Fault{Trouble: sim.ServerError, Methods: []string{"getFile"}, Times: 7})
		a.sent(a.wang.Document("一.docx", []byte("1"), ""))
		a.runs(4 * time.Minute)
		want(t, a.files()[0].State, duban.FileWanted)
		a.sent(a.wang.Document("二.docx", []byte("2"), ""))
		a.runs(time.Hour)
		for _, f := range a.files() {
			want(t, f.State, duban.FileStored)
		}
		want(t, broken.Hits(), 7)
	})
}

func TestAFileThatCannotBeHadIsToldAfterADay(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		a := mustArchive(t)
		gone := a.tg.Break(sim.Fault{Trouble: sim.Answer, Code: 400, Description: "Bad Request: wrong file_id or the file is temporarily unavailable", Methods: []string{"getFile"}})
		a.sent(a.wang.Document("一.docx", []byte("1"), ""))
		a.runs(23 * time.Hour)
		want(t, len(a.lost), 0)
		a.runs(3 * time.Hour)
		want(t, a.files()[0].State, duban.FileLost)
		want(t, a.lost[a.files()[0].ID], "gone")
		within(t, gone.Hits(), 20, 45)
	})
}

func TestAFileAboveTheLimitIsLostAtOnce(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		a := mustArchive(t)
		a.sent(a.wang.HugeDocument("影像.zip", duban.MaxFile+1, ""))
		a.runs(time.Second)
		want(t, a.lost[a.files()[0].ID], "too_large")
		want(t, len(a.tg.Requests("getFile")), 0)
	})
}

func TestAHalfFetchedFileLeavesNothingBehind(t *testing.T) {
	inFakeTime(t, func(t *testing.T) {
		a := mustArchive(t)
		a.Client = mustClient(t, ClientOptions{Token: a.tg.Token(), APIURL: "http://telegram.invalid", Doer: halves{a.tg.Client()}})
		a.sent(a.wang.Document("一.docx", bytes.Repeat([]byte("1"), 1000), ""))
		a.runs(time.Minute)
		want(t, a.files()[0].State, duban.FileWanted)
		left, err := os.ReadDir(a.Dir)
		if err != nil {
			t.Fatal(err)
		}
		want(t, len(left), 0)
	})
}

// halves is a client that loses the second half of every download.
type halves struct{ Doer }

func (h halves) Do(r *http.Request) (*http.Response, error) {
	answer, err := h.Doer.Do(r)
	if err != nil || !strings.HasPrefix(r.URL.Path, "/file/") {
		return answer, err
	}
	whole, err := io.ReadAll(answer.Body)
	answer.Body, answer.ContentLength = io.NopCloser(bytes.NewReader(whole[:len(whole)/2])), -1
	return answer, err
}
