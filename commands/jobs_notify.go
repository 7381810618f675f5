package commands

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/riverqueue/river"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// noticeWorker delivers one notice to one person: looks, asks again whether it is still right, says it, records.
type noticeWorker struct {
	river.WorkerDefaults[Notify]
	*House
}

// Work does one job. The platform's key makes a repeated one harmless. Who has accounts on several platforms is told on the
// first of them that takes the message.
func (w *noticeWorker) Work(ctx context.Context, job *river.Job[Notify]) error {
	n, c, user, accounts, err := w.look(ctx, job.Args.NoticeID)
	if err != nil || n.Done {
		return err
	}
	if user.Disabled || !w.stillRight(n, c, user.Person) {
		return w.delivered(ctx, n.ID, "", "")
	}
	post, err := w.Catalog.SayMessage(bot.Lang(user.Lang), w.noticeMessage(n, c), user.Login, w.Now(), w.Tickets)
	if err != nil {
		return err
	}
	return patient(job.JobRow, w.say(ctx, n, accounts, post))
}

// say tells it on the first of the accounts that takes it. What is urgent does not wait for a chat that is away if there is another: at
// worst it is told in both.
func (w *noticeWorker) say(ctx context.Context, n casework.OutNotice, accounts []account, post bot.Post) error {
	refused, failed := false, error(nil)
	for _, a := range accounts {
		message, err := a.chat.Direct(ctx, a.user, fmt.Sprintf("n%d", n.ID), post)
		switch {
		case err == nil:
			return w.delivered(ctx, n.ID, a.chat.Name(), message)
		case errors.Is(err, bot.ErrGone), errors.Is(err, bot.ErrPermanent):
			refused = refused || errors.Is(err, bot.ErrPermanent)
			_ = outcome(ctx, "notify", n.ID, err) // tells the operator; perhaps another platform reaches the person
		case !alarms[casework.NoticeKind(n.Kind)]:
			return outcome(ctx, "notify", n.ID, err)
		default:
			failed = worst(ctx, failed, err)
		}
	}
	switch {
	case failed != nil:
		return outcome(ctx, "notify", n.ID, failed)
	case refused: // an administrator can mend that: nothing is lost meanwhile
		return river.JobSnooze(refusedPause)
	}
	return w.delivered(ctx, n.ID, "", "")
}

// alarms are the notices that cannot wait: somebody has to act at once, or a case is without who leads it.
var alarms = map[casework.NoticeKind]bool{
	casework.ToldUrgent: true, casework.ToldDisabled: true, casework.ToldNobody: true, casework.ToldQueueLost: true,
	casework.ToldNotTakenOut: true, casework.ToldOutsider: true, casework.ToldRoomLost: true,
}

// refusedPause is how long a notice waits that a chat refuses for a reason that an administrator can mend.
const refusedPause = 10 * time.Minute

// account is where one person is reached.
type account struct {
	chat Chat
	user string
}

func (w *noticeWorker) look(ctx context.Context, id int64) (n casework.OutNotice, c casework.Case, u casework.User, accounts []account, err error) {
	err = w.Within(ctx, w.Now(), func(tx Tx) error {
		if n, err = tx.Notice(ctx, id); err != nil {
			return err
		}
		if n.CaseID == 0 {
			err = w.stillLost(ctx, tx, &n)
		} else {
			c, err = tx.Read(ctx, n.CaseID)
		}
		if err != nil {
			return err
		}
		if u, err = tx.User(ctx, n.To); err != nil {
			return err
		}
		accounts, err = w.accountsOf(ctx, tx, n.To)
		return err
	})
	return n, c, u, accounts, err
}

// stillLost is stillRight for what is about no case: that Luotsi cannot use a coordinators' room.
func (w *noticeWorker) stillLost(ctx context.Context, tx Tx, n *casework.OutNotice) error {
	lost, err := tx.LostQueues(ctx)
	if err != nil || len(lost) > 0 || n.Done {
		return err
	}
	n.Done = true
	return tx.Delivered(ctx, n.ID, "", "")
}

// accountsOf lists a person's accounts in the order the chats are configured.
func (h *House) accountsOf(ctx context.Context, tx Tx, login string) (accounts []account, err error) {
	for _, chat := range h.Chats {
		user, err := tx.AccountOf(ctx, login, chat.Name())
		if errors.Is(err, casework.ErrNotKnown) {
			continue
		}
		if err != nil {
			return nil, err
		}
		accounts = append(accounts, account{chat, user})
	}
	return accounts, nil
}

// reminder marks the kinds of notice that time gave rise to.
const reminder = "remind_"

// stillRight asks the rule again at the moment of telling: a reminder must still stand on the case's agenda, and what only
// the team may know is told only to who is still in it.
func (w *noticeWorker) stillRight(n casework.OutNotice, c casework.Case, who casework.Person) bool {
	if kind, ok := strings.CutPrefix(n.Kind, reminder); ok {
		return slices.ContainsFunc(casework.Agenda(c, w.Settings), func(i casework.Item) bool {
			return string(i.Kind) == kind && i.On.Equal(n.On) && (i.To == n.To || strings.HasPrefix(i.To, "@"))
		})
	}
	stands := c.Relations(who)
	switch casework.NoticeKind(n.Kind) {
	case casework.ToldInvited:
		return slices.Contains(stands, casework.IsInvited)
	case casework.ToldNamed:
		return slices.Contains(stands, casework.IsNamed)
	case casework.ToldNotAsked:
		return !slices.Contains(stands, casework.IsNamed) && c.MayNotStandIn(who) != nil
	case casework.ToldDeputy:
		return c.MayNotStandIn(who) == nil
	case casework.ToldUrgent:
		return c.State == casework.Submitted
	case casework.ToldMeeting, casework.ToldConfirmed, casework.ToldMoved:
		return inside(stands) && slices.ContainsFunc(c.Coming(), func(m casework.Meeting) bool { return m.StartsAt.Equal(n.On) })
	case casework.ToldJoined, casework.ToldResponsible, casework.ToldActive, casework.ToldAmended, casework.ToldRoomOpen:
		return inside(stands)
	}
	return true
}

func inside(stands []casework.Relation) bool {
	return slices.ContainsFunc(inTeam, func(rel casework.Relation) bool { return slices.Contains(stands, rel) })
}

// leadsOn is the command a notice leads to, on a button.
var leadsOn = map[string][]string{
	string(casework.ToldReturned):                 {"concern.answer"},
	string(casework.ToldAnswered):                 {"concern.accept", "case.show"},
	string(casework.ToldConsultation):             {"case.show"},
	string(casework.ToldHandled):                  {"case.show"},
	string(casework.ToldInvited):                  {"team.accept", "team.decline"},
	string(casework.ToldNamed):                    {"responsible.accept", "responsible.decline"},
	string(casework.ToldNotNamed):                 {"responsible.name"},
	string(casework.ToldDeclined):                 {"team.invite"},
	string(casework.ToldDecide):                   {"consent.request", "case.resolve"},
	string(casework.ToldNoReply):                  {"consent.record"},
	string(casework.ToldRoomOpen):                 {"responsible.name", "team.invite"},
	string(casework.ToldQueueLost):                {"concern.queue"},
	string(casework.ToldUrgent):                   {"concern.acknowledge", "concern.take"},
	string(casework.ToldUnanswered):               {"concern.accept", "concern.decline"},
	string(casework.ToldMerged):                   {"case.show"},
	string(casework.ToldDeputy):                   {"responsible.accept", "responsible.decline"},
	string(casework.ToldDeputyNo):                 {"responsible.deputy"},
	string(casework.ToldNobody):                   {"responsible.deputy"},
	string(casework.ToldStandIn):                  {"case.show"},
	string(casework.ToldDisabled):                 {"responsible.name"},
	string(casework.ToldTransferred):              {"case.show"},
	reminder + string(casework.RemindStandIn):     {"responsible.accept", "responsible.decline"},
	reminder + string(casework.RemindTriage):      {"concern.take"},
	reminder + string(casework.RemindAnswer):      {"concern.answer"},
	reminder + string(casework.RemindAccept):      {"concern.accept", "concern.return"},
	reminder + string(casework.RemindConsent):     {"case.show"},
	reminder + string(casework.RemindConsentEnd):  {"consent.amend"},
	reminder + string(casework.RemindName):        {"responsible.name"},
	reminder + string(casework.RemindNamed):       {"responsible.accept", "responsible.decline"},
	reminder + string(casework.RemindInvited):     {"team.accept", "team.decline"},
	reminder + string(casework.RemindPlan):        {"meeting.plan"},
	reminder + string(casework.RemindMeetingOpen): {"meeting.record"},
	reminder + string(casework.RemindDecide):      {"consent.request", "case.resolve"},
}

// noticeMessage is what a notice says: case code, date and the emergency number only (P03, P04), with the commands that lead on.
func (h *House) noticeMessage(n casework.OutNotice, c casework.Case) bot.Message {
	m := bot.Say(bot.TD("notice."+n.Kind, bot.Data{
		"code": string(c.Code), "at": n.On, "date": bot.On(n.On), "phone": h.EmergencyPhone,
	})).About(string(c.Code))
	for _, key := range leadsOn[n.Kind] {
		m = m.Button(bot.Button{Label: bot.T("button." + key), Command: key, Code: string(c.Code)})
	}
	return m
}
