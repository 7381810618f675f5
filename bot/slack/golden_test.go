package slack

import (
	"context"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"luotsi/bot"
	"luotsi/commands"
	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

var update = flag.Bool("update", false, "write the goldens anew")

// stage is the real house in one language, on which the play is played.
type stage struct {
	t      *testing.T
	p      speech
	now    time.Time
	house  *commands.House
	slack  *Slack
	handle func(context.Context, bot.Request) (bot.Answer, error)
	codes  map[string]string
	shots  map[string][]shot // by command
}

// TestGoldens shows every command's modal, message and home view in every language as Slack gets them, from the house as it is.
// With -update the files are written anew: read what changed before committing it.
func TestGoldens(t *testing.T) {
	for _, lang := range bot.Langs {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			st := openStage(t, lang)
			for _, s := range play {
				st.play(s)
			}
			st.compare()
		})
	}
}

func openStage(t *testing.T, lang bot.Lang) *stage {
	t.Helper()
	dir := t.TempDir()
	keys, err := store.LoadKeys(filepath.Join(dir, "keyset.json"), filepath.Join(dir, "kek"), true)
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), store.ServiceURL(storetest.URL(t)), keys)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	users, accounts := players(lang)
	if err := s.SeedDirectory(t.Context(), playUnits, users, accounts); err != nil {
		t.Fatal(err)
	}
	catalog, err := bot.NewCatalog(bot.Helsinki, commands.Texts(), Texts)
	if err != nil {
		t.Fatal(err)
	}
	registry, err := commands.NewRegistry()
	if err != nil {
		t.Fatal(err)
	}
	st := &stage{
		t: t, p: speech{catalog, lang}, now: time.Date(2027, 2, 1, 9, 0, 0, 0, bot.Helsinki),
		slack: newBench(t, nil).slack, codes: map[string]string{}, shots: map[string][]shot{},
	}
	st.house = &commands.House{
		Within: func(ctx context.Context, at time.Time, f func(commands.Tx) error) error {
			return s.Within(ctx, at, func(tx *store.Tx) error { return f(tx) })
		},
		Settings: casework.DefaultSettings(), Catalog: catalog, Registry: registry, Tickets: bot.Tickets{Sealer: keys.Tickets()},
		Now: func() time.Time { return st.now }, Random: rand.NewChaCha8([32]byte{5}), Lang: bot.FI, BaseURL: "https://luotsi.example",
		EmergencyPhone: "0800 000 112", Phone: "0800 000 100", Accept900: true,
		Chats: []commands.Chat{{Platform: st.slack, Queue: commands.QueueIs("CQUEUE")}},
	}
	st.handle = commands.NewDispatcher(st.house).Handle
	return st
}

var playUnits = []casework.Unit{
	{Code: "SOTE-KESKUS-A", Name: "Sote-keskus A", Register: casework.Health, Care: true},
	{Code: "ASIAKASOHJAUS", Name: "Asiakas- & palveluohjaus", Register: casework.Social, Care: true},
	{Code: "IAKKAAT", Name: "Iäkkäiden palvelut", Register: casework.Social, Care: true},
	{Code: "KOTIHOITO-B", Name: "Kotihoito <B>", Register: casework.Health, Care: true},
	{Code: "HALLINTO", Name: "Hallinto"},
}

// players are who plays, all of one language; their accounts are called like their logins.
func players(lang bot.Lang) (users []casework.User, accounts map[string][]casework.Account) {
	accounts = map[string][]casework.Account{}
	for _, p := range []struct{ login, name, unit, roles string }{
		{"sanna", "Sanna Salo", "SOTE-KESKUS-A", "professional"},
		{"paula", "Paula Palo", "ASIAKASOHJAUS", "professional coordinator"},
		{"ville", "Ville Valo", "IAKKAAT", "professional"},
		{"kaisa", "Kaisa-Maria Kaukovaara-Ylä-Åkerman", "KOTIHOITO-B", "professional"},
		{"leo", "Leo Lehto", "SOTE-KESKUS-A", "professional"},
		{"katri", "Katri Koski", "SOTE-KESKUS-A", "professional coordinator"},
		{"tiina", "Tiina Tuuli", "HALLINTO", "dpo"},
	} {
		i := slices.IndexFunc(playUnits, func(u casework.Unit) bool { return u.Code == p.unit })
		users = append(users, casework.User{
			Person: casework.Person{Login: p.login, Unit: p.unit, Register: playUnits[i].Register},
			Name:   p.name, Profession: "ammattilainen", Roles: strings.Fields(p.roles), Lang: string(lang),
		})
		accounts[p.login] = []casework.Account{{Platform: Platform, User: p.login}}
	}
	return users, accounts
}

// play gives a command in Slack, and goes through with it: the modal, and what is asked on Luotsi's own page.
func (st *stage) play(s scene) {
	st.t.Helper()
	st.now = st.now.Add(s.later + time.Minute)
	typed := st.house.Registry.Command(s.key).Usage(st.p.lang, st.codes[s.about])
	answer := st.ask(s, Platform, bot.Request{Text: typed})
	view := st.see(s, typed, answer)
	if view != nil {
		if s.answers == nil {
			st.t.Fatalf("%s of %s: a form opens and nobody answers it", s.key, s.who)
		}
		d, err := interactionJSON([]byte(asJSON(map[string]any{
			"type": "view_submission", "user": map[string]any{"id": s.who}, "view": filledIn(st.t, view, st.named(s.answers)),
		})))
		if err != nil {
			st.t.Fatal(err)
		}
		answer = st.ask(s, Platform, d.request)
		st.see(s, "", answer)
	}
	if s.answers != nil && answer.Link != "" {
		answer = st.onPage(s, answer.Link)
	}
	if len(answer.Errors) > 0 != s.wrong {
		st.t.Errorf("%s of %s: faults %v", s.key, s.who, answer.Errors)
	}
	for _, p := range answer.Replies {
		if s.named != "" && p.Code != "" {
			st.codes[s.named] = p.Code
		}
	}
	if s.named != "" && st.codes[s.named] == "" {
		st.t.Fatalf("%s of %s made no case", s.key, s.who)
	}
}

// onPage fills in what is asked on Luotsi's own page, of which Slack sees nothing.
func (st *stage) onPage(s scene, link string) bot.Answer {
	st.t.Helper()
	_, sealed, _ := strings.Cut(link, "/page/open/")
	answer := st.ask(s, bot.Web, bot.Request{Open: sealed})
	if answer.Dialog == nil {
		return answer
	}
	given, values := st.named(s.answers), map[string]any{}
	for _, f := range answer.Dialog.Fields {
		if offered(f) {
			values[f.Name] = f.Default
		}
		if v, ok := given[f.Name]; ok {
			values[f.Name] = v
		}
	}
	return st.ask(s, bot.Web, bot.Request{Submit: answer.Dialog.ID, Values: values})
}

// offered reports whether a browser would show the default: what is no choice it does not.
func offered(f bot.DialogField) bool {
	v, one := f.Default.(string)
	return !one || len(f.Options) == 0 || slices.ContainsFunc(f.Options, func(o bot.DialogOption) bool { return o.Value == v })
}

func (st *stage) ask(s scene, platform string, r bot.Request) bot.Answer {
	st.t.Helper()
	r.Platform, r.User, r.At, r.ID, r.Place = platform, s.who, st.now, "", bot.Place{Kind: bot.InDirect}
	if platform == bot.Web {
		r.Place.Kind = bot.OnPage
	}
	answer, err := st.handle(st.t.Context(), r)
	if err != nil {
		st.t.Fatalf("%s of %s: %v", s.key, s.who, err)
	}
	return answer
}

// named puts codes in the place of the letters that cases go by.
func (st *stage) named(given map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range given {
		if letter, ok := v.(string); ok && st.codes[letter] != "" {
			v = st.codes[letter]
		}
		out[k] = v
	}
	return out
}

// compare holds what was seen against the files, one for each command.
func (st *stage) compare() {
	st.t.Helper()
	for _, c := range st.house.Registry.Commands {
		shots := st.shots[c.Key]
		if len(shots) == 0 {
			st.t.Errorf("%s is not in the play", c.Key)
			continue
		}
		if !slices.ContainsFunc(shots, func(s shot) bool { return s.message != nil }) {
			st.t.Errorf("%s: nothing that it says is seen", c.Key)
		}
		path := filepath.Join("testdata", string(st.p.lang), c.Key+".json")
		got := frame(shots)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				st.t.Fatal(err)
			}
			if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
				st.t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			st.t.Error(err)
		} else if string(want) != got {
			st.t.Errorf("%s is not as it was:\n%s", path, firstDifference(string(want), got))
		}
	}
}

func firstDifference(want, got string) string {
	before, after := strings.Split(want, "\n"), strings.Split(got, "\n")
	for i := range min(len(before), len(after)) {
		if before[i] != after[i] {
			return "- " + before[i] + "\n+ " + after[i]
		}
	}
	return "one of them goes on"
}
