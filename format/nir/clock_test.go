package nir_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/preset/jaxpike"
	"github.com/spikelane/spikelane/preset/mlgenn"
	"github.com/spikelane/spikelane/preset/norse"
	"github.com/spikelane/spikelane/preset/rockpool"
	"github.com/spikelane/spikelane/preset/snntorch"
	"github.com/spikelane/spikelane/snn"
	"github.com/spikelane/spikelane/tensor"
)

// exportOf are layers, one after another, in a file with steps of dt.
func exportOf(t *testing.T, dt float64, layers ...snn.Layer) (*nir.Graph, *nir.Report, error) {
	t.Helper()
	g, err := forward.Sequential(tensor.Shape{3}, layers...)
	require.NoError(t, err)
	m, err := g.Init(1)
	require.NoError(t, err)
	return nir.Export(m, dt)
}

// Layers that know how long their steps are do not go into files with steps of
// another length: their time constants would be others.
func TestExportKeepsTimes(t *testing.T) {
	for _, c := range []struct {
		layer snn.Layer
		right []float64 // lengths of a step, in seconds and in milliseconds
		wrong []float64
		tau   float64 // with the first of them
	}{
		{norse.LIFBox{TauMemInv: 400}, []float64{1e-3, 1}, []float64{1e-4, 2e-3, 10}, 0.0025},
		{norse.LIFBox{TauMemInv: 400, DT: 1e-4}, []float64{1e-4, 0.1}, []float64{1e-3, 1}, 0.0025},
		{norse.LIBox{TauMemInv: 400}, []float64{1e-3, 1}, []float64{1e-4}, 0.0025},
		{norse.LIF{TauMemInv: 400}, []float64{1e-3, 1}, []float64{1e-4}, 0},
		{norse.LI{TauMemInv: 400}, []float64{1e-3, 1}, []float64{1e-4}, 0},
		{rockpool.LIFTorch{}, []float64{1e-3, 1}, []float64{1e-4}, 0},
		{rockpool.LIFTorch{DT: 0.01}, []float64{0.01, 10}, []float64{1e-3, 1}, 0},
		{mlgenn.LIF{}, []float64{1e-3, 1}, []float64{1e-4, 0.1}, 0},
		{mlgenn.LIF{DT: 0.5}, []float64{5e-4, 0.5}, []float64{1e-3, 1}, 0},
		{snntorch.Leaky{Beta: 0.9}, []float64{1e-3, 1, 1e-4, 3}, nil, 0.01},
		{snn.LIF{Tau: 20}, []float64{1e-3, 1, 1e-4}, nil, 0},
		{jaxpike.LIF{}, []float64{1e-3, 1, 1e-4}, nil, 0},
	} {
		for i, dt := range c.right {
			g, _, err := exportOf(t, dt, c.layer)
			require.NoError(t, err, "%#v, %v", c.layer, dt)
			if i == 0 && c.tau != 0 {
				for _, n := range g.Nodes {
					if tau, ok := nir.Parameters(n)["tau"]; ok {
						require.InEpsilon(t, c.tau, tau.Floats()[0], 1e-6)
					}
				}
			}
		}
		for _, dt := range c.wrong {
			_, _, err := exportOf(t, dt, c.layer)
			require.ErrorIs(t, err, nir.ErrUnsupported, "%#v, %v", c.layer, dt)
			require.ErrorContains(t, err, "in seconds or")
		}
	}
}

// Times without a unit say which it is; two layers cannot say two.
func TestExportOfTwoClocks(t *testing.T) {
	_, report, err := exportOf(t, 1e-3, snn.LIF{Tau: 5, DT: 0.5}, snn.LI{Tau: 3, DT: 0.5})
	require.NoError(t, err)
	require.Contains(t, report.String(), "unit: that of the layers' times is 0.002 of the file's")
	_, _, err = exportOf(t, 1e-3, snn.LIF{Tau: 5, DT: 0.5}, snn.LI{Tau: 3, DT: 0.25})
	require.ErrorIs(t, err, nir.ErrUnsupported)
	require.ErrorContains(t, err, "another time than that of lif1")
	_, _, err = exportOf(t, 1e-3, snn.LIF{Tau: 5, DT: 0.5}, snn.LI{Decay: 0.5, Synapse: snn.Synapse{Tau: 3, DT: 0.25}})
	require.ErrorContains(t, err, "another time")
	_, _, err = exportOf(t, 1, norse.LIFBox{}, mlgenn.LIF{})
	require.NoError(t, err, "a millisecond each")
}

// A file of this library gives its network back for the steps it was written
// for, and for others only by its equations, which is said.
func TestFileForOtherSteps(t *testing.T) {
	g, _, err := exportOf(t, 1e-3, snn.LIF{Decay: 0.75, Reset: snn.ResetSubtract})
	require.NoError(t, err)
	for preset, wrong := range map[string]bool{"spikelane": true, "nir": false} {
		d, err := nir.As(preset, 1e-4)
		require.NoError(t, err)
		_, report, err := g.Model(d)
		if wrong {
			require.ErrorIs(t, err, nir.ErrUnsupported)
			require.ErrorContains(t, err, "written for steps of 0.001")
			continue
		}
		require.NoError(t, err)
		require.Contains(t, report.String(), "the file was written for steps of 0.001")
		d.DT = 1e-3
		_, report, err = g.Model(d)
		require.NoError(t, err)
		require.NotContains(t, report.String(), "was written for")
	}
}
