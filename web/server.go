package web

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"duban/store"
)

// Server answers /healthz, /readyz and /metrics.
type Server struct {
	Store   *store.Store
	Vitals  func() Vitals
	Version string
}

// askWithin is how long the database may take to answer a question about health or figures.
const askWithin = 5 * time.Second

// Handler returns the routes.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", s.healthz)
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.registry(), promhttp.HandlerOpts{Timeout: 2 * askWithin}))
	return mux
}

func (s *Server) registry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(
		collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		newFigures(s),
	)
	return r
}

// healthz is 200 while the process lives and its loops come round.
func (s *Server) healthz(w http.ResponseWriter, r *http.Request) {
	v := s.Vitals()
	answer(w, append(v.Unhealthy(time.Now()), s.mute(r.Context())...), v.Warnings)
}

// readyz is 200 once updates arrive and the database answers. Its schema was brought up to date, or found so, when it was opened.
func (s *Server) readyz(w http.ResponseWriter, r *http.Request) {
	v, now := s.Vitals(), time.Now()
	reasons := append(v.Unhealthy(now), v.Unready(now)...)
	answer(w, append(reasons, s.mute(r.Context())...), v.Warnings)
}

// mute returns a reason when the database does not answer.
func (s *Server) mute(ctx context.Context) []string {
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	err := s.Store.Read(ctx, func(tx *store.Tx) error {
		_, err := tx.Meta("sentinel")
		return err
	})
	if err != nil {
		return []string{"the database does not answer"}
	}
	return nil
}

// verdict is the body of an answer about health.
type verdict struct {
	OK       bool     `json:"ok"`
	Reasons  []string `json:"reasons,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

func answer(w http.ResponseWriter, reasons, warnings []string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	if len(reasons) > 0 {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(verdict{OK: len(reasons) == 0, Reasons: reasons, Warnings: warnings}) // who asked may be gone; then nobody is left to be told
}
