package bot

import (
	"strings"

	"duban/export"
)

// nameBytes is how long the name of a file may be: what every file system takes, with room for a number before it.
const nameBytes = 120

// safeName makes the name of a file that somebody has sent safe to keep: without its folders, and as export.SafeName does. Nothing is left of a name
// that is made of nothing else.
func safeName(name string) string {
	name = strings.ToValidUTF8(name, "")
	return export.SafeName(name[strings.LastIndexAny(name, `/\`)+1:], nameBytes)
}
