package forward_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/internal/conform"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/internal/vectors"
	"github.com/spikelane/spikelane/tensor"
)

// The random graphs: every layer, in chunks of 1, 7 and all steps. Spikes are
// exact, currents and potentials within the tolerance of the file.
func TestGoldenGraphs(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared.Path(t, "golden"), "graph.*.safetensors"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		c, err := vectors.ReadFile(path)
		require.NoError(t, err)
		m, inputs, err := conform.Graph(c)
		require.NoError(t, err, c.Name)
		steps, batch, _ := inputs[0].Dims()
		for _, chunk := range []int{1, 7, steps} {
			s := m.NewState(batch)
			for at := 0; at < steps; at += chunk {
				n := min(chunk, steps-at)
				var in []tensor.Signal
				for _, x := range inputs {
					in = append(in, window(x.(*tensor.Tensor), at, n))
				}
				out, err := m.Run(context.Background(), s, in...)
				require.NoError(t, err)
				compareGraph(t, c, out, at, n)
			}
		}
	}
}

// window is some steps of a dense signal.
func window(x *tensor.Tensor, at, n int) *tensor.Tensor {
	row := len(x.Data) / x.Shape[0]
	return tensor.Of(x.Data[at*row:(at+n)*row], append([]int{n}, x.Shape[1:]...)...)
}

func compareGraph(t *testing.T, c *vectors.Case, out *forward.Output, at, n int) {
	t.Helper()
	tolerance := c.Meta.Object("tol").Number("states")
	for _, name := range out.Layers() {
		want, err := c.Tensor("out." + name)
		require.NoError(t, err)
		want = window(want, at, n)
		got := out.Layer(name)
		require.Equal(t, want.Shape, got.Dense().Shape)
		if s, ok := got.(*tensor.Spikes); ok {
			require.Equal(t, want.Data, s.Dense().Data, "%s, layer %s, step %d", c.Name, name, at)
			if n == 24 {
				require.NotZero(t, s.Count(), "a silent case proves nothing")
			}
			continue
		}
		for i, v := range got.Dense().Data {
			w := float64(want.Data[i])
			require.InDelta(t, w, float64(v), tolerance*max(1, w, -w), "%s, layer %s, step %d", c.Name, name, at)
		}
	}
}
