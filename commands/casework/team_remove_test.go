package casework

import (
	"slices"
	"testing"
	"time"
)

// Who is taken out has left at once, is told neutrally, and is not awaited at what was agreed for later.
func TestRemove(t *testing.T) {
	b := active(t).joined("leo").invited("sanna").planned(monthOut, "mika", "leo", "near:daughter")
	for login, want := range map[string]Rule{"mika": "", "sanna": "", "kaisa": NobodyToRemove, "paula": NobodyToRemove, "ville": NobodyToRemove} {
		wantRule(t, b.c.MayRemove(login), want)
	}
	wantRule(t, active(t).withdrawn().c.MayRemove("mika"), WrongState)
	b.after(time.Hour).did(b.quiet().Remove("leo", "need_met", b.now))
	if got := b.told(); !slices.Equal(got, []string{"removed:leo"}) || b.c.State != Active {
		t.Errorf("tells %q, %s", got, b.c.State)
	}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula", "kaisa", "mika"}) {
		t.Errorf("room: %q", got)
	}
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"mika", "near:daughter"}) {
		t.Errorf("invited: %q", got)
	}
	if m := b.c.Team[b.c.member("leo", MemberRemoved)]; m.EndedFor != "need_met" || !m.EndedAt.Equal(b.now) {
		t.Errorf("removed: %+v", m)
	}
	if b.did(b.quiet().Remove("mika", "own_wish", b.now)); b.c.State != TeamForming || b.c.Lead() != "paula" {
		t.Errorf("one unit alone is %s, led by %s", b.c.State, b.c.Lead())
	}
	if b.joined("mika"); b.c.State != Active {
		t.Errorf("asked again: %s", b.c.State)
	}
}

// Who never accepted was never in: an invitation taken back, declined or void leaves no relation to the case behind.
func TestWhoNeverJoinedWasNoMember(t *testing.T) {
	back := together(t).invited("mika")
	back.did(back.quiet().Remove("mika", "other", back.now))
	no := together(t).invited("mika")
	no.did(no.quiet().DeclineInvite(people["mika"], no.now))
	void := together(t).invited("mika").days(40)
	void.did(void.quiet().VoidInvites(void.s, void.now))
	for name, b := range map[string]*build{"taken back": back, "declined": no, "void": void, "consent ended": together(t).invited("mika").withdrawn()} {
		if got := b.c.Relations(people["mika"]); len(got) != 0 {
			t.Errorf("%s: mika is %v", name, got)
		}
	}
	left := active(t)
	left.did(left.quiet().Remove("mika", "other", left.now))
	if got := left.c.Relations(people["mika"]); !slices.Equal(got, []Relation{WasMember}) {
		t.Errorf("removed: mika is %v", got)
	}
}

// When a place in the team ended tells an old member from somebody who was put into the room again.
func TestWhenAPlaceInTheTeamEnded(t *testing.T) {
	removed := active(t)
	removed.did(removed.quiet().Remove("mika", "other", removed.now))
	ended := active(t).withdrawn()
	for what, c := range map[string]struct {
		c    Case
		who  string
		want time.Time
	}{
		"a member":                   {active(t).c, "mika", time.Time{}},
		"removed":                    {removed.c, "mika", removed.now},
		"led until the consent ends": {ended.c, "kaisa", ended.c.PausedAt},
		"was in it until then":       {ended.c, "mika", ended.c.PausedAt},
		"never joined":               {together(t).invited("mika").withdrawn().c, "mika", time.Time{}},
		"nobody":                     {active(t).c, "", time.Time{}},
	} {
		if got := c.c.LeftTeam(c.who); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

// A meeting that has begun stays as it began: who was invited then may be recorded as present after leaving.
func TestRemovedAfterTheMeetingBegan(t *testing.T) {
	b := active(t).confirmed().at(monthOut.Add(time.Minute))
	b.did(b.quiet().Remove("mika", "other", b.now)).after(time.Hour)
	r := heldRecord(b.c.Meetings, b.now)
	r.Attendance = append(r.Attendance, Attendance{"mika", "present_in_person"})
	wantRule(t, b.c.MayRecordMeeting(1, r, b.now), "")
}

// While the case is paused, its responsible worker still sees where it stands, and has no part in it otherwise (C07).
func TestResponsibleWorkerOfAPausedCase(t *testing.T) {
	b := active(t).withdrawn()
	if got := b.c.Relations(people["kaisa"]); !slices.Equal(got, []Relation{WasResponsible, WasMember}) {
		t.Errorf("kaisa is %v", got)
	}
	if got := b.c.Relations(people["mika"]); !slices.Equal(got, []Relation{WasMember}) {
		t.Errorf("mika is %v", got)
	}
	for name, c := range map[string]Case{
		"consent anew": active(t).withdrawn().asked().granted("KOTIHOITO-B").c, "closed": active(t).withdrawn().closed().c,
		"handed over": active(t).handedOver("mika").tookOver("mika").after(time.Hour).withdrawn().c,
	} {
		if slices.Contains(c.Relations(people["kaisa"]), WasResponsible) {
			t.Errorf("%s: still", name)
		}
	}
}
