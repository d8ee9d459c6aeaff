package main

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
)

// discretization are the flags for what a NIR file does not say.
type discretization struct {
	given
	As      string       `default:"nir" help:"Whose way to step through a NIR file: nir, norse, rockpool, sinabs, ... (docs/nir.md)."`
	DT      float64      `name:"dt" help:"The length of a step in the time of a NIR file, mostly seconds."`
	Method  *snn.Method  `help:"How time constants become decays: exact or euler."`
	Gain    *nir.Gain    `help:"What becomes of r and w_in: integrated, scaled, absorbed or decayed."`
	Reset   *snn.Reset   `help:"What a spike does to the membrane: value, zero, subtract or none."`
	Timing  *snn.Timing  `help:"When: 'this step', 'next step', ..."`
	Start   *nir.Start   `help:"Where membranes begin: zero, leak or reset."`
	Arrival *snn.Arrival `help:"When an input reaches a membrane behind a current: now, late or early."`
	Tie     string       `enum:",strict,inclusive" default:"" placeholder:"TIE" help:"Whether a spike is sent at the threshold too: strict or inclusive."`
	Lenient bool         `help:"Repair a NIR file that breaks the rules, if that can be done, and say how."`
}

// discretize is the preset with what other flags change.
func (d discretization) discretize() (nir.Discretization, error) {
	to, err := nir.As(d.As, d.DT)
	if err != nil {
		return to, err
	}
	change(&to.Method, d.Method)
	change(&to.Gain, d.Gain)
	change(&to.Reset, d.Reset)
	change(&to.Timing, d.Timing)
	change(&to.Start, d.Start)
	change(&to.Arrival, d.Arrival)
	if d.Tie != "" {
		to.Inclusive = d.Tie == "inclusive"
		to.MultiSpike = to.MultiSpike && to.Inclusive
	}
	return to, nil
}

func change[T any](to, by *T) {
	if by != nil {
		*to = *by
	}
}

// isHDF5 reports whether a file is one, as NIR files are.
func isHDF5(data []byte) bool { return bytes.HasPrefix(data, []byte("\x89HDF\r\n\x1a\n")) }

// graph reads a NIR file. Repairs go to standard error.
func (d discretization) graph(path string, data []byte) (*nir.Graph, error) {
	var options []nir.Option
	var repairs []nir.Repair
	if d.Lenient {
		options = append(options, nir.Lenient(&repairs))
	}
	g, err := nir.Parse(data, options...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	for _, r := range repairs {
		fmt.Fprintln(os.Stderr, "repaired", r)
	}
	return g, nil
}

// model reads a model file, or makes a model of a NIR file; the report of that
// goes to standard error.
func (d discretization) model(path string) (*forward.Model, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	if !isHDF5(data) {
		if err := d.unused(path+" is no NIR file", nirFlags...); err != nil {
			return nil, err
		}
		return parseModel(path, data)
	}
	g, err := d.graph(path, data)
	if err != nil {
		return nil, err
	}
	to, err := d.discretize()
	if err != nil {
		return nil, err
	}
	m, report, err := g.Model(to)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := m.Graph().CheckLimits(); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	if err := d.asked(path, report); err != nil {
		return nil, err
	}
	fmt.Fprint(os.Stderr, report)
	return m, nil
}

// asked reports a flag about which nothing in a file asked: it is in none of
// the answers that the report gives.
func (d discretization) asked(path string, report *nir.Report) error {
	answers := map[string]string{
		"dt": "dt:", "method": "method ", "gain": "gain ", "reset": "reset ", "timing": "reset ", "start": "start:", "arrival": "arrival ", "tie": "tie:",
	}
	for _, flag := range nirFlags {
		answer, ok := answers[flag]
		if !ok {
			continue
		}
		if !slices.ContainsFunc(report.Assumed, func(line string) bool { return strings.HasPrefix(line, answer) }) {
			if err := d.unused("nothing in "+path+" asks for it", flag); err != nil {
				return err
			}
		}
	}
	return nil
}

// parseModel reads a model file, or says what else it is.
func parseModel(path string, data []byte) (*forward.Model, error) {
	if _, err := safetensors.Read(data); err != nil {
		return nil, noNetwork(path, data, err)
	}
	m, err := model.Parse(data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// isNIR reports whether a file to write is a NIR file.
func isNIR(path string) bool { return strings.HasSuffix(path, ".nir") }
