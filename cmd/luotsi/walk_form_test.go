package main

import (
	"strings"
	"time"

	"pgregory.net/rapid"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// wanted are answers with which the way goes on; every one of a list is an answer of its own.
var wanted = map[string]map[string][]any{
	"concern.raise": {
		"basis":         {"shl35_1_client_agrees", "shl35_1_client_agrees", "shl35_2_duty", "client_own_contact", "nameless", "same_register_task"},
		"identity_name": {"Testi-Aino Esimerkki"}, "identity_code": {"010140-900T", "010140-900T", "231145-902D"},
	},
	"consent.request":  {"informed_on": {"tänään"}},
	"consent.record":   {"result": {"granted", "granted", "granted", "granted", "granted", "refused", "no_reply"}, "form": {"written_signed"}, "parties": {wide}},
	"consent.amend":    {"form": {"written_signed"}, "parties": {wide, narrow}},
	"responsible.name": {"person": {"ville", "kaisa", "mika", "leo"}}, "responsible.handover": {"person": {"ville", "kaisa", "mika", "leo"}},
	"team.invite":    {"person": {"kaisa", "leo", "jaana", "mika", "ville", "sanna", "ulla"}},
	"meeting.record": {"attendance_client": {"present_in_person", "present_remote", "absent_agreed"}},
}

var (
	wide   = []string{"SOTE-KESKUS-A", "ASIAKASOHJAUS", "IAKKAAT", "KOTIHOITO-B", "MIEPA", "ESIMERKKIJARJESTO", "near:daughter"}
	narrow = []string{"ASIAKASOHJAUS", "KOTIHOITO-B", "person:leo"}
)

// answers fills in a form from its own choices: what is required, and when wild other fields as well, without care.
func (s *stroll) answers(d bot.Dialog, c casework.Case, wild bool) map[string]any {
	values := map[string]any{}
	for _, f := range d.Fields {
		want := wanted[d.Command][f.Name]
		switch {
		case len(want) > 0 && (!wild || !s.chance(3, f.Name+" otherwise")):
			values[f.Name] = drawn(s, f.Name, want...)
		case f.Default != nil && !(wild && s.chance(5, f.Name+" not as preset")):
			values[f.Name] = f.Default
		case f.Required, wild && s.chance(5, f.Name+" too"):
			values[f.Name] = s.answer(f, c)
		}
	}
	if nameless := values["basis"] == "nameless" || values["basis"] == "not_asked"; nameless && !wild {
		delete(values, "identity_name")
		delete(values, "identity_code")
	}
	for _, f := range d.Fields {
		if _, given := values[f.Name]; given || f.When == nil || wild && s.chance(8, f.Name+" forgotten") {
			continue
		}
		for _, v := range f.When.Values {
			if values[f.When.Field] == v {
				values[f.Name] = s.answer(f, c)
			}
		}
	}
	return values
}

func (s *stroll) answer(f bot.DialogField, c casework.Case) any {
	var codes []string
	for _, o := range f.Options {
		codes = append(codes, o.Value)
	}
	switch f.Kind {
	case bot.Select, bot.Someone:
		if len(codes) > 0 {
			return drawn(s, f.Name, codes...)
		}
	case bot.Multi:
		if len(codes) > 0 {
			return rapid.SliceOfNDistinct(rapid.SampledFrom(codes), 1, min(4, len(codes)), rapid.ID[string]).Draw(s.t, f.Name)
		}
		return []string{}
	case bot.Bool:
		return rapid.Bool().Draw(s.t, f.Name)
	case bot.Day:
		day, _, _ := strings.Cut(whenWritten(s.when(f.Past, c, f.Name)), " ")
		return day
	case bot.Moment:
		return whenWritten(s.when(f.Past, c, f.Name))
	case bot.LineText:
		switch {
		case f.Name == "identity_code":
			return drawn(s, f.Name, "010140-900T", "231145-902D", "")
		case strings.Contains(f.Name, "count"), strings.HasPrefix(f.Name, "duration"):
			return drawn(s, f.Name, "1", "45", "moni")
		}
		return "Esimerkkikatu 1"
	case bot.TextArea:
		return "Näin sovittiin."
	}
	return ""
}

// when is some time that has been, or one to come: also about the end of the consent, and in the hour that is not there.
func (s *stroll) when(past bool, c casework.Case, label string) time.Time {
	now := s.county.clock.Now()
	if past {
		return now.Add(-time.Duration(rapid.IntRange(0, 3*24*60).Draw(s.t, label)) * time.Minute)
	}
	at := now.Add(time.Duration(rapid.IntRange(1, 45*24*60).Draw(s.t, label)) * time.Minute)
	if end := c.Consent().End(); end.After(now) && s.chance(6, "about the end") {
		return end.Add(time.Duration(rapid.IntRange(-1, 1).Draw(s.t, "minutes")) * time.Minute)
	}
	return at
}
