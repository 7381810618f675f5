package commands

import (
	"context"
	"slices"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// Questions that several forms ask in the same words.
var (
	personField = bot.PersonField("person").Must()
	needField   = bot.AreaField("need").Must()
	startsAt    = bot.DateTimeField("starts_at").Must()
	answerField = bot.SelectField("client_answer", "client_answer", casework.ClientAnswers...).Must()
)

// form begins a form of the call's own command about the call's own case. Its introduction says who will see the answers.
func form(c *Call, fields ...bot.AnyField) *bot.Form {
	return &bot.Form{
		Command: c.Command.Key, Code: c.Code, Args: c.Args, Fields: fields,
		Data: bot.Data{"code": c.Code, "phone": c.Desk.House.EmergencyPhone},
	}
}

// people makes choices of the organisation's people whom pick lets through, shown with profession and unit.
func (d *Desk) people(ctx context.Context, pick func(casework.User) bool) ([]bot.Option, error) {
	users, err := d.Users(ctx)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, u := range users {
		if !u.Disabled && pick(u) {
			options = append(options, bot.Option{Value: u.Login, Label: bot.Plain(u.Name + " · " + d.unitName(ctx, u.Unit))})
		}
	}
	return options, nil
}

// teamOptions makes choices of everybody in the case's team.
func (d *Desk) teamOptions(ctx context.Context) ([]bot.Option, error) {
	return d.people(ctx, func(u casework.User) bool {
		return slices.ContainsFunc(d.Case.InTeam(), func(p casework.Person) bool { return p.Login == u.Login })
	})
}

// partyOptions makes choices of everybody a client may let in: units that give care or support, their people by name, and
// near persons by relation.
func (d *Desk) partyOptions(ctx context.Context) ([]bot.Option, error) {
	units, err := d.Units(ctx)
	if err != nil {
		return nil, err
	}
	var options []bot.Option
	for _, u := range units {
		if u.Care {
			options = append(options, bot.Option{Value: u.Code, Label: bot.Plain(u.Name)})
		}
	}
	people, err := d.people(ctx, func(u casework.User) bool {
		return slices.ContainsFunc(units, func(unit casework.Unit) bool { return unit.Care && unit.Code == u.Unit })
	})
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		options = append(options, bot.Option{Value: "person:" + p.Value, Label: p.Label})
	}
	for _, r := range casework.NearRelations {
		options = append(options, bot.Option{Value: "near:" + r, Label: bot.T("option.near." + r)})
	}
	return options, nil
}

// parties turns chosen party codes into party lines with their registers.
func (d *Desk) parties(ctx context.Context, codes []string) ([]casework.Party, error) {
	units, err := d.Units(ctx)
	if err != nil {
		return nil, err
	}
	users, err := d.Users(ctx)
	if err != nil {
		return nil, err
	}
	registers := map[string]casework.Register{}
	for _, u := range units {
		registers[u.Code] = u.Register
	}
	for _, u := range users {
		registers["person:"+u.Login] = registers[u.Unit]
	}
	out := make([]casework.Party, len(codes))
	for i, code := range codes {
		out[i] = casework.Party{Code: code, Register: registers[code]}
	}
	return out, nil
}

// labelled says codes of a list in the words of its options.
func labelled(list string, codes []string) []bot.Text {
	out := make([]bot.Text, len(codes))
	for i, code := range codes {
		out[i] = bot.T("option." + list + "." + code)
	}
	return out
}
