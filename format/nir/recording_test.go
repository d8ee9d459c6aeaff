package nir_test

import (
	"bytes"
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/format/nir"
	"github.com/spikelane/spikelane/tensor"
)

// A recording of every kind, in a graph and in one within, is written and read.
func TestRecordings(t *testing.T) {
	inf := math.Inf(1)
	events := nir.Events{Index: nir.Of([]int64{0, 2, -1, 1}, 2, 2), Time: nir.Of([]float64{0.05, 0.31, inf, 0.2}, 2, 2), Neurons: 3, Until: 0.4}
	valued := events
	valued.Value = nir.Of([]float64{1.5, 2, 0, -3}, 2, 2)
	x := tensor.Of([]float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, 2, 3, 2) // two steps of three samples
	r := &nir.Recording{
		Nodes:  map[string]nir.Observables{"lif": {"v": nir.Grid(x, 0.1), "events": events, "valued": valued}},
		Graphs: map[string]*nir.Recording{"inner": {Nodes: map[string]nir.Observables{"li": {}}, Graphs: map[string]*nir.Recording{}}},
	}
	data, err := nir.EncodeData(r)
	require.NoError(t, err)
	back, err := nir.ReadData(bytes.NewReader(data), int64(len(data)))
	require.NoError(t, err)
	require.Equal(t, r, back)

	v := back.Nodes["lif"]["v"].(nir.Gridded)
	require.Equal(t, []float32{1, 2, 7, 8, 3, 4, 9, 10, 5, 6, 11, 12}, v.Data.Data) // sample by sample
	again, err := v.Signal()
	require.NoError(t, err)
	require.Equal(t, x, again)

	grid, err := events.Grid(0.1)
	require.NoError(t, err)
	on := make([]bool, 24)
	on[0], on[3*3+2], on[12+2*3+1] = true, true, true
	require.Equal(t, nir.Of(on, 2, 4, 3), grid.Data)
	numbers, err := valued.Grid(0.1)
	require.NoError(t, err)
	require.Equal(t, -3.0, numbers.Data.Floats()[12+2*3+1])
}

func TestBadRecordings(t *testing.T) {
	good := func() nir.Events {
		return nir.Events{Index: nir.Of([]int64{0}, 1, 1), Time: nir.Of([]float64{0.1}, 1, 1), Neurons: 1, Until: 1}
	}
	for name, spoil := range map[string]func(e *nir.Events){
		"an unknown neuron":  func(e *nir.Events) { e.Neurons = 0 },
		"times of one shape": func(e *nir.Events) { e.Time = nir.Of([]float64{1}) },
		"too many values":    func(e *nir.Events) { e.Value = nir.Of([]float64{1, 2}, 1, 2) },
	} {
		e := good()
		spoil(&e)
		_, err := nir.EncodeData(&nir.Recording{Nodes: map[string]nir.Observables{"n": {"o": e}}})
		require.ErrorIs(t, err, nir.ErrFormat, name)
		require.ErrorContains(t, err, "nir: n: o: ")
		_, err = e.Grid(0.1)
		require.ErrorIs(t, err, nir.ErrFormat, name)
	}
	for _, dt := range []float64{0, -1, math.NaN(), 2, 1e-300} {
		_, err := good().Grid(dt)
		require.ErrorIs(t, err, nir.ErrUnsupported, "%v", dt)
	}
	late := good()
	late.Time = nir.Of([]float64{1.5}, 1, 1)
	_, err := late.Grid(0.1)
	require.ErrorContains(t, err, "an event at 1.5 of 1")
	_, err = nir.EncodeData(&nir.Recording{Nodes: map[string]nir.Observables{"n": {"o": nil}}})
	require.ErrorIs(t, err, nir.ErrFormat)
	_, err = nir.EncodeData(&nir.Recording{Nodes: map[string]nir.Observables{"n": {"o": nir.Gridded{Data: nir.Of([]bool{true})}}}})
	require.ErrorIs(t, err, nir.ErrFormat)
	_, err = nir.EncodeData(&nir.Recording{
		Nodes: map[string]nir.Observables{"n": {}}, Graphs: map[string]*nir.Recording{"n": {}},
	})
	require.ErrorContains(t, err, "both a node and a graph")
}
