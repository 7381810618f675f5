package main

import (
	"log/slog"
	"net"
	"net/url"
	"os"
	"strings"
)

// notReady is how /readyz begins when it says no.
const notReady = "not ready"

// unprotected reports whether what goes to the address can be read on its way: neither https nor within this machine.
func unprotected(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Scheme == "https" {
		return false
	}
	host := u.Hostname()
	if host == "localhost" || strings.HasSuffix(host, ".localhost") {
		return false
	}
	ip := net.ParseIP(host)
	return ip == nil || !ip.IsLoopback()
}

// AfterApply says in the log, before anything is begun, that the address gives clients away. Luotsi runs all the same: a proxy
// that nobody can pass by may stand there, which it cannot see.
func (s *serveCmd) AfterApply() error {
	if unprotected(s.BaseURL) {
		slog.New(slog.NewJSONHandler(os.Stderr, nil)).Warn("LUOTSI_BASE_URL is without encryption (http), and clients' identities go over it; set it to https://…",
			"address", s.BaseURL)
	}
	return nil
}
