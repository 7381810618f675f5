package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// ErrPanic is what Guarded makes of a panic.
var ErrPanic = errors.New("panic")

// Guarded runs f and returns its error. A panic in it, which in a goroutine of our own would end the process and with it the work for
// all cases and chats, becomes ErrPanic. The log, slog's default when nil, gets what was being done, the type of the panic's value and
// the stack; never the value, which could hold case text.
func Guarded(log *slog.Logger, doing string, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			if log == nil {
				log = slog.Default()
			}
			log.Error("panic", "doing", doing, "kind", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
			err = ErrPanic
		}
	}()
	return f()
}

// Restarted runs f as Guarded does, and again after the pause each time it panicked, until it returns by itself or the context ends.
func Restarted(ctx context.Context, log *slog.Logger, doing string, pause time.Duration, f func() error) error {
	for {
		if err := Guarded(log, doing, f); !errors.Is(err, ErrPanic) {
			return err
		}
		rest := time.NewTimer(pause)
		select {
		case <-rest.C:
		case <-ctx.Done():
			rest.Stop()
			return ctx.Err()
		}
	}
}
