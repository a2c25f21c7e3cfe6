package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"
)

// What may lie in the folder for evidence beside the evidence itself: what a restore unpacks and what it moves aside where the folder cannot be moved,
// and what a file system of its own has at its root. None of it is evidence, and no restore moves it.
const (
	stagedInside = ".restoring"
	asideInside  = ".before-restore"
	lostAndFound = "lost+found"
)

// isEvidence reports whether something in the folder for evidence, by its name there, belongs to the evidence.
func isEvidence(name string) bool {
	return !strings.HasPrefix(name, stagedInside) && !strings.HasPrefix(name, asideInside) && name != lostAndFound
}

// evidenceIn lists what of the evidence lies in a folder, by name there. A folder that does not exist has none.
func evidenceIn(folder string) ([]string, error) {
	entries, err := os.ReadDir(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	var names []string
	for _, e := range entries {
		if isEvidence(e.Name()) {
			names = append(names, e.Name())
		}
	}
	return names, err
}

// fixed reports whether a folder has to stay where it is: it is a disk of its own, such as a volume of a container, a link, or nothing can be put beside
// it. Nobody can tell before trying, so a file is moved from beside the folder into it and removed again.
func fixed(folder string) (bool, error) {
	info, err := os.Lstat(folder)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return false, nil
	case err != nil:
		return false, err
	case info.Mode().Type() == fs.ModeSymlink:
		return true, nil
	}
	probe, err := os.CreateTemp(filepath.Dir(folder), ".duban-probe-")
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, unix.EROFS) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	into := filepath.Join(folder, stagedInside+filepath.Base(probe.Name()))
	err = errors.Join(probe.Close(), os.Rename(probe.Name(), into))
	os.Remove(probe.Name())
	os.Remove(into)
	if errors.Is(err, unix.EXDEV) {
		return true, nil
	}
	return false, err
}

// stagedEvidence is where the evidence is unpacked.
func (r *restore) stagedEvidence() string {
	if r.fixed {
		return filepath.Join(r.config.Evidence.Dir, stagedInside)
	}
	return staged(r.config.Evidence.Dir)
}

// evidenceMoves lists how the evidence comes into its place and what is there out of it: the folder as a whole, or, where that has to stay, one by one
// what is in it. The folder to which it goes aside is noted.
func (r *restore) evidenceMoves(suffix string) (aside, in []move, err error) {
	folder := r.config.Evidence.Dir
	there, err := evidenceIn(folder)
	if err != nil || !r.done.WithEvidence {
		return nil, nil, err
	}
	if !r.fixed {
		if len(there) > 0 {
			aside = []move{{folder, folder + suffix}}
			r.done.Aside = append(r.done.Aside, folder+suffix)
		} else if err := removeEmpty(folder); err != nil {
			return nil, nil, err
		}
		return aside, []move{{r.stagedEvidence(), folder}}, nil
	}
	old := filepath.Join(folder, suffix)
	for _, name := range there {
		aside = append(aside, move{filepath.Join(folder, name), filepath.Join(old, name)})
	}
	if len(aside) > 0 {
		r.done.Aside = append(r.done.Aside, old)
		if err := os.Mkdir(old, 0o700); err != nil {
			return nil, nil, err
		}
	}
	fresh, err := evidenceIn(r.stagedEvidence())
	for _, name := range fresh {
		in = append(in, move{filepath.Join(r.stagedEvidence(), name), filepath.Join(folder, name)})
	}
	return aside, in, err
}

// removeEmpty removes a folder without evidence, in whose place another one comes. One that has something else in it stays and is refused later.
func removeEmpty(folder string) error {
	err := os.Remove(folder)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
