package sandbox

import (
	"fmt"
	"net/http"
	"sync"
	"time"
)

// hub tells open windows that something has changed; what, they ask by themselves, so that nothing is told to the wrong one.
type hub struct {
	mu     sync.Mutex
	subs   map[*window]bool
	minute time.Time
	done   chan struct{}
	closed bool
}

// window is one open page. Its channels hold at most one token each: a second change before the first was told is one.
type window struct {
	chat  chan struct{}
	clock chan struct{}
}

func newHub() *hub { return &hub{subs: map[*window]bool{}, done: make(chan struct{})} }

func (h *hub) join() *window {
	w := &window{chat: make(chan struct{}, 1), clock: make(chan struct{}, 1)}
	w.chat <- struct{}{} // whatever changed while the page was loading
	w.clock <- struct{}{}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.subs[w] = true
	return w
}

func (h *hub) leave(w *window) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.subs, w)
}

// changed tells that messages, rooms or members changed.
func (h *hub) changed() { h.tell(func(w *window) chan struct{} { return w.chat }) }

// moved tells that the clock shows something else.
func (h *hub) moved() { h.tell(func(w *window) chan struct{} { return w.clock }) }

func (h *hub) tell(which func(*window) chan struct{}) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.subs {
		select {
		case which(w) <- struct{}{}:
		default:
		}
	}
}

// tick tells that the clock moved when it shows another minute than at the last tick.
func (h *hub) tick(minute time.Time) {
	h.mu.Lock()
	same := h.minute.Equal(minute)
	h.minute = minute
	h.mu.Unlock()
	if !same {
		h.moved()
	}
}

// close lets every window go; the hub stays usable, and windows that come later are let go at once.
func (h *hub) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !h.closed {
		h.closed = true
		close(h.done)
	}
}

// live streams the names of changes to one window until it closes.
func (s *Sandbox) live(w http.ResponseWriter, r *http.Request) {
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // a window stays open as long as it likes; not every server has deadlines
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	me := s.hub.join()
	defer s.hub.leave(me)
	beat := time.NewTicker(20 * time.Second)
	defer beat.Stop()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-s.hub.done:
			return
		case <-me.chat:
			_, err = fmt.Fprint(w, "event: chat\ndata: changed\n\n")
		case <-me.clock:
			_, err = fmt.Fprint(w, "event: clock\ndata: moved\n\n")
		case <-beat.C: // keeps proxies from closing, and notices a window that is gone
			_, err = fmt.Fprint(w, ": beat\n\n")
		}
		if err != nil || out.Flush() != nil {
			return
		}
	}
}
