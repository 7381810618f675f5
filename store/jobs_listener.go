package store

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strings"
	"sync"

	"github.com/lib/pq"
	"github.com/riverqueue/river/riverdriver"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
)

// jobSchema is where River's tables lie, and the first part of the names of its notification channels.
const jobSchema = "public"

// jobDriver is River's driver for database/sql with what that one lacks: hearing of new jobs at once instead of polling.
// All five of River's modules are pinned to one version, as this leans on an interface it calls unstable.
type jobDriver struct {
	*riverdatabasesql.Driver
	url string
}

func newDriver(db *sql.DB, url string) *jobDriver {
	return &jobDriver{Driver: riverdatabasesql.New(db), url: url}
}

// SupportsListener says that notifications can be heard.
func (d *jobDriver) SupportsListener() bool { return d.url != "" }

// GetListener gives a listener that has not been connected.
func (d *jobDriver) GetListener(*riverdriver.GetListenenerParams) riverdriver.Listener {
	return &listener{url: d.url}
}

// listener hears notifications on a connection of its own.
type listener struct {
	url string

	mu    sync.Mutex
	conn  *pq.ListenerConn
	heard chan *pq.Notification
}

var errNotListening = errors.New("not connected for notifications")

// Connect opens the connection; what was heard on an earlier one is forgotten.
func (l *listener) Connect(context.Context) error {
	heard := make(chan *pq.Notification, 1024)
	conn, err := pq.NewListenerConn(l.url, heard)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.conn, l.heard = conn, heard
	return nil
}

// Close ends the connection; a repeated call does nothing.
func (l *listener) Close(context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return nil
	}
	conn, heard := l.conn, l.heard
	l.conn, l.heard = nil, nil
	_ = conn.Close()  // fails only if it was closed already
	for range heard { // until its reader has gone: it must not be left waiting for us
	}
	return nil
}

func (l *listener) current() (*pq.ListenerConn, chan *pq.Notification, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.conn == nil {
		return nil, nil, errNotListening
	}
	return l.conn, l.heard, nil
}

// Listen begins to hear a topic.
func (l *listener) Listen(_ context.Context, topic string) error {
	conn, _, err := l.current()
	if err == nil {
		_, err = conn.Listen(jobSchema + "." + topic)
	}
	return err
}

// Unlisten ends hearing a topic.
func (l *listener) Unlisten(_ context.Context, topic string) error {
	conn, _, err := l.current()
	if err == nil {
		_, err = conn.Unlisten(jobSchema + "." + topic)
	}
	return err
}

// Ping asks whether the connection lives.
func (l *listener) Ping(context.Context) error {
	conn, _, err := l.current()
	if err == nil {
		_, err = conn.ExecSimpleQuery("") // conn.Ping panics when the server says it is going down
	}
	return err
}

// WaitForNotification returns the next notification, or an error when the connection or the context has ended.
func (l *listener) WaitForNotification(ctx context.Context) (*riverdriver.Notification, error) {
	conn, heard, err := l.current()
	if err != nil {
		return nil, err
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case n, ok := <-heard:
		if !ok {
			return nil, errors.Join(errNotListening, conn.Err())
		}
		return &riverdriver.Notification{Topic: strings.TrimPrefix(n.Channel, jobSchema+"."), Payload: n.Extra}, nil
	}
}

// Schema is the first part of the topics' names.
func (l *listener) Schema() string { return jobSchema }

// SetAfterConnectExec is for River's own tests only.
func (l *listener) SetAfterConnectExec(string) {}

// quiet is a logger that says nothing.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
