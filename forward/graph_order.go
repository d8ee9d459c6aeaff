package forward

import (
	"container/heap"
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

// least is a heap of numbers, the least on top.
type least []int

func (l least) Len() int           { return len(l) }
func (l least) Less(i, j int) bool { return l[i] < l[j] }
func (l least) Swap(i, j int)      { l[i], l[j] = l[j], l[i] }
func (l *least) Push(x any)        { *l = append(*l, x.(int)) }
func (l *least) Pop() any {
	last := (*l)[len(*l)-1]
	*l = (*l)[:len(*l)-1]
	return last
}

// sortedBy lists the numbers from 0 to n-1 so that each comes behind those whose
// targets it is, and otherwise in ascending order; those of a cycle are missing.
func sortedBy(targets [][]int) []int {
	waits := make([]int, len(targets))
	for _, list := range targets {
		for _, k := range list {
			waits[k]++
		}
	}
	var ready least
	for i, n := range waits {
		if n == 0 {
			ready = append(ready, i)
		}
	}
	var order []int
	for len(ready) > 0 {
		i := heap.Pop(&ready).(int)
		order = append(order, i)
		for _, k := range targets[i] {
			if waits[k]--; waits[k] == 0 {
				heap.Push(&ready, k)
			}
		}
	}
	return order
}

// targets are which nodes read each node, once for each edge that keep keeps.
func (g *Graph) targets(keep func(p part) bool) [][]int {
	targets := make([][]int, len(g.nodes))
	for i, n := range g.nodes {
		for _, p := range n.parts {
			if p.node >= 0 && keep(p) {
				targets[p.node] = append(targets[p.node], i)
			}
		}
	}
	return targets
}

// order sorts the nodes so that every edge without delay goes forward, and
// otherwise as listed.
func (g *Graph) order() ([]int, error) {
	order := sortedBy(g.targets(func(p part) bool { return p.delay == 0 }))
	if len(order) < len(g.nodes) {
		done := make([]bool, len(g.nodes))
		for _, i := range order {
			done[i] = true
		}
		return nil, g.cycleError(done)
	}
	return order, nil
}

// cycleError names the layers of a cycle without delay: following undelayed
// edges backwards from a node that waits must come to a node twice.
func (g *Graph) cycleError(done []bool) error {
	at, seen := slices.Index(done, false), make([]bool, len(done))
	var path []int
	for !seen[at] {
		seen[at] = true
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
	const most = 20
	if n := len(names); n > most {
		names = append(append(names[:most/2:most/2], fmt.Sprintf("(%d more)", n-most)), names[n-most/2:]...)
	}
	return fmt.Errorf("%w: a cycle without delay: %s", ErrGraph, strings.Join(names, " -> "))
}

// group puts the nodes of every cycle, delayed edges included, together, in the
// order in which the groups can run.
func (g *Graph) group(order []int) []group {
	targets := g.targets(func(part) bool { return true })
	component := components(targets)
	// Numbered by their first nodes in the order, groups sort like nodes.
	number := map[int]int{}
	var groups []group
	own := make([]int, len(g.nodes))
	place := make([]int, len(g.nodes)) // in the group
	for _, i := range order {
		k, ok := number[component[i]]
		if !ok {
			k = len(groups)
			number[component[i]] = k
			groups = append(groups, group{})
		}
		own[i], place[i] = k, len(groups[k].nodes)
		groups[k].nodes = append(groups[k].nodes, i)
	}
	between := make([][]int, len(groups))
	for i, list := range targets {
		for _, k := range list {
			if own[i] != own[k] {
				between[own[i]] = append(between[own[i]], own[k])
			}
		}
	}
	sorted := make([]group, 0, len(groups))
	for _, k := range sortedBy(between) {
		g.limit(&groups[k], own, place)
		sorted = append(sorted, groups[k])
	}
	return sorted
}

// limit finds how many steps the nodes of a cycle can take at once. own is the
// group of every node, place where it stands there.
func (g *Graph) limit(gr *group, own, place []int) {
	for at, i := range gr.nodes {
		for _, p := range g.nodes[i].parts {
			if p.node < 0 || own[p.node] != own[i] || place[p.node] < at {
				continue // from outside, or forward
			}
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

// components numbers the strongly connected components, each node's own:
// Tarjan's algorithm, with a stack of its own in place of calls.
func components(targets [][]int) []int {
	n := len(targets)
	component, index, low := make([]int, n), make([]int, n), make([]int, n)
	open := make([]bool, n) // on the stack
	var stack, path []int   // nodes without a component yet; the way to the node at work
	next := make([]int, n)  // target to look at
	seen, count := 0, 0
	enter := func(i int) {
		seen++
		index[i], low[i], open[i] = seen, seen, true
		stack, path = append(stack, i), append(path, i)
	}
	for root := range n {
		if index[root] == 0 {
			enter(root)
		}
		for len(path) > 0 {
			i := path[len(path)-1]
			if next[i] < len(targets[i]) {
				k := targets[i][next[i]]
				next[i]++
				if index[k] == 0 {
					enter(k)
				} else if open[k] {
					low[i] = min(low[i], index[k])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				before := path[len(path)-1]
				low[before] = min(low[before], low[i])
			}
			if low[i] != index[i] {
				continue
			}
			for k := -1; k != i; {
				k = stack[len(stack)-1]
				stack = stack[:len(stack)-1]
				open[k], component[k] = false, count
			}
			count++
		}
	}
	return component
}
