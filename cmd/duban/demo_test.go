package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"image"
	_ "image/png" // the picture of the page is one
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"duban/sim/city"
)

var updatePicture = flag.Bool("update", false, "write docs/demo.png anew")

// picture is the page as it stands in README.md.
const picture = "../../docs/demo.png"

// patience is how long a browser on a busy machine may take for one thing, startPatience how long the sample city may take under the race
// detector.
const (
	patience      = 60 * time.Second
	startPatience = 5 * time.Minute
)

// startDemo runs a demo in this process and returns the address of its page, once it can be opened. It must stop cleanly at the end.
func startDemo(t *testing.T) string {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	d := demo{listen: "127.0.0.1:0", log: slog.New(slog.NewTextHandler(t.Output(), nil)), ready: func(address string) { ready <- address }}
	go func() { ended <- d.run(ctx) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-ended:
			if err != nil {
				t.Errorf("the demo ended with: %v", err)
			}
		case <-time.After(patience):
			t.Error("the demo does not stop")
		}
	})
	select {
	case address := <-ready:
		return address
	case err := <-ended:
		ended <- err
		t.Fatalf("the demo did not start: %v", err)
	case <-time.After(startPatience):
		t.Fatal("the demo does not start")
	}
	return ""
}

// TestTheDemo plays on one demo, since its sample city takes long under the race detector.
func TestTheDemo(t *testing.T) {
	if testing.Short() {
		t.Skip("takes long with the race detector")
	}
	address := startDemo(t)
	t.Run("it is healthy and takes requests of its own page only", func(t *testing.T) { isHealthyAndGuarded(t, address) })
	browser := mustFindBrowser(t)
	t.Run("on a desk an officer signs and submits with a file, the administrator accepts", func(t *testing.T) {
		p := openPage(t, browser, address, 1440, 900, false)
		playTheMainJob(p, "书记创新项目结题", "书记创新项目结题")
		if *updatePicture {
			p.save(picture)
		}
		p.hand("right", "赵刚")
		p.mustBeQuiet()
	})
	t.Run("on a telephone too", func(t *testing.T) {
		p := openPage(t, browser, address, 390, 844, true)
		playTheMainJob(p, "内部事项", "述职材料报送")
		p.mustBeQuiet()
	})
	t.Run("an announcement stands in the work group and leads back into the private chat", func(t *testing.T) {
		p := openPage(t, browser, address, 390, 844, true)
		playTheGroup(p)
		p.mustBeQuiet()
	})
}

// playTheMainJob lets the officer who is shown first sign for one item and submit another, which may be the same, and the administrator
// accept it. Both see each step.
func playTheMainJob(p *page, signs, submits string) {
	p.t.Helper()
	p.front("right")
	p.press("right", signs, "签收")
	p.wait("the card does not say any more that it is not signed", "!"+card("right", signs, "未签收"))

	p.reply("right", submits)
	p.attach("right", "结题报告.txt", "措施、成效和做法。")
	p.click(`//section[@data-side="right"]//button[contains(@class,"send")]`)
	p.wait("the card says that it is reported", card("right", submits, "待审核"))
	p.wait("the file stands in the chat, as an answer", `Boolean(document.querySelector('[data-side=right] .mine .quote ~ .file'))`)

	p.front("left")
	p.wait("the administrator has the file", `[...document.querySelectorAll('[data-side=left] .theirs .file')].at(-1).textContent.includes('结题报告.txt')`)
	p.wait("the administrator has the card", cardOfSchool(submits, "材料"))
	p.press("left", submits, "通过")
	p.wait("the review card says that it is passed", cardOfSchool(submits, "已通过"))

	p.front("right")
	p.wait("the officer's card says that it is closed", card("right", submits, "已办结"))
}

// playTheGroup lets the administrator announce something in the work group too, and the officer confirm it by way of the group.
func playTheGroup(p *page) {
	p.t.Helper()
	p.say("left", "/announce")
	p.wait("the bot asks for the announcement", card("left", "请发送公告内容", ""))
	p.say("left", "周五上午九时召开例会")
	for _, step := range [][2]string{{"发送范围", "全部"}, {"选择回执方式", "已阅"}, {"选择发送时间", "同时发到工作群"}, {"选择发送时间", "立即"}, {"请核对以上公告", "确认发送"}} {
		p.press("left", step[0], step[1])
	}
	p.turn("left", city.GroupName)
	p.wait("the group has the announcement", card("left", "周五上午九时召开例会", ""))

	p.front("right")
	p.turn("right", city.GroupName)
	p.press("right", "回执：已阅", "去签收")
	p.press("right", "周五上午九时召开例会", "已阅")
	p.wait("the button says when it was confirmed", `[...document.querySelectorAll('[data-side=right] .inline button')].some(b => /已阅 \d\d:\d\d/.test(b.textContent))`)
}

// cardOfSchool is an expression: a message to the administrator with a title is about the officer's school and has a piece of text.
func cardOfSchool(title, piece string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('[data-side=left] .theirs .text')].some(m => m.textContent.includes("第五中学") && m.textContent.includes(%s) && m.textContent.includes(%s))`,
		quoted(title), quoted(piece))
}

func isHealthyAndGuarded(t *testing.T, address string) {
	t.Helper()
	eventually(t, "the demo is ready", func() bool {
		answer, err := http.Get(address + "/readyz")
		if err != nil {
			return false
		}
		defer answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	})
	request, err := http.NewRequest(http.MethodPost, address+"/send", strings.NewReader(`{"person":1,"text":"x"}`))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", "https://elsewhere.example")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusForbidden {
		t.Errorf("the page of another site was answered with %s", answer.Status)
	}
}

// eventually waits until a condition holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(patience)
	for tick := time.Tick(50 * time.Millisecond); !holds(); {
		select {
		case <-deadline:
			t.Fatalf("waited in vain until %s", what)
		case <-tick:
		}
	}
}

// mustFindBrowser returns the path of a Chromium. Without one the test is skipped, except in CI, where there must be one.
func mustFindBrowser(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") != "" {
		t.Fatal("there is no chromium: scripts/prepare.sh installs it")
	}
	t.Skip("there is no chromium")
	return ""
}

// page is the demo's page in a browser.
type page struct {
	t      *testing.T
	ctx    context.Context
	narrow bool
}

func openPage(t *testing.T, browser, address string, width, height int64, narrow bool) *page {
	t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browser), chromedp.NoSandbox,
		chromedp.Flag("disable-gpu", true), chromedp.Flag("disable-quic", true), chromedp.UserDataDir(t.TempDir()))
	allocated, free := chromedp.NewExecAllocator(context.Background(), options...)
	t.Cleanup(free)
	ctx, closeBrowser := chromedp.NewContext(allocated)
	t.Cleanup(closeBrowser)
	p := &page{t: t, ctx: ctx, narrow: narrow}
	if err := chromedp.Do(ctx); err != nil { // the browser lives as long as the context that starts it
		t.Fatal(err)
	}
	viewport := chromedp.EmulateViewport(width, height)
	if narrow {
		viewport = chromedp.EmulateViewport(width, height, chromedp.EmulateMobile, chromedp.EmulateTouch)
	}
	p.do("open the page", viewport, chromedp.Navigate(address))
	p.do("watch for errors", evaluate(`window.problems = []; addEventListener("error", e => problems.push(e.message)); addEventListener("unhandledrejection", e => problems.push(String(e.reason)))`))
	p.wait("both phones show their chats", `document.querySelectorAll('.phone .inline button').length > 8`)
	return p
}

func evaluate(expression string) chromedp.Action[chromedp.Void] {
	return chromedp.Evaluate[chromedp.Void](expression + "; undefined")
}

func (p *page) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, steps...); err != nil {
		p.fail("%s: %v", what, err)
	}
}

// fail ends the test, with a picture of the page where one can be had.
func (p *page) fail(format string, args ...any) {
	p.t.Helper()
	if shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot()); err == nil {
		place := filepath.Join(os.TempDir(), "duban-demo-failed.png")
		p.t.Log("the page at that moment:", place, os.WriteFile(place, shot, 0o600))
	}
	p.t.Fatalf(format, args...)
}

// wait waits until an expression of the page is true.
func (p *page) wait(what, expression string) {
	p.t.Helper()
	deadline := time.After(patience)
	for tick := time.Tick(50 * time.Millisecond); ; {
		holds, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool](expression))
		if err == nil && holds {
			return
		}
		select {
		case <-deadline:
			p.fail("waited in vain until %s (%v)", what, err)
		case <-tick:
		}
	}
}

// card is an expression: a phone shows a message of the bot with a title and a piece of text.
func card(side, title, piece string) string {
	return fmt.Sprintf(`[...document.querySelectorAll('[data-side=%s] .theirs .text')].some(m => m.textContent.includes(%s) && m.textContent.includes(%s))`,
		side, quoted(title), quoted(piece))
}

func quoted(text string) string {
	data, _ := json.Marshal(text)
	return string(data)
}

// front brings a phone to the front, where the screen has room for one only.
func (p *page) front(side string) {
	p.t.Helper()
	if p.narrow {
		p.click(fmt.Sprintf(`//nav[contains(@class,"tabs")]/button[%d]`, map[string]int{"left": 1, "right": 2}[side]))
	}
}

// click clicks on what is there. Where the page draws it anew between finding and clicking, nothing was clicked on, and the new one is.
func (p *page) click(xpath string) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	for {
		err := chromedp.Do(ctx, chromedp.Click(chromedp.Search(xpath), chromedp.NodeVisible))
		if err == nil {
			return
		}
		if ctx.Err() != nil || !strings.Contains(err.Error(), "Could not find node") {
			p.fail("click %s: %v", xpath, err)
		}
	}
}

// messageOn is the newest message of the bot with a title.
func messageOn(side, title string) string {
	return fmt.Sprintf(`(//section[@data-side=%q]//div[contains(@class,"theirs")][.//div[@class="text"][contains(.,%q)]])[last()]`, side, title)
}

func (p *page) press(side, title, label string) {
	p.t.Helper()
	button := fmt.Sprintf(`(//section[@data-side=%q]//div[contains(@class,"theirs")][.//div[@class="text"][contains(.,%q)]][.//button[contains(.,%q)]])[last()]//button[contains(.,%q)]`, side, title, label, label)
	p.do("find "+label, chromedp.WaitVisible(chromedp.Search(button)))
	p.click(button)
}

// say writes a message.
func (p *page) say(side, text string) {
	p.t.Helper()
	p.do("write "+text, chromedp.SendKeys(chromedp.CSS(fmt.Sprintf("[data-side=%s] textarea", side)), text+"\r"))
}

// turn opens another chat of a phone.
func (p *page) turn(side, title string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`//section[@data-side=%q]//nav[contains(@class,"places")]/button[.=%q]`, side, title))
	p.wait("the chat is open", fmt.Sprintf(`document.querySelector('[data-side=%s] .title').textContent === %s`, side, quoted(title)))
}

func (p *page) reply(side, title string) {
	p.t.Helper()
	p.click(messageOn(side, title) + `//time`)
	p.click(messageOn(side, title) + `//div[@class="tools"]/button[1]`)
}

// hand gives a phone to somebody found by typing, with the keyboard alone once the list is open.
func (p *page) hand(side, name string) {
	p.t.Helper()
	p.click(fmt.Sprintf(`//section[@data-side=%q]/button[contains(@class,"owner")]`, side))
	p.do("search", chromedp.SendKeys(chromedp.CSS(fmt.Sprintf("[data-side=%s] .search input", side)), name+"\r"))
	p.wait("the phone is "+name+"'s", fmt.Sprintf(`document.querySelector('[data-side=%s] .owner .name').textContent === %s && document.querySelector('[data-side=%s] .people').hidden`,
		side, quoted(name), side))
}

func (p *page) attach(side, name, content string) {
	p.t.Helper()
	place := filepath.Join(p.t.TempDir(), name)
	if err := os.WriteFile(place, []byte(content), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.do("attach a file", chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf("[data-side=%s] .choose-files", side)), []string{place}))
	p.wait("the file is attached", fmt.Sprintf(`document.querySelectorAll('[data-side=%s] .to-send .chip').length === 1`, side))
}

// mustBeQuiet fails the test for what went wrong in the page.
func (p *page) mustBeQuiet() {
	p.t.Helper()
	problems, err := chromedp.Run(p.ctx, chromedp.Evaluate[[]string]("problems"))
	if err != nil || len(problems) > 0 {
		p.t.Errorf("the page had problems: %v %v", problems, err)
	}
}

// mostPicture is how many bytes the picture may have.
const mostPicture = 400 << 10

func (p *page) save(name string) {
	p.t.Helper()
	p.wait("nothing moves", `document.getAnimations().length === 0 && !document.querySelector('.toast.shown')`)
	shot, err := chromedp.Run(p.ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if _, _, err := image.DecodeConfig(bytes.NewReader(shot)); err != nil || len(shot) > mostPicture {
		p.t.Fatalf("the picture has %d bytes: %v", len(shot), err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, shot, 0o644)); err != nil {
		p.t.Fatal(err)
	}
}
