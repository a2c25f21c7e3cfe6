package sim

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"image"
	_ "image/gif"  // photos may be of these kinds
	_ "image/jpeg" // photos may be of these kinds
	_ "image/png"  // photos may be of these kinds
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
	"time"
)

// maxDownload is the size up to which a bot may fetch a file.
const maxDownload = 20 << 20

// maxPhoto is the size up to which a photo may be sent as one.
const maxPhoto = 10 << 20

// linkLives is how long the path that getFile gives works.
const linkLives = time.Hour

// file is something that somebody sent. data is nil for a file of which only the size matters.
type file struct {
	id, unique    string
	kind          string
	name, mime    string
	data          []byte
	size          int64
	width, height int
	path          string
	linkUntil     time.Time
}

// keepFile stores a file and gives it its identifiers. The unique one follows from the content.
func (t *Telegram) keepFile(f *file) *file {
	sum := sha256.Sum256(append([]byte(f.kind+strconv.FormatInt(f.size, 10)+"\x00"), f.data...))
	f.unique = "AgAD" + base64.RawURLEncoding.EncodeToString(sum[:9])
	f.id = t.randomID("BQACAgUAAxkBAA")
	if f.mime == "" {
		f.mime = mime.TypeByExtension(strings.ToLower(path.Ext(f.name)))
	}
	if f.mime == "" {
		f.mime = "application/octet-stream"
	}
	f.path = fmt.Sprintf("%ss/file_%d%s", f.kind, len(t.files), strings.ToLower(path.Ext(f.name)))
	t.files[f.id], t.paths[f.path] = f, f
	return f
}

func (t *Telegram) newPhoto(data []byte) *file {
	f := &file{kind: "photo", name: "photo.jpg", mime: "image/jpeg", data: data, size: int64(len(data)), width: 1280, height: 720}
	if config, _, err := image.DecodeConfig(bytes.NewReader(data)); err == nil {
		f.width, f.height = config.Width, config.Height
	}
	return t.keepFile(f)
}

func (t *Telegram) newDocument(name string, data []byte) *file {
	return t.keepFile(&file{kind: "document", name: name, data: data, size: int64(len(data))})
}

// putInto makes a file the content of a message.
func (f *file) putInto(m *Message) {
	switch f.kind {
	case "photo":
		m.Photo = []PhotoSize{{FileID: f.id, FileUniqueID: f.unique, Width: f.width, Height: f.height, FileSize: f.size}}
		return
	case "video":
		m.Video = &Video{FileID: f.id, FileUniqueID: f.unique, Width: 1280, Height: 720, Duration: 3, FileName: f.name, MimeType: f.mime, FileSize: f.size}
		return
	case "voice":
		m.Voice = &Voice{FileID: f.id, FileUniqueID: f.unique, Duration: 3, MimeType: f.mime, FileSize: f.size}
		return
	}
	m.Document = &Document{FileID: f.id, FileUniqueID: f.unique, FileName: f.name, MimeType: f.mime, FileSize: f.size}
}

// fileFrom finds the file that a parameter means: an upload, an attachment or the id of a file that Telegram has.
func (t *Telegram) fileFrom(c *call, value any, kind string) (*file, *apiError) {
	if up, ok := value.(*upload); ok {
		return t.fileFromUpload(up, kind)
	}
	text, _ := value.(string)
	if name, ok := strings.CutPrefix(text, "attach://"); ok {
		up := c.uploads[name]
		if up == nil {
			return nil, broken("file %q was not attached", name)
		}
		return t.fileFromUpload(up, kind)
	}
	f := t.files[text]
	if f == nil {
		return nil, broken("wrong file identifier/HTTP URL specified")
	}
	if f.kind != kind {
		return nil, broken("can't use file of type %s as %s", f.kind, kind)
	}
	return f, nil
}

func (t *Telegram) fileFromUpload(up *upload, kind string) (*file, *apiError) {
	if len(up.data) == 0 {
		return nil, broken("file must be non-empty")
	}
	switch kind {
	case "document":
		return t.newDocument(up.name, up.data), nil
	case "photo":
		if _, _, err := image.DecodeConfig(bytes.NewReader(up.data)); err != nil {
			return nil, broken("IMAGE_PROCESS_FAILED")
		}
		if len(up.data) > maxPhoto {
			return nil, broken("file is too big")
		}
		return t.newPhoto(up.data), nil
	}
	return nil, broken("the simulated Telegram does not know files of kind %s", kind)
}

// fileInfo is a File of the Bot API.
type fileInfo struct {
	FileID       string `json:"file_id"`
	FileUniqueID string `json:"file_unique_id"`
	FileSize     int64  `json:"file_size,omitempty"`
	FilePath     string `json:"file_path,omitempty"`
}

func (t *Telegram) getFile(c *call) (any, *apiError) {
	f := t.files[c.text("file_id")]
	if f == nil {
		return nil, refuse(400, "wrong file_id or the file is temporarily unavailable")
	}
	if f.size > maxDownload {
		return nil, refuse(400, "file is too big")
	}
	f.linkUntil = time.Now().Add(linkLives)
	return fileInfo{f.id, f.unique, f.size, f.path}, nil
}

// download answers the path that getFile gave.
func (t *Telegram) download(target string) reply {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.paths[target]
	if f == nil || !f.linkUntil.After(time.Now()) {
		return errorReply(refuse(404, ""))
	}
	return reply{status: 200, header: http.Header{"Content-Type": {"application/octet-stream"}}, body: f.data}
}

// File is the content of something that was sent.
type File struct {
	Name, MimeType string
	Data           []byte
}

// File returns the file with an id, false when there is none.
func (t *Telegram) File(id string) (File, bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	f := t.files[id]
	if f == nil {
		return File{}, false
	}
	return File{f.name, f.mime, f.data}, true
}

func (t *Telegram) newAlbum() string {
	t.album++
	return strconv.FormatInt(13_000_000_000_000_000+t.album, 10)
}
