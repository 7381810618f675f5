package mattermost

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/mattermost/mattermost/server/public/model"
)

// TestAskedForIsAnsweredAlsoWhenItIsSo: each option has its line, at the first run and the second.
func TestAskedForIsAnsweredAlsoWhenItIsSo(t *testing.T) {
	o := newOffice(t)
	o.settings.ServiceSettings.EnableCommands = model.NewPointer(false)
	var said []string
	run := o.setup(&said, map[string]string{})
	run.EnableCommands, run.AllowInternal, run.LockChannels, run.GenericNotifications = true, true, true, true
	for _, sign := range []string{"+", "="} {
		said = nil
		if err := run.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, lines := range [][2]string{
			{"+ allowed custom slash commands", "= custom slash commands are allowed"},
			{"+ allowed integrations to call 127.0.0.1", "= integrations may call 127.0.0.1"},
			{"+ took from channel_user", "= ordinary members of private channels"},
			{"+ set push and e-mail", "= push and e-mail"},
		} {
			want := lines[slices.Index([]string{"+", "="}, sign)]
			if !officeSaid(said, want) {
				t.Errorf("nothing begins %q: %q", want, said)
			}
		}
	}
}

// TestAMisspeltNameIsToldBeforeAnythingIsMade: what a run leaves half done is not worked with.
func TestAMisspeltNameIsToldBeforeAnythingIsMade(t *testing.T) {
	o := newOffice(t)
	o.person("paula")
	var said []string
	kept := map[string]string{}
	run := o.setup(&said, kept)
	run.Coordinators = []string{"paula", "puala"}
	if err := run.Run(t.Context()); err == nil || len(o.changes) > 0 || kept[setupToken] != "" {
		t.Errorf("changed %q, error %v", o.changes, err)
	}
}

func (o *office) accounts(token string) *Accounts {
	client, err := newSetupClient(o.web.URL, token, o.web.Client().Transport)
	if err != nil {
		o.t.Fatal(err)
	}
	return &Accounts{client: client}
}

// TestManyPeopleAreFoundInOneList, and the same ones as by asking for each.
func TestManyPeopleAreFoundInOneList(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		for _, token := range []string{"admin-token", "bot-token"} {
			o := newOffice(t)
			for i := range 2*idBatch + 20 {
				o.person(fmt.Sprintf("henkilo%03d", i))
			}
			o.named("henkilo007").DeleteAt, o.named("henkilo008").Email = 1, "Kahdeksas@Example.org"
			o.named("henkilo009").IsBot, o.named("henkilo010").AuthService = true, "ldap"
			o.tokens["bot-token"], o.settings.PrivacySettings.ShowEmailAddress = o.person("luotsi"), model.NewPointer(!hidden)
			singly, listed := o.accounts(token), o.accounts(token)
			before := o.asked
			for range 2 {
				if err := listed.Expect(t.Context(), fewPeople+1); err != nil {
					t.Fatal(err)
				}
			}
			if o.asked != before+3 {
				t.Errorf("%d calls for three pages", o.asked-before)
			}
			for _, who := range [][2]string{
				{"henkilo001", ""},
				{"", "henkilo001@example.org"},
				{"henkilo419", "henkilo419@example.org"},
				{"henkilo001", "henkilo002@example.org"},
				{"henkilo003", "other@example.org"},
				{"", "other@example.org"},
				{"nobody", ""},
				{"henkilo007", ""},
				{"", "kahdeksas@example.org"},
				{"henkilo009", ""},
				{"", "henkilo010@example.org"},
			} {
				want, wrong := singly.Find(t.Context(), who[0], who[1])
				before := o.asked
				got, err := listed.Find(t.Context(), who[0], who[1])
				if d := cmp.Diff(want, got); d != "" || fmt.Sprint(wrong) != fmt.Sprint(err) {
					t.Errorf("hidden %v, %s, %q: %s\n%v\n%v", hidden, token, who, d, wrong, err)
				}
				if addresses := !hidden || token == "admin-token"; addresses && o.asked > before+1 { // one for what it says of addresses
					t.Errorf("%d calls for %q in the list", o.asked-before, who)
				}
			}
		}
	}
}

// TestAListThatBrokeOffGoesOn with the page that failed.
func TestAListThatBrokeOffGoesOn(t *testing.T) {
	o := newOffice(t)
	for i := range idBatch + 1 {
		o.person(fmt.Sprintf("henkilo%03d", i))
	}
	a := o.accounts("admin-token")
	a.page, a.read = 1, accountList{map[string]*model.User{}, map[string]*model.User{}} // the first page was read
	admin := o.tokens["admin-token"]
	delete(o.tokens, "admin-token")
	if err := a.Expect(t.Context(), fewPeople+1); err == nil || a.listed != nil {
		t.Fatal(err)
	}
	o.tokens["admin-token"] = admin
	elsewhere := o.accounts("admin-token")
	elsewhere.client.APIURL += "/nowhere" // not found is not an empty list
	if err := elsewhere.Expect(t.Context(), fewPeople+1); err == nil || elsewhere.listed != nil {
		t.Error(err)
	}
	before := o.asked
	if err := a.Expect(t.Context(), fewPeople+1); err != nil || o.asked != before+1 || a.listed == nil {
		t.Errorf("%d calls, error %v", o.asked-before, err)
	}
}
