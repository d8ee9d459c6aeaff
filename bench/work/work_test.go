package work

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// Calibrated networks fire as they should, on other input of the same density.
func TestCalibratedNetworksFire(t *testing.T) {
	in := tensor.Shape{100}
	m, err := Calibrated(in, MLP(50, 20), Spikes(50, 8, in, Rate, 1))
	require.NoError(t, err)
	out, err := m.With(forward.Record("lif1", "lif2")).Run(context.Background(), m.NewState(8), Spikes(50, 8, in, Rate, 2))
	require.NoError(t, err)
	for _, layer := range []string{"lif1", "lif2"} {
		s := out.Layer(layer).(*tensor.Spikes)
		require.InDelta(t, Rate, s.Rate(), Rate/2, layer)
	}
}

func TestWorksRun(t *testing.T) {
	for name, prepare := range map[string]func() (*Work, error){
		"infer": func() (*Work, error) { return Infer([]int{60, 30, 10}, 20, 4, Rate, 2) },
		"dense": func() (*Work, error) { return Infer([]int{60, 30, 10}, 20, 4, 1, 1) },
		"wide": func() (*Work, error) {
			x := Spikes(20, 4, tensor.Shape{30}, Rate, 1)
			m, err := Calibrated(x.Features, MLP(30), x)
			require.NoError(t, err)
			return walkBack(m, x, nil, 2, false)
		},
		"train": func() (*Work, error) {
			x := Spikes(20, 4, tensor.Shape{30}, Rate, 1)
			m, err := Calibrated(x.Features, MLP(30, 5), x)
			require.NoError(t, err)
			return Training(m, x, 1)
		},
	} {
		w, err := prepare()
		require.NoError(t, err, name)
		require.NoError(t, w.Run(), name)
		require.Positive(t, w.Neurons, name)
	}
}
