package mattermost

import (
	"strings"
	"sync"
	"testing"
	"time"
)

// book is a log that may be read while it is written.
type book struct {
	mu   sync.Mutex
	text strings.Builder
}

func (b *book) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *book) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func TestAnIdentityIsTakenAwayIfTheBotMay(t *testing.T) {
	for _, may := range []bool{true, false} {
		c := newScene(t)
		c.Set(func() { c.MayDelete = may })
		c.watch()
		id := c.Says("sanna", c.room, "hän on "+validCode)
		if may {
			c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=true deleted=true", 1)
			c.Act("sanna", "GET", "/posts/"+id, nil, 404)
		} else {
			c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=true deleted=false", 1)
			c.Act("sanna", "GET", "/posts/"+id, nil, 200)
		}
		if strings.Contains(c.log.String(), "999") {
			t.Errorf("the log holds what was written: %s", c.log)
		}
	}
}

func TestWhatOnlyLooksLikeAnIdentityStays(t *testing.T) {
	c := newScene(t)
	c.Set(func() { c.MayDelete = true })
	c.watch()
	id := c.Says("sanna", c.room, "laskun numero "+invalidCode)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 1)
	c.Act("sanna", "GET", "/posts/"+id, nil, 200)
}

func TestAnIdentityThatIsEditedInIsNoticed(t *testing.T) {
	c := newScene(t)
	c.watch()
	id := c.Says("sanna", c.room, "hän on asiakas")
	c.Act("sanna", "PUT", "/posts/"+id+"/patch", data{"message": "hän on " + invalidCode}, 200)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 1)
	c.Act("sanna", "PUT", "/posts/"+id+"/patch", data{"message": "siis " + invalidCode}, 200)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 2)
}

func TestAnIdentityThatStaysIsToldOfOnceAlsoWhenLuotsiStartsAnew(t *testing.T) {
	c := newScene(t)
	c.Says("sanna", c.room, "hän on "+invalidCode)
	c.Act("sanna", "DELETE", "/posts/"+c.Says("sanna", c.room, "poistettu "+invalidCode), nil, 200)
	for range 3 { // three lives
		if err := newWatcher(c.luotsi).lookBack(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	c.house.mu.Lock()
	defer c.house.mu.Unlock()
	n := 0
	for _, l := range c.house.told {
		if strings.HasPrefix(l, "identity") {
			n++
		}
	}
	if n != 1 {
		t.Errorf("told %d times", n)
	}
}

func TestAnAuthorWhoIsQuickerNeedsNotBeAsked(t *testing.T) {
	c := newScene(t)
	w := newWatcher(c.luotsi)
	id := c.Says("sanna", c.room, "hän on "+validCode)
	p, err := c.luotsi.postOf(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	c.Act("sanna", "DELETE", "/posts/"+id, nil, 200)
	w.said(t.Context(), p)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=true deleted=true", 1)
}

// The server says in Luotsi's name what a header was, when Luotsi empties it: that must go too.
func TestAnIdentityInAHeaderDoesNotStayInLuotsisName(t *testing.T) {
	c := newScene(t)
	c.watch()
	c.Act("sanna", "PUT", "/channels/"+c.room+"/patch", data{"header": "asiakas " + validCode}, 200)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=true deleted=false", 1)
	if changed, err := c.luotsi.Restore(t.Context(), c.room, "luotsi-scene"); err != nil || !changed {
		t.Fatal(changed, err)
	}
	c.Says("sanna", c.room, "sitten "+invalidCode)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 1)
	c.Set(func() {
		for _, p := range c.Posts {
			if p.UserId == c.Bot && p.DeleteAt == 0 && strings.Contains(p.Message, validCode) {
				t.Errorf("Luotsi's own %s still says it", p.Type)
			}
		}
	})
	c.house.never(t, c.Bot)
}

func TestTheHouseIsToldAgainWhatItCouldNotTake(t *testing.T) {
	c := newScene(t)
	c.watch()
	c.house.mu.Lock()
	c.house.failed = insistTimes - 1
	c.house.mu.Unlock()
	c.Says("sanna", c.room, "tunnus "+invalidCode)
	c.house.hears(t, "identity "+c.room+" "+c.sanna+" valid=false deleted=false", 1)
}

func TestABusyServerIsAskedAgainToDelete(t *testing.T) {
	c := newScene(t)
	c.Set(func() { c.MayDelete = true })
	w := newWatcher(c.luotsi)
	w.most = time.Millisecond
	id := c.Says("sanna", c.room, "hän on "+validCode)
	c.Set(func() { c.Limited = 2 })
	if !w.takeAway(t.Context(), id) {
		t.Error("not taken away")
	}
	c.Act("sanna", "GET", "/posts/"+id, nil, 404)
	id = c.Says("sanna", c.room, "hän on "+validCode)
	c.Set(func() { c.Limited = insistTimes })
	if w.takeAway(t.Context(), id) {
		t.Error("taken away by a server that did nothing")
	}
}
