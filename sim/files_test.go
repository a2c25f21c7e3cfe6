package sim

import (
	"bytes"
	"context"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func mustPNG(tb testing.TB) []byte {
	tb.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// fetch downloads a path that getFile gave.
func fetch(tb testing.TB, tg *Telegram, path string) (int, string) {
	tb.Helper()
	r, err := http.NewRequest(http.MethodGet, "http://telegram.invalid/file/bot"+tg.Token()+"/"+path, nil)
	if err != nil {
		tb.Fatal(err)
	}
	response, err := (&http.Client{Transport: tg.Client(), Timeout: time.Minute}).Do(r)
	if err != nil {
		tb.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(response.Body)
	if err != nil {
		tb.Fatal(err)
	}
	return response.StatusCode, string(data)
}

func TestAFileComesBackByteForByteForAnHour(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		tg := mustTelegram(t, Options{})
		wang := mustStart(t, tg, "王芳")
		wang.Document("总结.docx", []byte("PK\x03\x04"), "已完成")
		doc := polled(t, tg, params{})[1].Message.Document
		want(t, doc.FileName, "总结.docx")
		want(t, doc.FileSize, 4)
		f := mustAsk[models.File](t, tg, "getFile", params{"file_id": doc.FileID})
		code, data := fetch(t, tg, f.FilePath)
		want(t, code, 200)
		want(t, data, "PK\x03\x04")
		time.Sleep(time.Hour)
		code, _ = fetch(t, tg, f.FilePath)
		want(t, code, 404)
		wantRefusal(t, tg, 400, "Bad Request: wrong file_id or the file is temporarily unavailable", "getFile", params{"file_id": "x"})
	})
}

func TestFilesOver20MBCannotBeFetched(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	m := wang.HugeDocument("录像.mp4", maxDownload+1, "")
	wantRefusal(t, tg, 400, "Bad Request: file is too big", "getFile", params{"file_id": m.Document.FileID})
	m = wang.HugeDocument("录像.mp4", maxDownload, "")
	mustAsk[any](t, tg, "getFile", params{"file_id": m.Document.FileID})
}

func TestTheSameContentHasTheSameUniqueID(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	a, b, c := wang.Photo([]byte("x"), ""), wang.Photo([]byte("x"), ""), wang.Photo([]byte("y"), "")
	want(t, a.Photo[0].FileUniqueID, b.Photo[0].FileUniqueID)
	want(t, a.Photo[0].FileID != b.Photo[0].FileID && a.Photo[0].FileUniqueID != c.Photo[0].FileUniqueID, true)
}

func TestTheBotSendsFiles(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	b, ctx := mustBot(t, tg), context.Background()
	doc, err := b.SendDocument(ctx, &bot.SendDocumentParams{
		ChatID: wang.ID(), Document: &models.InputFileUpload{Filename: "台账.xlsx", Data: bytes.NewReader([]byte("xlsx"))}, Caption: "台账",
	})
	if err != nil {
		t.Fatal(err)
	}
	again, err := b.SendDocument(ctx, &bot.SendDocumentParams{ChatID: wang.ID(), Document: &models.InputFileString{Data: doc.Document.FileID}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, again.Document.FileName, "台账.xlsx")
	content, ok := tg.File(again.Document.FileID)
	want(t, ok && string(content.Data) == "xlsx", true)
	photo, err := b.SendPhoto(ctx, &bot.SendPhotoParams{ChatID: wang.ID(), Photo: &models.InputFileUpload{Filename: "a.png", Data: bytes.NewReader(mustPNG(t))}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, photo.Photo[0].Width, 40)
	album, err := b.SendMediaGroup(ctx, &bot.SendMediaGroupParams{ChatID: wang.ID(), Media: []models.InputMedia{
		&models.InputMediaPhoto{Media: photo.Photo[0].FileID, Caption: "<b>图</b>", ParseMode: models.ParseModeHTML},
		&models.InputMediaPhoto{Media: "attach://b.png", MediaAttachment: bytes.NewReader(mustPNG(t))},
	}})
	if err != nil {
		t.Fatal(err)
	}
	want(t, album[0].MediaGroupID != "" && album[0].MediaGroupID == album[1].MediaGroupID, true)
	want(t, album[0].Caption, "图")
}

func TestBadFilesAreRefused(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	doc := wang.Document("a.txt", []byte("a"), "").Document.FileID
	to := func(kind string, value any) params { return params{"chat_id": wang.ID(), kind: value} }
	wantViolation(t, tg, "wrong file identifier/HTTP URL specified", "sendDocument", to("document", "BQAC"))
	wantViolation(t, tg, "can't use file of type document as photo", "sendPhoto", to("photo", doc))
	wantViolation(t, tg, `"a.png" was not attached`, "sendMediaGroup", to("media", []params{{"type": "photo", "media": "attach://a.png"}, {"type": "photo", "media": "x"}}))
	photo := wang.Photo(mustPNG(t), "").Photo[0].FileID
	wantViolation(t, tg, "can't be mixed", "sendMediaGroup", to("media", []params{{"type": "photo", "media": photo}, {"type": "document", "media": doc}}))
	b := mustBot(t, tg)
	_, err := b.SendPhoto(context.Background(), &bot.SendPhotoParams{ChatID: wang.ID(), Photo: &models.InputFileUpload{Filename: "a.png", Data: bytes.NewReader([]byte("no picture"))}})
	wantError(t, err, "IMAGE_PROCESS_FAILED")
	tg.Forgive()
	want(t, len(tg.Delivered(0)), 0)
}

func TestUploadsOver50MBAreTooLarge(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	server := httptest.NewServer(tg)
	defer server.Close()
	b, err := bot.New(tg.Token(), bot.WithServerURL(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	_, err = b.SendDocument(context.Background(), &bot.SendDocumentParams{
		ChatID: wang.ID(), Document: &models.InputFileUpload{Filename: "a.bin", Data: io.LimitReader(zeros{}, maxUpload+1)},
	})
	wantError(t, err, "Request Entity Too Large")
	want(t, len(tg.Violations()), 1)
	tg.Forgive()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

func TestAnAlbumArrivesAsSeparateMessages(t *testing.T) {
	tg := mustTelegram(t, Options{})
	wang := mustStart(t, tg, "王芳")
	card := mustAsk[Message](t, tg, "sendMessage", params{"chat_id": wang.ID(), "text": "卡"})
	wang.ReplyAlbum(&card, "佐证", PhotoItem([]byte("1")), FileItem("a.pdf", []byte("2")))
	u := polled(t, tg, params{})[1:]
	want(t, len(u), 2)
	want(t, u[0].Message.MediaGroupID != "" && u[0].Message.MediaGroupID == u[1].Message.MediaGroupID, true)
	want(t, u[0].Message.Caption, "佐证")
	want(t, u[1].Message.Caption, "")
	want(t, u[1].Message.ReplyToMessage.ID, card.ID)
	want(t, len(u[0].Message.Photo) == 1 && u[1].Message.Document.MimeType == "application/pdf", true)
}
