package main

import (
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/format/safetensors"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

type inspect struct {
	given
	File    string `arg:"" help:"A NIR file, a model file, another safetensors file, or NumPy arrays."`
	Dot     bool   `help:"Print the graph for Graphviz."`
	Lenient bool   `help:"Repair a NIR file that breaks the rules, if that can be done, and say how."`
}

// entry is a node of a graph, or a tensor of a file without one.
type entry struct {
	name, typ string
	out       tensor.Shape
	params    []string // "weight float32 [20 256]"
	size      int      // numbers in all of them
	sources   []wire
	neurons   *neurons // nil for layers without
}

// wire is an edge into a node.
type wire struct {
	from  string
	delay int
}

// Run prints the table or the graph.
func (i inspect) Run() error {
	entries, title, err := i.read()
	if err != nil {
		return err
	}
	if i.Dot {
		printf("%s", dot(entries))
		return nil
	}
	printline(title)
	if entries == nil {
		return nil
	}
	w := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "name\ttype\tout\treads\tnumbers\tparameters")
	total := 0
	for _, e := range entries {
		var reads []string
		for _, s := range e.sources {
			if s.delay > 0 {
				s.from += fmt.Sprintf("@%d", s.delay)
			}
			reads = append(reads, s.from)
		}
		fmt.Fprintf(w, "%s\t%s\t%v\t%s\t%d\t%s\n", e.name, e.typ, []int(e.out), strings.Join(reads, ", "), e.size, strings.Join(e.params, ", "))
		total += e.size
	}
	if err := w.Flush(); err != nil {
		return err
	}
	printf("%d entries, %d numbers\n", len(entries), total)
	for _, e := range entries {
		if e.neurons != nil {
			e.neurons.print(e.name)
		}
	}
	return nil
}

// read tells the kind of the file by its bytes.
func (i inspect) read() (entries []entry, title string, err error) {
	data, err := os.ReadFile(i.File)
	if err != nil {
		return nil, "", err
	}
	if !isHDF5(data) {
		if err := i.unused(i.File+" is no NIR file", "lenient"); err != nil {
			return nil, "", err
		}
	}
	if isHDF5(data) {
		g, err := discretization{Lenient: i.Lenient}.graph(i.File, data)
		if err != nil {
			return nil, "", err
		}
		shapes, err := g.Shapes()
		if err != nil {
			return nil, "", fmt.Errorf("%s: %w", i.File, err)
		}
		return nodes(g, shapes, ""), fmt.Sprintf("%s: NIR, version %s, %d bytes", i.File, g.Version, len(data)), nil
	}
	f, err := safetensors.Read(data)
	if err != nil {
		return i.other(data, err)
	}
	if _, ok := f.Metadata["spikelane.graph"]; !ok {
		return tensors(f), fmt.Sprintf("%s: safetensors without a graph%s, %d bytes", i.File, purpose(f), len(data)), nil
	}
	m, err := model.Parse(data)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", i.File, err)
	}
	return layers(m), fmt.Sprintf("%s: model, %d bytes", i.File, len(data)), nil
}

// other tells what a file without a network is.
func (i inspect) other(data []byte, unknown error) (entries []entry, title string, err error) {
	k, ok := kindOf(i.File, data)
	if !ok {
		return nil, "", fmt.Errorf("%s: neither a NIR file nor a model file: %w", i.File, unknown)
	}
	if strings.HasPrefix(k.what, "a NumPy") {
		if entries, err = arrays(data); err != nil {
			return nil, "", fmt.Errorf("%s: %w", i.File, err)
		}
	}
	if i.Dot {
		return nil, "", fmt.Errorf("%s: %s, which has no graph to print: %s", i.File, k.what, k.use)
	}
	return entries, fmt.Sprintf("%s: %s, %d bytes: %s", i.File, k.what, len(data), k.use), nil
}

// purpose says which of this project's files without a graph it is.
func purpose(f *safetensors.File) string {
	if _, ok := f.Metadata["spikelane.training"]; ok {
		return " (a checkpoint: train --resume goes on with it)"
	}
	if _, ok := f.Metadata["kind"]; ok {
		return " (a test vector: conform compares with it)"
	}
	return ""
}

// nodes are those of a NIR graph and of the graphs in it.
func nodes(g *nir.Graph, shapes map[string]tensor.Shape, path string) (all []entry) {
	for _, name := range g.Names() {
		n := g.Nodes[name]
		e := entry{name: path + name, typ: n.Type(), out: shapes[path+name]}
		values := nir.Parameters(n)
		for _, p := range slices.Sorted(maps.Keys(values)) {
			a := values[p]
			if text, ok := a.Text(); ok {
				e.params = append(e.params, fmt.Sprintf("%s %q", p, text))
				continue
			}
			e.params = append(e.params, fmt.Sprintf("%s %s %v", p, a.Type(), []int(a.Shape)))
			e.size += a.Len()
		}
		for _, edge := range g.Edges {
			if edge.To == name {
				e.sources = append(e.sources, wire{from: path + edge.From})
			}
		}
		slices.SortFunc(e.sources, func(a, b wire) int { return strings.Compare(a.from, b.from) })
		all = append(all, e)
		if nested, ok := n.(*nir.Graph); ok {
			all = append(all, nodes(nested, shapes, path+name+".")...)
		}
	}
	return all
}

// layers are the inputs and the layers of a model.
func layers(m *forward.Model) (all []entry) {
	s, params := m.Graph().Spec(), m.Params()
	for _, in := range s.Inputs {
		all = append(all, entry{name: in.Name, typ: "input", out: in.Shape})
	}
	for _, n := range s.Layers {
		e := entry{name: n.Name, typ: n.Layer.Type(), out: m.Graph().Shape(n.Name), neurons: neuronsOf(m, n)}
		for _, p := range slices.Sorted(maps.Keys(params)) {
			if own, ok := strings.CutPrefix(p, n.Name+"."); ok && !strings.Contains(own, ".") {
				e.params = append(e.params, fmt.Sprintf("%s %v", own, []int(params[p].Shape)))
				e.size += len(params[p].Data)
			}
		}
		for _, from := range n.Sources {
			e.sources = append(e.sources, wire{from.Layer, from.Delay.Steps()})
		}
		for _, from := range n.Inputs {
			e.sources = append(e.sources, wire{from: from})
		}
		if slices.Contains(s.Outputs, n.Name) {
			e.typ += " (output)"
		}
		all = append(all, e)
	}
	return all
}

// tensors are those of a file without a graph.
func tensors(f *safetensors.File) (all []entry) {
	for _, name := range f.Names() {
		t, _ := f.Entry(name)
		all = append(all, entry{name: name, typ: string(t.DType), out: t.Shape, size: t.Shape.Size()})
	}
	return all
}

// dot is the graph in the language of Graphviz.
func dot(entries []entry) string {
	var b strings.Builder
	b.WriteString("digraph {\n\tnode [shape=box];\n")
	for _, e := range entries {
		fmt.Fprintf(&b, "\t%q [label=%q];\n", e.name, fmt.Sprintf("%s\n%s %v", e.name, e.typ, []int(e.out)))
	}
	for _, e := range entries {
		for _, s := range e.sources {
			label := ""
			if s.delay > 0 {
				label = fmt.Sprintf(" [label=\"%d\"]", s.delay)
			}
			fmt.Fprintf(&b, "\t%q -> %q%s;\n", s.from, e.name, label)
		}
	}
	b.WriteString("}\n")
	return b.String()
}
