package bench

import (
	"math"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/bench/kernels"
	"github.com/spikelane/spikelane/bench/work"
	"github.com/spikelane/spikelane/encode"
	"github.com/spikelane/spikelane/format/model"
	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// shares are 64 samples of 784 numbers from 0 to 1, as pixels are.
func shares() *tensor.Tensor {
	x := tensor.Of(kernels.Ordinary(64*784), 64, 784)
	for i, v := range x.Data {
		x.Data[i] = float32(math.Abs(float64(v)))
	}
	return x
}

// BenchmarkEncoders turns 64 x 784 numbers into 25 steps of spikes, and a
// second of sound into mel energies.
func BenchmarkEncoders(b *testing.B) {
	x := shares()
	run := func(name string, numbers int, f func() error) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				require.NoError(b, f())
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(numbers), "ns/number")
		})
	}
	run("Rate", 25*len(x.Data), func() error {
		_, err := encode.Rate(x, 25, 0, 1, nil)
		return err
	})
	run("Latency", 25*len(x.Data), func() error {
		_, err := encode.Latency(x, 25, 0.01)
		return err
	})
	moving := tensor.Of(x.Data, 64, 1, 784)
	run("Delta", len(x.Data), func() error {
		_, err := encode.Delta(moving, 0.1)
		return err
	})
	run("Population", 8*len(x.Data), func() error {
		_, err := encode.Population(x, 8, 0, 1)
		return err
	})
	mel, err := encode.NewMel(encode.Mel{Rate: 8000, Frame: 256, Hop: 80, Bands: 40, Low: 60})
	require.NoError(b, err)
	sound := kernels.Ordinary(8000)
	run("Mel", len(sound), func() error {
		mel.Energies(sound)
		return nil
	})
}

// BenchmarkLoad parses a model file of 250,000 weights, checks its sum, and
// packs the weights.
func BenchmarkLoad(b *testing.B) {
	g, err := forward.Sequential(tensor.Shape{700}, work.MLP(work.Sizes[1:]...)...)
	require.NoError(b, err)
	m, err := g.Init(1)
	require.NoError(b, err)
	data, err := model.Encode(m)
	require.NoError(b, err)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		_, err := model.Parse(data)
		require.NoError(b, err)
	}
}
