package casework

import (
	"slices"
	"time"

	"pgregory.net/rapid"
)

// next does what the case waits for, so that walks come far; a case that is over makes way for a new one.
func (w *walk) next(t *rapid.T) {
	n := NextStep(w.c, w.s, w.now)
	by := people[n.By]
	coordinator := people[one(t, "coordinator", "paula", "katri")]
	wide := aConsent("KOTIHOITO-B", "MIEPA", "IAKKAAT", "SOTE-KESKUS-A", "ESIMERKKIJARJESTO", "near:daughter")
	steps := map[Step]func(){
		StepTake: func() { w.do(t, "Take", func(c Case, now time.Time) (Case, error) { return c.Take(coordinator, now) }) },
		StepAnswer: func() {
			if rapid.IntRange(0, 2).Draw(t, "says nothing") == 0 {
				w.passTo(t, n.Due, false)
				return
			}
			w.do(t, "AnswerQuestion", func(c Case, now time.Time) (Case, error) { return c.AnswerQuestion(by, "Siksi", now) })
		},
		StepConsult: func() {
			w.do(t, "AnswerQuestion", func(c Case, now time.Time) (Case, error) { return c.AnswerQuestion(by, "Näin", now) })
		},
		StepAccept: func() {
			w.do(t, "Accept", func(c Case, now time.Time) (Case, error) { return c.Accept(by, ClientFacts{}, now) })
		},
		StepAskConsent: func() { w.do(t, "AskConsent", w.consentAct(t, "AskConsent")) },
		StepRecordConsent: func() {
			w.do(t, "Grant", func(c Case, now time.Time) (Case, error) { return c.Grant(by, wide, w.s, now) })
		},
		StepName:         func() { w.do(t, "Name", w.teamAct(t, "Name")) },
		StepAcceptNaming: func() { w.answerNaming(t, by) },
		StepInvite:       func() { w.inviteOrJoin(t) },
		StepPlan:         func() { w.do(t, "Plan", w.meetingAct(t, "Plan")) },
		StepConfirm: func() {
			name := one(t, "client", "Confirm", "Confirm", "Move")
			w.do(t, name, w.meetingAct(t, name))
		},
		StepMeet:          func() { w.passTo(t, n.Due, false) },
		StepRecordMeeting: func() { w.record(t) },
		StepDecide:        func() { w.decide(t) },
		StepNone:          func() { w.begin(t) },
	}
	do, ok := steps[n.Step]
	if !ok {
		t.Fatalf("nobody knows how to do %s", n.Step)
	}
	do()
}

func (w *walk) answerNaming(t *rapid.T, who Person) {
	if rapid.IntRange(0, 4).Draw(t, "declines") == 0 {
		w.do(t, "DeclineNaming", func(c Case, now time.Time) (Case, error) { return c.DeclineNaming(who, now) })
		return
	}
	w.do(t, "AcceptNaming", func(c Case, now time.Time) (Case, error) { return c.AcceptNaming(who, now) })
}

func (w *walk) inviteOrJoin(t *rapid.T) {
	for _, m := range w.c.Team {
		if m.State == MemberInvited {
			who := people[m.Person.Login]
			if rapid.IntRange(0, 4).Draw(t, "declines") == 0 {
				w.do(t, "DeclineInvite", func(c Case, now time.Time) (Case, error) { return c.DeclineInvite(who, now) })
				return
			}
			w.do(t, "Join", func(c Case, now time.Time) (Case, error) { return c.Join(who, now) })
			return
		}
	}
	w.do(t, "Invite", w.teamAct(t, "Invite"))
}

func (w *walk) record(t *rapid.T) {
	m := w.c.Coming()[0]
	r := heldRecord([]Meeting{m}, w.now)
	w.do(t, "RecordMeeting", func(c Case, now time.Time) (Case, error) { return c.RecordMeeting(m.No, r, w.s, now) })
}

func (w *walk) decide(t *rapid.T) {
	if rapid.Bool().Draw(t, "close") {
		w.do(t, "Close", func(c Case, now time.Time) (Case, error) { return c.Close(now) })
		return
	}
	w.do(t, "AskConsent", w.consentAct(t, "AskConsent"))
	w.do(t, "Grant", w.consentAct(t, "Grant"))
}

// passTime lets time pass: minutes or months, to midnight or just before it, to nine, over a change of clocks, or to the very
// instant at which something is due.
func (w *walk) passTime(t *rapid.T) {
	day := w.s.Calendar.Day(w.now)
	to := w.now.Add(time.Duration(rapid.IntRange(1, 600).Draw(t, "minutes")) * time.Minute)
	passes := []string{"minutes", "midnight", "before midnight", "nine", "days", "due", "minutes", "midnight", "nine", "due", "clocks", "a year"}
	switch one(t, "passes", passes...) {
	case "midnight":
		to = daysAfter(day, 1)
	case "before midnight":
		to = daysAfter(day, 2).Add(-1)
	case "nine":
		to = w.s.Calendar.At(daysAfter(day, 1), 9, 0)
	case "days":
		to = daysAfter(w.now, rapid.IntRange(1, 40).Draw(t, "days"))
	case "clocks":
		to = nextChangeOfClocks(w.now).Add(time.Duration(rapid.IntRange(-1, 1).Draw(t, "about")))
	case "due":
		for _, i := range Agenda(w.c, w.s) {
			if i.Due.After(w.now) {
				to = i.Due
				break
			}
		}
	case "a year":
		to = daysAfter(w.now, 366)
	}
	w.passTo(t, to, rapid.Bool().Draw(t, "late"))
}

func nextChangeOfClocks(t time.Time) time.Time {
	_, end := t.In(Helsinki).ZoneBounds()
	return end.Add(1) // so that a step back of an instant is still not before t
}

// passTo lets time pass; its acts are done on the way at their instants, or all at the end when nobody came sooner.
func (w *walk) passTo(t *rapid.T, to time.Time, late bool) {
	if to.Before(w.now) {
		return
	}
	for {
		items := Agenda(w.c, w.s)
		i := slices.IndexFunc(items, func(i Item) bool { return i.Kind.IsAct() && !i.Due.After(to) })
		if i < 0 {
			break
		}
		if w.now = later(w.now, items[i].Due); late {
			w.now = to
		} else {
			w.remind(t)
		}
		if !w.do(t, actsOfTime[items[i].Kind], w.actOfTime(t, items[i].Kind)) {
			t.Fatalf("%s was due, but is refused", items[i].Key)
		}
		if slices.ContainsFunc(Agenda(w.c, w.s), func(j Item) bool { return j.Key == items[i].Key }) {
			t.Fatalf("%s was done, but is still to do", items[i].Key)
		}
	}
	w.now = to
	w.remind(t)
}

var actsOfTime = map[ItemKind]string{ActExpire: "Expire", ActNoReply: "NoReply", ActVoidInvite: "VoidInvites", ActGoBack: "GoBack", ActTurn: "Turn"}

func (w *walk) actOfTime(t *rapid.T, kind ItemKind) try {
	switch kind {
	case ActExpire:
		return func(c Case, now time.Time) (Case, error) { return c.Expire(now) }
	case ActNoReply:
		return func(c Case, now time.Time) (Case, error) { return c.NoReply(Person{Login: System}, now) }
	case ActVoidInvite:
		return func(c Case, now time.Time) (Case, error) { return c.VoidInvites(w.s, now) }
	case ActGoBack:
		return func(c Case, now time.Time) (Case, error) { return c.GoBack(w.s, now) }
	case ActTurn:
		return func(c Case, now time.Time) (Case, error) { return c.Turn(now) }
	}
	t.Fatalf("time does not know how to do %s", kind)
	return nil
}
