// Package commands holds all that staff can ask of Luotsi and all it later does by itself: one act, one file. Every act
// passes the same gate and runs in one transaction with its log row and its consequences.
package commands

import (
	"context"
	"fmt"
	"io"
	"slices"
	"time"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// Command is a chat command of ours; Call is one on its way.
type (
	Command = bot.Command[*Desk]
	Call    = bot.Call[*Desk]
)

// House is what all acts share: the house's settings and how it speaks.
type House struct {
	Within   Within
	Settings casework.Settings
	Catalog  *bot.Catalog
	Tickets  bot.Tickets
	Now      func() time.Time // the application's clock
	Random   io.Reader        // for case codes
	Chats    []Chat           // where people are told; rooms are opened in the first
	BaseURL  string           // of Luotsi's own pages, without a slash at the end
	Turns    *bot.Turns       // bounds how many requests are under way; nil bounds nothing
	Registry *bot.Registry[*Desk]

	// Tend seals the logs and forgets stored answers and spent tickets whose time has passed.
	Tend func(ctx context.Context, at time.Time) error
	// Back has jobs that wait to be tried again done at once: a chat that was away is back. Nil: each waits for its time.
	Back func(ctx context.Context) error

	Lang             bot.Lang // of what is said to everybody: rooms and the coordinators' rooms
	SelfRegistration bool     // members of a chat may put themselves into the directory

	EmergencyPhone string // sosiaalipäivystys
	Phone          string // where a client reaches the service coordinators
	Accept900      bool   // temporary identity codes of the 900 series are in use
}

// Chat is a platform that the organisation uses.
type Chat struct {
	bot.Platform
	// Queue is the id of the coordinators' room there, empty when there is none; *bot.RetryError while it is not known yet, bot.ErrOutside
	// when it cannot be found.
	Queue func() (string, error)
	// QueueReady finds out whether Luotsi can use that room: bot.ErrOutside or bot.ErrGone when not, with a sentence for the operator
	// that says what to do. Nil: it always can.
	QueueReady func(ctx context.Context) error
}

// QueueIs is the Queue of a chat whose coordinators' room is known from the beginning.
func QueueIs(room string) func() (string, error) { return func() (string, error) { return room, nil } }

// chat finds a platform by its name.
func (h *House) chat(name string) (Chat, error) {
	for _, c := range h.Chats {
		if c.Name() == name {
			return c, nil
		}
	}
	return Chat{}, fmt.Errorf("chat %s is not configured: %w", name, bot.ErrPermanent)
}

// trusted reports whether a client's identity may be said and asked on a platform. Luotsi's own pages are no platform.
func (h *House) trusted(name string) bool {
	c, err := h.chat(name)
	return err == nil && c.Trusted()
}

// Desk is where one act is done: its transaction, its time, who does it, and the locked case it is about.
type Desk struct {
	Tx
	House *House
	At    time.Time         // never before the case's last change
	Me    casework.User     // who does it
	Case  casework.Case     // zero unless the call is about a case
	units map[string]string // names by code, once looked up
	Log   casework.AccessRow
	names map[string]string // by login, once looked up
	kept  bool              // the act changed a case
	left  bool              // the act took who did it out of the case's room
}

// Keep stores the changed case with everything that follows from it: its agenda, what is to be told, and the jobs that make
// the chat follow. It is part of the desk's transaction.
func (d *Desk) Keep(ctx context.Context, c casework.Case) error {
	before := d.Case
	news := c.News
	c.News = nil
	items := casework.Agenda(c, d.House.Settings)
	if c.ID == 0 {
		id, err := d.Add(ctx, c, items)
		if err != nil {
			return err
		}
		c.ID = id
	} else if err := d.Save(ctx, c, items); err != nil {
		return err
	}
	d.Case, d.kept = c, true
	d.left = d.left || inRoom(before, d.Me, d.At) && !inRoom(c, d.Me, d.At)
	for _, n := range news {
		if n.Kind == casework.ToldDecide { // by when, the house's settings tell
			n.On = casework.NextStep(c, d.House.Settings, d.At).Due
		}
		if err := d.tell(ctx, string(n.Kind), n.To, n.On); err != nil {
			return err
		}
	}
	if err := d.discloseJoined(ctx, before); err != nil {
		return err
	}
	if c.RoomNumber > 0 {
		if err := d.Enqueue(ctx, SyncRoom{CaseID: c.ID, Revision: c.Revision}, 1); err != nil {
			return err
		}
	}
	if before.State == c.State {
		return nil
	}
	return d.House.showCards(ctx, d, c.ID, c.Revision)
}

// audiences are the roles that groups of people told together have.
var audiences = map[string]bot.Role{
	casework.ToCoordinators: bot.Coordinator,
	casework.ToSupervisors:  bot.Supervisor,
}

// inRoom reports whether the case's room is to hold the person at the instant.
func inRoom(c casework.Case, who casework.User, at time.Time) bool {
	return slices.Contains(casework.Roster(c, at).Members, who.Login)
}

// tell tells somebody, everybody of an audience, or the room. Who did it reads it in the answer, and is not told again.
func (d *Desk) tell(ctx context.Context, kind, to string, on time.Time) error {
	role, ok := audiences[to]
	if !ok {
		return d.tellOne(ctx, kind, to, on)
	}
	users, err := d.Users(ctx)
	if err != nil {
		return err
	}
	for _, u := range users {
		if !u.Disabled && personOf(u).Has(role) {
			if err := d.tellOne(ctx, kind, u.Login, on); err != nil {
				return err
			}
		}
	}
	return nil
}

// tellOne stores a notice; one to a person gets a job of its own, one to the room is posted by the job that keeps the room.
func (d *Desk) tellOne(ctx context.Context, kind, to string, on time.Time) error {
	if to != "" && to == d.Me.Login {
		return nil
	}
	id, err := d.Tell(ctx, casework.OutNotice{CaseID: d.Case.ID, Kind: kind, To: to, On: on, CreatedAt: d.At})
	if err != nil || to == "" {
		return err
	}
	return d.Enqueue(ctx, Notify{NoticeID: id}, 2)
}

// discloseJoined writes a disclosure row for everybody from another register who came to the team by this change: accepting,
// not being invited, is what discloses (model.md P26).
func (d *Desk) discloseJoined(ctx context.Context, before casework.Case) error {
	was := map[string]bool{}
	for _, p := range before.InTeam() {
		was[p.Login] = true
	}
	k, ok := d.Case.ConsentAt(d.At)
	if !ok {
		return nil
	}
	for _, p := range d.Case.InTeam() {
		if was[p.Login] || p.Register == d.Case.Coordinator.Register {
			continue
		}
		row := casework.DisclosureRow{
			At: d.At, CaseID: d.Case.ID, Data: joined(k.Categories), From: d.Case.Coordinator.Register,
			Discloser: d.Me.Login, Recipient: p.Login, RecipientUnit: p.Unit, Purpose: "team_convening", Ground: consentBasis(k),
		}
		if err := d.LogDisclosure(ctx, row); err != nil {
			return err
		}
	}
	return nil
}
