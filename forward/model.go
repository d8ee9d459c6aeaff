package forward

import (
	"fmt"
	"math"
	"sort"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Model is a graph with its own weights, packed for the kernels. It is
// immutable, and safe for concurrent use: any number of goroutines may run any
// number of states through it.
type Model struct {
	graph   *Graph
	ops     []snn.Op
	initial [][]float32 // of each node: what delayed edges deliver before time begins; nil for zero
	params  map[string]*tensor.Tensor
	spare   *spare
	options options
	padded  []int // see paddedRows
}

// ErrWeights is wrapped by errors about weights that are missing, left over or
// not finite.
var ErrWeights = fmt.Errorf("bad weights")

// Init makes a model with new weights: a function of the graph's names and
// shapes and of the seed, the same on every machine.
func (g *Graph) Init(seed uint64) (*Model, error) {
	return g.load(func(layer string, p snn.Param) (*tensor.Tensor, error) {
		t := tensor.New(p.Shape...)
		p.Init(t.Data, p.Shape, seed, layer+"."+p.Name)
		return t, nil
	})
}

// Load makes a model with given weights, by the names <layer>.<parameter>,
// which it copies. A weight that is missing, has the wrong shape, is not
// finite, or that no layer knows is an error; parameters of neurons that are
// missing are as the options say.
func (g *Graph) Load(weights map[string]*tensor.Tensor) (*Model, error) {
	unused := map[string]bool{}
	for name := range weights {
		unused[name] = true
	}
	m, err := g.load(func(layer string, p snn.Param) (*tensor.Tensor, error) {
		name := layer + "." + p.Name
		delete(unused, name)
		t, ok := weights[name]
		if !ok {
			if !p.Optional {
				return nil, fmt.Errorf("%w: %s is missing", ErrWeights, p.Name)
			}
			t = tensor.New(p.Shape...)
			p.Init(t.Data, p.Shape, 0, name)
			return t, nil
		}
		if err := fits(t, p); err != nil {
			return nil, err
		}
		return t.Clone(), nil
	})
	if err != nil {
		return nil, err
	}
	for _, name := range sorted(unused) {
		return nil, fmt.Errorf("forward: %w: no layer has a parameter %q", ErrWeights, name)
	}
	return m, nil
}

func sorted(set map[string]bool) []string {
	var names []string
	for name := range set {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

// fits checks a loaded tensor against the parameter it is for.
func fits(t *tensor.Tensor, p snn.Param) error {
	if err := t.Check(); err != nil {
		return fmt.Errorf("%s: %w", p.Name, err)
	}
	ok := t.Shape.Equal(p.Shape)
	for _, s := range p.Or {
		ok = ok || t.Shape.Equal(s)
	}
	if !ok {
		allowed := fmt.Sprint(p.Shape)
		for _, s := range p.Or {
			allowed += fmt.Sprintf(" or %v", s)
		}
		return fmt.Errorf("%w: %s is %v, not %s", tensor.ErrShape, p.Name, t.Shape, allowed)
	}
	for i, v := range t.Data {
		const exponent = 0x7f800000 // all of it set: NaN or an infinity
		if math.Float32bits(v)&exponent == exponent {
			return fmt.Errorf("%w: %s[%d] is %v", ErrWeights, p.Name, i, v)
		}
	}
	return nil
}

// load collects the parameters of every layer and prepares it.
func (g *Graph) load(get func(layer string, p snn.Param) (*tensor.Tensor, error)) (*Model, error) {
	if err := within("the parameters", g.parameterBytes(), g.limits.Parameters); err != nil {
		return nil, fmt.Errorf("forward: %w", err)
	}
	m := &Model{graph: g, params: map[string]*tensor.Tensor{}, spare: newSpare(), options: options{workers: 1, limits: g.limits}}
	for i, n := range g.nodes {
		own := map[string]*tensor.Tensor{}
		for _, p := range n.plan.Params {
			t, err := get(n.name, p)
			if err != nil {
				return nil, g.errorAt(i, err)
			}
			own[p.Name], m.params[n.name+"."+p.Name] = t, t
		}
		var op snn.Op
		var err error
		if n.plan.Prepare != nil || !n.plan.Reshape {
			if op, err = n.plan.Prepare(own); err == nil && op == nil {
				err = fmt.Errorf("%w: its Prepare returned no op", ErrGraph)
			}
			if err != nil {
				return nil, g.errorAt(i, err)
			}
		}
		m.ops = append(m.ops, op)
		start, err := n.start(own)
		if err != nil {
			return nil, g.errorAt(i, err)
		}
		m.initial = append(m.initial, start)
	}
	m.padded = m.paddedRows()
	return m, nil
}

// start is what the delayed edges of a node deliver before time begins.
func (n *node) start(params map[string]*tensor.Tensor) ([]float32, error) {
	if n.initial == "" {
		return nil, nil
	}
	p, ok := params[n.initial]
	size := n.plan.Out.Size()
	if !ok || len(p.Data) == 0 || size%len(p.Data) != 0 {
		return nil, fmt.Errorf("%w: its outputs, %v, cannot start at the parameter %q", ErrGraph, n.plan.Out, n.initial)
	}
	start, each := make([]float32, size), size/len(p.Data)
	for i := range start {
		start[i] = p.Data[i/each]
	}
	return start, nil
}

// Graph returns the model's graph.
func (m *Model) Graph() *Graph { return m.graph }

// Params returns copies of the parameters by the names <layer>.<parameter>.
func (m *Model) Params() map[string]*tensor.Tensor {
	params := map[string]*tensor.Tensor{}
	for name, t := range m.params {
		params[name] = t.Clone()
	}
	return params
}
