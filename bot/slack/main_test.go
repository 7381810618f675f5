package slack

import (
	"context"
	"testing"

	"luotsi/store"
	"luotsi/store/storetest"
)

func TestMain(m *testing.M) {
	storetest.Main(m, func(ctx context.Context, ownerURL string) error {
		return store.Migrate(ctx, ownerURL, store.MigrateOptions{Kind: store.Production})
	})
}
