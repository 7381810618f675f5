package commands

import (
	"context"
	"errors"

	"luotsi/commands/casework"
)

// Active reports whether the person is in the directory and their access is open; asking changes nothing. An error means that it
// is not known, and nobody is to be let in by it.
func (h *House) Active(ctx context.Context, login string) (bool, error) {
	var active bool
	err := h.Within(ctx, h.Now(), func(tx Tx) error {
		u, err := tx.User(ctx, login)
		active = err == nil && !u.Disabled
		return err
	})
	if errors.Is(err, casework.ErrNotKnown) {
		return false, nil
	}
	return active && err == nil, err
}
