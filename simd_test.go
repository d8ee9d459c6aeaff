package spikelane_test

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// function is an exported function or method.
type function struct {
	name   string // TYPE.NAME of a method
	params int
}

// exported lists the exported functions of a room on this target, each once.
func exported(t *testing.T, room string) []function {
	t.Helper()
	seen := map[string]int{}
	var names []function
	for _, path := range goFiles(t, room) {
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		require.NoError(t, err)
		for _, d := range f.Decls {
			d, ok := d.(*ast.FuncDecl)
			if !ok || !d.Name.IsExported() {
				continue
			}
			name := d.Name.Name
			if d.Recv != nil {
				of := d.Recv.List[0].Type
				if star, ok := of.(*ast.StarExpr); ok {
					of = star.X
				}
				if !of.(*ast.Ident).IsExported() {
					continue
				}
				name = of.(*ast.Ident).Name + "." + name
			}
			if seen[name]++; seen[name] == 1 {
				names = append(names, function{name, d.Type.Params.NumFields()})
			}
		}
	}
	return names
}

// goFiles are the files of a room that are no tests.
func goFiles(t *testing.T, room string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(room, "*.go"))
	require.NoError(t, err)
	var files []string
	for _, path := range all {
		if !strings.HasSuffix(path, "_test.go") {
			files = append(files, path)
		}
	}
	require.NotEmpty(t, files)
	return files
}

// lines of some files.
func lines(t *testing.T, files []string) int {
	t.Helper()
	n := 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		n += bytes.Count(text, []byte("\n"))
	}
	return n
}

// The assembly, and what is exported of it, stays what people can look through.
func TestSimdStaysSmall(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("there are no files here")
	}
	assembly, err := filepath.Glob("simd/*.s")
	require.NoError(t, err)
	require.NotEmpty(t, assembly)
	require.LessOrEqual(t, lines(t, assembly), 60000, "lines of assembly")
	var generated []string
	for _, path := range goFiles(t, "simd") {
		text, err := os.ReadFile(path)
		require.NoError(t, err)
		if bytes.HasPrefix(text, []byte("// Code generated")) || bytes.Contains(text, []byte("\n// Code generated")) {
			generated = append(generated, path)
		}
	}
	require.Greater(t, len(generated), 5)
	require.LessOrEqual(t, lines(t, generated), 12000, "lines of generated Go")
	functions := exported(t, "simd")
	require.LessOrEqual(t, len(functions), 120, "exported functions")
	t.Logf("%d lines of assembly, %d of generated Go, %d exported functions", lines(t, assembly), lines(t, generated), len(functions))
	for _, f := range functions {
		require.LessOrEqual(t, f.params, 9, "parameters of %s", f.name)
	}
}
