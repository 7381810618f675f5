package store_test

import (
	"context"
	"log/slog"
	"testing"

	"luotsi/store"
	"luotsi/store/storetest"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler))
	storetest.Main(m, func(ctx context.Context, url string) error {
		return store.Migrate(ctx, url, store.MigrateOptions{Kind: store.Production})
	})
}
