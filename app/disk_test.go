package app_test

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"duban/app"
	"duban/store"
)

// mustServeOnASmallDisk serves on a disk of a few megabytes, which only root can mount.
func mustServeOnASmallDisk(t *testing.T) (*house, func() error) {
	t.Helper()
	h := mustHouse(t)
	data := filepath.Dir(h.config.SQLitePath())
	if err := os.Mkdir(data, 0o700); err != nil {
		t.Fatal(err)
	}
	mustMountOn(t, data, "3m")
	h.initialise()
	stop := h.serve()
	h.waitReady()
	return h, stop
}

func TestAFullDiskLosesNoUpdateAndIsTold(t *testing.T) {
	h, stop := mustServeOnASmallDisk(t)
	ballast, err := os.Create(filepath.Join(filepath.Dir(h.config.SQLitePath()), "ballast"))
	if err != nil {
		t.Fatal(err)
	}
	for block := make([]byte, 4096); err == nil; {
		_, err = ballast.Write(block)
	}
	if err := ballast.Close(); err != nil {
		t.Fatal(err)
	}
	handled := func() string {
		_, body := h.get("/metrics")
		_, after, _ := strings.Cut(body, "\nduban_updates_handled_total ")
		n, _, _ := strings.Cut(after, "\n")
		return n
	}
	strangers := 0
	h.waitFor("the disk to be full", func() bool {
		h.tg.NewPerson("陌", "生人").Start(strings.Repeat("x", 64))
		strangers++
		code, body := h.get("/readyz")
		return code == http.StatusServiceUnavailable && strings.Contains(body, "the disk of the database is full")
	})
	if err := os.Remove(ballast.Name()); err != nil {
		t.Fatal(err)
	}
	h.waitFor("every update to be handled", func() bool {
		_, body := h.get("/metrics")
		return strings.Contains(body, "duban_updates_received_total "+strconv.Itoa(strangers)) && handled() == strconv.Itoa(strangers)
	})
	h.waitReady()
	if err := stop(); err != nil {
		t.Fatal(err)
	}
	h.office(func(o *app.Office) {
		if err := o.Store.Check(context.Background()); err != nil {
			t.Error(err)
		}
	})
}

func TestADatabaseThatIsDamagedWhileItServesEndsTheProgram(t *testing.T) {
	h := mustHouse(t)
	h.initialise()
	h.importExample("roster", "roster.xlsx")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- app.Run(ctx, h.config, discard) }()
	h.waitReady()
	h.office(func(o *app.Office) {
		if _, err := o.Store.Checkpoint(ctx); err != nil {
			t.Fatal(err)
		}
	})
	f, err := os.OpenFile(h.config.SQLitePath(), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, err := f.Stat()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, info.Size()-4096), 4096); err != nil {
		t.Fatal(err)
	}
	h.tg.NewPerson("陌", "生人").Start("")
	if err := <-ended; !errors.Is(err, store.ErrDamaged) {
		t.Fatalf("it ended with %v", err)
	}
	if err := app.Run(ctx, h.config, discard); !errors.Is(err, store.ErrDamaged) {
		t.Errorf("started again it ended with %v", err)
	}
	if err := f.Close(); err != nil { // closing it earlier would drop the locks of this process
		t.Error(err)
	}
}
