package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/format/npy"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// recorder are the flags for what a run keeps of its layers.
type recorder struct {
	Record   []string `placeholder:"NAME,..." help:"Write these at every step: outputs of layers, like lif1, and variables of neurons, like lif1.v."`
	RecordTo string   `placeholder:"FILE" help:"Where to: a .npz archive, with an array [steps, 1, features...] for every recording and name, like 60001.lif1.v."`
}

// check reports one flag without the other, and a name that comes twice.
func (r recorder) check() error {
	if (len(r.Record) > 0) != (r.RecordTo != "") {
		return fmt.Errorf("--record says what is written, --record-to where to: both are needed, or none")
	}
	for i, name := range r.Record {
		if slices.Contains(r.Record[:i], name) {
			return fmt.Errorf("--record names %q twice", name)
		}
	}
	return nil
}

// floats is how many numbers a step of a recording has at the most. Names that
// there are not have none: running reports them.
func (r recorder) floats(g *forward.Graph) (n int) {
	for _, name := range r.Record {
		if !slices.Contains(g.Layers(), name) {
			name = name[:max(0, strings.LastIndexByte(name, '.'))]
		}
		if slices.Contains(g.Layers(), name) {
			n += g.Shape(name).Size()
		}
	}
	return n
}

// add appends a block to what has been recorded, which shares no memory with it.
func (r recorder) add(all []*tensor.Tensor, out *forward.Output) []*tensor.Tensor {
	if all == nil {
		for _, name := range r.Record {
			_, _, features := out.Layer(name).Dims()
			all = append(all, tensor.New(append(tensor.Shape{0, 1}, features...)...))
		}
	}
	for i, name := range r.Record {
		x := out.Layer(name).Dense()
		all[i].Shape[0] += x.Shape[0]
		all[i].Data = append(all[i].Data, x.Data...)
	}
	return all
}

// write writes the archive.
func (r recorder) write(all []classified) error {
	if len(r.Record) == 0 {
		return nil
	}
	var arrays []npy.Named
	for _, c := range all {
		for i, name := range r.Record {
			arrays = append(arrays, npy.Named{Name: c.Name + "." + name, Array: npy.FromTensor(c.recorded[i])})
		}
	}
	return npy.WriteArchiveFile(r.RecordTo, arrays...)
}
