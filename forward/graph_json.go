package forward

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// graphJSON is a graph in model files; docs/model-file.md holds the schema.
type graphJSON struct {
	Inputs  []inputJSON `json:"inputs"`
	Rule    string      `json:"rule,omitempty"`
	Layers  []layerJSON `json:"layers"`
	Outputs []string    `json:"outputs,omitempty"`
}

type inputJSON struct {
	Name  string       `json:"name"`
	Shape tensor.Shape `json:"shape"`
}

type layerJSON struct {
	Name    string          `json:"name,omitempty"`
	Type    string          `json:"type"`
	Options json.RawMessage `json:"options,omitempty"`
	Sources []string        `json:"sources,omitempty"`
	Delays  []int           `json:"delays,omitempty"`
	Inputs  []string        `json:"inputs,omitempty"`
	Join    string          `json:"join,omitempty"`
	Initial string          `json:"initial,omitempty"`
}

// json is the graph with everything written out.
func (g *Graph) json() (graphJSON, error) {
	s := g.Spec()
	j := graphJSON{Rule: s.Rule.String(), Outputs: s.Outputs}
	for _, in := range s.Inputs {
		j.Inputs = append(j.Inputs, inputJSON(in))
	}
	for _, n := range s.Layers {
		l := layerJSON{Name: n.Name, Type: n.Layer.Type(), Inputs: n.Inputs, Join: n.Join.String(), Initial: n.Initial}
		options, err := json.Marshal(n.Layer)
		if err != nil {
			return j, g.errorAt(len(j.Layers), err)
		}
		if string(options) != "{}" {
			l.Options = options
		}
		for _, source := range n.Sources {
			l.Sources = append(l.Sources, source.Layer)
			l.Delays = append(l.Delays, source.Delay.steps)
		}
		j.Layers = append(j.Layers, l)
	}
	return j, nil
}

// MarshalJSON writes the graph as model files hold it, every delay spelled out.
func (g *Graph) MarshalJSON() ([]byte, error) {
	j, err := g.json()
	if err != nil {
		return nil, err
	}
	return json.Marshal(j)
}

// ParseGraph reads a graph from JSON: what [Graph.MarshalJSON] writes, or a
// shorter one by hand. Unknown fields, types and options are errors.
func ParseGraph(text []byte) (*Graph, error) {
	var j graphJSON
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(&j); err != nil {
		return nil, fmt.Errorf("forward: graph: %w: %w", ErrGraph, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("forward: graph: %w: text after the end", ErrGraph)
	}
	s, err := j.spec()
	if err != nil {
		return nil, fmt.Errorf("forward: graph: %w", err)
	}
	return New(s)
}

func (j graphJSON) spec() (s Spec, err error) {
	s.Outputs = j.Outputs
	if j.Rule != "" {
		if s.Rule, err = parse("rule", j.Rule, RuleDefault, RuleDelayed); err != nil {
			return s, err
		}
	}
	for _, in := range j.Inputs {
		s.Inputs = append(s.Inputs, Input(in))
	}
	for i, l := range j.Layers {
		n, err := l.node()
		if err != nil {
			return s, fmt.Errorf("layer %d (%s %q): %w", i, l.Type, l.Name, err)
		}
		s.Layers = append(s.Layers, n)
	}
	return s, nil
}

func (l layerJSON) node() (n Node, err error) {
	n.Name, n.Inputs, n.Initial = l.Name, l.Inputs, l.Initial
	if n.Layer, err = snn.Unmarshal(l.Type, l.Options); err != nil {
		return n, err
	}
	if l.Join != "" {
		if n.Join, err = parse("join", l.Join, JoinConcat, JoinSum); err != nil {
			return n, err
		}
	}
	if len(l.Delays) != 0 && len(l.Delays) != len(l.Sources) {
		return n, fmt.Errorf("%w: %d sources, %d delays", ErrGraph, len(l.Sources), len(l.Delays))
	}
	for k, name := range l.Sources {
		e := From(name)
		if len(l.Delays) > 0 {
			e = After(l.Delays[k], name)
		}
		n.Sources = append(n.Sources, e)
	}
	return n, nil
}
