package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who the server runs as.
type account struct {
	uid, gid int
	other    bool // not ourselves: PostgreSQL refuses to run as root, so root lends it another name
}

// chooseAccount is ourselves, unless we are root: then whoever the data belongs to already, else "postgres", else "nobody".
func chooseAccount(home string) (account, error) {
	self := account{uid: os.Geteuid(), gid: os.Getegid()}
	if self.uid != 0 {
		return self, nil
	}
	if home != "" {
		if uid, gid, err := owner(filepath.Join(home, "data")); err == nil && uid != 0 {
			return account{uid: uid, gid: gid, other: true}, nil
		}
	}
	for _, name := range []string{superuser, "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, errUID := strconv.Atoi(u.Uid)
		gid, errGID := strconv.Atoi(u.Gid)
		if errUID == nil && errGID == nil && uid != 0 {
			return account{uid: uid, gid: gid, other: true}, nil
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and this machine has neither a user \"postgres\" nor \"nobody\": start as an ordinary user")
}

func owner(path string) (uid, gid int, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, 0, err
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, fmt.Errorf("the owner of %s is unknown", path)
	}
	return int(st.Uid), int(st.Gid), nil
}

// give makes the account the owner of a file.
func (a account) give(path string) error {
	if !a.other {
		return nil
	}
	return os.Lchown(path, a.uid, a.gid)
}

// closedAt is the first folder on the way to path, itself included, that the account may not enter; "" if it may enter
// all. Root may enter everything, so this is asked for the account that root lends.
func (a account) closedAt(path string) string {
	if !a.other {
		return ""
	}
	up := filepath.Dir(path)
	if up != path {
		if closed := a.closedAt(up); closed != "" {
			return closed
		}
	}
	info, err := os.Stat(path)
	if err != nil {
		return "" // not there yet: we make it, and make it open to the account
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	enter := os.FileMode(0o001)
	switch {
	case int(st.Uid) == a.uid:
		enter = 0o100
	case int(st.Gid) == a.gid:
		enter = 0o010
	}
	if info.Mode()&enter == 0 {
		return path
	}
	return ""
}
