package embedded

import (
	"errors"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// process is a child that dies with us.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the child has ended
	err  error         // how it ended; to be read after done
}

// launch starts a child. The kernel sends the death signal when the *thread* that made the child ends, not the process,
// so one thread is set aside for making the child and waiting for it.
func launch(cmd *exec.Cmd) (*process, error) {
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		defer close(p.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			p.err = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// ended reports whether the child is gone.
func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// end stops the child, if need be by ever ruder means, and returns when it is gone; how it ended is in err then.
func (p *process) end() error {
	for _, e := range endings {
		if p.ended() {
			return nil
		}
		_ = p.cmd.Process.Signal(e.signal) // fails only if the child has just ended
		timer := time.NewTimer(e.wait)
		select {
		case <-p.done:
		case <-timer.C:
		}
		timer.Stop()
	}
	if !p.ended() {
		return errors.New("PostgreSQL does not end, not even when killed")
	}
	return nil
}

// attributes makes a child run as the given account, outside our process group (so that Ctrl-C reaches us alone and we
// end the server after our own work with it), and die when we die.
func attributes(acc account) *syscall.SysProcAttr {
	attr := &syscall.SysProcAttr{Setpgid: true}
	if acc.other {
		attr.Credential = &syscall.Credential{Uid: uint32(acc.uid), Gid: uint32(acc.gid)}
	}
	dieWithParent(attr)
	return attr
}
