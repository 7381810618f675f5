package main

import (
	"errors"
	"slices"
	"testing"

	"luotsi/bot"
	"luotsi/commands"
)

// TestWhatAChatTellsOfAnAccountIsFollowedAtOnce: also while everybody is looked at, and while a chat is away that does not matter. Who has
// an account elsewhere stays.
func TestWhatAChatTellsOfAnAccountIsFollowedAtOnce(t *testing.T) {
	f := newFollow(t, nil)
	told := func(user string) {
		t.Helper()
		if err := f.house.AccountChanged(t.Context(), "first", user); err != nil {
			t.Fatal(err)
		}
	}
	err := f.house.Within(t.Context(), monday, func(tx commands.Tx) error { return tx.Enqueue(t.Context(), commands.Follow{}, 1) })
	if err != nil {
		t.Fatal(err)
	}
	told("F-ville")
	told("F-ville")
	var jobs int
	err = f.owner.QueryRowContext(t.Context(), "select count(*) from river_job where kind = 'follow_accounts' and args->>'login' = 'ville'").Scan(&jobs)
	if err != nil || jobs != 2 {
		t.Errorf("%d looks at ville wait beside the one at everybody, want 2: %v", jobs, err)
	}
	if err := f.start(t.Context(), false, nil); err != nil {
		t.Fatal(err)
	}
	away := &bot.RetryError{Err: errors.New("does not answer")}
	for _, step := range []struct {
		user  string
		fails error // of the second chat
		want  []string
		wait  int // jobs that wait for it
	}{
		{"F-nobody", nil, nil, 0},
		{"F-sanna", nil, nil, 0},
		{"F-sanna", away, nil, 1},
		{"F-ville", away, []string{"ville"}, 1},
		{"F-sanna", bot.ErrGone, []string{"sanna", "ville"}, 0},
	} {
		if _, _, err := f.jobs.Idle(t.Context()); err != nil {
			t.Fatal(err)
		}
		f.first.rule(nil, "F-sanna", "F-ville")
		f.second.rule(step.fails)
		told(step.user)
		if err := f.jobs.RetryNow(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, waiting, err := f.jobs.Idle(t.Context()); err != nil || waiting != step.wait {
			t.Errorf("%s: %d wait, want %d: %v", step.user, waiting, step.wait, err)
		}
		if got := f.closed(); !slices.Equal(got, step.want) {
			t.Errorf("%s: closed are %v, want %v", step.user, got, step.want)
		}
	}
}
