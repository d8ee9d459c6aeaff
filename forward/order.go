package forward

import (
	"fmt"
	"slices"
	"strings"
)

// group is a node by itself, which runs whole blocks, or the nodes of a cycle,
// which take turns: no further at once than the least delay of an edge that
// goes back among them.
type group struct {
	nodes []int
	steps int // at once; 0 for no limit
}

// order sorts the nodes so that every edge without delay goes forward, and
// otherwise as listed.
func (g *Graph) order() ([]int, error) {
	waits := make([]int, len(g.nodes))
	for i, n := range g.nodes {
		for _, p := range n.parts {
			if p.node >= 0 && p.delay == 0 {
				waits[i]++
			}
		}
	}
	var order []int
	done := make([]bool, len(g.nodes))
	for len(order) < len(g.nodes) {
		next := -1
		for i := range g.nodes {
			if !done[i] && waits[i] == 0 {
				next = i
				break
			}
		}
		if next < 0 {
			return nil, g.cycleError(done)
		}
		done[next] = true
		order = append(order, next)
		for i, n := range g.nodes {
			for _, p := range n.parts {
				if p.node == next && p.delay == 0 {
					waits[i]--
				}
			}
		}
	}
	return order, nil
}

// cycleError names the layers of a cycle without delay: following undelayed
// edges backwards from a node that waits must come to a node twice.
func (g *Graph) cycleError(done []bool) error {
	at := slices.Index(done, false)
	var path []int
	for !slices.Contains(path, at) {
		path = append(path, at)
		for _, p := range g.nodes[at].parts {
			if p.node >= 0 && p.delay == 0 && !done[p.node] {
				at = p.node
				break
			}
		}
	}
	path = append(path[slices.Index(path, at):], at)
	slices.Reverse(path)
	names := make([]string, len(path))
	for i, k := range path {
		names[i] = g.nodes[k].name
	}
	return fmt.Errorf("%w: a cycle without delay: %s", ErrGraph, strings.Join(names, " -> "))
}

// group puts the nodes of every cycle, delayed edges included, together.
func (g *Graph) group(order []int) []group {
	reach := g.reach()
	together := func(i, j int) bool { return i == j || reach[i][j] && reach[j][i] }
	var groups []group
	placed := make([]bool, len(g.nodes))
	// A group may run once all groups that it reads from have run.
	for len(groups) < len(order) && slices.Contains(placed, false) {
		for _, i := range order {
			if placed[i] || !g.ready(i, placed, together) {
				continue
			}
			var gr group
			for _, j := range order {
				if together(i, j) {
					gr.nodes = append(gr.nodes, j)
					placed[j] = true
				}
			}
			g.limit(&gr)
			groups = append(groups, gr)
			break
		}
	}
	return groups
}

// ready reports whether everything that node i's cycle reads has been placed.
func (g *Graph) ready(i int, placed []bool, together func(i, j int) bool) bool {
	for j := range g.nodes {
		if !together(i, j) {
			continue
		}
		for _, p := range g.nodes[j].parts {
			if p.node >= 0 && !placed[p.node] && !together(i, p.node) {
				return false
			}
		}
	}
	return true
}

// limit finds how many steps the nodes of a cycle can take at once.
func (g *Graph) limit(gr *group) {
	for at, i := range gr.nodes {
		for _, p := range g.nodes[i].parts {
			from := slices.Index(gr.nodes, p.node)
			if from < at {
				continue // from outside, or forward
			}
			g.nodes[i].cyclic = true
			if gr.steps == 0 || p.delay < gr.steps {
				gr.steps = p.delay
			}
		}
	}
	if gr.steps > 0 {
		for _, i := range gr.nodes {
			g.nodes[i].cyclic = true
		}
	}
}

// reach is which nodes each node's output comes to, at whatever delay.
func (g *Graph) reach() [][]bool {
	reach := make([][]bool, len(g.nodes))
	targets := make([][]int, len(g.nodes))
	for i, n := range g.nodes {
		for _, p := range n.parts {
			if p.node >= 0 {
				targets[p.node] = append(targets[p.node], i)
			}
		}
	}
	for i := range reach {
		reach[i] = make([]bool, len(g.nodes))
		next := append([]int(nil), targets[i]...)
		for len(next) > 0 {
			k := next[len(next)-1]
			next = next[:len(next)-1]
			if !reach[i][k] {
				reach[i][k] = true
				next = append(next, targets[k]...)
			}
		}
	}
	return reach
}
