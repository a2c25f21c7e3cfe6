package bot

import (
	"fmt"
	"strings"
	"testing"
)

func TestFilesGoIntoTheAlbumsThatTelegramTakes(t *testing.T) {
	for kinds, want := range map[string]string{
		"photo":                                         "photo",
		"photo document photo document":                 "photo+photo document+document",
		"photo video document voice voice":              "photo+video document voice voice",
		"video_note video":                              "video_note video",
		"audio document audio":                          "audio+audio document",
		strings.TrimSpace(strings.Repeat("photo ", 12)): "photo+photo+photo+photo+photo+photo+photo+photo+photo+photo photo+photo",
	} {
		var album []Media
		for i, kind := range strings.Fields(kinds) {
			album = append(album, Media{Kind: kind, FileID: fmt.Sprint(i)})
		}
		var got []string
		for _, group := range grouped(album) {
			var names []string
			for _, m := range group {
				names = append(names, m.Kind)
			}
			got = append(got, strings.Join(names, "+"))
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("%s: %s, want %s", kinds, s, want)
		}
	}
}
