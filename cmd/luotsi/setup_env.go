package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
)

// envFile is an environment file: NAME=value lines as systemd, a shell and containers read them. Lines it does not know stay.
type envFile struct {
	path    string
	lines   []string
	changed bool // by set, since it was opened
	wasOpen bool // others than the owner could read it
	old     os.FileInfo
}

// openEnvFile reads the file; one that is not there is empty. A file that others may read is closed to them at once.
func openEnvFile(path string) (*envFile, error) {
	e := &envFile{path: path}
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		e.lines = []string{`# Written by "luotsi setup mattermost". It holds secrets: nobody but its owner may read it.`}
		return e, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the environment file: %w", err)
	}
	if e.old, err = os.Stat(path); err != nil {
		return nil, fmt.Errorf("reading the environment file: %w", err)
	}
	if e.old.Mode().Perm()&0o077 != 0 {
		e.wasOpen = true
		if err := os.Chmod(path, 0o600); err != nil {
			return nil, fmt.Errorf("closing the environment file: %w", err)
		}
	}
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		e.lines = append(e.lines, s.Text())
	}
	return e, nil
}

// values are what the file sets.
func (e *envFile) values() map[string]string {
	values := map[string]string{}
	for _, line := range e.lines {
		name, value, ok := strings.Cut(strings.TrimSpace(line), "=")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		if n := len(value); n >= 2 && (value[0] == '\'' || value[0] == '"') && value[n-1] == value[0] {
			value = value[1 : n-1]
		}
		values[strings.TrimSpace(name)] = value
	}
	return values
}

// plainValue is what needs no quotes in any reader of such files.
var plainValue = regexp.MustCompile(`^[A-Za-z0-9_./:@,%+=-]*$`)

// set writes a value into the file, at once and whole. What is so already is not written.
func (e *envFile) set(name, value string) error {
	if now, ok := e.values()[name]; ok && now == value {
		return nil
	}
	if !plainValue.MatchString(value) {
		return fmt.Errorf("writing the environment file: %s has characters that cannot stand there", name)
	}
	mine := func(line string) bool { return strings.HasPrefix(strings.TrimSpace(line), name+"=") }
	if i := slices.IndexFunc(e.lines, mine); i >= 0 {
		e.lines[i] = name + "=" + value
	} else {
		e.lines = append(e.lines, name+"="+value)
	}
	e.changed = true
	if err := e.write(); err != nil {
		return fmt.Errorf("writing the environment file: %w", err)
	}
	return nil
}

// write replaces the file by a rename, so that it is never there by half, and keeps its owner.
func (e *envFile) write() (err error) {
	half, err := os.CreateTemp(filepath.Dir(e.path), ".luotsi-env-*") // made with the mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(half.Name()))
		}
	}()
	_, err = half.WriteString(strings.Join(e.lines, "\n") + "\n")
	if err := errors.Join(err, half.Sync(), half.Close()); err != nil {
		return err
	}
	if e.old != nil {
		if was, ok := e.old.Sys().(*syscall.Stat_t); ok && int(was.Uid) != os.Geteuid() {
			if err := os.Chown(half.Name(), int(was.Uid), int(was.Gid)); err != nil {
				return err
			}
		}
	}
	return os.Rename(half.Name(), e.path)
}
