package export

import (
	"cmp"
	"fmt"
	"path"
	"regexp"
	"strings"
	"unicode"
)

// nameBytes is how long the name of a file may be, with room for what is put before and behind it: what every file system takes.
const nameBytes = 150

// reservedNames are what Windows does not take as the name of a file, with or without an extension.
var reservedNames = regexp.MustCompile(`(?i)^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)`)

// FileName makes a name of a file or a folder of any words, as SafeName does, and never an empty one.
func FileName(words string) string {
	return cmp.Or(strings.TrimRight(SafeName(words, nameBytes), " ."), "_")
}

// SafeName makes of any words a name that can be kept anywhere and deceives nobody: without folders, control and direction characters and what Windows
// refuses, of so many bytes at most; the extension is kept. Of words that are made of nothing else it is empty.
func SafeName(words string, most int) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp):
			return -1
		case strings.ContainsRune(`<>:"|?*/\`, r):
			return '_'
		}
		return r
	}, strings.ToValidUTF8(words, ""))
	name = strings.TrimRight(strings.TrimLeft(name, " ."), " .")
	if reservedNames.MatchString(name) {
		name = "_" + name
	}
	if len(name) <= most {
		return name
	}
	end := path.Ext(name)
	if len(end) > most/4 {
		end = ""
	}
	return strings.ToValidUTF8(name[:most-len(end)], "") + end
}

// Names gives out names of files of which none is given out twice, also where letters are not told apart by their size.
type Names map[string]bool

// Take makes a name of words, with a number behind it where it is taken.
func (n Names) Take(words string) string {
	name := FileName(words)
	for i := 2; n[strings.ToLower(name)]; i++ {
		name = fmt.Sprintf("%s (%d)", FileName(words), i)
	}
	n[strings.ToLower(name)] = true
	return name
}
