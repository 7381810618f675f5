package casework

import (
	"maps"
	"slices"
	"strings"
	"time"

	"pgregory.net/rapid"
)

var (
	actNames   = namesOf(acts)
	logins     = slices.Sorted(maps.Keys(people))
	partyCodes = []string{
		"KOTIHOITO-B", "MIEPA", "IAKKAAT", "SOTE-KESKUS-A", "ASIAKASOHJAUS", "ESIMERKKIJARJESTO", "person:leo", "person:jaana", "near:daughter", "near:son",
	}
)

func namesOf(acts []act) []string {
	var names []string
	for _, a := range acts {
		names = append(names, a.name)
	}
	return names
}

func anybody(t *rapid.T, label string) Person {
	return people[rapid.SampledFrom(logins).Draw(t, label)]
}

func some(t *rapid.T, of []string, label string) []string {
	return rapid.SliceOfN(rapid.SampledFrom(of), 0, 5).Draw(t, label)
}

func one(t *rapid.T, label string, of ...string) string { return rapid.SampledFrom(of).Draw(t, label) }

// begin raises a concern, sometimes after tries that the rules refuse.
func (w *walk) begin(t *rapid.T) {
	for {
		n := Concern{
			Raiser: anybody(t, "raiser"), Basis: one(t, "basis", Bases...), Criteria: some(t, Criteria, "criteria"), Urgency: one(t, "urgency", Urgencies...),
			HasIdentity: rapid.Bool().Draw(t, "identity"), GroundText: one(t, "facts", "", "Tosiasiat"), Question: one(t, "question", "", "Kysymys"),
		}
		c, err := Raise("BCDFGHJ-W", n, w.now)
		if err == nil {
			w.c, w.due, w.told, w.partedAt = c, map[string]time.Time{}, map[string]string{}, time.Time{}
			w.checkAgenda(t, "Raise")
			return
		}
	}
}

// anyAct lets anybody try anything, mostly what the state allows.
func (w *walk) anyAct(t *rapid.T) {
	names := actNames
	if fits := fitting(w.c.State); len(fits) > 0 && rapid.IntRange(0, 3).Draw(t, "unfit") > 0 {
		names = fits
	}
	name := rapid.SampledFrom(names).Draw(t, "act")
	if do := w.concernAct(t, name); do != nil {
		w.do(t, name, do)
	} else if do := w.consentAct(t, name); do != nil {
		w.do(t, name, do)
	} else if do := w.teamAct(t, name); do != nil {
		w.do(t, name, do)
	} else if do := w.meetingAct(t, name); do != nil {
		w.do(t, name, do)
	} else if do := w.endAct(t, name); do != nil {
		w.do(t, name, do)
	} else if do := w.absenceAct(t, name); do != nil {
		w.do(t, name, do)
	} else {
		t.Fatalf("nobody tries %s", name)
	}
}

// fitting are the acts that some phase of the state allows.
func fitting(s State) []string {
	var fits []string
	for phase, acts := range allowed {
		if phase == string(s) || strings.HasPrefix(phase, string(s)+",") {
			fits = append(fits, strings.Fields(acts)...)
		}
	}
	slices.Sort(fits)
	return slices.Compact(fits)
}

type try = func(c Case, now time.Time) (Case, error)

// concernAct: who may take a concern at all is the gate's to say, so only coordinators try.
func (w *walk) concernAct(t *rapid.T, name string) try {
	by := anybody(t, "by")
	if name == "Take" || name == "Accept" {
		by = people[one(t, "coordinator", "paula", "katri")]
	}
	switch name {
	case "Take":
		return func(c Case, now time.Time) (Case, error) { return c.Take(by, now) }
	case "Return":
		return func(c Case, now time.Time) (Case, error) { return c.Return("Miksi?", w.s, now) }
	case "AnswerQuestion":
		return func(c Case, now time.Time) (Case, error) { return c.AnswerQuestion(by, "Siksi.", now) }
	case "Accept":
		return func(c Case, now time.Time) (Case, error) { return c.Accept(by, ClientFacts{}, now) }
	}
	return nil
}

func (w *walk) consentAct(t *rapid.T, name string) try {
	by := anybody(t, "by")
	switch name {
	case "AskConsent":
		informed := w.now.Add(-time.Duration(rapid.IntRange(0, 48).Draw(t, "hours ago")) * time.Hour)
		return func(c Case, now time.Time) (Case, error) { return c.AskConsent(by, informed, "phone", w.s, now) }
	case "Grant":
		k := w.anyConsent(t)
		return func(c Case, now time.Time) (Case, error) { return c.Grant(by, k, w.s, now) }
	case "Refuse":
		return func(c Case, now time.Time) (Case, error) { return c.Refuse(by, "", "no", "", now) }
	case "NoReply":
		return func(c Case, now time.Time) (Case, error) { return c.NoReply(by, now) }
	case "Withdraw":
		return func(c Case, now time.Time) (Case, error) {
			return c.Withdraw(by, Withdrawal{By: "client", To: by.Login, At: now}, now)
		}
	case "Expire":
		return func(c Case, now time.Time) (Case, error) { return c.Expire(now) }
	case "Correct":
		return func(c Case, now time.Time) (Case, error) { return c.Correct(by, "Väärin", now) }
	case "Close":
		return func(c Case, now time.Time) (Case, error) { return c.Close(now) }
	case "Object":
		giver := one(t, "given by", ConsentGivers...)
		return func(c Case, now time.Time) (Case, error) { return c.Object(by, giver, "Päätös", now) }
	case "WithdrawPart":
		parties, data := some(t, append(partyCodes, "person:mika"), "parties"), some(t, Categories[:2], "categories")
		return func(c Case, now time.Time) (Case, error) {
			return c.WithdrawPart(by, Withdrawal{By: "client", To: by.Login, At: now, Scope: "parties"}, parties, data, now)
		}
	}
	return nil
}

func (w *walk) anyConsent(t *rapid.T) Consent {
	k := aConsent(some(t, partyCodes, "parties")...)
	k.Form, k.Capacity, k.GivenBy = one(t, "form", ConsentForms...), one(t, "capacity", Capacities...), one(t, "given by", ConsentGivers...)
	k.RepresentativeEvidence = one(t, "evidence", "", "Päätös")
	if rapid.Bool().Draw(t, "narrow") {
		k.NoContent, k.ObjectsTo = some(t, partyCodes, "no content"), some(t, partyCodes, "opposed")
	}
	if rapid.Bool().Draw(t, "informed now") {
		k.InformedOn = w.now
	}
	if rapid.Bool().Draw(t, "until a day") {
		k.ValidUntil = daysAfter(w.s.Calendar.Day(w.now), rapid.IntRange(-2, 400).Draw(t, "days"))
	}
	return k
}

func (w *walk) teamAct(t *rapid.T, name string) try {
	by, who := anybody(t, "by"), w.asked(t, name)
	switch name {
	case "Name":
		wish := rapid.IntRange(0, 3).Draw(t, "one is enough") == 0
		return func(c Case, now time.Time) (Case, error) {
			return c.Name(by, who, Naming{Need: "Arki", ClientWish: wish}, now)
		}
	case "AcceptNaming":
		return func(c Case, now time.Time) (Case, error) { return c.AcceptNaming(who, now) }
	case "DeclineNaming":
		return func(c Case, now time.Time) (Case, error) { return c.DeclineNaming(who, now) }
	case "Invite":
		return func(c Case, now time.Time) (Case, error) { return c.Invite(by, who, "Tuki", now) }
	case "Join":
		return func(c Case, now time.Time) (Case, error) { return c.Join(who, now) }
	case "DeclineInvite":
		return func(c Case, now time.Time) (Case, error) { return c.DeclineInvite(who, now) }
	case "VoidInvites":
		return func(c Case, now time.Time) (Case, error) { return c.VoidInvites(w.s, now) }
	}
	return nil
}

func (w *walk) meetingAct(t *rapid.T, name string) try {
	by, no := anybody(t, "by"), rapid.IntRange(1, max(1, len(w.c.Meetings))).Draw(t, "meeting")
	switch name {
	case "Plan":
		m := Meeting{Kind: one(t, "kind", MeetingKinds...), StartsAt: w.anyTime(t), ClientAnswer: one(t, "answer", ClientAnswers...)}
		m.Invitees = some(t, append(partyCodes, logins...), "invitees")
		if rapid.Bool().Draw(t, "whole team") {
			m.Invitees = w.team()
		}
		return func(c Case, now time.Time) (Case, error) { return c.Plan(by, m, now) }
	case "Confirm":
		answer := one(t, "answer", ClientAnswers...)
		return func(c Case, now time.Time) (Case, error) { return c.Confirm(no, answer, now) }
	case "Move":
		to := w.anyTime(t)
		return func(c Case, now time.Time) (Case, error) { return c.Move(no, to, "other", now) }
	case "Cancel":
		return func(c Case, now time.Time) (Case, error) { return c.Cancel(no, "other", now) }
	case "RecordMeeting":
		r := Record{StartedAt: w.now.Add(-time.Hour), Attendance: []Attendance{{clientAttends, one(t, "client", Attendances...)}}}
		for _, who := range some(t, logins, "there") {
			r.Attendance = append(r.Attendance, Attendance{who, one(t, "how", Attendances...)})
		}
		return func(c Case, now time.Time) (Case, error) { return c.RecordMeeting(no, r, w.s, now) }
	}
	return nil
}

// asked is mostly who has been asked, if the act is an answer.
func (w *walk) asked(t *rapid.T, act string) Person {
	who := anybody(t, "who")
	if rapid.IntRange(0, 3).Draw(t, "stranger") == 0 {
		return who
	}
	switch act {
	case "AcceptNaming", "DeclineNaming":
		if named, ok := w.c.NamedWorker(); ok {
			return named.Person
		}
	case "StandIn", "NotStandIn":
		for _, a := range w.c.Absences {
			if w.c.asked(a.Deputy.Login) >= 0 {
				return a.Deputy
			}
		}
	case "Remove":
		for _, m := range w.c.Team {
			if m.State == MemberActive || m.State == MemberInvited {
				return m.Person
			}
		}
	case "Disable":
		return people[rapid.SampledFrom(w.team()).Draw(t, "of the team")]
	case "Join", "DeclineInvite":
		for _, m := range w.c.Team {
			if m.State == MemberInvited {
				return m.Person
			}
		}
	}
	return who
}

func (w *walk) team() []string {
	var team []string
	for _, p := range w.c.InTeam() {
		team = append(team, p.Login)
	}
	return team
}

// anyTime is some time from now on, often just about when the consent ends.
func (w *walk) anyTime(t *rapid.T) time.Time {
	at := w.now.Add(time.Duration(rapid.IntRange(1, 60*24*60).Draw(t, "minutes")) * time.Minute)
	if end := w.c.Consent().End(); end.After(w.now) && rapid.IntRange(0, 4).Draw(t, "at the end") == 0 {
		at = end.Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "about the end")))
	}
	return at
}
