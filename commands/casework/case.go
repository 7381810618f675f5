package casework

import (
	"slices"
	"time"
)

// State is where a case is on its way from a concern to its end (model.md § 2). A case always has exactly one.
type State string

// The states: first those of a concern, then those of the case it became.
const (
	Submitted            State = "submitted"
	Triage               State = "triage"
	Returned             State = "returned"
	ConsultationAnswered State = "consultation_answered"
	Redirected           State = "redirected"
	Declined             State = "declined"
	Merged               State = "merged"
	TakenBack            State = "withdrawn"
	ConsentPending       State = "consent_pending"
	TeamForming          State = "team_forming"
	Active               State = "active"
	Paused               State = "paused"
	Closed               State = "closed"
)

// States lists every state in the order of the way.
var States = []State{
	Submitted, Triage, Returned, ConsultationAnswered, Redirected, Declined, Merged, TakenBack,
	ConsentPending, TeamForming, Active, Paused, Closed,
}

// Open reports whether anybody still has something to do.
func (s State) Open() bool {
	return s.Concern() || s == ConsentPending || s.Together() || s == Paused
}

// Concern reports whether it is a concern still, on which the service coordinators have not decided.
func (s State) Concern() bool { return s == Submitted || s == Triage || s == Returned }

// Together reports whether a team may be gathered round the client in this state, consent permitting.
func (s State) Together() bool { return s == TeamForming || s == Active }

// Register is whose client register a unit writes in. Moving data between two of them is a disclosure (703/2023 § 53).
type Register string

// The registers, and what is outside them.
const (
	Social      Register = "social"
	Health      Register = "health"
	ThirdSector Register = "third_sector"
	NoRegister  Register = ""
)

// Person is somebody of the organisation as far as the rules need to know.
type Person struct {
	Login       string
	Unit        string
	Register    Register
	Coordinator bool
	Guest       bool // third sector: in the team, never in the room
}

// System is who does the acts of time.
const System = "system"

// Case is one client's matter, from the concern that began it to its end. It holds no identity: only the vault does.
type Case struct {
	ID        int64
	Code      Code
	Revision  int       // grows by one with every change
	ChangedAt time.Time // nothing happens to a case before its last change
	State     State
	Concern   Concern

	Coordinator Person    // who took it; zero until then
	TakenAt     time.Time // T03, or when the case was transferred to the coordinator it has
	AcceptedAt  time.Time // T05: the start of the client relation
	ClosedAt    time.Time
	ClosedFor   string // closing reason
	PausedAt    time.Time
	Client      ClientFacts

	Consents     []Consent     // by version, oldest first
	RoomNumber   int           // grows each time a team may gather anew; 0 = never yet
	Team         []Participant // everybody ever invited
	Responsible  []Assignment  // everybody ever named responsible worker
	Meetings     []Meeting
	Absences     []Absence    // of the responsible worker and of the coordinator
	Duties       []DutyNotice // statutory notifications made
	MergedInto   Code         // the case this concern was joined to
	Linked       []Code       // concerns joined to this case
	TransferNote string       // from the coordinator before
	// RefusedBefore is when the client last refused, in any earlier case; the store finds it. Zero = never.
	RefusedBefore time.Time

	News []Notice // what this change makes to be told; the store sends it with the change
}

// ClientFacts are the coded facts about the client that statistics and the team need.
type ClientFacts struct {
	Group         string
	UseProfile    string
	TargetGroup   string
	ServicesCount int
}

// Notice is something to be told because of a change: a kind that has a sentence, to whom, and a date if the sentence has one.
// It never holds case text.
type Notice struct {
	Kind NoticeKind
	To   string // login or audience; empty = the case's room
	On   time.Time
}

// NoticeKind names what is told.
type NoticeKind string

// What is told, and to whom by the model: codes and dates only.
const (
	ToldTaken        NoticeKind = "taken"         // raiser: T03
	ToldReturned     NoticeKind = "returned"      // raiser: T04
	ToldAnswered     NoticeKind = "answered"      // coordinator: the raiser has answered
	ToldConsultation NoticeKind = "consultation"  // raiser: T11
	ToldAccepted     NoticeKind = "accepted"      // raiser: T05
	ToldHandled      NoticeKind = "handled"       // raiser: refused or otherwise ended; says no more than that
	ToldStarted      NoticeKind = "started"       // raiser, only if the raiser is a party: C02
	ToldRoomOpen     NoticeKind = "room_open"     // coordinator: P01
	ToldInvited      NoticeKind = "invited"       // invitee: P03
	ToldJoined       NoticeKind = "joined"        // room and coordinator
	ToldDeclined     NoticeKind = "declined"      // who invited, or the coordinator once that person has left
	ToldNamed        NoticeKind = "named"         // candidate: P02
	ToldResponsible  NoticeKind = "responsible"   // room and coordinator: the responsible worker has accepted
	ToldNotNamed     NoticeKind = "named_no"      // coordinator: the candidate cannot
	ToldNotAsked     NoticeKind = "not_asked"     // candidate or deputy who has not answered: another was asked instead
	ToldActive       NoticeKind = "active"        // room: P04
	ToldMeeting      NoticeKind = "meeting"       // invitees: M01
	ToldConfirmed    NoticeKind = "confirmed"     // invitees: M02
	ToldMoved        NoticeKind = "moved"         // invitees
	ToldCancelled    NoticeKind = "cancelled"     // invitees: M05
	ToldMet          NoticeKind = "met"           // room: M03
	ToldEnded        NoticeKind = "ended"         // everybody in the team: C07
	ToldExpired      NoticeKind = "expired"       // everybody in the team: C08
	ToldCorrected    NoticeKind = "corrected"     // everybody in the team: the consent was recorded wrongly
	ToldRemoved      NoticeKind = "removed"       // a member whom the consent no longer covers
	ToldDecide       NoticeKind = "decide"        // coordinator: the case is paused, decide within 14 days
	ToldAmended      NoticeKind = "amended"       // members who stay: the consent has a new version
	ToldOutsider     NoticeKind = "outsider"      // responsible worker: somebody who does not belong there came or was put into the room
	ToldNotTakenOut  NoticeKind = "not_taken_out" // coordinator, responsible worker, supervisors: the chat keeps people in the room
	ToldQueueLost    NoticeKind = "queue_lost"    // coordinators: Luotsi cannot use their room; about no case
	ToldRoomLost     NoticeKind = "room_lost"     // coordinator and responsible worker: Luotsi was put out of the room
	ToldRoomBack     NoticeKind = "room_back"     // the same: it is in again
	ToldRoomAgain    NoticeKind = "room_again"    // responsible worker: somebody closed the room, another was opened
	ToldRoomClosed   NoticeKind = "room_closed"   // room: its closing words
	ToldNoRoom       NoticeKind = "no_room"       // responsible worker or coordinator: the chat refuses to open a room
	ToldNotLetIn     NoticeKind = "not_let_in"    // responsible worker: the chat does not let a member of the team into the room
	ToldIdentity     NoticeKind = "identity"      // who wrote an identity code in the room
	ToldIdentityHint NoticeKind = "identity_hint" // who wrote what only looks like one
	ToldIdentityTold NoticeKind = "identity_told" // responsible worker: somebody wrote one, and it may still be there
	ToldIdentityGone NoticeKind = "identity_gone" // responsible worker: somebody wrote one, and it was taken away
	ToldWelcome      NoticeKind = "welcome"       // room: what this room is, and who sees it
	ToldUrgent       NoticeKind = "urgent"        // coordinators: an urgent concern has come
	ToldAcknowledged NoticeKind = "acknowledged"  // raiser: somebody has seen the urgent concern
	ToldTakenBack    NoticeKind = "taken_back"    // coordinators who heard of an urgent concern: its raiser took it back
	ToldMerged       NoticeKind = "merged"        // who leads the case: a concern was joined to it
	ToldUnanswered   NoticeKind = "unanswered"    // coordinator: the raiser did not answer in time
	ToldObjected     NoticeKind = "objected"      // supervisors: the client opposes what the representative agreed to
	ToldHandedOver   NoticeKind = "handed_over"   // the old responsible worker: another has accepted
	ToldDeputy       NoticeKind = "deputy"        // who is asked to stand in
	ToldDeputyYes    NoticeKind = "deputy_yes"    // who is away, and the coordinator
	ToldDeputyNo     NoticeKind = "deputy_no"     // who is away, and the coordinator
	ToldStandIn      NoticeKind = "stand_in"      // the deputy: it begins today
	ToldBack         NoticeKind = "back"          // who was away, and who stood in: that is over
	ToldNobody       NoticeKind = "nobody"        // coordinator and supervisors: away, and nobody stands in
	ToldDisabled     NoticeKind = "disabled"      // coordinator and supervisors: the account of who led the case, or stood in, is closed
	ToldTransferred  NoticeKind = "transferred"   // the old and the new coordinator, and the responsible worker
	ToldNoReply      NoticeKind = "no_reply"      // coordinator: no answer to the consent request
)

// change begins an act: a copy of the case, one revision later, in which nothing an act writes to is shared with the old one.
func (c Case) change(now time.Time) Case {
	c.Consents = slices.Clone(c.Consents)
	c.Team = slices.Clone(c.Team)
	c.Responsible = slices.Clone(c.Responsible)
	c.Meetings = slices.Clone(c.Meetings)
	c.Absences = slices.Clone(c.Absences)
	c.Duties = slices.Clone(c.Duties)
	c.Linked = slices.Clone(c.Linked)
	c.News = slices.Clone(c.News)
	c.Revision++
	if now.After(c.ChangedAt) {
		c.ChangedAt = now
	}
	return c
}

func (c *Case) tell(kind NoticeKind, to string, on ...time.Time) {
	n := Notice{Kind: kind, To: to}
	if len(on) > 0 {
		n.On = on[0]
	}
	if !slices.Contains(c.News, n) {
		c.News = append(c.News, n)
	}
}

// tellRoom says something in the room, if there will be one.
func (c *Case) tellRoom(kind NoticeKind, on ...time.Time) { c.tell(kind, "", on...) }

// tellCoordinator tells the coordinator, or who stands in for the coordinator.
func (c *Case) tellCoordinator(kind NoticeKind, on ...time.Time) {
	who, _ := c.standing(AbsentCoordinator)
	c.tell(kind, who, on...)
}

// Relation is what somebody has to do with a case.
type Relation string

// The relations. A person may have several.
const (
	IsRaiser      Relation = "raiser"
	IsCoordinator Relation = "coordinator" // the one who took it
	IsQueue       Relation = "queue"       // any service coordinator, until the concern has become a case
	IsResponsible Relation = "responsible_worker"
	IsNamed       Relation = "named" // asked to be responsible worker, not answered
	IsMember      Relation = "member"
	IsInvited     Relation = "invited" // asked to join, not answered
	IsDeputy      Relation = "deputy"  // asked to stand in, or standing in
	WasMember     Relation = "was_member"
	// WasResponsible is the responsible worker of a case that is paused because its consent ended: sees where it stands, and
	// does nothing in it.
	WasResponsible Relation = "was_responsible"
)

// Relations tells what the person has to do with the case. Nobody with none may learn that it exists.
func (c Case) Relations(p Person) []Relation {
	if p.Login == "" { // a person not yet set, such as the coordinator of a concern nobody took, is nobody
		return nil
	}
	var r []Relation
	add := func(yes bool, rel Relation) {
		if yes && !slices.Contains(r, rel) {
			r = append(r, rel)
		}
	}
	add(c.Concern.Raiser.Login == p.Login, IsRaiser)
	add(c.Coordinator.Login == p.Login, IsCoordinator)
	add(p.Coordinator && c.State.Concern(), IsQueue)
	for _, a := range c.Responsible {
		add(a.Person.Login == p.Login && a.State == AssignmentAccepted, IsResponsible)
		add(a.Person.Login == p.Login && a.State == AssignmentNamed, IsNamed)
		led := a.Person.Login == p.Login && a.State == AssignmentEnded && !a.AcceptedAt.IsZero()
		add(led && c.State == Paused && a.EndedAt.Equal(c.PausedAt), WasResponsible)
		add(led, WasMember)
	}
	for _, a := range c.Absences {
		add(a.Deputy.Login == p.Login && (a.State.Live() || a.unanswered()), IsDeputy)
		add(a.Deputy.Login == p.Login && a.State == DeputyActing && a.Of == AbsentResponsible, IsResponsible)
		add(a.Deputy.Login == p.Login && a.State == DeputyActing && a.Of == AbsentCoordinator, IsCoordinator)
	}
	for _, m := range c.Team {
		mine := m.Person.Login == p.Login
		add(mine && m.State == MemberActive, IsMember)
		add(mine && m.State == MemberInvited, IsInvited)
		add(mine && m.State == MemberRemoved && !m.JoinedAt.IsZero(), WasMember)
	}
	return r
}
