package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
)

// neurons is what there is to say of a layer of neurons beside its shapes.
type neurons struct {
	variables []string // what is remembered
	equations string   // of a layer that has its own
	numbers   []string // "decay is 0.9, from 0 to 1"
}

// neuronsOf says it of a layer, and nil of one that remembers nothing of its
// neurons and has no equations.
func neuronsOf(m *forward.Model, n forward.Node) *neurons {
	own := &neurons{variables: m.Graph().Variables(n.Name)}
	if e, ok := n.Layer.(snn.Equations); ok {
		own.equations = e.Text
	} else if own.variables == nil {
		return nil
	}
	bounds := map[string]string{}
	m.Graph().Bounds(func(name string, low, high float32) { bounds[name] = ", " + limits(low, high) })
	params := m.Params()
	for _, name := range slices.Sorted(maps.Keys(params)) {
		if p, ok := strings.CutPrefix(name, n.Name+"."); ok && !strings.Contains(p, ".") {
			own.numbers = append(own.numbers, p+" is "+span(params[name].Data)+bounds[name])
		}
	}
	return own
}

// span is a number, or the least and the greatest of several.
func span(values []float32) string {
	low, high := slices.Min(values), slices.Max(values)
	if low == high {
		return fmt.Sprint(low)
	}
	return fmt.Sprintf("%v to %v", low, high)
}

// limits says where a parameter is kept.
func limits(low, high float32) string {
	switch {
	case low <= -math.MaxFloat32:
		return fmt.Sprintf("at most %v", high)
	case high >= math.MaxFloat32:
		return fmt.Sprintf("at least %v", low)
	}
	return fmt.Sprintf("from %v to %v", low, high)
}

// print writes it under the name of the layer.
func (n *neurons) print(name string) {
	remembers := "nothing"
	if len(n.variables) > 0 {
		remembers = strings.Join(n.variables, ", ")
	}
	printf("%s remembers %s\n", name, remembers)
	for _, line := range statements(n.equations) {
		printf("    %s\n", line)
	}
	for _, p := range n.numbers {
		printf("    %s\n", p)
	}
}

// statements are those of a text, one a line, with their comments.
func statements(text string) (lines []string) {
	for line := range strings.Lines(text) {
		code, comment, commented := strings.Cut(line, "#")
		parts := strings.Split(code, ";")
		if commented {
			parts[len(parts)-1] += "#" + comment
		}
		for _, part := range parts {
			if part = strings.TrimSpace(part); part != "" {
				lines = append(lines, part)
			}
		}
	}
	return lines
}
