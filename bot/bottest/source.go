package bottest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Source is a package's own code without its tests, as a test of texts looks at it.
type Source struct{ files []*ast.File }

// ReadSource parses the package in the folder.
func ReadSource(t *testing.T, dir string) Source {
	t.Helper()
	names, err := fs.Glob(os.DirFS(dir), "*.go")
	if err != nil {
		t.Fatal(err)
	}
	var s Source
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), filepath.Join(dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		s.files = append(s.files, file)
	}
	return s
}

// Said is an argument that names a sentence: whole, or the beginning of its id when the rest is added as the program runs.
type Said struct {
	Text   string
	Begins bool
	Data   []string // keys of the values written in the same call; nil when none are
	Known  bool     // Data is all the values there are
}

// Calls lists the named functions' or methods' i-th argument wherever it is a literal, begins with one, or is a variable of the
// same function that was given literals. Data is read from the argument after it.
func (s Source) Calls(i int, names ...string) []Said {
	var all []Said
	for _, file := range s.files {
		for _, decl := range file.Decls {
			given := literalsGiven(decl)
			ast.Inspect(decl, func(n ast.Node) bool {
				call, ok := n.(*ast.CallExpr)
				if ok && len(call.Args) > i && has(names, nameOf(call.Fun)) {
					for _, said := range saidBy(call.Args[i], given) {
						said.Data, said.Known = dataOf(call.Args[i+1:])
						all = append(all, said)
					}
				}
				return true
			})
		}
	}
	return all
}

func has(names []string, name string) bool {
	for _, n := range names {
		if n == name {
			return true
		}
	}
	return false
}

func nameOf(fun ast.Expr) string {
	switch f := fun.(type) {
	case *ast.Ident:
		return f.Name
	case *ast.SelectorExpr:
		return f.Sel.Name
	case *ast.IndexExpr:
		return nameOf(f.X)
	}
	return ""
}

func saidBy(arg ast.Expr, given map[string][]string) []Said {
	switch a := arg.(type) {
	case *ast.BasicLit:
		if text, err := strconv.Unquote(a.Value); err == nil && a.Kind == token.STRING {
			return []Said{{Text: text}}
		}
	case *ast.Ident:
		var all []Said
		for _, text := range given[a.Name] {
			all = append(all, Said{Text: text})
		}
		return all
	case *ast.BinaryExpr:
		begin := saidBy(a.X, nil)
		for i := range begin {
			begin[i].Begins = true
		}
		return begin
	}
	return nil
}

// literalsGiven finds which literals the variables within a declaration are given.
func literalsGiven(decl ast.Decl) map[string][]string {
	given := map[string][]string{}
	ast.Inspect(decl, func(n ast.Node) bool {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != len(assign.Rhs) {
			return true
		}
		for i, to := range assign.Lhs {
			name, ok := to.(*ast.Ident)
			lit, isLit := assign.Rhs[i].(*ast.BasicLit)
			if !ok || !isLit || lit.Kind != token.STRING {
				continue
			}
			if text, err := strconv.Unquote(lit.Value); err == nil {
				given[name.Name] = append(given[name.Name], text)
			}
		}
		return true
	})
	return given
}

func dataOf(rest []ast.Expr) (keys []string, known bool) {
	if len(rest) == 0 {
		return nil, true
	}
	if name, ok := rest[0].(*ast.Ident); ok && name.Name == "nil" {
		return nil, true
	}
	data, ok := rest[0].(*ast.CompositeLit)
	if !ok {
		return nil, false
	}
	for _, e := range data.Elts {
		if pair, ok := e.(*ast.KeyValueExpr); ok {
			for _, said := range saidBy(pair.Key, nil) {
				keys = append(keys, said.Text)
			}
		}
	}
	return keys, true
}

// Constants lists the values of the package's string constants of the type.
func (s Source) Constants(typeName string) []string {
	var values []string
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Type == nil || nameOf(spec.Type) != typeName {
				return true
			}
			for _, v := range spec.Values {
				for _, said := range saidBy(v, nil) {
					values = append(values, said.Text)
				}
			}
			return true
		})
	}
	return values
}

// Values lists the string literals that composite literals of the package give to the field.
func (s Source) Values(field string) []string {
	var values []string
	for _, file := range s.files {
		ast.Inspect(file, func(n ast.Node) bool {
			if pair, ok := n.(*ast.KeyValueExpr); ok && nameOf(pair.Key) == field {
				for _, said := range saidBy(pair.Value, nil) {
					values = append(values, said.Text)
				}
			}
			return true
		})
	}
	return values
}
