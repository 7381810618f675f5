package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"
)

const secretValue = "what somebody wrote of a client"

func TestGuardedTellsOfAPanicWithoutItsValue(t *testing.T) {
	var log strings.Builder
	err := Guarded(slog.New(slog.NewTextHandler(&log, nil)), "counting", func() error { panic(secretValue) })
	if !errors.Is(err, ErrPanic) || strings.Contains(err.Error(), secretValue) {
		t.Errorf("error %v", err)
	}
	for _, told := range []string{"doing=counting", "kind=string", "guard_test.go"} {
		if !strings.Contains(log.String(), told) {
			t.Errorf("%q is not in the log: %s", told, log.String())
		}
	}
	if strings.Contains(log.String(), secretValue) {
		t.Error("the value is in the log")
	}
	other := errors.New("other")
	if err := Guarded(nil, "counting", func() error { return other }); !errors.Is(err, other) {
		t.Errorf("error %v, want its own", err)
	}
}

func TestRestartedGoesOnAfterAPanic(t *testing.T) {
	quiet, other, runs := slog.New(slog.DiscardHandler), errors.New("other"), 0
	err := Restarted(t.Context(), quiet, "hearing", time.Nanosecond, func() error {
		if runs++; runs < 3 {
			panic(secretValue)
		}
		return other
	})
	if runs != 3 || !errors.Is(err, other) {
		t.Errorf("%d runs: %v", runs, err)
	}
	ctx, end := context.WithCancel(t.Context())
	err = Restarted(ctx, quiet, "hearing", time.Hour, func() error { end(); panic(secretValue) })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after the end", err)
	}
}
