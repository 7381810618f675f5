package slack

import (
	"context"
	"sync"
	"time"
)

// saidBook is a ledger in memory. Like the real one it can be asked about one key while another is being said.
type saidBook struct {
	mu   sync.Mutex
	said map[string]string
	keys map[string]*sync.Mutex
}

func (b *saidBook) Once(_ context.Context, _, key string, say func(time.Time) (string, error)) (string, error) {
	b.mu.Lock()
	if b.keys == nil {
		b.keys = map[string]*sync.Mutex{}
	}
	if b.keys[key] == nil {
		b.keys[key] = new(sync.Mutex)
	}
	lock := b.keys[key]
	b.mu.Unlock()
	lock.Lock()
	defer lock.Unlock()
	if m := b.message(key); m != "" {
		return m, nil
	}
	m, err := say(time.Time{})
	if err == nil {
		b.mu.Lock()
		b.said[key] = m
		b.mu.Unlock()
	}
	return m, err
}

func (b *saidBook) message(key string) string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.said[key]
}

func (b *saidBook) Said(_ context.Context, _, message string) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, m := range b.said {
		if m == message {
			return true, nil
		}
	}
	return false, nil
}

type noHouse struct{}

func (noHouse) OpenRooms(context.Context, string) ([]string, error) { return nil, nil }
func (noHouse) Came(context.Context, string, string, string) error  { return nil }
func (noHouse) RoomDrifted(context.Context, string, string) error   { return nil }
func (noHouse) RoomsDrifted(context.Context, string) error          { return nil }
func (noHouse) LooksIdentity(string) (bool, bool)                   { return false, false }
func (noHouse) IdentitySaid(context.Context, string, string, string, string, bool, bool) error {
	return nil
}
