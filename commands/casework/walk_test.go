package casework

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// walk is one case on a random way: anybody tries anything at any time, time passes, and the invariants hold after each step.
type walk struct {
	s        Settings
	now      time.Time
	c        Case
	partedAt time.Time            // when the team last parted
	due      map[string]time.Time // every agenda key there ever was
	told     map[string]string    // to whom every reminder went that one role gets
	done     map[string]int       // how often each act was done, over all walks
}

// Walks begin before the dates that are hard for a calendar.
func TestWalk(t *testing.T) {
	done := map[string]int{}
	for name, start := range map[string]time.Time{
		"Christmas": helsinki(2026, 11, 20, 15, 59), "Easter and spring": helsinki(2027, 2, 25, 8, 30), "autumn": helsinki(2027, 9, 27, 23, 50),
		"moving fast": helsinki(2027, 6, 18, 8, 59),
	} {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := &walk{s: DefaultSettings(), now: start, done: done}
				w.begin(t)
				for range rapid.IntRange(0, 14).Draw(t, "head start") {
					w.next(t)
				}
				steps := map[string]func(*rapid.T){"": w.check, "act": w.anyAct, "next step": w.next, "time": w.passTime}
				if name == "moving fast" { // most of what happens is time, and then somebody is away
					steps["more time"], steps["still more"], steps["away"] = w.passTime, w.passTime, w.goAway
				}
				for range 2 { // a walk of some sixty steps
					t.Repeat(steps)
				}
			})
		})
	}
	for _, a := range acts {
		if done[a.name] == 0 && !testing.Short() {
			t.Errorf("%s never succeeded on any walk", a.name)
		}
	}
	t.Logf("done: %v", done)
}

// do tries an act, and checks what holds of every act whatever it does.
func (w *walk) do(t *rapid.T, name string, act func(c Case, now time.Time) (Case, error)) bool {
	before := frozen(w.c)
	got, err := act(w.c, w.now)
	first := frozen(got)
	again, errAgain := act(w.c, w.now.UTC())
	if fmt.Sprint(err) != fmt.Sprint(errAgain) {
		t.Fatalf("%s is answered by %v, and in another zone by %v", name, err, errAgain)
	}
	if frozen(w.c) != before {
		t.Fatalf("%s changed the case it began from", name)
	}
	if frozen(got) != first {
		t.Fatalf("%s, done again, changed what the first gave", name)
	}
	if err != nil {
		w.checkRefusal(t, name, got, before, err)
		return false
	}
	if !cmp.Equal(got, again) || !cmp.Equal(Agenda(got, w.s), Agenda(again, w.s)) {
		t.Fatalf("%s depends on the clock's zone:\n%s", name, cmp.Diff(got, again))
	}
	w.changed(t, name, got)
	return true
}

// frozen is the whole case as text, so that a later change in place shows.
func frozen(c Case) string {
	b, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func (w *walk) checkRefusal(t *rapid.T, name string, got Case, before string, err error) {
	var r *Refusal
	if !errors.As(err, &r) || r.Rule == "" {
		t.Fatalf("%s refused without a rule: %v", name, err)
	}
	if frozen(got) != before {
		t.Fatalf("%s was refused, but the case changed", name)
	}
}

func (w *walk) changed(t *rapid.T, name string, got Case) {
	if got.Revision != w.c.Revision+1 {
		t.Fatalf("%s: revision %d after %d", name, got.Revision, w.c.Revision)
	}
	if got.ChangedAt.Before(w.c.ChangedAt) || !got.ChangedAt.Equal(w.now) {
		t.Fatalf("%s at %s: changed at %s after %s", name, w.now, got.ChangedAt, w.c.ChangedAt)
	}
	if w.c.State.Together() && !got.State.Together() {
		w.partedAt = w.now
	}
	for _, n := range got.News {
		if forRoom := slices.Contains(roomNotices, n.Kind); n.To == "" && !forRoom {
			t.Fatalf("%s tells the room %q", name, n.Kind)
		}
	}
	if name == "Refuse" && (len(got.News) != 1 || got.News[0] != Notice{Kind: ToldHandled, To: got.Concern.Raiser.Login}) {
		t.Fatalf("a refusal tells %v", got.News)
	}
	got.News = nil
	w.c = got
	w.done[name]++
	w.checkAgenda(t, name)
}

var roomNotices = []NoticeKind{ToldStandIn, ToldJoined, ToldResponsible, ToldActive, ToldMet, ToldWelcome}

// checkAgenda: keys are unique and keep their instants, nothing arises that is past already, and day-based reminders are due at
// nine on working days.
func (w *walk) checkAgenda(t *rapid.T, after string) {
	items := Agenda(w.c, w.s)
	if diff := cmp.Diff(items, Agenda(w.c, w.s)); diff != "" {
		t.Fatalf("two agendas of one case:\n%s", diff)
	}
	seen := map[string]bool{}
	for _, i := range items {
		if seen[i.Key] {
			t.Fatalf("after %s, twice on the agenda: %s", after, i.Key)
		}
		seen[i.Key] = true
		switch was, known := w.due[i.Key]; {
		case known && !was.Equal(i.Due):
			t.Fatalf("after %s, %s is due %s, before it was %s", after, i.Key, i.Due, was)
		case !known && i.Due.Before(w.now):
			t.Fatalf("after %s at %s, %s arises, due %s", after, w.now, i.Key, i.Due)
		}
		w.due[i.Key] = i.Due
		at := i.Due.In(Helsinki)
		nine := at.Hour() == 9 && at.Minute() == 0 && at.Second() == 0 && w.s.Calendar.Working(at)
		sameDay := i.Kind == RemindUnseen || i.Kind == RemindCall || strings.Contains(i.Key, "/urgent")
		if !i.Kind.IsAct() && !nine && !sameDay {
			t.Fatalf("%s is due %s", i.Key, at)
		}
		if i.Kind.IsAct() != (i.To == "") || i.On.IsZero() {
			t.Fatalf("%s is for %q, on %s", i.Key, i.To, i.On)
		}
	}
}

// check is what holds at every instant, whatever was done (I1–I4, I9).
func (w *walk) check(t *rapid.T) {
	k, holds := w.c.ConsentAt(w.now)
	w.checkTogether(t, k, holds)
	w.checkHolder(t)
	w.checkAbsences(t, k, holds)
	w.checkMeetings(t)
	for _, i := range Agenda(w.c, w.s) {
		if i.To != "" && !strings.HasPrefix(i.To, "@") && len(w.c.Relations(people[i.To])) == 0 {
			t.Fatalf("%s would remind somebody who has nothing to do with the case", i.Key)
		}
		if i.Kind.IsAct() && i.Due.Before(w.now) {
			t.Fatalf("%s was not done in time, or changed nothing", i.Key)
		}
	}
}

func (w *walk) checkTogether(t *rapid.T, k Consent, holds bool) {
	room := Roster(w.c, w.now)
	if room.Open != (holds && w.c.State.Together()) {
		t.Fatalf("in %s, with consent: %v, the room is open: %v", w.c.State, holds, room.Open)
	}
	if room.Open && (len(room.Members) == 0 || room.Members[0] != w.c.Coordinator.Login || room.Number == 0) {
		t.Fatalf("room without its coordinator: %+v", room)
	}
	for i, login := range room.Members {
		p := people[login]
		if !room.Open || !k.Informs(p) || p.Guest || slices.Contains(room.Members[:i], login) {
			t.Fatalf("%s does not belong in the room %+v", login, room)
		}
	}
	if want := w.belong(k); room.Open && !slices.Equal(slices.Sorted(slices.Values(room.Members)), want) {
		t.Fatalf("in the room: %q, want %q", room.Members, want)
	}
	for _, m := range w.c.Team {
		if m.State != MemberActive && m.State != MemberInvited {
			continue
		}
		if !w.c.State.Together() || holds && !k.Covers(m.Person) {
			t.Fatalf("%s is %s in %s, covered by the consent: %v", m.Person.Login, m.State, w.c.State, k.Covers(m.Person))
		}
		if m.State == MemberActive && holds && k.Informs(m.Person) && !m.Person.Guest && !slices.Contains(room.Members, m.Person.Login) {
			t.Fatalf("%s is in the team but not in the room", m.Person.Login)
		}
	}
}

func (w *walk) checkHolder(t *rapid.T) {
	var accepted, named int
	for _, a := range w.c.Responsible {
		switch a.State {
		case AssignmentAccepted:
			accepted++
		case AssignmentNamed:
			named++
		}
	}
	if accepted > 1 || named > 1 || accepted+named > 0 && !w.c.State.Together() {
		t.Fatalf("in %s: %d responsible workers, %d named", w.c.State, accepted, named)
	}
	n := NextStep(w.c, w.s, w.now)
	if w.c.State.Open() != (n.Step != StepNone) || w.c.State.Open() == n.Due.IsZero() {
		t.Fatalf("in %s: %+v", w.c.State, n)
	}
	if inQueue := w.c.State == Submitted; w.c.State.Open() && (inQueue != (n.Holder == "") || inQueue != (n.By == "")) {
		t.Fatalf("in %s: %+v", w.c.State, n)
	}
	if w.c.State == Active && accepted != 1 {
		t.Fatal("active without a responsible worker")
	}
	if lead := w.c.Lead(); w.c.State.Open() && w.c.State != Submitted && (w.c.Coordinator.Login == "" || lead == "" || len(w.c.Relations(people[lead])) == 0) {
		t.Fatalf("in %s: coordinator %q, led by %q", w.c.State, w.c.Coordinator.Login, lead)
	}
}

func (w *walk) checkMeetings(t *rapid.T) {
	k := w.c.Consent()
	for _, m := range w.c.Coming() {
		switch {
		case w.c.State.Together():
			if !m.StartsAt.Before(k.End()) && m.StartsAt.After(w.now) {
				t.Fatalf("meeting %d is at %s, the consent ends %s", m.No, m.StartsAt, k.End())
			}
			for _, who := range m.Invitees {
				if m.StartsAt.After(w.now) && !w.c.mayAttend(k, who) {
					t.Fatalf("%s is invited to meeting %d", who, m.No)
				}
			}
		case m.StartsAt.After(w.partedAt):
			t.Fatalf("meeting %d at %s is still to come in %s", m.No, m.StartsAt, w.c.State)
		}
	}
}
