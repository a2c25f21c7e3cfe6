package duban

// FileCount is what the files of a submission count for. The same file sent twice counts once, so that three copies of a photo are one photo.
type FileCount struct {
	Photos int
	Others int // documents, films and recordings
	Again  int // files that were sent before in the same submission
}

// CountFiles counts the files of a submission. Two files are the same when Telegram says so, or when their bytes are.
func CountFiles(files []File) FileCount {
	var t FileCount
	seen := map[string]bool{}
	for _, f := range files {
		again := seen["id "+f.UniqueID] || len(f.SHA256) > 0 && seen["sum "+string(f.SHA256)]
		seen["id "+f.UniqueID] = true
		if len(f.SHA256) > 0 {
			seen["sum "+string(f.SHA256)] = true
		}
		switch {
		case again:
			t.Again++
		case f.Kind == PhotoFile:
			t.Photos++
		default:
			t.Others++
		}
	}
	return t
}

// Empty reports whether there are no files at all.
func (c FileCount) Empty() bool { return c == FileCount{} }
