package snn

import (
	"fmt"

	"github.com/spikelane/spikelane/tensor"
)

// Delay delivers what came some steps ago, and zero before that:
//
//	y[t] = x[t-steps]
//
// Parameter: steps, whole numbers from 0 to Max, of shape [1], [channels] or
// the shape of the input: each axon may have its own, as in Lava-DL's Delay. A
// delay that all have in common costs less on an edge of the graph.
type Delay struct {
	Steps int `json:"steps"`
	Max   int `json:"max,omitzero"` // the longest that weights may bring; default Steps
}

// Type returns "Delay".
func (Delay) Type() string { return "Delay" }

// maxDelay bounds what a state has to remember.
const maxDelay = 1 << 16

// Build works for every shape.
func (d Delay) Build(in tensor.Shape) (*Plan, error) {
	most := d.Max
	switch {
	case d.Max < 0 || d.Max > maxDelay:
		return nil, fmt.Errorf("%w: Max is %d, not from 1 to %d", ErrOption, d.Max, maxDelay)
	case d.Max > 0 && (d.Steps < 0 || d.Steps > d.Max):
		return nil, fmt.Errorf("%w: Steps is %d, not from 0 to Max, which is %d", ErrOption, d.Steps, d.Max)
	case d.Max == 0 && d.Steps == 0:
		return nil, fmt.Errorf("%w: Steps is 0, and Max is not said: a delay is of a step at least, unless weights may bring a longer one, of Max steps", ErrOption)
	case d.Max == 0:
		most = d.Steps
	}
	if most < 1 || most > maxDelay {
		return nil, fmt.Errorf("%w: Steps is %d, not from 1 to %d", ErrOption, d.Steps, maxDelay)
	}
	n := newNeuron(in)
	n.param("steps", float32(d.Steps), 0, float32(most))
	if n.err != nil {
		return nil, n.err
	}
	return &Plan{
		Out: in, Params: n.params, State: countable(int64(most) * int64(in.Size())),
		Prepare: func(params map[string]*tensor.Tensor) (Op, error) {
			op := &delay{most: most, steps: make([]int, in.Size())}
			for i, v := range expand(params["steps"], in) {
				op.steps[i] = int(v)
				if float32(op.steps[i]) != v || op.steps[i] < 0 || op.steps[i] > most {
					return nil, fmt.Errorf("%w: steps[%d] is %v, not a whole number from 0 to %d", ErrOption, i, v, most)
				}
			}
			for i := range op.steps {
				if i > 0 && op.steps[i] != op.steps[i-1] {
					op.runs = append(op.runs, i)
				}
			}
			op.runs = append(op.runs, len(op.steps))
			return op, nil
		},
	}, nil
}

// delay remembers the last steps of every sample, the oldest first.
type delay struct {
	most  int
	steps []int
	runs  []int // where another delay begins, and the end
}

func (d *delay) Forward(x, y tensor.Signal, state []float32, _ *Scratch) {
	steps, batch, _ := x.Dims()
	src, dst, n := x.(*tensor.Tensor).Data, y.(*tensor.Tensor).Data, len(d.steps)
	for b := range batch {
		past := state[b*d.most*n:][:d.most*n]
		for t := range steps {
			row := dst[(t*batch+b)*n:][:n]
			first := 0
			for _, end := range d.runs {
				from := t - d.steps[first]
				if from >= 0 {
					copy(row[first:end], src[(from*batch+b)*n+first:])
				} else {
					copy(row[first:end], past[(d.most+from)*n+first:])
				}
				first = end
			}
		}
		kept := max(0, d.most-steps)
		copy(past, past[(d.most-kept)*n:])
		for k := kept; k < d.most; k++ {
			t := steps - d.most + k
			copy(past[k*n:(k+1)*n], src[(t*batch+b)*n:])
		}
	}
}
