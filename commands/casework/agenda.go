package casework

import (
	"fmt"
	"slices"
	"time"
)

// ItemKind names what time does to a case: a reminder that is told to somebody, or an act of time itself.
type ItemKind string

// The reminders.
const (
	RemindTriage      ItemKind = "triage"           // coordinators: nobody has taken the concern
	RemindEscalated   ItemKind = "triage_escalated" // supervisors: still nobody
	RemindAnswer      ItemKind = "answer"           // raiser: a question waits
	RemindAccept      ItemKind = "accept"           // coordinator: taken, not yet decided
	RemindConsent     ItemKind = "consent"          // coordinator: asked, not answered
	RemindConsentEnd  ItemKind = "consent_end"      // coordinator and responsible worker: the consent ends soon
	RemindName        ItemKind = "name"             // coordinator: no responsible worker yet
	RemindNamed       ItemKind = "named"            // who was named: not answered yet
	RemindInvited     ItemKind = "invited"          // invitee: not answered yet
	RemindMeeting     ItemKind = "meeting"          // everybody invited
	RemindPlan        ItemKind = "plan"             // responsible worker: no meeting agreed
	RemindMeetingOpen ItemKind = "record_meeting"   // responsible worker: not recorded
	RemindDecide      ItemKind = "decide"           // coordinator: the pause is over
)

// The acts of time.
const (
	ActExpire     ItemKind = "act_consent_expires"
	ActNoReply    ItemKind = "act_no_reply"
	ActVoidInvite ItemKind = "act_void_invite"
)

// IsAct reports whether the item changes the case rather than reminds somebody.
func (k ItemKind) IsAct() bool { return k == ActExpire || k == ActNoReply || k == ActVoidInvite }

// Audience is a group of people told together instead of one login.
const (
	ToCoordinators = "@coordinators"
	ToSupervisors  = "@supervisors"
)

// Item is one thing time will do to a case.
type Item struct {
	Key  string // kind, subject and revision: the same cause never acts twice
	Kind ItemKind
	To   string    // login or audience; empty for an act of time
	Due  time.Time // when it is done
	On   time.Time // the date it speaks of
}

// agenda gathers items, leaving out what would be due before its cause arose.
type agenda struct {
	settings Settings
	items    []Item
}

func (a *agenda) add(kind ItemKind, to, subject string, cause, due, on time.Time) {
	if due.Before(cause) {
		return
	}
	key := string(kind) + "/" + subject
	if to != "" {
		key += "/" + to
	}
	if !slices.ContainsFunc(a.items, func(i Item) bool { return i.Key == key }) {
		a.items = append(a.items, Item{Key: key, Kind: kind, To: to, Due: due, On: on})
	}
}

// remind adds a day-based reminder: at 09:00 of the day, or of the working day before.
func (a *agenda) remind(kind ItemKind, to, subject string, cause, day, on time.Time) {
	a.add(kind, to, subject, cause, a.settings.Calendar.ReminderAt(day), on)
}

// Agenda tells all that time will do to the case as it is: what is due, to whom, and when. It is recomputed after every
// change and reconciled with what is stored by key, so nothing else keeps reminders.
func Agenda(c Case, s Settings) []Item {
	a := &agenda{settings: s}
	switch c.State {
	case Submitted, Returned, Triage:
		a.concern(c)
	case ConsentPending:
		a.asking(c)
	case TeamForming, Active:
		a.consentEnds(c)
		a.gathering(c)
		a.meetings(c)
	case Paused:
		due := daysAfter(c.PausedAt, s.PauseDays)
		a.remind(RemindDecide, c.Coordinator.Login, stamp(c.PausedAt), c.PausedAt, due, due)
	}
	a.unrecorded(c)
	slices.SortStableFunc(a.items, func(x, y Item) int { return x.Due.Compare(y.Due) })
	return a.items
}

func (a *agenda) concern(c Case) {
	s, cal, raised := a.settings, a.settings.Calendar, c.Concern.RaisedAt
	switch c.State {
	case Submitted:
		due := c.triageDue(s, raised)
		if c.Concern.Urgency != "normal" {
			a.remindUrgent(c)
		}
		a.remind(RemindTriage, ToCoordinators, "1", raised, cal.AddWorkingDays(raised, s.TriageWorkingDays), due)
		a.remind(RemindEscalated, ToSupervisors, "1", raised, cal.AddWorkingDays(raised, s.TriageEscalateWorkingDays), due)
	case Returned:
		due := cal.AddWorkingDays(c.Concern.ReturnedAt, s.ReturnDueWorkingDays)
		a.remind(RemindAnswer, c.Concern.Raiser.Login, stamp(c.Concern.ReturnedAt), c.Concern.ReturnedAt,
			cal.AddWorkingDays(c.Concern.ReturnedAt, s.ReturnRemindWorkingDays), due)
	case Triage:
		since := later(c.TakenAt, c.Concern.AnsweredAt)
		day := cal.AddWorkingDays(since, s.TriageWorkingDays)
		a.remind(RemindAccept, c.Coordinator.Login, stamp(since), since, day, c.triageDue(s, since))
	}
}

// remindUrgent: what is urgent is due the same day, so the coordinators are reminded an hour after it came.
func (a *agenda) remindUrgent(c Case) {
	a.add(RemindTriage, ToCoordinators, "urgent", c.Concern.RaisedAt, c.Concern.RaisedAt.Add(time.Hour), c.Concern.RaisedAt)
}

func (a *agenda) asking(c Case) {
	k := c.Consent()
	if k.Status != ConsentRequested {
		if k.Status != ConsentNoReply {
			due := a.settings.Calendar.AddWorkingDays(c.AcceptedAt, a.settings.ResponsibleWorkingDays)
			a.remind(RemindConsent, c.Coordinator.Login, "ask", c.AcceptedAt, due, due)
		}
		return
	}
	limit := daysAfter(k.RequestedAt, a.settings.ConsentNoReplyDays)
	for _, days := range a.settings.ConsentRemindDays {
		day := daysAfter(k.RequestedAt, days)
		a.remind(RemindConsent, c.Coordinator.Login, fmt.Sprintf("%d.%d", k.Version, days), k.RequestedAt, day, limit)
	}
	a.add(ActNoReply, "", fmt.Sprint(k.Version), k.RequestedAt, limit, limit)
}

func (a *agenda) consentEnds(c Case) {
	k := c.Consent()
	last := k.End().Add(-time.Second)
	rw, held := c.ResponsibleWorker()
	for _, days := range a.settings.ConsentEndRemindDays {
		subject, day := fmt.Sprintf("%d.%d", k.Version, days), daysAfter(last, -days)
		a.remind(RemindConsentEnd, c.Coordinator.Login, subject, k.RecordedAt, day, last)
		if held {
			a.remind(RemindConsentEnd, rw.Person.Login, subject, later(k.RecordedAt, rw.AcceptedAt), day, last)
		}
	}
	a.add(ActExpire, "", fmt.Sprint(k.Version), k.RecordedAt, k.End(), last)
}

func (a *agenda) gathering(c Case) {
	s, cal := a.settings, a.settings.Calendar
	_, held := c.ResponsibleWorker()
	named, asked := c.NamedWorker()
	switch {
	case asked:
		due := cal.AddWorkingDays(named.NamedAt, s.ResponsibleAnswerDays)
		a.remind(RemindNamed, named.Person.Login, fmt.Sprint(named.No), named.NamedAt, due, due)
		a.remind(RemindName, c.Coordinator.Login, fmt.Sprintf("%d.answer", named.No), named.NamedAt,
			cal.AddWorkingDays(named.NamedAt, s.ResponsibleWorkingDays), due)
	case !held:
		since, due := c.nameDue(s)
		a.remind(RemindName, c.Coordinator.Login, stamp(due), since, due, due)
	}
	for _, m := range c.Team {
		if m.State == MemberInvited {
			void := cal.AddWorkingDays(m.InvitedAt, s.InviteVoidWorkingDays)
			a.remind(RemindInvited, m.Person.Login, fmt.Sprint(m.No), m.InvitedAt, cal.AddWorkingDays(m.InvitedAt, s.InviteRemindWorkingDays), void)
			a.add(ActVoidInvite, "", fmt.Sprint(m.No), m.InvitedAt, void, void)
		}
	}
}

func (a *agenda) meetings(c Case) {
	coming := c.Coming()
	for _, m := range coming {
		for _, p := range c.InTeam() {
			if !slices.Contains(m.Invitees, p.Login) {
				continue
			}
			for _, days := range a.settings.MeetingRemindDays {
				subject := fmt.Sprintf("%d.%d.%d", m.No, m.Revision, days)
				a.remind(RemindMeeting, p.Login, subject, c.sinceInvited(m, p.Login), daysAfter(m.StartsAt, -days), m.StartsAt)
			}
		}
	}
	if rw, ok := c.ResponsibleWorker(); ok && c.State == Active && len(coming) == 0 {
		due := c.meetingDue(a.settings)
		a.remind(RemindPlan, rw.Person.Login, stamp(due), c.withoutMeetingSince(rw), daysAfter(due, -a.settings.PlanRemindDays), due)
	}
}

// sinceInvited is when the person's place in the meeting arose: the meeting's time was set, and the person is in the team.
func (c Case) sinceInvited(m Meeting, login string) time.Time {
	if i := c.member(login, MemberActive); i >= 0 {
		return later(m.SettledAt, c.Team[i].JoinedAt)
	}
	return m.SettledAt
}

// withoutMeetingSince is since when an active case has been without a coming meeting: two units came together, and the
// latest meeting ended.
func (c Case) withoutMeetingSince(rw Assignment) time.Time {
	var together, ended time.Time
	for _, m := range c.Team {
		if m.State == MemberActive && m.Person.Unit != rw.Person.Unit && (together.IsZero() || m.JoinedAt.Before(together)) {
			together = m.JoinedAt
		}
	}
	for _, m := range c.Meetings {
		ended = later(ended, m.SettledAt)
	}
	return later(later(rw.AcceptedAt, together), ended)
}

// unrecorded reminds of meetings whose time has passed: also of those that began before the consent ended.
func (a *agenda) unrecorded(c Case) {
	if !c.State.Open() {
		return
	}
	who, since := c.recorder()
	for _, m := range c.Coming() {
		due := c.recordDue(m, a.settings)
		a.remind(RemindMeetingOpen, who, fmt.Sprintf("%d.%d.%s", m.No, m.Revision, stamp(due)), later(m.SettledAt, since), due, due)
	}
}

// stamp makes an instant part of a key.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405") }
