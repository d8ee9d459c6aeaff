package nir

import (
	"slices"
	"strings"
)

// wire is an edge between two layers, by their places in a list.
type wire struct{ from, to, delay int }

// wiring is what a network of layers is connected by.
type wiring struct {
	names []string
	// remembers are the layers with a state of their own: a signal that goes
	// round through one may be a step late.
	remembers []bool
	wires     []wire
	first     []int // the layers that read inputs of the network
}

// delayLoops gives every loop a delay of a step, on the edge that leaves its
// last neuron before the loop comes back to where it is entered from outside:
// of lif -> w_rec -> lif, fed at lif, that is lif -> w_rec. Other edges keep
// theirs.
func (w *wiring) delayLoops() error {
	rank := w.ranks()
	for {
		loop := w.loop(rank)
		if loop == nil {
			return nil
		}
		entry := slices.MinFunc(loop, func(a, b int) int { return rank[a] - rank[b] })
		if !w.delayInto(entry, loop) {
			var names []string
			for _, i := range loop {
				names = append(names, w.names[i])
			}
			return unsupportedf(w.names[entry], "a cycle without a neuron: %s", strings.Join(names, ", "))
		}
	}
}

// ranks are the layers' distances from the inputs, ties in the order of names.
func (w *wiring) ranks() []int {
	rank := make([]int, len(w.names))
	seen := make([]bool, len(w.names))
	next := slices.Clone(w.first)
	for i := range w.names {
		next = append(next, i) // what no input reaches comes last
	}
	readers := w.readers(func(wire) bool { return true })
	n := 0
	visit := func(queue []int) {
		for ; len(queue) > 0; queue = queue[1:] {
			i := queue[0]
			if seen[i] {
				continue
			}
			seen[i], rank[i] = true, n
			n++
			queue = append(queue, readers[i]...)
		}
	}
	visit(slices.Clone(w.first))
	visit(next)
	return rank
}

// readers are, of every layer, those that it is connected to, in their order.
func (w *wiring) readers(counts func(wire) bool) [][]int {
	readers := make([][]int, len(w.names))
	for _, e := range w.wires {
		if counts(e) && !slices.Contains(readers[e.from], e.to) {
			readers[e.from] = append(readers[e.from], e.to)
		}
	}
	for _, list := range readers {
		slices.Sort(list)
	}
	return readers
}

// loop is a set of layers that all reach each other without delay, or nil: of
// several the one with the least rank.
func (w *wiring) loop(rank []int) []int {
	instant := func(e wire) bool { return e.delay == 0 }
	forth := w.readers(instant)
	back := make([][]int, len(w.names))
	for i, readers := range forth {
		for _, j := range readers {
			back[j] = append(back[j], i)
		}
	}
	order := make([]int, len(rank))
	for i, r := range rank {
		order[r] = i
	}
	for _, i := range order {
		after, before := reached(forth, i), reached(back, i)
		if !after[i] {
			continue
		}
		var loop []int
		for j := range w.names {
			if after[j] && before[j] {
				loop = append(loop, j)
			}
		}
		return loop
	}
	return nil
}

// reached are the layers at the end of some way, at least one edge long, from i.
func reached(next [][]int, i int) []bool {
	seen := make([]bool, len(next))
	for queue := slices.Clone(next[i]); len(queue) > 0; queue = queue[1:] {
		if j := queue[0]; !seen[j] {
			seen[j] = true
			queue = append(queue, next[j]...)
		}
	}
	return seen
}

// delayInto delays, within a loop, the edges that leave a neuron and lead to
// the entry through no other.
func (w *wiring) delayInto(entry int, loop []int) bool {
	leads := make([]bool, len(w.names)) // to the entry, from itself on
	leads[entry] = true
	for changed := true; changed; {
		changed = false
		for _, e := range w.wires {
			if e.delay == 0 && leads[e.to] && !leads[e.from] && !w.remembers[e.from] && slices.Contains(loop, e.from) {
				leads[e.from], changed = true, true
			}
		}
	}
	found := false
	for i, e := range w.wires {
		if e.delay == 0 && w.remembers[e.from] && leads[e.to] && slices.Contains(loop, e.from) && slices.Contains(loop, e.to) {
			w.wires[i].delay, found = 1, true
		}
	}
	return found
}

// order sorts the layers so that every edge without delay goes forward, and
// among those that could be next by their places in the list.
func (w *wiring) order() []int {
	waits := make([]int, len(w.names))
	readers := make([][]int, len(w.names))
	for _, e := range w.wires {
		if e.delay == 0 {
			waits[e.to]++
			readers[e.from] = append(readers[e.from], e.to)
		}
	}
	var order []int
	for done := make([]bool, len(w.names)); len(order) < len(w.names); {
		next := 0
		for done[next] || waits[next] > 0 {
			next++
		}
		done[next] = true
		order = append(order, next)
		for _, i := range readers[next] {
			waits[i]--
		}
	}
	return order
}
