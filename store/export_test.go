package store

import (
	"context"
	"errors"
)

// MigrateTo brings an empty database to the tables of an older version of this program, and no further.
func MigrateTo(ctx context.Context, ownerURL string, version int64) error {
	pool, err := connect(ownerURL)
	if err != nil {
		return err
	}
	p, err := provider(pool.DB, quiet())
	if err == nil {
		_, err = p.UpTo(ctx, version)
	}
	return errors.Join(err, pool.Close())
}
