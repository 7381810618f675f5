package casework

import (
	"slices"
	"time"
)

// Step is what has to happen next in a case.
type Step string

// The steps. Each is told by a sentence and done by a command.
const (
	StepTake          Step = "take"
	StepAnswer        Step = "answer"
	StepAccept        Step = "accept"
	StepConsult       Step = "consult"
	StepAskConsent    Step = "ask_consent"
	StepRecordConsent Step = "record_consent"
	StepName          Step = "name"
	StepAcceptNaming  Step = "accept_naming"
	StepInvite        Step = "invite"
	StepPlan          Step = "plan"
	StepConfirm       Step = "confirm"
	StepMeet          Step = "meet"
	StepRecordMeeting Step = "record_meeting"
	StepDecide        Step = "decide"
	StepNone          Step = ""
)

// Next is who holds a case, what is to happen next, by whom, and by when (I9).
type Next struct {
	Holder string // login of who answers for the whole; empty = the service coordinators together
	Step   Step
	By     string // login of who does the step; empty = the service coordinators together
	Due    time.Time
}

// NextStep tells who holds the case and what happens next. Every open case has a holder, a step and a due instant.
func NextStep(c Case, s Settings, now time.Time) Next {
	if !c.State.Open() {
		return Next{}
	}
	n := Next{Holder: c.Lead()}
	n.Step, n.By, n.Due = c.next(s, now)
	return n
}

func (c Case) next(s Settings, now time.Time) (Step, string, time.Time) {
	cal := s.Calendar
	me, _ := c.standing(AbsentCoordinator)
	switch c.State {
	case Submitted:
		return StepTake, "", c.triageDue(s, c.Concern.RaisedAt)
	case Returned:
		return StepAnswer, c.Concern.Raiser.Login, cal.AddWorkingDays(c.Concern.ReturnedAt, s.ReturnDueWorkingDays)
	case Triage:
		due := c.triageDue(s, later(c.TakenAt, c.Concern.AnsweredAt))
		if c.Concern.Nameless() {
			return StepConsult, me, due
		}
		return StepAccept, me, due
	case ConsentPending:
		switch k := c.Consent(); k.Status {
		case ConsentNoReply:
			return StepDecide, me, daysAfter(k.RecordedAt, s.PauseDays)
		case ConsentRequested:
			return StepRecordConsent, me, daysAfter(k.RequestedAt, slices.Min(slices.Concat(s.ConsentRemindDays, []int{s.ConsentNoReplyDays})))
		}
		return StepAskConsent, me, cal.AddWorkingDays(c.AcceptedAt, s.ConsentAskWorkingDays)
	case Paused:
		return StepDecide, me, daysAfter(c.PausedAt, s.PauseDays)
	}
	return c.nextTogether(s, now)
}

// nextTogether is the next step of a case that has a team.
func (c Case) nextTogether(s Settings, now time.Time) (Step, string, time.Time) {
	me, _ := c.standing(AbsentCoordinator)
	lead, _ := c.standing(AbsentResponsible)
	_, ok := c.ResponsibleWorker()
	if !ok {
		if named, asked := c.NamedWorker(); asked {
			return StepAcceptNaming, named.Person.Login, s.Calendar.AddWorkingDays(named.NamedAt, s.ResponsibleAnswerWorkingDays)
		}
		_, due := c.nameDue(s)
		return StepName, me, due
	}
	if c.State == TeamForming {
		return StepInvite, me, s.Calendar.AddWorkingDays(c.consentSince(), s.ResponsibleWorkingDays)
	}
	coming := c.Coming()
	if len(coming) == 0 {
		return StepPlan, lead, c.meetingDue(s)
	}
	m := coming[0]
	switch {
	case !m.StartsAt.After(now):
		return StepRecordMeeting, lead, c.recordDue(m, s)
	case m.State == MeetingPlanned:
		return StepConfirm, lead, m.StartsAt
	}
	return StepMeet, lead, m.StartsAt
}

// triageDue is by when a concern that waits since then should be looked at: what is urgent, before the day ends.
func (c Case) triageDue(s Settings, since time.Time) time.Time {
	if c.Concern.Urgency != "normal" {
		return daysAfter(s.Calendar.Day(since), 1).Add(-time.Second)
	}
	return s.Calendar.AddWorkingDays(since, s.TriageWorkingDays)
}

// nameDue is by when a responsible worker should be named, and since when there has been none. The days are counted from the
// consent, or anew from the day the last one left or said no if no reminder would be left of them.
func (c Case) nameDue(s Settings) (since, due time.Time) { return c.vacantDue(c.consentSince(), s) }

// answerDue is the same for a naming that nobody has answered, counted from the naming.
func (c Case) answerDue(named Assignment, s Settings) (since, due time.Time) {
	return c.vacantDue(named.NamedAt, s)
}

func (c Case) vacantDue(since time.Time, s Settings) (_, due time.Time) {
	due = s.Calendar.AddWorkingDays(since, s.ResponsibleWorkingDays)
	for _, a := range c.Responsible {
		since = later(since, a.EndedAt)
	}
	if s.reminderAt(due).Before(since) {
		due = s.Calendar.AddWorkingDays(since, s.ResponsibleWorkingDays)
	}
	return since, due
}

// meetingDue is by when the next meeting should be: the first within its time from the consent, later ones from the last.
func (c Case) meetingDue(s Settings) time.Time {
	from := c.consentSince()
	for _, m := range c.Meetings {
		if m.State == MeetingHeld {
			from = later(from, m.StartedAt)
		}
	}
	return daysAfter(from, s.FirstMeetingDays)
}

// recorder is whose role it is to record the meetings, and since when: the responsible worker's, or the coordinator's while
// there is none.
func (c Case) recorder() (of AbsentRole, since time.Time) {
	if rw, ok := c.ResponsibleWorker(); ok {
		return AbsentResponsible, rw.AcceptedAt
	}
	for _, a := range c.Responsible {
		if !a.AcceptedAt.IsZero() {
			since = later(since, a.EndedAt)
		}
	}
	return AbsentCoordinator, since
}

// recordDue is by when a meeting should be recorded, or ended as not held.
func (c Case) recordDue(m Meeting, s Settings) time.Time {
	_, since := c.recorder()
	return s.Calendar.AddWorkingDays(later(m.StartsAt, since), s.RecordWorkingDays)
}
