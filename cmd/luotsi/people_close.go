package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"luotsi/commands/casework"
)

// commandLine is the surface that the logs give for what is done in a terminal.
const commandLine = "command_line"

// peopleCloseCmd closes somebody's access by hand.
type peopleCloseCmd struct {
	Login         string `arg:"" help:"The person's login in the people directory."`
	databaseFlags `group:"Database and keys"`
}

// peopleOpenCmd opens what was closed, by hand or with the person's accounts.
type peopleOpenCmd struct {
	Login         string `arg:"" help:"The person's login in the people directory."`
	databaseFlags `group:"Database and keys"`
}

// Run closes; a repeated one changes nothing more.
func (p *peopleCloseCmd) Run(ctx context.Context, o *out) error {
	if err := setAccess(ctx, p.databaseFlags, p.Login, false); err != nil {
		return err
	}
	o.say("The access of %s is closed. They are out of their cases, and the running Luotsi takes them out of the rooms.", p.Login)
	return nil
}

// Run opens; a repeated one changes nothing more.
func (p *peopleOpenCmd) Run(ctx context.Context, o *out) error {
	if err := setAccess(ctx, p.databaseFlags, p.Login, true); err != nil {
		return err
	}
	o.say("The access of %s is open. They come back to no case by it. If none of their accounts works, it is closed again within about an hour.", p.Login)
	return nil
}

func setAccess(ctx context.Context, f databaseFlags, login string, open bool) (err error) {
	s, keys, err := f.open(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	house, err := newHouse(s, keys, time.Now)
	if err != nil {
		return err
	}
	if err = house.SetAccess(ctx, login, open, operator()); errors.Is(err, casework.ErrNotKnown) {
		return fmt.Errorf("nobody in the people directory has the login %s", login)
	}
	return err
}
