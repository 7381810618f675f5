package mattermost

import (
	"context"
	"flag"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/mattermost/mattermost/server/public/model"

	"luotsi/bot"
	"luotsi/bot/mattermost/mattermosttest"
	"luotsi/commands"
	"luotsi/commands/casework"
	"luotsi/store"
	"luotsi/store/storetest"
)

var update = flag.Bool("update", false, "write the goldens anew")

// theatre is the real house in one language, in which the story is played.
type theatre struct {
	t      *testing.T
	lang   bot.Lang
	now    time.Time
	house  *commands.House
	handle func(context.Context, bot.Request) (bot.Answer, error)
	newer  *Mattermost // 11.6
	older  *Mattermost // 9.11
	codes  map[string]string
	seen   map[string][]shot // by command
}

// TestGoldens shows every command's forms and messages in every language as the chat gets them, from the house as it is. With
// -update the files are written anew: read what changed before committing it.
func TestGoldens(t *testing.T) {
	for _, lang := range bot.Langs {
		t.Run(string(lang), func(t *testing.T) {
			t.Parallel()
			th := openTheatre(t, lang)
			for i, s := range story {
				th.play(i, s)
			}
			th.compare()
		})
	}
}

func openTheatre(t *testing.T, lang bot.Lang) *theatre {
	t.Helper()
	th := &theatre{
		t: t, lang: lang, now: time.Date(2027, 2, 1, 9, 0, 0, 0, bot.Helsinki), codes: map[string]string{}, seen: map[string][]shot{},
	}
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
	users, accounts := cast(lang)
	if err := s.SeedDirectory(t.Context(), units, users, accounts); err != nil {
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
	th.house = &commands.House{
		Within: func(ctx context.Context, at time.Time, f func(commands.Tx) error) error {
			return s.Within(ctx, at, func(tx *store.Tx) error { return f(tx) })
		},
		Settings: casework.DefaultSettings(), Catalog: catalog, Registry: registry, Tickets: bot.Tickets{Sealer: keys.Tickets()},
		Now: func() time.Time { return th.now }, Random: rand.NewChaCha8([32]byte{7}), Lang: bot.FI, BaseURL: "https://luotsi.test",
		EmergencyPhone: "0800 000 112", Phone: "0800 000 100", Accept900: true,
	}
	th.newer, th.older = th.onServer(11, 6), th.onServer(9, 11)
	th.house.Chats = []commands.Chat{{Platform: th.newer, Queue: commands.QueueIs(idOf("queue"))}}
	th.handle = commands.NewDispatcher(th.house).Handle
	return th
}

func (th *theatre) onServer(major, minor int) *Mattermost {
	m := newQuiet(th.t, func(c *Config) {
		c.Catalog, c.Now, c.Log = th.house.Catalog, th.house.Now, slog.New(slog.DiscardHandler)
		c.Lang = func(context.Context, string) bot.Lang { return th.lang }
	})
	m.server.version = [2]int{major, minor}
	return m
}

var units = []casework.Unit{
	{Code: "SOTE-KESKUS-A", Name: "Sote-keskus A", Register: casework.Health, Care: true},
	{Code: "ASIAKASOHJAUS", Name: "Asiakasohjaus", Register: casework.Social, Care: true},
	{Code: "IAKKAAT", Name: "Iäkkäiden palvelut", Register: casework.Social, Care: true},
	{Code: "KOTIHOITO-B", Name: "Kotihoito B", Register: casework.Health, Care: true},
	{Code: "HALLINTO", Name: "Hallinto"},
}

// cast is who plays, all of one language.
func cast(lang bot.Lang) (users []casework.User, accounts map[string][]casework.Account) {
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
		i := slices.IndexFunc(units, func(u casework.Unit) bool { return u.Code == p.unit })
		users = append(users, casework.User{
			Person: casework.Person{Login: p.login, Unit: p.unit, Register: units[i].Register},
			Name:   p.name, Profession: "ammattilainen", Roles: strings.Fields(p.roles), Lang: string(lang),
		})
		accounts[p.login] = []casework.Account{{Platform: platform, User: idOf(p.login)}}
	}
	return users, accounts
}

// play types a command, looks at the answer, fills in the form and looks at that answer too.
func (th *theatre) play(i int, s episode) {
	th.t.Helper()
	th.now = th.now.Add(s.later + time.Minute)
	typed := th.house.Registry.Command(s.key).Usage(th.lang, th.codes[s.about])
	answer := th.ask(s, bot.Request{Text: typed})
	th.take(s, "/"+strings.TrimPrefix(typed, "/"), answer)
	if answer.Dialog == nil {
		return
	}
	if s.values == nil {
		th.t.Fatalf("episode %d, %s: a form opened, and nothing is answered", i, s.key)
	}
	m := th.newer // one language is played on an older server, so that its forms are sent as well
	if th.lang == bot.SV {
		m = th.older
	}
	d, err := m.dialog(*answer.Dialog, opening{user: idOf(s.who), lang: th.lang, whole: true})
	if err != nil {
		th.t.Fatal(err)
	}
	r, _, err := m.decodeForm([]byte(mattermosttest.AsText(model.SubmitDialogRequest{
		State: d.State, UserId: idOf(s.who), ChannelId: idOf("room"), Submission: filledIn(d, th.named(s.values)),
	})))
	if err != nil {
		th.t.Fatal(err)
	}
	answer = th.ask(s, r.Request)
	th.take(s, "", answer)
	if (len(answer.Errors) > 0) != s.wrong {
		th.t.Errorf("episode %d, %s: what is wrong with it: %v", i, s.key, answer.Errors)
	}
	for _, p := range answer.Replies {
		if s.named != "" && th.codes[s.named] == "" && p.Code != "" {
			th.codes[s.named] = p.Code
		}
	}
	if s.named != "" && th.codes[s.named] == "" {
		th.t.Fatalf("episode %d, %s: no case was made: %+v", i, s.key, answer)
	}
}

func (th *theatre) ask(s episode, r bot.Request) bot.Answer {
	th.t.Helper()
	r.Platform, r.User, r.At, r.ID = platform, idOf(s.who), th.now, ""
	r.Place = bot.Place{Kind: bot.InDirect}
	answer, err := th.handle(th.t.Context(), r)
	if err != nil {
		th.t.Fatalf("%s: %v", s.key, err)
	}
	return answer
}

// named puts codes in the place of the letters that cases go by.
func (th *theatre) named(values answered) answered {
	out := answered{}
	for k, v := range values {
		out[k] = v
		if letter, ok := v.(string); ok && th.codes[letter] != "" {
			out[k] = th.codes[letter]
		}
	}
	return out
}

// filledIn is what the web client sends of a dialog: its defaults and what was answered.
func filledIn(d model.Dialog, values answered) map[string]any {
	sent := map[string]any{}
	for _, e := range d.Elements {
		field, choice, box := strings.Cut(e.Name, between)
		given, has := values[field]
		if e.Name == moreName {
			given, has, box = values[moreName], values[moreName] != nil, false
		}
		switch many, _ := given.([]string); {
		case box && has:
			sent[e.Name] = slices.Contains(many, choice)
		case has:
			sent[e.Name] = given
		case e.Type == "bool":
			sent[e.Name] = e.Default == "true"
		case e.MultiSelect && e.Default != "":
			sent[e.Name] = strings.Split(e.Default, ",")
		case e.Default != "":
			sent[e.Name] = e.Default
		}
	}
	return sent
}

// compare holds what was seen against the files, one for each command.
func (th *theatre) compare() {
	th.t.Helper()
	for _, c := range th.house.Registry.Commands {
		shots := th.seen[c.Key]
		if len(shots) == 0 {
			th.t.Errorf("%s is not in the story", c.Key)
			continue
		}
		if hasForm := slices.ContainsFunc(shots, func(s shot) bool { return s.Newer != nil }); c.Form != nil && !hasForm {
			th.t.Errorf("%s: its form is not seen", c.Key)
		}
		if !slices.ContainsFunc(shots, func(s shot) bool { return len(s.Posts) > 0 || s.Link != "" }) {
			th.t.Errorf("%s: nothing that it says is seen", c.Key)
		}
		path := filepath.Join("testdata", string(th.lang), c.Key+".json")
		got := frame(th.t, shots)
		if *update {
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				th.t.Fatal(err)
			}
			if err := os.WriteFile(path, got, 0o644); err != nil {
				th.t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			th.t.Error(err)
			continue
		}
		if string(want) != string(got) {
			th.t.Errorf("%s is not as it was:\n%s", path, firstDifference(string(want), string(got)))
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
