package bot

import (
	"cmp"
	"time"

	"github.com/go-telegram/bot/models"

	"duban"
)

// filesOf returns the file that a message carries: a photo in its largest size, a document, a video or a recording. A recording of the moment, spoken or
// filmed round, has no name; every other film and piece of music gets one, since Telegram sends the two in different ways.
func filesOf(m *models.Message) []duban.File {
	if m == nil {
		return nil
	}
	f := duban.File{
		MediaGroup: m.MediaGroupID, ChatID: m.Chat.ID, MessageID: int64(m.ID), At: time.Unix(int64(m.Date), 0).UTC(),
		Forwarded: m.ForwardOrigin != nil,
	}
	switch {
	case len(m.Photo) > 0:
		largest := m.Photo[len(m.Photo)-1]
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.PhotoFile, largest.FileID, largest.FileUniqueID, int64(largest.FileSize)
	case m.Document != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.DocumentFile, m.Document.FileID, m.Document.FileUniqueID, m.Document.FileSize
		f.Name = cmp.Or(safeName(m.Document.FileName), "document")
	case m.Video != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.VideoFile, m.Video.FileID, m.Video.FileUniqueID, m.Video.FileSize
		f.Name = cmp.Or(safeName(m.Video.FileName), "video.mp4")
	case m.VideoNote != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.VideoFile, m.VideoNote.FileID, m.VideoNote.FileUniqueID, int64(m.VideoNote.FileSize)
	case m.Audio != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.AudioFile, m.Audio.FileID, m.Audio.FileUniqueID, m.Audio.FileSize
		f.Name = cmp.Or(safeName(m.Audio.FileName), "audio")
	case m.Voice != nil:
		f.Kind, f.FileID, f.UniqueID, f.Size = duban.AudioFile, m.Voice.FileID, m.Voice.FileUniqueID, m.Voice.FileSize
	default:
		return nil
	}
	return []duban.File{f}
}

// mediaOf is a file as Telegram sends it again.
func mediaOf(f duban.File) Media {
	kind := string(f.Kind)
	switch {
	case f.Kind == duban.AudioFile && f.Name == "":
		kind = "voice"
	case f.Kind == duban.VideoFile && f.Name == "":
		kind = "video_note"
	}
	return Media{Kind: kind, FileID: f.FileID}
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
