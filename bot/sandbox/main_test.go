package sandbox

import (
	"context"
	"database/sql"
	"testing"

	_ "github.com/lib/pq"

	"luotsi/store/storetest"
)

func TestMain(m *testing.M) {
	storetest.Main(m, func(ctx context.Context, url string) error {
		db, err := sql.Open("postgres", url)
		if err != nil {
			return err
		}
		defer func() { _ = db.Close() }()
		return Migrate(ctx, db)
	})
}
