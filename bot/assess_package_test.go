package bot_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"duban"
	"duban/internal/cast"
	"duban/sim"
	"duban/store"
	"duban/work"
)

// handInFiles has 市第五中学 hand in files of so many bytes each for the item that it has not done, and keeps them where evidence lies.
func (s *stage) handInFiles(files int, size int64) {
	s.t.Helper()
	ctx := context.Background()
	s.stop()
	defer s.open()
	var report work.Report
	for i := range files {
		id := fmt.Sprint("file ", i)
		report.Files = append(report.Files, duban.File{Kind: duban.DocumentFile, FileID: id, UniqueID: id, Name: "表彰材料.pdf", ChatID: 1, MessageID: int64(i + 1), Size: size})
	}
	item := s.assignment("DJ-12").ID
	if _, err := s.desk.Submit(ctx, duban.Console, item, report); err != nil {
		s.t.Fatal(err)
	}
	sum := sha256.Sum256(make([]byte, size))
	err := s.desk.Store.Write(ctx, func(tx *store.Tx) error {
		wanted, err := tx.WantedFiles(1000)
		for _, f := range wanted {
			if err := tx.StoreFile(f.ID, fmt.Sprintf("%d.pdf", f.ID), sum[:], size); err != nil {
				return err
			}
		}
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// packagePressed has an administrator open the year and press for the package of 市第五中学, without waiting for it.
func (s *stage) packagePressed(name string, admin *sim.Person) {
	s.t.Helper()
	s.say(admin, "/assess 2026")
	s.press(admin, "2026")
	s.press(admin, label(name, "启动自查", "Open the self-check"))
	s.press(admin, label(name, "逐单位查看", "Units"))
	s.press(admin, "1")
	s.tg.Mark()
	if err := admin.Press(label(name, "考评材料", "Package")); err != nil {
		s.t.Fatal(err)
	}
}

// TestALargePackageComesInParts has evidence of 54 MB, which is more than one file may have.
func TestALargePackageComesInParts(t *testing.T) {
	for name, lang := range languages {
		play(t, func(s *stage) {
			s.schoolYear()
			s.settle()
			admin := s.join("LM")
			lang(s, admin)
			const size = 18_000_000
			s.handInFiles(3, size)
			dir := t.TempDir()
			cast.Read(t, s.desk, func(tx *store.Tx) error {
				files, err := tx.FilesFor(s.assignment("DJ-12").ID)
				for _, f := range files {
					if err := os.WriteFile(filepath.Join(dir, f.Path), make([]byte, size), 0o600); err != nil {
						return err
					}
				}
				return err
			})
			s.bot.EvidenceDir = dir
			s.packagePressed(name, admin)
			s.wait(time.Minute)
			s.golden("assess_package_large" + name)
			sizes := []int{}
			for _, m := range admin.Messages() {
				if m.Document != nil {
					content, _ := s.tg.File(m.Document.FileID)
					sizes = append(sizes, len(content.Data))
				}
			}
			if len(sizes) != 2 || sizes[0] < 2*size || sizes[1] < size || sizes[1] > 2*size {
				t.Errorf("the files have %v bytes", sizes)
			}
		})
	}
}

// TestAPackageOfHundredsOfMegabytesIsMadeInTheOffice has evidence of 500 MB: the workbook comes, with the hash of each file and where it lies.
func TestAPackageOfHundredsOfMegabytesIsMadeInTheOffice(t *testing.T) {
	for name, lang := range languages {
		play(t, func(s *stage) {
			s.schoolYear()
			s.settle()
			admin := s.join("LM")
			lang(s, admin)
			s.handInFiles(25, duban.MaxFile)
			s.packagePressed(name, admin)
			s.settle()
			s.golden("assess_package_office" + name)
			book, _ := s.file(admin)
			rows, err := book.GetRows(label(name, "佐证索引", "Evidence index"))
			if err != nil || len(rows) < 26 || len(rows[1][7]) != 64 || filepath.Ext(rows[25][8]) != ".pdf" {
				t.Errorf("the index has %d rows: %v", len(rows), err)
			}
		})
	}
}

func TestAPackageThatChangesWhileItIsSentIsAskedForAgain(t *testing.T) {
	play(t, func(s *stage) {
		s.schoolYear()
		s.settle()
		admin := s.join("LM")
		s.handInFiles(1, 3)
		s.packagePressed("", admin)
		s.wait(100 * time.Millisecond)
		err := s.desk.Store.Write(context.Background(), func(tx *store.Tx) error {
			sub, err := tx.LastSubmission(s.assignment("DJ-12").ID)
			if err != nil {
				return err
			}
			_, err = tx.AddFile(duban.File{SubmissionID: sub.ID, Kind: duban.DocumentFile, FileID: "late", UniqueID: "late", Name: "补充.pdf", ChatID: 1, MessageID: 9, Size: 3})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		s.settle()
		s.find(admin, "请重新点“考评材料”")
	})
}
