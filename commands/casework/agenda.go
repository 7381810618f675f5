package casework

import (
	"fmt"
	"slices"
	"strings"
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
	RemindDecide      ItemKind = "decide"           // coordinator: the pause is over, or the client has not answered
	RemindUnseen      ItemKind = "unseen"           // supervisors: nobody has acknowledged an immediate concern
	RemindCall        ItemKind = "call"             // its raiser: nobody has; call
	RemindStandIn     ItemKind = "stand_in"         // who was asked to stand in: not answered yet
)

// The acts of time.
const (
	ActExpire     ItemKind = "act_consent_expires"
	ActNoReply    ItemKind = "act_no_reply"
	ActVoidInvite ItemKind = "act_void_invite"
	ActGoBack     ItemKind = "act_go_back"
	ActTurn       ItemKind = "act_absence_turns"
)

// IsAct reports whether the item changes the case rather than reminds somebody.
func (k ItemKind) IsAct() bool { return strings.HasPrefix(string(k), "act_") }

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
	of       Case
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

// remind adds a day-based reminder: at its hour of the day, or of the working day before.
func (a *agenda) remind(kind ItemKind, to, subject string, cause, day, on time.Time) {
	a.add(kind, to, subject, cause, a.settings.reminderAt(day), on)
}

// remindRole adds one for whoever has the role when it is due: never for somebody who is away then, nor again for who came
// into the role when it had been told.
func (a *agenda) remindRole(kind ItemKind, of AbsentRole, subject string, cause, day, on time.Time) {
	due := a.settings.reminderAt(day)
	to, since := a.of.answering(of, due)
	if due.After(since) {
		a.add(kind, to, subject, cause, due, on)
	}
}

// Agenda tells all that time will do to the case as it is: what is due, to whom, and when. It is recomputed after every
// change and reconciled with what is stored by key, so nothing else keeps reminders.
func Agenda(c Case, s Settings) []Item {
	a := &agenda{of: c, settings: s}
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
		a.remindRole(RemindDecide, AbsentCoordinator, stamp(c.PausedAt), c.PausedAt, due, due)
	}
	a.unrecorded(c)
	a.absences(c)
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
		a.remind(RemindTriage, ToCoordinators, c.raising("1"), raised, cal.AddWorkingDays(raised, s.TriageWorkingDays), due)
		a.remind(RemindEscalated, ToSupervisors, c.raising("1"), raised, cal.AddWorkingDays(raised, s.TriageEscalateWorkingDays), due)
	case Returned:
		due := cal.AddWorkingDays(c.Concern.ReturnedAt, s.ReturnDueWorkingDays)
		a.remind(RemindAnswer, c.Concern.Raiser.Login, stamp(c.Concern.ReturnedAt), c.Concern.ReturnedAt,
			cal.AddWorkingDays(c.Concern.ReturnedAt, s.ReturnRemindWorkingDays), due)
		a.add(ActGoBack, "", stamp(c.Concern.ReturnedAt), c.Concern.ReturnedAt, due, due)
	case Triage:
		since := later(c.TakenAt, c.Concern.AnsweredAt)
		day := cal.AddWorkingDays(since, s.TriageWorkingDays)
		a.remindRole(RemindAccept, AbsentCoordinator, stamp(since), since, day, c.triageDue(s, since))
	}
}

// remindUrgent: what is urgent is due the same day, so the coordinators are reminded soon. An immediate concern that nobody has
// acknowledged is told to the supervisors, and its raiser is told to call (T08).
func (a *agenda) remindUrgent(c Case) {
	raised := c.Concern.RaisedAt
	a.add(RemindTriage, ToCoordinators, c.raising("urgent"), raised, raised.Add(a.settings.UrgentRemindAfter), raised)
	if c.Concern.Urgency == "immediate" && c.Concern.AcknowledgedAt.IsZero() {
		a.add(RemindUnseen, ToSupervisors, c.raising("1"), raised, raised.Add(a.settings.UnseenAfter), raised)
		a.add(RemindCall, c.Concern.Raiser.Login, c.raising("1"), raised, raised.Add(a.settings.UnseenAfter), raised)
	}
}

// raising makes the keys of a concern raised anew, out of a nameless consultation with its question, other than those of the
// first time.
func (c Case) raising(subject string) string {
	if n := c.Concern; !n.Nameless() && n.Question != "" {
		return subject + "." + stamp(n.RaisedAt)
	}
	return subject
}

// absences begin and end as acts of time; who was asked to stand in is reminded the working day before.
func (a *agenda) absences(c Case) {
	if !c.State.Open() {
		return
	}
	for _, ab := range c.Absences {
		subject := fmt.Sprint(ab.No)
		switch ab.State {
		case DeputyAsked:
			a.remind(RemindStandIn, ab.Deputy.Login, subject, ab.AskedAt, daysAfter(ab.From, -a.settings.DeputyRemindDays), ab.From)
			a.add(ActTurn, "", subject+".from", ab.AskedAt, later(ab.From, ab.AskedAt), ab.From)
		case DeputyAccepted, DeputyDeclined:
			a.add(ActTurn, "", subject+".from", ab.AskedAt, later(ab.From, ab.AskedAt), ab.From)
		case DeputyActing, DeputyAlone:
			a.add(ActTurn, "", subject+".to", ab.AskedAt, ab.To, ab.To)
		}
	}
}

func (a *agenda) asking(c Case) {
	k := c.Consent()
	switch k.Status {
	case ConsentRequested:
	case ConsentNoReply:
		due := daysAfter(k.RecordedAt, a.settings.PauseDays)
		a.remindRole(RemindDecide, AbsentCoordinator, stamp(k.RecordedAt), k.RecordedAt, due, due)
		return
	default:
		due := a.settings.Calendar.AddWorkingDays(c.AcceptedAt, a.settings.ConsentAskWorkingDays)
		a.remindRole(RemindConsent, AbsentCoordinator, "ask", c.AcceptedAt, due, due)
		return
	}
	limit := daysAfter(k.RequestedAt, a.settings.ConsentNoReplyDays)
	for _, days := range a.settings.ConsentRemindDays {
		day := daysAfter(k.RequestedAt, days)
		a.remindRole(RemindConsent, AbsentCoordinator, fmt.Sprintf("%d.%d", k.Version, days), k.RequestedAt, day, limit)
	}
	a.add(ActNoReply, "", fmt.Sprint(k.Version), k.RequestedAt, limit, limit)
}

func (a *agenda) consentEnds(c Case) {
	k := c.Consent()
	last := k.End().Add(-time.Second)
	_, held := c.ResponsibleWorker()
	for _, days := range a.settings.ConsentEndRemindDays {
		subject, day := fmt.Sprintf("%d.%d", k.Version, days), daysAfter(last, -days)
		a.remindRole(RemindConsentEnd, AbsentCoordinator, subject, k.RecordedAt, day, last)
		if held {
			a.remindRole(RemindConsentEnd, AbsentResponsible, subject, k.RecordedAt, day, last)
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
		due := cal.AddWorkingDays(named.NamedAt, s.ResponsibleAnswerWorkingDays)
		a.remind(RemindNamed, named.Person.Login, fmt.Sprint(named.No), named.NamedAt, due, due)
		if since, day := c.answerDue(named, s); !held { // nobody holds the whole meanwhile
			a.remindRole(RemindName, AbsentCoordinator, fmt.Sprintf("%d.answer", named.No), since, day, due)
		}
	case !held:
		since, due := c.nameDue(s)
		a.remindRole(RemindName, AbsentCoordinator, stamp(due), since, due, due)
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
				subject, day := fmt.Sprintf("%d.%d.%d", m.No, m.Revision, days), daysAfter(m.StartsAt, -days)
				if of, has := c.roleOf(p.Login); has {
					a.remindRole(RemindMeeting, of, subject, m.SettledAt, day, m.StartsAt)
				} else {
					a.remind(RemindMeeting, p.Login, subject, c.sinceInvited(m, p.Login), day, m.StartsAt)
				}
			}
		}
	}
	if rw, ok := c.ResponsibleWorker(); ok && c.State == Active && len(coming) == 0 {
		due := c.meetingDue(a.settings)
		a.remindRole(RemindPlan, AbsentResponsible, stamp(due), c.withoutMeetingSince(rw), daysAfter(due, -a.settings.PlanRemindDays), due)
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
	of, since := c.recorder()
	for _, m := range c.Coming() {
		due := c.recordDue(m, a.settings)
		a.remindRole(RemindMeetingOpen, of, fmt.Sprintf("%d.%d.%s", m.No, m.Revision, stamp(due)), later(m.SettledAt, since), due, due)
	}
}

// stamp makes an instant part of a key.
func stamp(t time.Time) string { return t.UTC().Format("20060102T150405") }
