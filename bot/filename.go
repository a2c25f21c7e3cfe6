package bot

import (
	"path"
	"regexp"
	"strings"
	"unicode"
)

// nameBytes is how long the name of a file may be: what every file system takes, with room for a number before it.
const nameBytes = 120

// reservedNames are what Windows does not take as the name of a file, with or without an extension.
var reservedNames = regexp.MustCompile(`(?i)^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|$)`)

// safeName makes the name of a file one that can be kept anywhere and deceives nobody: without folders, without control and direction characters, without
// what Windows refuses, and not too long. Nothing is left of a name that is made of nothing else.
func safeName(name string) string {
	name = strings.ToValidUTF8(name, "")
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.In(r, unicode.Zl, unicode.Zp):
			return -1
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		}
		return r
	}, name)
	name = strings.TrimRight(strings.TrimLeft(name, " ."), " .")
	if reservedNames.MatchString(name) {
		name = "_" + name
	}
	return shortName(name)
}

// shortName cuts the middle out of a name that is too long and keeps its extension.
func shortName(name string) string {
	if len(name) <= nameBytes {
		return name
	}
	end := path.Ext(name)
	if len(end) > nameBytes/4 {
		end = ""
	}
	return strings.ToValidUTF8(name[:nameBytes-len(end)], "") + end
}
