package all_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// What neurons remember can be recorded, under whatever name they go: after
// every step it is what the state holds, and it changes no output.
func TestEveryVariableIsRecorded(t *testing.T) {
	recorded := 0
	for _, typ := range snn.Types() {
		l, err := snn.Unmarshal(typ, nil)
		if err != nil {
			continue
		}
		g, err := forward.New(forward.Spec{Inputs: []forward.Input{{Name: "x", Shape: tensor.Shape{5}}}, Layers: []forward.Node{{Name: "n", Layer: l}}})
		if err != nil || len(g.Variables("n")) == 0 {
			continue
		}
		t.Run(typ, func(t *testing.T) {
			m, err := g.Init(1)
			require.NoError(t, err)
			x := tensor.New(6, 1, 5)
			for i := range x.Data {
				x.Data[i] = 0.3 + 0.2*float32(i%7)
			}
			want, err := m.Run(context.Background(), m.NewState(1), x)
			require.NoError(t, err)
			for _, name := range g.Variables("n") {
				out, err := m.With(forward.Record("n."+name)).Run(context.Background(), m.NewState(1), x)
				require.NoError(t, err)
				require.Equal(t, want.Dense().Data, out.Dense().Data)
				s := m.NewState(1)
				for step := range 6 {
					_, err := m.Step(s, tensor.Of(x.Data[step*5:(step+1)*5], 1, 1, 5))
					require.NoError(t, err)
					v, err := s.Variable("n", name)
					require.NoError(t, err)
					require.Equal(t, v.Data, out.Layer("n." + name).Dense().Data[step*5:(step+1)*5], name)
				}
				recorded++
			}
		})
	}
	require.Greater(t, recorded, 60)
}
