package store_test

import (
	"luotsi/bot"
	"luotsi/commands"
	"luotsi/store"
)

// The store satisfies what the acts ask for by its shape alone.
var (
	_ commands.Tx = (*store.Tx)(nil)
	_ bot.Sealer  = (&store.Keys{}).Tickets()
)
