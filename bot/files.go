package bot

import (
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
)

// filesOf returns the file that a message carries: a photo in its largest size, a document, a video or a recording.
func filesOf(m *models.Message) []duban.File {
	if m == nil {
		return nil
	}
	f := duban.File{MediaGroup: m.MediaGroupID, ChatID: m.Chat.ID, MessageID: int64(m.ID), At: time.Unix(int64(m.Date), 0).UTC()}
	switch {
	case len(m.Photo) > 0:
		largest := m.Photo[len(m.Photo)-1]
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.PhotoFile, largest.FileID, largest.FileUniqueID, int64(largest.FileSize)
	case m.Document != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size, f.Name = duban.DocumentFile, m.Document.FileID, m.Document.FileUniqueID, m.Document.FileSize, m.Document.FileName
	case m.Video != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size, f.Name = duban.VideoFile, m.Video.FileID, m.Video.FileUniqueID, m.Video.FileSize, m.Video.FileName
	case m.Voice != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.AudioFile, m.Voice.FileID, m.Voice.FileUniqueID, m.Voice.FileSize
	case m.Audio != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size, f.Name = duban.AudioFile, m.Audio.FileID, m.Audio.FileUniqueID, m.Audio.FileSize, m.Audio.FileName
	default:
		return nil
	}
	return []duban.File{f}
}

// tooLarge reports whether a file is larger than a bot can fetch.
func tooLarge(files []duban.File) bool {
	for _, f := range files {
		if f.Size > duban.MaxFile {
			return true
		}
	}
	return false
}
