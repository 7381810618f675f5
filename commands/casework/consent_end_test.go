package casework

import (
	"slices"
	"testing"
	"time"
)

// monthOut is when the tests' meetings are: well within the consent, after every reminder's first day.
var monthOut = helsinki(2026, time.December, 15, 13, 0)

// nobodyTogether checks that no trace of togetherness is left: room closed, nobody in the team, nothing still to come.
func nobodyTogether(t *testing.T, b *build) {
	t.Helper()
	if room := Roster(b.c, b.now); room.Open || len(room.Members) != 0 {
		t.Errorf("room %+v", room)
	}
	if got := b.c.InTeam(); len(got) != 1 || got[0] != people["paula"] {
		t.Errorf("in the team: %v", got)
	}
	if _, named := b.c.NamedWorker(); named || b.c.member("leo", MemberInvited) >= 0 {
		t.Error("somebody is still asked")
	}
	for _, m := range b.c.Coming() {
		if m.StartsAt.After(b.now) {
			t.Errorf("meeting %d is still to come", m.No)
		}
	}
	for _, i := range Agenda(b.c, b.s) {
		if i.Kind == RemindMeeting || i.Kind == RemindInvited || i.Kind == RemindPlan || i.Kind == ActExpire || i.Kind == ActVoidInvite {
			t.Errorf("still on the agenda: %s", i.Key)
		}
	}
}

// meetingAhead is an active case with a meeting agreed on for everybody and leo invited to the team.
func meetingAhead(t *testing.T) *build {
	return active(t).joined("jaana").planned(monthOut, "paula", "kaisa", "mika", "jaana", "near:daughter").invited("leo")
}

func TestWithdrawFreezesEverything(t *testing.T) {
	b := meetingAhead(t).days(2).withdrawn()
	nobodyTogether(t, b)
	want := []string{
		"ended:paula", "ended:kaisa", "ended:mika", "ended:jaana",
		"cancelled:paula", "cancelled:kaisa", "cancelled:mika", "cancelled:jaana", "decide:paula",
	}
	if got := b.told(); !slices.Equal(got, want) {
		t.Errorf("tells %q, want %q", got, want)
	}
	k := b.c.Consent()
	if k.Status != ConsentWithdrawn || !k.EndedAt.Equal(b.now) || k.WithdrawnBy != "client" || k.WithdrawnTo != "kaisa" || k.WithdrawnScope != "all" {
		t.Errorf("consent: %+v", k)
	}
	if _, ok := b.c.ConsentAt(b.now); ok {
		t.Error("the consent holds at the instant of its withdrawal")
	}
	if _, ok := b.c.ConsentAt(b.now.Add(-1)); !ok {
		t.Error("the consent did not hold just before")
	}
	if b.c.State != Paused || !b.c.PausedAt.Equal(b.now) || b.c.Meetings[0].EndedFor != "consent_not_active" {
		t.Errorf("case: %+v", b.c)
	}
}

func TestExpiry(t *testing.T) {
	b := meetingAhead(t)
	end := b.c.Consent().End()
	wantRule(t, b.c.MayExpire(end.Add(-1)), WrongState)
	wantRule(t, b.c.MayWithdraw(end), NoConsent)
	if Roster(b.c, end).Open || !Roster(b.c, end.Add(-1)).Open {
		t.Error("the room closes with the consent, whether or not anybody noticed")
	}
	b.expired()
	nobodyTogether(t, b)
	if k := b.c.Consent(); k.Status != ConsentExpired || !k.EndedAt.Equal(end) || b.c.State != Paused {
		t.Errorf("expired: %+v", k)
	}
	if got := b.told(); got[0] != "expired:paula" || got[len(got)-1] != "decide:paula" || slices.Contains(got, "ended:mika") {
		t.Errorf("tells %q", got)
	}
}

// A new consent after a pause makes a new room with nobody but the coordinator in it.
func TestConsentAnewAfterPause(t *testing.T) {
	for _, b := range []*build{active(t).days(3).withdrawn(), active(t).expired()} {
		b.days(1).asked().granted("KOTIHOITO-B")
		room := Roster(b.c, b.now)
		if !room.Open || room.Number != 2 || !slices.Equal(room.Members, []string{"paula"}) {
			t.Errorf("room %+v", room)
		}
		if !b.c.PausedAt.IsZero() || b.c.Consent().Version != 2 || len(b.c.Consents) != 2 {
			t.Errorf("case: %+v", b.c)
		}
	}
}

// The client's new will is a new version; whom it no longer covers leaves at once, the others stay where they are.
func TestAmend(t *testing.T) {
	b := meetingAhead(t).days(1).granted("KOTIHOITO-B", "SOTE-KESKUS-A", "near:daughter")
	want := []string{"removed:mika", "removed:jaana", "amended:paula", "amended:kaisa"}
	if got := b.told(); !slices.Equal(got, want) {
		t.Errorf("tells %q, want %q", got, want)
	}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula", "kaisa"}) || Roster(b.c, b.now).Number != 1 {
		t.Errorf("room: %q", got)
	}
	if b.c.State != TeamForming || b.c.Lead() != "paula" {
		t.Errorf("one unit alone is %s, held by %s", b.c.State, b.c.Lead())
	}
	if b.c.member("leo", MemberInvited) < 0 {
		t.Error("an invitation that is still covered was lost")
	}
	if got := b.c.Meetings[0].Invitees; !slices.Equal(got, []string{"paula", "kaisa", "near:daughter"}) {
		t.Errorf("invited to the meeting: %q", got)
	}
	old := b.c.Consents[0]
	if old.Status != ConsentAmended || !old.EndedAt.Equal(b.now) || b.c.Consent().Version != 2 {
		t.Errorf("versions: %+v", b.c.Consents)
	}
	if k, ok := b.c.ConsentAt(b.now.Add(-1)); !ok || k.Version != 1 {
		t.Errorf("before, version %d held", k.Version)
	}
	wantRule(t, b.c.MayMove(1, monthOut.Add(time.Hour), b.now), "")
}

// A consent cut short takes the meetings past its end with it (I3), but not one that has begun.
func TestAmendShorter(t *testing.T) {
	b := active(t).planned(monday.Add(time.Minute), "mika").planned(monthOut.AddDate(0, -1, 20), "mika").planned(monthOut, "mika").after(time.Hour)
	k := aConsent("KOTIHOITO-B", "MIEPA")
	k.ValidUntil = monthOut.AddDate(0, 0, -1)
	b.grantedAs(k)
	var states []MeetingState
	for _, m := range b.c.Meetings {
		states = append(states, m.State)
	}
	if !slices.Equal(states, []MeetingState{MeetingPlanned, MeetingPlanned, MeetingCancelled}) {
		t.Errorf("meetings: %q", states)
	}
	if !slices.Contains(b.told(), "cancelled:mika") {
		t.Errorf("tells %q", b.told())
	}
}

// A responsible worker must get the content; a member who no longer does stays in the team, outside the room.
func TestAmendWithoutContent(t *testing.T) {
	b := active(t).joined("leo")
	k := aConsent("KOTIHOITO-B", "MIEPA", "SOTE-KESKUS-A")
	k.NoContent = []string{"KOTIHOITO-B", "MIEPA"}
	b.grantedAs(k)
	if _, ok := b.c.ResponsibleWorker(); ok || b.c.State != TeamForming {
		t.Errorf("still responsible, %s", b.c.State)
	}
	if got := b.told(); !slices.Equal(got, []string{"removed:kaisa", "amended:paula", "amended:mika", "amended:leo"}) {
		t.Errorf("tells %q", got)
	}
	if got := Roster(b.c, b.now).Members; !slices.Equal(got, []string{"paula", "leo"}) {
		t.Errorf("room: %q", got)
	}
}

// Correcting keeps the wrong version, asks anew, and keeps everybody apart until the right one is recorded.
func TestCorrectKeepsHistory(t *testing.T) {
	b := meetingAhead(t).days(1)
	wrong := b.c.Consent()
	b.did(b.quiet().Correct(people["paula"], "Väärä yksikkö", b.now))
	nobodyTogether(t, b)
	kept, asked := b.c.Consents[0], b.c.Consents[1]
	if kept.Status != ConsentInError || !slices.Equal(kept.Parties, wrong.Parties) || !kept.RecordedAt.Equal(wrong.RecordedAt) {
		t.Errorf("kept: %+v", kept)
	}
	if asked.Status != ConsentRequested || asked.Corrects != 1 || asked.CorrectionReason != "Väärä yksikkö" || asked.InformedOn.IsZero() {
		t.Errorf("asked: %+v", asked)
	}
	if _, ok := b.c.ConsentAt(b.now.Add(-time.Hour)); ok {
		t.Error("a consent recorded in error carries the past")
	}
	if got := b.told(); !slices.Contains(got, "corrected:mika") || !slices.Contains(got, "cancelled:mika") || slices.Contains(got, "ended:mika") {
		t.Errorf("tells %q", got)
	}
	b.granted("MIEPA")
	if k := b.c.Consent(); k.Version != 2 || k.Corrects != 1 || k.CorrectionReason == "" || len(b.c.Consents) != 2 || Roster(b.c, b.now).Number != 2 {
		t.Errorf("put right: %+v", k)
	}
}

func TestCorrectRefusalAndWithdrawal(t *testing.T) {
	for name, b := range map[string]*build{
		"refusal":    pending(t, monday).refused(),
		"withdrawal": active(t).withdrawn(),
	} {
		b.did(b.quiet().Correct(people["paula"], "Kirjattu väärin", b.now))
		if c := b.c; c.State != ConsentPending || !c.ClosedAt.IsZero() || c.ClosedFor != "" || !c.PausedAt.IsZero() {
			t.Errorf("%s: %+v", name, c)
		}
		wantRule(t, b.c.MayCorrect(), WrongState)
	}
	wantRule(t, active(t).expired().c.MayCorrect(), WrongState)
	wantRule(t, active(t).withdrawn().closed().c.MayCorrect(), WrongState)
}

// Why a paused case closes is why it was paused, whatever was asked since.
func TestClosedForWhatPausedIt(t *testing.T) {
	for want, b := range map[string]*build{
		"consent_withdrawn": active(t).expired().asked().granted("MIEPA").days(1).withdrawn().asked(),
		"consent_expired":   active(t).withdrawn().asked().granted("MIEPA").expired().asked(),
	} {
		if b.closed(); b.c.ClosedFor != want || b.c.State != Closed || !b.c.ClosedAt.Equal(b.now) || len(b.c.News) != 0 {
			t.Errorf("closed for %s, want %s; tells %q", b.c.ClosedFor, want, b.told())
		}
	}
}
