// Package chatpage is the browser chat of `duban demo`: two phones side by side, each in the hands of somebody of a simulated Telegram.
// The page is one handler with its files embedded; it takes nothing from the network, and what happens in a chat reaches it at once.
package chatpage

import (
	"embed"
	"io/fs"
	"net/http"
	"time"

	"duban/sim"
)

// Page says what the browser chat shows.
type Page struct {
	Telegram *sim.Telegram
	// Left and Right are the user ids of those whose phones are shown first.
	Left, Right int64
	// About says who somebody is, such as unit and post, by user id. Where it has nothing, nothing is shown.
	About map[int64]string
	// Zone is the name of the time zone in which times are shown, such as Asia/Shanghai; empty: the browser's.
	Zone string
	// Offers are files that are at hand to be sent, made anew each time.
	Offers []Offer
}

// Offer is a file that the page can send or download. Make writes it as it is at that moment.
type Offer struct {
	Name string
	Make func(now time.Time) ([]byte, error)
}

//go:embed static
var files embed.FS

// policy lets the page take everything from its own address and nothing from elsewhere.
const policy = "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"

// Handler answers the page, its files, its stream of events and what people do on it. Requests that another site's page makes are refused.
func (p *Page) Handler() http.Handler {
	static, err := fs.Sub(files, "static")
	if err != nil {
		panic(err)
	}
	routes := http.NewServeMux()
	routes.Handle("GET /static/", http.StripPrefix("/static/", http.FileServerFS(static)))
	routes.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, static, "index.html") })
	routes.HandleFunc("GET /setting", p.setting)
	routes.HandleFunc("GET /events", p.events)
	routes.HandleFunc("GET /file/{id}", p.file)
	routes.HandleFunc("GET /offer/{name}", p.offer)
	for path, do := range deeds {
		routes.HandleFunc("POST "+path, p.doing(do))
	}
	return http.NewCrossOriginProtection().Handler(withPolicy(routes))
}

func withPolicy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cache-Control", "no-cache")
		next.ServeHTTP(w, r)
	})
}
