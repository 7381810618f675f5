package slack

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/slack-go/slack"

	"luotsi/bot"
)

// accounts are a workspace's, as an import asks for them.
func (w *workspace) accounts() *Accounts {
	w.t.Helper()
	a, err := NewAccounts(w.botToken, w.url())
	if err != nil {
		w.t.Fatal(err)
	}
	a.chat.out.queue.clock = w.clock
	return a
}

// TestManyPeopleAreFoundInOneList: asked for one by one, ten thousand would take five hours.
func TestManyPeopleAreFoundInOneList(t *testing.T) {
	w := newWorkspace(t, quick)
	const many = 50 // three pages
	var ids []string
	for i := range many {
		ids = append(ids, w.person(fmt.Sprintf("henkilo%d", i)))
	}
	w.do(func() {
		w.users[ids[1]].deleted = true
		w.users[ids[2]].email = "Henkilo2@Luotsi.Example"
		w.users[ids[3]].email = ""
	})
	for _, people := range []int{fewPeople, fewPeople + 1} {
		a := w.accounts()
		asked, listed := w.count("users.lookupByEmail"), w.count("users.list")
		for range 2 {
			if err := a.Expect(t.Context(), people); err != nil {
				t.Fatal(err)
			}
		}
		for email, want := range map[string]string{
			"henkilo0@luotsi.example": ids[0], "henkilo1@luotsi.example": "", "Henkilo2@Luotsi.Example": ids[2], "henkilo3@luotsi.example": "", "": "",
			"henkilo49@luotsi.example": ids[many-1],
		} {
			p, err := a.Find(t.Context(), "anything", email)
			if p.User != want || (want == "") != errors.Is(err, bot.ErrGone) || want != "" && (err != nil || !p.Proven || !p.Enabled) {
				t.Errorf("expecting %d, %s: %+v %v", people, email, p, err)
			}
		}
		single := people <= fewPeople
		if asked, listed = w.count("users.lookupByEmail")-asked, w.count("users.list")-listed; (asked > 0) != single || (listed == 3) == single {
			t.Errorf("expecting %d: %d asked for singly, %d pages of the list", people, asked, listed)
		}
	}
}

// TestTheListGoesOnWhereItWasPutOff, so that a pause in the middle does not cost the pages before it.
func TestTheListGoesOnWhereItWasPutOff(t *testing.T) {
	w := newWorkspace(t, quick)
	var ids []string
	for i := range 50 {
		ids = append(ids, w.person(fmt.Sprintf("henkilo%d", i)))
	}
	chat := w.accounts().chat
	page, seen := chat.people(), map[string]int{}
	err := chat.everyone(t.Context(), &page, func(u *slack.User) {
		seen[u.ID]++
		w.do(func() { w.slow["users.list"] = 100 })
	})
	if later := (*bot.RetryError)(nil); !errors.As(err, &later) || len(seen) != w.pageSize {
		t.Fatal(err, len(seen))
	}
	w.do(func() { w.slow["users.list"] = 0 })
	if err := chat.everyone(t.Context(), &page, func(u *slack.User) { seen[u.ID]++ }); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if seen[id] != 1 {
			t.Errorf("%s was seen %d times", id, seen[id])
		}
	}
}

// TestAListWithoutAddressesIsNotBelieved: without the permission nobody would have an account.
func TestAListWithoutAddressesIsNotBelieved(t *testing.T) {
	w := newWorkspace(t, quick)
	w.person("sanna")
	w.do(func() { w.scopes = slices.DeleteFunc(w.scopes, func(s string) bool { return s == "users:read.email" }) })
	a := w.accounts()
	if err := a.Expect(t.Context(), fewPeople+1); err != nil {
		t.Fatal(err)
	}
	if _, err := a.Find(t.Context(), "", "sanna@luotsi.example"); err == nil || errors.Is(err, bot.ErrGone) {
		t.Errorf("error %v", err)
	}
}
