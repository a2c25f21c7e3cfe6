package checks

import (
	"maps"
	"slices"
)

// subjects are what an entry of the record says that it is about, a bit for each field of duban.Entry that names something; every entry has the first.
type subjects uint8

const anything subjects = 1

// entryFields are the fields of an entry by which it says what it is about, in the order of their bits.
var entryFields = []string{"UnitID", "PersonID", "TaskID", "AssignmentID", "AnnouncementID"}

func aboutField(name string) subjects { return subjects(2) << slices.Index(entryFields, name) }

// way is what has been done on one way through a transaction: what the entries that were appended to the record are about, and one of the changes that
// none of them tells.
type way struct {
	recorded subjects
	changed  string // the method of the transaction, empty for none
}

// ways is everything that can have been done at a place; empty where nobody gets to.
type ways map[way]bool

func nothingDone() ways { return ways{{}: true} }

func either(all ...ways) ways {
	joined := ways{}
	for _, w := range all {
		maps.Copy(joined, w)
	}
	return joined
}

// then is what has been done after one thing and then another. An entry tells a change before it as well as one after it.
func (w *walk) then(first, next ways) ways {
	both := ways{}
	for before := range first {
		for after := range next {
			recorded := before.recorded | after.recorded
			told := true
			for _, method := range []string{before.changed, after.changed} {
				if method != "" && recorded&w.needs[method] == 0 {
					both[way{recorded, method}], told = true, false
				}
			}
			if told {
				both[way{recorded: recorded}] = true
			}
		}
	}
	return both
}
