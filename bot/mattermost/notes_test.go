package mattermost

import (
	"context"
	"sync"
	"time"
)

// notes is a bot.Ledger in memory, for tests in which nothing is said twice at once.
type notes struct {
	mu    sync.Mutex
	said  map[string]string
	tried map[string]time.Time
}

func (n *notes) Once(_ context.Context, platform, key string, say func(time.Time) (string, error)) (string, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.said == nil {
		n.said, n.tried = map[string]string{}, map[string]time.Time{}
	}
	key = platform + " " + key
	if id := n.said[key]; id != "" {
		return id, nil
	}
	tried := n.tried[key]
	if tried.IsZero() {
		n.tried[key] = time.Now()
	}
	id, err := say(tried)
	if err == nil {
		n.said[key] = id
	}
	return id, err
}

func (n *notes) Said(_ context.Context, _, message string) (bool, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, id := range n.said {
		if id == message {
			return true, nil
		}
	}
	return false, nil
}
