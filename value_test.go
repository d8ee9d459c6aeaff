package spikelane_test

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A number that was computed becomes an option through snn.Num alone: converted
// to snn.Value, or computed as one, a zero would mean the default.
func TestComputedOptionsAreNums(t *testing.T) {
	checked := 0
	for _, p := range typed(t) {
		inspect(p, func(file string, what string) {
			require.Fail(t, "a computed snn.Value", "%s: %s: say snn.Num", file, what)
		})
		checked++
	}
	require.Greater(t, checked, 15)
}

// The check finds what it forbids.
func TestComputedOptionsAreFound(t *testing.T) {
	src := `package p
type Value float32
func Num(v float32) Value { if v == 0 { return 1 }; return Value(v) }
const half = 0.5
var fine = []Value{1, Value(half), -0.5 * 2, Num(1), Value(-half)}
func bad(v Value, x float32) []Value { return []Value{Value(x), v - 1, -v, 2 * v} }
`
	set := token.NewFileSet()
	f, err := parser.ParseFile(set, "p.go", src, 0)
	require.NoError(t, err)
	info := newInfo()
	pkg, err := (&types.Config{}).Check(module+"/snn", set, []*ast.File{f}, info)
	require.NoError(t, err)
	var found []string
	inspect(typedPackage{set, pkg, info, []*ast.File{f}}, func(_, what string) { found = append(found, what) })
	require.Equal(t, []string{"Value(x)", "v - 1", "-v", "2 * v"}, found)
}

type typedPackage struct {
	set   *token.FileSet
	pkg   *types.Package
	info  *types.Info
	files []*ast.File
}

func newInfo() *types.Info {
	return &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}
}

// inspect reports conversions of what is no constant to snn.Value, and
// arithmetic with one.
func inspect(p typedPackage, report func(place, what string)) {
	isValue := func(e ast.Expr) bool {
		n, ok := p.info.Types[e].Type.(*types.Named)
		return ok && n.Obj().Name() == "Value" && n.Obj().Pkg().Path() == module+"/snn"
	}
	found := func(e ast.Expr) { report(p.set.Position(e.Pos()).String(), types.ExprString(e)) }
	for _, f := range p.files {
		ast.Inspect(f, func(n ast.Node) bool {
			if d, ok := n.(*ast.FuncDecl); ok && d.Recv == nil && d.Name.Name == "Num" && p.pkg.Path() == module+"/snn" {
				return false
			}
			e, ok := n.(ast.Expr)
			if !ok || p.info.Types[e].Type == nil || p.info.Types[e].Value != nil || !isValue(e) {
				return true
			}
			switch e := e.(type) {
			case *ast.CallExpr:
				if p.info.Types[e.Fun].IsType() {
					found(e)
				}
			case *ast.BinaryExpr, *ast.UnaryExpr:
				if u, ok := e.(*ast.UnaryExpr); !ok || u.Op != token.AND {
					found(e)
				}
			}
			return true
		})
	}
}

// typed are the packages of the module that may name snn.Value.
func typed(t *testing.T) (all []typedPackage) {
	t.Helper()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("there is no go command here")
	}
	type listed struct {
		ImportPath, Dir, Export string
		GoFiles, Imports        []string
	}
	out, err := exec.Command("go", "list", "-export", "-deps", "-json=ImportPath,Dir,Export,GoFiles,Imports", "work").Output()
	require.NoError(t, err)
	exports := map[string]string{}
	var own []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			break
		} else {
			require.NoError(t, err)
		}
		exports[p.ImportPath] = p.Export
		if p.ImportPath == module+"/snn" || strings.HasPrefix(p.ImportPath, module) && slices.Contains(p.Imports, module+"/snn") {
			own = append(own, p)
		}
	}
	for _, p := range own {
		set := token.NewFileSet()
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(set, filepath.Join(p.Dir, name), nil, 0)
			require.NoError(t, err)
			files = append(files, f)
		}
		lookup := func(path string) (io.ReadCloser, error) {
			if exports[path] == "" {
				return nil, fmt.Errorf("no export data of %s", path)
			}
			return os.Open(exports[path])
		}
		info := newInfo()
		pkg, err := (&types.Config{Importer: importer.ForCompiler(set, "gc", lookup)}).Check(p.ImportPath, set, files, info)
		require.NoError(t, err)
		all = append(all, typedPackage{set, pkg, info, files})
	}
	return all
}
