package nir

import (
	"fmt"
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Export makes a graph of a model, whose steps are dt long in the unit of the
// file. Time constants are those of Euler's method, tau = dt/(1-decay), in
// float64, so that the decay comes back to the bit; presets become the neurons
// that they are. What NIR cannot say of a neuron, such as a reset by
// subtraction, is in the report and in the metadata of its node, which
// As("spikelane", dt) obeys: that gives back the same spikes. What it has no
// primitive for is an error that wraps [ErrUnsupported] and names the layer, and
// so is a layer whose own steps are not dt long, as those of Norse and Rockpool,
// whose times are in seconds.
func Export(m *forward.Model, dt float64) (*Graph, *Report, error) {
	if _, err := (Discretization{DT: dt}).step(); err != nil {
		return nil, nil, fmt.Errorf("nir: %w", err)
	}
	e := &exporter{
		spec: m.Graph().Spec(), dt: dt, params: m.Params(), shape: m.Graph().Shape,
		at: map[string]int{}, inputs: map[string]string{},
		g:      &Graph{Nodes: map[string]Node{}, Metadata: Metadata{recordKey: Metadata{"dt": One(dt), "method": One("euler")}}},
		report: &Report{Assumed: []string{fmt.Sprintf("dt: a step is %v of the file's time", dt), "method euler: decay is 1-dt/tau", "integrators: v + r*x, dt being part of r"}},
	}
	for i, n := range e.spec.Layers {
		e.at[n.Name] = i
	}
	steps := clock{dt: dt}
	for _, n := range e.spec.Layers {
		if err := steps.check(n.Name, n.Layer); err != nil {
			return nil, nil, at(n.Name, err)
		}
		if err := e.layer(n); err != nil {
			return nil, nil, at(n.Name, err)
		}
	}
	if steps.unit != 0 {
		e.report.Assumed = append(e.report.Assumed, fmt.Sprintf("unit: that of the layers' times is %.6g of the file's", steps.unit))
	}
	if err := e.connect(); err != nil {
		return nil, nil, err
	}
	return e.g, e.report, e.g.Check()
}

// exporter collects the graph.
type exporter struct {
	spec   forward.Spec
	dt     float64
	params map[string]*tensor.Tensor
	shape  func(layer string) tensor.Shape
	at     map[string]int    // the layers by their names
	inputs map[string]string // the nodes of the inputs
	g      *Graph
	report *Report
}

// in is the shape of a layer's input.
func (e *exporter) in(n forward.Node) (tensor.Shape, error) {
	if n.Join == forward.JoinConcat && len(n.Sources)+len(n.Inputs) > 1 {
		return nil, fmt.Errorf("%w: it concatenates several sources, NIR adds them up", ErrUnsupported)
	}
	if len(n.Sources) > 0 {
		return e.shape(n.Sources[0].Layer), nil
	}
	i := slices.IndexFunc(e.spec.Inputs, func(in forward.Input) bool { return in.Name == n.Inputs[0] })
	return e.spec.Inputs[i].Shape, nil
}

// vanishes reports whether a layer only hands on what it reads.
func vanishes(l snn.Layer) bool {
	switch l.(type) {
	case snn.Identity, snn.Dropout:
		return true
	}
	return false
}

// layer adds the nodes of a layer.
func (e *exporter) layer(n forward.Node) error {
	in, err := e.in(n)
	if err != nil {
		return err
	}
	r := NodeReport{Name: n.Name, Layer: n.Layer.Type(), Node: "-"}
	if n.Initial != "" {
		r.approximated("its delayed edges begin at its %s, NIR's at zero", n.Initial)
	}
	if vanishes(n.Layer) {
		r.Notes = append(r.Notes, "its sources are connected to its readers")
		e.report.Nodes = append(e.report.Nodes, r)
		return nil
	}
	node, err := e.node(&r, n, in)
	if err != nil {
		return err
	}
	r.Node = node.Type()
	e.g.Nodes[n.Name] = node
	e.report.Nodes = append(e.report.Nodes, r)
	return nil
}

// node is the primitive of a layer.
func (e *exporter) node(r *NodeReport, n forward.Node, in tensor.Shape) (Node, error) {
	switch l := n.Layer.(type) {
	case snn.Linear:
		if l.NoBias {
			return Linear{Weight: e.weight(n.Name, "weight")}, nil
		}
		return Affine{Weight: e.weight(n.Name, "weight"), Bias: e.weight(n.Name, "bias")}, nil
	case snn.Conv1d:
		noteGroups(r, l.Groups)
		return Conv1d{
			InputShape: One(int64(in[1])), Weight: e.weight(n.Name, "weight"), Bias: e.bias(n.Name, l.Out),
			Stride: One(int64(max(l.Stride, 1))), Padding: One(int64(l.Padding)), Dilation: One(int64(max(l.Dilation, 1))), Groups: One(int64(max(l.Groups, 1))),
		}, nil
	case snn.Conv2d:
		noteGroups(r, l.Groups)
		if l.Kernel[0] != l.Kernel[1] {
			r.Notes = append(r.Notes, "the Python package takes its kernel for a square: read it with type_check=False")
		}
		return Conv2d{
			InputShape: sizes(in[1:]), Weight: e.weight(n.Name, "weight"), Bias: e.bias(n.Name, l.Out),
			Stride: two(l.Stride, snn.Size{1, 1}), Padding: two(l.Padding, snn.Size{}), Dilation: two(l.Dilation, snn.Size{1, 1}), Groups: One(int64(max(l.Groups, 1))),
		}, nil
	case snn.SumPool2d:
		return SumPool2d{KernelSize: two(l.Kernel, l.Kernel), Stride: two(l.Stride, l.Kernel), Padding: two(l.Padding, snn.Size{})}, nil
	case snn.AvgPool2d:
		return AvgPool2d{KernelSize: two(l.Kernel, l.Kernel), Stride: two(l.Stride, l.Kernel), Padding: two(l.Padding, snn.Size{})}, nil
	case snn.Flatten:
		return Flatten{InputType: sizes(in), StartDim: One(int64(0)), EndDim: One(int64(-1))}, nil
	case snn.Scale:
		if !zero(e.each(n.Name, "offset", in)) {
			return nil, fmt.Errorf("%w: NIR's Scale has no offset", ErrUnsupported)
		}
		return Scale{Scale: Of(e.each(n.Name, "factor", in), in...)}, nil
	case snn.Delay:
		return Delay{Delay: Of(scaled(e.each(n.Name, "steps", in), e.dt), in...)}, nil
	case snn.BatchNorm:
		return nil, fmt.Errorf("%w: NIR has no batch norm: Fold the model first", ErrUnsupported)
	}
	return e.neuron(r, n, in)
}

// noteGroups warns of readers that do not know how many channels groups read.
func noteGroups(r *NodeReport, groups int) {
	if groups > 1 {
		r.Notes = append(r.Notes, "the Python package counts the channels of one group: read it with type_check=False")
	}
}

// weight is a parameter as it is.
func (e *exporter) weight(layer, param string) Array {
	t := e.params[layer+"."+param]
	return Of(t.Data, t.Shape...)
}

// bias is that of a convolution; NIR's always have one.
func (e *exporter) bias(layer string, out int) Array {
	if _, ok := e.params[layer+".bias"]; ok {
		return e.weight(layer, "bias")
	}
	return Of(make([]float32, out))
}

// each is a parameter with a number for each feature.
func (e *exporter) each(layer, param string, in tensor.Shape) []float64 {
	return spreadOver(e.params[layer+"."+param], in.Size())
}

// spreadOver repeats a parameter of one number, or one a channel.
func spreadOver(t *tensor.Tensor, size int) []float64 {
	out := make([]float64, size)
	for i := range out {
		out[i] = float64(t.Data[i/(size/len(t.Data))])
	}
	return out
}

// two is a height and a width; each 0 stands for the standard.
func two(s, standard snn.Size) Array {
	var data [2]int64
	for i := range s {
		if data[i] = int64(s[i]); s[i] == 0 {
			data[i] = int64(standard[i])
		}
	}
	return Of(data[:])
}

// unique is a name that no node has.
func (e *exporter) unique(name string) string {
	for _, taken := e.g.Nodes[name]; taken; _, taken = e.g.Nodes[name] {
		name += "_"
	}
	return name
}
