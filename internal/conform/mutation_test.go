package conform_test

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/internal/conform"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/slowtest"
	"github.com/spikelane/spikelane/internal/vectors"
)

// vector is the file of a case, to be changed.
type vector struct {
	meta    map[string]any
	tensors map[string]entry
	data    []byte
}

type entry struct {
	DType   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

func readVector(t *testing.T, name string) *vector {
	data, err := os.ReadFile(shared.Path(t, "golden", name+".safetensors"))
	require.NoError(t, err)
	start := 8 + binary.LittleEndian.Uint64(data)
	var header map[string]json.RawMessage
	require.NoError(t, json.Unmarshal(data[8:start], &header))
	v := &vector{meta: map[string]any{}, tensors: map[string]entry{}, data: data[start:]}
	var texts map[string]string
	require.NoError(t, json.Unmarshal(header["__metadata__"], &texts))
	for key, text := range texts {
		var value any
		require.NoError(t, json.Unmarshal([]byte(text), &value))
		v.meta[key] = value
	}
	delete(header, "__metadata__")
	for key, raw := range header {
		var e entry
		require.NoError(t, json.Unmarshal(raw, &e))
		v.tensors[key] = e
	}
	return v
}

// run runs the case as it is now.
func (v *vector) run(t *testing.T, events string) error {
	texts := map[string]string{}
	for key, value := range v.meta {
		text, err := json.Marshal(value)
		require.NoError(t, err)
		texts[key] = string(text)
	}
	header := map[string]any{"__metadata__": texts}
	for key, e := range v.tensors {
		header[key] = e
	}
	head, err := json.Marshal(header)
	require.NoError(t, err)
	data := append(binary.LittleEndian.AppendUint64(nil, uint64(len(head))), head...)
	c, err := vectors.Read(append(data, v.data...))
	if err != nil {
		return err
	}
	return conform.Run(c, events).Err
}

// change is one value that can be changed, and changed back.
type change struct {
	at       string
	do, undo func()
}

// changes are those of every value below one.
func changes(at string, value any, set func(any)) []change {
	one := func(to any) []change { return []change{{at, func() { set(to) }, func() { set(value) }}} }
	switch v := value.(type) {
	case float64:
		return one(v*1.5 + 0.37)
	case string:
		return append(one(v+" x"), change{at + " (other words)", func() { set("something else") }, func() { set(v) }})
	case bool:
		return one(!v)
	case nil:
		return one(0.5)
	case []any:
		list := append(one(append(slices.Clone(v), 1.0)), one([]any{})[:min(1, len(v))]...)
		list[0].at += " (longer)"
		for i := range v[:min(len(v), 2)] {
			list = append(list, changes(fmt.Sprintf("%s[%d]", at, i), v[i], func(to any) { v[i] = to })...)
		}
		return list
	case map[string]any:
		list := []change{{at + " (another entry)", func() { v["surprise"] = 1.0 }, func() { delete(v, "surprise") }}}
		for key, was := range v {
			list = append(list, changes(at+"."+key, was, func(to any) { v[key] = to })...)
			list = append(list, change{at + "." + key + " (missing)", func() { delete(v, key) }, func() { v[key] = was }})
		}
		return list
	}
	panic(value)
}

// tensorChanges are, of every tensor, other numbers throughout, and NaN in one
// place.
func (v *vector) tensorChanges() (list []change) {
	for name, e := range v.tensors {
		data := v.data[e.Offsets[0]:e.Offsets[1]]
		was := slices.Clone(data)
		undo := func() { copy(data, was) }
		list = append(list, change{"tensor " + name, func() { e.alter(data) }, undo})
		if e.DType == "F32" && len(data) > 0 {
			middle := data[len(data)/8*4:]
			list = append(list, change{"tensor " + name + " (NaN)", func() { binary.LittleEndian.PutUint32(middle, math.Float32bits(float32(math.NaN()))) }, undo})
		}
	}
	return list
}

// alter makes other numbers.
func (e entry) alter(data []byte) {
	for ; len(data) > 0 && e.DType == "I64"; data = data[8:] {
		binary.LittleEndian.PutUint64(data, binary.LittleEndian.Uint64(data)+1)
	}
	for ; len(data) > 0; data = data[4:] {
		f := math.Float32frombits(binary.LittleEndian.Uint32(data))
		binary.LittleEndian.PutUint32(data, math.Float32bits(f*1.5+0.5))
	}
}

// remarks are changes that a case survives: entries that nothing else in it
// repeats, and errors of the recorder below the tolerances.
var remarks = regexp.MustCompile(`^\.(seed|notes|reference|set)|^\.margin\.measured$|^\.verified|^\.(rates|margin) \(missing\)$`)

// Whatever is changed of a case, in its metadata or its tensors, makes it fail:
// but for remarks, and for arguments and states that the equation of its class
// does not read.
func TestEveryChangeIsFound(t *testing.T) {
	if testing.Short() || emulated() {
		t.Skip("it runs thousands of cases")
	}
	events := filepath.Join(shared.Path(t, "data"), "nmnist")
	for name, unread := range map[string][]string{
		"graph.custom.2":                                              nil,
		"graph.delayed.1":                                             nil,
		"network.mlp.snnax.delayed.bias":                              nil,
		"network.mlp.spikingjelly.soft.detach":                        nil,
		"network.mlp.jaxpike":                                         nil,
		"network.conv.snnax.spikingmaxpool":                           nil,
		"network.conv.snntorch.sumpool":                               nil,
		"network.graph.snnax.delayed":                                 nil,
		"network.recurrent.snntorch":                                  nil,
		"neuron.equation.lava.CUBA.float.fromrand":                    nil,
		"neuron.equation.mlgenn.LIF.absolute.scale_i.fromrand":        nil,
		"neuron.equation.slax.LIF.subtract.fromrand":                  nil,
		"neuron.equation.snnax.SRM.as_written.fromrand":               nil,
		"neuron.jaxpike.ALIF.zero.fromrand":                           nil,
		"neuron.jaxpike.Izhikevich.from0":                             nil,
		"neuron.jaxpike.LeakyIntegrator.fromrand":                     {".parameters.threshold", ".parameters.sg", ".parameters.sgp"},
		"neuron.norse.LIFBox.subtract.fromrand":                       {".surrogate.alpha (missing)"},
		"neuron.norse.LSNN.recurrent.fromrand":                        {".surrogate.alpha (missing)"},
		"neuron.norse.LIF.feed_forward.triangle.from0":                nil,
		"neuron.rockpool.LIFTorch.rec.fromrand":                       nil,
		"neuron.sinabs.ALIF.syn.fromrand":                             nil,
		"neuron.sinabs.LIF.norm.multi.subtract.minv.fromrand":         {".parameters.reset_value"},
		"neuron.sinabs.LIF.norm.single.resetvalue.fromrand":           nil,
		"neuron.snnax.LIF.value.fullgrad.fromrand":                    nil,
		"neuron.snnax.SigmaDelta.fromrand":                            {"tensor init.e"},
		"neuron.snntorch.Lapicque.zero.fromrand":                      nil,
		"neuron.snntorch.Leaky.subtract.delay.atan.graded.fromrand":   nil,
		"neuron.snntorch.RLeaky.all_to_all.subtract.nodelay.fromrand": nil,
		"neuron.snntorch.RLeaky.one_to_one.zero.delay.from0":          nil,
		"neuron.spikingjelly.Izhikevich.hard.detach.fromrand":         nil,
		"neuron.spikingjelly.PLIF.nodecay_input.soft.attach.fromrand": nil,
		"neuron.spyx.CuBaLIF.fromrand":                                nil,
		"surrogate.norse.super":                                       {".parameters.alpha"}, // which the release ignores
		"surrogate.rockpool.StepPWL":                                  nil,
		"surrogate.sinabs.PeriodicExponential":                        nil,
		"surrogate.spikingjelly.SquarewaveFourierSeries":              nil,
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.HasPrefix(name, "neuron.snntorch.") && !strings.HasPrefix(name, "surrogate.") { // some of all kinds
				slowtest.Sweep(t)
			}
			v := readVector(t, name)
			require.NoError(t, v.run(t, events))
			survived := []string(nil)
			for _, c := range append(changes("", v.meta, nil), v.tensorChanges()...) {
				c.do()
				err := v.run(t, events)
				c.undo()
				at, _, _ := strings.Cut(c.at, " (other words)")
				if err == nil && !remarks.MatchString(c.at) && !slices.Contains(survived, at) {
					survived = append(survived, at)
				}
			}
			require.ElementsMatch(t, unread, survived)
			require.NoError(t, v.run(t, events), "as it was")
		})
	}
}

// The same for the published network, of which each run takes a while: its
// numbers, and the words of a few entries.
func TestEveryChangeOfNMNISTIsFound(t *testing.T) {
	slowtest.Sweep(t)
	events := filepath.Join(shared.Path(t, "data"), "nmnist")
	v := readVector(t, "nmnist_cnn")
	var list []change
	for _, key := range []string{"layers", "tie", "reset", "input", "tol", "class", "version", "accuracy"} {
		list = append(list, changes(key, v.meta[key], func(to any) { v.meta[key] = to })...)
	}
	for _, c := range append(list, v.tensorChanges()...) {
		if strings.HasPrefix(c.at, "tensor margin") || strings.HasPrefix(c.at, "tensor float32") {
			continue // nothing here computes in float64
		}
		c.do()
		require.Error(t, v.run(t, events), c.at)
		c.undo()
	}
	require.NoError(t, v.run(t, events), "as it was")
}

// Without its weights the case is that of the network's NIR file.
func TestNMNISTWithoutWeights(t *testing.T) {
	if emulated() {
		t.Skip("it takes too long")
	}
	events := filepath.Join(shared.Path(t, "data"), "nmnist")
	v := readVector(t, "nmnist_cnn")
	for name := range v.tensors {
		if strings.HasSuffix(name, ".weight") || strings.HasSuffix(name, ".bias") {
			delete(v.tensors, name)
			delete(v.meta["tensors"].(map[string]any), name)
		}
	}
	v.compact()
	require.NoError(t, v.run(t, events))
	delete(v.meta, "layers")
	require.NoError(t, v.run(t, events), "without its layers")
	counts := v.tensors["output_counts"]
	v.data[counts.Offsets[0]]++
	require.ErrorContains(t, v.run(t, events), "output_counts")
}

// compact drops the numbers of no tensor.
func (v *vector) compact() {
	var data []byte
	for _, name := range slices.Sorted(maps.Keys(v.tensors)) {
		e := v.tensors[name]
		bytes := v.data[e.Offsets[0]:e.Offsets[1]]
		e.Offsets = [2]int{len(data), len(data) + len(bytes)}
		v.tensors[name], data = e, append(data, bytes...)
	}
	v.data = data
}

// A case with another function of its framework is built with that.
func TestOtherSurrogate(t *testing.T) {
	v := readVector(t, "neuron.norse.LIF.feed_forward.triangle.fromrand")
	s := v.meta["surrogate"].(map[string]any)
	s["name"], s["derivative"] = "circ", "alpha^3/(alpha^2+x^2)^1.5"
	require.ErrorContains(t, v.run(t, ""), "gradient of", "the gradients are those of triangle")
	s["name"] = "square"
	require.ErrorContains(t, v.run(t, ""), `Norse has no function "square"`)
}
