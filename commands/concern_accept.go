package commands

import (
	"context"

	"luotsi/bot"
	"luotsi/commands/casework"
)

var (
	clientGroup   = bot.SelectField("client_group", "client_group", casework.ClientGroups...).Must()
	useProfile    = bot.SelectField("use_profile", "use_profile", casework.UseProfiles...).Must()
	targetGroup   = bot.SelectField("target_group", "target_group", casework.TargetGroups...).Fold()
	servicesCount = bot.TextField("services_count").Fold()
)

// acceptConcern makes a concern a case that waits for the client's consent (T05): the client relation begins.
var acceptConcern = &Command{
	Key:   "concern.accept",
	Names: map[bot.Lang]string{bot.FI: "aloita|hyväksy", bot.SV: "inled|godkänn", bot.EN: "accept"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		d := c.Desk
		if err := d.Case.MayAccept(d.Me.Person); err != nil {
			return nil, err
		}
		n := d.Case.Concern
		f := form(c, clientGroup, useProfile, targetGroup, servicesCount, reasonsField.Preset(n.Reasons),
			failureDemand.Preset(n.FailureDemand), recurrenceField.Preset(n.Recurrence), livingField.Preset(n.Living),
			currentServices.Preset(n.CurrentServices), triedSoFar.Preset(n.TriedSoFar))
		same, err := d.SameClient(ctx, d.Case.ID)
		if err == nil && len(same) > 0 {
			f.Notes = append(f.Notes, bot.TD("form.concern.accept.same_client", bot.Data{"count": len(same)}))
		}
		return f, err
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		facts, err := foldedFacts(in)
		if err != nil {
			return bot.Response{}, err
		}
		services, err := count(servicesCount, in)
		if err != nil {
			return bot.Response{}, err
		}
		accepted, err := d.Case.Accept(d.Me.Person, casework.ClientFacts{
			Group: clientGroup.Of(in), UseProfile: useProfile.Of(in), TargetGroup: targetGroup.Of(in), ServicesCount: services,
		}, d.At)
		if err != nil {
			return bot.Response{}, err
		}
		n := &accepted.Concern
		n.Reasons, n.FailureDemand, n.Recurrence, n.Living = facts.Reasons, facts.FailureDemand, facts.Recurrence, facts.Living
		n.CurrentServices, n.TriedSoFar = facts.CurrentServices, facts.TriedSoFar
		if err := d.Keep(ctx, accepted); err != nil {
			return bot.Response{}, err
		}
		return d.done(ctx, "accepted"), nil
	},
}
