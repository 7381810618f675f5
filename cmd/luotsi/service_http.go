package main

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"luotsi/commands"
)

// handler answers the chats, people's browsers and whoever watches over the service.
func (s *service) handler() http.Handler {
	seen, metrics := s.metrics()
	mux := http.NewServeMux()
	for _, c := range s.chats {
		mux.Handle("/"+c.Name()+"/", seen(c.Name(), whenOpen(c)))
	}
	mux.Handle("/page/", seen("page", s.pages()))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", metrics)
	return mux
}

// whenOpen refuses until the chat has been reached: before that Luotsi does not know who it is there.
func whenOpen(c *gate) http.Handler {
	inside := c.Handler()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !c.open.Load() {
			w.Header().Set("Retry-After", "2")
			http.Error(w, http.StatusText(http.StatusServiceUnavailable), http.StatusServiceUnavailable)
			return
		}
		inside.ServeHTTP(w, r)
	})
}

// readyz tells whether some chat has been reached, the jobs run and the database answers.
func (s *service) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	reached := slices.ContainsFunc(s.chats, func(c *gate) bool { return c.open.Load() })
	if !reached || !s.works.Load() || s.store.DB().PingContext(ctx) != nil {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusOK)
}

// metrics counts what is asked and what waits: figures only, of no person and no case.
func (s *service) metrics() (seen func(string, http.Handler) http.Handler, handler http.Handler) {
	registry := prometheus.NewRegistry()
	asked := prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "luotsi_http_request_seconds", Help: "Time to answer an HTTP request.", Buckets: []float64{.01, .03, .1, .3, 1, 3, 10},
	}, []string{"part", "code"})
	waiting := prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "luotsi_undelivered", Help: "Notices and due reminders that have reached nobody yet; -1 when they cannot be counted.",
	}, s.undelivered)
	registry.MustRegister(asked, waiting, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	seen = func(part string, h http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			start, coded := time.Now(), &codedWriter{ResponseWriter: w, code: http.StatusOK}
			h.ServeHTTP(coded, r)
			asked.WithLabelValues(part, strconv.Itoa(coded.code)).Observe(time.Since(start).Seconds())
		})
	}
	return seen, promhttp.HandlerFor(registry, promhttp.HandlerOpts{})
}

func (s *service) undelivered() float64 {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	n := -1
	err := s.house.Within(ctx, s.now(), func(tx commands.Tx) (err error) {
		n, err = tx.Undelivered(ctx)
		return err
	})
	if err != nil {
		return -1
	}
	return float64(n)
}

// codedWriter remembers the status that was answered.
type codedWriter struct {
	http.ResponseWriter
	code int
}

// WriteHeader notes the status.
func (w *codedWriter) WriteHeader(code int) {
	w.code = code
	w.ResponseWriter.WriteHeader(code)
}

// Unwrap lets http.ResponseController reach the writer itself.
func (w *codedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
