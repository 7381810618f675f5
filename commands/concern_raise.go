package commands

import (
	"context"
	"errors"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// The concern form: the client's own view first, nothing that a later step can ask, the rest folded away.
var (
	ownView         = bot.AreaField("own_view").Secret()
	basisField      = bot.SelectField("basis", "basis", casework.Bases...).Must()
	identityName    = withIdentity(bot.TextField("identity_name").Secret())
	identityCode    = identityCodeField()
	identityContact = bot.TextField("identity_contact").Secret()
	criteriaField   = bot.MultiField("criteria", "criteria", casework.Criteria...).Must()
	urgencyField    = bot.SelectField("urgency", "urgency", casework.Urgencies...).Must().Preset("normal")
	groundText      = bot.AreaField("ground_text").Secret().MustWhen("basis", "shl35_2_duty", "vanhpl25_1_duty", "vanhpl25_2_discharge")
	questionField   = bot.AreaField("question").Secret().MustWhen("basis", "nameless")

	reasonsField    = bot.MultiField("reasons", "reasons", casework.Reasons...).Fold()
	failureDemand   = bot.MultiField("failure_demand", "failure_demand", casework.FailureDemands...).Fold()
	recurrenceField = bot.SelectField("recurrence", "recurrence", casework.Recurrences...).Fold()
	wrongDoors      = bot.TextField("wrong_door_count_90d").Fold()
	currentServices = bot.AreaField("current_services").Secret().Fold()
	triedSoFar      = bot.AreaField("tried_so_far").Secret().Fold()
	livingField     = bot.SelectField("living", "living", casework.Livings...).Fold()
)

// withIdentity: the client's name is asked for unless advice is asked without one.
func withIdentity(f bot.Field[string]) bot.Field[string] {
	return f.MustWhen("basis", "shl35_1_client_agrees", "shl35_2_duty", "vanhpl25_1_duty", "vanhpl25_2_discharge", "same_register_task", "client_own_contact")
}

func identityCodeField() bot.Field[string] {
	f := bot.TextField("identity_code").Secret()
	f.Identity = true
	return f
}

// raiseConcern brings a professional's concern to the service coordinators (T01), or asks them for advice without a name (T02).
var raiseConcern = &Command{
	Key:   "concern.raise",
	Names: map[bot.Lang]string{bot.FI: "huoli", bot.SV: "oro", bot.EN: "concern"},
	Form: func(_ context.Context, c *Call) (*bot.Form, error) {
		f := form(c, ownView, basisField, identityName, identityCode, identityContact, criteriaField, urgencyField, groundText,
			questionField, reasonsField, failureDemand, recurrenceField, wrongDoors, currentServices, triedSoFar, livingField)
		f.Check = c.Desk.House.checkIdentity
		return f, nil
	},
	Do: doRaise,
}

func doRaise(ctx context.Context, c *Call) (bot.Response, error) {
	d, in := c.Desk, c.Input
	who, wrong := d.House.identityOf(in)
	if wrong != nil {
		return bot.Response{}, wrong
	}
	facts, err := foldedFacts(in)
	if err != nil {
		return bot.Response{}, err
	}
	concern := facts
	concern.Raiser, concern.Basis, concern.Criteria, concern.Urgency = d.Me.Person, basisField.Of(in), criteriaField.Of(in), urgencyField.Of(in)
	concern.OwnView, concern.GroundText, concern.Question = ownView.Of(in), groundText.Of(in), questionField.Of(in)
	concern.HasIdentity = who != casework.Identity{}
	raised, err := d.raise(ctx, concern, who)
	if err != nil {
		return bot.Response{}, besideField(err)
	}
	return bot.Reply(receipt(d, raised)), nil
}

// raise gives the concern a code nobody has had, and stores it with who the client is.
func (d *Desk) raise(ctx context.Context, concern casework.Concern, who casework.Identity) (casework.Case, error) {
	for {
		code, err := casework.NewCode(d.House.Random)
		if err != nil {
			return casework.Case{}, err
		}
		raised, err := casework.Raise(code, concern, d.At)
		if err != nil {
			return casework.Case{}, err
		}
		err = d.Try(ctx, func() error { return d.Keep(ctx, raised) })
		if errors.Is(err, casework.ErrCodeTaken) {
			continue
		}
		if err == nil && concern.HasIdentity {
			err = d.PutIdentity(ctx, d.Case.ID, who)
		}
		return d.Case, err
	}
}

// identityOf reads who the client is: a name, and the identity code or some contact; nothing of it when advice is asked without a name.
func (h *House) identityOf(in bot.Input) (casework.Identity, bot.FieldErrors) {
	if basisField.Of(in) == "nameless" {
		return casework.Identity{}, namelessOnly(in)
	}
	who := casework.Identity{Name: identityName.Of(in), Contact: identityContact.Of(in)}
	if typed := identityCode.Of(in); typed != "" {
		code, err := casework.ParseIdentityCode(typed, h.Accept900)
		switch {
		case errors.Is(err, casework.ErrTemporaryCode):
			return who, bot.Wrong("identity_code", "temporary_code", nil)
		case err != nil:
			return who, bot.Wrong("identity_code", "identity_code", nil)
		}
		who.Code = string(code)
	}
	if basisField.Of(in) != "not_asked" && who.Code == "" && who.Contact == "" {
		return who, bot.Wrong("identity_code", "code_or_contact", nil)
	}
	return who, nil
}

// namelessOnly refuses each thing that tells who the client is.
func namelessOnly(in bot.Input) bot.FieldErrors {
	var wrong bot.FieldErrors
	for _, f := range []bot.Field[string]{identityName, identityCode, identityContact} {
		if f.Of(in) == "" {
			continue
		}
		if wrong == nil {
			wrong = bot.FieldErrors{}
		}
		wrong[f.Name] = bot.FieldError{Rule: string(casework.NoBasis), Text: bot.T("error.nameless")}
	}
	return wrong
}

// checkIdentity tells beside the form, before anything is done, what is wrong with who the client is.
func (h *House) checkIdentity(in bot.Input) bot.FieldErrors {
	_, wrong := h.identityOf(in)
	return wrong
}

// foldedFacts reads what the folded part of the form asks; the coordinator may complete it when accepting.
func foldedFacts(in bot.Input) (casework.Concern, error) {
	n := casework.Concern{
		Reasons: reasonsField.Of(in), FailureDemand: failureDemand.Of(in), Recurrence: recurrenceField.Of(in),
		Living: livingField.Of(in), CurrentServices: currentServices.Of(in), TriedSoFar: triedSoFar.Of(in),
	}
	if casework.Contradicts(n.Reasons) {
		return n, bot.Wrong("reasons", "contradiction", nil)
	}
	if casework.Contradicts(n.FailureDemand) {
		return n, bot.Wrong("failure_demand", "contradiction", nil)
	}
	var err error
	n.WrongDoors90d, err = count(wrongDoors, in)
	return n, err
}

// receipt thanks the raiser and tells by when a coordinator looks at it; danger is met with a phone number at once.
func receipt(d *Desk, c casework.Case) bot.Message {
	next := casework.NextStep(c, d.House.Settings, d.At)
	kind := "receipt.concern"
	if c.Concern.Nameless() {
		kind = "receipt.nameless"
	}
	m := bot.Say(bot.TD(kind, bot.Data{"code": string(c.Code), "date": bot.On(next.Due)})).About(string(c.Code))
	if c.Concern.Urgency != "normal" {
		m = m.With(bot.TD("warn.urgent", bot.Data{"phone": d.House.EmergencyPhone}))
	}
	return m
}
