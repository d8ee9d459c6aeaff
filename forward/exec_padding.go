package forward

import (
	"slices"

	"github.com/spikelane/spikelane/snn"
)

// paddedRows says, for every node, how far apart the rows of its dense output
// lie in a run: 0, or more than its features, where all that read it take it so.
// Outputs that somebody else sees lie side by side.
func (m *Model) paddedRows() []int {
	g := m.graph
	rows := make([]int, len(g.nodes))
	if m.options.counters != nil {
		return rows
	}
	read := m.readPadded()
	for _, i := range g.outputs {
		read[i] = false
	}
	for i := range g.nodes {
		n := &g.nodes[i]
		op, ok := m.ops[i].(snn.RowPadder)
		wide := snn.PaddedRow(n.plan.Out.Size())
		if read[i] && ok && op.PadsOutput() && wide > n.plan.Out.Size() && !n.cyclic && n.history == 0 && !slices.Contains(m.options.record, n.name) {
			rows[i] = wide
		}
	}
	return rows
}

// readPadded says which nodes are read at all, by readers that read nothing else,
// and padded.
func (m *Model) readPadded() []bool {
	nodes := m.graph.nodes
	read, otherwise := make([]bool, len(nodes)), make([]bool, len(nodes))
	for j := range nodes {
		r := &nodes[j]
		op, ok := m.ops[j].(snn.RowPadder)
		padded := ok && op.PadsInput() && len(r.parts) == 1 && r.parts[0].delay == 0 && !r.cyclic
		for _, p := range r.parts {
			if p.node >= 0 {
				read[p.node] = true
				otherwise[p.node] = otherwise[p.node] || !padded
			}
		}
	}
	for i := range read {
		read[i] = read[i] && !otherwise[i]
	}
	return read
}

// pad lays the outputs of the nodes as a run has them; while a pass is recorded,
// side by side.
func (e *executor) pad() {
	for i, row := range e.model.padded {
		if e.observer != nil {
			row = 0
		}
		b := &e.nodes[i]
		if b.out.row != row {
			b.out.row, b.piece.row, e.steps = row, row, 0 // to be resized
		}
	}
}

// rowsOf are the distances between the rows that a node reads and writes: 0
// where they lie side by side.
func (e *executor) rowsOf(i int) (in, out int) {
	if p := e.model.graph.nodes[i].parts; len(p) == 1 && p[0].node >= 0 {
		in = e.nodes[p[0].node].out.row
	}
	return in, e.nodes[i].out.row
}
