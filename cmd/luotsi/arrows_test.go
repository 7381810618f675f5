package main_test

import (
	"bytes"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
)

const module = "luotsi"

// arrows are the imports that the house allows: who may import which of our own packages. A package takes the first line
// that fits it, and one that no line fits has no place in the house. Test files are exempt.
var arrows = []struct {
	from string // a folder, or a pattern of path.Match
	to   []string
}{
	{"cmd/luotsi", []string{"*", "*/*"}},
	{"commands", []string{"bot", "commands/casework"}},
	{"commands/casework", nil},
	{"store", []string{"commands/casework"}},
	{"store/storetest", []string{"store/embedded"}}, // needs a server; must not need store, whose tests need it
	{"store/*", []string{"store", "commands/casework"}},
	{"bot", nil},
	{"bot/sandbox", []string{"bot", "bot/page"}},                      // its dialogs are the pages' own forms
	{"bot/mattermost/mattermosttest", []string{"bot", "bot/bottest"}}, // a server for tests; must not know the adapter
	{"bot/*", []string{"bot"}},
}

// pure packages import nothing but the standard library, and of that nothing which reaches outside: the same case and the
// same instant always give the same answer.
var (
	pure   = []string{"commands/casework"}
	impure = []string{"database/*", "io/ioutil", "log", "log/*", "math/rand", "math/rand/*", "crypto/rand", "net", "net/*", "os", "os/*", "syscall"}
	clocks = []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTicker", "NewTimer"} // of package time
)

const (
	fileLimit     = 300 // lines
	functionLimit = 50  // lines, from func to the closing brace
)

// oversize lists what may be longer, each with its reason: "file.go" or "file.go Function".
var oversize = map[string]string{}

func TestArrows(t *testing.T) {
	for _, f := range findings(t, os.DirFS("../..")) {
		t.Error(f)
	}
}

// TestArrowsCatch holds small wrong houses against the rules, because a check that finds nothing may be one that looks at nothing.
func TestArrowsCatch(t *testing.T) {
	long := "package store\n" + strings.Repeat("\n", fileLimit)
	longFunc := "package store\n\nfunc f() {\n" + strings.Repeat("\n", functionLimit) + "}\n"
	tests := []struct{ name, file, source, want string }{
		{"allowed", "commands/a.go", `package commands; import _ "luotsi/bot"`, ""},
		{"third party", "store/a.go", `package store; import _ "github.com/lib/pq"`, ""},
		{"wiring", "cmd/luotsi/a.go", `package main; import (_ "luotsi/store"; _ "luotsi/bot/page")`, ""},
		{"test files are exempt", "bot/a_test.go", `package bot; import _ "luotsi/store"`, ""},
		{"data is no code", "store/testdata/a.go", `package nonsense; import _ "luotsi/bot"`, ""},
		{"port to state", "bot/a.go", `package bot; import _ "luotsi/store"`, "bot may not import luotsi/store"},
		{"state to acts", "store/a.go", `package store; import _ "luotsi/commands"`, "store may not import luotsi/commands"},
		{"chat to chat", "bot/slack/a.go", `package slack; import _ "luotsi/bot/mattermost"`, "bot/slack may not import luotsi/bot/mattermost"},
		{"under a build tag", "bot/a.go", "//go:build plan9\n\npackage bot\n\nimport _ \"luotsi/store\"", "bot may not import luotsi/store"},
		{"test ground in the program", "store/a.go", `package store; import _ "luotsi/store/storetest"`, "store may not import luotsi/store/storetest"},
		{"no place", "helpers/a.go", `package helpers`, "helpers has no place in the house"},
		{"rules with a library", "commands/casework/a.go", `package casework; import _ "github.com/lib/pq"`, "only the standard library"},
		{"rules with a network", "commands/casework/a.go", `package casework; import _ "net/http"`, "reaches outside"},
		{"rules with chance", "commands/casework/a.go", `package casework; import _ "math/rand/v2"`, "reaches outside"},
		{"rules with a clock", "commands/casework/a.go", "package casework\n\nimport \"time\"\n\nvar x = time.Now()", "reads the clock: time.Now"},
		{"rules with dates", "commands/casework/a.go", "package casework\n\nimport \"time\"\n\nvar x = time.Unix(0, 0)", ""},
		{"long file", "store/a.go", long, "store/a.go has 301 lines"},
		{"long function", "store/a.go", longFunc, "f in store/a.go has 52 lines"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := findings(t, fstest.MapFS{tt.file: {Data: []byte(tt.source)}})
			if tt.want == "" && len(got) > 0 || tt.want != "" && (len(got) != 1 || !strings.Contains(got[0], tt.want)) {
				t.Errorf("found %q, want %q", got, tt.want)
			}
		})
	}
}

// findings are all breaches of the rules above in a tree.
func findings(t *testing.T, tree fs.FS) (found []string) {
	t.Helper()
	used := map[string]bool{}
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(name)
		if d.IsDir() && name != "." && (strings.HasPrefix(base, ".") || strings.HasPrefix(base, "_") || base == "testdata") {
			return fs.SkipDir
		}
		if d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		source, err := fs.ReadFile(tree, name)
		if err != nil {
			return err
		}
		files := token.NewFileSet()
		file, err := parser.ParseFile(files, name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found = append(found, wrongImports(path.Dir(name), name, file)...)
		found = append(found, tooLong(name, source, files, file, used)...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, whole := tree.(fstest.MapFS); !whole {
		for name := range oversize {
			if !used[name] {
				found = append(found, fmt.Sprintf("%s is short enough now: take it off the list", name))
			}
		}
	}
	return found
}

func wrongImports(dir, name string, file *ast.File) (found []string) {
	to, placed := allowed(dir)
	if !placed {
		return []string{fmt.Sprintf("%s: %s has no place in the house: draw its arrows first", name, dir)}
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			found = append(found, err.Error())
			continue
		}
		own, ours := strings.CutPrefix(imported, module+"/")
		first, _, _ := strings.Cut(imported, "/")
		switch {
		case ours && !matches(to, own):
			found = append(found, fmt.Sprintf("%s: %s may not import %s", name, dir, imported))
		case slices.Contains(pure, dir) && strings.Contains(first, "."):
			found = append(found, fmt.Sprintf("%s: %s may import only the standard library, not %s", name, dir, imported))
		case slices.Contains(pure, dir) && matches(impure, imported):
			found = append(found, fmt.Sprintf("%s: %s reaches outside with %s", name, dir, imported))
		}
	}
	if slices.Contains(pure, dir) {
		found = append(found, clockReadings(name, file)...)
	}
	return found
}

func allowed(dir string) (to []string, placed bool) {
	for _, a := range arrows {
		if matches([]string{a.from}, dir) {
			return a.to, true
		}
	}
	return nil, false
}

func matches(patterns []string, name string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, err := path.Match(p, name)
		return ok && err == nil
	})
}

func clockReadings(name string, file *ast.File) (found []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if of, ok := call.X.(*ast.Ident); ok && of.Name == "time" && slices.Contains(clocks, call.Sel.Name) {
			found = append(found, fmt.Sprintf("%s reads the clock: time.%s", name, call.Sel.Name))
		}
		return true
	})
	return found
}

// tooLong compares sizes with the limits and notes in used which exceptions were needed.
func tooLong(name string, source []byte, files *token.FileSet, file *ast.File, used map[string]bool) (found []string) {
	excused := func(what string) bool {
		_, listed := oversize[what]
		used[what] = listed
		return listed
	}
	if n := bytes.Count(source, []byte("\n")); n > fileLimit && !excused(name) {
		found = append(found, fmt.Sprintf("%s has %d lines, the limit is %d", name, n, fileLimit))
	}
	for _, d := range file.Decls {
		f, ok := d.(*ast.FuncDecl)
		if !ok {
			continue
		}
		n := files.Position(f.End()).Line - files.Position(f.Pos()).Line + 1
		if n > functionLimit && !excused(name+" "+f.Name.Name) {
			found = append(found, fmt.Sprintf("%s in %s has %d lines, the limit is %d", f.Name.Name, name, n, functionLimit))
		}
	}
	return found
}
