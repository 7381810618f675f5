package casework

import (
	"slices"
	"time"

	"pgregory.net/rapid"
)

// endAct: a concern's other ends, and notifications.
func (w *walk) endAct(t *rapid.T, name string) try {
	by := people[one(t, "coordinator", "paula", "katri")]
	switch name {
	case "Redirect":
		d := aRedirection()
		d.Ground = one(t, "ground", append(RedirectGrounds, "because")...)
		return func(c Case, now time.Time) (Case, error) { return c.Redirect(by, d, now) }
	case "Decline":
		d := Decision{Reason: one(t, "reason", append(DeclineReasons, "")...), Guidance: "Neuvo"}
		return func(c Case, now time.Time) (Case, error) { return c.Decline(by, d, now) }
	case "TakeBack":
		return func(c Case, now time.Time) (Case, error) { return c.TakeBack(now) }
	case "Acknowledge":
		return func(c Case, now time.Time) (Case, error) { return c.Acknowledge(by, now) }
	case "Merge":
		into, same := anotherCase(), rapid.IntRange(0, 2).Draw(t, "another client") > 0
		return func(c Case, now time.Time) (Case, error) {
			merged, joined, err := c.Merge(by, into, same, now)
			if joined.State != into.State || (err == nil) != slices.Contains(joined.Linked, c.Code) {
				t.Fatalf("joined to %+v", joined)
			}
			return merged, err
		}
	case "Convert":
		basis := one(t, "basis", Bases...)
		return func(c Case, now time.Time) (Case, error) { return c.Convert(basis, "Tosiasiat", now) }
	case "GoBack":
		return func(c Case, now time.Time) (Case, error) { return c.GoBack(w.s, now) }
	case "Notify":
		d, raiser := aNotice(), anybody(t, "by")
		d.Ground = one(t, "ground", append(DutyGrounds, "")...)
		return func(c Case, now time.Time) (Case, error) { return c.Notify(raiser, d, now) }
	}
	return nil
}

// absenceAct: somebody is away, stands in, takes over or leaves.
func (w *walk) absenceAct(t *rapid.T, name string) try {
	by, who := anybody(t, "by"), w.asked(t, name)
	switch name {
	case "BeAway":
		of := AbsentRole(one(t, "of", string(AbsentResponsible), string(AbsentCoordinator)))
		from := daysAfter(w.s.Calendar.Day(w.now), rapid.IntRange(-1, 20).Draw(t, "in days"))
		to := daysAfter(from, rapid.IntRange(0, 30).Draw(t, "for days"))
		return func(c Case, now time.Time) (Case, error) { return c.BeAway(by, of, who, from, to, now) }
	case "StandIn":
		return func(c Case, now time.Time) (Case, error) { return c.StandIn(who, now) }
	case "NotStandIn":
		return func(c Case, now time.Time) (Case, error) { return c.NotStandIn(who, now) }
	case "Turn":
		return func(c Case, now time.Time) (Case, error) { return c.Turn(now) }
	case "HandOver":
		return func(c Case, now time.Time) (Case, error) { return c.HandOver(by, who, Naming{Need: "Arki"}, now) }
	case "Transfer":
		return func(c Case, now time.Time) (Case, error) { return c.Transfer(who, "Avoinna", now) }
	case "Disable":
		return func(c Case, now time.Time) (Case, error) { return c.Disable(who.Login, now) }
	case "Remove":
		return func(c Case, now time.Time) (Case, error) { return c.Remove(who.Login, "other", now) }
	}
	return nil
}

// goAway sends somebody away and mostly finds a deputy.
func (w *walk) goAway(t *rapid.T) {
	if w.do(t, "BeAway", w.absenceAct(t, "BeAway")) {
		if name := one(t, "deputy", "StandIn", "StandIn", "StandIn", "NotStandIn", ""); name != "" {
			w.do(t, name, w.absenceAct(t, name))
		}
	}
}

// belong is who must be in the open room, found without the rules' own lists.
func (w *walk) belong(k Consent) []string {
	in := map[string]Person{w.c.Coordinator.Login: w.c.Coordinator}
	for _, a := range w.c.Responsible {
		if a.State == AssignmentAccepted {
			in[a.Person.Login] = a.Person
		}
	}
	for _, m := range w.c.Team {
		if m.State == MemberActive {
			in[m.Person.Login] = m.Person
		}
	}
	for _, a := range w.c.Absences {
		if a.State == DeputyActing {
			in[a.Deputy.Login] = a.Deputy
		}
	}
	var logins []string
	for login, p := range in {
		if !p.Guest && k.Informs(p) {
			logins = append(logins, login)
		}
	}
	slices.Sort(logins)
	return logins
}

// checkAbsences: one absence for a role, of whoever has the role, on while its days last, with a deputy the consent lets in.
func (w *walk) checkAbsences(t *rapid.T, k Consent, holds bool) {
	live := map[AbsentRole]int{}
	for _, a := range w.c.Absences {
		if a.State == DeputyEnded {
			continue
		}
		live[a.Of]++
		holder, ok := w.c.holderOf(a.Of)
		if live[a.Of] > 1 || !ok || holder.Login != a.Person.Login || !w.c.State.Open() {
			t.Fatalf("in %s, of %s: %+v", w.c.State, holder.Login, a)
		}
		if a.State.Begun() && (w.now.Before(a.From) || w.now.After(a.To)) || !a.State.Begun() && w.now.After(later(a.From, a.AskedAt)) {
			t.Fatalf("at %s: %+v", w.now, a)
		}
		if a.State == DeputyActing && w.c.State.Together() && holds && (!k.Informs(a.Deputy) || a.Deputy.Guest) {
			t.Fatalf("%s stands in, and the consent does not let in", a.Deputy.Login)
		}
		for _, i := range Agenda(w.c, w.s) {
			away := i.To == a.Person.Login && !i.Due.Before(a.From) && i.Due.Before(a.To)
			if a.Of == AbsentResponsible && away && slices.Contains([]ItemKind{RemindPlan, RemindMeetingOpen}, i.Kind) && a.Person.Login != w.c.Coordinator.Login {
				t.Fatalf("%s is away when %s is due", i.To, i.Key)
			}
			if a.Of == AbsentCoordinator && a.State.Live() && a.State != DeputyAsked && away && slices.Contains(coordinatorsOnly, i.Kind) {
				t.Fatalf("%s is away when %s is due", i.To, i.Key)
			}
		}
	}
}

var coordinatorsOnly = []ItemKind{RemindAccept, RemindConsent, RemindName, RemindDecide}

// remind tells what is due by now: what one role is told, it is told once, whoever has the role or stands in.
func (w *walk) remind(t *rapid.T) {
	for _, i := range Agenda(w.c, w.s) {
		once := slices.Contains(coordinatorsOnly, i.Kind) || i.Kind == RemindPlan || i.Kind == RemindMeetingOpen
		if !once || i.Due.After(w.now) {
			continue
		}
		cause := i.Key[:len(i.Key)-len(i.To)]
		if before := w.told[cause]; before != "" && before != i.To {
			t.Fatalf("%s was told to %s already", i.Key, before)
		}
		w.told[cause] = i.To
	}
}
