package encode_test

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/tensor"
)

// Rates come out as they went in; chunks and batches change nothing.
func TestRate(t *testing.T) {
	x := tensor.Of([]float32{0, 0.25, 0.9, 1, 0.5, 0}, 2, 3)
	const steps = 4000
	s, err := encode.Rate(x, steps, 0, 7, nil)
	require.NoError(t, err)
	counts := make([]float64, 6)
	for at := range steps {
		for b := range 2 {
			for i := range 3 {
				if s.At(at, b, i) {
					counts[b*3+i]++
				}
			}
		}
	}
	for i, p := range x.Data {
		require.InDelta(t, p, counts[i]/steps, 0.03)
	}
	part, err := encode.Rate(tensor.Of(x.Data[3:], 1, 3), 100, 50, 7, []uint32{1})
	require.NoError(t, err)
	for at := range 100 {
		require.Equal(t, s.Row(50+at, 1), part.Row(at, 0))
	}
	other, err := encode.Rate(x, steps, 0, 8, nil)
	require.NoError(t, err)
	require.NotEqual(t, s.Bits, other.Bits)
	_, err = encode.Rate(x, 3, 0, 1, []uint32{1})
	require.ErrorIs(t, err, tensor.ErrShape)
}

// The greatest numbers spike first, each once.
func TestLatency(t *testing.T) {
	s, err := encode.Latency(tensor.Of([]float32{1, 0.5, 0.01, 0}, 1, 4), 11, 0.02)
	require.NoError(t, err)
	require.Equal(t, 2, s.Count())
	require.True(t, s.At(0, 0, 0))
	require.True(t, s.At(5, 0, 1))
	_, err = encode.Latency(tensor.New(3), 5, 0)
	require.ErrorIs(t, err, tensor.ErrShape)
}

// Up and down steps follow the signal to within a threshold.
func TestDeltaFollows(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const n = 3
		steps := rapid.IntRange(1, 20).Draw(t, "steps")
		x := tensor.Of(rapid.SliceOfN(rapid.Float32Range(-4, 4), 2*n*steps, 2*n*steps).Draw(t, "x"), steps, 2, n)
		const threshold = 0.25
		e, err := encode.Delta(x, threshold)
		require.NoError(t, err)
		require.NoError(t, e.Check())
		level := append([]float32(nil), x.Data[:2*n]...)
		for at := range steps {
			for b := range 2 {
				index, value := e.Row(at, b)
				for k, i := range index {
					if i < n {
						level[b*n+int(i)] += threshold * value[k]
					} else {
						level[b*n+int(i)-n] -= threshold * value[k]
					}
				}
				for i := range n {
					require.Less(t, math.Abs(float64(level[b*n+i]-x.Data[(at*2+b)*n+i])), threshold+1e-4)
				}
			}
		}
	})
	_, err := encode.Delta(tensor.New(2, 1, 2), 0)
	require.ErrorIs(t, err, tensor.ErrShape)
}

// The neuron whose centre is nearest answers most.
func TestPopulation(t *testing.T) {
	y, err := encode.Population(tensor.Of([]float32{0, 0.5, 1}, 1, 3), 5, 0, 1)
	require.NoError(t, err)
	require.Equal(t, tensor.Shape{1, 15}, y.Shape)
	require.InDelta(t, 1, y.Data[0], 1e-6)
	require.InDelta(t, math.Exp(-0.5), y.Data[1], 1e-6)
	require.InDelta(t, 1, y.Data[5+2], 1e-6)
	require.InDelta(t, 1, y.Data[14], 1e-6)
	_, err = encode.Population(tensor.New(1, 3), 1, 0, 1)
	require.ErrorIs(t, err, tensor.ErrShape)
}
