package embedded

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// install makes empty programs in a folder below root and returns the folder.
func install(t *testing.T, root, dir string, names ...string) string {
	t.Helper()
	path := filepath.Join(root, dir)
	if err := os.MkdirAll(path, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, n := range names {
		if err := os.WriteFile(filepath.Join(path, n), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return path
}

func TestFindBinaries(t *testing.T) {
	root, err := filepath.EvalSymlinks(place(t))
	if err != nil {
		t.Fatal(err)
	}
	all := []string{"postgres", "initdb", "pg_ctl"}
	old := install(t, root, "lib/9.6/bin", all...)
	mid := install(t, root, "lib/15/bin", all...)
	high := install(t, root, "lib/17/bin", all...)
	client := install(t, root, "lib/18/bin", "psql")
	own := install(t, root, "own", all...)
	links := install(t, root, "links")
	for _, n := range all {
		if err := os.Symlink(filepath.Join(mid, n), filepath.Join(links, n)); err != nil {
			t.Fatal(err)
		}
	}
	lib := []string{filepath.Join(root, "lib/*/bin")}
	tests := []struct {
		name, path string
		patterns   []string
		want       []string
	}{
		{"nothing", "", nil, nil},
		{"client only", client, nil, nil},
		{"relative path", "own", nil, nil},
		{"highest version first", "", lib, []string{high, mid, old}},
		{"search path first", client + ":" + own, lib, []string{own, high, mid, old}},
		{"links lead to the real folder", links, lib, []string{mid, high, old}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := findBinaries(tt.path, tt.patterns); !slices.Equal(got, tt.want) {
				t.Errorf("found %v, want %v", got, tt.want)
			}
		})
	}
}

func TestMissingBinariesSayWhatToInstall(t *testing.T) {
	for _, command := range []string{"apt-get install postgresql", "brew install postgresql"} {
		if !strings.Contains(ErrNoBinaries.Error(), command) {
			t.Errorf("%q does not tell %q", ErrNoBinaries, command)
		}
	}
	dir, err := FindBinaries()
	if err != nil {
		t.Fatal(err)
	}
	if !filepath.IsAbs(dir) || !program(dir, "postgres") {
		t.Errorf("found %q, which has no server", dir)
	}
	if _, err := binariesFor(filepath.Join(dir, "no-data-here")); errors.Is(err, ErrNoBinaries) {
		t.Error(err)
	}
}
