package main

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"luotsi/bot"
)

// demoLead is how long before the wanted time the demonstration cases begin.
const demoLead = 12 * 24 * time.Hour

// line is one thing somebody did: typed a command about a case and, if it asked, filled in its form.
type line struct {
	after  time.Duration // since the county began
	as     string
	verb   string
	about  string // name of the case in this story; its code is filled in
	values map[string]any
}

type values = map[string]any

const day = 24 * time.Hour

// demoStory brings a few cases to different phases, by the same commands anybody types. The clients are invented, their
// identity codes of the series that nobody is given.
var demoStory = []line{
	raising(0, "sanna", "aino", "Testi-Aino Esimerkki", "010140-900T", "normal", "Haluaisin, että joku kertoisi minulle, kuka hoitaa asioitani."),
	{after: 2 * time.Hour, as: "paula", verb: "ota", about: "aino"},
	accepting(3*time.Hour, "paula", "aino", "older"),
	asking(4*time.Hour, "paula", "aino"),
	granting(day, "paula", "aino", "SOTE-KESKUS-A", "IAKKAAT", "KOTIHOITO-B"),
	{after: day + time.Hour, as: "paula", verb: "vastuu", about: "aino", values: values{"person": "ville", "need": "Arjen asiat ja palvelut yhteen"}},
	{after: day + 2*time.Hour, as: "paula", verb: "tiimi kutsu", about: "aino", values: values{"person": "kaisa", "need_answered": "Lääkkeet ja kotona pärjääminen"}},
	{after: day + 2*time.Hour, as: "paula", verb: "tiimi kutsu", about: "aino", values: values{"person": "leo", "need_answered": "Muistitutkimus"}},
	{after: 2 * day, as: "ville", verb: "vastuu hyväksy", about: "aino"},
	{after: 2*day + time.Hour, as: "kaisa", verb: "tiimi hyväksy", about: "aino"},
	{after: 2*day + 3*time.Hour, as: "ville", verb: "tapaaminen sovi", about: "aino", values: values{"starts_at": demoLead + 29*time.Hour, "place": "Kotona", "client_answer": "in_person"}},

	raising(day, "mika", "eero", "Testi-Eero Malli", "231145-902D", "normal", "En jaksa selittää samaa asiaa joka paikassa uudestaan."),
	{after: day + time.Hour, as: "katri", verb: "ota", about: "eero"},
	accepting(day+2*time.Hour, "katri", "eero", "mh_sud"),
	asking(2*day, "katri", "eero"),

	raising(2*day, "kaisa", "helvi", "Testi-Helvi Näyte", "150333-901N", "normal", "Kaipaan juttuseuraa. Päivät ovat pitkiä."),
	{after: 3 * day, as: "paula", verb: "ota", about: "helvi"},
	accepting(3*day, "paula", "helvi", "older"),
	asking(3*day, "paula", "helvi"),
	granting(8*day, "paula", "helvi", "KOTIHOITO-B", "IAKKAAT"),
	{after: 9 * day, as: "paula", verb: "vastuu", about: "helvi", values: values{"person": "kaisa", "need": "Kotihoito näkee hänet joka päivä"}},

	raising(3*day, "leo", "urho", "Testi-Urho Kuvitteellinen", "120281-904D", "normal", "Haluan apua, mutta en tiedä mistä kysyä."),
	{after: 4 * day, as: "katri", verb: "ota", about: "urho"},
	accepting(4*day, "katri", "urho", "mh_sud"),
	asking(4*day, "katri", "urho"),
	granting(5*day, "katri", "urho", "SOTE-KESKUS-A", "MIEPA"),
	{after: 6 * day, as: "katri", verb: "vastuu", about: "urho", values: values{"person": "mika", "need": "Päihdehoidon jatkuminen"}},
	{after: 6*day + time.Hour, as: "mika", verb: "vastuu hyväksy", about: "urho"},
	{after: 11 * day, as: "mika", verb: "suostumus peru", about: "urho", values: values{"withdraw_scope": "all"}},

	raising(9*day, "ville", "bertta", "Testi-Bertta Keksitty", "170470-907H", "normal", "Laskut menevät sekaisin ja puhelin on kiinni."),
	{after: 11*day + time.Hour, as: "kaisa", verb: "huoli", about: "neuvo", values: values{
		"basis": "nameless", "criteria": []string{"unclear_provider"}, "urgency": "normal",
		"question": "Miten otan huolen puheeksi, kun asiakas ei halua puhua siitä omaisten kuullen?",
	}},
	raising(demoLead-90*time.Minute, "kaisa", "kalle", "Testi-Kalle Tekaistu", "080838-906M", "urgent", "Pelkään olla yksin kotona yöllä."),
}

func raising(after time.Duration, as, about, name, code, urgency, view string) line {
	return line{after: after, as: as, verb: "huoli", about: about, values: values{
		"basis": "shl35_1_client_agrees", "identity_name": name, "identity_code": code, "urgency": urgency, "own_view": view,
		"criteria": []string{"unclear_provider", "many_contacts"}, "reasons": []string{"loneliness", "cannot_find_service"},
	}}
}

func accepting(after time.Duration, as, about, group string) line {
	return line{after: after, as: as, verb: "aloita", about: about, values: values{"client_group": group, "use_profile": "both"}}
}

func asking(after time.Duration, as, about string) line {
	return line{after: after, as: as, verb: "suostumus pyydä", about: about, values: values{"informed_on": "tänään", "informed_how": "in_person"}}
}

func granting(after time.Duration, as, about string, parties ...string) line {
	return line{after: after, as: as, verb: "suostumus kirjaa", about: about, values: values{
		"result": "granted", "form": "written_signed", "parties": parties, "copy_given": "paper", "chat_tool_ok": true,
		"categories": []string{"contact_details", "services_in_use", "functioning", "social_situation", "goals_plan"},
	}}
}

// demo tells the story at its own pace: the clock goes on from line to line, and what is due on the way is done.
func (c *county) demo(ctx context.Context) error {
	began, codes := c.clock.Now(), map[string]string{}
	for _, at := range order(demoStory) {
		if err := c.goTo(ctx, began.Add(at.after)); err != nil {
			return err
		}
		code, err := c.play(ctx, at, began, codes[at.about])
		if err != nil {
			return fmt.Errorf("demonstration, %s types %s: %w", at.as, at.verb, err)
		}
		if _, _, err := c.jobs.Idle(ctx); err != nil {
			return err
		}
		if codes[at.about] == "" {
			codes[at.about] = code
		}
	}
	return nil
}

// play types the line and fills in the form it opens; it returns the code the answer is about.
func (c *county) play(ctx context.Context, l line, began time.Time, code string) (string, error) {
	request := bot.Request{Platform: "sandbox", User: l.as, Place: bot.Place{Kind: bot.InDirect}, At: c.clock.Now(), Text: "/luotsi " + l.verb + " " + code}
	answer, err := c.handle(ctx, request)
	if err != nil {
		return "", err
	}
	if answer.Dialog != nil {
		request.Text, request.Submit, request.Values = "", answer.Dialog.ID, dated(l.values, began)
		if answer, err = c.handle(ctx, request); err != nil {
			return "", err
		}
	}
	if len(answer.Errors) > 0 || len(answer.Replies) == 0 || answer.Replies[0].Refusal != "" {
		return "", fmt.Errorf("refused: %v %v", answer.Errors, answer.Replies)
	}
	return answer.Replies[0].Code, nil
}

// dated turns durations since the county began into instants.
func dated(v values, began time.Time) values {
	out := values{}
	for name, value := range v {
		if d, ok := value.(time.Duration); ok {
			value = began.Add(d).Truncate(time.Hour).Format(time.RFC3339)
		}
		out[name] = value
	}
	return out
}

// order sorts the story's lines by time; those of the same instant stay as they stand.
func order(story []line) []line {
	sorted := slices.Clone(story)
	slices.SortStableFunc(sorted, func(a, b line) int { return cmp.Compare(a.after, b.after) })
	return sorted
}
