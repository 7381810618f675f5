package commands

import (
	"context"
	"slices"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// The consent form, kept when the answer is yes; nothing that widens the consent is preset but what the form names as such.
var (
	resultField     = bot.SelectField("result", "consent_result", casework.ConsentResults...).Must().Preset("granted")
	consentForm     = bot.SelectField("form", "consent_form", casework.ConsentForms...).MustWhen("result", "granted")
	partiesField    = bot.MultiField("parties", "parties").MustWhen("result", "granted")
	categoriesField = bot.MultiField("categories", "categories", casework.Categories...).MustWhen("result", "granted").Never("protected_category", casework.ProtectedKinds...)
	mentalHealthOK  = bot.BoolField("mental_health_ok")
	substanceUseOK  = bot.BoolField("substance_use_ok")
	validUntil      = bot.DateField("valid_until")
	copyGiven       = bot.SelectField("copy_given", "copy_given", casework.CopiesGiven...)
	chatToolOK      = bot.BoolField("chat_tool_ok")
	givenBy         = bot.SelectField("given_by", "given_by", casework.ConsentGivers...).Fold()
	capacityField   = bot.SelectField("capacity", "capacity", casework.Capacities...).Fold()
	consentLanguage = bot.SelectField("language", "consent_language", casework.ConsentLanguages...).Fold()
	directionField  = bot.SelectField("direction", "direction", casework.Directions...).Fold()
	noContent       = bot.MultiField("no_content", "parties").Fold()
	purposesField   = bot.MultiField("purposes", "purposes", casework.Purposes...).Fold()
	evidenceField   = bot.TextField("representative_evidence").Fold()
	objectsTo       = bot.MultiField("objects_to", "parties").Fold()
	nearName        = bot.TextField("near_name").Secret().Fold()
	infoGivenAt     = bot.DateField("info_given_at").InPast().Fold()
	refuseReason    = bot.AreaField("refuse_reason").Fold()
	notifyNeeded    = bot.SelectField("notify_needed", "yes_no", "yes", "no").MustWhen("result", "refused").Fold()
	notifyReason    = bot.AreaField("notify_reason").MustWhen("notify_needed", "yes").Fold()
)

// recordConsent records the client's answer: yes with its whole scope (C02), no without a reason (C03), the client's own
// objection to what a representative would agree to (C10), or silence (C04).
var recordConsent = &Command{
	Key:   "consent.record",
	Names: map[bot.Lang]string{bot.FI: "suostumus kirjaa", bot.SV: "samtycke anteckna", bot.EN: "consent record"},
	Aim:   bot.OneCase,
	Form: func(ctx context.Context, c *Call) (*bot.Form, error) {
		if err := c.Desk.Case.MayRecordConsent(); err != nil {
			return nil, err
		}
		fields, err := grantFields(ctx, c)
		if err != nil {
			return nil, err
		}
		return form(c, append(append([]bot.AnyField{resultField}, fields...), refuseReason, notifyNeeded, notifyReason)...), nil
	},
	Do: func(ctx context.Context, c *Call) (bot.Response, error) {
		d, in := c.Desk, c.Input
		switch resultField.Of(in) {
		case "refused":
			if len(objectsTo.Of(in)) > 0 && orElse(givenBy.Of(in), "client") != "client" {
				opposed, err := d.Case.Object(d.Me.Person, givenBy.Of(in), evidenceField.Of(in), d.At)
				return d.recorded(ctx, "consent_refused", opposed, err)
			}
			refused, err := d.Case.Refuse(d.Me.Person, refuseReason.Of(in), notifyNeeded.Of(in), notifyReason.Of(in), d.At)
			return d.recorded(ctx, "consent_refused", refused, err)
		case "no_reply":
			silent, err := d.Case.NoReply(d.Me.Person, d.At)
			return d.recorded(ctx, "consent_no_reply", silent, err)
		}
		return d.grant(ctx, c, "consent_granted")
	},
}

func (d *Desk) recorded(ctx context.Context, what string, c casework.Case, err error) (bot.Response, error) {
	if err != nil {
		return bot.Response{}, err
	}
	if err := d.Keep(ctx, c); err != nil {
		return bot.Response{}, err
	}
	return d.done(ctx, what), nil
}

// grantFields are the questions of a consent that is given or amended.
func grantFields(ctx context.Context, c *Call) ([]bot.AnyField, error) {
	d := c.Desk
	parties, err := d.partyOptions(ctx)
	if err != nil {
		return nil, err
	}
	was := d.begun()
	var codes []string
	for _, p := range was.Parties {
		codes = append(codes, p.Code)
	}
	free := slices.DeleteFunc(slices.Clone(was.Categories), func(kind string) bool { return slices.Contains(casework.ProtectedKinds, kind) })
	return []bot.AnyField{
		consentForm, partiesField.From(parties).Preset(codes), categoriesField.Preset(free),
		mentalHealthOK.Preset(slices.Contains(was.Categories, "mental_health")), substanceUseOK.Preset(slices.Contains(was.Categories, "substance_use")),
		validUntil.Preset(isoDay(lastDay(was))), copyGiven, chatToolOK.Preset(was.ChatToolOK),
		infoGivenAt, givenBy.Preset(was.GivenBy), capacityField.Preset(was.Capacity), consentLanguage.Preset(was.Language),
		directionField.Preset(was.Direction), noContent.From(parties).Preset(was.NoContent), purposesField.Preset(was.Purposes),
		evidenceField.Preset(was.RepresentativeEvidence), objectsTo.From(parties).Preset(was.ObjectsTo), nearName,
	}, nil
}

// begun is the consent that a form begins from and whatever it did not ask stays as: the one that holds, so that amending changes
// no more than the client did, else what is usual. How the new one was given, and whether with a copy, is always asked anew.
func (d *Desk) begun() casework.Consent {
	if now, err := d.Case.MayGather(d.At); err == nil {
		return now
	}
	return casework.Consent{
		GivenBy: "client", Capacity: "able", Language: d.consentLang(), Direction: "both", Purposes: casework.Purposes,
		ValidUntil: casework.LatestEnd(d.At, d.House.Settings),
	}
}

// lastDay is the midnight that begins the last day of a consent.
func lastDay(k casework.Consent) time.Time { return casework.Calendar{}.Day(k.End().Add(-time.Second)) }

// consentLang is the language in which a consent was most likely given: the worker's own if papers are in it, else Finnish.
func (d *Desk) consentLang() string {
	if slices.Contains(casework.ConsentLanguages, d.Me.Lang) {
		return d.Me.Lang
	}
	return string(bot.FI)
}

// grant records the consent as the form tells it.
func (d *Desk) grant(ctx context.Context, c *Call, what string) (bot.Response, error) {
	in := c.Input
	k, err := d.consentOf(ctx, in)
	if err != nil {
		return bot.Response{}, err
	}
	granted, err := d.Case.Grant(d.Me.Person, k, d.House.Settings, d.At)
	if err != nil {
		return bot.Response{}, besideField(err)
	}
	if err := d.Keep(ctx, granted); err != nil {
		return bot.Response{}, err
	}
	if name := nearName.Of(in); name != "" {
		if err := d.PutNearName(ctx, d.Case.ID, name); err != nil {
			return bot.Response{}, err
		}
	}
	return d.done(ctx, what, bot.Data{"date": bot.Date(lastDay(d.Case.Consent()))}), nil
}

func (d *Desk) consentOf(ctx context.Context, in bot.Input) (casework.Consent, error) {
	parties, err := d.parties(ctx, partiesField.Of(in))
	if err != nil {
		return casework.Consent{}, err
	}
	was := d.begun()
	k := casework.Consent{
		Form: consentForm.Of(in), GivenBy: orElse(givenBy.Of(in), was.GivenBy), Capacity: orElse(capacityField.Of(in), was.Capacity),
		Language: orElse(consentLanguage.Of(in), was.Language), Parties: parties, Categories: slices.Clone(categoriesField.Of(in)),
		Direction: orElse(directionField.Of(in), was.Direction), NoContent: orUnasked(noContent, in, was.NoContent), Purposes: purposesField.Of(in),
		ValidUntil: validUntil.Of(in), CopyGiven: copyGiven.Of(in), ChatToolOK: chatToolOK.Of(in),
		RepresentativeEvidence: orUnasked(evidenceField, in, was.RepresentativeEvidence), ObjectsTo: orUnasked(objectsTo, in, was.ObjectsTo),
	}
	if len(k.Purposes) == 0 {
		k.Purposes = was.Purposes
	}
	if k.ValidUntil.IsZero() {
		k.ValidUntil = lastDay(was)
	}
	if mentalHealthOK.Of(in) {
		k.Categories = append(k.Categories, "mental_health")
	}
	if substanceUseOK.Of(in) {
		k.Categories = append(k.Categories, "substance_use")
	}
	if infoGivenAt.Given(in) {
		k.InformedOn, k.InformedBy, k.RequestedAt = infoGivenAt.Of(in), d.Me.Login, d.At
	}
	return k, nil
}

// orUnasked is the answer, an empty one too, or what stood before when the question was never put.
func orUnasked[T any](f bot.Field[T], in bot.Input, before T) T {
	if f.Asked(in) {
		return f.Of(in)
	}
	return before
}

func orElse(v, otherwise string) string {
	if v == "" {
		return otherwise
	}
	return v
}
