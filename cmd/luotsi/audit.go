package main

import (
	"context"
	"fmt"

	"luotsi/store"
)

// verifyCmd checks the logs' hash chains and seals.
type verifyCmd struct {
	databaseFlags
}

// Run verifies; a fault found is an error.
func (v *verifyCmd) Run(ctx context.Context, o *out) error {
	s, _, err := v.opened(ctx, store.Look)
	if err != nil {
		return err
	}
	defer s.Close()
	report, err := s.Verify(ctx)
	if err != nil {
		return err
	}
	o.say("%s, %s, %s.", count(report.Chains, "chain"), count(report.Rows, "row"), count(report.Seals, "seal"))
	for _, fault := range report.Faults {
		o.say("FAULT: %s", fault)
	}
	if len(report.Faults) > 0 {
		return faulty(ctx, s, len(report.Faults))
	}
	o.say("The logs are whole.")
	return nil
}

// faulty tells how much is wrong, and the likely reason when all of it is.
func faulty(ctx context.Context, s *store.Store, faults int) error {
	c, err := s.Checkup(ctx)
	switch {
	case err != nil:
		return err
	case !c.KeysFit:
		return fmt.Errorf("the logs do not verify: %w", store.ErrOtherKeys)
	}
	return fmt.Errorf("the logs have %s", count(faults, "fault"))
}
