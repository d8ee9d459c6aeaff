package spikelane_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// public calls f with every file of every package that users import, tests
// aside.
func public(t *testing.T, f func(room string, set *token.FileSet, file *ast.File)) {
	t.Helper()
	for _, r := range rooms {
		if strings.Contains(r.name, "internal/") {
			continue
		}
		set := token.NewFileSet()
		paths, err := filepath.Glob(filepath.Join(r.name, "*.go"))
		require.NoError(t, err)
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(set, path, nil, parser.ParseComments)
			require.NoError(t, err)
			f(r.name, set, file)
		}
	}
}

// Every exported identifier has a doc comment that begins with its name.
func TestExportedNamesAreDocumented(t *testing.T) {
	if _, err := os.Stat("simd"); err != nil {
		t.Skip("the sources are not here")
	}
	checked := 0
	public(t, func(room string, set *token.FileSet, file *ast.File) {
		for _, what := range undocumented(file) {
			t.Errorf("%s: %s has no doc comment that begins with its name", set.Position(what.Pos()), what.Name)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok && id.IsExported() {
				checked++
			}
			return true
		})
	})
	require.Greater(t, checked, 1000)
}

// undocumented are the exported names at the top of a file without a doc comment
// that begins with the name. Names in a group, of constants or variables, have
// one of their own or that of the group and a remark behind.
func undocumented(file *ast.File) (found []*ast.Ident) {
	want := func(id *ast.Ident, doc *ast.CommentGroup) {
		if id.IsExported() && !begins(doc, id.Name) {
			found = append(found, id)
		}
	}
	for _, d := range file.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || ast.IsExported(receiver(d)) {
				want(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Doc == nil {
						s.Doc = d.Doc
					}
					want(s.Name, s.Doc)
				case *ast.ValueSpec:
					grouped := d.Lparen.IsValid() && d.Doc != nil && (s.Comment != nil || s.Doc != nil)
					for _, id := range s.Names {
						if grouped {
							continue
						}
						if s.Doc == nil {
							s.Doc = d.Doc
						}
						want(id, s.Doc)
					}
				}
			}
		}
	}
	return found
}

func begins(doc *ast.CommentGroup, name string) bool {
	return doc != nil && regexp.MustCompile(`^`+name+`\b`).MatchString(doc.Text())
}

// receiver is the type that a method is of.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if p, ok := t.(*ast.StarExpr); ok {
		t = p.X
	}
	if g, ok := t.(*ast.IndexExpr); ok {
		t = g.X
	}
	if id, ok := t.(*ast.Ident); ok {
		return id.Name
	}
	return ""
}

// The check finds what it wants.
func TestUndocumentedNamesAreFound(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "p.go", `package p
// A is fine.
type A int
// Wrong begins.
func B() {}
func (A) C() {}
func (a) D() {}
type a int
var E = 1
// F is fine.
func (*A) F() {}
`, parser.ParseComments)
	require.NoError(t, err)
	var names []string
	for _, id := range undocumented(file) {
		names = append(names, id.Name)
	}
	require.Equal(t, []string{"B", "C", "E"}, names)
}

// Every constant of an enumeration, a type of numbers with several of them,
// begins with the name of the type, or with it less a last Kind.
func TestConstantsCarryTheirType(t *testing.T) {
	checked := 0
	public(t, func(room string, set *token.FileSet, file *ast.File) {
		for _, d := range file.Decls {
			group, ok := d.(*ast.GenDecl)
			if !ok || group.Tok != token.CONST || len(group.Specs) < 2 {
				continue
			}
			typed := ""
			for _, spec := range group.Specs {
				s := spec.(*ast.ValueSpec)
				if id, ok := s.Type.(*ast.Ident); ok {
					typed = id.Name
				} else if len(s.Values) > 0 {
					typed = ""
				}
				if !ast.IsExported(typed) {
					continue
				}
				for _, id := range s.Names {
					if id.IsExported() {
						require.True(t, strings.HasPrefix(id.Name, strings.TrimSuffix(typed, "Kind")), "%s: %s is a %s", set.Position(id.Pos()), id.Name, typed)
						checked++
					}
				}
			}
		}
	})
	require.Greater(t, checked, 60)
}

// ARCHITECTURE.md names every room, by a link to it.
func TestArchitectureNamesEveryRoom(t *testing.T) {
	text, err := os.ReadFile("ARCHITECTURE.md")
	require.NoError(t, err)
	listed := map[string]bool{}
	for _, m := range regexp.MustCompile("\\[`([a-z0-9/]+)`\\]\\(([a-z0-9/]+)\\)").FindAllStringSubmatch(string(text), -1) {
		require.Equal(t, m[1], m[2])
		listed[m[1]] = true
	}
	for _, r := range rooms {
		require.True(t, listed[r.name], "%s is not in ARCHITECTURE.md", r.name)
		delete(listed, r.name)
	}
	for name := range listed { // the workshops
		info, err := fs.Stat(os.DirFS("."), name)
		require.NoError(t, err, name)
		require.True(t, info.IsDir(), name)
	}
}

// Every public package has an example, and so have the types that are used most.
func TestPackagesHaveExamples(t *testing.T) {
	want := map[string]string{
		"forward": "Graph Model_ State Spec Tape", "snn": "Linear Conv2d LIF Equations", "surrogate": "Func", "tensor": "Spikes", "train": "Config Trainer CrossEntropy",
	}
	for _, r := range rooms {
		if strings.Contains(r.name, "internal/") {
			continue
		}
		paths, err := filepath.Glob(filepath.Join(r.name, "*_test.go"))
		require.NoError(t, err)
		var all strings.Builder
		for _, path := range paths {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			all.Write(text)
		}
		require.Contains(t, all.String(), "\nfunc Example", r.name)
		for _, name := range strings.Fields(want[r.name]) {
			require.Contains(t, all.String(), "\nfunc Example"+name, r.name)
		}
	}
}
