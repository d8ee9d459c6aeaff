package nir

import (
	"container/heap"
	"slices"
	"sort"
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
	all := make([]int, len(w.wires))
	for i := range all {
		all[i] = i
	}
	return w.delayAmong(w.ranks(), all)
}

// delayAmong does it for some of the wires. What is delayed in one loop is in
// no other, so each is looked at by itself until it is none any more.
func (w *wiring) delayAmong(rank, wires []int) error {
	for _, loop := range w.loops(rank, wires) {
		entry := slices.MinFunc(loop.layers, func(a, b int) int { return rank[a] - rank[b] })
		if !w.delayInto(entry, loop.wires) {
			var names []string
			for _, i := range loop.layers {
				names = append(names, w.names[i])
			}
			return unsupportedf(w.names[entry], "a cycle without a neuron: %s", strings.Join(names, ", "))
		}
		if err := w.delayAmong(rank, loop.wires); err != nil {
			return err
		}
	}
	return nil
}

// ranks are the layers' distances from the inputs, ties in the order of names.
func (w *wiring) ranks() []int {
	rank := make([]int, len(w.names))
	seen := make([]bool, len(w.names))
	next := slices.Clone(w.first)
	for i := range w.names {
		next = append(next, i) // what no input reaches comes last
	}
	readers := w.readers()
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
func (w *wiring) readers() [][]int {
	readers := make([][]int, len(w.names))
	for _, e := range w.wires {
		readers[e.from] = append(readers[e.from], e.to)
	}
	for i, list := range readers {
		slices.Sort(list)
		readers[i] = slices.Compact(list)
	}
	return readers
}

// loop is layers that all reach each other without delay, ascending, and the
// wires without delay between them.
type loop struct{ layers, wires []int }

// loops are those that some wires make, that with the least rank first (Tarjan
// 1972).
func (w *wiring) loops(rank, wires []int) []loop {
	t := tarjan{next: map[int][]int{}, index: map[int]int{}, low: map[int]int{}, component: map[int]int{}}
	var starts []int
	for _, i := range wires {
		if e := w.wires[i]; e.delay == 0 {
			t.next[e.from] = append(t.next[e.from], e.to)
			starts = append(starts, e.from)
		}
	}
	for _, i := range starts {
		t.visit(i)
	}
	found := map[int]*loop{}
	for _, i := range wires {
		if e := w.wires[i]; e.delay == 0 && t.component[e.from] == t.component[e.to] {
			c := t.component[e.from]
			if found[c] == nil {
				found[c] = &loop{}
			}
			found[c].wires = append(found[c].wires, i)
			found[c].layers = append(found[c].layers, e.from)
		}
	}
	var all []loop
	for _, l := range found {
		slices.Sort(l.layers)
		all = append(all, loop{slices.Compact(l.layers), l.wires})
	}
	least := func(l loop) int {
		return rank[slices.MinFunc(l.layers, func(a, b int) int { return rank[a] - rank[b] })]
	}
	slices.SortFunc(all, func(a, b loop) int { return least(a) - least(b) })
	return all
}

// tarjan finds components: layers that reach each other.
type tarjan struct {
	next                  map[int][]int
	index, low, component map[int]int // counted from 1
	stack                 []int
	components            int
}

// visit numbers what is reached from a layer, without recursion: a file may
// have a chain of any length.
func (t *tarjan) visit(start int) {
	if t.index[start] != 0 {
		return
	}
	type call struct{ layer, reader int }
	calls := []call{{start, 0}}
	for len(calls) > 0 {
		c := &calls[len(calls)-1]
		i := c.layer
		if c.reader == 0 && t.index[i] == 0 {
			t.index[i] = len(t.index) + 1
			t.low[i] = t.index[i]
			t.stack = append(t.stack, i)
		}
		if c.reader < len(t.next[i]) {
			j := t.next[i][c.reader]
			c.reader++
			if t.index[j] == 0 {
				calls = append(calls, call{j, 0})
			} else if t.component[j] == 0 {
				t.low[i] = min(t.low[i], t.index[j])
			}
			continue
		}
		calls = calls[:len(calls)-1]
		if len(calls) > 0 {
			before := calls[len(calls)-1].layer
			t.low[before] = min(t.low[before], t.low[i])
		}
		if t.low[i] == t.index[i] {
			t.close(i)
		}
	}
}

// close makes a component of what is on the stack from a layer on.
func (t *tarjan) close(i int) {
	t.components++
	for {
		j := t.stack[len(t.stack)-1]
		t.stack = t.stack[:len(t.stack)-1]
		t.component[j] = t.components
		if j == i {
			return
		}
	}
}

// delayInto delays, of the wires of a loop, those that leave a neuron and lead
// to the entry through no other.
func (w *wiring) delayInto(entry int, wires []int) bool {
	into := map[int][]int{} // of each layer, the wires
	for _, i := range wires {
		into[w.wires[i].to] = append(into[w.wires[i].to], i)
	}
	found := false
	leads := map[int]bool{entry: true} // to the entry, from itself on
	for queue := []int{entry}; len(queue) > 0; queue = queue[1:] {
		for _, i := range into[queue[0]] {
			from := w.wires[i].from
			if w.remembers[from] {
				w.wires[i].delay, found = 1, true
			} else if !leads[from] {
				leads[from] = true
				queue = append(queue, from)
			}
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
	ready := &least{}
	for i, n := range waits {
		if n == 0 {
			heap.Push(ready, i)
		}
	}
	for ready.Len() > 0 {
		next := heap.Pop(ready).(int)
		order = append(order, next)
		for _, i := range readers[next] {
			if waits[i]--; waits[i] == 0 {
				heap.Push(ready, i)
			}
		}
	}
	return order
}

// least is a heap of numbers.
type least struct{ sort.IntSlice }

// Push adds a number.
func (l *least) Push(v any) { l.IntSlice = append(l.IntSlice, v.(int)) }

// Pop takes the last.
func (l *least) Pop() any {
	last := len(l.IntSlice) - 1
	v := l.IntSlice[last]
	l.IntSlice = l.IntSlice[:last]
	return v
}
