package commands

import (
	"embed"
	"io/fs"

	"luotsi/bot"
	"luotsi/commands/casework"
)

//go:embed locale/*.toml
var locale embed.FS

// Texts are what the commands say, in every language.
func Texts() fs.FS {
	sub, err := fs.Sub(locale, "locale")
	if err != nil {
		return locale // the folder is embedded above
	}
	return sub
}

// NewRegistry declares every command once, in the order help shows them.
func NewRegistry() (*bot.Registry[*Desk], error) {
	return bot.NewRegistry(
		today, raiseConcern, answerConcern, convertConsultation, withdrawConcern, showQueue, takeConcern, acknowledgeConcern,
		returnConcern, acceptConcern, redirectConcern, declineConcern, mergeConcern, notifyDuty,
		requestConsent, recordConsent, amendConsent, correctConsent, withdrawConsent,
		nameResponsible, acceptNaming, declineNaming, nameDeputy, handOver, inviteMember, acceptInvite, declineInvite, removeMember,
		planMeeting, confirmMeeting, moveMeeting, cancelMeeting, recordMeeting,
		myCases, showCase, revealClient, myClients, resolveCase, transferCase, caseLog, personalSettings, help,
	)
}

// NewDispatcher joins the house to the chat: what an adapter hands its requests to.
func NewDispatcher(h *House) *bot.Dispatcher[*Desk] {
	return &bot.Dispatcher[*Desk]{
		Registry: h.Registry, Catalog: h.Catalog, Tickets: h.Tickets, Office: Office{h},
		Forbidden: forbidden, Choose: choose, Trusted: h.trusted, PageURL: h.BaseURL + "/page/open/", Reads: showCase.Key,
		Newcomer: Office{h}.Newcomer, Turns: h.Turns, Lang: h.Lang, LangOf: h.langOf, CodeLike: casework.LikeCode,
		Urgent: func() bot.Text { return bot.TD("warn.urgent", bot.Data{"phone": h.EmergencyPhone}) },
		May:    func(p bot.Person, command *Command) bool { return mayEver(p, command.Key) },
	}
}
