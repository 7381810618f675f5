package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ErrNoBinaries means that PostgreSQL is not installed on this machine; its text says what to install.
var ErrNoBinaries = errors.New("PostgreSQL's programs are not on this machine: " +
	"install them with \"apt-get install postgresql\" (Debian, Ubuntu) or \"brew install postgresql\" (macOS)")

// places are where installers put the programs, besides the search path. Each may hold several versions.
var places = []string{
	"/usr/lib/postgresql/*/bin",                          // Debian, Ubuntu
	"/usr/pgsql-*/bin",                                   // Red Hat, SUSE
	"/opt/homebrew/opt/postgresql*/bin",                  // Homebrew on Apple silicon
	"/usr/local/opt/postgresql*/bin",                     // Homebrew on Intel
	"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",     // Homebrew on Linux
	"/Applications/Postgres.app/Contents/Versions/*/bin", // Postgres.app
}

// FindBinaries returns the folder that holds PostgreSQL's server programs: the one on the search path, else the highest
// version found where installers put them. ErrNoBinaries if there is none.
func FindBinaries() (dir string, err error) {
	dirs := findBinaries(os.Getenv("PATH"), places)
	if len(dirs) == 0 {
		return "", ErrNoBinaries
	}
	return dirs[0], nil
}

// findBinaries lists every folder with server programs, the best first.
func findBinaries(path string, patterns []string) []string {
	dirs := filepath.SplitList(path)
	var installed []string
	for _, p := range patterns {
		matches, _ := filepath.Glob(p) // fails only on a malformed pattern
		installed = append(installed, matches...)
	}
	slices.SortStableFunc(installed, func(a, b string) int { return versionIn(b) - versionIn(a) })
	var found []string
	for _, d := range append(dirs, installed...) {
		// A link on the search path stands for one program; the others (pg_dump) are beside what it points to.
		if real, err := filepath.EvalSymlinks(filepath.Join(d, "postgres")); err == nil {
			d = filepath.Dir(real)
		}
		if filepath.IsAbs(d) && program(d, "postgres") && program(d, "initdb") && program(d, "pg_ctl") && !slices.Contains(found, d) {
			found = append(found, d)
		}
	}
	return found
}

func program(dir, name string) bool {
	info, err := os.Stat(filepath.Join(dir, name))
	return err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0
}

var number = regexp.MustCompile(`\d+`)

// versionIn is the version in a folder's name ("/usr/lib/postgresql/15/bin" is 15), 0 where the name tells none.
func versionIn(dir string) int {
	n, _ := strconv.Atoi(number.FindString(filepath.Base(filepath.Dir(dir))))
	return n
}

// binariesFor chooses the programs for a cluster: those of the version that made its data, if there is data.
func binariesFor(data string) (string, error) {
	dirs := findBinaries(os.Getenv("PATH"), places)
	if len(dirs) == 0 {
		return "", ErrNoBinaries
	}
	made, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return dirs[0], nil
	}
	if err != nil {
		return "", err
	}
	want := strings.TrimSpace(string(made))
	for _, d := range dirs {
		if majorOf(d) == want {
			return d, nil
		}
	}
	return "", fmt.Errorf("the data was made by PostgreSQL %s, which is not on this machine: install that version or choose another folder", want)
}

// majorOf asks the server program itself for its major version; folder names may lie. "" when it does not say.
func majorOf(dir string) string {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, filepath.Join(dir, "postgres"), "--version").Output()
	if err != nil {
		return ""
	}
	return number.FindString(string(out))
}
