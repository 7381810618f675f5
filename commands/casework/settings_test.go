package casework

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// The numbers of model.md § 0 that this part of the model needs, and the house's own beside them: every limit has one.
func TestDefaultSettings(t *testing.T) {
	want := Settings{
		ReminderHour: 9, TriageWorkingDays: 2, TriageEscalateWorkingDays: 5, UrgentRemindAfter: time.Hour, UnseenAfter: 15 * time.Minute,
		ReturnRemindWorkingDays: 3, ReturnDueWorkingDays: 5, ConsentAskWorkingDays: 5, ConsentRemindDays: []int{7, 14}, ConsentNoReplyDays: 30,
		ConsentMaxMonths: 12, ConsentEndRemindDays: []int{30, 7}, OralConsentDays: 30, RefusalRestDays: 30, PauseDays: 14,
		ResponsibleWorkingDays: 5, ResponsibleAnswerWorkingDays: 2, InviteRemindWorkingDays: 5, InviteVoidWorkingDays: 10, DeputyRemindDays: 1,
		FirstMeetingDays: 30, PlanRemindDays: 7, MeetingRemindDays: []int{7, 1}, RecordWorkingDays: 3,
	}
	if diff := cmp.Diff(want, DefaultSettings()); diff != "" {
		t.Error(diff)
	}
}

// A county that sets another limit gets it everywhere: no number of § 0 hides in the rules.
func TestSettingsAreObeyed(t *testing.T) {
	twice := DefaultSettings()
	twice.ReminderHour, twice.PauseDays, twice.UnseenAfter, twice.ReturnDueWorkingDays, twice.DeputyRemindDays = 10, 28, 30*time.Minute, 10, 2
	for want, b := range map[string]*build{
		"2026-12-21 10:00 decide/20261123T061500/paula":    active(t).withdrawn(),
		"2026-11-23 08:45 unseen/1/@supervisors":           raised(t, monday, anUrgentConcern()),
		"2026-12-07 08:15 act_go_back/20261123T061500":     aCase(t).taken().returned(),
		"2026-12-11 10:00 stand_in/1/mika":                 active(t).away("kaisa", "mika", firstDay),
		"2026-11-25 10:00 accept/20261123T061500/paula":    aCase(t).taken(),
		"2026-12-21 10:00 decide/20261123T061500/paula ":   pending(t, monday).noReply(),
		"2026-11-30 10:00 name/20261130T061500/paula":      together(t),
		"2026-12-16 10:00 plan/20261223T061500/kaisa":      active(t),
		"2026-11-25 10:00 triage/1/@coordinators":          aCase(t),
		"2026-11-30 10:00 triage_escalated/1/@supervisors": aCase(t),
	} {
		b.s = twice
		found := false
		for _, line := range onAgenda(b) {
			found = found || line == want || line+" " == want
		}
		if !found {
			t.Errorf("no %q in %q", want, onAgenda(b))
		}
	}
}
