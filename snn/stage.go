package snn

import (
	"math"
	"sync"

	"github.com/spikelane/spikelane/simd"
)

// stageSpec is one kernel of a layer of neurons: that of the membrane, or of the
// synapse in front of it.
type stageSpec struct {
	k     *kernel
	first param // added to its parameters where a layer has two kernels
	engine
	n              int
	state, carried panel // where its states are, and their gradients
	sums           panel
}

// stage plans a kernel.
func (n *neuron) stage(k *kernel, first param) *stageSpec {
	s := &stageSpec{k: k, first: first, n: n.in.Size()}
	e, err := k.engine(s.n)
	if err != nil {
		n.fail(err)
		e = li.neuron // a stand-in: the plan fails
	}
	s.engine = e
	forward := e.Forward()
	lanes := forward.Lanes
	s.state = panel{simd.Layout{N: s.n, Arrays: len(k.states), Lanes: lanes}, 0}
	s.carried = panel{simd.Layout{N: s.n, Arrays: len(k.gradients), Lanes: lanes}, 0}
	s.sums = panel{simd.Layout{N: s.n, Arrays: len(k.sums), Lanes: lanes}, 0}
	return s
}

// place puts its panels behind those of another stage.
func (s *stageSpec) place(after *stageSpec) {
	s.state.first = after.state.first + after.state.Size()
	s.carried.first = after.carried.first + after.carried.Size()
	s.sums.first = after.sums.first + after.sums.Size()
}

// remembered is how many numbers the states of stages are.
func remembered(stages []*stageSpec) int {
	total := int64(0)
	for _, s := range stages {
		total += int64(s.state.Arrays) * ((int64(s.n) + simd.Lanes - 1) / simd.Lanes * simd.Lanes)
	}
	return countable(total)
}

// countable is a number of numbers as [Plan].State has it.
func countable(n int64) int { return int(min(n, math.MaxInt)) }

// layout is that of a panel of parameters.
func (s *stageSpec) layout(arrays int) simd.Layout {
	return simd.Layout{N: s.n, Arrays: arrays, Lanes: s.state.Lanes}
}

// stage is a kernel with its parameters.
type stage struct {
	*stageSpec
	params []float32 // a panel
	values map[param][]float32

	once       sync.Once
	backParams []float32 // a panel, packed when a gradient is first asked for
}

// prepare packs the parameters.
func (s *stageSpec) prepare(n *neuron, v values) (*stage, error) {
	made := &stage{stageSpec: s, values: map[param][]float32{}}
	layout := s.layout(len(s.k.params))
	made.params = simd.AllocStaggered(layout.Size())
	for i, p := range s.k.params {
		made.values[p] = n.sources[s.first+p].values(v)
		layout.Put(made.params, i, made.values[p])
	}
	return made, nil
}

// backward are the parameters of the backward pass, with its gates.
func (s *stage) backward(gates map[param]float32) []float32 {
	s.once.Do(func() {
		layout := s.layout(len(s.k.backParams))
		s.backParams = simd.AllocStaggered(layout.Size())
		for i, p := range s.k.backParams {
			v := s.values[p]
			if v == nil {
				v = constant(gates[p], s.n)
			}
			layout.Put(s.backParams, i, v)
		}
	})
	return s.backParams
}

// traceRow is how many numbers a step of a sample leaves: the traces of the
// kernel, and the distance, in an array each.
func (s *stageSpec) traceRow() int { return len(s.k.traces) * simd.Padded(s.n) }
