package nir

import (
	"maps"
	"reflect"
	"slices"

	"github.com/spikelane/spikelane/internal/hdf5"
	"github.com/spikelane/spikelane/tensor"
)

// maxNesting bounds graphs in graphs, and metadata in metadata.
const maxNesting = 32

// decoder makes a graph of the groups of a file.
type decoder struct{ mender }

// root reads a whole file.
func (d *decoder) root(file *hdf5.Group) (*Graph, error) {
	if _, ok := file.Attributes[typeAttribute]; ok {
		return nil, badf("/", "it holds recordings, not a graph: ReadData reads it")
	}
	group, ok := file.Members["node"].(*hdf5.Group)
	if !ok {
		return nil, badf("/", "it has no group \"node\"")
	}
	n, err := d.node(group, "/node", 0)
	if err != nil {
		return nil, err
	}
	g, ok := n.(*Graph)
	if !ok {
		return nil, badf("/node", "it is of type %s, not %s", n.Type(), graphType)
	}
	if v, ok := file.Members["version"].(*hdf5.Dataset); ok {
		g.Version, _ = value(v).Text()
	}
	return g, nil
}

// node reads a group.
func (d *decoder) node(group *hdf5.Group, path string, depth int) (Node, error) {
	if depth > maxNesting {
		return nil, badf(path, "graphs are nested more than %d deep", maxNesting)
	}
	values := map[string]Array{}
	for _, name := range slices.Sorted(maps.Keys(group.Members)) {
		if dataset, ok := group.Members[name].(*hdf5.Dataset); ok {
			values[name] = value(dataset)
		}
	}
	typ, ok := values["type"].Text()
	if !ok {
		return nil, badf(path, "it has no type, a text")
	}
	delete(values, "type")
	m, err := d.metadata(group.Members["metadata"], path+"/metadata", depth)
	if err != nil {
		return nil, err
	}
	known := []string{"type", "metadata"}
	if typ == graphType {
		if err := d.unknown(group, path, append(known, "nodes", "edges")); err != nil {
			return nil, err
		}
		return d.graph(group, values["edges"], m, path, depth)
	}
	k, ok := kinds[typ]
	if !ok {
		return nil, unsupportedf(path+"/type", "NIR has no primitive %q", typ)
	}
	n := reflect.New(k.typ).Elem()
	n.FieldByName("Metadata").Set(reflect.ValueOf(m))
	for _, f := range k.fields {
		known = append(known, f.name)
		a, ok := values[f.name]
		if !ok && !f.optional && (!f.implied || d.repairs == nil) {
			return nil, badf(path, "a %s has the parameter %s, which is not there", typ, f.name)
		}
		n.Field(f.index).Set(reflect.ValueOf(a))
	}
	return n.Interface().(Node), d.unknown(group, path, known)
}

// unknown reports members of a group that a node of its type does not have.
func (d *decoder) unknown(group *hdf5.Group, path string, known []string) error {
	for _, name := range slices.Sorted(maps.Keys(group.Members)) {
		if slices.Contains(known, name) {
			continue
		}
		if err := d.mend(path+"/"+name, "a node of this type has no such parameter", "left out", func() {}); err != nil {
			return err
		}
	}
	return nil
}

func (d *decoder) graph(group *hdf5.Group, edges Array, m Metadata, path string, depth int) (Node, error) {
	g := &Graph{Nodes: map[string]Node{}, Metadata: m}
	nodes, ok := group.Members["nodes"].(*hdf5.Group)
	if !ok {
		return nil, badf(path, "a graph has a group \"nodes\"")
	}
	for _, name := range slices.Sorted(maps.Keys(nodes.Members)) {
		at := path + "/nodes/" + name
		inner, ok := nodes.Members[name].(*hdf5.Group)
		if !ok {
			return nil, badf(at, "a node is a group")
		}
		n, err := d.node(inner, at, depth+1)
		if err != nil {
			return nil, err
		}
		g.Nodes[name] = n
	}
	if edges.IsZero() {
		return nil, badf(path, "a graph has edges")
	}
	names, texts := edges.Data.([]string)
	pairs := texts && len(edges.Shape) == 2 && edges.Shape[1] == 2
	if !pairs && edges.Len() > 0 { // an empty list is written as numbers
		return nil, badf(path+"/edges", "edges are pairs of texts, not %v of %s", edges.Shape, edges.Type())
	}
	for i := 0; i+1 < len(names); i += 2 {
		g.Edges = append(g.Edges, Edge{names[i], names[i+1]})
	}
	return g, nil
}

// metadata reads a group of values and groups; nil for none.
func (d *decoder) metadata(member hdf5.Node, path string, depth int) (Metadata, error) {
	if member == nil {
		return nil, nil
	}
	group, ok := member.(*hdf5.Group)
	if !ok || depth > maxNesting {
		return nil, badf(path, "metadata is a group, and not more than %d deep", maxNesting)
	}
	m := Metadata{}
	for _, name := range slices.Sorted(maps.Keys(group.Members)) {
		if dataset, ok := group.Members[name].(*hdf5.Dataset); ok {
			m[name] = value(dataset)
			continue
		}
		inner, err := d.metadata(group.Members[name], path+"/"+name, depth+1)
		if err != nil {
			return nil, err
		}
		m[name] = inner
	}
	return m, nil
}

// value is a dataset as an array.
func value(d *hdf5.Dataset) Array { return Array{append(tensor.Shape{}, d.Shape...), d.Data} }
