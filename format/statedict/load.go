package statedict

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// ErrMatch is wrapped by errors about a state dict and a graph that are not of
// one network: tensors that are left over, layers without any, shapes that
// differ, and a choice that is not plain.
var ErrMatch = errors.New("state dict and graph do not match")

// Report says what [Load] did.
type Report struct {
	// Matches are the modules, in the order of their layers.
	Matches []Match
	// Kept are the parameters that the state dict does not hold, by the names
	// <layer>.<parameter>: they are as the options of the graph say.
	Kept []string
}

// Names are the matches, which make [Export] write the names that were read.
func (r *Report) Names() Names {
	names := Names{}
	for _, m := range r.Matches {
		names[m.Module] = m.Layer
	}
	return names
}

// String is a line for each module and each parameter that was kept.
func (r *Report) String() string {
	var b strings.Builder
	for _, m := range r.Matches {
		fmt.Fprintf(&b, "%s is %s (%s)\n", m.Module, m.Layer, m.By)
	}
	for _, name := range r.Kept {
		fmt.Fprintf(&b, "%s is as the graph says\n", name)
	}
	return b.String()
}

// Load makes a model of a graph and a state dict. A module becomes the layer
// that names say; else the layer of its name; else, of those left, the one
// layer whose parameters have its tensors' names and shapes. Of modules that fit
// several layers, as many as the layers, each becomes the one of its place, if
// their names differ in their numbers only (lif1 and lif2, net.3 and net.10). A
// prefix that nn.DataParallel or torch.compile put before all names is left out.
//
// Errors wrap [ErrMatch] and list everything that is left over or missing, or
// are those of [forward.Graph.Load].
func Load(g *forward.Graph, tensors map[string]*tensor.Tensor, names Names) (*forward.Model, *Report, error) {
	m, report, err := load(g, tensors, names)
	if err != nil {
		return nil, nil, fmt.Errorf("statedict: %w", err)
	}
	return m, report, nil
}

func load(g *forward.Graph, tensors map[string]*tensor.Tensor, names Names) (*forward.Model, *Report, error) {
	for _, name := range sorted(tensors) {
		if err := tensors[name].Check(); err != nil {
			return nil, nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	tensors = unwrapped(tensors)
	if err := checkCells(tensors); err != nil {
		return nil, nil, err
	}
	fresh, err := g.Init(0) // for the shapes
	if err != nil {
		return nil, nil, err
	}
	params := fresh.Params()
	found, err := match(units(g, params), modules(tensors), names)
	if err != nil {
		return nil, nil, err
	}
	weights, report := map[string]*tensor.Tensor{}, &Report{}
	for _, u := range found.units {
		if found.open(u) {
			continue
		}
		c := found.chosen[u]
		report.Matches = append(report.Matches, Match{c.name, u.name, c.by})
		if err := u.fill(weights, c.module); err != nil {
			return nil, nil, err
		}
	}
	for _, name := range sorted(params) {
		if weights[name] == nil {
			report.Kept = append(report.Kept, name)
		}
	}
	m, err := g.Load(weights)
	return m, report, err
}

// fill adds the parameters of a layer.
func (u *unit) fill(weights map[string]*tensor.Tensor, mod *module) error {
	for _, e := range u.entries {
		t := mod.tensors[e.foreign]
		if t == nil || e.form == unused {
			continue
		}
		if e.must != nil {
			want := e.must(u.layer)
			if i := slices.IndexFunc(t.Data, func(v float32) bool { return v != want }); i >= 0 {
				return fmt.Errorf("%w: %s is %v, but the %s %q computes with %v%s",
					ErrMatch, full(mod.name, e.foreign), t.Data[i], u.layer.Type(), u.name, want, e.says)
			}
			continue
		}
		p, err := u.parameter(e, t)
		if err != nil {
			return err // not after match
		}
		name := u.name + "." + e.native
		if e.form == again && !slices.Equal(p.Data, weights[name].Data) {
			return fmt.Errorf("%w: %s differs from its other name", ErrMatch, full(mod.name, e.foreign))
		}
		weights[name] = p
	}
	return nil
}

// checkCells refuses recurrent cells by their tensors' names, which say more
// than that nothing uses them.
func checkCells(tensors map[string]*tensor.Tensor) error {
	for _, name := range sorted(tensors) {
		_, own := split(name, tensors)
		if strings.HasPrefix(own, "weight_hh") || strings.HasPrefix(own, "weight_ih") {
			return fmt.Errorf("%w: %s is of an LSTM, GRU or RNN, for which there is no layer", ErrMatch, name)
		}
	}
	return nil
}
