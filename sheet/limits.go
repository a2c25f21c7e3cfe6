package sheet

import "time"

// What a file may cost. The numbers are far above any real roster or plan and
// low enough that refusing takes a moment and little memory.
const (
	maxFile    = 20 << 20 // bytes; a bot cannot download more than this anyway
	maxUnzip   = 64 << 20 // bytes of all parts together, as the archive declares them
	maxPart    = 32 << 20 // bytes of one part that is read
	maxStrings = 16 << 20 // bytes of the table of shared strings
	maxParts   = 2000     // entries of the archive
	maxRows    = 50_000   // rows of a sheet, empty ones included
	maxColumns = 200      // the last column that may have content
	maxCells   = 1_000_000
	maxDepth   = 100              // elements within each other; a workbook has about ten
	maxTime    = 30 * time.Second // the sizes above keep any file well below this unless the machine is overloaded
)
