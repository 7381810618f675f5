package commands

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"

	"luotsi/bot"
	"luotsi/commands/casework"
)

// TestWhatIsPutOffAgainAndAgainWaitsLonger: never less than the chat asked for, and a minute at most of Luotsi's own.
func TestWhatIsPutOffAgainAndAgainWaitsLonger(t *testing.T) {
	for _, at := range []struct {
		before      string
		asked, want time.Duration
	}{
		{"", 5 * time.Second, 5 * time.Second},
		{"{}", 5 * time.Second, 5 * time.Second},
		{`{"snoozes": 2}`, 5 * time.Second, 5 * time.Second},
		{`{"snoozes": 4}`, 5 * time.Second, 16 * time.Second},
		{`{"snoozes": 6}`, 5 * time.Second, time.Minute},
		{`{"snoozes": 6000}`, 5 * time.Second, time.Minute},
		{`{"snoozes": 6000}`, 10 * time.Minute, 10 * time.Minute},
	} {
		err := patient(&rivertype.JobRow{Metadata: []byte(at.before)}, errors.Join(nil, river.JobSnooze(at.asked)))
		var off *river.JobSnoozeError
		if !errors.As(err, &off) || off.Duration != at.want {
			t.Errorf("after %s: %v, want %s", at.before, err, at.want)
		}
	}
	if err := patient(&rivertype.JobRow{}, errors.ErrUnsupported); !errors.Is(err, errors.ErrUnsupported) {
		t.Error("another error became", err)
	}
}

// mute is a chat that says nothing for a reason.
type mute struct {
	bot.Platform
	name  string
	fails error
	said  *[]string
}

func (m mute) Name() string { return m.name }

// Direct notes that it was asked.
func (m mute) Direct(context.Context, string, string, bot.Post) (string, error) {
	*m.said = append(*m.said, m.name)
	return "m1", m.fails
}

// done is a transaction that takes note of what was delivered where.
type done struct {
	Tx
	where *string
}

func (d done) Delivered(_ context.Context, _ int64, platform, _ string) error {
	*d.where = "delivered: " + platform
	return nil
}

// TestAnAlarmDoesNotWaitForTheFirstChat: anything else does, or it would be told in both.
func TestAnAlarmDoesNotWaitForTheFirstChat(t *testing.T) {
	away := &bot.RetryError{After: time.Minute, Err: errors.ErrUnsupported}
	for _, at := range []struct {
		kind          casework.NoticeKind
		first, second error
		asked         []string
		where         string
		off           time.Duration
	}{
		{casework.ToldUrgent, nil, nil, []string{"one"}, "delivered: one", 0},
		{casework.ToldUrgent, away, nil, []string{"one", "two"}, "delivered: two", 0},
		{casework.ToldUrgent, away, bot.ErrGone, []string{"one", "two"}, "", time.Minute},
		{casework.ToldUrgent, bot.ErrPermanent, away, []string{"one", "two"}, "", time.Minute},
		{casework.ToldUrgent, bot.ErrPermanent, bot.ErrGone, []string{"one", "two"}, "", refusedPause},
		{casework.ToldUrgent, bot.ErrGone, bot.ErrGone, []string{"one", "two"}, "delivered: ", 0},
		{casework.ToldMet, away, nil, []string{"one"}, "", time.Minute},
		{casework.ToldMet, bot.ErrGone, nil, []string{"one", "two"}, "delivered: two", 0},
	} {
		var where string
		var asked []string
		w := &noticeWorker{House: &House{Now: time.Now, Within: func(_ context.Context, _ time.Time, f func(Tx) error) error {
			return f(done{where: &where})
		}}}
		accounts := []account{
			{Chat{Platform: mute{name: "one", fails: at.first, said: &asked}}, "u1"},
			{Chat{Platform: mute{name: "two", fails: at.second, said: &asked}}, "u2"},
		}
		err := w.say(t.Context(), casework.OutNotice{ID: 1, Kind: string(at.kind)}, accounts, bot.Post{})
		var off *river.JobSnoozeError
		if errors.As(err, &off) != (at.off > 0) || off != nil && off.Duration != at.off || where != at.where || !slices.Equal(asked, at.asked) {
			t.Errorf("%s, %v, %v: asked %v, %q, %v", at.kind, at.first, at.second, asked, where, err)
		}
	}
}
