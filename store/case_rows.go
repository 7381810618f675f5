package store

import (
	"time"

	"luotsi/commands/casework"
)

// caseRow is a case without its concern and its lists.
type caseRow struct {
	ID            int64   `db:"id"`
	Code          string  `db:"code"`
	Revision      int     `db:"revision"`
	ChangedAt     instant `db:"changed_at"`
	State         string  `db:"state"`
	Coordinator   ref     `db:"coordinator"`
	TakenAt       instant `db:"taken_at"`
	AcceptedAt    instant `db:"accepted_at"`
	ClosedAt      instant `db:"closed_at"`
	ClosedFor     string  `db:"closed_for"`
	PausedAt      instant `db:"paused_at"`
	ClientGroup   string  `db:"client_group"`
	UseProfile    string  `db:"use_profile"`
	TargetGroup   string  `db:"target_group"`
	ServicesCount int     `db:"services_count"`
	RoomNumber    int     `db:"room_number"`
	MergedInto    string  `db:"merged_into"`
	Linked        codes   `db:"linked"`
	TransferNote  []byte  `db:"transfer_note"`
}

func (t *Tx) caseToRow(c casework.Case) (caseRow, error) {
	s := t.cipherFor("cases", c.Code)
	return caseRow{
		ID: c.ID, Code: string(c.Code), Revision: c.Revision, ChangedAt: instant(c.ChangedAt), State: string(c.State),
		Coordinator: ref(c.Coordinator.Login), TakenAt: instant(c.TakenAt), AcceptedAt: instant(c.AcceptedAt),
		ClosedAt: instant(c.ClosedAt), ClosedFor: c.ClosedFor, PausedAt: instant(c.PausedAt),
		ClientGroup: c.Client.Group, UseProfile: c.Client.UseProfile, TargetGroup: c.Client.TargetGroup,
		ServicesCount: c.Client.ServicesCount, RoomNumber: c.RoomNumber,
		MergedInto: string(c.MergedInto), Linked: textsOf(c.Linked), TransferNote: s.close("transfer_note", c.TransferNote),
	}, s.err
}

func (t *Tx) caseOf(r caseRow) (casework.Case, error) {
	s := t.cipherFor("cases", casework.Code(r.Code))
	return casework.Case{
		ID: r.ID, Code: casework.Code(r.Code), Revision: r.Revision, ChangedAt: time.Time(r.ChangedAt),
		State: casework.State(r.State), Coordinator: personRef(string(r.Coordinator)),
		TakenAt: time.Time(r.TakenAt), AcceptedAt: time.Time(r.AcceptedAt), ClosedAt: time.Time(r.ClosedAt),
		ClosedFor: r.ClosedFor, PausedAt: time.Time(r.PausedAt), RoomNumber: r.RoomNumber,
		Client: casework.ClientFacts{
			Group: r.ClientGroup, UseProfile: r.UseProfile, TargetGroup: r.TargetGroup, ServicesCount: r.ServicesCount,
		},
		MergedInto: casework.Code(r.MergedInto), Linked: codesOf(r.Linked), TransferNote: s.open("transfer_note", r.TransferNote),
	}, s.err
}

func textsOf(cases []casework.Code) (texts codes) {
	for _, c := range cases {
		texts = append(texts, string(c))
	}
	return texts
}

func codesOf(texts codes) (cases []casework.Code) {
	for _, c := range texts {
		cases = append(cases, casework.Code(c))
	}
	return cases
}

// personRef is a person whose unit and roles are still to be looked up.
func personRef(login string) casework.Person { return casework.Person{Login: login} }

type concernRow struct {
	CaseID           int64   `db:"case_id"`
	Raiser           string  `db:"raiser"`
	RaisedAt         instant `db:"raised_at"`
	Basis            string  `db:"basis"`
	Criteria         codes   `db:"criteria"`
	Urgency          string  `db:"urgency"`
	HasIdentity      bool    `db:"has_identity"`
	Reasons          codes   `db:"reasons"`
	FailureDemand    codes   `db:"failure_demand"`
	Recurrence       string  `db:"recurrence"`
	WrongDoors90d    int     `db:"wrong_doors_90d"`
	Living           string  `db:"living"`
	OwnView          []byte  `db:"own_view"`
	GroundText       []byte  `db:"ground_text"`
	Question         []byte  `db:"question"`
	CurrentServices  []byte  `db:"current_services"`
	TriedSoFar       []byte  `db:"tried_so_far"`
	ReturnedAt       instant `db:"returned_at"`
	Asked            []byte  `db:"asked"`
	Answer           []byte  `db:"answer"`
	AnsweredAt       instant `db:"answered_at"`
	AcknowledgedAt   instant `db:"acknowledged_at"`
	AcknowledgedBy   string  `db:"acknowledged_by"`
	DecisionTarget   string  `db:"decision_target"`
	DecisionGround   string  `db:"decision_ground"`
	DecisionReason   []byte  `db:"decision_reason"`
	DecisionGuidance []byte  `db:"decision_guidance"`
}

func (t *Tx) concernToRow(c casework.Case) (concernRow, error) {
	n, s := c.Concern, t.cipherFor("concerns", c.Code)
	return concernRow{
		CaseID: c.ID, Raiser: n.Raiser.Login, RaisedAt: instant(n.RaisedAt), Basis: n.Basis, Criteria: n.Criteria,
		Urgency: n.Urgency, HasIdentity: n.HasIdentity, Reasons: n.Reasons, FailureDemand: n.FailureDemand,
		Recurrence: n.Recurrence, WrongDoors90d: n.WrongDoors90d, Living: n.Living,
		OwnView: s.close("own_view", n.OwnView), GroundText: s.close("ground_text", n.GroundText),
		Question: s.close("question", n.Question), CurrentServices: s.close("current_services", n.CurrentServices),
		TriedSoFar: s.close("tried_so_far", n.TriedSoFar), ReturnedAt: instant(n.ReturnedAt),
		Asked: s.close("asked", n.Asked), Answer: s.close("answer", n.Answer), AnsweredAt: instant(n.AnsweredAt),
		AcknowledgedAt: instant(n.AcknowledgedAt), AcknowledgedBy: n.AcknowledgedBy,
		DecisionTarget: n.Decision.Target, DecisionGround: n.Decision.Ground,
		DecisionReason: s.close("decision_reason", n.Decision.Reason), DecisionGuidance: s.close("decision_guidance", n.Decision.Guidance),
	}, s.err
}

func (t *Tx) concernOf(code casework.Code, r concernRow) (casework.Concern, error) {
	s := t.cipherFor("concerns", code)
	return casework.Concern{
		Raiser: personRef(r.Raiser), RaisedAt: time.Time(r.RaisedAt), Basis: r.Basis, Criteria: r.Criteria,
		Urgency: r.Urgency, HasIdentity: r.HasIdentity, Reasons: r.Reasons, FailureDemand: r.FailureDemand,
		Recurrence: r.Recurrence, WrongDoors90d: r.WrongDoors90d, Living: r.Living,
		OwnView: s.open("own_view", r.OwnView), GroundText: s.open("ground_text", r.GroundText),
		Question: s.open("question", r.Question), CurrentServices: s.open("current_services", r.CurrentServices),
		TriedSoFar: s.open("tried_so_far", r.TriedSoFar), ReturnedAt: time.Time(r.ReturnedAt),
		Asked: s.open("asked", r.Asked), Answer: s.open("answer", r.Answer), AnsweredAt: time.Time(r.AnsweredAt),
		AcknowledgedAt: time.Time(r.AcknowledgedAt), AcknowledgedBy: r.AcknowledgedBy,
		Decision: casework.Decision{
			Target: r.DecisionTarget, Ground: r.DecisionGround,
			Reason: s.open("decision_reason", r.DecisionReason), Guidance: s.open("decision_guidance", r.DecisionGuidance),
		},
	}, s.err
}
