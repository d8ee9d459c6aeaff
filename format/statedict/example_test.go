package statedict_test

import (
	"fmt"
	"log"

	"github.com/spikelane/spikelane/format/statedict"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// The state dict of nn.Sequential(nn.Linear(2, 3), snn.Leaky(beta=0.9)), as
// ReadFile reads it.
func Example() {
	tensors := map[string]*tensor.Tensor{
		"0.weight":               tensor.Of([]float32{1, 0, 0, 1, 1, 1}, 3, 2),
		"0.bias":                 tensor.Of([]float32{0, 0, 0.5}, 3),
		"1.beta":                 tensor.Of([]float32{0.9}),
		"1.threshold":            tensor.Of([]float32{1}),
		"1.graded_spikes_factor": tensor.Of([]float32{1}),
		"1.reset_mechanism_val":  tensor.Of([]float32{0}),
	}
	g, err := forward.Sequential(tensor.Shape{2}, snn.Linear{Out: 3}, snntorch.Leaky{})
	if err != nil {
		log.Fatal(err)
	}
	m, report, err := statedict.Load(g, tensors, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Print(report)
	fmt.Println(m.Params()["snntorch.leaky1.beta"].Data)

	delete(tensors, "0.bias")
	_, _, err = statedict.Load(g, tensors, nil)
	fmt.Println(err)
	// Output:
	// 0 is linear1 (shape)
	// 1 is snntorch.leaky1 (shape)
	// [0.9]
	// statedict: state dict and graph do not match: no layer uses 0.weight; nothing is the weight of the Linear "linear1"; nothing is the bias of the Linear "linear1"; the module "0" is not "linear1": it has no bias
}

func ExampleExport() {
	g, err := forward.Sequential(tensor.Shape{2}, snn.Linear{Out: 3}, snntorch.Leaky{Beta: 0.5})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	list, err := statedict.Export(m, statedict.Names{"fc1": "linear1", "lif1": "snntorch.leaky1"})
	if err != nil {
		log.Fatal(err)
	}
	for _, t := range list {
		fmt.Println(t.Name)
	}
	// Output:
	// fc1.weight
	// fc1.bias
	// lif1.beta
	// lif1.threshold
	// lif1.graded_spikes_factor
	// lif1.reset_mechanism_val
}
