package forward_test

import (
	"context"
	"fmt"
	"log"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// Debounce is a layer of a user's own, as it could stand in any module: it
// lets an input through if the last step had it too.
type Debounce struct {
	Gain float32 `json:"gain"`
}

func init() { snn.Register(Debounce{}) } // model files know it now

// Type is its name in model files.
func (Debounce) Type() string { return "example.Debounce" }

// Build checks the options; it remembers one number a feature.
func (d Debounce) Build(in tensor.Shape) (*snn.Plan, error) {
	if d.Gain == 0 {
		return nil, fmt.Errorf("%w: Gain is 0", snn.ErrOption)
	}
	return &snn.Plan{
		Out: in, States: []snn.Variable{snn.Row("last", 0, in.Size())}, State: in.Size(),
		Prepare: func(map[string]*tensor.Tensor) (snn.Op, error) { return debounce{d.Gain, in.Size()}, nil },
	}, nil
}

type debounce struct {
	gain float32
	n    int
}

// Forward advances every sample by all steps of the block.
func (d debounce) Forward(x, y tensor.Signal, state []float32, _ *snn.Scratch) {
	steps, batch, _ := x.Dims()
	in, out := x.(*tensor.Tensor).Data, y.(*tensor.Tensor).Data
	for r := range steps * batch {
		last := state[r%batch*d.n:][:d.n]
		for i, v := range in[r*d.n : (r+1)*d.n] {
			out[r*d.n+i] = d.gain * min(v, last[i])
			last[i] = v
		}
	}
}

// A layer of your own stands beside the others.
func Example_ownLayer() {
	g, err := forward.Sequential(tensor.Shape{3}, Debounce{Gain: 1}, snn.IF{Threshold: 2})
	if err != nil {
		log.Fatal(err)
	}
	m, err := g.Init(1)
	if err != nil {
		log.Fatal(err)
	}
	x := tensor.Of([]float32{1, 1, 0, 1, 0, 1, 1, 1, 1}, 3, 1, 3)
	y, err := m.Run(context.Background(), m.NewState(1), x)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(y.Dense().Data)
	// Output: [0 0 0 0 0 0 1 0 0]
}
