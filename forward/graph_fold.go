package forward

import (
	"fmt"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Fold returns the model without its batch norms, each of which becomes part
// of the weights and the bias of the Linear or convolution before it:
//
//	weight = scale*weight, bias = scale*bias + shift
//
// per output channel. What it computes differs by rounding only, so fold
// before spikes are compared, not between. A batch norm that does not read,
// without delay, the one layer with weights that nobody else reads is an error
// that names it, and so is an output that would be lost.
func (m *Model) Fold() (*Model, error) {
	s, weights := m.graph.Spec(), m.Params()
	for {
		i := batchNormIn(s)
		if i < 0 {
			break
		}
		if err := fold(&s, i, weights); err != nil {
			return nil, fmt.Errorf("forward: fold %q: %w", s.Layers[i].Name, err)
		}
	}
	g, err := New(s)
	if err != nil {
		return nil, err
	}
	return g.Load(weights)
}

// batchNormIn is the first batch norm, or -1.
func batchNormIn(s Spec) int {
	for i, n := range s.Layers {
		if _, ok := n.Layer.(snn.BatchNorm); ok {
			return i
		}
	}
	return -1
}

// fold makes layer i part of its source.
func fold(s *Spec, i int, weights map[string]*tensor.Tensor) error {
	norm := s.Layers[i]
	if len(norm.Sources) != 1 || len(norm.Inputs) > 0 || norm.Sources[0].Delay != Steps(0) {
		return fmt.Errorf("%w: it does not read one layer, without delay", ErrGraph)
	}
	from := indexOf(s.Layers, norm.Sources[0].Layer)
	before := &s.Layers[from]
	readers := 0
	for _, n := range s.Layers {
		for _, source := range n.Sources {
			if source.Layer == before.Name {
				readers++
			}
		}
	}
	for _, o := range s.Outputs {
		if o == before.Name {
			readers++
		}
	}
	if before.Initial != "" || norm.Initial != "" {
		return fmt.Errorf("%w: its delayed edges begin at a parameter", ErrGraph)
	}
	if readers != 1 {
		return fmt.Errorf("%w: somebody else reads %q", ErrGraph, before.Name)
	}
	var ok bool
	if before.Layer, ok = withBias(before.Layer); !ok {
		return fmt.Errorf("%w: %q, a %s, has no weights to fold into", ErrGraph, before.Name, before.Layer.Type())
	}
	params := map[string]*tensor.Tensor{}
	for _, p := range []string{"weight", "bias", "running_mean", "running_var"} {
		params[p] = weights[norm.Name+"."+p]
		delete(weights, norm.Name+"."+p)
	}
	scale, shift, err := norm.Layer.(snn.BatchNorm).Affine(params)
	if err != nil {
		return err
	}
	weight := weights[before.Name+".weight"]
	if weight.Shape[0] != len(scale) {
		return fmt.Errorf("%w: %d channels behind weights %v", tensor.ErrShape, len(scale), weight.Shape)
	}
	bias := weights[before.Name+".bias"]
	if bias == nil {
		bias = tensor.New(len(scale))
	}
	each := len(weight.Data) / len(scale)
	for c, factor := range scale {
		for k := range each {
			weight.Data[c*each+k] *= factor
		}
		bias.Data[c] = float32(bias.Data[c]*factor) + shift[c]
	}
	// The layer takes the place and the name of the norm.
	delete(weights, before.Name+".weight")
	delete(weights, before.Name+".bias")
	weights[norm.Name+".weight"], weights[norm.Name+".bias"] = weight, bias
	before.Name = norm.Name
	s.Layers = append(s.Layers[:i:i], s.Layers[i+1:]...)
	return nil
}

// withBias is a layer with weights, and with a bias if it had none.
func withBias(l snn.Layer) (snn.Layer, bool) {
	switch l := l.(type) {
	case snn.Linear:
		l.NoBias = false
		return l, true
	case snn.Conv1d:
		l.NoBias = false
		return l, true
	case snn.Conv2d:
		l.NoBias = false
		return l, true
	}
	return l, false
}

func indexOf(nodes []Node, name string) int {
	for i, n := range nodes {
		if n.Name == name {
			return i
		}
	}
	return -1
}
