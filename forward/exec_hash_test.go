package forward_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/spikelane/spikelane/forward"
	"github.com/spikelane/spikelane/tensor"
)

// The hash of a sample that comes in blocks, of any size, is that of the whole.
func TestSampleHasher(t *testing.T) {
	spikes, numbers := tensor.NewSpikes(11, 1, 70), tensor.New(11, 1, 3)
	for step := range 11 {
		spikes.Set(step, 0, step*6)
		numbers.Data[step*3+step%3] = float32(step)
	}
	whole := forward.NewHasher()
	whole.Add(spikes, numbers, spikes)
	for _, size := range []int{1, 2, 5, 11} {
		sample := forward.NewSampleHasher()
		for at := 0; at < 11; at += size {
			n := min(size, 11-at)
			s := &tensor.Spikes{T: n, B: 1, Features: spikes.Features, Bits: spikes.Bits[at*2 : (at+n)*2]}
			sample.Add(s, tensor.Of(numbers.Data[at*3:(at+n)*3], n, 1, 3), s)
		}
		h := forward.NewHasher()
		h.AddSample(sample.Sum())
		require.Equal(t, whole.Sum(), h.Sum(), size)
	}
	require.NotEqual(t, whole.Sum(), forward.NewHasher().Sum())
}
