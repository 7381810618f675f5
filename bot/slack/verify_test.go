package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
)

func signed(secret string, body []byte, at time.Time) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "v0:%s:%s", stamp, body)
	h := http.Header{}
	h.Set("X-Slack-Request-Timestamp", stamp)
	h.Set("X-Slack-Signature", "v0="+hex.EncodeToString(mac.Sum(nil)))
	return h
}

func TestVerify(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	body := []byte("command=%2Fluotsi&text=")
	with := func(change func(http.Header)) http.Header {
		h := signed("secret", body, now)
		change(h)
		return h
	}
	tests := []struct {
		name   string
		secret string
		header http.Header
		body   string
		want   error
	}{
		{"good", "secret", signed("secret", body, now), string(body), nil},
		{"almost five minutes old", "secret", signed("secret", body, now.Add(-5*time.Minute)), string(body), nil},
		{"older", "secret", signed("secret", body, now.Add(-5*time.Minute-time.Second)), string(body), errNotNow},
		{"clocks that differ by seconds", "secret", signed("secret", body, now.Add(3*time.Second)), string(body), nil},
		{"of the future", "secret", signed("secret", body, now.Add(10*time.Second)), string(body), errNotNow},
		{"another secret", "other", signed("secret", body, now), string(body), errUnsigned},
		{"no secret set", "", signed("", body, now), string(body), errUnsigned},
		{"another body", "secret", signed("secret", body, now), string(body) + " ", errUnsigned},
		{"no header", "secret", http.Header{}, string(body), errUnsigned},
		{"no time", "secret", with(func(h http.Header) { h.Del("X-Slack-Request-Timestamp") }), string(body), errUnsigned},
		{"another time", "secret", with(func(h http.Header) { h.Set("X-Slack-Request-Timestamp", "1900000001") }), string(body), errUnsigned},
		{"another version", "secret", with(func(h http.Header) { h.Set("X-Slack-Signature", "v1="+h.Get("X-Slack-Signature")[3:]) }), string(body), errUnsigned},
		{"half a signature", "secret", with(func(h http.Header) { h.Set("X-Slack-Signature", h.Get("X-Slack-Signature")[:35]) }), string(body), errUnsigned},
		{"no hexadecimal", "secret", with(func(h http.Header) { h.Set("X-Slack-Signature", "v0=xyz") }), string(body), errUnsigned},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, got := verify(tt.secret, tt.header, []byte(tt.body), now); !errors.Is(got, tt.want) {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}

// TestARepeatedRequestIsKnownInAnySpelling: a signature may be written in capitals, and is the same.
func TestARepeatedRequestIsKnownInAnySpelling(t *testing.T) {
	b := newBench(t, always(reply("Valmis")))
	body := `payload=` + url.QueryEscape(asJSON(map[string]any{
		"type": "view_submission", "team": map[string]any{"id": "T1"}, "user": map[string]any{"id": "U1"}, "trigger_id": "t", "view": shown(t, twoFields),
	}))
	for _, spelled := range []func(string) string{strings.ToLower, strings.ToUpper, strings.ToLower} {
		r := httptest.NewRequest(http.MethodPost, "/slack/interaction", strings.NewReader(body))
		r.Header = signed(testSecret, []byte(body), b.now)
		r.Header.Set("X-Slack-Signature", "v0="+spelled(r.Header.Get("X-Slack-Signature")[3:]))
		r.Header.Set("Content-Type", formType)
		w := httptest.NewRecorder()
		if b.handler.ServeHTTP(w, r); w.Code != http.StatusOK {
			t.Errorf("answered %d", w.Code)
		}
	}
	if n := len(b.asked()); n != 1 {
		t.Errorf("asked %d times", n)
	}
}

func TestMemoryForgets(t *testing.T) {
	now := time.Unix(1_900_000_000, 0)
	m := newMemory[int](time.Minute, 3)
	if !m.put("a", 1, now) || m.put("a", 2, now) {
		t.Fatal("a key is new once")
	}
	if v, ok := m.get("a", now); !ok || v != 1 {
		t.Errorf("remembers %d %t", v, ok)
	}
	m.put("b", 1, now.Add(time.Second))
	m.drop("b")
	if !m.put("b", 3, now.Add(2*time.Second)) {
		t.Error("a dropped key is not new again")
	}
	if _, ok := m.get("a", now.Add(time.Minute)); ok {
		t.Error("remembers longer than it may")
	}
	if v, ok := m.get("b", now.Add(time.Minute)); !ok || v != 3 {
		t.Error("forgot with the old what was new")
	}
	for i := range 1000 {
		m.put(strconv.Itoa(i), i, now.Add(time.Minute))
	}
	if len(m.held) > 3 || len(m.order) > 3 {
		t.Errorf("holds %d and %d, may hold 3", len(m.held), len(m.order))
	}
	if _, ok := m.get("999", now.Add(time.Minute)); !ok {
		t.Error("forgot the newest")
	}
}
