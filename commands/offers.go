package commands

import (
	"slices"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// offers are the acts on a case that are put on buttons, in the order of the way, each with the case's own answer on whether
// it is possible now. Every one can be typed as well.
var offers = []struct {
	command string
	may     func(d *Desk) error
}{
	{"concern.take", func(d *Desk) error { return d.Case.MayTake(d.Me.Person) }},
	{"concern.accept", func(d *Desk) error { return afterTaking(d, d.Case.MayAccept(d.Me.Person)) }},
	{"concern.answer", func(d *Desk) error { return d.Case.MayAnswer(d.Me.Person) }},
	{"concern.return", func(d *Desk) error { return d.Case.MayReturn() }},
	{"concern.redirect", func(d *Desk) error { return afterTaking(d, withClient(d, d.Case.MayEndConcern(d.Me.Person))) }},
	{"concern.decline", func(d *Desk) error { return afterTaking(d, d.Case.MayEndConcern(d.Me.Person)) }},
	{"concern.acknowledge", func(d *Desk) error { return d.Case.MayAcknowledge() }},
	{"concern.convert", func(d *Desk) error { return answeredFirst(d, d.Case.MayConvert()) }},
	{"concern.withdraw", func(d *Desk) error { return d.Case.MayTakeBack() }},
	{"consent.request", func(d *Desk) error { return unasked(d, d.Case.MayAskConsent(d.House.Settings, d.At)) }},
	{"consent.record", func(d *Desk) error { return d.Case.MayRecordConsent() }},
	{"responsible.accept", func(d *Desk) error {
		return either(d.Case.MayStandIn(d.Me.Person, d.At), d.Case.MayAcceptNaming(d.Me.Person, d.At))
	}},
	{"responsible.decline", func(d *Desk) error {
		return either(d.Case.MayNotStandIn(d.Me.Person), d.Case.MayDeclineNaming(d.Me.Person))
	}},
	{"team.accept", func(d *Desk) error { return d.Case.MayJoin(d.Me.Person, d.At) }},
	{"team.decline", func(d *Desk) error { return d.Case.MayDecline(d.Me.Person) }},
	{"responsible.name", mayName},
	{"team.invite", mayGather},
	{"meeting.confirm", func(d *Desk) error { return onComing(d, casework.MeetingPlanned) }},
	{"meeting.record", onBegun},
	{"meeting.plan", mayGather},
	{"case.resolve", func(d *Desk) error { return d.Case.MayClose() }},
	{"client.reveal", func(d *Desk) error { return revealable(d) }},
	{"consent.withdraw", func(d *Desk) error { return d.Case.MayWithdraw(d.At) }},
}

// errNotNow keeps an act off the buttons; typed, it gives its own answer.
var errNotNow = &casework.Refusal{Rule: casework.WrongState}

func mayGather(d *Desk) error {
	_, err := d.Case.MayGather(d.At)
	return err
}

func mayName(d *Desk) error {
	_, err := d.Case.MayNameSomebody(d.At)
	return err
}

// afterTaking: a concern is taken before it is accepted, so that who took it is seen at once.
func afterTaking(d *Desk, err error) error {
	if d.Case.State != casework.Triage {
		return errNotNow
	}
	return err
}

// withClient: only a concern that tells who the client is can go on to another service.
func withClient(d *Desk, err error) error {
	if !d.Case.Concern.HasIdentity {
		return errNotNow
	}
	return err
}

// answeredFirst: a consultation is turned into a concern once its answer has been read.
func answeredFirst(d *Desk, err error) error {
	if d.Case.State != casework.ConsultationAnswered {
		return errNotNow
	}
	return err
}

// either is possible when one of two is.
func either(one, other error) error {
	if one == nil {
		return nil
	}
	return other
}

func unasked(d *Desk, err error) error {
	if d.Case.Consent().Status == casework.ConsentRequested {
		return errNotNow
	}
	return err
}

func onComing(d *Desk, state casework.MeetingState) error {
	for _, m := range d.Case.Coming() {
		if m.State == state && m.StartsAt.After(d.At) {
			return nil
		}
	}
	return errNotNow
}

func onBegun(d *Desk) error {
	for _, m := range d.Case.Coming() {
		if !m.StartsAt.After(d.At) {
			return nil
		}
	}
	return errNotNow
}

func revealable(d *Desk) error {
	if !d.Case.Concern.HasIdentity || d.Case.State == casework.Submitted {
		return errNotNow
	}
	return nil
}

// withDoable adds a button for every act on the desk's case that the person may do now.
func (d *Desk) withDoable(m bot.Message) bot.Message {
	for _, o := range offers {
		r := access[o.command]
		if d.may(r, d.Case) && slices.ContainsFunc(r.roles, personOf(d.Me).Has) && o.may(d) == nil {
			m = m.Button(bot.Button{Label: bot.T("button." + o.command), Command: o.command, Code: string(d.Case.Code)})
		}
	}
	return m
}
