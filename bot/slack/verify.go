package slack

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// How old a signed request may be, and how far ahead of Luotsi's Slack's clock may run.
const (
	signatureLife = 5 * time.Minute
	clockJitter   = 5 * time.Second
)

// Errors of a request that is not Slack's, or not of now.
var (
	errUnsigned = errors.New("signature missing or wrong")
	errNotNow   = errors.New("signed too long ago or in the future")
)

// verify proves that a request comes from Slack: a signature over its raw body and the time at which it was made. The seal is the
// signature itself, of which there are several spellings: what tells one request from another.
func verify(secret string, header http.Header, body []byte, now time.Time) (seal string, err error) {
	stamp := header.Get("X-Slack-Request-Timestamp")
	sent, ok := strings.CutPrefix(header.Get("X-Slack-Signature"), "v0=")
	if secret == "" || !ok || stamp == "" {
		return "", errUnsigned
	}
	given, err := hex.DecodeString(sent)
	if err != nil {
		return "", errUnsigned
	}
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("v0:" + stamp + ":"))
	mac.Write(body)
	if !hmac.Equal(mac.Sum(nil), given) {
		return "", errUnsigned
	}
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	if err != nil {
		return "", errUnsigned
	}
	if age := now.Sub(time.Unix(seconds, 0)); age > signatureLife || age < -clockJitter {
		return "", errNotNow
	}
	return string(given), nil
}

// memory remembers for a while what it has seen, and never more than it may hold.
type memory[V any] struct {
	life time.Duration
	most int

	mu    sync.Mutex
	held  map[string]*remembered[V]
	order []*remembered[V] // oldest first; forgotten ones among them
}

type remembered[V any] struct {
	key   string
	at    time.Time
	value V
	gone  bool
}

func newMemory[V any](life time.Duration, most int) *memory[V] {
	return &memory[V]{life: life, most: most, held: map[string]*remembered[V]{}}
}

// put remembers a value and reports whether the key was new. A key that is remembered already keeps its value.
func (m *memory[V]) put(key string, v V, now time.Time) (fresh bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tidy(now)
	if m.held[key] != nil {
		return false
	}
	r := &remembered[V]{key: key, at: now, value: v}
	m.held[key] = r
	m.order = append(m.order, r)
	return true
}

func (m *memory[V]) get(key string, now time.Time) (v V, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.tidy(now)
	r := m.held[key]
	if r == nil {
		return v, false
	}
	return r.value, true
}

func (m *memory[V]) drop(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if r := m.held[key]; r != nil {
		r.gone = true
		delete(m.held, key)
	}
}

// tidy forgets what is too old or too much.
func (m *memory[V]) tidy(now time.Time) {
	n := 0
	for _, r := range m.order {
		if !r.gone && len(m.held) < m.most && now.Sub(r.at) < m.life {
			break
		}
		if !r.gone {
			delete(m.held, r.key)
		}
		n++
	}
	m.order = m.order[n:]
}
