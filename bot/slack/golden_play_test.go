package slack

import "time"

// scene is a command that somebody gives, and what they answer when they are asked, in Slack or on Luotsi's own page. A case is
// called by the letter that it got.
type scene struct {
	who, key, about string
	answers         map[string]any
	named           string        // the letter that the case gets
	wrong           bool          // something is wrong with the answers
	later           time.Duration // since the scene before
}

// marks are what no chat outside the house may get to know: who the client is, and what anybody wrote.
var marks = []string{
	"Merkki-Aino", "010140-900T", "Merkki-Urho", "120281-904D", "OMASANA", "KYSYMYS", "VASTAUS", "TARVE", "PERUSTE", "PAIKKA", "VIESTI", "PÄÄTÖS",
}

type given = map[string]any

func concern(name, code string, more given) given {
	all := given{
		"basis": "shl35_1_client_agrees", "identity_name": name, "identity_code": code,
		"criteria": []string{"unclear_provider", "many_contacts"}, "own_view": "OMASANA <!channel> & *lihava*",
	}
	for k, v := range more {
		all[k] = v
	}
	return all
}

func aino(more given) given { return concern("Merkki-Aino Esimerkki", "010140-900T", more) }
func urho(more given) given { return concern("Merkki-Urho Kuvitteellinen", "120281-904D", more) }

const day = 24 * time.Hour

// play goes through every command there is, each as people meet it. It begins on Monday 1.2.2027 at nine.
var play = []scene{
	{who: "sanna", key: "today"},
	{who: "paula", key: "help"},
	{who: "sanna", key: "settings", answers: given{}},
	{who: "sanna", key: "concern.raise", answers: aino(nil), named: "A"},
	{who: "sanna", key: "concern.take", about: "A"},
	{who: "paula", key: "concern.queue"},
	{who: "paula", key: "today"},
	{who: "paula", key: "concern.take", about: "A"},
	{who: "paula", key: "concern.return", about: "A", answers: given{"question": "KYSYMYS yksin?"}},
	{who: "sanna", key: "concern.answer", about: "A", answers: given{"answer": "VASTAUS kyllä"}},
	{who: "paula", key: "concern.accept", about: "A", answers: given{"client_group": "older", "use_profile": "both"}},
	{who: "paula", key: "team.invite", about: "A", answers: given{"person": "kaisa", "need_answered": "TARVE lääkkeet"}},
	{who: "paula", key: "consent.request", about: "A", answers: given{"informed_on": "2027-02-01", "informed_how": "phone"}},
	{who: "paula", key: "consent.record", about: "A", later: day, answers: given{
		"form": "written_signed", "parties": []string{"SOTE-KESKUS-A", "IAKKAAT", "KOTIHOITO-B"}, "categories": []string{"contact_details", "functioning"},
		"chat_tool_ok": true,
	}},
	{who: "paula", key: "responsible.name", about: "A", answers: given{"person": "ville", "need": "TARVE arki"}},
	{who: "ville", key: "responsible.decline", about: "A"},
	{who: "paula", key: "responsible.name", about: "A", answers: given{"person": "ville", "need": "TARVE arki"}},
	{who: "ville", key: "responsible.accept", about: "A"},
	{who: "paula", key: "team.invite", about: "A", answers: given{"person": "kaisa", "need_answered": "TARVE lääkkeet"}},
	{who: "kaisa", key: "team.accept", about: "A"},
	{who: "ville", key: "team.invite", about: "A", answers: given{"person": "leo", "need_answered": "TARVE lääkitys"}},
	{who: "leo", key: "team.decline", about: "A"},
	{who: "ville", key: "meeting.plan", about: "A", answers: given{"starts_at": "2027-02-16T10:00:00+02:00", "place": "PAIKKA koti", "client_answer": "not_asked_yet"}},
	{who: "ville", key: "meeting.confirm", about: "A", answers: given{"client_answer": "in_person"}},
	{who: "ville", key: "meeting.move", about: "A", answers: given{"starts_at": "2027-02-17T10:30:00+02:00", "reason": "client_request"}},
	{who: "ville", key: "meeting.cancel", about: "A", answers: given{"cancel_reason": "client_ill"}},
	{who: "ville", key: "meeting.plan", about: "A", answers: given{"starts_at": "2027-02-18T10:00:00+02:00", "place": "PAIKKA sote", "client_answer": "in_person"}},
	{who: "ville", key: "responsible.deputy", about: "A", answers: given{"person": "kaisa", "from": "2027-03-01", "to": "2027-03-05"}},
	{who: "kaisa", key: "responsible.accept", about: "A"},
	{who: "ville", key: "meeting.record", about: "A", later: 16*day + 4*time.Hour, answers: given{
		"attendance_client": "present_in_person", "decisions": "PÄÄTÖS kotihoito",
	}},
	{who: "paula", key: "responsible.handover", about: "A", answers: given{"person": "kaisa", "need": "TARVE arki", "note": "VIESTI soita"}},
	{who: "paula", key: "case.show", about: "A"},
	{who: "ville", key: "case.mine"},
	{who: "kaisa", key: "today"},
	{who: "paula", key: "client.reveal", about: "A", answers: given{"purpose": "check_identity"}},
	{who: "paula", key: "client.mine"},
	{who: "ville", key: "concern.notify", about: "A", answers: given{"ground": "vanhpl25_1_duty", "target": "older_services"}, wrong: true},
	{who: "ville", key: "concern.notify", about: "A", answers: given{
		"ground": "vanhpl25_1_duty", "target": "older_services", "ground_text": "PERUSTE ei syö", "client_informed": "yes",
	}},
	{who: "paula", key: "consent.amend", about: "A", answers: given{
		"form": "written_signed", "parties": []string{"SOTE-KESKUS-A", "IAKKAAT", "KOTIHOITO-B"}, "categories": []string{"contact_details"},
	}},
	{who: "paula", key: "team.remove", about: "A", answers: given{"person": "kaisa", "removed_reason": "client_wish"}},
	{who: "tiina", key: "log.case", about: "A"},
	{who: "sanna", key: "case.show", about: "A"},
	{who: "paula", key: "case.transfer", about: "A", answers: given{"person": "katri", "note": "VIESTI lomalle"}},
	{who: "sanna", key: "concern.raise", answers: aino(nil), named: "D"},
	{who: "katri", key: "concern.take", about: "D"},
	{who: "katri", key: "concern.merge", about: "D", answers: given{"into": "A"}},
	{who: "katri", key: "consent.withdraw", about: "A", answers: given{}},
	{who: "katri", key: "case.resolve", about: "A", answers: given{"resolution": "close"}},

	{who: "sanna", key: "concern.raise", answers: urho(given{"urgency": "immediate"}), named: "B"},
	{who: "paula", key: "concern.acknowledge", about: "B"},
	{who: "paula", key: "concern.take", about: "B"},
	{who: "paula", key: "concern.redirect", about: "B", answers: given{"target": "mh_sud_services", "ground": "shl40_client_agrees", "reason": "PERUSTE yksi"}},
	{who: "sanna", key: "concern.raise", answers: urho(nil), named: "C"},
	{who: "paula", key: "concern.take", about: "C"},
	{who: "paula", key: "concern.accept", about: "C", answers: given{"client_group": "older", "use_profile": "both"}},
	{who: "paula", key: "consent.request", about: "C", answers: given{"informed_on": "2027-02-18", "informed_how": "phone"}},
	{who: "paula", key: "consent.record", about: "C", answers: given{"result": "refused"}, wrong: true},
	{who: "paula", key: "consent.record", about: "C", later: day, answers: given{
		"form": "oral_documented", "parties": []string{"IAKKAAT"}, "categories": []string{"contact_details"},
	}},
	{who: "paula", key: "consent.correct", about: "C", answers: given{"reason": "PERUSTE väärä"}},
	{who: "sanna", key: "concern.raise", answers: given{"basis": "nameless", "criteria": []string{"at_risk"}, "question": "KYSYMYS kenelle"}, named: "E"},
	{who: "paula", key: "concern.take", about: "E"},
	{who: "paula", key: "concern.answer", about: "E", answers: given{"answer": "VASTAUS huoli"}},
	{who: "sanna", key: "concern.convert", about: "E", answers: aino(nil)},
	{who: "sanna", key: "concern.raise", answers: aino(nil), named: "G"},
	{who: "paula", key: "concern.take", about: "G"},
	{who: "paula", key: "concern.decline", about: "G", answers: given{"decline_reason": "single_service_enough", "guidance": "VIESTI lääkäri"}},
	{who: "sanna", key: "concern.raise", answers: aino(nil), named: "F"},
	{who: "sanna", key: "concern.withdraw", about: "F"},
}
