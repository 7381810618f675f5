package casework

import "time"

// Settings are the house's own time limits (model.md § 0): defaults where neither model nor law gives one.
type Settings struct {
	Calendar                     Calendar
	ReminderHour                 int           // of the day, in Helsinki: when day-based reminders are due
	TriageWorkingDays            int           // a concern nobody took: first reminder
	TriageEscalateWorkingDays    int           // and the supervisor's
	UrgentRemindAfter            time.Duration // an urgent concern nobody took: the coordinators are reminded
	UnseenAfter                  time.Duration // an immediate one nobody acknowledged: supervisors, and the raiser calls
	ReturnDueWorkingDays         int           // the raiser's answer
	ReturnRemindWorkingDays      int           // the raiser is reminded
	ConsentAskWorkingDays        int           // from accepting to asking the client for consent
	ConsentRemindDays            []int         // after the request
	ConsentNoReplyDays           int           // silence becomes the coordinator's decision
	ConsentEndRemindDays         []int         // before a consent ends
	ConsentMaxMonths             int           // a consent lasts at most
	OralConsentDays              int           // an oral consent that nobody confirmed in writing
	ResponsibleWorkingDays       int           // from consent to a responsible worker
	ResponsibleAnswerWorkingDays int           // for the one named to answer
	FirstMeetingDays             int           // from consent to the first network meeting
	PlanRemindDays               int           // before a meeting that nobody has agreed on should be held
	MeetingRemindDays            []int         // before a meeting
	RecordWorkingDays            int           // from a meeting to its record
	PauseDays                    int           // after a consent ended or was never answered: close, or ask again
	DeputyRemindDays             int           // before an absence, who was asked to stand in and has not answered
	InviteRemindWorkingDays      int           // an invitation without an answer
	InviteVoidWorkingDays        int           // and its end
	RefusalRestDays              int           // no new consent request after a refusal
}

// DefaultSettings are the limits of model.md § 0.
func DefaultSettings() Settings {
	return Settings{
		ReminderHour: 9, TriageWorkingDays: 2, TriageEscalateWorkingDays: 5, UrgentRemindAfter: time.Hour, UnseenAfter: 15 * time.Minute,
		ReturnDueWorkingDays: 5, ReturnRemindWorkingDays: 3, ConsentAskWorkingDays: 5,
		ConsentRemindDays: []int{7, 14}, ConsentNoReplyDays: 30, ConsentEndRemindDays: []int{30, 7},
		ConsentMaxMonths: 12, OralConsentDays: 30,
		ResponsibleWorkingDays: 5, ResponsibleAnswerWorkingDays: 2, FirstMeetingDays: 30, PlanRemindDays: 7,
		MeetingRemindDays: []int{7, 1}, RecordWorkingDays: 3,
		PauseDays: 14, DeputyRemindDays: 1, InviteRemindWorkingDays: 5, InviteVoidWorkingDays: 10, RefusalRestDays: 30,
	}
}

// reminderAt is when a reminder for the day is due.
func (s Settings) reminderAt(day time.Time) time.Time {
	return s.Calendar.ReminderAt(day, s.ReminderHour)
}

// daysAfter is the same time of day in Helsinki so many days later, however long those days are.
func daysAfter(t time.Time, days int) time.Time { return t.In(Helsinki).AddDate(0, 0, days) }

// later is the later of two instants.
func later(t, u time.Time) time.Time {
	if u.After(t) {
		return u
	}
	return t
}
