package nir

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/spikelane/spikelane/internal/hdf5"
)

// typeAttribute says what a group of a recording is.
const typeAttribute = "__type__"

// ReadData reads a recording from a file of size bytes. Of the options it knows
// [Limit], which is as in [Read].
func ReadData(r io.ReaderAt, size int64, options ...Option) (*Recording, error) {
	file, err := hdf5.Read(r, size, newDecoder(options).limit)
	if err != nil {
		return nil, fmt.Errorf("nir: %w", err)
	}
	if typeOf(file) != "NIRGraphData" {
		return nil, badf("/", "it is no recording")
	}
	return recordingOf(file, "", 0)
}

// ParseData is [ReadData] of bytes, of which it keeps nothing.
func ParseData(data []byte, options ...Option) (*Recording, error) {
	file, err := hdf5.Decode(data, newDecoder(options).limit)
	if err != nil {
		return nil, fmt.Errorf("nir: %w", err)
	}
	if typeOf(file) != "NIRGraphData" {
		return nil, badf("/", "it is no recording")
	}
	return recordingOf(file, "", 0)
}

// EncodeData returns a file that the Python package nir reads by read_data.
func EncodeData(r *Recording) ([]byte, error) {
	file, err := r.group("", 0)
	if err != nil {
		return nil, err
	}
	return encode(file)
}

func typeOf(g *hdf5.Group) string {
	if d, ok := g.Attributes[typeAttribute]; ok {
		t, _ := value(d).Text()
		return t
	}
	return ""
}

func recordingOf(group *hdf5.Group, path string, depth int) (*Recording, error) {
	if depth > maxNesting {
		return nil, badf(path, "recordings are nested more than %d deep", maxNesting)
	}
	r := &Recording{Nodes: map[string]Observables{}, Graphs: map[string]*Recording{}}
	path += "/nodes"
	members, err := groups(group, "nodes", path)
	if err != nil {
		return nil, err
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		inner, at := members[name], path+"/"+name
		switch typ := typeOf(inner); typ {
		case "NIRGraphData":
			if r.Graphs[name], err = recordingOf(inner, at, depth+1); err != nil {
				return nil, err
			}
		case "NIRNodeData":
			observed, err := groups(inner, "observables", at+"/observables")
			if err != nil {
				return nil, err
			}
			r.Nodes[name] = Observables{}
			for _, o := range slices.Sorted(maps.Keys(observed)) {
				if r.Nodes[name][o], err = observable(observed[o], at+"/observables/"+o); err != nil {
					return nil, err
				}
			}
		default:
			return nil, badf(at, "it is of type %q, neither NIRNodeData nor NIRGraphData", typ)
		}
	}
	return r, nil
}

// groups are the groups in a group of a group.
func groups(g *hdf5.Group, name, path string) (map[string]*hdf5.Group, error) {
	outer, ok := g.Members[name].(*hdf5.Group)
	if !ok {
		return nil, badf(path, "it is not there")
	}
	all := map[string]*hdf5.Group{}
	for inner, member := range outer.Members {
		if all[inner], ok = member.(*hdf5.Group); !ok {
			return nil, badf(path+"/"+inner, "it is not a group")
		}
	}
	return all, nil
}

func observable(g *hdf5.Group, path string) (o Observable, err error) {
	get := func(name string) (a Array) {
		if d, ok := g.Members[name].(*hdf5.Dataset); ok {
			a = value(d)
		}
		return a
	}
	number := func(name string) float64 {
		if d, ok := g.Attributes[name]; ok {
			if v := value(d).Floats(); len(v) == 1 {
				return v[0]
			}
		}
		err = badf(path, "it has no attribute %s, a number", name)
		return 0
	}
	switch typ := typeOf(g); typ {
	case "TimeGriddedData":
		o = Gridded{get("data"), number("dt")}
	case "EventData", "ValuedEventData":
		e := Events{Index: get("idx"), Time: get("time"), Until: number("t_max")}
		if typ == "ValuedEventData" {
			e.Value = get("value")
		}
		n, wrong := One(number("n_neurons")).ints()
		if wrong != nil {
			return nil, at(path, wrong)
		}
		e.Neurons = n[0]
		o = e
	default:
		return nil, badf(path, "it is of type %q, which is none of TimeGriddedData, EventData, ValuedEventData", typ)
	}
	if err != nil {
		return nil, err
	}
	return o, at(path, o.check())
}

// group is a recording as a group.
func (r *Recording) group(path string, depth int) (*hdf5.Group, error) {
	if depth > maxNesting {
		return nil, badf(path, "recordings are nested more than %d deep", maxNesting)
	}
	nodes := map[string]hdf5.Node{}
	for name, inner := range r.Graphs {
		g, err := inner.group(inside(path, name), depth+1)
		if err != nil {
			return nil, err
		}
		nodes[name] = g
	}
	for name, observed := range r.Nodes {
		if nodes[name] != nil {
			return nil, badf(inside(path, name), "it is both a node and a graph")
		}
		all := map[string]hdf5.Node{}
		for o, signal := range observed {
			g, err := signalGroup(signal)
			if err != nil {
				return nil, at(inside(path, name), fmt.Errorf("%s: %w", o, err))
			}
			all[o] = g
		}
		nodes[name] = typed("NIRNodeData", map[string]hdf5.Node{"observables": &hdf5.Group{Members: all}})
	}
	return typed("NIRGraphData", map[string]hdf5.Node{"nodes": &hdf5.Group{Members: nodes}}), nil
}

// signalGroup is a signal as a group.
func signalGroup(o Observable) (*hdf5.Group, error) {
	if o == nil {
		return nil, fmt.Errorf("%w: a signal that is nil", ErrFormat)
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	var g *hdf5.Group
	arrays := map[string]Array{}
	switch o := o.(type) {
	case Gridded:
		g = typed("TimeGriddedData", map[string]hdf5.Node{})
		g.Attributes["dt"] = &hdf5.Dataset{Data: []float64{o.DT}}
		arrays["data"] = o.Data
	case Events:
		g = typed("EventData", map[string]hdf5.Node{})
		arrays["idx"], arrays["time"] = o.Index, o.Time
		if !o.Value.IsZero() {
			g.Attributes[typeAttribute], arrays["value"] = text("ValuedEventData"), o.Value
		}
		g.Attributes["n_neurons"] = &hdf5.Dataset{Data: []int64{int64(o.Neurons)}}
		g.Attributes["t_max"] = &hdf5.Dataset{Data: []float64{o.Until}}
	}
	for name, a := range arrays {
		d, err := dataset(a)
		if err != nil {
			return nil, err
		}
		g.Members[name] = d
	}
	return g, nil
}

// typed is a group with its type.
func typed(typ string, members map[string]hdf5.Node) *hdf5.Group {
	return &hdf5.Group{Attributes: map[string]*hdf5.Dataset{typeAttribute: text(typ)}, Members: members}
}
