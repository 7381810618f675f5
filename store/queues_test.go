package store_test

import (
	"errors"
	"slices"
	"testing"

	"luotsi/commands/casework"
	"luotsi/store"
)

// A coordinators' room is lost once until it is found, and what is told of it is about no case.
func TestAQueueIsLostOnce(t *testing.T) {
	w := newWorld(t)
	w.within(start, func(tx *store.Tx) error {
		never, err1 := tx.FindQueue(t.Context(), "slack")
		first, err2 := tx.LoseQueue(t.Context(), "slack")
		again, err3 := tx.LoseQueue(t.Context(), "slack")
		lost, err4 := tx.LostQueues(t.Context())
		if never || !first || again || !slices.Equal(lost, []string{"slack"}) {
			t.Errorf("news: %v, %v, %v; lost are %q", never, first, again, lost)
		}
		found, err5 := tx.FindQueue(t.Context(), "slack")
		lost, err6 := tx.LostQueues(t.Context())
		anew, err7 := tx.LoseQueue(t.Context(), "slack")
		if !found || len(lost) > 0 || !anew {
			t.Errorf("found %v, lost are %q, lost again %v", found, lost, anew)
		}
		id, err8 := tx.Tell(t.Context(), casework.OutNotice{Kind: "queue_lost", To: "paula"})
		n, err9 := tx.Notice(t.Context(), id)
		if n.CaseID != 0 || n.Kind != "queue_lost" || n.To != "paula" {
			t.Errorf("the notice is %+v", n)
		}
		return errors.Join(err1, err2, err3, err4, err5, err6, err7, err8, err9)
	})
}
