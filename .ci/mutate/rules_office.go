package main

// What the house around the rules of care keeps: who may, once, and what the chats are told.
var officeRules = []rule{
	{
		"a command is given only in a role that may", commands + "access.go",
		`len(r.roles) > 0 && !slices.ContainsFunc(r.roles, c.Person.Has) && !without {`, `false {`,
	},
	{
		"a stranger does not learn that a case exists", commands + "access.go",
		"case len(d.Case.Relations(d.Me.Person)) == 0:", "case false:",
	},
	{
		"a command is given only in a relation that may", commands + "access.go",
		"case counts:", "case counts, len(d.Case.Relations(d.Me.Person)) > 0:",
	},
	{
		"only the team sees who the client is", commands + "access.go",
		`relations: inTeam, informed: underConsent, purpose: "identify_client"`, `relations: anyRelation, informed: underConsent, purpose: "identify_client"`,
	},
	{
		"of the team, only whom the consent informs sees who the client is", commands + "access.go",
		`informed: underConsent, purpose: "identify_client"`, `purpose: "identify_client"`,
	},
	{
		"what was tried in vain is in the case's log", commands + "office_row.go",
		`d.Log = d.aboutCase(d.Log, c)`, `_ = c`,
	},
	{
		"a page sent again is judged again", commands + "office_again.go",
		`r.Platform != bot.Web && r.At`, `r.At`,
	},
	{
		"a form is sent once", commands + "office.go",
		"\tcase fresh:\n", "\tcase fresh, c.Request.Submit != \"\":\n",
	},
	{
		"a link is opened once", commands + "office.go",
		"\tcase fresh:\n", "\tcase fresh, c.Request.Open != \"\":\n",
	},
	{
		"what is refused leaves nothing behind", commands + "office.go",
		"err = tx.Try(ctx, func() error {", "err = func(_ context.Context, do func() error) error { return do() }(ctx, func() error {",
	},
	{
		"a request is carried out once", commands + "office.go",
		`again, at, err := o.answered(ctx, tx, c, &answer)`, "_, at, err := o.answered(ctx, tx, c, &answer)\n\t\tagain := false",
	},
	{
		"an answer is given again only to who may still have it", commands + "office_again.go",
		"case no != nil:", "case no != nil && false:",
	},
	{
		"a link to words or a form shows nobody's identity", commands + "client_open.go",
		`!shows || !slices.Contains(casework.RevealPurposes, k.Args["purpose"])`, `(!shows || slices.Contains([]string(nil), "")) && false`,
	},
	{
		"a chat that is not trusted is asked for no free text", "bot/part.go",
		`f.Sensitive || f.Kind == LineText || f.Kind == TextArea`, `f.Sensitive`,
	},
	{
		"a chat that is not trusted shows nobody's words", "bot/say.go",
		`had && !d.open(c.Request) {`, `had && false {`,
	},
	{
		"who registers takes nobody's login", commands + "register.go",
		`return casework.SelfLogin + login`, `return login`,
	},
	{
		"what was refused is logged as refused", commands + "office.go",
		`row.Allowed, row.Rule = failed == nil, ruleOf(failed)`, `row.Allowed, row.Rule = true, ruleOf(failed)`,
	},
	{
		"who does not belong in the room is taken out", commands + "jobs_room.go",
		`w.remove(ctx, c, chat, r, outsiders)`, `w.remove(ctx, c, chat, r, nil)`,
	},
	{
		"a room that should not be is emptied", commands + "jobs_room_close.go",
		`w.remove(ctx, c, chat, r, members)`, `w.remove(ctx, c, chat, r, members[:0])`,
	},
	{
		"what nobody told of a room is found", commands + "jobs_watch.go",
		`if !which(r) || slices.Contains(waiting, r.CaseID) {`, `if true {`,
	},
	{
		"who can let Luotsi in again is told", commands + "jobs_watch.go",
		`for _, login := range leadersOf(c) {`, `for _, login := range leadersOf(c)[:0] {`,
	},
	{
		"only who is still in the team is told what the team is told", commands + "jobs_notify.go",
		"casework.ToldAmended, casework.ToldRoomOpen:\n\t\treturn inside(stands)", "casework.ToldAmended, casework.ToldRoomOpen:\n\t\treturn true",
	},
	{
		"a reminder that has lost its cause is not told", commands + "jobs_notify.go",
		`strings.CutPrefix(n.Kind, reminder); ok {`, `strings.CutPrefix(n.Kind, reminder); ok && kind == "" {`,
	},
	{
		"who leaves by a closed account leaves every case", commands + "jobs_accounts.go",
		"for _, c := range open {", "for _, c := range open[:0] {",
	},
}
