package nir_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// A file says how a membrane moves in time, not in steps: the discretization
// does, and the report tells what of it mattered.
func ExampleGraph_Model() {
	each := func(v float64) nir.Array { return nir.Of([]float64{v, v}) }
	shape := nir.Of([]int64{2})
	g := &nir.Graph{
		Nodes: map[string]nir.Node{
			"input":  nir.Input{Shape: shape},
			"lif":    nir.LIF{Tau: each(0.01), R: each(10), VLeak: each(0), VThreshold: each(1)},
			"rec":    nir.Linear{Weight: nir.Of([]float32{0, 0.5, 0.5, 0}, 2, 2)},
			"output": nir.Output{Shape: shape},
		},
		Edges: []nir.Edge{{From: "input", To: "lif"}, {From: "lif", To: "rec"}, {From: "rec", To: "lif"}, {From: "lif", To: "output"}},
	}
	d, err := nir.As("norse", 1e-3)
	if err != nil {
		log.Fatal(err)
	}
	m, report, err := g.Model(d)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
	y, err := m.Run(context.Background(), m.NewState(1), tensor.Of([]float32{0.8, 0, 0.4, 0.6, 0, 0.3}, 3, 1, 2))
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Dense().Data)
	// Output:
	// assumed  dt: a step is 0.001 of the file's time
	// assumed  method euler: a step is dt/tau of the way to rest
	// assumed  gain integrated: r times the share of a step
	// assumed  reset value, this step
	// assumed  tie: a spike above the threshold only
	// assumed  loop: rec hears lif of the step before
	// name  node    layer   status    notes
	// rec   Linear  Linear  faithful
	// lif   LIF     LIF     faithful
	// [0 0 1 0 0 1]
}

// A network of ours as a file: what NIR cannot say is in the report, and in the
// metadata, which "spikelane" obeys.
func ExampleExport() {
	g, err := forward.Sequential(tensor.Shape{3}, snn.Linear{Out: 2}, snn.LIF{Decay: 0.9}, snn.Linear{Out: 2, NoBias: true}, snn.LI{Decay: 0.5})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	graph, report, err := nir.Export(m, 1e-3)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
	data, err := nir.Encode(graph) // or nir.WriteFile
	if err != nil {
		log.Fatal(err)
	}
	graph, err = nir.Parse(data)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(graph.Nodes["lif1"].(nir.LIF).Tau.Floats())
	// Output:
	// assumed  dt: a step is 0.001 of the file's time
	// assumed  method euler: decay is 1-dt/tau
	// assumed  integrators: v + r*x, dt being part of r
	// name     node    layer   status        notes
	// linear1  Affine  Linear  faithful
	// lif1     LIF     LIF     approximated  it spikes at its threshold too; its reset is "subtract"
	// linear2  Linear  Linear  faithful
	// li1      LI      LI      faithful
	// [0.009999997615814778 0.009999997615814778]
}

// Lenient reading says what it repaired.
func ExampleLenient() {
	data, err := nir.Encode(&nir.Graph{
		Nodes: map[string]nir.Node{"input": nir.Input{Shape: nir.Of([]int64{1})}, "output": nir.Output{Shape: nir.Of([]int64{1})}},
		Edges: []nir.Edge{{From: "input", To: "output"}},
	})
	if err != nil {
		log.Fatal(err)
	}
	var repairs []nir.Repair
	if _, err := nir.Parse(data, nir.Lenient(&repairs)); err != nil {
		log.Fatal(err)
	}
	for _, r := range repairs {
		fmt.Println(r)
	}
	fmt.Println(len(repairs), "repairs")
	// Output: 0 repairs
}

// Recordings of a run, as the Python package reads them.
func ExampleGrid() {
	spikes := tensor.NewSpikes(4, 1, 3) // 4 steps of one sample, three neurons
	spikes.Set(2, 0, 1)
	data, err := nir.EncodeData(&nir.Recording{Nodes: map[string]nir.Observables{
		"lif": {"spikes": nir.Grid(spikes, 1e-3)},
	}})
	if err != nil {
		log.Fatal(err)
	}
	r, err := nir.ParseData(data)
	if err != nil {
		log.Fatal(err)
	}
	g := r.Nodes["lif"]["spikes"].(nir.Gridded)
	fmt.Println(g.DT, g.Data.Shape, g.Data.Data)
	// Output: 0.001 [1 4 3] [false false false false false false false true false false false false]
}
