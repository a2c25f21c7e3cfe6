package duban

import "testing"

func TestTheSameFileCountsOnce(t *testing.T) {
	photo := func(id, sum string) File {
		f := File{Kind: PhotoFile, UniqueID: id}
		if sum != "" {
			f.SHA256 = []byte(sum)
		}
		return f
	}
	for name, c := range map[string]struct {
		files []File
		want  FileCount
	}{
		"nothing":                    {nil, FileCount{}},
		"three photos":               {[]File{photo("a", ""), photo("b", ""), photo("c", "")}, FileCount{Photos: 3}},
		"one photo sent three times": {[]File{photo("a", ""), photo("a", ""), photo("a", "")}, FileCount{Photos: 1, Again: 2}},
		"the same bytes anew":        {[]File{photo("a", "s"), photo("b", "s"), photo("c", "t")}, FileCount{Photos: 2, Again: 1}},
		"a photo and a document":     {[]File{photo("a", "s"), {Kind: DocumentFile, UniqueID: "d"}}, FileCount{Photos: 1, Others: 1}},
		"bytes that are not here":    {[]File{photo("a", ""), photo("b", "")}, FileCount{Photos: 2}},
	} {
		if got := CountFiles(c.files); got != c.want {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
		}
	}
}
