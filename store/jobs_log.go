package store

import (
	"context"
	"log/slog"
)

// worries lets only warnings and errors through: River counts its jobs every few seconds, which would push all else out of sight.
type worries struct{ slog.Handler }

// Enabled reports whether a record of the level is written.
func (w worries) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && w.Handler.Enabled(ctx, level)
}

// WithAttrs is as quiet.
func (w worries) WithAttrs(attrs []slog.Attr) slog.Handler {
	return worries{w.Handler.WithAttrs(attrs)}
}

// WithGroup is as quiet.
func (w worries) WithGroup(name string) slog.Handler { return worries{w.Handler.WithGroup(name)} }
