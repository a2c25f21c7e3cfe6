package bot_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"os"
	"strings"
	"testing"

	"duban/internal/cast"
	"duban/store"
)

// mustBomb is a workbook of about 2 MB that unpacks to 200 parts of 10 MiB.
func mustBomb(tb testing.TB) string {
	tb.Helper()
	plain := make([]byte, 10<<20)
	var packed bytes.Buffer
	w, err := flate.NewWriter(&packed, flate.BestCompression)
	if err != nil {
		tb.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		tb.Fatal(err)
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	var out bytes.Buffer
	archive := zip.NewWriter(&out)
	for i := range 200 {
		part, err := archive.CreateRaw(&zip.FileHeader{
			Name: fmt.Sprintf("xl/worksheets/sheet%d.xml", i+1), Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(plain),
			CompressedSize64: uint64(packed.Len()), UncompressedSize64: uint64(len(plain)),
		})
		if err != nil {
			tb.Fatal(err)
		}
		if _, err := part.Write(packed.Bytes()); err != nil {
			tb.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		tb.Fatal(err)
	}
	return out.String()
}

func TestHostileFilesAreRefusedInTheChatAndLeaveNothing(t *testing.T) {
	bomb := mustBomb(t)
	t.Setenv("TMPDIR", t.TempDir())
	heading := "编号,事项,责任要求,责任单位,完成时限\n"
	inBoth(t, "import_hostile", func(s *stage, say tongue) {
		admin := s.join("LM")
		s.speak(admin)
		s.tg.Mark()
		s.send(admin, "炸弹.xlsx", bomb)
		s.send(admin, "半个.xlsx", bomb[:len(bomb)/2])
		s.send(admin, "百万行.csv", heading+strings.Repeat("a\n", 1_000_000))
		s.send(admin, "公式.csv", heading+"H-1,=HYPERLINK(\"x\"),=1+1,市第五中学党委,2026-12-04\n")
		s.send(admin, "乱码.csv", heading+"H-2,\xFF\xFF\xFF,按要求,市第五中学党委,2026-12-04\n")
		s.send(admin, "文档.xlsx", "这不是表格\x00")
		cast.Read(t, s.desk, func(tx *store.Tx) error {
			tasks, err := tx.Tasks()
			if len(tasks) != 0 {
				t.Errorf("%d tasks were imported", len(tasks))
			}
			return err
		})
	})
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) > 0 {
		t.Errorf("temporary files left: %v %v", left, err)
	}
}
