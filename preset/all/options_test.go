package all_test

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/random"
	_ "github.com/spikelane/spikelane/preset/all"
	"github.com/spikelane/spikelane/preset/sinabs"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/surrogate"
	"github.com/spikelane/spikelane/tensor"
)

// resets are bases of neurons that can choose what a spike does.
var resets = []string{`{"synapse": {"decay": 0.7}}`, `{"reset": "none"}`, `{"reset": "zero"}`, `{"reset": "value", "reset_to": 1.5}`, `{"timing": "next step"}`, `{"timing": "old membrane"}`}

// bases are the options beside which those of a type are tried, after none at
// all: what some options need to be of use.
var bases = map[string][]string{
	"Linear": {`{"out": 3}`}, "Conv2d": {`{"out": 4, "kernel": [3, 3]}`}, "Conv1d": {`{"out": 4, "kernel": 3}`},
	"SumPool2d": {`{"kernel": [2, 2]}`}, "AvgPool2d": {`{"kernel": [2, 2]}`}, "MaxPool2d": {`{"kernel": [2, 2]}`},
	"SumPool1d": {`{"kernel": 2}`}, "AvgPool1d": {`{"kernel": 2}`}, "MaxPool1d": {`{"kernel": 2}`}, "Delay": {`{"steps": 1}`},
	"LI":   {`{"tau": 5}`, `{"synapse": {"decay": 0.7}}`, `{"synapse": {"tau": 5}}`},
	"LIF":  append([]string{`{"tau": 5}`, `{"graded": 2}`, `{"floor": -1}`, `{"refractory": 2}`, `{"reset": "zero plus"}`, `{"multi_spike": true}`}, resets...),
	"IF":   append([]string{`{"graded": 2}`, `{"floor": -1}`, `{"refractory": 2}`, `{"reset": "zero plus"}`, `{"multi_spike": true}`}, resets...),
	"ALIF": append([]string{`{"tau": 5}`}, resets...), "AdaptiveLIF": append([]string{`{"tau": 5}`}, resets...),
	"Synapse": {`{"tau": 5}`}, "QIF": append([]string{`{"adaptive": true}`}, resets...), "EIF": resets,
	"Alpha": {`{"reset": "none"}`, `{"reset": "zero"}`}, "ResonateFire": {`{"no_reset": true}`}, "SpikeResponse": {`{"reset": "none"}`},
	"Izhikevich":  {`{"substeps": 2, "rate": 0.5}`},
	"sinabs.LIF":  {`{"membrane_reset": true, "single_spike": true}`, `{"tau_syn": 5}`, `{"alpha_mem": 0.7}`},
	"sinabs.IAF":  {`{"membrane_reset": true, "single_spike": true}`, `{"tau_syn": 5}`},
	"sinabs.ALIF": {`{"tau_syn": 5}`}, "mlgenn.LIF": {`{"absolute_reset": true}`, `{"tau_refrac": 2}`},
	"snntorch.Leaky": {`{"reset": "zero"}`, `{"reset": "none"}`}, "snntorch.Synaptic": {`{"reset": "zero"}`}, "snntorch.Lapicque": {`{"reset": "zero"}`},
	"norse.LIFBox": {`{"reset": "subtract"}`}, "spikingjelly.LIF": {`{"soft_reset": true}`}, "snnax.SimpleLIF": {`{"reset_val": 0.5}`},
}

// unseen are options that no input here shows: a membrane that is exactly at the
// threshold of these neurons, and one that a reset to zero leaves above it.
var unseen = []string{
	"EIF strict", `LIF {"reset": "zero"} timing: undelayed`, `LIF {"reset": "zero"} timing: undelayed next`,
	`IF {"reset": "zero"} timing: undelayed`, `IF {"reset": "zero"} timing: undelayed next`,
}

// Every option of every layer, set to another value, makes another layer or is
// an error: none is dropped.
func TestNoOptionIsDropped(t *testing.T) {
	tried := 0
	for _, typ := range snn.Types() {
		for _, base := range append([]string{"{}"}, bases[typ]...) {
			plain, err := printOf(typ, base)
			if err != nil {
				continue // it wants options, which a base has
			}
			l, err := snn.Unmarshal(typ, []byte(base))
			require.NoError(t, err)
			for option, values := range valuesOf(reflect.TypeOf(l), "") {
				name, _, _ := strings.Cut(option, ": ")
				if said(base, name) || slices.Contains(unseen, typ+" "+option) || slices.Contains(unseen, typ+" "+base+" "+option) {
					continue
				}
				tried++
				if !mattersTo(t, typ, base, name, values, plain) {
					t.Errorf("%s %s: %s is dropped", typ, base, option)
				}
			}
		}
	}
	require.Greater(t, tried, 500)
}

// said reports whether options say one of a name.
func said(options, name string) bool {
	var at any
	if json.Unmarshal([]byte(options), &at) != nil {
		return false
	}
	for part := range strings.SplitSeq(name, ".") {
		inner, _ := at.(map[string]any)
		if at = inner[part]; at == nil {
			return false
		}
	}
	return true
}

// mattersTo reports whether some value of an option makes another layer, or is
// refused.
func mattersTo(t *testing.T, typ, base, name string, values []any, plain string) bool {
	for _, v := range values {
		options := map[string]any{}
		require.NoError(t, json.Unmarshal([]byte(base), &options))
		set(options, strings.Split(name, "."), v)
		text, err := json.Marshal(options)
		require.NoError(t, err)
		if print, err := printOf(typ, string(text)); err != nil || print != plain {
			return true
		}
	}
	return false
}

func set(options map[string]any, path []string, v any) {
	if len(path) == 1 {
		options[path[0]] = v
		return
	}
	if options[path[0]] == nil {
		options[path[0]] = map[string]any{}
	}
	set(options[path[0]].(map[string]any), path[1:], v)
}

// valuesOf are, by the names of the options of a type, values to try.
func valuesOf(t reflect.Type, prefix string) map[string][]any {
	all := map[string][]any{}
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous {
			maps.Copy(all, valuesOf(f.Type, prefix))
			continue
		}
		name = prefix + name
		zero := reflect.New(f.Type).Elem().Interface()
		switch zero.(type) {
		case snn.Value:
			all[name] = []any{0.37, 3.1, 0}
		case surrogate.Func:
			all[name] = []any{surrogate.Triangle(0.7, 0.3), surrogate.Triangle(0.7, 0.3).Relative()}
		case snn.Size:
			all[name] = []any{snn.Size{2, 2}, snn.Size{1, 2}}
		case int:
			all[name] = []any{1, 2, 7}
		case bool:
			all[name] = []any{true}
		case snn.Synapse:
			maps.Copy(all, valuesOf(f.Type, name+"."))
		case string:
			all[name] = []any{"something"}
		case encoding.TextMarshaler:
			for _, word := range wordsOf(f.Type) {
				all[name+": "+word] = []any{word}
			}
		}
	}
	return all
}

// wordsOf are the choices of an option, without its default.
func wordsOf(t reflect.Type) []string {
	var words []string
	for i := uint64(1); ; i++ {
		v := reflect.New(t).Elem()
		v.SetUint(i)
		word, err := v.Interface().(encoding.TextMarshaler).MarshalText()
		if err != nil {
			return words
		}
		words = append(words, string(word))
	}
}

// printOf is what a layer makes of a fixed input, forward and back, with all of
// its parameters, and what it remembers at the end.
func printOf(typ, options string) (string, error) {
	l, err := snn.Unmarshal(typ, []byte(options))
	if err != nil {
		return "", err
	}
	var prints []string
	for _, shape := range []tensor.Shape{{6}, {2, 6}, {2, 6, 5}} {
		if p, err := printAt(l, shape); err == nil {
			prints = append(prints, p)
		} else {
			prints = append(prints, "")
			if shape[0] == 2 && len(shape) == 3 && strings.Join(prints, "") == "" {
				return "", err
			}
		}
	}
	return strings.Join(prints, "\n"), nil
}

func printAt(l snn.Layer, shape tensor.Shape) (string, error) {
	g, err := forward.New(forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: shape}}, Layers: []forward.Node{{Name: "n", Layer: l}}})
	if err != nil {
		return "", err
	}
	m, err := g.Init(1)
	if err != nil {
		return "", err
	}
	const steps = 30
	x := tensor.New(append(tensor.Shape{steps, 1}, shape...)...)
	key := random.New(1, "x")
	for i := range x.Data {
		x.Data[i] = float32(3*key.Uniform(0, 0, uint32(i)) - 0.5)
		switch {
		case strings.Contains(l.Type(), "Izhikevich"):
			x.Data[i] *= 20 // membranes in mV
		case i%6 == 5 && !strings.HasSuffix(l.Type(), "QIF") && !strings.HasSuffix(l.Type(), "EIF"):
			x.Data[i] *= 12 // several spikes a step
		}
	}
	copy(x.Data, []float32{1, 2}) // which take membranes exactly to the threshold
	h := sha256.New()
	plan, err := l.Build(shape)
	if err != nil {
		return "", err
	}
	fmt.Fprint(h, plan.State, slices.Sorted(maps.Keys(m.Params())))
	end := m.NewState(1)
	if _, err := m.With(forward.CheckFinite(false)).Run(context.Background(), end, x); err != nil {
		return "", err
	}
	for _, v := range plan.States {
		values, err := end.Variable("n", v.Name)
		if err != nil {
			return "", err
		}
		fmt.Fprint(h, v.Name, values.Data)
	}
	tape, err := m.NewTape(forward.BackwardOptions{Inputs: true, Dropout: true})
	if err != nil {
		return "", err
	}
	err = tape.Run(context.Background(), forward.Samples{Inputs: []tensor.Signal{x}, Count: 1, Start: m.NewState(1)}, func(out []*tensor.Tensor) ([][]float32, error) {
		g := make([]float32, len(out[0].Data))
		for i := range g {
			g[i] = float32(i%5) - 1.5
		}
		fmt.Fprint(h, out[0].Shape, out[0].Data)
		return [][]float32{g}, nil
	})
	if err != nil {
		return "", err
	}
	grads := tape.Gradients(tape.Accumulators())
	for _, name := range slices.Sorted(maps.Keys(grads)) {
		fmt.Fprint(h, name, grads[name].Data)
	}
	fmt.Fprint(h, tape.InputGradients())
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}

// The types of a preset that is not imported are those of a package that the
// error names.
func TestUnknownTypesSayWhatToImport(t *testing.T) {
	for _, typ := range snn.Types() {
		preset, _, dotted := strings.Cut(typ, ".")
		if !dotted {
			continue
		}
		_, err := snn.Unmarshal(preset+".Nothing", nil)
		require.ErrorContains(t, err, `"github.com/spikelane/spikelane/preset/`+preset+`"`)
		require.ErrorContains(t, err, "preset/all")
	}
	_, err := snn.Unmarshal("Nothing", nil)
	require.NotContains(t, err.Error(), "import")
}

// A surrogate of a fixed threshold would make the gradient of sinabs' ALIF,
// whose threshold moves, wrong by a factor.
func TestSinabsALIFWantsItsLevel(t *testing.T) {
	for _, f := range []surrogate.Func{surrogate.Exponential(2, 2), surrogate.OneSided(1, 1), sinabs.PeriodicExponential(0.5, 1)} {
		_, err := sinabs.ALIF{Surrogate: f}.Build(tensor.Shape{1})
		require.ErrorIs(t, err, snn.ErrOption, f)
		require.ErrorContains(t, err, "sinabs.")
	}
	for _, f := range []surrogate.Func{{}, sinabs.SingleExponential(0.3), sinabs.Heaviside(0.3), sinabs.Gaussian(0, 0.5), surrogate.Exponential(2, 2).Relative()} {
		_, err := sinabs.ALIF{Surrogate: f}.Build(tensor.Shape{1})
		require.NoError(t, err, f)
	}
}
