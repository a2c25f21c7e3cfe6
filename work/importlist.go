package work

import (
	"path/filepath"
	"regexp"
	"strings"

	"duban"
	"duban/store"
)

// nearestList returns the list whose imports brought most of the things that have some codes, and how many.
func (r *importRun) nearestList(tx *store.Tx, codes []string, idOf func(*store.Tx, string) (int64, error)) (list int64, shared int, err error) {
	lists := map[int64]int{}
	for _, code := range codes {
		id, err := idOf(tx, code)
		if err == nil {
			id, err = tx.ListOf(brings[r.kind], id)
		}
		if duban.CodeOf(err) == duban.NotFound {
			continue
		}
		if err != nil {
			return 0, 0, err
		}
		lists[id]++
	}
	list, shared = mostShared(lists)
	return list, shared, nil
}

// mostShared returns the list with which most rows are shared; of equals the newest.
func mostShared(lists map[int64]int) (list int64, shared int) {
	for id, n := range lists {
		if n > shared || n == shared && id > list {
			list, shared = id, n
		}
	}
	return list, shared
}

// isList reports whether a file is a list with which it shares so many of its items: when it has its name, or half of them.
func (r *importRun) isList(tx *store.Tx, list int64, shared, members int) (bool, error) {
	named, err := r.isNamedLike(tx, list)
	return named || shared*2 >= members, err
}

func (r *importRun) isNamedLike(tx *store.Tx, list int64) (bool, error) {
	files, err := tx.FilesOfList(list)
	for _, file := range files {
		if listName(file) == listName(r.o.File) {
			return true, err
		}
	}
	return false, err
}

// versionMark is what people and programs put behind the name of a file that is sent once more.
var versionMark = regexp.MustCompile(`(?i)[-_ ]*(\(\d+\)|（\d+）|副本|问题|改|修改|更正|终稿|最终版?|新|copy|problems|v?\d{1,2}|\d{8})$`)

// listName is the name of a list, whatever version of its file this is.
func listName(file string) string {
	name := strings.TrimSuffix(file, filepath.Ext(file))
	for {
		plain := versionMark.ReplaceAllString(name, "")
		if plain == name || plain == "" {
			return strings.ToLower(strings.TrimSpace(name))
		}
		name = plain
	}
}
