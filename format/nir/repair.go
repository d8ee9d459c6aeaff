package nir

import (
	"fmt"
	"strings"
)

// Repair is something wrong in a file that lenient reading put right.
type Repair struct {
	Path string // in the file, as of an [Error]
	// Problem is what breaks the rules, Remedy what was done about it.
	Problem, Remedy string
}

// String is one line.
func (r Repair) String() string { return fmt.Sprintf("%s: %s: %s", r.Path, r.Problem, r.Remedy) }

// Option changes how files are read.
type Option func(*mender)

// Lenient puts right what can be put right and lists what it did, with which
// others wrote files that the Python reader refuses:
//
//   - an edge names a node that is not there, and one node has no edges: it is
//     meant;
//   - edges that are there twice, parameters that a primitive does not have:
//     they are left out;
//   - one number where the other parameters of a neuron have one each: it stands
//     for all;
//   - the shape of an Input, an Output, a convolution's or a Flatten's input is
//     not that of what is connected to it, or a convolution has none: it is made
//     so;
//   - a Flatten counts samples as a dimension: it flattens all others.
//
// What remains is still an error.
func Lenient(repairs *[]Repair) Option {
	return func(m *mender) { m.repairs = repairs }
}

// Limit is how many bytes all arrays of a file may have together, at most 1 GiB.
func Limit(bytes int64) Option {
	return func(m *mender) { m.limit = bytes }
}

// mender decides about problems: without a list of repairs they are errors.
type mender struct {
	repairs *[]Repair
	limit   int64 // 0: the default
}

// maxRepairs bounds the time that a hostile file takes.
const maxRepairs = 1000

// mend puts a problem right, or reports it.
func (m mender) mend(path, problem, remedy string, fix func()) error {
	if m.repairs == nil {
		return badf(path, "%s", problem)
	}
	if len(*m.repairs) >= maxRepairs {
		return badf(path, "%s, after %d repairs", problem, maxRepairs)
	}
	fix()
	*m.repairs = append(*m.repairs, Repair{path, problem, remedy})
	return nil
}

// meant is the node that an edge means by a name that no node has: the only one
// without edges, if one of the names begins with the other.
func meant(g *Graph, name string) (node string, ok bool) {
	used := map[string]bool{}
	for _, e := range g.Edges {
		used[e.From], used[e.To] = true, true
	}
	for _, n := range g.Names() {
		if !used[n] && (strings.HasPrefix(n, name) || strings.HasPrefix(name, n)) {
			if ok {
				return "", false
			}
			node, ok = n, true
		}
	}
	return node, ok
}
