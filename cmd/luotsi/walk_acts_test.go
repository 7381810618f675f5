package main

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// next does what a case waits for, mostly by who should; with no open case somebody raises a concern.
func (s *stroll) next() {
	c, ok := s.known()
	if !ok || !c.State.Open() || len(s.ids) < 3 && s.chance(12, "another concern") {
		s.command(drawn(s, "raiser", "sanna", "kaisa", "leo", "ville", "mika"), "concern.raise", casework.Case{}, false)
		return
	}
	n := casework.NextStep(c, s.county.house.Settings, s.county.clock.Now())
	by := n.By
	if by == "" {
		by = drawn(s, "coordinator", "paula", "paula", "katri")
	}
	switch n.Step {
	case casework.StepMeet:
		s.passTime(n.Due)
		return
	case casework.StepInvite:
		for _, m := range c.Team {
			if m.State == casework.MemberInvited {
				s.command(m.Person.Login, drawn(s, "answer", "team.accept", "team.accept", "team.accept", "team.decline"), c, false)
				return
			}
		}
	}
	keys := nextCommands[n.Step]
	if len(keys) == 0 {
		s.fail("nobody knows how to do %q", n.Step)
	}
	s.command(by, drawn(s, "next step", keys...), c, false)
}

// nextCommands are the commands that do a step, the likeliest more than once.
var nextCommands = map[casework.Step][]string{
	casework.StepTake:          {"concern.take", "concern.take", "concern.take", "concern.accept"},
	casework.StepAnswer:        {"concern.answer"},
	casework.StepConsult:       {"concern.answer"},
	casework.StepAccept:        {"concern.accept", "concern.accept", "concern.accept", "concern.accept", "concern.return", "concern.merge"},
	casework.StepAskConsent:    {"consent.request"},
	casework.StepRecordConsent: {"consent.record"},
	casework.StepName:          {"responsible.name"},
	casework.StepAcceptNaming:  {"responsible.accept", "responsible.accept", "responsible.accept", "responsible.decline"},
	casework.StepInvite:        {"team.invite"},
	casework.StepPlan:          {"meeting.plan", "meeting.plan", "team.invite"},
	casework.StepConfirm:       {"meeting.confirm", "meeting.confirm", "meeting.move"},
	casework.StepRecordMeeting: {"meeting.record"},
	casework.StepDecide:        {"consent.request", "consent.record", "case.resolve"},
}

// anyAct lets anybody give any command about any case, with any answers.
func (s *stroll) anyAct() {
	c, _ := s.known()
	commands := s.county.house.Registry.Commands
	s.command(s.somebody(c), drawn(s, "command", commands...).Key, c, true)
}

// fittingAct is one that somebody near the case gives because the case is where it is.
func (s *stroll) fittingAct() {
	c, ok := s.known()
	if !ok {
		return
	}
	keys := []string{
		"consent.amend", "consent.withdraw", "consent.correct", "responsible.deputy", "responsible.handover", "responsible.accept",
		"responsible.decline", "team.invite", "team.accept", "team.decline", "team.remove", "meeting.plan", "meeting.cancel", "meeting.move",
		"case.transfer", "concern.notify", "responsible.name", "team.invite", "team.accept", "case.show", "consent.record",
	}
	switch {
	case c.State.Concern():
		keys = []string{
			"concern.redirect", "concern.decline", "concern.merge", "concern.withdraw", "concern.acknowledge", "concern.return",
			"concern.answer", "concern.take", "concern.accept",
		}
	case c.State == casework.ConsultationAnswered:
		keys = []string{"concern.convert", "case.show"}
	case !c.State.Together():
		keys = []string{"consent.request", "consent.record", "case.resolve", "case.transfer", "concern.notify", "client.reveal"}
	}
	s.command(s.somebody(c), drawn(s, "command", keys...), c, s.chance(3, "carelessly"))
}

// command types a command about a case and mostly fills in the form that opens.
func (s *stroll) command(as, key string, c casework.Case, wild bool) {
	cmd := s.county.house.Registry.Command(key)
	about := string(c.Code)
	if cmd.Aim == bot.NoCase {
		about = ""
	}
	answer := s.ask(bot.Request{User: as, Text: cmd.Usage(bot.FI, about)}, cmd.Usage(bot.FI, about))
	if len(answer.Replies) > 0 && answer.Replies[0].Refusal == "which_meeting" {
		b := drawn(s, "which", answer.Replies[0].Buttons...)
		answer = s.ask(bot.Request{User: as, Press: b.Ticket}, "presses "+b.Label)
	}
	if answer.Dialog == nil {
		return
	}
	if s.chance(12, "later") {
		s.kept = append(s.kept, waitingForm{as, about, *answer.Dialog})
		return
	}
	s.fillIn(waitingForm{as, about, *answer.Dialog}, c, wild)
}

func (s *stroll) fillIn(f waitingForm, c casework.Case, wild bool) {
	values := s.answers(f.dialog, c, wild)
	request := bot.Request{User: f.as, Submit: f.dialog.ID, Values: values, ID: fmt.Sprintf("send-%d", s.acts)}
	first := s.ask(request, fmt.Sprintf("sends %s %v", f.dialog.Command, values))
	if !s.chance(10, "twice") {
		return
	}
	// What was refused is judged anew, and then has new tickets.
	again := s.ask(request, "sends the same again")
	if !reflect.DeepEqual(first, again) && (refused(first) == "" || saidIn(first) != saidIn(again)) { // I7
		s.fail("the same request was answered by %+v and then by %+v", first, again)
	}
}

// sendLate sends a form that was opened some time ago, or has been sent before.
func (s *stroll) sendLate() {
	if len(s.kept) == 0 {
		s.passTime()
		return
	}
	f := drawn(s, "form", s.kept...)
	c := casework.Case{}
	if i := slices.Index(s.codes, casework.Code(f.about)); i >= 0 {
		c = s.read(s.ids[i])
	}
	s.fillIn(f, c, true)
}

// press presses one of the buttons under the last answer.
func (s *stroll) press() {
	if len(s.buttons) == 0 {
		s.fittingAct()
		return
	}
	b := drawn(s, "button", s.buttons...)
	answer := s.ask(bot.Request{User: b.as, Press: b.ticket}, "presses "+b.label)
	if answer.Dialog != nil {
		s.fillIn(waitingForm{b.as, "", *answer.Dialog}, casework.Case{}, s.chance(2, "carelessly"))
	}
}

// ask brings a request to Luotsi, lets all that follows happen, and looks at what came of it.
func (s *stroll) ask(r bot.Request, what string) bot.Answer {
	s.t.Helper()
	s.acts++
	if r.ID == "" {
		r.ID = fmt.Sprintf("act-%d", s.acts)
	}
	r.Platform, r.Place, r.At = "sandbox", bot.Place{Kind: bot.InDirect}, s.county.clock.Now()
	before := s.last
	answer, err := s.county.handle(s.ctx(), r)
	s.tell("%s %s → %s", r.User, what, outcomeOf(answer, err))
	if err != nil {
		s.fail("something went wrong inside")
	}
	s.noteButtons(r.User, answer)
	if !s.closed[r.User] {
		s.checkLogged(r)
	}
	after := s.all()
	why := refused(answer)
	if why == "" && answer.Dialog == nil {
		s.checkWays(r, before, after)
		s.settle()
	} else if d := differing(before, after); d != "" {
		s.fail("refused or only asked (%s), but the case changed:\n%s", why, d)
	}
	return answer
}

// checkWays: a state leads only where the model lets it lead.
func (s *stroll) checkWays(r bot.Request, before, after map[int64]casework.Case) {
	s.t.Helper()
	for id, c := range after {
		if c.Revision == before[id].Revision {
			continue
		}
		s.done[s.did(r.ID)]++
		if was := before[id].State; was != "" && was != c.State && !slices.Contains(ways[was], c.State) {
			s.fail("%s went from %s to %s", c.Code, was, c.State)
		}
	}
}

// did names the command of a request, as the log has it.
func (s *stroll) did(request string) (action string) {
	s.must(s.county.owner.QueryRowContext(s.ctx(), `select min(action) from access_log where request_id = $1`, request).Scan(&action))
	return action
}

func (s *stroll) noteButtons(as string, a bot.Answer) {
	s.buttons = nil
	for _, m := range a.Replies {
		for _, b := range m.Buttons {
			if b.Ticket != "" {
				s.buttons = append(s.buttons, waitingButton{as, b.Label, b.Ticket})
			}
		}
	}
}

// refused names the rules that refused a request; empty when none did.
func refused(a bot.Answer) string {
	var why []string
	for _, m := range a.Replies {
		if m.Refusal != "" {
			why = append(why, m.Refusal)
		}
	}
	for field := range a.Errors {
		why = append(why, field)
	}
	slices.Sort(why)
	return strings.Join(why, " ")
}

func outcomeOf(a bot.Answer, err error) string {
	switch why := refused(a); {
	case err != nil:
		return "error: " + err.Error()
	case len(a.Errors) > 0:
		return fmt.Sprintf("faults %v", a.Errors)
	case why != "":
		return "refused: " + why
	case a.Dialog != nil:
		return "form " + a.Dialog.Command
	}
	return "done"
}

// whenWritten is a time as people write it.
func whenWritten(t time.Time) string { return t.In(casework.Helsinki).Format("2.1.2006 klo 15.04") }

// saidIn is what an answer says, without what its buttons and forms hold.
func saidIn(a bot.Answer) string {
	texts := []string{fmt.Sprint(a.Errors)}
	for _, p := range a.Replies {
		texts = append(texts, p.Refusal, p.Text())
	}
	return strings.Join(texts, "\n")
}
