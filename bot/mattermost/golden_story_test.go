package mattermost

import "time"

// episode is one thing somebody types, and what they answer if a form opens. A case is named by the letter it got.
type episode struct {
	who, key, about string
	values          answered
	named           string        // the letter that the case gets
	wrong           bool          // the house finds fault with the answers
	later           time.Duration // since the episode before
}

type answered map[string]any

const aDay = 24 * time.Hour

// known is what a concern about a known client says.
func known(more answered) answered {
	all := answered{
		"basis": "shl35_1_client_agrees", "identity_name": "Testi-Aino Esimerkki", "identity_code": "010140-900T",
		"criteria": []string{"unclear_provider", "many_contacts"}, "own_view": "Haluaisin, että joku kertoisi,\nkuka *asioitani* hoitaa @all.",
	}
	for k, v := range more {
		all[k] = v
	}
	return all
}

// story goes by every command that there is, so that each is seen as people see it. It begins on Monday 1.2.2027 at nine.
var story = []episode{
	{who: "sanna", key: "today"},
	{who: "paula", key: "help"},
	{who: "sanna", key: "settings", values: answered{}},
	{who: "sanna", key: "concern.raise", values: known(nil), named: "A"},
	{who: "sanna", key: "concern.take", about: "A"},
	{who: "paula", key: "concern.queue"},
	{who: "paula", key: "concern.take", about: "A"},
	{who: "katri", key: "concern.take", about: "A"},
	{who: "paula", key: "concern.return", about: "A", values: answered{"question": "Asuuko hän yksin?"}},
	{who: "sanna", key: "concern.answer", about: "A", values: answered{"answer": "Asuu yksin."}},
	{who: "paula", key: "concern.accept", about: "A", values: answered{"client_group": "older", "use_profile": "both"}},
	{who: "paula", key: "consent.request", about: "A", values: answered{"informed_on": "tänään", "informed_how": "phone"}},
	{who: "paula", key: "team.invite", about: "A", values: answered{"person": "kaisa", "need_answered": "Lääkkeet"}},
	{who: "paula", key: "consent.record", about: "A", values: answered{
		"form": "written_signed", "parties": []string{"SOTE-KESKUS-A", "IAKKAAT", "KOTIHOITO-B"}, "categories": []string{"contact_details", "functioning"},
		"chat_tool_ok": true,
	}, later: aDay},
	{who: "paula", key: "responsible.name", about: "A", values: answered{"person": "ville", "need": "Arjen asiat ja palvelut yhteen"}},
	{who: "ville", key: "responsible.decline", about: "A"},
	{who: "paula", key: "responsible.name", about: "A", values: answered{"person": "ville", "need": "Arjen asiat ja palvelut yhteen"}},
	{who: "ville", key: "responsible.accept", about: "A"},
	{who: "paula", key: "team.invite", about: "A", values: answered{"person": "kaisa", "need_answered": "Lääkkeet ja kotona pärjääminen"}},
	{who: "kaisa", key: "team.accept", about: "A"},
	{who: "ville", key: "team.invite", about: "A", values: answered{"person": "leo", "need_answered": "Lääkitys"}},
	{who: "leo", key: "team.decline", about: "A"},
	{who: "ville", key: "meeting.plan", about: "A", values: answered{"starts_at": "16.2.2027 klo 10", "place": "Asiakkaan kotona", "client_answer": "not_asked_yet"}},
	{who: "ville", key: "meeting.confirm", about: "A", values: answered{"client_answer": "in_person"}},
	{who: "ville", key: "meeting.move", about: "A", values: answered{"starts_at": "2027-02-17T08:30:00Z", "reason": "client_request"}},
	{who: "ville", key: "meeting.cancel", about: "A", values: answered{"cancel_reason": "client_ill"}},
	{who: "ville", key: "meeting.plan", about: "A", values: answered{"starts_at": "18.2.2027 klo 10", "place": "Sote-keskus", "client_answer": "in_person"}},
	{who: "ville", key: "responsible.deputy", about: "A", values: answered{"person": "kaisa", "from": "2027-03-01", "to": "2027-03-05"}},
	{who: "kaisa", key: "responsible.accept", about: "A"},
	{who: "ville", key: "meeting.record", about: "A", values: answered{"attendance_client": "present_in_person", "decisions": "Kotihoito käy aamuisin."}, later: 16*aDay + 4*time.Hour},
	{who: "paula", key: "responsible.handover", about: "A", values: answered{"person": "kaisa", "need": "Arjen asiat", "note": "Soita aamulla."}},
	{who: "paula", key: "case.show", about: "A"},
	{who: "ville", key: "case.mine"},
	{who: "paula", key: "client.reveal", about: "A", values: answered{"purpose": "check_identity"}},
	{who: "paula", key: "client.mine"},
	{who: "ville", key: "concern.notify", about: "A", values: answered{"ground": "vanhpl25_1_duty", "target": "older_services"}, wrong: true},
	{who: "ville", key: "concern.notify", about: "A", values: answered{
		"ground": "vanhpl25_1_duty", "target": "older_services", "ground_text": "Ei ole syönyt.", "client_informed": "yes",
	}},
	{who: "paula", key: "consent.amend", about: "A", values: answered{
		"form": "written_signed", "parties": []string{"SOTE-KESKUS-A", "IAKKAAT", "KOTIHOITO-B"}, "categories": []string{"contact_details"},
	}},
	{who: "paula", key: "team.remove", about: "A", values: answered{"person": "kaisa", "removed_reason": "client_wish"}},
	{who: "tiina", key: "log.case", about: "A"},
	{who: "sanna", key: "case.show", about: "A"},
	{who: "paula", key: "case.transfer", about: "A", values: answered{"person": "katri", "note": "Jään lomalle."}},
	{who: "sanna", key: "concern.raise", values: known(nil), named: "D"},
	{who: "katri", key: "concern.take", about: "D"},
	{who: "katri", key: "concern.merge", about: "D", values: answered{"into": "A"}},
	{who: "katri", key: "consent.withdraw", about: "A", values: answered{}},
	{who: "katri", key: "case.resolve", about: "A", values: answered{"resolution": "close"}},

	{who: "sanna", key: "concern.raise", values: known(answered{"urgency": "immediate", "identity_name": "Testi-Urho Kuvitteellinen", "identity_code": "120281-904D"}), named: "B"},
	{who: "paula", key: "concern.acknowledge", about: "B"},
	{who: "paula", key: "concern.take", about: "B"},
	{who: "paula", key: "concern.redirect", about: "B", values: answered{
		"target": "mh_sud_services", "ground": "shl40_client_agrees", "reason": "Yksi hoitosuhde riittää.",
	}},
	{who: "sanna", key: "concern.raise", values: known(answered{"identity_code": "120281-904D"}), named: "C"},
	{who: "paula", key: "concern.take", about: "C"},
	{who: "paula", key: "concern.accept", about: "C", values: answered{"client_group": "older", "use_profile": "both"}},
	{who: "paula", key: "consent.request", about: "C", values: answered{"informed_on": "tänään", "informed_how": "phone"}},
	{who: "paula", key: "consent.record", about: "C", values: answered{"result": "refused"}, wrong: true},
	{who: "paula", key: "consent.record", about: "C", values: answered{
		"form": "oral_documented", "parties": []string{"IAKKAAT"}, "categories": []string{"contact_details"},
	}, later: aDay},
	{who: "paula", key: "consent.correct", about: "C", values: answered{"reason": "Väärä asiakas."}},
	{who: "sanna", key: "concern.raise", values: answered{"basis": "nameless", "criteria": []string{"at_risk"}, "question": "Kenelle tämä kuuluu?"}, named: "E"},
	{who: "paula", key: "concern.take", about: "E"},
	{who: "paula", key: "concern.answer", about: "E", values: answered{"answer": "Tee huoli-ilmoitus."}},
	{who: "sanna", key: "concern.convert", about: "E", values: known(nil)},
	{who: "sanna", key: "concern.raise", values: known(nil), named: "G"},
	{who: "paula", key: "concern.take", about: "G"},
	{who: "paula", key: "concern.decline", about: "G", values: answered{"decline_reason": "single_service_enough", "guidance": "Varaa aika omalle lääkärille."}},
	{who: "sanna", key: "concern.raise", values: known(nil), named: "F"},
	{who: "sanna", key: "concern.withdraw", about: "F"},
}
