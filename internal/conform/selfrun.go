package conform

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"maps"
	"math"
	"slices"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

const selfDigits = 32 // of a hash

// outputs runs it step by step.
func (n selfNetwork) outputs() (Counts, string, error) {
	m, err := n.model()
	if err != nil {
		return Counts{}, "", err
	}
	x, s, h := n.input(), m.NewState(selfBatch), newNumberHash()
	for t := range selfSteps {
		y, err := m.Step(s, tensor.Of(row(x, t, -1), append(tensor.Shape{1}, x.Shape[1:]...)...))
		if err != nil {
			return Counts{}, "", err
		}
		h.add(y.Dense().Data)
	}
	return Counts{Spikes: h.nonzero}, h.String(), nil
}

// passed is what a network made of its input, forward and back.
type passed struct {
	outputs, inputGradients []float32
	params                  map[string]*tensor.Tensor // their gradients
}

// tame is what the input is multiplied by where the network runs back: neurons
// whose membranes run away leave nothing to compare.
func (n selfNetwork) tame() float32 {
	switch n.alone.(type) {
	case snn.QIF, snn.EIF:
		return 1.0 / 96
	}
	return 1
}

// pass runs it at once, and back from a fixed gradient of the outputs.
func (n selfNetwork) pass() (*passed, error) {
	m, err := n.model()
	if err != nil {
		return nil, err
	}
	tape, err := m.NewTape(forward.BackwardOptions{Inputs: true})
	if err != nil {
		return nil, err
	}
	x, tame := n.input(), n.tame()
	for i := range x.Data {
		x.Data[i] *= tame
	}
	p := &passed{}
	samples := forward.Samples{Inputs: []tensor.Signal{x}, Count: selfBatch, Start: m.NewState(selfBatch)}
	err = tape.Run(context.Background(), samples, func(out []*tensor.Tensor) ([][]float32, error) {
		p.outputs = slices.Clone(out[0].Data)
		g := make([]float32, len(p.outputs))
		for i := range g {
			g[i] = float32(i%7-3) / 4
		}
		return [][]float32{g}, nil
	})
	if err != nil {
		return nil, err
	}
	p.inputGradients = slices.Clone(tape.InputGradients()[0])
	p.params = tape.Gradients(tape.Accumulators())
	for _, g := range p.lists() {
		if slices.ContainsFunc(g, func(v float32) bool { return !(v-v == 0) }) {
			return nil, errors.New("gradients that are not finite prove nothing")
		}
	}
	return p, nil
}

// gradients are those of the input, then of the parameters in the order of their
// names.
func (n selfNetwork) gradients() (Counts, string, error) {
	p, err := n.pass()
	if err != nil {
		return Counts{}, "", err
	}
	h := newNumberHash()
	p.addGradients(h)
	return Counts{Gradients: h.nonzero}, h.String(), nil
}

func (p *passed) addGradients(h *numberHash) {
	for _, g := range p.lists() {
		h.add(g)
	}
}

func (p *passed) lists() [][]float32 {
	lists := [][]float32{p.inputGradients}
	for _, name := range slices.Sorted(maps.Keys(p.params)) {
		lists = append(lists, p.params[name].Data)
	}
	return lists
}

// asText runs the same neuron written as equations: outputs and gradients of the
// inputs must have the bits of its kernel.
func (n selfNetwork) asText() (Counts, string, error) {
	want, err := n.pass()
	if err != nil {
		return Counts{}, "", err
	}
	texts, err := snn.Written(n.alone, n.in)
	if err != nil {
		return Counts{}, "", err
	}
	text := n
	text.nodes = nil
	for i, e := range texts {
		text.nodes = append(text.nodes, forward.Node{Name: fmt.Sprintf("text%d", i), Layer: e})
	}
	got, err := text.pass()
	if err != nil {
		return Counts{}, "", err
	}
	if i := firstOther(got.outputs, want.outputs); i >= 0 {
		return Counts{}, "", fmt.Errorf("output %d is %v as text, not %v", i, got.outputs[i], want.outputs[i])
	}
	if i := firstOther(got.inputGradients, want.inputGradients); i >= 0 {
		return Counts{}, "", fmt.Errorf("the gradient of input %d is %v as text, not %v", i, got.inputGradients[i], want.inputGradients[i])
	}
	outputs, gradients := newNumberHash(), newNumberHash()
	outputs.add(got.outputs)
	gradients.Hash = outputs.Hash
	got.addGradients(gradients)
	return Counts{Spikes: outputs.nonzero, Gradients: gradients.nonzero}, gradients.String(), nil
}

// firstOther is where two lists of numbers first differ by a bit, or -1.
func firstOther(a, b []float32) int {
	if len(a) != len(b) {
		return min(len(a), len(b))
	}
	for i := range a {
		if bitsOf(a[i]) != bitsOf(b[i]) {
			return i
		}
	}
	return -1
}

// bitsOf are those of a number: of a NaN, whose sign and payload are free, the
// same.
func bitsOf(v float32) uint32 {
	if v != v {
		return 0x7fc00000
	}
	return math.Float32bits(v)
}

// numberHash is a hash of numbers, little end first.
type numberHash struct {
	hash.Hash
	nonzero int
}

func newNumberHash() *numberHash { return &numberHash{Hash: sha256.New()} }

func (h *numberHash) add(numbers []float32) {
	var word [4]byte
	for _, v := range numbers {
		if v != 0 {
			h.nonzero++
		}
		binary.LittleEndian.PutUint32(word[:], bitsOf(v))
		h.Write(word[:])
	}
}

func (h *numberHash) String() string { return hex.EncodeToString(h.Sum(nil))[:selfDigits] }
