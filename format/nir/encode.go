package nir

import (
	"fmt"

	"github.com/spikelane/spikelane/internal/hdf5"
)

// version is that of the Python package whose files these are.
const version = "1.0.8"

// fileOf is a graph as a file.
func fileOf(g *Graph) (*hdf5.Group, error) {
	node, err := groupOf(g, "", 0)
	if err != nil {
		return nil, err
	}
	v := g.Version
	if v == "" {
		v = version
	}
	return &hdf5.Group{Members: map[string]hdf5.Node{"node": node, "version": text(v)}}, nil
}

// groupOf is a node as a group.
func groupOf(n Node, name string, depth int) (*hdf5.Group, error) {
	if depth > maxNesting {
		return nil, badf(name, "graphs are nested more than %d deep", maxNesting)
	}
	members := map[string]hdf5.Node{"type": text(n.Type())}
	if g, ok := n.(*Graph); ok {
		nodes := map[string]hdf5.Node{}
		for _, inner := range g.Names() {
			group, err := groupOf(g.Nodes[inner], inside(name, inner), depth+1)
			if err != nil {
				return nil, err
			}
			nodes[inner] = group
		}
		members["nodes"], members["edges"] = &hdf5.Group{Members: nodes}, edgesOf(g)
	}
	for parameter, a := range Parameters(n) {
		d, err := dataset(a)
		if err != nil {
			return nil, at(name, fmt.Errorf("%s: %w", parameter, err))
		}
		members[parameter] = d
	}
	if m := n.metadata(); len(m) > 0 {
		group, err := metadataOf(m, 0)
		if err != nil {
			return nil, at(name, fmt.Errorf("metadata: %w", err))
		}
		members["metadata"] = group
	}
	return &hdf5.Group{Members: members}, nil
}

// edgesOf are edges as pairs of texts, [edges, 2].
func edgesOf(g *Graph) *hdf5.Dataset {
	names := []string{}
	for _, e := range g.Edges {
		names = append(names, e.From, e.To)
	}
	return &hdf5.Dataset{Shape: []int{len(g.Edges), 2}, Data: names}
}

func metadataOf(m Metadata, depth int) (*hdf5.Group, error) {
	if depth > maxNesting {
		return nil, fmt.Errorf("%w: it is more than %d deep", ErrFormat, maxNesting)
	}
	members := map[string]hdf5.Node{}
	for name, v := range m {
		var err error
		switch v := v.(type) {
		case Array:
			members[name], err = dataset(v)
		case Metadata:
			members[name], err = metadataOf(v, depth+1)
		default:
			err = fmt.Errorf("%w: %s is of type %T, neither Array nor Metadata", ErrFormat, name, v)
		}
		if err != nil {
			return nil, err
		}
	}
	return &hdf5.Group{Members: members}, nil
}

func text(s string) *hdf5.Dataset { return &hdf5.Dataset{Data: []string{s}} }

// dataset is an array as a dataset.
func dataset(a Array) (*hdf5.Dataset, error) {
	if err := a.check(); err != nil {
		return nil, err
	}
	d := &hdf5.Dataset{Data: a.Data}
	if len(a.Shape) > 0 {
		d.Shape = a.Shape
	}
	return d, nil
}
