package nir_test

import (
	"bytes"
	"cmp"
	"encoding/csv"
	"math"
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/internal/shared"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// trace is what a platform recorded of the neuron of lif_norse.nir: input,
// membrane and spike of every step.
func trace(t *testing.T, name string) (x, v, s []float64) {
	data, err := os.ReadFile(shared.Path(t, "data", "nir", "lif_"+name+".csv"))
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	require.NoError(t, err)
	require.Len(t, rows, 1000)
	for _, row := range rows {
		for i, to := range []*[]float64{&x, &v, &s} {
			number, err := strconv.ParseFloat(row[i], 64)
			require.NoError(t, err)
			*to = append(*to, number)
		}
	}
	return x, v, s
}

// Every platform's trace, recorded for the NIR paper, by its preset: the spikes
// are identical, and the membrane differs as stated.
func TestTraces(t *testing.T) {
	on := []int{460, 510, 710, 760}
	late := []int{461, 511, 711, 761}
	for _, c := range []struct {
		name   string
		preset string
		change func(d *nir.Discretization)
		input  float32 // what a spike is multiplied by; default 1
		unit   float64 // of the recorded membrane; default 1
		late   int     // steps that the platform is late
		within float64
		spikes []int
	}{
		{name: "norse", preset: "norse", within: 1e-7, spikes: on},
		{name: "snntorch", preset: "snntorch", within: 0, spikes: on}, // the same bits
		{name: "sinabs", preset: "sinabs", within: 0, spikes: []int{450, 500, 710, 760}},
		{name: "rockpool", preset: "rockpool", within: 1e-8, spikes: []int{450, 500, 710, 760}},
		// spyx ignores r, so the spikes were given their weight before.
		{name: "spyx", preset: "spyx", input: 0.04, within: 0, spikes: late},
		{name: "lava_cpu_float", preset: "norse", late: 1, within: 1e-7, spikes: late},
		// Fixed point: 0.1 is 1638, and products are cut off.
		{name: "lava_cpu_fixed", preset: "norse", late: 1, unit: 1.0 / 16384, within: 3e-3, spikes: late},
		{name: "lava_loihi_fixed", preset: "norse", late: 1, unit: 1.0 / 16384, within: 8e-3, spikes: late},
		{name: "spinnaker2", preset: "snntorch", within: 5e-4, spikes: on}, // fixed point
		{name: "nengo", preset: "jaxpike", unit: 0.1, within: 2e-8, spikes: on},
		// The exact solver goes on from the moment of the spike within its step.
		{name: "exact", preset: "nir", change: func(d *nir.Discretization) { d.Method = snn.MethodExact }, within: 6.3e-3, spikes: on},
	} {
		t.Run(c.name, func(t *testing.T) {
			x, v, s := trace(t, c.name)
			file, neuron := "lif_norse.nir", "1"
			if c.preset == "rockpool" {
				file, neuron = "lif_rockpool.nir", "1_LIFNeuronTorch"
			}
			var repairs []nir.Repair
			g, err := nir.ReadFile(shared.Path(t, "data", "nir", file), nir.Lenient(&repairs))
			require.NoError(t, err)
			d, err := nir.As(c.preset, 1e-4)
			require.NoError(t, err)
			if c.change != nil {
				c.change(&d)
			}
			m, _, err := g.Model(d)
			require.NoError(t, err)
			state := m.NewState(1)
			var spikes []int
			worst := 0.0
			for step := range x {
				in := float32(x[step]) * cmp.Or(c.input, 1)
				y, err := m.Step(state, tensor.Of([]float32{in}, 1, 1, 1))
				require.NoError(t, err)
				if y.Dense().Data[0] != 0 {
					spikes = append(spikes, step+c.late)
				}
				if at := step + c.late; at < len(v) {
					require.Equal(t, s[at] != 0, y.Dense().Data[0] != 0, "step %d", at)
					membrane, err := state.Variable(neuron, "v")
					require.NoError(t, err)
					worst = max(worst, math.Abs(float64(membrane.Data[0])-v[at]*cmp.Or(c.unit, 1)))
				}
			}
			t.Logf("the membrane is within %.2g", worst)
			require.Equal(t, c.spikes, spikes)
			require.LessOrEqual(t, worst, c.within)
		})
	}
}
