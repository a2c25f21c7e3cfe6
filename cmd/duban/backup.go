package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"duban/app"
	"duban/config"
	"duban/text"
)

func (c *cli) backup() *cobra.Command {
	var o app.BackupOptions
	cmd := c.verb("backup FILE [--without-evidence]", "cli.backup.short", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		cfg, err := c.load()
		if err != nil {
			return err
		}
		tell, stop := c.reporter()
		o.Progress = tell
		done, unrecorded, err := app.BackupByHand(ctx, cfg, args[0], o)
		stop()
		if err != nil {
			return err
		}
		if unrecorded != nil {
			c.print("cli.backup.unrecorded", "why", unrecorded)
		}
		return c.tellBackup(done)
	})
	cmd.Flags().BoolVar(&o.WithoutEvidence, "without-evidence", false, c.say("cli.backup.without_evidence"))
	return cmd
}

// tellBackup says what a backup contains. One that needs somebody to look after something counts as something wrong, though it is complete.
func (c *cli) tellBackup(done app.Archived) error {
	c.print("cli.backup.done", "file", done.Path, "size", text.Size(done.Bytes), "seconds", seconds(done.Took))
	c.print("cli.backup.at", "at", done.MadeAt.Local().Format(time.RFC3339))
	c.print("cli.backup.database", "size", text.Size(done.DatabaseBytes), "n", done.Entries, "head", done.Head)
	c.print("cli.backup.key")
	if done.WithEvidence {
		c.print("cli.backup.evidence", "n", done.EvidenceFiles, "size", text.Size(done.EvidenceBytes))
	} else {
		c.print("cli.backup.no_evidence")
	}
	if done.Unsealed {
		c.print("cli.backup.unsealed")
	}
	if n := len(done.Missing); n > 0 {
		c.print("cli.backup.missing", "n", n, "names", few(done.Missing))
	}
	if n := len(done.Damaged); n > 0 {
		c.print("cli.backup.damaged", "n", n, "names", few(done.Damaged))
	}
	if done.Unsealed || len(done.Missing) > 0 || len(done.Damaged) > 0 {
		return errTold
	}
	return nil
}

func (c *cli) restore() *cobra.Command {
	var o app.RestoreOptions
	var to string
	cmd := c.verb("restore FILE [--force] [--to FOLDER]", "cli.restore.short", cobra.ExactArgs(1), func(ctx context.Context, args []string) error {
		cfg, err := c.target(to)
		if err != nil {
			return err
		}
		tell, stop := c.reporter()
		o.Progress = tell
		done, err := app.Restore(ctx, cfg, args[0], o)
		stop()
		if err != nil {
			return err
		}
		return c.tellRestore(done)
	})
	cmd.Flags().BoolVar(&o.Force, "force", false, c.say("cli.restore.force"))
	cmd.Flags().StringVar(&to, "to", "", c.say("cli.restore.to"))
	return cmd
}

// target says where a backup is restored: in the places of the configuration, or in a folder, for which none is needed.
func (c *cli) target(folder string) (*config.Config, error) {
	if folder != "" {
		return app.Into(folder), nil
	}
	return c.load()
}

// tellRestore says what is there now. A record that is broken and evidence that is missing count as something wrong, though the rest is restored.
func (c *cli) tellRestore(done app.Restored) error {
	at := done.MadeAt.Local().Format(time.RFC3339)
	c.print("cli.restore.done", "at", at, "seconds", seconds(done.Took), "n", done.Entries, "head", done.Head)
	c.print("cli.restore.database", "path", done.Database)
	if done.WithEvidence {
		c.print("cli.restore.evidence", "n", done.EvidenceFiles, "path", done.Evidence)
	} else {
		c.print("cli.restore.no_evidence", "path", done.Evidence)
	}
	for _, path := range done.Aside {
		c.print("cli.restore.aside", "path", path)
	}
	if done.Older {
		c.print("cli.restore.older")
	}
	if done.Breaks > 0 {
		c.print("cli.restore.broken", "n", done.Breaks)
	}
	if n := len(done.Missing); n > 0 {
		c.print("cli.restore.missing", "n", n, "names", few(done.Missing))
	}
	c.print("cli.restore.next", "at", at)
	if done.Breaks > 0 || len(done.Missing) > 0 {
		return errTold
	}
	return nil
}

// fewNames is how many names are listed at most.
const fewNames = 10

func few(names []string) string {
	if len(names) > fewNames {
		return strings.Join(names[:fewNames], ", ") + " …"
	}
	return strings.Join(names, ", ")
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f", d.Seconds()) }

// reportEvery is how often long work tells how far it has come.
const reportEvery = 2 * time.Second

// reporter tells how far a piece of work has come, every two seconds while it lasts, so that short work says nothing.
func (c *cli) reporter() (tell func(app.Progress), stop func()) {
	var mu sync.Mutex
	var last app.Progress
	done := make(chan struct{})
	var ended sync.WaitGroup
	ended.Go(func() {
		ticker := time.NewTicker(reportEvery)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				mu.Lock()
				fmt.Fprintln(c.problems, c.progress(last))
				mu.Unlock()
			}
		}
	})
	tell = func(p app.Progress) {
		mu.Lock()
		defer mu.Unlock()
		last = p
	}
	return tell, func() {
		close(done)
		ended.Wait()
	}
}

func (c *cli) progress(p app.Progress) string {
	step := c.say("cli.progress." + p.Step)
	if p.Total == 0 {
		return step
	}
	return c.say("cli.progress.of", "step", step, "done", text.Size(p.Done), "total", text.Size(p.Total))
}
