package sandbox

import (
	"net"
	"net/http"
	"slices"
)

// Handler serves the page, its parts, the JSON API and Luotsi's own pages. It answers only to loopback and the configured
// host names, so that no foreign web page can reach people who are not authenticated here.
func (s *Sandbox) Handler() http.Handler {
	mux := http.NewServeMux()
	s.routeAPI(mux)
	s.routePage(mux)
	if s.cfg.Pages != nil {
		mux.Handle("/page/", s.cfg.Pages)
	}
	crossSite := http.NewCrossOriginProtection()
	guarded := crossSite.Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.ours(r.Host) {
			http.Error(w, "This host name is not served here.", http.StatusForbidden)
			return
		}
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Referrer-Policy", "same-origin")
		guarded.ServeHTTP(w, r)
	})
}

func (s *Sandbox) ours(host string) bool {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	if len(host) > 1 && host[0] == '[' && host[len(host)-1] == ']' {
		host = host[1 : len(host)-1]
	}
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback() || slices.Contains(s.cfg.Hosts, host)
}
