package bot_test

import (
	"bytes"
	"context"
	"fmt"
	"hash/crc32"
	"log/slog"
	"os"
	"regexp"
	"sort"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"duban"
	"duban/bot"
	"duban/internal/cast"
	"duban/scheduler"
	"duban/sim"
	"duban/sim/golden"
	"duban/store"
	"duban/text"
	"duban/work"
)

// stage is all of Duban on a simulated Telegram, in fake time: it is a Monday, 23 November 2026, 9:00 in Shanghai.
type stage struct {
	t      *testing.T
	tg     *sim.Telegram
	desk   *work.Desk
	bot    *bot.Bot
	stop   func()
	gap    func(tx *store.Tx, from, to time.Time) error
	lang   text.Lang // of the organisation
	pace   bot.PaceLimits
	cast   map[string]*sim.Person
	suffix string // of the names of transcripts, by the language of the story
}

// oneInEight picks stories by their names, always the same ones: with the race detector each takes ten times as long.
func oneInEight(name string) bool { return crc32.ChecksumIEEE([]byte(name))%8 == 0 }

// play runs a story on a stage. Between steps the story lets time pass; everything that is to happen at an instant has happened when
// settle returns.
func play(t *testing.T, story func(*stage)) {
	t.Helper()
	if testing.Short() && !oneInEight(t.Name()) {
		t.Skip("with -short one story in eight is played")
	}
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(time.Date(2026, 11, 23, 9, 0, 0, 0, cast.Shanghai)))
		s := &stage{t: t, tg: sim.New(sim.Options{TB: t, Seed: 1}), desk: cast.Open(t), lang: text.ZH, cast: map[string]*sim.Person{}}
		s.gap = s.desk.NoteOutage
		s.headTold("2999-12-31")
		s.open()
		defer func() { s.stop() }()
		story(s)
		s.settle()
	})
}

// headTold lets the head of the record count as told on a day. It stands in the chat each morning and has a story of its own, so that the others need
// not tell of it.
func (s *stage) headTold(day string) {
	s.t.Helper()
	if err := s.desk.Store.Write(s.t.Context(), func(tx *store.Tx) error { return tx.SetMeta("record_head_day", day) }); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stage) open() {
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))
	client, err := bot.NewClient(bot.ClientOptions{Token: s.tg.Token(), APIURL: "https://api.telegram.org", Doer: s.tg.Client(), Log: log})
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	stats := &bot.Stats{}
	s.bot = &bot.Bot{
		Desk: s.desk, Log: log, Lang: s.lang, Username: s.tg.Username(),
		Press: func(id, toast string, alert bool) { client.AnswerPress(ctx, id, toast, alert) },
		Menu: func(chat int64, posts []duban.Post) {
			if err := s.bot.PublishMenu(ctx, client, chat, posts); err != nil {
				s.t.Error(err)
			}
		},
		Fetch: func(fileID string, limit int64) ([]byte, error) {
			var b bytes.Buffer
			_, err := client.Download(ctx, fileID, &b)
			return b.Bytes(), err
		},
	}
	intake := bot.NewIntake(client, s.desk.Store, stats, log, s.bot.Handle)
	intake.Quarantined = s.desk.Quarantined
	poller := &bot.Poller{Client: client, Store: s.desk.Store, Stats: stats, Log: log, Arrived: intake.Wake, Gap: s.gap}
	sender := bot.NewSender(client, s.desk.Store, bot.NewPace(s.pace), stats, log, s.bot.Hooks())
	evidence := &bot.Evidence{
		Dir: s.t.TempDir(), Client: client, Store: s.desk.Store, Stats: stats, Log: log,
		Stored: s.desk.FileStored, Lost: s.desk.FileLost,
	}
	clock := scheduler.New(s.desk, log)
	var running sync.WaitGroup
	running.Go(func() { poller.Poll(ctx) })
	running.Go(func() { intake.Run(ctx) })
	running.Go(func() { sender.Run(ctx) })
	running.Go(func() { evidence.Run(ctx) })
	running.Go(func() { clock.Run(ctx) })
	s.stop = func() {
		cancel()
		running.Wait()
	}
}

// settle lets everything happen that follows by itself within three seconds.
func (s *stage) settle() { s.wait(3 * time.Second) }

// wait lets time pass.
func (s *stage) wait(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// until lets time pass up to an instant of the cast's clock, such as "2026-11-24 08:30".
func (s *stage) until(at string) {
	s.t.Helper()
	when, err := time.ParseInLocation("2006-01-02 15:04", at, cast.Shanghai)
	if err != nil {
		s.t.Fatal(err)
	}
	s.wait(time.Until(when))
}

// skipTo lets time pass up to an instant with the program stopped, for nights in which nothing is due: a stopped program costs no time.
func (s *stage) skipTo(at string) {
	s.t.Helper()
	s.stop()
	s.until(at)
	s.gap = nil
	s.open()
	s.settle()
	s.gap = s.desk.NoteOutage
}

// join lets somebody of the cast join by an invitation, in the chat, and returns the hands.
func (s *stage) join(code string) *sim.Person {
	s.t.Helper()
	p := s.person(code)
	links, err := s.desk.Invite(context.Background(), duban.Console, work.InviteWhom{Code: code})
	if err != nil {
		s.t.Fatal(err)
	}
	p.Start(links[0].Secret)
	s.settle()
	s.press(p, "是我")
	return p
}

// person is somebody's telephone, by the code of the cast; others are strangers.
func (s *stage) person(code string) *sim.Person {
	if p, known := s.cast[code]; known {
		return p
	}
	name, phone := code, ""
	for _, row := range cast.Roster {
		if row.Code == code {
			name, phone = row.Name, row.Phone
		}
	}
	p := s.tg.NewPerson(name, "", sim.Phone(phone), sim.Speaks("zh-hans"))
	s.cast[code] = p
	return p
}

// press presses the newest button with a label and lets happen what follows.
func (s *stage) press(p *sim.Person, label string) {
	s.t.Helper()
	if err := p.Press(label); err != nil {
		s.t.Fatal(err)
	}
	s.settle()
}

// say sends a message and lets happen what follows.
func (s *stage) say(p *sim.Person, words string) {
	p.Send(words)
	s.settle()
}

// reply replies to the newest message with a piece of text in it.
func (s *stage) reply(p *sim.Person, to, words string) {
	s.t.Helper()
	p.Reply(s.find(p, to), words)
	s.settle()
}

func (s *stage) find(p *sim.Person, piece string) *sim.Message {
	s.t.Helper()
	m := p.Find(piece)
	if m == nil {
		s.t.Fatalf("%s sees no message with %q:\n%s", p.Name(), piece, s.tg.Transcript(p))
	}
	return m
}

// issue issues a task and lets its cards arrive.
func (s *stage) issue(row work.TaskRow) []duban.Assignment {
	s.t.Helper()
	all := cast.Issue(s.t, s.desk, duban.Console, row)
	s.settle()
	return all
}

// golden compares what was said since the mark with a transcript.
func (s *stage) golden(name string) {
	s.t.Helper()
	s.settle()
	golden.Check(s.t, name+s.suffix, inOrder(s.tg.Transcript()))
}

var (
	entryStart = regexp.MustCompile(`(?m)^ *\S+  (?:→ )?\S`)
	entryWho   = regexp.MustCompile(`^ *(\S+)  (→ )?([^ :\n]+)( \((?:提示|改)\))?`)
)

// inOrder puts what happened in the same second into one order: what people did, then what each got, with the small answer to a press, the edits and
// the warnings first. Many chats are served at once, and in fake time much falls onto one instant, so their order among each other is chance, and so is
// that of several edits in one chat, and of a warning beside what it does not concern.
func inOrder(transcript string) string {
	entries := entriesOf(transcript)
	sort.SliceStable(entries, func(i, j int) bool { return rank(entries[i]) < rank(entries[j]) })
	return strings.Join(entries, "")
}

// entriesOf splits a transcript into what was said and done.
func entriesOf(transcript string) (entries []string) {
	starts := entryStart.FindAllStringIndex(transcript, -1)
	for i, at := range starts {
		end := len(transcript)
		if i+1 < len(starts) {
			end = starts[i+1][0]
		}
		entries = append(entries, transcript[at[0]:end])
	}
	return entries
}

func rank(entry string) string {
	m := entryWho.FindStringSubmatch(entry)
	at, err := time.ParseDuration(m[1])
	if err != nil {
		panic(err)
	}
	if m[2] == "" {
		return fmt.Sprintf("%09d 0", int(at.Seconds()))
	}
	edited := ""
	if m[4] == " (改)" {
		edited = entry
	}
	kind := map[string]int{" (提示)": 0, " (改)": 1, "": 3}[m[4]]
	if strings.HasPrefix(entry[len(m[0]):], ": ⚠") {
		kind = 2
	}
	return fmt.Sprintf("%09d 1 %s %d %s", int(at.Seconds()), m[3], kind, edited)
}
